"""Which backups are kept: the newest of each of the last days, weeks and months that have one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

NEWEST_KEPT = 2
"""So many of the newest stay in any case, so that one that fails to open is not the only one."""

CLOCK_TOLERANCE = timedelta(days=1)
"""A backup further in the future than this was made under a wrong clock and does not count as recent."""


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """How often a backup is made and how many days, weeks and months are kept."""

    every_hours: int = 24
    daily: int = 7
    weekly: int = 5
    monthly: int = 12


def to_keep(moments: Iterable[datetime], plan: BackupPlan, zone: tzinfo) -> frozenset[datetime]:
    """Return the moments of the backups to keep: of the last days, ISO weeks and months that have any, the newest each.

    Days without a backup do not count, so that a holiday deletes nothing. Applying the rule again keeps the same.
    """
    newest_first = sorted(set(moments), reverse=True)
    kept = set(newest_first[:NEWEST_KEPT])

    def keep(count: int, bucket: Callable[[date], Hashable]) -> None:
        seen: set[Hashable] = set()
        for moment in newest_first:
            name = bucket(moment.astimezone(zone).date())
            if name in seen:
                continue
            if len(seen) == count:
                break
            seen.add(name)
            kept.add(moment)

    keep(plan.daily, lambda day: day)
    keep(plan.weekly, lambda day: day.isocalendar()[:2])
    keep(plan.monthly, lambda day: (day.year, day.month))
    return frozenset(kept)


def is_due(newest: datetime | None, now: datetime, plan: BackupPlan) -> bool:
    """Return whether a backup is due: there is none, it is old enough, or it claims to come from the future."""
    if newest is None:
        return True
    return now - newest >= timedelta(hours=plan.every_hours) or newest - now > CLOCK_TOLERANCE
