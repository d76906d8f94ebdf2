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
    """The days from `start` up to and including the reference date (Stichtag)."""

    start: date
    reference_date: date

    def __post_init__(self) -> None:
        if self.reference_date < self.start:
            raise ValueError("the reference date lies before the start")

    @property
    def year(self) -> int:
        """The year the period begins in."""
        return self.start.year

    @property
    def is_year_to_date(self) -> bool:
        """Whether it runs from 1 January within one year; plan figures and entered rows belong to such a period."""
        return (self.start.month, self.start.day) == (1, 1) and self.reference_date.year == self.start.year

    @classmethod
    def whole_year(cls, year: int) -> Self:
        """Return the year with its usual reference date, 31.12."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def year_to(cls, reference_date: date) -> Self:
        """Return the year of the reference date up to it."""
        return cls(date(reference_date.year, 1, 1), reference_date)

    def a_year_before(self) -> Self:
        """Return the same days one year earlier; 29 February becomes the 28th."""
        return type(self)(_a_year_before(self.start), _a_year_before(self.reference_date))

    @classmethod
    def to_quarter_end(cls, year: int, quarter: int) -> Self:
        """Return the year to date at the end of `quarter` (1 to 4)."""
        if not 1 <= quarter <= 4:
            raise ValueError("a quarter is 1 to 4")
        month = quarter * 3
        return cls.year_to(date(year, month, calendar.monthrange(year, month)[1]))


def require_quarter_over(year: int, quarter: int, today: date) -> None:
    """Raise `QuarterNotOver` while the quarter still runs: its release would be replaced by one with few changes."""
    if today <= Period.to_quarter_end(year, quarter).reference_date:
        raise QuarterNotOver(year=year, quarter=quarter)


def last_finished_quarter(today: date) -> tuple[int, int]:
    """Return (year, quarter) of the last quarter that is over on the day `today`."""
    current = (today.month - 1) // 3 + 1
    return (today.year, current - 1) if current > 1 else (today.year - 1, 4)


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return date(day.year - 1, 2, 28)


def counts_in(row: CaseCounts, period: Period) -> bool:
    """Tell whether a case counts in the period [own]: taken in during it, or carried over open into it."""
    if not row.leads or row.intake_on > period.reference_date:
        return False
    return row.closed_on is None or row.closed_on >= period.start


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
