"""A release's figures as one short row of numbers, and sums over many of them.

A page adds up the figures of every laptop when it is read. With 1,500 laptops that is 200,000 figures, too many to
parse from JSON each time. So each release also keeps its figures as 32-bit numbers in the order of a *layout* (which
tables, which cells), and all laptops of one program version share a layout. What is withheld is -1.
"""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.reporting.release import ReceivedTables, TableState

WITHHELD = -1
_STATES = tuple(TableState)


@dataclass(frozen=True)
class Layout:
    """The order of the figures: per table its state, its total, then its cells."""

    tables: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, tables: ReceivedTables) -> Layout:
        """Return the layout of a received release."""
        return cls(tuple((table.name, tuple(name for name, _ in table.cells)) for table in tables.tables))

    @classmethod
    def from_text(cls, text: str) -> Layout:
        """Return what `to_text` wrote."""
        return cls(tuple((name, tuple(cells)) for name, cells in json.loads(text)))

    def to_text(self) -> str:
        """Return the layout as one line of JSON."""
        return canonical_bytes([[name, list(cells)] for name, cells in self.tables]).decode("utf-8")

    def only(self, name: str) -> Layout:
        """Return the layout of one table alone, empty where it is not in this one."""
        return Layout(tuple(table for table in self.tables if table[0] == name))

    def span(self, name: str) -> slice:
        """Return where one table's bytes stand; an empty span where there is no such table."""
        place = 0
        for table, cells in self.tables:
            length = 4 * (2 + len(cells))
            if table == name:
                return slice(place, place + length)
            place += length
        return slice(0, 0)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the text, by which a layout is found again."""
        return hashlib.sha256(self.to_text().encode("utf-8")).hexdigest()


def pack_figures(tables: ReceivedTables) -> bytes:
    """Return the figures in the order of their layout, little-endian."""
    values = array("i")
    for table in tables.tables:
        values.append(_STATES.index(table.state))
        values.append(WITHHELD if table.total is None else table.total)
        values.extend(WITHHELD if figure is None else figure for _, figure in table.cells)
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def unpack_figures(data: bytes) -> array[int]:
    """Return what `pack_figures` wrote."""
    values = array("i")
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


@dataclass
class Added:
    """A sum of published figures; `laptops` is how many took part."""

    value: int = 0
    laptops: int = 0

    def add(self, value: int, laptops: int) -> None:
        """Take more figures into the sum."""
        self.value += value
        self.laptops += laptops


@dataclass
class AddedTable:
    """One table added up; `states` counts the laptops by how their figures came about."""

    total: Added
    cells: dict[str, Added]
    states: dict[TableState, int]

    @property
    def laptops(self) -> int:
        """Number of laptops that sent this table."""
        return sum(self.states.values())


def add_up(releases: Iterable[tuple[int, array[int]]], layouts: dict[int, Layout]) -> dict[str, AddedTable]:
    """Return the sums of releases, given as (number of the layout, unpacked figures), by the table's name."""
    by_layout: dict[int, list[array[int]]] = {}
    for layout, figures in releases:
        by_layout.setdefault(layout, []).append(figures)
    tables: dict[str, AddedTable] = {}
    for number, rows in by_layout.items():
        columns = list(zip(*rows, strict=True))
        place = 0
        for name, cells in layouts[number].tables:
            table = tables.setdefault(name, AddedTable(Added(), {}, dict.fromkeys(TableState, 0)))
            states = columns[place]
            for code, state in enumerate(_STATES):
                table.states[state] += states.count(code)
            _add(table.total, columns[place + 1])
            for cell, column in zip(cells, columns[place + 2 : place + 2 + len(cells)], strict=True):
                _add(table.cells.setdefault(cell, Added()), column)
            place += 2 + len(cells)
    return tables


def _add(target: Added, column: Sequence[int]) -> None:
    withheld = column.count(WITHHELD)
    target.add(sum(column) - WITHHELD * withheld, len(column) - withheld)
