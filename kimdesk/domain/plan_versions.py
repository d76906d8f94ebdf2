"""Versions of the plan: what was agreed on a day stays readable when the plan has gone on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kimdesk.domain.records import Goal, Measure, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersion:
    """The plan as it was agreed: goals and measures of that day, language and signatures.

    A signature that was refused or is still missing has no day; `signature_note` says why.
    """

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    number: int = 1
    agreed_on: date
    language: str = ""
    client_contribution: str = ""
    review_on: date | None = None
    signed_by_client_on: date | None = None
    signed_by_case_manager_on: date | None = None
    signature_note: str = ""
    goals: tuple[Goal, ...] = ()
    measures: tuple[Measure, ...] = ()
