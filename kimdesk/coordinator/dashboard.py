"""What the dashboard shows, read in one transaction."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, Engine

from kimdesk.coordinator import laptops, store
from kimdesk.coordinator.database import reading
from kimdesk.coordinator.figures import Added, Layout, add_up, unpack_figures
from kimdesk.coordinator.labels import load_district
from kimdesk.coordinator.office import Office
from kimdesk.coordinator.sums import (
    LaptopLine,
    LaptopState,
    Sum,
    SummedTable,
    as_sum,
    as_table,
    as_tables,
    expected_quarter,
    quarters_shown,
    state_of,
)
from kimdesk.foundation.clock import Clock
from kimdesk.reporting.classify import last_finished_quarter
from kimdesk.reporting.release import TableState

TREND_YEARS = 3


@dataclass(frozen=True)
class TrendPoint:
    """A sum of the year to date at the end of a quarter; `value` is None where no laptop had sent anything."""

    year: int
    quarter: int
    value: int | None
    margin: float | None
    laptops: int


@dataclass(frozen=True)
class Board:
    """The sums of a year to date, up to a quarter, of the whole district or one place."""

    office: str
    fingerprint: str
    year: int
    years: tuple[int, ...]
    quarter: int | None
    quarters: tuple[int, ...]
    expected_quarter: int
    place: str | None
    places: tuple[tuple[str, str], ...]
    tables: tuple[SummedTable, ...]
    laptops: tuple[LaptopLine, ...]
    held_back: Sequence[store.QuarantineRow]
    trend: tuple[TrendPoint, ...]
    persons_trend: tuple[TrendPoint, ...]

    @property
    def cases(self) -> Sum | None:
        """All cases."""
        return self._total("status")

    @property
    def persons(self) -> Sum | None:
        """All persons."""
        return self._total("persons")

    def _total(self, name: str) -> Sum | None:
        return next((table.total for table in self.tables if table.name == name), None)

    @cached_property
    def enrolled(self) -> int:
        """Number of laptops that have joined and were not revoked."""
        return sum(line.state not in (LaptopState.INVITED, LaptopState.REVOKED) for line in self.laptops)

    @cached_property
    def in_sum(self) -> int:
        """Number of laptops whose figures are in the sums."""
        return sum(line.quarter is not None for line in self.laptops)

    @cached_property
    def missing(self) -> tuple[LaptopLine, ...]:
        """Enrolled laptops that sent nothing for the year though a quarter of it is over."""
        return tuple(line for line in self.laptops if line.state is LaptopState.MISSING)

    @cached_property
    def late(self) -> tuple[LaptopLine, ...]:
        """Laptops whose figures are of an earlier quarter than the one that is due."""
        return tuple(line for line in self.laptops if line.state is LaptopState.OLDER)


@dataclass(frozen=True)
class IndicatorBoard:
    """One table: the whole district, each subregion, and how it went over the quarters."""

    board: Board
    table: SummedTable
    regions: tuple[tuple[str | None, SummedTable], ...]
    trend: tuple[TrendPoint, ...]
    cell_trends: tuple[tuple[Sum, tuple[TrendPoint, ...]], ...]


@dataclass(frozen=True)
class _Places:
    """Where each laptop works, and the names of all places."""

    commune: dict[str, str | None]
    subregion: dict[str, str | None]
    choices: tuple[tuple[str, str], ...]

    def matches(self, sender: str, place: str | None) -> bool:
        return place is None or place in (self.commune.get(sender), self.subregion.get(sender))


class BoardReader:
    """Reads the dashboard."""

    def __init__(self, office: Office, engine: Engine, clock: Clock) -> None:
        self._office = office
        self._engine = engine
        self._clock = clock
        self._district = load_district(office.district)
        self._rules = self._district.rules

    def read(self, year: int | None, quarter: int | None = None, place: str | None = None) -> Board:
        """Return the board of `year`, by default of the newest year with releases.

        `quarter` shows the year as it was then, `place` (a subregion's name or a commune's AGS) only its laptops;
        a period or place there is nothing of is left out.
        """
        with reading(self._engine) as connection:
            return self._read(connection, year, quarter, place)

    def indicator(
        self, name: str, year: int | None, quarter: int | None = None, place: str | None = None
    ) -> IndicatorBoard | None:
        """Return the board of one table, None where no laptop sent it."""
        with reading(self._engine) as connection:
            board = self._read(connection, year, quarter, place)
            definition = next((table for table in self._rules.tables if table.name == name), None)
            table = next((table for table in board.tables if table.name == name), None)
            if definition is None or table is None:
                return None
            layouts = store.list_layouts(connection)
            rows = store.latest_releases(connection, board.year, board.quarter or 4)
            places = self._places(laptops.list_senders(connection), {row.sender: row.subregion for row in rows})
            of_table = {number: layout.only(name) for number, layout in layouts.items()}
            spans = {number: layout.span(name) for number, layout in layouts.items()}
            by_region: dict[str | None, list[tuple[int, array[int]]]] = {}
            for row in rows:
                if places.matches(row.sender, board.place):
                    by_region.setdefault(places.subregion.get(row.sender), []).append(
                        (row.layout, unpack_figures(row.figures[spans[row.layout]]))
                    )
            regions = [
                (region, as_table(definition, added[name]))
                for region, releases in by_region.items()
                if name in (added := add_up(releases, of_table))
            ]
            trend, cells = self._table_trend(connection, name, layouts, places, board)
        return IndicatorBoard(
            board=board,
            table=table,
            regions=tuple(sorted(regions, key=lambda entry: (entry[0] is None, entry[0] or ""))),
            trend=trend,
            cell_trends=tuple((cell, cells.get(cell.name, ())) for cell in table.cells),
        )

    def _read(self, connection: Connection, year: int | None, quarter: int | None, place: str | None) -> Board:
        today = self._clock.today()
        with_releases = store.list_years(connection)
        years = sorted({*with_releases, last_finished_quarter(today)[0]}, reverse=True)
        shown = year if year in years else (with_releases[0] if with_releases else years[0])
        over = expected_quarter(shown, today)
        chosen = quarter if quarter is not None and 1 <= quarter <= over else None
        rows = store.latest_releases(connection, shown, chosen or 4)
        senders = laptops.list_senders(connection)
        places = self._places(senders, {row.sender: row.subregion for row in rows})
        wanted = place if place in {key for key, _ in places.choices} else None
        rows = [row for row in rows if places.matches(row.sender, wanted)]
        added = add_up(((row.layout, unpack_figures(row.figures)) for row in rows), store.list_layouts(connection))
        expected = min(chosen or over, over)
        totals = store.list_totals(connection, shown - TREND_YEARS + 1)
        here = {sender.id for sender in senders if places.matches(sender.id, wanted)}
        return Board(
            office=self._office.name,
            fingerprint=self._office.keys.card.fingerprint,
            year=shown,
            years=tuple(years),
            quarter=chosen,
            quarters=tuple(range(1, over + 1)),
            expected_quarter=expected,
            place=wanted,
            places=places.choices,
            tables=as_tables(added, self._rules),
            laptops=tuple(self._lines(connection, senders, rows, places, wanted, expected)),
            held_back=store.list_quarantine(connection),
            trend=self._trend([(row[0], row[1], row[2], row[3]) for row in totals if row[0] in here], shown),
            persons_trend=self._trend([(row[0], row[1], row[2], row[4]) for row in totals if row[0] in here], shown),
        )

    def _lines(
        self,
        connection: Connection,
        senders: Sequence[laptops.SenderRow],
        rows: Sequence[store.ReleaseRow],
        places: _Places,
        place: str | None,
        expected: int,
    ) -> Sequence[LaptopLine]:
        releases = {row.sender: row for row in rows}
        invited = laptops.list_invited(connection)
        withheld = self._withheld(connection, rows)
        lines = []
        for sender in senders:
            if not places.matches(sender.id, place):
                continue
            release = releases.get(sender.id)
            commune = places.commune.get(sender.id)
            lines.append(
                LaptopLine(
                    id=sender.id,
                    name=sender.name,
                    place=self._district.communes.get(commune, commune) if commune else places.subregion.get(sender.id),
                    quarter=None if release is None else release.quarter,
                    received_at=None if release is None else release.received_at,
                    state=state_of(
                        enrolled=sender.enrolled_at is not None,
                        revoked=sender.revoked_at is not None,
                        quarter=None if release is None else release.quarter,
                        expected=expected,
                    ),
                    totals_only=sender.id in withheld,
                    invited_until=invited.get(sender.id),
                )
            )
        return lines

    def _withheld(self, connection: Connection, rows: Sequence[store.ReleaseRow]) -> set[str]:
        """Return the laptops that sent totals only."""
        layouts = store.list_layouts(connection)
        code = list(TableState).index(TableState.WITHHELD)
        found = set()
        for row in rows:
            # The first number is the state of the first table, and a laptop under the gate withholds all of them.
            if layouts[row.layout].tables and unpack_figures(row.figures[:4])[0] == code:
                found.add(row.sender)
        return found

    def _places(self, senders: Sequence[laptops.SenderRow], sent: dict[str, str | None]) -> _Places:
        """Return where laptops work: what a release says comes first, then what the office wrote down."""
        district = self._district
        commune = {sender.id: sender.commune for sender in senders}
        subregion = {
            sender.id: sent.get(sender.id) or sender.subregion or district.subregions.get(sender.commune or "")
            for sender in senders
        }
        names = sorted({name for name in subregion.values() if name})
        keys = sorted({key for key in commune.values() if key}, key=lambda key: district.communes.get(key, key))
        choices = [(name, name) for name in names] + [(key, district.communes.get(key, key)) for key in keys]
        return _Places(commune, subregion, tuple(choices))

    def _trend(self, rows: Sequence[tuple[str, int, int, int | None]], last_year: int) -> tuple[TrendPoint, ...]:
        """Return the sums at the end of each quarter, from (laptop, year, quarter, value) in their order."""
        periods = self._periods(last_year)
        by_period: dict[tuple[int, int], list[tuple[str, int | None]]] = {}
        for sender, year, quarter, value in rows:
            by_period.setdefault((year, quarter), []).append((sender, value))
        points: list[TrendPoint] = []
        present: dict[str, int | None] = {}
        year_of = 0
        for year, quarter in periods:
            if year != year_of:
                present, year_of = {}, year
            present.update(by_period.get((year, quarter), ()))
            values = [value for value in present.values() if value is not None]
            points.append(_point(year, quarter, Added(sum(values), len(values))))
        return _without_empty_start(points)

    def _table_trend(
        self, connection: Connection, name: str, layouts: dict[int, Layout], places: _Places, board: Board
    ) -> tuple[tuple[TrendPoint, ...], dict[str, tuple[TrendPoint, ...]]]:
        """Return the trend of a table's total and of each of its cells."""
        of_table = {number: layout.only(name) for number, layout in layouts.items()}
        spans = {number: layout.span(name) for number, layout in layouts.items()}
        by_period: dict[tuple[int, int], list[tuple[str, tuple[int, array[int]]]]] = {}
        for sender, year, quarter, layout, figures in store.list_figures(connection, board.year - TREND_YEARS + 1):
            if places.matches(sender, board.place) and of_table[layout].tables:
                part = unpack_figures(figures[spans[layout]])
                by_period.setdefault((year, quarter), []).append((sender, (layout, part)))
        totals: list[TrendPoint] = []
        cells: dict[str, list[TrendPoint]] = {}
        present: dict[str, tuple[int, array[int]]] = {}
        year_of = 0
        for year, quarter in self._periods(board.year):
            if year != year_of:
                present, year_of = {}, year
            present.update(by_period.get((year, quarter), ()))
            added = add_up(present.values(), of_table).get(name)
            totals.append(_point(year, quarter, added.total if added else None))
            for cell in board_cells(board, name):
                cells.setdefault(cell, []).append(_point(year, quarter, added.cells.get(cell) if added else None))
        start = len(totals) - len(_without_empty_start(totals))
        return tuple(totals[start:]), {cell: tuple(points[start:]) for cell, points in cells.items()}

    def _periods(self, last_year: int) -> Sequence[tuple[int, int]]:
        return [
            period
            for period in quarters_shown(last_year - TREND_YEARS + 1, self._clock.today())
            if period[0] <= last_year
        ]


def board_cells(board: Board, name: str) -> Sequence[str]:
    """Return the names of a table's cells."""
    return [cell.name for table in board.tables if table.name == name for cell in table.cells]


def _point(year: int, quarter: int, added: Added | None) -> TrendPoint:
    shown = as_sum("", "", added)
    return TrendPoint(year, quarter, shown.value, shown.margin, shown.laptops)


def _without_empty_start(points: Sequence[TrendPoint]) -> tuple[TrendPoint, ...]:
    first = next((place for place, point in enumerate(points) if point.value is not None), len(points))
    return tuple(points[first:])
