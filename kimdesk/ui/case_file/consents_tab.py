"""Freigaben: consents and releases from confidentiality, one per recipient, and their withdrawal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QWidget

from kimdesk.domain.deadlines import EXPIRY_NOTICE_DAYS, add_months
from kimdesk.domain.network import Consent
from kimdesk.domain.vocabulary import label
from kimdesk.domain.work_vocabulary import ConsentForm, ConsentKind, DataCategory
from kimdesk.i18n import _, isolate
from kimdesk.i18n.formats import short_date
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Values
from kimdesk.ui.case_file.listed import Kind, Listed, ListedTab, Shown, print_button, typed
from kimdesk.ui.case_file.words import language_entry, language_name, options
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.widgets import Button, ChoiceChips, ChoiceField, DateField, Field, TextArea, TextField

_FIELDS = (
    "recipient",
    "kind",
    "purpose",
    "categories",
    "person_id",
    "given_on",
    "expires_on",
    "form",
    "language",
    "interpreter",
    "note",
)
_USUAL_MONTHS = 12


class ConsentsTab(ListedTab):
    """What may be told to whom."""

    def __init__(self, desk: CaseDesk) -> None:
        self.desk = desk
        self._asked: UUID | None = None
        self.persons = ChoiceField([], empty=_("Klient/in"))
        self.consents = self._consents()
        super().__init__(desk, self.consents)

    def show_file(self) -> None:
        members = self.desk.the_file.members
        self.persons.set_options([(str(member.person.id), isolate(member.person.name)) for member in members])
        super().show_file()

    def _consents(self) -> Listed[Consent]:
        desk = self.desk
        listed = Listed(
            desk,
            Kind[Consent](
                name="consent",
                heading=_("Freigaben"),
                new=_("Freigabe hinzufügen"),
                edit=_("Freigabe ändern"),
                said=_("Die Freigabe ist gespeichert."),
                save=_("Freigabe speichern"),
                fields=_FIELDS,
                records=lambda file: file.work.consents,
                blank=self._blank,
                build=self._build,
                store=desk.cases.save_consent,
                show=self._shown,
                values=self._values,
                empty=(
                    Icon.SHIELD,
                    _("Noch keine Freigabe"),
                    _("Verweise und Fallkonferenzen brauchen je Stelle eine Schweigepflichtentbindung."),
                ),
                errors_at={"withdrawn_on": "given_on"},
            ),
        )
        form, grid, today = listed.form, listed.grid, desk.today
        grid.add(
            form.add(
                "recipient",
                Field(_("Gegenüber welcher Stelle"), TextField(), help=_("Eine Stelle je Freigabe.")),
            ),
            form.add("kind", Field(_("Art"), ChoiceField(options(ConsentKind), empty=None))),
        )
        grid.add(form.add("purpose", Field(_("Zweck"), TextArea(lines=2), required=True)), span=2)
        grid.add(
            form.add(
                "categories",
                Field(_("Welche Angaben"), ChoiceChips(options(DataCategory), several=True)),
            ),
            span=2,
        )
        grid.add(
            form.add("person_id", Field(_("Erteilt von"), self.persons)),
            form.add("form", Field(_("Form"), ChoiceField(options(ConsentForm), empty=None))),
            form.add("given_on", Field(_("Erteilt am"), DateField(today=today), required=True)),
            form.add("expires_on", Field(_("Gilt bis"), DateField(today=today), help=_("Leer: unbefristet."))),
            form.add("language", Field(_("Erklärt auf"), TextField(_("Sprache des Gesprächs")))),
            form.add("interpreter", Field(_("Sprachmittlung"), TextField())),
        )
        grid.add(form.add("note", Field(_("Notiz"), TextArea(lines=2))), span=2)
        return listed

    def _blank(self) -> Values:
        today = self.desk.today()
        case = self.desk.case
        return {
            **dict.fromkeys(_FIELDS, ""),
            "kind": ConsentKind.RELEASE,
            "categories": [],
            "person_id": None,
            "form": ConsentForm.WRITTEN,
            "given_on": today,
            "expires_on": add_months(today, _USUAL_MONTHS),
            "language": language_name(case.language) if case.language else "",
            "interpreter": case.interpreter,
        }

    def _values(self, consent: Consent) -> Values:
        return {
            **{name: getattr(consent, name) for name in _FIELDS},
            "categories": list(consent.categories),
            "person_id": str(consent.person_id) if consent.person_id else None,
            "language": language_name(consent.language) if consent.language else "",
        }

    def _build(self, values: Values, known: Consent | None) -> Consent:
        chosen = typed(values, _FIELDS)
        members = {str(member.person.id): member.person.id for member in self.desk.the_file.members}
        chosen["person_id"] = members.get(str(values["person_id"]))
        chosen["categories"] = tuple(DataCategory(value) for value in values["categories"] or ())
        chosen["language"] = language_entry(values["language"]) if values["language"] else ""
        return replace(known, **chosen) if known else Consent(case_id=self.desk.case.id, **chosen)

    def _shown(self, consent: Consent) -> Shown:
        today = self.desk.today()
        state, meaning = consent_state(consent, today)
        actions: list[QWidget] = []
        if consent.kind is ConsentKind.RELEASE:
            actions.append(print_button(self.desk, _("Schweigepflichtentbindung drucken"), "release", consent.id))
        if consent.withdrawn_on is None and self._asked != consent.id:
            actions.append(Button(_("Widerruf …"), "quiet", on_click=partial(self._ask, consent.id)))
        elif consent.withdrawn_on is None:
            word = _("Freigabe für {name} widerrufen").format(name=isolate(consent.recipient or consent.purpose))
            actions.append(Button(_("Abbrechen"), "quiet", on_click=partial(self._ask, None)))
            actions.append(Button(word, "danger", on_click=partial(self.withdraw, consent)))
        return Shown(
            title=consent.recipient or _(label(consent.kind)),
            lines=[
                (consent.purpose, None),
                (", ".join(_(label(category)) for category in consent.categories), None),
                (
                    _("{kind}, {form}, erteilt am {day}").format(
                        kind=_(label(consent.kind)), form=_(label(consent.form)), day=short_date(consent.given_on)
                    ),
                    None,
                ),
            ],
            badges=[(state, meaning)],
            actions=actions,
        )

    def _ask(self, consent_id: UUID | None) -> None:
        self._asked = consent_id
        self.consents.show_list()

    def withdraw(self, consent: Consent) -> None:
        """Note the withdrawal as of today. It cannot be taken back: consent given again is a new record."""
        desk, today = self.desk, self.desk.today()
        self._asked = None
        resting = [one for one in desk.the_file.referrals if one.consent_id == consent.id and one.shared]
        said = _("Der Widerruf ist festgehalten. An diese Stelle darf nichts mehr weitergegeben werden.")
        if resting:
            said += " " + _("Bitten Sie die Stelle, die Daten aus dem Fallverweis zu löschen.")
        desk.jobs.write(
            lambda: desk.cases.withdraw_consent(consent.id, today),
            lambda _done: desk.messages.good(said),
            owner=self,
            touches={"cases", "follow_ups"},
        )


def consent_state(consent: Consent, today: date) -> tuple[str, Meaning | None]:
    """Return in words whether a consent holds."""
    if consent.withdrawn_on is not None:
        return _("widerrufen am {day}").format(day=short_date(consent.withdrawn_on)), Meaning.DANGER
    if consent.expires_on is None:
        return _("gilt unbefristet"), Meaning.GOOD
    if consent.expires_on < today:
        return _("abgelaufen am {day}").format(day=short_date(consent.expires_on)), Meaning.DANGER
    soon = consent.expires_on - today < timedelta(days=EXPIRY_NOTICE_DAYS)
    until = _("gilt bis {day}").format(day=short_date(consent.expires_on))
    return until, Meaning.ATTENTION if soon else Meaning.GOOD
