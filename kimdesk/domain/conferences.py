"""Case conferences: who is invited with which release, what is agreed, who does what by when.

Town level: the case manager invites; district level: the coordinating office invites and leads (concept of the
Ennepe-Ruhr-Kreis). A discussion with the foreigners or naturalisation authority is anonymous by default, because what
an authority learns it may have to pass on (§§ 87, 88 AufenthG).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from kimdesk.domain.checks import stripped
from kimdesk.domain.consents import consent_by_id, gap
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.network import Consent
from kimdesk.domain.records import new_id
from kimdesk.domain.work_vocabulary import Attendance, ConferenceKind, ConferenceLevel, ConferenceState
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.foundation.errors import N_

AUTHORITY_WARNING: Final = N_(
    "Was die Ausländerbehörde erfährt, muss sie unter Umständen weiterverwenden (§§ 87, 88 AufenthG). "
    "Besprechen Sie den Fall anonym, solange die Person nicht ausdrücklich etwas anderes will."
)
"""Shown before a discussion with an authority that is not anonymised (DOMAIN § 8)."""


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


def missing_releases(conference: Conference, consents: Iterable[Consent]) -> tuple[tuple[Invitee, str], ...]:
    """Return the invitees whose release is missing or does not hold, each with the reason as a German source text.

    A release names the organisation, or the person invited. An anonymised talk needs none.
    """
    if conference.anonymised:
        return ()
    known = tuple(consents)
    day = conference.at.astimezone(OFFICE_ZONE).date()
    found: list[tuple[Invitee, str]] = []
    for invitee in conference.invitees:
        consent = consent_by_id(known, invitee.consent_id)
        names = [name for name in (invitee.organisation, invitee.name) if name]
        gaps = [gap(consent, name, (), day) for name in names]
        reasons = [each.message for each in gaps if each is not None]
        if reasons and len(reasons) == len(gaps):
            found.append((invitee, reasons[0]))
    return tuple(found)


def checked_conference(
    conference: Conference, consents: Iterable[Consent], now: datetime, *, warning_read: bool = False
) -> Conference:
    """Return a conference ready to be stored, empty lines left out. Raises `RuleBroken` naming the field.

    Invitations go out, and a conference is held, only with a release for each participant.
    """
    conference = stripped(conference)
    conference = replace(
        conference,
        agenda=_lines(conference.agenda),
        agreements=_lines(conference.agreements),
        invitees=tuple(one for one in map(stripped, conference.invitees) if one.organisation or one.name),
        tasks=tuple(one for one in map(stripped, conference.tasks) if one.text),
    )
    if not conference.occasion:
        raise RuleBroken(N_("Bitte geben Sie an, worum es gehen soll."), field_name="occasion")
    if any(not one.organisation for one in conference.invitees):
        raise RuleBroken(N_("Bitte geben Sie bei jeder eingeladenen Person die Stelle an."), field_name="invitees")
    if conference.anonymised and conference.client_takes_part:
        conference = replace(conference, client_takes_part=False)
    match conference.state:
        case ConferenceState.PLANNED | ConferenceState.CANCELLED:
            return conference
        case ConferenceState.INVITED:
            if conference.invited_on is None:
                conference = replace(conference, invited_on=now.astimezone(OFFICE_ZONE).date())
        case ConferenceState.HELD:
            if conference.at > now:
                raise RuleBroken(
                    N_("Der Termin liegt noch vor Ihnen. Bitte prüfen Sie Datum oder Stand."), field_name="state"
                )
    if not conference.invitees:
        raise RuleBroken(N_("Bitte tragen Sie ein, wer eingeladen ist."), field_name="invitees")
    missing = missing_releases(conference, consents)
    if missing:
        raise RuleBroken(
            N_(
                "Für mindestens eine eingeladene Stelle fehlt eine gültige Schweigepflichtentbindung. "
                "Bitte holen Sie sie ein, laden Sie die Stelle aus oder besprechen Sie den Fall anonym."
            ),
            field_name="invitees",
        )
    if conference.kind is ConferenceKind.CASE_DISCUSSION and not conference.anonymised and not warning_read:
        raise RuleBroken(AUTHORITY_WARNING, field_name="anonymised")
    return conference


def _lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines if line.strip())
