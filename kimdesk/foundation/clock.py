"""The clock is injected everywhere, so that deadlines can be tested at any date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Europe/Berlin")


class Clock(Protocol):
    """Tells the time: `now` in UTC, `today` as the date in the office's time zone."""

    def now(self) -> datetime: ...

    def today(self) -> date: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return today's date where the office stands (Europe/Berlin)."""
        return self.now().astimezone(OFFICE_ZONE).date()


class FixedClock:
    """A clock that stands still until it is moved; for tests and reproducible demo data."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a clock needs an aware moment")
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the fixed moment in UTC."""
        return self._moment

    def today(self) -> date:
        """Return the fixed moment's date in the office's time zone."""
        return self._moment.astimezone(OFFICE_ZONE).date()

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`, which may be negative."""
        self._moment += step
