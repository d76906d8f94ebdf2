"""Structural issues and offer gaps: where the system, not the client, is the problem.

They climb a ladder (concept of the Ennepe-Ruhr-Kreis) and hold no personal data; cases are linked, never named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from kimdesk.domain.records import new_id
from kimdesk.domain.vocabulary import LegalDomain, LifeArea, Urgency
from kimdesk.domain.work_vocabulary import IssueKind, IssueState, Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStep:
    """One move of an issue: when, to which rung, with which result."""

    id: UUID = field(default_factory=new_id)
    moved_on: date
    rung: Rung
    state: IssueState = IssueState.OPEN
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralIssue:
    """A structural issue with its way up the ladder. `case_ids` are the cases it was seen in."""

    id: UUID = field(default_factory=new_id)
    kind: IssueKind = IssueKind.PROCEDURE
    title: str
    description: str = ""
    proposal: str = ""
    life_area: LifeArea | None = None
    legal_domain: LegalDomain | None = None
    commune: str = ""
    urgency: Urgency = Urgency.NORMAL
    noticed_on: date
    rung: Rung = Rung.COLLECTED
    state: IssueState = IssueState.OPEN
    review_on: date | None = None
    steps: tuple[IssueStep, ...] = ()
    case_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRelease:
    """A text of an issue that the user saw and let go to the coordinating office, word for word."""

    id: UUID = field(default_factory=new_id)
    issue_id: UUID
    seen_at: datetime
    text: str
    sent_at: datetime | None = None
