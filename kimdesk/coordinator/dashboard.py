"""What the dashboard shows, read in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from kimdesk.coordinator import store
from kimdesk.coordinator.labels import table_definitions
from kimdesk.coordinator.office import Office
from kimdesk.coordinator.sums import (
    Laptop,
    LaptopLine,
    LaptopState,
    Sum,
    SummedTable,
    add_up,
    expected_quarter,
    list_laptops,
)
from kimdesk.foundation.clock import Clock
from kimdesk.reporting.classify import last_finished_quarter
from kimdesk.reporting.release import read_tables


@dataclass(frozen=True)
class Dashboard:
    """One year at the coordinating office. `cases` and `persons` are the totals shown large."""

    office: str
    fingerprint: str
    year: int
    years: tuple[int, ...]
    expected_quarter: int
    cases: Sum | None
    persons: Sum | None
    tables: tuple[SummedTable, ...]
    laptops: tuple[LaptopLine, ...]
    held_back: Sequence[store.QuarantineRow]

    @property
    def enrolled(self) -> int:
        """Number of laptops that have joined."""
        return sum(line.state is not LaptopState.INVITED for line in self.laptops)

    @property
    def in_sum(self) -> int:
        """Number of laptops whose figures are in the sums."""
        return sum(line.quarter is not None for line in self.laptops)

    @property
    def missing(self) -> tuple[LaptopLine, ...]:
        """Enrolled laptops that sent nothing for the year though a quarter of it is over."""
        return tuple(line for line in self.laptops if line.state is LaptopState.MISSING)


class DashboardReader:
    """Reads the dashboard of a year."""

    def __init__(self, office: Office, engine: Engine, clock: Clock) -> None:
        self._office = office
        self._engine = engine
        self._clock = clock
        self._definitions = table_definitions(office.district)

    def read(self, year: int | None) -> Dashboard:
        """Return the dashboard of `year`, by default of the newest year with releases."""
        today = self._clock.today()
        with self._engine.begin() as connection:
            with_releases = store.list_years(connection)
            years = sorted({*with_releases, last_finished_quarter(today)[0]}, reverse=True)
            shown = year if year in years else (with_releases[0] if with_releases else years[0])
            releases = {row.sender: row for row in store.latest_releases(connection, shown)}
            senders = store.list_senders(connection)
            held_back = store.list_quarantine(connection)
        laptops = []
        for sender in senders:
            release = releases.get(sender.id)
            laptops.append(
                Laptop(
                    name=sender.name,
                    enrolled=sender.public_key is not None,
                    tables=None if release is None else read_tables(release.tables),
                    received_at=None if release is None else release.received_at,
                )
            )
        tables = add_up(laptops, self._definitions)
        totals = {table.name: table.total for table in tables}
        expected = expected_quarter(shown, today)
        return Dashboard(
            office=self._office.name,
            fingerprint=self._office.keys.card.fingerprint,
            year=shown,
            years=tuple(years),
            expected_quarter=expected,
            cases=totals.get("status"),
            persons=totals.get("persons"),
            tables=tables,
            laptops=list_laptops(laptops, expected),
            held_back=held_back,
        )
