"""Sums as the dashboard shows them: with their margins, and never smaller than what a release may show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kimdesk.coordinator.figures import Added, AddedTable, Layout, add_up, pack_figures, unpack_figures
from kimdesk.reporting.classify import last_finished_quarter
from kimdesk.reporting.margins import margin
from kimdesk.reporting.release import HIDDEN_UP_TO, ReceivedTables, TableState
from kimdesk.reporting.tables import ReleaseRules, TableDefinition


@dataclass(frozen=True)
class Sum:
    """A sum over `laptops` published figures; `value` and `margin` are None where every figure was withheld.

    About 95 of 100 true sums lie within ± `margin`.
    """

    name: str
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
    """How a laptop stands in the period shown."""

    CURRENT = "current"
    OLDER = "older"
    MISSING = "missing"
    INVITED = "invited"
    REVOKED = "revoked"


@dataclass(frozen=True)
class LaptopLine:
    """A line of the list of laptops. `place` is where it works, `replaceable` whether a device has joined."""

    id: str
    name: str
    place: str | None
    quarter: int | None
    received_at: datetime | None
    state: LaptopState
    totals_only: bool
    invited_until: datetime | None


def as_sum(name: str, label: str, added: Added | None) -> Sum:
    """Return a sum with its margin, withheld where nobody published a figure or it is smaller than any release's."""
    if added is None or added.laptops == 0 or 0 < added.value <= HIDDEN_UP_TO:
        return Sum(name, label, None, None, 0)
    return Sum(name, label, added.value, margin(added.laptops), added.laptops)


def as_table(definition: TableDefinition, added: AddedTable) -> SummedTable:
    """Return one table in the order and words of its definition.

    What no laptop sent is neither zero nor withheld, so it has no row. A newer laptop may know a word this list does
    not: it is shown by its own name rather than left out. The gate of ten cases needs no second look here: cells come
    only from laptops above it.
    """
    labels = dict(definition.cells)
    known = [name for name, _ in definition.cells if name in added.cells]
    unknown = sorted(added.cells.keys() - set(known))
    return SummedTable(
        name=definition.name,
        label=definition.label,
        total=as_sum("", "", added.total),
        cells=tuple(as_sum(name, labels.get(name, name), added.cells[name]) for name in [*known, *unknown]),
        laptops=added.laptops,
        withheld=added.states[TableState.WITHHELD],
        repeated=added.states[TableState.REPEATED],
    )


def as_tables(added: dict[str, AddedTable], rules: ReleaseRules) -> tuple[SummedTable, ...]:
    """Return every table of the closed list that at least one laptop sent, in the list's order."""
    return tuple(
        as_table(definition, added[definition.name]) for definition in rules.tables if definition.name in added
    )


def sum_received(received: Sequence[ReceivedTables], rules: ReleaseRules) -> tuple[SummedTable, ...]:
    """Return the sums over received releases, the way they come out of the database."""
    kinds = list(dict.fromkeys(Layout.of(tables) for tables in received))
    releases = ((kinds.index(Layout.of(tables)), unpack_figures(pack_figures(tables))) for tables in received)
    return as_tables(add_up(releases, dict(enumerate(kinds))), rules)


def expected_quarter(year: int, today: date) -> int:
    """Return the quarter of `year` that every laptop can have sent by `today`; 0 while none is over."""
    last_year, last_quarter = last_finished_quarter(today)
    if year == last_year:
        return last_quarter
    return 4 if year < last_year else 0


def state_of(*, enrolled: bool, revoked: bool, quarter: int | None, expected: int) -> LaptopState:
    """Return how a laptop stands whose latest release up to the period is of `quarter`, None for no release."""
    if revoked:
        return LaptopState.REVOKED
    if not enrolled:
        return LaptopState.INVITED
    if quarter is None:
        return LaptopState.MISSING if expected else LaptopState.CURRENT
    return LaptopState.OLDER if quarter < expected else LaptopState.CURRENT


def quarters_shown(first_year: int, today: date) -> Sequence[tuple[int, int]]:
    """Return (year, quarter) of every quarter that is over, from the first of `first_year` on."""
    last = last_finished_quarter(today)
    return [
        (year, quarter)
        for year in range(first_year, last[0] + 1)
        for quarter in (1, 2, 3, 4)
        if (year, quarter) <= last
    ]
