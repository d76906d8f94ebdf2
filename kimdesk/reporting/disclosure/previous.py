"""What the laptop remembers of its last release, so that the gate can tell what changed. Never leaves the vault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kimdesk.reporting.release import TableState

FORMAT: Final = "kimdesk-previous-release-1"


@dataclass(frozen=True, slots=True)
class RememberedTable:
    """A table as last sent. `digests` (record key to digest of what the case added, both in hexadecimal) are those
    of the release in which its figures were last made anew, so that small changes add up over quarters."""

    name: str
    state: TableState
    total: int | None
    cells: tuple[tuple[str, int | None], ...]
    digests: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PreviousRelease:
    """The last release of a year with the private part the next one needs."""

    year: int
    quarter: int
    tables: tuple[RememberedTable, ...]

    def table(self, name: str) -> RememberedTable | None:
        """Return the remembered table of this name, None where the release had none."""
        return next((table for table in self.tables if table.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """Return a value of JSON types for the vault; `from_json` reads it back."""
        return {
            "format": FORMAT,
            "year": self.year,
            "quarter": self.quarter,
            "tables": [
                {
                    "name": table.name,
                    "state": table.state.value,
                    "total": table.total,
                    "cells": [list(cell) for cell in table.cells],
                    "digests": dict(table.digests),
                }
                for table in self.tables
            ],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PreviousRelease:
        """Return what `to_json` wrote. Raises `ValueError`, `KeyError` or `TypeError` for anything else."""
        if value["format"] != FORMAT:
            raise ValueError("not a remembered release")
        return cls(
            year=int(value["year"]),
            quarter=int(value["quarter"]),
            tables=tuple(
                RememberedTable(
                    name=str(table["name"]),
                    state=TableState(table["state"]),
                    total=None if table["total"] is None else int(table["total"]),
                    cells=tuple((str(name), None if count is None else int(count)) for name, count in table["cells"]),
                    digests={str(key): str(digest) for key, digest in table["digests"].items()},
                )
                for table in value["tables"]
            ),
        )
