"""Which year a case belongs to and how it stands in it: one definition for exact figures and for the release."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from kimdesk.domain.vocabulary import ClosureReason
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.reporting.counts import CaseCounts


class QuarterNotOver(KnownError):
    """A release is made at the end of a quarter, never before it."""

    default_message = N_(
        "Das {quarter}. Quartal {year} ist noch nicht zu Ende. Bitte erstellen Sie die Meldung nach seinem letzten Tag."
    )


class CaseStatus(StrEnum):
    """How a case stands on the reference date; the five partition the cases of a year."""

    ONE_OFF = "one_off"
    REFERRAL = "referral"
    CLOSED = "closed"
    ONGOING = "ongoing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar year up to and including its reference date (Stichtag)."""

    year: int
    reference_date: date

    def __post_init__(self) -> None:
        if self.reference_date.year != self.year:
            raise ValueError("the reference date lies outside the year")

    @classmethod
    def whole_year(cls, year: int) -> Self:
        """Return the year with its usual reference date, 31.12."""
        return cls(year, date(year, 12, 31))

    @classmethod
    def to_quarter_end(cls, year: int, quarter: int) -> Self:
        """Return the year to date at the end of `quarter` (1 to 4)."""
        if not 1 <= quarter <= 4:
            raise ValueError("a quarter is 1 to 4")
        month = quarter * 3
        return cls(year, date(year, month, calendar.monthrange(year, month)[1]))


def require_quarter_over(year: int, quarter: int, today: date) -> None:
    """Raise `QuarterNotOver` while the quarter still runs: its release would be replaced by one with few changes."""
    if today <= Period.to_quarter_end(year, quarter).reference_date:
        raise QuarterNotOver(year=year, quarter=quarter)


def last_finished_quarter(today: date) -> tuple[int, int]:
    """Return (year, quarter) of the last quarter that is over on the day `today`."""
    current = (today.month - 1) // 3 + 1
    return (today.year, current - 1) if current > 1 else (today.year - 1, 4)


def counts_in(row: CaseCounts, period: Period) -> bool:
    """Tell whether a case counts in the period [own]: taken in during it, or carried over open into its year."""
    if not row.leads or row.intake_on > period.reference_date:
        return False
    return row.intake_on.year == period.year or row.closed_on is None or row.closed_on.year >= period.year


def status_of(row: CaseCounts, period: Period) -> CaseStatus:
    """Return how a case that counts in the period stands on its reference date [own].

    Open on the reference date: ongoing, whatever is known of a later closure. Otherwise the reason decides: one-off
    consultation, referral, no reason recorded (unknown), and closed for every other reason.
    """
    if row.closed_on is None or row.closed_on > period.reference_date:
        return CaseStatus.ONGOING
    match row.closure_reason:
        case None | "":
            return CaseStatus.UNKNOWN
        case ClosureReason.ONE_OFF_CONSULTATION:
            return CaseStatus.ONE_OFF
        case ClosureReason.REFERRAL:
            return CaseStatus.REFERRAL
        case _:
            return CaseStatus.CLOSED
