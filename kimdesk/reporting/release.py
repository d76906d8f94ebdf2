"""The release: the only figures that leave the laptop, and how the receiver reads them.

A `Release` holds published figures only. Nothing but `kimdesk.reporting.disclosure` can build one, so whoever
sends a `Release` sends figures that went through disclosure control.
"""

from __future__ import annotations

import json
import re
from dataclasses import InitVar, dataclass
from enum import StrEnum
from typing import Any, NoReturn

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.reporting._seal import Seal, require

FORMAT = "kimdesk-release-1"
# Counts the format never publishes (decision 042). A received 1 or 2 did not go through disclosure control.
HIDDEN_UP_TO = 2

MAX_BYTES = 64 * 1024
MAX_TABLES = 40
MAX_CELLS = 200
MAX_COUNT = 1_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_+-]{0,59}", re.ASCII)


class TableState(StrEnum):
    """How a table's figures came about."""

    NEW = "new"
    REPEATED = "repeated"
    WITHHELD = "withheld"


class ReleaseUnreadable(KnownError):
    """The received figures are damaged, forged or of another version."""

    default_message = N_(
        "Die Meldung ist beschädigt oder stammt von einer anderen Programmversion. "
        "Bitte lassen Sie sie auf dem Laptop neu erstellen."
    )


class ReleaseTooLarge(ReleaseUnreadable):
    """The received figures are far larger than any release."""

    default_message = N_("Die Meldung ist zu groß und wurde nicht angenommen. Bitte prüfen Sie, woher sie kommt.")


class ReleaseNotAnonymised(ReleaseUnreadable):
    """The received figures hold counts that are never published."""

    default_message = N_(
        "Die Meldung enthält Zahlen, die nicht anonymisiert sind, und wurde nicht angenommen. "
        "Bitte lassen Sie sie auf dem Laptop neu erstellen."
    )


@dataclass(frozen=True, slots=True)
class ReleaseCell:
    """A published figure; `published` is None in a withheld table."""

    name: str
    published: int | None
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        require(seal)


@dataclass(frozen=True, slots=True)
class ReleaseTable:
    """A published table; `total` was perturbed on its own and need not be the sum of the cells."""

    name: str
    state: TableState
    total: int | None
    cells: tuple[ReleaseCell, ...]
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        require(seal)


@dataclass(frozen=True, slots=True)
class Release:
    """Anonymised figures of one laptop: the year to date at the end of a quarter."""

    year: int
    quarter: int
    district: str
    subregion: str | None
    tables: tuple[ReleaseTable, ...]
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        require(seal)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a release travels as canonical bytes, not as a pickle")

    def canonical_tables(self) -> bytes:
        """Return the one byte form of this release, canonical JSON (keys sorted); `read_tables` reads it back."""
        return canonical_bytes(
            {
                "format": FORMAT,
                "year": self.year,
                "quarter": self.quarter,
                "district": self.district,
                "subregion": self.subregion,
                "tables": [
                    {
                        "name": table.name,
                        "state": table.state.value,
                        "total": table.total,
                        "cells": [[cell.name, cell.published] for cell in table.cells],
                    }
                    for table in self.tables
                ],
            }
        )


@dataclass(frozen=True, slots=True)
class ReceivedTable:
    """A table as received. `total` and all cells are set, except in a withheld table, whose cells are all None."""

    name: str
    state: TableState
    total: int | None
    cells: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class ReceivedTables:
    """The figures of one laptop as the coordinator received them."""

    year: int
    quarter: int
    district: str
    subregion: str | None
    tables: tuple[ReceivedTable, ...]


def read_tables(data: bytes) -> ReceivedTables:
    """Return the tables in `data`, which must be exactly what `Release.canonical_tables` writes.

    Raises `ReleaseTooLarge` above 64 KiB, `ReleaseNotAnonymised` for a count that is never published, and
    `ReleaseUnreadable` for anything else that is not in the format: unknown or doubled keys, other types, values
    out of range, a table or cell named twice, another spelling of the same JSON.
    """
    if len(data) > MAX_BYTES:
        raise ReleaseTooLarge
    try:
        value = json.loads(data.decode("utf-8"))
        # Spaces, key order, doubled keys, floats and escapes all show in the canonical form.
        canonical = canonical_bytes(value) == data
    except (ValueError, TypeError, RecursionError):
        raise ReleaseUnreadable from None
    if not canonical:
        raise ReleaseUnreadable
    top = _object(value, {"format", "year", "quarter", "district", "subregion", "tables"})
    if top["format"] != FORMAT:
        raise ReleaseUnreadable
    tables = tuple(_table(item) for item in _list(top["tables"], MAX_TABLES))
    if len({table.name for table in tables}) != len(tables):
        raise ReleaseUnreadable
    return ReceivedTables(
        year=_integer(top["year"], 2000, 2199),
        quarter=_integer(top["quarter"], 1, 4),
        district=_name(top["district"]),
        subregion=None if top["subregion"] is None else _label(top["subregion"]),
        tables=tables,
    )


def _table(value: Any) -> ReceivedTable:
    entry = _object(value, {"name", "state", "total", "cells"})
    if not isinstance(entry["state"], str) or entry["state"] not in set(TableState):
        raise ReleaseUnreadable
    state = TableState(entry["state"])
    total = None if entry["total"] is None else _count(entry["total"])
    cells = []
    for pair in _list(entry["cells"], MAX_CELLS):
        if len(_list(pair, 2)) != 2:
            raise ReleaseUnreadable
        cells.append((_name(pair[0]), None if pair[1] is None else _count(pair[1])))
    if len({name for name, _ in cells}) != len(cells):
        raise ReleaseUnreadable
    missing = [figure is None for _, figure in cells]
    if state is TableState.WITHHELD:
        complete = all(missing)
    else:
        complete = total is not None and not any(missing)
    if not complete:
        raise ReleaseUnreadable
    return ReceivedTable(_name(entry["name"]), state, total, tuple(cells))


def _object(value: Any, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != keys:
        raise ReleaseUnreadable
    return value


def _list(value: Any, longest: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > longest:
        raise ReleaseUnreadable
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str) or _NAME.fullmatch(value) is None:
        raise ReleaseUnreadable
    return value


def _label(value: Any) -> str:
    """Return a subregion's name, which may hold umlauts and spaces but nothing that is not printed."""
    if not isinstance(value, str) or not 1 <= len(value) <= 80 or not value.isprintable():
        raise ReleaseUnreadable
    return value


def _integer(value: Any, lowest: int, highest: int) -> int:
    if type(value) is not int or not lowest <= value <= highest:
        raise ReleaseUnreadable
    return value


def _count(value: Any) -> int:
    count = _integer(value, 0, MAX_COUNT)
    if 1 <= count <= HIDDEN_UP_TO:
        raise ReleaseNotAnonymised
    return count
