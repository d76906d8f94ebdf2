"""Erstberatung: how the case came in, what it is about, what came of the first consultation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt

from kimdesk.domain.vocabulary import (
    AccessLevel,
    AccessPath,
    IntakeOutcome,
    Phase,
    Place,
    Urgency,
)
from kimdesk.i18n import _
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.tab import CaseTab, FormPane
from kimdesk.ui.case_file.words import language_entry, language_name, options
from kimdesk.ui.widgets import (
    CheckField,
    ChoiceField,
    DateField,
    Field,
    FormGrid,
    SectionCard,
    TextArea,
    TextField,
)

_FIELDS = (
    "intake_on",
    "place",
    "interpreter",
    "access_level",
    "access_path",
    "notifier",
    "commune",
    "concern",
    "existing_helpers",
    "consent_on",
    "outcome",
    "urgency",
    "safe_contact",
    "address_protected",
)


class IntakeTab(CaseTab):
    """Access and intake in one form of one screen."""

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__(desk)
        self.intake = Entry(desk, "intake", self._make, said=_("Die Erstberatung ist gespeichert."))
        self.entries = [self.intake]
        form, today = self.intake.form, desk.today
        self.day = DateField(today=today)
        self.commune: ChoiceField = ChoiceField()
        self.level = ChoiceField(options(AccessLevel), empty=None)
        self.outcome = ChoiceField(options(IntakeOutcome))
        grid = FormGrid(4)
        grid.add(
            form.add("intake_on", Field(_("Datum"), self.day)),
            form.add("place", Field(_("Ort der Beratung"), ChoiceField(options(Place), empty=_("ohne Angabe")))),
            form.add("language", Field(_("Sprache des Gesprächs"), TextField(_("z. B. Arabisch")))),
            form.add("interpreter", Field(_("Sprachmittlung"), TextField(_("Name oder Dienst")))),
            form.add("access_level", Field(_("Ebene des Zugangs"), self.level)),
            form.add("access_path", Field(_("Zugangsweg"), ChoiceField(options(AccessPath), empty=_("ohne Angabe")))),
            form.add("notifier", Field(_("Meldende Stelle"), TextField(_("nur bei Fallmeldung")))),
            form.add("commune", Field(_("Kommune"), self.commune)),
        )
        grid.add(
            form.add(
                "concern", Field(_("Anliegen"), TextArea(_("Mit den Worten der Person, ohne Diagnosen."), lines=3))
            ),
            form.add(
                "existing_helpers",
                Field(_("Wer hilft schon?"), TextArea(_("Stellen, Vertrauenspersonen, Ehrenamtliche"), lines=3)),
            ),
            span=2,
        )
        grid.add(form.add("consent_on", Field(_("Einwilligung erteilt am"), DateField(today=today))))
        grid.add(form.add("outcome", Field(_("Ergebnis der Erstberatung"), self.outcome)), span=2)
        grid.add(form.add("urgency", Field(_("Dringlichkeit"), ChoiceField(options(Urgency), empty=None))))
        grid.add(
            form.add(
                "safe_contact",
                Field(_("Sicherer Kontaktweg"), TextField(_("z. B. nur per SMS, nicht vor 16 Uhr anrufen"))),
            ),
            form.add("address_protected", Field(_("Schutz"), CheckField(_("Anschrift geschützt (Auskunftssperre)")))),
            span=2,
        )
        card = SectionCard(_("Zugang und Erstberatung"))
        card.add(grid)
        self.pane = FormPane()
        self.pane.add("intake", card, self.intake.foot)
        self.column.addWidget(self.pane)
        self.level.changed.connect(self._show_notifier)

    def _show_notifier(self) -> None:
        self.intake.form["notifier"].setEnabled(self.level.value() == AccessLevel.NOTIFIED)

    def show_file(self) -> None:
        case = self.desk.case
        communes = list(self.desk.around.communes)
        if case.commune and case.commune not in dict(communes):
            communes.append((case.commune, self.desk.the_file.commune_name or case.commune))
        self.commune.set_options(communes)
        values: Values = {name: getattr(case, name) for name in _FIELDS}
        values["language"] = language_name(case.language)
        self.intake.open(case.id, values)
        self._show_notifier()
        self.intake.set_enabled(self.desk.is_open)

    def open_phase(self, phase: Phase) -> None:
        editor = self.level if phase is Phase.ACCESS else self.day
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        typed: dict[str, Any] = {
            **values,
            "commune": values["commune"] or "",
            "language": language_entry(values["language"]) if values["language"] else "",
        }
        if typed["access_level"] is not AccessLevel.NOTIFIED:
            typed["notifier"] = ""
        case = replace(self.desk.case, **typed)
        return lambda: self.desk.cases.save_case(case)
