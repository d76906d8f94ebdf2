"""What another page asks of the board of structural issues."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kimdesk.domain.vocabulary import LifeArea
from kimdesk.domain.work_vocabulary import IssueKind


@dataclass(frozen=True, slots=True)
class IssueRequest:
    """Open an issue (`issue_id`), or begin one seen in a case."""

    issue_id: UUID | None = None
    case_id: UUID | None = None
    kind: IssueKind | None = None
    life_area: LifeArea | None = None
    commune: str = ""
