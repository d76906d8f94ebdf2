"""Deadlines a case file produces by itself. Every interval here is this project's own choice [own]."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from kimdesk.domain.vocabulary import ClosureReason

REASSESSMENT_MONTHS = 6
REFERRAL_ANSWER_DAYS = 14
EXPIRY_NOTICE_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How many years a closed case file is kept; a one-off consultation is kept for a shorter time."""

    years: int = 3
    years_one_off: int = 1


def add_months(day: date, months: int) -> date:
    """Return `day` moved by `months`; the last of a month stays the last where the target month is shorter."""
    month_index = day.year * 12 + day.month - 1 + months
    year, month = divmod(month_index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def reassessment_due(last_assessment_on: date) -> date:
    """Return when the situation should be looked at again after an assessment."""
    return add_months(last_assessment_on, REASSESSMENT_MONTHS)


def referral_answer_due(sent_on: date) -> date:
    """Return when a referral without an answer should be asked about."""
    return sent_on + timedelta(days=REFERRAL_ANSWER_DAYS)


def deletion_date(closed_on: date, reason: ClosureReason | None, retention: Retention | None = None) -> date:
    """Return when a closed case is due for deletion (or the archive): 3 years, 1 year for a one-off consultation.

    `retention` gives the years of the district where they differ.
    """
    kept = retention or Retention()
    years = kept.years_one_off if reason is ClosureReason.ONE_OFF_CONSULTATION else kept.years
    return add_months(closed_on, 12 * years)


def week_end(day: date) -> date:
    """Return the Sunday of the week of `day`, which is `day` itself on a Sunday."""
    return day + timedelta(days=6 - day.weekday())


def age_on(date_of_birth: date, day: date) -> int:
    """Return the completed years of age on `day`; a person born on 29 February turns a year older on 1 March."""
    had_birthday = (day.month, day.day) >= (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - (0 if had_birthday else 1)
