"""The indicator table: exact figures for the own office, by one definition per row.

Which rows a table has, their labels and the published plan and actual figures are data (`resources/indicators`);
how each kind of row is computed is decided here and in `kimdesk.reporting.classify` (decision 041).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from kimdesk.domain.vocabulary import AccessPath, Phase
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
class Place:
    """The one commune (AGS) or subregion a table is about; the whole district where both are None."""

    commune: str | None = None
    subregion: str | None = None

    @property
    def is_part(self) -> bool:
        """Whether this is less than the whole district."""
        return self.commune is not None or self.subregion is not None

    def holds(self, row: CaseCounts) -> bool:
        """Return whether a case belongs here."""
        return self.commune in (None, row.commune) and self.subregion in (None, row.subregion)


EVERYWHERE = Place()


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """The computed table of one period, district-wide or for the one commune or subregion named."""

    period: Period
    place: Place
    source: str
    rows: tuple[IndicatorRow, ...]

    @property
    def year(self) -> int:
        """The year the period begins in."""
        return self.period.year

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
    period: Period,
    *,
    manual: Mapping[str, int | None] | None = None,
    place: Place = EVERYWHERE,
) -> IndicatorTable:
    """Return the exact table of `period`.

    `manual` gives the rows entered by hand for its year; a row not entered is None, and so is a sum over it. Plan
    figures and entered rows are those of a year of the whole district: for a part of it, or another span of time
    than a year to date, they are left out. The same days of the year before are counted from the same rows; where
    the vault has no case of them, the published figure stands in, if the set has one.
    """
    cases = [row for row in rows if place.holds(row)]
    yearly = period.is_year_to_date and not place.is_part
    now = _values(cases, indicators, period, manual if yearly and manual is not None else {})
    earlier = period.a_year_before()
    counted_before = any(counts_in(row, earlier) for row in cases)
    before = _values(cases, indicators, earlier, {}) if counted_before else {}
    return IndicatorTable(
        period=period,
        place=place,
        source=indicators.source,
        rows=tuple(
            IndicatorRow(
                row=definition.row,
                label=definition.label,
                kind=definition.kind,
                value=now[definition.row],
                plan=definition.plan.get(period.year) if yearly else None,
                previous=_previous(definition, before, earlier.year if yearly else None),
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


def cases_behind(
    rows: Iterable[CaseCounts], definition: IndicatorDefinition, period: Period, *, place: Place = EVERYWHERE
) -> frozenset[bytes]:
    """Return the record keys of the cases that make up a row's figure; empty for rows entered by hand.

    For persons, and persons per case, these are the cases the persons are counted in.
    """
    counted = (row for row in rows if place.holds(row) and counts_in(row, period))
    match definition.kind:
        case IndicatorKind.CASES | IndicatorKind.PERSONS | IndicatorKind.PERSONS_PER_CASE:
            return frozenset(row.record_key for row in counted)
        case IndicatorKind.STATUS:
            return frozenset(row.record_key for row in counted if status_of(row, period) == definition.value)
        case IndicatorKind.ACCESS:
            return frozenset(row.record_key for row in counted if _access(row) == definition.value)
        case IndicatorKind.MANUAL | IndicatorKind.SUM:
            return frozenset()


FLOW = (
    Phase.INTAKE,
    Phase.ASSESSMENT,
    Phase.AGREEMENT,
    Phase.MONITORING,
    Phase.REASSESSMENT,
    Phase.CLOSURE,
)
"""The phases with a dated record of their own, in their order."""


def flow(rows: Iterable[CaseCounts], period: Period, *, place: Place = EVERYWHERE) -> tuple[tuple[Phase, int], ...]:
    """Return how many of the period's cases had a record of each phase of `FLOW` up to the reference date."""
    counted = [row for row in rows if place.holds(row) and counts_in(row, period)]
    reached = [{phase for phase, day in row.steps.items() if day <= period.reference_date} for row in counted]
    return tuple((phase, sum(phase in steps for steps in reached)) for phase in FLOW)


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
