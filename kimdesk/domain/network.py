"""Records of working together: who notified, who helps, who interprets, who may be told what, and the status history.

Frozen like those of `kimdesk.domain.records`. Each belongs to a case (`case_id`) or to a person (`person_id`); a
notification belongs to none until it is taken into a case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from kimdesk.domain.records import new_id
from kimdesk.domain.vocabulary import AccessPath, LegalDomain, ResidenceStatus, Urgency
from kimdesk.domain.work_vocabulary import (
    ChildProtectionStep,
    Complexity,
    ConsentForm,
    ConsentKind,
    DataCategory,
    HelperRole,
    InterpreterState,
    NotificationState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A case another service notifies (Fallmeldung, level 2).

    `released_on` is the day of the person's release towards the notifier, `released_categories` what may be answered.
    Without a release the answer may only say that the notification has arrived.
    """

    id: UUID = field(default_factory=new_id)
    case_id: UUID | None = None
    received_on: date
    notifier: str
    access_path: AccessPath | None = None
    contact_person: str = ""
    contact_details: str = ""
    given_name: str
    family_name: str = ""
    date_of_birth: date | None = None
    phone: str = ""
    language: str = ""
    commune: str = ""
    concern: str = ""
    complexity: tuple[Complexity, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    existing_helpers: str = ""
    person_knows: bool = False
    released_on: date | None = None
    released_categories: tuple[DataCategory, ...] = ()
    state: NotificationState = NotificationState.RECEIVED
    answer_due_on: date | None = None
    answered_on: date | None = None
    answer: str = ""

    @property
    def person_name(self) -> str:
        """Return the name of the person the notification is about."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidencePeriod:
    """What held from `valid_from` (None: since before it was recorded): a status and who pays the living.

    The newest period of a person is what `Person.residence_status` and `residence_expires_on` show. `legal_domain` is
    the domain of the benefits (SGB II, SGB XII, AsylbLG …): its change is a trigger of a reassessment.
    """

    id: UUID = field(default_factory=new_id)
    person_id: UUID
    valid_from: date | None = None
    residence_status: ResidenceStatus | None = None
    residence_expires_on: date | None = None
    legal_domain: LegalDomain | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """A person or service at work in the case; `division_of_labour` is the note against double funding."""

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    name: str
    role: HelperRole = HelperRole.COUNSELLING
    legal_domain: LegalDomain | None = None
    contact_person: str = ""
    phone: str = ""
    email: str = ""
    since: date | None = None
    until: date | None = None
    leads: bool = False
    division_of_labour: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpreterBooking:
    """An interpreter booked for an appointment; `minutes` is the time paid, filled in once the person came."""

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    at: datetime
    language: str
    name: str = ""
    service: str = ""
    occasion: str = ""
    state: InterpreterState = InterpreterState.BOOKED
    minutes: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent or a release from secrecy (§ 203 StGB): one per recipient, with purpose, data and expiry.

    It holds from `given_on` to `expires_on` (both included) unless withdrawn; a withdrawal works from its day on.
    `person_id` is who gave it, None for the client as such.
    """

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    person_id: UUID | None = None
    kind: ConsentKind = ConsentKind.RELEASE
    recipient: str = ""
    purpose: str = ""
    categories: tuple[DataCategory, ...] = ()
    given_on: date
    expires_on: date | None = None
    withdrawn_on: date | None = None
    form: ConsentForm = ConsentForm.WRITTEN
    language: str = ""
    interpreter: str = ""
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Return whether the consent holds on `day`."""
        if day < self.given_on or (self.expires_on is not None and day > self.expires_on):
            return False
        return self.withdrawn_on is None or day < self.withdrawn_on


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildProtectionNote:
    """A note on the path of § 8a SGB VIII. Never visible to household members, never part of another record."""

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    noted_on: date
    step: ChildProtectionStep
    text: str
    involved: str = ""
    decision: str = ""
    next_on: date | None = None
