"""Konferenzen: who is invited with which release, what is agreed, which tasks follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from kimdesk.domain.conferences import AUTHORITY_WARNING, Conference, ConferenceTask, Invitee, missing_releases
from kimdesk.domain.records import new_id
from kimdesk.domain.vocabulary import label
from kimdesk.domain.work_vocabulary import (
    Attendance,
    ConferenceKind,
    ConferenceLevel,
    ConferenceState,
    ConsentKind,
)
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.i18n import _, isolate, ngettext
from kimdesk.i18n.formats import moment, short_date
from kimdesk.ui.case_file.consents_tab import consent_state
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Values
from kimdesk.ui.case_file.listed import Kind, Listed, ListedTab, Shown, print_button, typed
from kimdesk.ui.case_file.time_field import TimeField
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.widgets import (
    Banner,
    CheckField,
    ChoiceField,
    DateField,
    Editor,
    Field,
    RowPart,
    RowsField,
    TextArea,
    TextField,
)

_PLAIN = (
    "kind",
    "level",
    "place",
    "led_by",
    "occasion",
    "anonymised",
    "client_takes_part",
    "interpreter",
    "state",
    "minutes",
)
_STATE_MEANING: dict[ConferenceState, Meaning | None] = {
    ConferenceState.PLANNED: None,
    ConferenceState.INVITED: Meaning.INFO,
    ConferenceState.HELD: Meaning.GOOD,
    ConferenceState.CANCELLED: None,
}
_NINE = time(9, 0)


class ConferencesTab(ListedTab):
    """Conferences, help plan meetings and discussions with authorities."""

    def __init__(self, desk: CaseDesk) -> None:
        self.desk = desk
        self.kind = ChoiceField(options(ConferenceKind), empty=None)
        self.anonymised = CheckField(_("Anonym besprechen (ohne Namen und Geburtsdatum)"))
        self.warning_read = CheckField(_("Gelesen: Die Person will ausdrücklich, dass ihr Name genannt wird"))
        self.invitees = RowsField(
            [
                RowPart("organisation", _("Stelle"), lambda: TextField(_("Stelle"))),
                RowPart("name", _("Person"), lambda: TextField(_("Person"))),
                RowPart("consent_id", _("Schweigepflichtentbindung"), self._release_field, counts=False),
                RowPart("attendance", _("Stand"), lambda: ChoiceField(options(Attendance), empty=None), counts=False),
                RowPart("email", _("E-Mail"), lambda: TextField(_("E-Mail")), 2),
            ],
            _("Stelle einladen"),
        )
        self.tasks = RowsField(
            [
                RowPart("text", _("Was ist zu tun?"), lambda: TextField(_("Was ist zu tun?")), 2),
                RowPart("responsible", _("Wer"), lambda: TextField(_("Wer"))),
                RowPart("due_on", _("Bis wann"), lambda: DateField(today=desk.today)),
            ],
            _("Aufgabe hinzufügen"),
        )
        self.warning = Banner(_(AUTHORITY_WARNING), Meaning.ATTENTION, title=_("Vorsicht bei der Ausländerbehörde"))
        self._warning_was_read = False
        self.conferences = self._conferences()
        super().__init__(desk, self.conferences, shares=(4, 7))
        self.kind.combo.activated.connect(lambda _index: self._kind_chosen())
        self.kind.changed.connect(self._show_warning)
        self.anonymised.changed.connect(self._show_warning)
        self._show_warning()

    def _release_field(self) -> Editor:
        return ChoiceField(self._releases(), empty=_("keine Entbindung"))

    def _releases(self) -> list[tuple[str, str]]:
        """Return the releases of the case, each with its recipient and state."""
        if self.desk.file is None:
            return []
        today = self.desk.today()
        return [
            (str(one.id), f"{isolate(one.recipient)} · {consent_state(one, today)[0]}")
            for one in self.desk.file.work.consents
            if one.kind is ConsentKind.RELEASE
        ]

    def show_file(self) -> None:
        for line in self.invitees.rows:
            field = line.editors["consent_id"]
            if isinstance(field, ChoiceField):
                field.set_options(self._releases())
        super().show_file()

    def _kind_chosen(self) -> None:
        """A discussion with an authority is anonymous unless somebody decides otherwise."""
        if self.kind.value() == ConferenceKind.CASE_DISCUSSION:
            self.anonymised.set_value(True)

    def _show_warning(self) -> None:
        shown = self.kind.value() == ConferenceKind.CASE_DISCUSSION
        self.warning.setVisible(shown)
        self.conferences.form["warning_read"].setVisible(shown and not self.anonymised.value())

    def _conferences(self) -> Listed[Conference]:
        desk = self.desk
        listed = Listed(
            desk,
            Kind[Conference](
                name="conference",
                heading=_("Konferenzen"),
                new=_("Konferenz planen"),
                edit=_("Konferenz bearbeiten"),
                said=_("Die Konferenz ist gespeichert."),
                save=_("Konferenz speichern"),
                fields=("occasion",),
                records=lambda file: file.work.conferences,
                blank=self._blank,
                build=self._build,
                store=self._store,
                show=self._shown,
                values=self._values,
                empty=(
                    Icon.PEOPLE,
                    _("Noch keine Fallkonferenz"),
                    _(
                        "Laden Sie die Stellen ein, die an einem Tisch sitzen müssen. "
                        "Je Stelle braucht es eine Freigabe."
                    ),
                ),
                errors_at={"at": "day"},
            ),
        )
        self._lay_out(listed)
        return listed

    def _lay_out(self, listed: Listed[Conference]) -> None:
        form, grid, today = listed.form, listed.grid, self.desk.today
        grid.add(form.add("occasion", Field(_("Worum geht es?"), TextField(), required=True)), span=2)
        grid.add(
            form.add("kind", Field(_("Art"), self.kind)),
            form.add("level", Field(_("Ebene"), ChoiceField(options(ConferenceLevel), empty=None))),
            form.add("day", Field(_("Datum"), DateField(today=today), required=True)),
            form.add("time", Field(_("Uhrzeit"), TimeField())),
            form.add("place", Field(_("Ort"), TextField())),
            form.add("led_by", Field(_("Leitung"), TextField())),
            form.add("state", Field(_("Stand"), ChoiceField(options(ConferenceState), empty=None))),
            form.add("interpreter", Field(_("Sprachmittlung"), TextField())),
        )
        grid.add(self.warning, span=2)
        grid.add(
            form.add("anonymised", Field("", self.anonymised)),
            form.add("warning_read", Field("", self.warning_read)),
            form.add("client_takes_part", Field("", CheckField(_("Klient/in nimmt teil")))),
            form.add("invitees", Field(_("Eingeladen"), self.invitees)),
            form.add("agenda", Field(_("Tagesordnung"), TextArea(_("ein Punkt je Zeile"), lines=3))),
            form.add("agreements", Field(_("Vereinbarungen"), TextArea(_("eine je Zeile"), lines=3))),
            form.add(
                "tasks",
                Field(_("Aufgaben"), self.tasks, help=_("Eine Aufgabe mit Datum wird zur Wiedervorlage.")),
            ),
            form.add("minutes", Field(_("Protokoll"), TextArea(lines=4))),
            span=2,
        )

    def _blank(self) -> Values:
        return {
            **dict.fromkeys(_PLAIN, ""),
            "kind": ConferenceKind.CASE_CONFERENCE,
            "level": ConferenceLevel.TOWN,
            "state": ConferenceState.PLANNED,
            "anonymised": False,
            "client_takes_part": True,
            "warning_read": False,
            "interpreter": self.desk.case.interpreter,
            "day": None,
            "time": None,
            "agenda": "",
            "agreements": "",
            "invitees": [],
            "tasks": [],
        }

    @staticmethod
    def _values(conference: Conference) -> Values:
        local = conference.at.astimezone(OFFICE_ZONE)
        return {
            **{name: getattr(conference, name) for name in _PLAIN},
            "warning_read": False,
            "day": local.date(),
            "time": local.time(),
            "agenda": "\n".join(conference.agenda),
            "agreements": "\n".join(conference.agreements),
            "invitees": [
                {
                    "id": one.id,
                    "organisation": one.organisation,
                    "name": one.name,
                    "email": one.email,
                    "consent_id": str(one.consent_id) if one.consent_id else None,
                    "attendance": one.attendance,
                }
                for one in conference.invitees
            ],
            "tasks": [
                {
                    "id": one.id,
                    "follow_up_id": one.follow_up_id,
                    "text": one.text,
                    "responsible": one.responsible,
                    "due_on": one.due_on,
                }
                for one in conference.tasks
            ],
        }

    def _build(self, values: Values, known: Conference | None) -> Conference:
        self._warning_was_read = bool(values["warning_read"])
        chosen = typed(values, _PLAIN)
        chosen.update(
            at=datetime.combine(values["day"], values["time"] or _NINE, OFFICE_ZONE),
            agenda=tuple(values["agenda"].splitlines()),
            agreements=tuple(values["agreements"].splitlines()),
            invitees=tuple(_invitee(one) for one in values["invitees"]),
            tasks=tuple(_task(one) for one in values["tasks"]),
        )
        return replace(known, **chosen) if known else Conference(case_id=self.desk.case.id, **chosen)

    def _store(self, conference: Conference) -> object:
        return self.desk.cases.save_conference(conference, warning_read=self._warning_was_read)

    def _shown(self, conference: Conference) -> Shown:
        missing = missing_releases(conference, self.desk.the_file.work.consents)
        guests = ", ".join(isolate(one.organisation) for one in conference.invitees)
        count = len(conference.tasks)
        badges: list[tuple[str, Meaning | None]] = [(_(label(conference.state)), _STATE_MEANING[conference.state])]
        if conference.anonymised:
            badges.append((_("anonym"), Meaning.INFO))
        planned = conference.state in (ConferenceState.PLANNED, ConferenceState.INVITED)
        return Shown(
            title=conference.occasion,
            lines=[
                (" · ".join(part for part in (_(label(conference.kind)), moment(conference.at)) if part), None),
                (conference.place, None),
                (_("Eingeladen: {names}").format(names=guests) if guests else "", None),
                (
                    _("Entbindung fehlt: {names}").format(
                        names=", ".join(isolate(guest.organisation) for guest, _why in missing)
                    )
                    if missing and planned
                    else "",
                    Meaning.ATTENTION,
                ),
                (
                    _("eingeladen am {day}").format(day=short_date(conference.invited_on))
                    if conference.invited_on
                    else "",
                    None,
                ),
                (ngettext("{n} Aufgabe", "{n} Aufgaben", count).format(n=count) if count else "", None),
            ],
            badges=badges,
            actions=(
                print_button(self.desk, _("Einladung drucken"), "conference-invitation", conference.id)
                if planned
                else print_button(self.desk, _("Protokoll drucken"), "conference-minutes", conference.id),
            ),
        )


def _invitee(values: dict[str, Any]) -> Invitee:
    consent_id = values.get("consent_id")
    return Invitee(
        id=_id(values.get("id")) or new_id(),
        organisation=values["organisation"],
        name=values["name"],
        email=values["email"],
        consent_id=UUID(consent_id) if consent_id else None,
        attendance=Attendance(values["attendance"] or Attendance.INVITED),
    )


def _task(values: dict[str, Any]) -> ConferenceTask:
    return ConferenceTask(
        id=_id(values.get("id")) or new_id(),
        text=values["text"],
        responsible=values["responsible"],
        due_on=values["due_on"],
        follow_up_id=_id(values.get("follow_up_id")),
    )


def _id(kept: object) -> UUID | None:
    """Return an id a row was given; a draft keeps it as text."""
    if isinstance(kept, UUID):
        return kept
    return UUID(kept) if isinstance(kept, str) and kept not in ("", "None") else None
