"""Adding up what the laptops sent: pure functions from received tables to what the dashboard shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kimdesk.reporting.classify import last_finished_quarter
from kimdesk.reporting.margins import margin
from kimdesk.reporting.release import ReceivedTable, ReceivedTables, TableState
from kimdesk.reporting.tables import TableDefinition


@dataclass(frozen=True)
class Laptop:
    """An invited laptop and its latest release of the year, if there is one."""

    name: str
    enrolled: bool
    tables: ReceivedTables | None = None
    received_at: datetime | None = None


@dataclass(frozen=True)
class Sum:
    """A sum over `laptops` published figures; `value` and `margin` are None where every figure was withheld.

    About 95 of 100 true sums lie within ± `margin`.
    """

    label: str
    value: int | None
    margin: float | None
    laptops: int


@dataclass(frozen=True)
class SummedTable:
    """One table over all laptops; `withheld` ones sent only its total, `repeated` ones an earlier quarter's figures."""

    name: str
    label: str
    total: Sum
    cells: tuple[Sum, ...]
    laptops: int
    withheld: int
    repeated: int


class LaptopState(StrEnum):
    """How a laptop stands in the year shown."""

    CURRENT = "current"
    OLDER = "older"
    MISSING = "missing"
    INVITED = "invited"


@dataclass(frozen=True)
class LaptopLine:
    """A line of the list of laptops."""

    name: str
    subregion: str | None
    quarter: int | None
    received_at: datetime | None
    state: LaptopState
    totals_only: bool


def add_up(laptops: Sequence[Laptop], definitions: Sequence[TableDefinition]) -> tuple[SummedTable, ...]:
    """Return every table of the closed list that at least one laptop sent, in the list's order.

    Published totals are added, not the cells: totals were perturbed on their own.
    """
    summed = []
    for definition in definitions:
        received = [
            table
            for laptop in laptops
            if laptop.tables is not None
            for table in laptop.tables.tables
            if table.name == definition.name
        ]
        if received:
            summed.append(_sum_table(definition, received))
    return tuple(summed)


def _sum_table(definition: TableDefinition, received: Sequence[ReceivedTable]) -> SummedTable:
    by_laptop = [dict(table.cells) for table in received]
    sent = {name for cells in by_laptop for name in cells}
    # What no laptop sent is neither zero nor withheld, so it has no row.
    known = [name for name, _ in definition.cells if name in sent]
    # A newer laptop may know a word this list does not: it is shown by its own name rather than left out.
    unknown = sorted(sent - set(known))
    labels = dict(definition.cells)
    return SummedTable(
        name=definition.name,
        label=definition.label,
        total=_sum("", [table.total for table in received]),
        cells=tuple(
            _sum(labels.get(name, name), [cells.get(name) for cells in by_laptop]) for name in [*known, *unknown]
        ),
        laptops=len(received),
        withheld=sum(table.state is TableState.WITHHELD for table in received),
        repeated=sum(table.state is TableState.REPEATED for table in received),
    )


def _sum(label: str, figures: Sequence[int | None]) -> Sum:
    published = [figure for figure in figures if figure is not None]
    if not published:
        return Sum(label, None, None, 0)
    return Sum(label, sum(published), margin(len(published)), len(published))


def expected_quarter(year: int, today: date) -> int:
    """Return the quarter of `year` that every laptop can have sent by `today`; 0 while none is over."""
    last_year, last_quarter = last_finished_quarter(today)
    if year == last_year:
        return last_quarter
    return 4 if year < last_year else 0


def list_laptops(laptops: Sequence[Laptop], expected: int) -> tuple[LaptopLine, ...]:
    """Return a line per laptop: up to date, older, missing, or invited but not enrolled yet."""
    return tuple(_line(laptop, expected) for laptop in laptops)


def _line(laptop: Laptop, expected: int) -> LaptopLine:
    tables = laptop.tables
    if not laptop.enrolled:
        state = LaptopState.INVITED
    elif tables is None:
        state = LaptopState.MISSING if expected else LaptopState.CURRENT
    elif tables.quarter < expected:
        state = LaptopState.OLDER
    else:
        state = LaptopState.CURRENT
    return LaptopLine(
        name=laptop.name,
        subregion=None if tables is None else tables.subregion,
        quarter=None if tables is None else tables.quarter,
        received_at=laptop.received_at,
        state=state,
        totals_only=tables is not None and any(table.state is TableState.WITHHELD for table in tables.tables),
    )
