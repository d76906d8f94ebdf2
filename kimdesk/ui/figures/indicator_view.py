"""The exact table of a year beside its picture. None of it leaves the laptop."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import short_date
from kimdesk.reporting.indicators import IndicatorKind, IndicatorRow, IndicatorTable
from kimdesk.services.figures import FigureService
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.figures.beside import Beside
from kimdesk.ui.figures.figure_grid import FigureGrid
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import Bar, BarPicture, ChoiceField, IconLabel, Scroll, SectionCard, Text, column, row

_CASE_KINDS = (IndicatorKind.CASES, IndicatorKind.PERSONS, IndicatorKind.PERSONS_PER_CASE, IndicatorKind.STATUS)
_BY_HAND = (IndicatorKind.MANUAL, IndicatorKind.SUM)


@dataclass(frozen=True)
class _Read:
    years: tuple[int, ...]
    table: IndicatorTable


class IndicatorView(QWidget):
    """Reads with `load`, keeps what was entered at once."""

    def __init__(self, figures: FigureService, jobs: Jobs, messages: Messages) -> None:
        super().__init__()
        self._figures, self._jobs, self._messages = figures, jobs, messages
        self.year: int | None = None
        self.table: IndicatorTable | None = None
        self.year_field = ChoiceField(empty=None)
        self.year_field.set_names(_("Jahr"), "")
        self.year_field.setFixedWidth(self.year_field.sizeHint().width())
        self.year_field.changed.connect(self._year_chosen)
        label = Text(_("Jahr"), "label")
        label.setBuddy(self.year_field.entry)
        self.reference = Text("", "muted")
        self.cases = FigureGrid(_("Fälle"))
        self.access = FigureGrid(_("Zugangswege"))
        self.by_hand = FigureGrid(_("Baustein 3"))
        self.by_hand.entered.connect(self._entered)
        self.by_hand_card = SectionCard(
            _("Baustein 3"), note=_("Zahlen der Behörden, von Hand eingetragen"), content=self.by_hand
        )
        self.source = Text("", "meta", wrap=True, selectable=True)
        self.status_picture = BarPicture(name=_("Stand der Fälle"))
        self.access_picture = BarPicture(name=_("Zugangswege"))
        pictures = SectionCard(_("Im Bild"), note=_("schmaler Balken: Vorjahr"))
        pictures.add(Text(_("Stand der Fälle"), "overline"))
        pictures.add(self.status_picture)
        pictures.add(Text(_("Zugangswege"), "overline"))
        pictures.add(self.access_picture)
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
        choice, promise = QWidget(), QWidget()
        choice.setLayout(row(label, self.year_field, self.reference, None, space=Space.M))
        stays = _("Die genauen Zahlen bleiben auf diesem Laptop.")
        promise.setLayout(row(None, IconLabel(Icon.SHIELD, stays, tone="good", role="muted")))
        head = Beside(choice, promise, narrowest=760)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout.addWidget(head)
        layout.addWidget(Scroll(Beside(tables, pictures, narrowest=820, side_width=470)), 1)
        layout.addWidget(self.source)

    def load(self) -> None:
        """Read the chosen year, the first time the last year with cases."""
        year = self.year
        figures = self._figures

        def read() -> _Read:
            return _Read(figures.years(), figures.indicators(year or figures.last_year_with_cases()))

        self._jobs.read(read, self._show, owner=self, latest="indicators")

    def _show(self, view: _Read) -> None:
        self.year, self.table = view.table.year, view.table
        years = sorted({*view.years, view.table.year}, reverse=True)
        self.year_field.blockSignals(True)
        self.year_field.set_options([(str(year), str(year)) for year in years])
        self.year_field.set_value(str(view.table.year))
        self.year_field.blockSignals(False)
        self.reference.setText(_("Stichtag {day}").format(day=short_date(view.table.reference_date)))
        rows = view.table.rows
        self.cases.show_rows([row for row in rows if row.kind in _CASE_KINDS])
        self.access.show_rows([row for row in rows if row.kind is IndicatorKind.ACCESS])
        by_hand = [row for row in rows if row.kind in _BY_HAND]
        self.by_hand.show_rows(by_hand)
        self.by_hand_card.setVisible(bool(by_hand))
        self.status_picture.set_bars([_bar(row) for row in rows if row.kind is IndicatorKind.STATUS])
        self.access_picture.set_bars([_bar(row) for row in rows if row.kind is IndicatorKind.ACCESS])
        self.source.setText(_("Plan und veröffentlichte Zahlen: {source}").format(source=view.table.source))
        self.source.setVisible(bool(view.table.source))

    def _year_chosen(self) -> None:
        chosen = self.year_field.value()
        if chosen is not None and int(chosen) != self.year:
            self.year = int(chosen)
            self.load()

    def _entered(self, name: str, value: int | None) -> None:
        year, before = self.year, None if self.table is None else self.table.value(name)
        if year is None:
            return
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
