"""Reading a date the way it is typed at a desk."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DOTTED = re.compile(r"(\d{1,2})[.,/\- ](\d{1,2})(?:[.,/\- ](\d{4}|\d{2})?)?")
_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_STEP = re.compile(r"([+-])\s*(\d{1,4})\s*([twmj]?)")
_WORDS = {"heute": 0, "morgen": 1, "übermorgen": 2, "gestern": -1, "vorgestern": -2, "today": 0, "tomorrow": 1}
_YEARS_AHEAD = 10


def parse_date(text: str, today: date) -> date | None:
    """Return the date `text` means, None if it is blank; raise `ValueError` if it is no date.

    Reads 20.11.2026, 20.11.26, 20.11., 201126, 20112026, 2026-11-20, heute, morgen, gestern, +14 (days), +2w.
    Two digits of a year mean the one at most ten years ahead of `today`, so that dates of birth come out right;
    without a year the date lies in the year of `today`.
    """
    cleaned = text.strip().casefold()
    if not cleaned:
        return None
    if cleaned in _WORDS:
        return today + timedelta(days=_WORDS[cleaned])
    if step := _STEP.fullmatch(cleaned):
        sign = 1 if step[1] == "+" else -1
        days = int(step[2]) * {"": 1, "t": 1, "w": 7, "m": 30, "j": 365}[step[3]]
        return today + timedelta(days=sign * days)
    if iso := _ISO.fullmatch(cleaned):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    match = _DOTTED.fullmatch(cleaned) or _COMPACT.fullmatch(cleaned)
    if match is None:
        raise ValueError("not a date")
    return date(_year(match[3], today), int(match[2]), int(match[1]))


def _year(digits: str | None, today: date) -> int:
    if not digits:
        return today.year
    if len(digits) == 4:
        return int(digits)
    year = today.year // 100 * 100 + int(digits)
    return year if year <= today.year + _YEARS_AHEAD else year - 100
