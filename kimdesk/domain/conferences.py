"""Case conferences: who is invited with which release, what is agreed, who does what by when.

Town level: the case manager invites; district level: the coordinating office invites and leads (concept of the
Ennepe-Ruhr-Kreis). A discussion with the foreigners or naturalisation authority is anonymous by default, because what
an authority learns it may have to pass on (§§ 87, 88 AufenthG).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from kimdesk.domain.records import new_id
from kimdesk.domain.work_vocabulary import Attendance, ConferenceKind, ConferenceLevel, ConferenceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Who is invited. `consent_id` names the release this invitation rests on; an anonymised talk needs none."""

    id: UUID = field(default_factory=new_id)
    organisation: str
    name: str = ""
    email: str = ""
    consent_id: UUID | None = None
    attendance: Attendance = Attendance.INVITED


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceTask:
    """Who does what by when. A task with a date has a follow-up of its own (`follow_up_id`)."""

    id: UUID = field(default_factory=new_id)
    text: str
    responsible: str = ""
    due_on: date | None = None
    follow_up_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference:
    """A conference about one case, from its invitation to its minutes."""

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    kind: ConferenceKind = ConferenceKind.CASE_CONFERENCE
    level: ConferenceLevel = ConferenceLevel.TOWN
    at: datetime
    place: str = ""
    led_by: str = ""
    occasion: str = ""
    anonymised: bool = False
    client_takes_part: bool = True
    interpreter: str = ""
    agenda: tuple[str, ...] = ()
    invited_on: date | None = None
    state: ConferenceState = ConferenceState.PLANNED
    invitees: tuple[Invitee, ...] = ()
    minutes: str = ""
    agreements: tuple[str, ...] = ()
    tasks: tuple[ConferenceTask, ...] = ()
