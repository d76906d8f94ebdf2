"""The exact table of a year beside its picture. None of it leaves the laptop."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.domain.vocabulary import label
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.reporting.classify import Period
from kimdesk.reporting.indicators import EVERYWHERE, IndicatorKind, IndicatorRow, IndicatorTable, Place
from kimdesk.services.figures import FigureService
from kimdesk.services.indicators import TREND_ROWS, ExportFormat, IndicatorOverview
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.figures.beside import Beside
from kimdesk.ui.figures.figure_grid import FigureGrid
from kimdesk.ui.figures.period_bar import PeriodBar
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import Bar, BarPicture, IconLabel, MenuButton, Scroll, SectionCard, Text, column, row

_CASE_KINDS = (IndicatorKind.CASES, IndicatorKind.PERSONS, IndicatorKind.PERSONS_PER_CASE, IndicatorKind.STATUS)
_BY_HAND = (IndicatorKind.MANUAL, IndicatorKind.SUM)


@dataclass(frozen=True)
class _Read:
    years: tuple[int, ...]
    places: tuple[tuple[Place, str], ...]
    district: str
    overview: IndicatorOverview


class IndicatorView(QWidget):
    """Reads with `load`, keeps what was entered at once. `behind_wanted(row, label)` asks for the cases of a figure,
    `export_wanted(form)` for a file."""

    behind_wanted = Signal(str, str)
    export_wanted = Signal(object)

    def __init__(self, figures: FigureService, jobs: Jobs, messages: Messages) -> None:
        super().__init__()
        self._figures, self._jobs, self._messages = figures, jobs, messages
        self.table: IndicatorTable | None = None
        self.bar = PeriodBar()
        self.bar.changed.connect(self.load)
        self.export_button = MenuButton(_("Exportieren"), symbol=Icon.EXPORT)
        self.export_button.add(_("Als Excel-Tabelle (XLSX) …"), lambda: self.export_wanted.emit(ExportFormat.XLSX))
        self.export_button.add(_("Als Bericht (PDF) …"), lambda: self.export_wanted.emit(ExportFormat.PDF))
        self.export_button.add(_("Als CSV-Datei …"), lambda: self.export_wanted.emit(ExportFormat.CSV))
        self.cases = FigureGrid(_("Fälle"))
        self.access = FigureGrid(_("Zugangswege"))
        self.by_hand = FigureGrid(_("Baustein 3"))
        self.by_hand.entered.connect(self._entered)
        for grid in (self.cases, self.access):
            grid.wanted.connect(self.behind_wanted)
        self.by_hand_card = SectionCard(
            _("Baustein 3"), note=_("Zahlen der Behörden, von Hand eingetragen"), content=self.by_hand
        )
        self.source = Text("", "meta", wrap=True, selectable=True)
        self.status_picture = BarPicture(name=_("Stand der Fälle"))
        self.access_picture = BarPicture(name=_("Zugangswege"))
        self.flow_picture = BarPicture(name=_("Weg durch die Phasen"))
        self.trend_pictures: dict[str, BarPicture] = {}
        pictures = SectionCard(_("Im Bild"), note=_("schmaler Balken: Vorjahr"))
        self._add_picture(pictures, _("Stand der Fälle"), self.status_picture)
        self._add_picture(pictures, _("Zugangswege"), self.access_picture)
        self._add_picture(pictures, _("Weg durch die Phasen: Fälle mit einem Eintrag"), self.flow_picture)
        for name, heading in (
            (TREND_ROWS[0], _("Fälle im Lauf der Jahre")),
            (TREND_ROWS[1], _("Personen im Lauf der Jahre")),
        ):
            self.trend_pictures[name] = BarPicture(name=heading)
            self._add_picture(pictures, heading, self.trend_pictures[name])
        pictures.body.addStretch(1)
        tables = QWidget()
        tables.setLayout(
            column(
                SectionCard(_("Fälle"), content=self.cases),
                SectionCard(_("Zugangswege"), content=self.access),
                self.by_hand_card,
                None,
                space=Space.M,
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, Space.S, 0, 0)
        layout.setSpacing(Space.S)
        stays = _("Die genauen Zahlen bleiben auf diesem Laptop.")
        layout.addWidget(self.bar)
        layout.addLayout(
            row(
                self.bar.reference,
                IconLabel(Icon.SHIELD, stays, tone="good", role="muted"),
                None,
                self.export_button,
                space=Space.L,
            )
        )
        layout.addWidget(Scroll(Beside(tables, pictures, narrowest=820, side_width=470)), 1)
        layout.addWidget(self.source)

    @staticmethod
    def _add_picture(card: SectionCard, heading: str, picture: BarPicture) -> None:
        card.add(Text(heading, "overline"))
        card.add(picture)

    def load(self) -> None:
        """Read the chosen period and place, the first time the last year with cases."""
        period, place = self.bar.period(), self.bar.place()
        figures = self._figures

        def read() -> _Read:
            days = period or Period.whole_year(figures.last_year_with_cases())
            return _Read(
                figures.years(), figures.places(), figures.name_of(EVERYWHERE), figures.overview(days, place=place)
            )

        self._jobs.read(read, self._show, owner=self, latest="indicators")

    def _show(self, view: _Read) -> None:
        self.table = table = view.overview.table
        self.bar.offer(view.years, table.year, view.places, view.district)
        rows = table.rows
        self.cases.show_rows([row for row in rows if row.kind in _CASE_KINDS])
        self.access.show_rows([row for row in rows if row.kind is IndicatorKind.ACCESS])
        by_hand = [row for row in rows if row.kind in _BY_HAND]
        self.by_hand.show_rows(by_hand)
        # Figures of the authorities are those of a year of the whole district.
        self.by_hand_card.setVisible(bool(by_hand) and table.period.is_year_to_date and not table.place.is_part)
        self.status_picture.set_bars([_bar(row) for row in rows if row.kind is IndicatorKind.STATUS])
        self.access_picture.set_bars([_bar(row) for row in rows if row.kind is IndicatorKind.ACCESS])
        self.flow_picture.set_bars([Bar(_(label(phase)), number) for phase, number in view.overview.flow])
        for name, years in view.overview.trend:
            bars = [Bar(str(year), None if value is None else float(value)) for year, value in years]
            self.trend_pictures[name].set_bars(bars)
        self.source.setText(_("Plan und veröffentlichte Zahlen: {source}").format(source=table.source))
        self.source.setVisible(bool(table.source))

    def _entered(self, name: str, value: int | None) -> None:
        if self.table is None:
            return
        year, before = self.table.year, self.table.value(name)
        old = None if before is None else int(before)
        self._jobs.write(
            lambda: self._figures.save_manual(year, name, value),
            lambda _written: self._messages.good(
                _("Die Zahl ist gespeichert."), undo=lambda: self._take_back(year, name, old)
            ),
            lambda error: self._refused(name, error),
            owner=self,
        )

    def _take_back(self, year: int, name: str, value: int | None) -> None:
        self._jobs.write(lambda: self._figures.save_manual(year, name, value), owner=self)

    def _refused(self, name: str, error: KnownError) -> None:
        if not self.by_hand.show_problem(name, render_error(error)):
            self._messages.show_error(error)


def _bar(row: IndicatorRow) -> Bar:
    return Bar(
        _(row.label),
        None if row.value is None else float(row.value),
        None if row.previous is None else float(row.previous),
    )
