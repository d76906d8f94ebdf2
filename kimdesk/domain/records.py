"""What a case file is made of, as frozen records.

A record is entity and view in one: storage keeps each in a table of the same shape, a screen
shows it, and a change is a new record with the same id handed to a service (decision 003).
Dates are dates of the office's zone, moments are aware UTC. Texts are as typed, stripped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from kimdesk.domain.vocabulary import (
    AccessLevel,
    AccessPath,
    Actor,
    ClosureReason,
    ContactKind,
    Gender,
    GoalLevel,
    GoalState,
    IntakeOutcome,
    LegalDomain,
    LifeArea,
    MeasureState,
    Phase,
    Place,
    ReassessmentTrigger,
    ReferralResult,
    Relation,
    ResidenceStatus,
    Urgency,
)
from kimdesk.domain.work_vocabulary import ReferralKind, SharedField


def new_id() -> UUID:
    """Return a random identifier, so that cases can move between laptops without clashing."""
    return uuid4()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of a household. Names stay as entered; `spoken_name` is a hint for saying them."""

    id: UUID = field(default_factory=new_id)
    given_name: str
    family_name: str
    spoken_name: str = ""
    date_of_birth: date | None = None
    gender: Gender | None = None
    nationality: str = ""
    languages: tuple[str, ...] = ()
    entered_germany_on: date | None = None
    residence_status: ResidenceStatus | None = None
    residence_expires_on: date | None = None
    phone: str = ""
    email: str = ""
    address: str = ""

    @property
    def name(self) -> str:
        """Return given and family name in the order they are written in German."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person's place in a case."""

    person: Person
    relation: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The case itself with access, intake, goal agreement and closure.

    `record_key` is the random key of the cell-key method; `revision` grows with every change to the file.
    `leads` is false once another laptop has taken the case over.
    """

    id: UUID = field(default_factory=new_id)
    number: str = ""
    commune: str = ""
    opened_on: date
    access_level: AccessLevel = AccessLevel.SELF
    access_path: AccessPath | None = None
    notifier: str = ""
    intake_on: date | None = None
    place: Place | None = None
    language: str = ""
    interpreter: str = ""
    concern: str = ""
    urgency: Urgency = Urgency.NORMAL
    existing_helpers: str = ""
    consent_on: date | None = None
    safe_contact: str = ""
    address_protected: bool = False
    outcome: IntakeOutcome | None = None
    agreed_on: date | None = None
    agreement_language: str = ""
    client_contribution: str = ""
    review_on: date | None = None
    closed_on: date | None = None
    closure_reason: ClosureReason | None = None
    closure_note: str = ""
    remaining_needs: str = ""
    client_feedback: str = ""
    delete_after: date | None = None
    leads: bool = True
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaEntry:
    """One life area in an assessment; `scale` runs from 1 (very difficult) to 5 (very good)."""

    life_area: LifeArea
    resources: str = ""
    situation: str = ""
    need: str = ""
    client_view: str = ""
    proof: str = ""
    urgency: Urgency | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An assessment, or a reassessment when it has a trigger."""

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    held_on: date
    trigger: ReassessmentTrigger | None = None
    note: str = ""
    entries: tuple[AreaEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal of the integration plan; `measured_by` and `due_on` make an outcome goal SMART."""

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    level: GoalLevel = GoalLevel.OUTCOME
    life_area: LifeArea | None = None
    text: str
    measured_by: str = ""
    due_on: date | None = None
    state: GoalState = GoalState.OPEN
    position: int = 0
    parent_id: UUID | None = None
    """The goal above it: a framework goal's guiding goal, an outcome goal's framework goal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A step towards a goal: who does what by when, with which offer, and what came of it."""

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    goal_id: UUID | None = None
    text: str
    actor: Actor = Actor.TOGETHER
    provider: str = ""
    offer_id: UUID | None = None
    legal_domain: LegalDomain | None = None
    due_on: date | None = None
    state: MeasureState = MeasureState.PLANNED
    requested_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    result: str = ""
    obstacle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A referral to another service, or the handover of the lead.

    `shared` are the fields its form carries; they need a matching release (`consent_id`). `release_basis` is what was
    written where no release is recorded.
    """

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    kind: ReferralKind = ReferralKind.REFERRAL
    receiver: str
    legal_domain: LegalDomain | None = None
    offer_id: UUID | None = None
    reason: str = ""
    release_basis: str = ""
    consent_id: UUID | None = None
    shared: tuple[SharedField, ...] = ()
    sent_on: date
    contact_person: str = ""
    appointment_on: date | None = None
    answer_due_on: date | None = None
    reminded_on: date | None = None
    result: ReferralResult = ReferralResult.SENT
    answered_on: date | None = None
    answer: str = ""
    we_stay_lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """An entry of the running record, which is mandatory in funded case management."""

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    at: datetime
    kind: ContactKind = ContactKind.CONVERSATION
    partner: str = ""
    text: str
    minutes: int | None = None
    interpreter: str = ""
    hidden_from_household: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A date on which something has to be looked at again (Wiedervorlage)."""

    id: UUID = field(default_factory=new_id)
    case_id: UUID | None = None
    due_on: date
    reason: str
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedPhase:
    """A phase left out on purpose, with the reason."""

    case_id: UUID
    phase: Phase
    reason: str
