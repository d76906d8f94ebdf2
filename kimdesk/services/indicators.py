"""The exact indicator table: any period, any part of the district, the cases behind a figure, and its way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal, assert_never

from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.views import CaseLine
from kimdesk.domain.vocabulary import Phase
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.files import write_atomically
from kimdesk.foundation.sheets import Cell, csv_bytes, xlsx_bytes
from kimdesk.i18n import _, language
from kimdesk.reporting.classify import Period
from kimdesk.reporting.counts import CaseCounts
from kimdesk.reporting.indicators import (
    EVERYWHERE,
    IndicatorKind,
    IndicatorSet,
    IndicatorTable,
    Place,
    cases_behind,
    compute,
    flow,
    load_indicator_set,
)
from kimdesk.services.changes import Written
from kimdesk.services.settings import SettingsService
from kimdesk.storage import releases as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.case_counts import lines_of
from kimdesk.storage.vault.vault import Vault

TREND_YEARS = 5
TREND_ROWS = ("cases_total", "persons_total")
"""Rows every indicator set has; the picture of the years shows them."""


class ExportFormat(StrEnum):
    """The forms in which the exact table can be kept outside the vault."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class ExportNotWritten(KnownError):
    """The chosen place does not take the file."""

    default_message = N_(
        "Die Datei {path} lässt sich nicht schreiben. Bitte prüfen Sie, ob dort Platz ist und ob Sie dort schreiben "
        "dürfen, oder wählen Sie einen anderen Ort."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorOverview:
    """A table with what its pictures show. `trend` holds per row of `TREND_ROWS` the figures of up to five years,
    oldest first; `flow` how many cases have a record of each phase."""

    table: IndicatorTable
    trend: tuple[tuple[str, tuple[tuple[int, int | Decimal | None], ...]], ...]
    flow: tuple[tuple[Phase, int], ...]


class IndicatorWork:
    """The part of the figure service that stays on the laptop."""

    def __init__(
        self,
        vault: Vault,
        settings: SettingsService,
        counts: Callable[[], tuple[CaseCounts, ...]],
        clock: Clock,
    ) -> None:
        self._vault = vault
        self._settings = settings
        self._counts = counts
        self._clock = clock

    def years(self) -> tuple[int, ...]:
        """Return the years a table can be shown for, newest first: from the first intake to the current year."""
        today = self._clock.today().year
        first = min((row.intake_on.year for row in self._counts()), default=today)
        return tuple(range(today, min(first, today) - 1, -1))

    def last_year_with_cases(self) -> int:
        """Return the year of the latest intake up to today, the current year where there is none."""
        today = self._clock.today()
        years = [row.intake_on.year for row in self._counts() if row.leads and row.intake_on <= today]
        return max(years, default=today.year)

    def places(self) -> tuple[tuple[Place, str], ...]:
        """Return the parts of the district a table can be narrowed to, with their names: subregions, then communes."""
        profile = self._settings.profile()
        return (
            *((Place(subregion=name), name) for name in profile.subregions),
            *((Place(commune=commune.ags), commune.name) for commune in profile.communes),
        )

    def indicators(self, period: Period, *, place: Place = EVERYWHERE, profile: str | None = None) -> IndicatorTable:
        """Return the exact indicator table by the district's indicator set, or the set named."""
        return self._table(self._counts(), self._set(profile), period, place)

    def overview(self, period: Period, *, place: Place = EVERYWHERE) -> IndicatorOverview:
        """Return the table with the figures of the years before and the flow through the phases.

        Every year of the trend ends on the day of the year on which `period` ends, if that is a year to date.
        """
        rows, indicators = self._counts(), self._set(None)
        table = self._table(rows, indicators, period, place)
        first = min((row.intake_on.year for row in rows), default=period.year)
        tables = [table]
        while len(tables) < TREND_YEARS and tables[0].year > first:
            tables.insert(0, self._table(rows, indicators, tables[0].period.a_year_before(), place))
        known = {row.row for row in table.rows}
        trend = tuple(
            (name, tuple((entry.year, entry.value(name)) for entry in tables)) for name in TREND_ROWS if name in known
        )
        return IndicatorOverview(table=table, trend=trend, flow=flow(rows, period, place=place))

    def cases_behind(self, row: str, period: Period, *, place: Place = EVERYWHERE) -> tuple[CaseLine, ...]:
        """Return the cases that make up the figure of a row, by number; empty for rows entered by hand.

        Raises `KeyError` for a row the set does not have.
        """
        definition = {entry.row: entry for entry in self._set(None).rows}[row]
        keys = cases_behind(self._counts(), definition, period, place=place)
        with self._vault.reader() as connection:
            return lines_of(connection, keys)

    def save_manual(self, year: int, row: str, value: int | None) -> Written[None]:
        """Keep a figure that another authority supplied; None removes it."""
        if row not in {entry.row for entry in self._set(None).rows if entry.kind is IndicatorKind.MANUAL}:
            raise RuleBroken(N_("Diese Zeile wird berechnet und lässt sich nicht von Hand eintragen."))
        if value is not None and not 0 <= value <= 1_000_000:
            raise RuleBroken(N_("Bitte geben Sie eine ganze Zahl ab 0 ein."), field_name=row)
        with self._vault.unit_of_work() as unit:
            store.set_manual_value(unit.connection, year, row, value)
            unit.record(AuditEntry(AuditAction.CHANGE, "figure", row, {"year": year}))
            unit.commit()
        return Written(None, frozenset({"figures"}))

    def export_indicators(
        self, form: ExportFormat, period: Period, path: Path, *, place: Place = EVERYWHERE
    ) -> Written[None]:
        """Note the export in the log and write the table to `path`, where it lies unencrypted.

        The log comes first: no file without a row. Raises `ExportNotWritten`; then a file of that name is as it was.
        """
        if form is ExportFormat.PDF:
            data = self.report(period, place=place)
        else:
            data = _as_file(form, self.indicators(period, place=place), self.name_of(place))
        self.note_export(form.value, period)
        try:
            write_atomically(path, data)
        except OSError:
            raise ExportNotWritten(path=str(path)) from None
        return Written(None, frozenset())

    def report(self, period: Period, *, place: Place = EVERYWHERE) -> bytes:
        """Return table and pictures as the pages of a PDF, in memory; who prints them says so with `note_export`."""
        from kimdesk.services.indicator_report import report_pages  # late: it brings the documents' room

        spoken = "en" if language() == "en" else "de"
        return report_pages(
            self.overview(period, place=place),
            self.name_of(place),
            self._settings.office(),
            self._clock.today(),
            spoken,
        )

    def note_export(self, form: str, period: Period) -> None:
        """Note in the log that the exact table was exported or printed."""
        with self._vault.unit_of_work() as unit:
            days = {"from": period.start.isoformat(), "to": period.reference_date.isoformat()}
            unit.record(AuditEntry(AuditAction.EXPORT, "figures", form, days))
            unit.commit()

    def name_of(self, place: Place) -> str:
        """Return the name of a part of the district, the district's own for the whole of it."""
        profile = self._settings.profile()
        if place.commune is not None:
            return profile.commune_name(place.commune)
        return place.subregion or profile.name

    def _set(self, name: str | None) -> IndicatorSet:
        return load_indicator_set(name or self._settings.profile().indicator_set)

    def _table(
        self, rows: tuple[CaseCounts, ...], indicators: IndicatorSet, period: Period, place: Place
    ) -> IndicatorTable:
        with self._vault.reader() as connection:
            manual = store.manual_values(connection, period.year)
            before = store.manual_values(connection, period.year - 1)
        table = compute(rows, indicators, period, manual=manual, place=place)
        if not before or place.is_part or not period.is_year_to_date:
            return table
        return _with_entered_before(table, compute((), indicators, period.a_year_before(), manual=before))


def _with_entered_before(table: IndicatorTable, before: IndicatorTable) -> IndicatorTable:
    """Return `table` with what was entered by hand a year ago as those rows' previous year."""
    by_hand = (IndicatorKind.MANUAL, IndicatorKind.SUM)
    return replace(
        table,
        rows=tuple(
            replace(row, previous=value)
            if row.kind in by_hand and (value := before.value(row.row)) is not None
            else row
            for row in table.rows
        ),
    )


def _as_file(form: Literal[ExportFormat.CSV, ExportFormat.XLSX], table: IndicatorTable, place: str) -> bytes:
    days = f"{table.period.start.isoformat()} – {table.period.reference_date.isoformat()}"
    heading = [_("Kennung"), _("Kennzahl"), _("Ist"), _("Plan"), _("Vorjahr"), _("Gebiet"), _("Zeitraum")]
    lines: list[list[Cell]] = [list(heading)]
    lines.extend([row.row, _(row.label), row.value, row.plan, row.previous, place, days] for row in table.rows)
    match form:
        case ExportFormat.CSV:
            return csv_bytes(lines)
        case ExportFormat.XLSX:
            return xlsx_bytes([(_("Kennzahlen {year}").format(year=table.year), lines)])
    assert_never(form)
