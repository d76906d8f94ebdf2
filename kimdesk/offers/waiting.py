"""Reads a number of weeks out of what sources say about waiting times."""

from __future__ import annotations

import re

_SPAN = re.compile(r"(?i)(\d{1,3})(?:\s*(?:-|–|bis|to)\s*(\d{1,3}))?\s*(tag|day|woche|week|monat|month|jahr|year)")
_DAYS = {"tag": 1, "day": 1, "woche": 7, "week": 7, "monat": 30, "month": 30, "jahr": 365, "year": 365}


def weeks_in(text: str) -> int | None:
    """Return the longest waiting time named in `text` in weeks, rounded up; None where it names none.

    "4 bis 6 Wochen" is 6, "3 Monate" is 13, "10 Tage" is 2; words such as "mehrere Wochen" are no number.
    """
    days = [int(high or low) * _DAYS[unit.lower()] for low, high, unit in _SPAN.findall(text)]
    return -(-max(days) // 7) if days else None
