"""What another page may ask a case file to begin."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Begin(StrEnum):
    """The form to open."""

    REFERRAL = "referral"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRequest:
    """Open a case and begin a referral or a measure with an offer of the directory."""

    case_id: UUID
    begin: Begin
    offer_id: UUID
    title: str
    provider: str
