"""Everything of a case file that is not its course: who is involved, what is permitted, agreed and checked."""

from __future__ import annotations

from dataclasses import dataclass

from kimdesk.domain.checklists import Checklist
from kimdesk.domain.conferences import Conference
from kimdesk.domain.issues import StructuralIssue
from kimdesk.domain.network import (
    ChildProtectionNote,
    Consent,
    Helper,
    InterpreterBooking,
    Notification,
    ResidencePeriod,
)
from kimdesk.domain.plan_versions import PlanVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWork:
    """The records around one case, each list in the order a reader needs it.

    Newest first: notifications, bookings, consents, notes, conferences, plan versions. Status histories and helpers
    run from the oldest to the newest.
    """

    notifications: tuple[Notification, ...] = ()
    residence_periods: tuple[ResidencePeriod, ...] = ()
    helpers: tuple[Helper, ...] = ()
    interpreter_bookings: tuple[InterpreterBooking, ...] = ()
    consents: tuple[Consent, ...] = ()
    child_protection_notes: tuple[ChildProtectionNote, ...] = ()
    conferences: tuple[Conference, ...] = ()
    issues: tuple[StructuralIssue, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    plan_versions: tuple[PlanVersion, ...] = ()
