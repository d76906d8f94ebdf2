"""Rows of frozen views as a Qt model: columns say how a row is read, sorted and searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from kimdesk.ui.design import Icon, Meaning, icon
from kimdesk.ui.design.icons import tone_colour
from kimdesk.ui.widgets.stepper import StepState

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
STEPS_ROLE = Qt.ItemDataRole.UserRole + 1
NOTE_ROLE = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True)
class Column(Generic[R]):
    """How one column reads a row.

    `text` is shown and searched; `sort` returns what is compared instead of the text (None sorts last); `note` is a
    second, smaller line; `meaning` colours the text; `steps` draws phase dots before the text; `width` in pixels at
    100 % text, 0 takes the rest; where the table is narrower than `leave_below` the column is left out.
    """

    title: str
    text: Callable[[R], str]
    width: int = 0
    leave_below: int = 0
    sort: Callable[[R], Any] | None = None
    note: Callable[[R], str] | None = None
    meaning: Callable[[R], Meaning | None] | None = None
    steps: Callable[[R], Sequence[StepState]] | None = None
    symbol: Callable[[R], Icon | None] | None = None
    right: bool = False
    strong: bool = False
    id: str = field(default="")


class RowsModel(QAbstractTableModel, Generic[R]):
    """Sorted and filtered rows; sorting goes over what is shown, searching too unless `searched` says otherwise."""

    def __init__(self, columns: Sequence[Column[R]], searched: Callable[[R, str], bool] | None = None) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._matches = searched
        self._all: list[R] = []
        self._shown: list[R] = []
        self._words: list[str] = []
        self._keep: Callable[[R], bool] | None = None
        self._sorted_by: tuple[int, bool] | None = None

    def set_rows(self, rows: Sequence[R]) -> None:
        """Take over `rows`; filter and order stay."""
        self._all = list(rows)
        self._refresh()

    def set_filter(self, text: str) -> None:
        """Show only rows in which every word of `text` occurs somewhere."""
        self._words = text.casefold().split()
        self._refresh()

    def set_condition(self, keep: Callable[[R], bool] | None) -> None:
        """Show only rows for which `keep` is true."""
        self._keep = keep
        self._refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = (column, order is Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._refresh()

    def _is_found(self, row: R) -> bool:
        if self._matches is not None:
            return all(self._matches(row, word) for word in self._words)
        text = self._searched(row)
        return all(word in text for word in self._words)

    def _searched(self, row: R) -> str:
        parts = [column.text(row) for column in self.columns]
        parts += [column.note(row) for column in self.columns if column.note is not None]
        return " ".join(parts).casefold()

    def _refresh(self) -> None:
        self.beginResetModel()
        shown = [row for row in self._all if self._keep is None or self._keep(row)]
        if self._words:
            shown = [row for row in shown if self._is_found(row)]
        if self._sorted_by is not None:
            column, backwards = self.columns[self._sorted_by[0]], self._sorted_by[1]
            read = column.sort or (lambda row: column.text(row).casefold())
            known = [row for row in shown if read(row) is not None]
            unknown = [row for row in shown if read(row) is None]
            known.sort(key=read, reverse=backwards)
            shown = known + unknown
        self._shown = shown
        self.endResetModel()

    def total(self) -> int:
        """Return how many rows there are, shown or not."""
        return len(self._all)

    def row_at(self, index: int) -> R:
        """Return the shown row at `index`."""
        return self._shown[index]

    def index_where(self, matches: Callable[[R], bool]) -> int:
        """Return the place of the first shown row that matches, or -1."""
        return next((place for place, row in enumerate(self._shown) if matches(row)), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, row = self.columns[index.column()], self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            note = column.note(row) if column.note is not None else ""
            return ", ".join(part for part in (column.text(row), note) if part)
        if role == NOTE_ROLE:
            return column.note(row) if column.note is not None else ""
        if role == STEPS_ROLE:
            return tuple(column.steps(row)) if column.steps is not None else ()
        if role == Qt.ItemDataRole.ForegroundRole and column.meaning is not None:
            meaning = column.meaning(row)
            return tone_colour(meaning.value) if meaning is not None else None
        if role == Qt.ItemDataRole.DecorationRole and column.symbol is not None:
            symbol = column.symbol(row)
            return icon(symbol) if symbol is not None else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
