"""The indicator table: exact figures for the own office, by one definition per row.

Which rows a table has, their labels and the published plan and actual figures are data (`resources/indicators`);
how each kind of row is computed is decided here and in `kimdesk.reporting.classify` (decision 041).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from kimdesk.domain.vocabulary import AccessPath
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.resources import resource
from kimdesk.reporting.classify import CaseStatus, Period, counts_in, status_of
from kimdesk.reporting.counts import CaseCounts

UNKNOWN_ACCESS = "unknown"


class IndicatorKind(StrEnum):
    """How a row is computed, and what belongs together on a page."""

    CASES = "cases"
    PERSONS = "persons"
    PERSONS_PER_CASE = "persons_per_case"
    STATUS = "status"
    ACCESS = "access"
    MANUAL = "manual"
    SUM = "sum"


class IndicatorSetMissing(KnownError):
    """A district profile names an indicator set that does not come with the program."""

    default_message = N_(
        "Der Kennzahlensatz „{name}“ fehlt. Bitte wählen Sie in den Einstellungen ein anderes Profil des Kreises."
    )


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    """A row of a set. `value` is the status or access path counted, `parts` are the rows a sum adds up."""

    row: str
    label: str
    kind: IndicatorKind
    value: str
    parts: tuple[str, ...]
    plan: Mapping[int, int]
    actual: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """A named list of rows with the source of its published figures."""

    identifier: str
    name: str
    source: str
    rows: tuple[IndicatorDefinition, ...]


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A computed row. `value` is None where it was not entered or cannot be computed (nobody to divide by);
    `plan` and `previous` (the year before) are None where unknown."""

    row: str
    label: str
    kind: IndicatorKind
    value: int | Decimal | None
    plan: int | None
    previous: int | Decimal | None


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """The computed table of one year, district-wide or for the one commune or subregion named."""

    year: int
    reference_date: date
    commune: str | None
    subregion: str | None
    source: str
    rows: tuple[IndicatorRow, ...]

    def value(self, row: str) -> int | Decimal | None:
        """Return the value of the row with this identifier; `KeyError` if the set has none."""
        for entry in self.rows:
            if entry.row == row:
                return entry.value
        raise KeyError(row)


def load_indicator_set(identifier: str) -> IndicatorSet:
    """Return the set in `resources/indicators/<identifier>.toml`. Raises `IndicatorSetMissing`."""
    path = resource("indicators", f"{identifier}.toml")
    if not identifier.replace("-", "").isalnum() or not path.is_file():
        raise IndicatorSetMissing(name=identifier)
    return parse_indicator_set(path.read_text(encoding="utf-8"))


def parse_indicator_set(text: str) -> IndicatorSet:
    """Return the set in the TOML `text`. Raises `ValueError` or `KeyError` for a set whose partitions cannot close."""
    document = tomllib.loads(text)
    rows = tuple(_definition(entry) for entry in document["rows"])
    known = {row.row for row in rows}
    if len(known) != len(rows):
        raise ValueError("a row is defined twice")
    for kind, wanted in (
        (IndicatorKind.STATUS, {status.value for status in CaseStatus}),
        (IndicatorKind.ACCESS, {path.value for path in AccessPath} | {UNKNOWN_ACCESS}),
    ):
        values = [row.value for row in rows if row.kind is kind]
        if set(values) != wanted or len(values) != len(wanted):
            raise ValueError(f"the rows of kind {kind} do not part the cases: each of {sorted(wanted)} needs one row")
    manual = {row.row for row in rows if row.kind is IndicatorKind.MANUAL}
    if any(not row.parts or not set(row.parts) <= manual for row in rows if row.kind is IndicatorKind.SUM):
        raise ValueError("a sum adds up rows entered by hand")
    return IndicatorSet(document["id"], document["name"], document["source"], rows)


def _definition(entry: dict[str, Any]) -> IndicatorDefinition:
    return IndicatorDefinition(
        row=entry["row"],
        label=entry["label"],
        kind=IndicatorKind(entry["count"]),
        value=entry.get("value", ""),
        parts=tuple(entry.get("parts", ())),
        plan={int(year): figure for year, figure in entry.get("plan", {}).items()},
        actual={int(year): figure for year, figure in entry.get("actual", {}).items()},
    )


def compute(
    rows: Iterable[CaseCounts],
    indicators: IndicatorSet,
    *,
    year: int,
    reference_date: date | None = None,
    manual: Mapping[str, int | None] | None = None,
    commune: str | None = None,
    subregion: str | None = None,
) -> IndicatorTable:
    """Return the exact table of `year`, counted up to `reference_date` (31.12. if None).

    `manual` gives the rows entered by hand for this year; a row not entered is None, and so is a sum over it. With
    `commune` (AGS) or `subregion` only its cases count; plan figures and entered rows are those of the whole
    district and are left out then. The year before is counted from the same rows, up to the same day of that year;
    where the vault has no case of it, the published figure stands in, if the set has one.
    """
    period = Period.whole_year(year) if reference_date is None else Period(year, reference_date)
    filtered = commune is not None or subregion is not None
    cases = [
        row
        for row in rows
        if (commune is None or row.commune == commune) and (subregion is None or row.subregion == subregion)
    ]
    entered = {} if filtered or manual is None else manual
    now = _values(cases, indicators, period, entered)
    before = _year_before(cases, indicators, period)
    return IndicatorTable(
        year=year,
        reference_date=period.reference_date,
        commune=commune,
        subregion=subregion,
        source=indicators.source,
        rows=tuple(
            IndicatorRow(
                row=definition.row,
                label=definition.label,
                kind=definition.kind,
                value=now[definition.row],
                plan=None if filtered else definition.plan.get(year),
                previous=_previous(definition, before, None if filtered else year - 1),
            )
            for definition in indicators.rows
        ),
    )


def _previous(
    definition: IndicatorDefinition, before: Mapping[str, int | Decimal | None], published_year: int | None
) -> int | Decimal | None:
    counted = before.get(definition.row)
    if counted is not None or published_year is None:
        return counted
    return definition.actual.get(published_year)


def _year_before(
    cases: list[CaseCounts], indicators: IndicatorSet, period: Period
) -> Mapping[str, int | Decimal | None]:
    """Return the values of the year before up to the same day, empty where no case counts in it."""
    day = period.reference_date
    try:
        earlier = Period(period.year - 1, day.replace(year=day.year - 1))
    except ValueError:  # 29 February
        earlier = Period(period.year - 1, date(day.year - 1, 2, 28))
    if not any(counts_in(row, earlier) for row in cases):
        return {}
    return _values(cases, indicators, earlier, {})


def _values(
    cases: list[CaseCounts], indicators: IndicatorSet, period: Period, manual: Mapping[str, int | None]
) -> dict[str, int | Decimal | None]:
    """Return the value of every row of the set, by its identifier."""
    counted = [row for row in cases if counts_in(row, period)]
    persons = len(frozenset().union(*(row.person_keys for row in counted)))
    statuses = [status_of(row, period).value for row in counted]
    paths = [_access(row) for row in counted]
    values: dict[str, int | Decimal | None] = {}
    for definition in indicators.rows:
        value: int | Decimal | None
        match definition.kind:
            case IndicatorKind.CASES:
                value = len(counted)
            case IndicatorKind.PERSONS:
                value = persons
            case IndicatorKind.PERSONS_PER_CASE:
                value = _per_case(persons, len(counted))
            case IndicatorKind.STATUS:
                value = statuses.count(definition.value)
            case IndicatorKind.ACCESS:
                value = paths.count(definition.value)
            case IndicatorKind.MANUAL:
                value = manual.get(definition.row)
            case IndicatorKind.SUM:
                parts = [manual.get(part) for part in definition.parts]
                known = [part for part in parts if part is not None]
                value = sum(known) if len(known) == len(parts) else None
        values[definition.row] = value
    return values


def _access(row: CaseCounts) -> str:
    """Return the access path, or that none of the eight is recorded."""
    return row.access_path if row.access_path in set(AccessPath) and row.access_path else UNKNOWN_ACCESS


def _per_case(persons: int, cases: int) -> Decimal | None:
    """Return persons per case with one decimal, halves rounded up; None without cases."""
    if cases == 0:
        return None
    return (Decimal(persons) / cases).quantize(Decimal("0.1"), ROUND_HALF_UP)
