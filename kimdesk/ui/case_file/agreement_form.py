"""The goal agreement: when it was made, in which language, what the client contributes, when it is reviewed."""

from __future__ import annotations

from uuid import UUID

from kimdesk.domain.deadlines import add_months
from kimdesk.domain.vocabulary import Phase
from kimdesk.i18n import _
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.plan_versions import PlanVersions
from kimdesk.ui.case_file.skip_box import SkipBox
from kimdesk.ui.case_file.words import language_entry, language_name
from kimdesk.ui.widgets import DateField, Field, FormGrid, SectionCard, TextArea, TextField


class AgreementForm:
    """`card` holds form and the way to leave the agreement out."""

    def __init__(self, desk: CaseDesk) -> None:
        self._desk = desk
        self.entry = Entry(
            desk,
            "agreement",
            self._make,
            said=_("Die Zielvereinbarung ist gespeichert."),
            save_word=_("Vereinbarung speichern"),
        )
        form = self.entry.form
        self.agreed_on = DateField(today=desk.today)
        grid = FormGrid(2)
        grid.add(
            form.add("agreed_on", Field(_("Vereinbart am"), self.agreed_on, required=True)),
            form.add("review_on", Field(_("Gemeinsam ansehen am"), DateField(today=desk.today))),
        )
        grid.add(form.add("language", Field(_("Sprache der Vereinbarung"), TextField())), span=2)
        grid.add(
            form.add(
                "client_contribution",
                Field(_("Beitrag der Klientin/des Klienten"), TextArea(_("Was übernimmt die Person selbst?"), lines=3)),
            ),
            span=2,
        )
        grid.add(
            form.add("signed_by_client_on", Field(_("Unterschrieben: Klient/in am"), DateField(today=desk.today))),
            form.add(
                "signed_by_case_manager_on", Field(_("Unterschrieben: Fallmanagement am"), DateField(today=desk.today))
            ),
        )
        grid.add(
            form.add(
                "signature_note",
                Field(
                    _("Notiz zur Unterschrift"),
                    TextField(_("z. B. mündlich zugestimmt, Grund")),
                    help=_("Ein anderes Datum der Vereinbarung legt eine neue Fassung an. Frühere Fassungen bleiben."),
                ),
            ),
            span=2,
        )
        self.versions = PlanVersions(desk)
        self.skip = SkipBox(
            desk, Phase.AGREEMENT, _("Arbeiten Sie ohne Zielvereinbarung? Dann geben Sie hier den Grund an.")
        )
        self.card = SectionCard(_("Zielvereinbarung"))
        self.card.add(grid)
        self.card.add(self.versions)
        self.card.add(self.skip)

    def show_file(self) -> None:
        """Show the agreement as it is stored; a new one proposes the intake's language and a review in 6 months."""
        case = self._desk.case
        language = case.agreement_language or case.language
        today = self._desk.today()
        versions = self._desk.the_file.work.plan_versions
        latest = versions[0] if versions else None
        values: Values = {
            "agreed_on": case.agreed_on,
            "review_on": case.review_on or (None if case.agreed_on else add_months(today, 6)),
            "language": language_name(language) if language else "",
            "client_contribution": case.client_contribution,
            "signed_by_client_on": latest.signed_by_client_on if latest else None,
            "signed_by_case_manager_on": latest.signed_by_case_manager_on if latest else None,
            "signature_note": latest.signature_note if latest else "",
        }
        self.versions.show_file()
        self.entry.open(case.id, values)
        self.entry.set_enabled(self._desk.is_open)
        self.skip.show_file()

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        case_id = self._desk.case.id
        language = language_entry(values["language"]) if values["language"] else ""
        return lambda: self._desk.cases.agree_goals(
            case_id,
            values["agreed_on"],
            language,
            values["client_contribution"],
            values["review_on"],
            values["signed_by_client_on"],
            values["signed_by_case_manager_on"],
            values["signature_note"],
        )
