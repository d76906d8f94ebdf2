"""Understands opening hours as people write them: "Mo–Do 9–12 und 14–16 Uhr, Fr 9–12 Uhr"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

from kimdesk.offers.folding import fold
from kimdesk.offers.parts import Schedule, Weekday

_NAMES = {
    "mo": 0, "montag": 0, "montags": 0, "di": 1, "dienstag": 1, "dienstags": 1, "mi": 2, "mittwoch": 2,
    "mittwochs": 2, "do": 3, "donnerstag": 3, "donnerstags": 3, "fr": 4, "freitag": 4, "freitags": 4, "sa": 5,
    "samstag": 5, "samstags": 5, "so": 6, "sonntag": 6, "sonntags": 6, "mon": 0, "tue": 1, "wed": 2, "thu": 3,
    "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_DAY = r"(?:" + "|".join(sorted(_NAMES, key=len, reverse=True)) + r")\b\.?"
_DAYS = re.compile(rf"{_DAY}(?:\s*(?:-|bis|,|\+|und|u\.|&|/)\s*{_DAY})*")
_ONE_DAY = re.compile(_DAY)
_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:uhr)?"
_SPAN = re.compile(rf"{_CLOCK}\s*(?:-|bis)\s*{_CLOCK}")
_FILLER = re.compile(r"(?:uhr|und|sowie|u\.|von|jeweils|,|:|;|&|/|\s)+")


def parse_hours(text: str) -> tuple[Schedule, ...]:
    """Return the schedules in `text`; a line that is not understood whole stays as words."""
    return tuple(schedule for line in re.split(r"[\n;|]+", text) if line.strip() for schedule in _line(line.strip()))


def _line(line: str) -> Iterator[Schedule]:
    folded = fold(re.sub(r"[–—‒]", "-", line))
    found: list[Schedule] = []
    position = 0
    days: tuple[Weekday, ...] = ()
    while position < len(folded):
        if match := _FILLER.match(folded, position):
            position = match.end()
        elif match := _DAYS.match(folded, position):
            days, position = _days(match.group()), match.end()
        elif (match := _SPAN.match(folded, position)) and days and (times := _times(match)):
            found.append(Schedule(days=days, opens=times[0], closes=times[1]))
            position = match.end()
        else:
            break
    if not found or position < len(folded):
        yield Schedule(note=line, by_appointment="termin" in folded or "vereinbarung" in folded)
        return
    yield from found


def _days(text: str) -> tuple[Weekday, ...]:
    numbers: list[int] = []
    parts = [(match.start(), match.end(), _NAMES[match.group().rstrip(".")]) for match in _ONE_DAY.finditer(text)]
    for index, (start, _end, number) in enumerate(parts):
        between = text[parts[index - 1][1] : start] if index else ""
        if numbers and re.search(r"-|bis", between):
            last = numbers[-1]
            numbers.extend((last + step) % 7 for step in range(1, (number - last) % 7))
        numbers.append(number)
    every = list(Weekday)
    return tuple(every[number] for number in sorted(set(numbers)))


def _times(match: re.Match[str]) -> tuple[time, time] | None:
    first_hour, first_minute, last_hour, last_minute = (int(part or 0) for part in match.groups())
    if first_hour > 23 or last_hour > 23 or first_minute > 59 or last_minute > 59:
        return None
    first, last = time(first_hour, first_minute), time(last_hour, last_minute)
    return (first, last) if first < last else None
