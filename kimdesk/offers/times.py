"""When an offer is open: opening times in words, whether it is open at a moment, public holidays of the Land."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache

from kimdesk.offers.parts import Closure, Schedule, Weekday

_SHORT = dict(zip(Weekday, ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"), strict=True))
_APPOINTMENT = "nur mit Termin"


class OpenState(StrEnum):
    """Whether somebody can go there at a moment."""

    OPEN = "open"
    BY_APPOINTMENT = "by_appointment"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    UNKNOWN = "unknown"


@cache
def holidays_of_nrw(year: int) -> dict[date, str]:
    """Return the public holidays of North Rhine-Westphalia in `year` with their German names.

    From the `holidays` library, which follows the Feiertagsgesetz NW.
    """
    from holidays import country_holidays  # only here: importing it takes a tenth of a second

    return dict(country_holidays("DE", subdiv="NW", years=year, language="de").items())


def days_line(days: Sequence[Weekday]) -> str:
    """Return days as they are written on a door: "Mo–Fr", "Mo, Mi, Fr"; nothing for none."""
    numbers = sorted({day.number for day in days})
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    names = list(_SHORT.values())
    parts = [
        f"{names[run[0]]}–{names[run[-1]]}" if len(run) > 2 else ", ".join(names[number] for number in run)
        for run in runs
    ]
    return ", ".join(parts)


def schedule_line(schedule: Schedule) -> str:
    """Return one schedule as a German line: days and times where given, then its own words."""
    times = "–".join(_clock(moment) for moment in (schedule.opens, schedule.closes) if moment is not None)
    head = " ".join(part for part in (days_line(schedule.days), times) if part)
    span = "–".join(f"{day:%d.%m.%Y}" for day in (schedule.valid_from, schedule.valid_to) if day is not None)
    rhythm = f"alle {schedule.every_weeks} Wochen" if schedule.every_weeks > 1 else ""
    beside = ", ".join(part for part in (rhythm, span) if part)
    head = f"{head} ({beside})" if head and beside else head
    note = schedule.note
    if schedule.by_appointment and "termin" not in note.lower() and "vereinbarung" not in note.lower():
        note = ", ".join(part for part in (note, _APPOINTMENT) if part)
    return ": ".join(part for part in (head, "\n".join(one for one in (note, schedule.remark) if one)) if part)


def open_state(
    schedules: Iterable[Schedule],
    closures: Iterable[Closure],
    closed_on_holidays: bool | None,
    by_appointment: bool,
    moment: datetime,
) -> OpenState:
    """Return whether it is open at `moment` (local time).

    A closure and, unless the source says otherwise, a public holiday of the Land close it. Without any schedule that
    names days and times nothing is known beyond `by_appointment`.
    """
    day, clock = moment.date(), moment.time()
    timed = [one for one in schedules if one.opens is not None and (one.days or one.month_days)]
    if any(closure.first <= day <= closure.last for closure in closures):
        return OpenState.CLOSED
    if timed and closed_on_holidays is not False and day in holidays_of_nrw(day.year):
        return OpenState.HOLIDAY
    for schedule in timed:
        if holds_on(schedule, day) and _within(schedule, clock):
            return OpenState.BY_APPOINTMENT if schedule.by_appointment or by_appointment else OpenState.OPEN
    if timed:
        return OpenState.CLOSED
    return OpenState.BY_APPOINTMENT if by_appointment else OpenState.UNKNOWN


def holds_on(schedule: Schedule, day: date) -> bool:
    """Return whether `schedule` says anything about `day`."""
    if schedule.valid_from is not None and day < schedule.valid_from:
        return False
    if schedule.valid_to is not None and day > schedule.valid_to:
        return False
    if schedule.month_days:
        return any(_is_day_of_month(part.strip(), day) for part in schedule.month_days.split(","))
    if not any(weekday.number == day.weekday() for weekday in schedule.days):
        return False
    if schedule.every_weeks > 1 and schedule.valid_from is not None:
        first = schedule.valid_from - timedelta(days=schedule.valid_from.weekday())
        return ((day - first).days // 7) % schedule.every_weeks == 0
    return True


def regular_hours(schedules: Iterable[Schedule]) -> Iterable[tuple[int, str, str]]:
    """Yield weekday (0 is Monday), opening and closing time ("HH:MM", "24:00" where open-ended) of weekly schedules."""
    for schedule in schedules:
        if schedule.opens is not None and not schedule.month_days:
            closes = _clock(schedule.closes) if schedule.closes is not None else "24:00"
            yield from ((day.number, _clock(schedule.opens), closes) for day in schedule.days)


def _is_day_of_month(part: str, day: date) -> bool:
    """Return whether `day` is, say, the first Monday (``1MO``), the last Thursday (``-1TH``) or the 15th (``15``)."""
    sign, digits, name = part[:1] == "-", part.lstrip("+-")[:-2] if part[-2:].isalpha() else part.lstrip("+-"), ""
    name = part[-2:] if part[-2:].isalpha() else ""
    if not digits.isdigit():
        return False
    count = int(digits)
    length = (date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)).day
    if not name:
        return day.day == (length + 1 - count if sign else count)
    if name not in set(Weekday) or Weekday(name).number != day.weekday():
        return False
    return (length - day.day if sign else day.day - 1) // 7 + 1 == count


def _within(schedule: Schedule, clock: time) -> bool:
    if schedule.opens is None or clock < schedule.opens:
        return False
    return schedule.closes is None or clock < schedule.closes


def _clock(moment: time) -> str:
    return f"{moment:%H:%M}"
