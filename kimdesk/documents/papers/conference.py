"""Case conference: the invitation, and the minutes with who does what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import ClassVar

from kimdesk.documents import style
from kimdesk.documents.catalogue import CONFERENCE_INVITATION, CONFERENCE_MINUTES, DocumentKind
from kimdesk.documents.marks import H_, Day, Words, said
from kimdesk.documents.papers import common
from kimdesk.documents.papers.residence_info import contact_panel
from kimdesk.documents.sheet import Entry, LocalText, Sheet

_INVITATION = H_("Einladung zur Fallkonferenz")
_INVITATION_LEAD = H_(
    "Wir laden Sie zu einer Fallkonferenz ein. Dort sprechen alle Beteiligten gemeinsam über die nächsten Schritte."
)
_TOPIC = H_("Darum geht es")
_INVITED = H_("Eingeladen sind")
_AGENDA = H_("Ablauf")
_ONLY_RELEASED = H_(
    "Die Teilnahme der ratsuchenden Person ist freiwillig. Mit jeder Stelle wird nur über das gesprochen, was die "
    "ratsuchende Person für diese Stelle erlaubt hat."
)
_REPLY = H_("Bitte sagen Sie bis {date} Bescheid, ob Sie kommen.")
_NEEDS = H_("Brauchen Sie Sprachmittlung, Kinderbetreuung oder einen barrierefreien Raum? Bitte sagen Sie es uns.")
_MINUTES = H_("Protokoll der Fallkonferenz")
_PRESENT = H_("Teilgenommen haben")
_DISCUSSED = H_("Besprochen")
_AGREED = H_("Vereinbart")
_TASKS = H_("Aufgaben")
_TASK = H_("Aufgabe")
_NEXT_DATE = H_("Nächster Termin")
_CONFIDENTIAL = H_("Dieses Protokoll ist vertraulich. Es darf nur an die genannten Beteiligten gehen.")


@dataclass(frozen=True)
class ConferenceInvitation:
    """An invitation. `recipient` are the lines of an address; `participants` are offices, with names where released."""

    KIND: ClassVar[DocumentKind] = CONFERENCE_INVITATION
    recipient: str = ""
    held_on: date | None = None
    at: time | None = None
    place: str = ""
    topic: LocalText = field(default_factory=dict)
    participants: tuple[str, ...] = ()
    agenda: LocalText = field(default_factory=dict)
    reply_by: date | None = None
    contact: str = ""

    @property
    def heading(self) -> Words:
        return _INVITATION

    def write(self, sheet: Sheet) -> None:
        if self.recipient.strip():
            sheet.typed(self.recipient, 11, after=18)
        sheet.title(_INVITATION)
        sheet.lead(_INVITATION_LEAD)
        held = Day(self.held_on) if self.held_on else None
        sheet.fields(
            Entry(common.DATE, held, 1.4), Entry(common.TIME, self.at, 0.7), Entry(common.PLACE, self.place, 1.4)
        )
        sheet.fields(Entry(_TOPIC, self.topic or None, lines=2))
        sheet.fields(Entry(_INVITED, "\n".join(self.participants), lines=3))
        if any(self.agenda.values()):
            sheet.heading(_AGENDA)
            sheet.entered(self.agenda)
        sheet.text(_ONLY_RELEASED)
        sheet.text(_NEEDS)
        if self.reply_by is not None:
            sheet.text(said(_REPLY, date=self.reply_by), bold=True)
        contact_panel(sheet, self.contact)


@dataclass(frozen=True)
class ConferenceTask:
    """What somebody took on."""

    text: LocalText
    who: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class ConferenceMinutes:
    """The minutes of a conference."""

    KIND: ClassVar[DocumentKind] = CONFERENCE_MINUTES
    case_number: str = ""
    held_on: date | None = None
    place: str = ""
    participants: tuple[str, ...] = ()
    discussed: LocalText = field(default_factory=dict)
    agreed: LocalText = field(default_factory=dict)
    tasks: tuple[ConferenceTask, ...] = ()
    next_on: date | None = None

    @property
    def heading(self) -> Words:
        return _MINUTES

    def write(self, sheet: Sheet) -> None:
        sheet.title(_MINUTES)
        with sheet.panel(colour=style.AMBER, fill=style.AMBER_SOFT):
            sheet.text(_CONFIDENTIAL, after=0)
        sheet.fields(
            Entry(common.CASE_NUMBER, self.case_number),
            Entry(common.DATE, self.held_on),
            Entry(common.PLACE, self.place, 1.4),
        )
        sheet.fields(Entry(_PRESENT, "\n".join(self.participants), lines=3))
        sheet.fields(Entry(_DISCUSSED, self.discussed or None, lines=5))
        sheet.fields(Entry(_AGREED, self.agreed or None, lines=4))
        sheet.heading(_TASKS)
        rows = [[task.text, task.who, task.due_on] for task in self.tasks]
        sheet.table((_TASK, common.WHO, common.BY_WHEN), rows, (5, 2.6, 2.2), spare=0 if rows else 4)
        sheet.fields(Entry(_NEXT_DATE, self.next_on))
        sheet.signatures(common.PLACE_AND_DATE, common.OFFICE_SIGNATURE)
