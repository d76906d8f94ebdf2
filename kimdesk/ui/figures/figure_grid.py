"""A block of exact figures: value, plan, previous year; rows of other authorities take a number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kimdesk.i18n import _
from kimdesk.reporting.indicators import IndicatorKind, IndicatorRow
from kimdesk.ui.design import Space, theme
from kimdesk.ui.figures.words import figure
from kimdesk.ui.widgets import Button, Line, NumberField, Text, clear, describe

_LEADING = frozenset({IndicatorKind.CASES, IndicatorKind.PERSONS, IndicatorKind.SUM})
_LARGEST = 1_000_000
_VALUE, _PLAN, _PREVIOUS = 1, 2, 3


class _Entry(NumberField):
    """A figure entered by hand; tells only of what differs from what is stored."""

    entered = Signal(str, object)

    def __init__(self, row: IndicatorRow) -> None:
        super().__init__(largest=_LARGEST, placeholder=_("nicht eingetragen"))
        self._row = row.row
        self._stored: int | None = None
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.set_names(_(row.label), _("Zahl der Behörde; leer heißt nicht eingetragen"))
        self.error = Text("", "error", wrap=True)
        self.error.hide()
        self.changed.connect(lambda: self.show_problem(""))
        self.finished.connect(self._left)

    def show_stored(self, value: int | None) -> None:
        """Show what is stored, unless something else is being typed."""
        if not self.line.hasFocus() or self.value() == self._stored:
            self.set_value(value)
        self._stored = value

    def show_problem(self, text: str) -> None:
        """Show why the entry was not taken."""
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.mark_invalid(bool(text))

    def _left(self) -> None:
        problem = self.problem()
        self.show_problem(problem)
        if not problem and self.value() != self._stored:
            self.entered.emit(self._row, self.value())


class FigureGrid(QWidget):
    """Rows of one group. `entered(row, value)` when a figure of another authority was typed (None: taken away),
    `wanted(row, label)` when the cases behind a counted figure are asked for."""

    entered = Signal(str, object)
    wanted = Signal(str, str)

    def __init__(self, name: str) -> None:
        super().__init__()
        describe(self, name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnStretch(0, 1)
        self._built: tuple[tuple[str, str], ...] = ()
        self._texts: dict[str, tuple[Text | Button | None, Text, Text]] = {}
        self.entries: dict[str, _Entry] = {}

    def show_rows(self, rows: Sequence[IndicatorRow]) -> None:
        """Show `rows`; widgets stay while the set of rows is the same, so that nobody loses the place of typing."""
        if tuple((row.row, row.label) for row in rows) != self._built:
            self._build(rows)
        for row in rows:
            value, plan, previous = self._texts[row.row]
            if value is None:
                self.entries[row.row].show_stored(None if row.value is None else int(row.value))
            else:
                missing = row.kind is IndicatorKind.SUM and row.value is None
                value.setText(_("unvollständig") if missing else figure(row.value))
                what = _("Zeigt die Fälle hinter dieser Zahl.") if isinstance(value, Button) else ""
                describe(value, f"{_(row.label)}: {value.text()}", what)
                if isinstance(value, Button):
                    value.setEnabled(bool(row.value))
            plan.setText(figure(row.plan))
            describe(plan, _("{row}, Plan: {value}").format(row=_(row.label), value=plan.text()))
            previous.setText(figure(row.previous))
            describe(previous, _("{row}, Vorjahr: {value}").format(row=_(row.label), value=previous.text()))

    def show_problem(self, row: str, text: str) -> bool:
        """Show why an entry was refused; returns False if `row` is not entered here."""
        if row not in self.entries:
            return False
        self.entries[row].show_problem(text)
        return True

    def _build(self, rows: Sequence[IndicatorRow]) -> None:
        clear(self._grid)
        self._texts, self.entries = {}, {}
        for column, word in ((_VALUE, _("Ist")), (_PLAN, _("Plan")), (_PREVIOUS, _("Vorjahr"))):
            self._put(Text(word, "meta"), 0, column)
            self._grid.setColumnMinimumWidth(column, theme().px(130 if self._is_by_hand(rows, column) else 52))
        line = 1
        for row in rows:
            self._grid.addWidget(Line(), line, 0, 1, 4)
            role = "strong" if row.kind in _LEADING else "body"
            label = Text(_(row.label), role, wrap=True)
            self._grid.addWidget(label, line + 1, 0)
            plan, previous = Text("", "muted"), Text("", "muted")
            self._put(plan, line + 1, _PLAN)
            self._put(previous, line + 1, _PREVIOUS)
            if row.kind is IndicatorKind.MANUAL:
                entry = _Entry(row)
                label.setBuddy(entry.line)
                entry.entered.connect(self.entered)
                self.entries[row.row] = entry
                self._grid.addWidget(entry, line + 1, _VALUE)
                self._grid.addWidget(entry.error, line + 2, 0, 1, 4)
                self._texts[row.row] = (None, plan, previous)
            else:
                value = Text("", role) if row.kind is IndicatorKind.SUM else self._link(row)
                self._put(value, line + 1, _VALUE)
                self._texts[row.row] = (value, plan, previous)
            line += 3
        self._built = tuple((row.row, row.label) for row in rows)

    def _link(self, row: IndicatorRow) -> Button:
        """Return the figure as a link to the cases behind it."""
        return Button("", "link", on_click=lambda: self.wanted.emit(row.row, row.label))

    @staticmethod
    def _is_by_hand(rows: Sequence[IndicatorRow], column: int) -> bool:
        return column == _VALUE and any(row.kind is IndicatorKind.MANUAL for row in rows)

    def _put(self, text: Text | Button, line: int, column: int) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if isinstance(text, Text):
            text.setAlignment(right)
            self._grid.addWidget(text, line, column)
        else:
            self._grid.addWidget(text, line, column, right)
