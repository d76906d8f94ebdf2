"""What a user hands over in one go where it is more than one record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kimdesk.domain.records import Case, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationEntry:
    """A first consultation: the case with its intake fields, the household, and when to look at it again."""

    case: Case
    members: tuple[Member, ...]
    follow_up_on: date | None = None
    follow_up_reason: str = ""
