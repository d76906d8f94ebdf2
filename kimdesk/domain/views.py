"""Frozen views: what a screen shows, filled by one query, never a row of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from kimdesk.domain.case_work import CaseWork
from kimdesk.domain.phases import CaseFacts, PhaseState
from kimdesk.domain.records import Assessment, Case, Contact, FollowUp, Goal, Measure, Member, Referral
from kimdesk.domain.vocabulary import Phase, ResidenceStatus, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases a list shows: words of names or the number, phase, commune (AGS), open or closed, language code."""

    text: str = ""
    phase: Phase | None = None
    commune: str | None = None
    status: Literal["open", "closed", "all"] = "open"
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A row of the case list. `due_on` is the earliest open follow-up or deadline."""

    id: UUID
    number: str
    persons: tuple[str, ...]
    commune: str
    commune_name: str
    phase: Phase
    phases: tuple[PhaseState, ...]
    next_step: str
    due_on: date | None
    urgency: Urgency
    languages: tuple[str, ...]
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """What a list of cases behind a figure shows of one: its number, the client's name, its days."""

    case_id: UUID
    number: str
    client: str
    opened_on: date
    closed_on: date | None


class TimelineKind(StrEnum):
    """What an entry of the timeline is about."""

    ACCESS = "access"
    INTAKE = "intake"
    ASSESSMENT = "assessment"
    AGREEMENT = "agreement"
    REFERRAL = "referral"
    CONTACT = "contact"
    CLOSURE = "closure"
    NOTIFICATION = "notification"
    STATUS = "status"
    CONSENT = "consent"
    HELPER = "helper"
    INTERPRETER = "interpreter"
    CONFERENCE = "conference"
    ISSUE = "issue"
    CHECKLIST = "checklist"
    CHILD_PROTECTION = "child_protection"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One entry of the timeline; `title` is a German source text, `text` is as typed.

    `words` are terms of the word lists that belong before the text. `hidden` entries are not for the eyes of household
    members.
    """

    at: date
    kind: TimelineKind
    title: str
    text: str = ""
    record_id: UUID | None = None
    words: tuple[StrEnum, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A whole case file for the screen, in the order a reader needs it."""

    case: Case
    commune_name: str
    members: tuple[Member, ...]
    facts: CaseFacts
    phases: tuple[PhaseState, ...]
    next_step: str
    assessments: tuple[Assessment, ...]
    goals: tuple[Goal, ...]
    measures: tuple[Measure, ...]
    referrals: tuple[Referral, ...]
    contacts: tuple[Contact, ...]
    follow_ups: tuple[FollowUp, ...]
    timeline: tuple[TimelineItem, ...]
    remembered_offers: tuple[UUID, ...] = ()
    work: CaseWork = CaseWork()

    @property
    def client(self) -> Member | None:
        """Return the member the case is about: the first one marked as client."""
        clients = [member for member in self.members if member.relation.value == "client"]
        return clients[0] if clients else (self.members[0] if self.members else None)


class DueKind(StrEnum):
    """Where a date on the home screen comes from."""

    FOLLOW_UP = "follow_up"
    RESIDENCE_EXPIRY = "residence_expiry"
    REFERRAL_ANSWER = "referral_answer"
    REASSESSMENT = "reassessment"
    REVIEW = "review"
    MEASURE = "measure"
    NOTIFICATION = "notification"
    CONFERENCE = "conference"
    INTERPRETER = "interpreter"
    CHILD_PROTECTION = "child_protection"
    ISSUE = "issue"
    CONSENT_EXPIRY = "consent_expiry"
    OPPORTUNITY_END = "opportunity_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueItem:
    """A date on the home screen. `record_id` is the follow-up's id for `FOLLOW_UP`, so that it can be ticked off.

    `text` is as typed: a follow-up's reason, a referral's receiver, the name of the person whose title expires
    (`residence_status` says which), empty for a reassessment or review.
    """

    kind: DueKind
    due_on: date
    case_id: UUID | None
    case_number: str
    client: str
    text: str
    record_id: UUID | None = None
    residence_status: ResidenceStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """The home screen: follow-ups in three columns and the deadlines that come by themselves."""

    today: date
    overdue: tuple[DueItem, ...]
    due_today: tuple[DueItem, ...]
    this_week: tuple[DueItem, ...]
    expiring: tuple[DueItem, ...]
    waiting: tuple[DueItem, ...]
    reassessments: tuple[DueItem, ...]
    open_cases: int
    last_backup_at: datetime | None = None
