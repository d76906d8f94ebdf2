"""A table over frozen rows with a filter row: Enter opens, Space previews."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from kimdesk.i18n import _, ngettext
from kimdesk.ui.design import Icon, Space, TypeSize, icon, theme
from kimdesk.ui.design.icons import paint_icon
from kimdesk.ui.widgets.base import describe, put, row
from kimdesk.ui.widgets.page_parts import EmptyState
from kimdesk.ui.widgets.stepper import StepState, paint_phase_dots
from kimdesk.ui.widgets.table_model import NOTE_ROLE, STEPS_ROLE, Column, RowsModel
from kimdesk.ui.widgets.text import Text

R = TypeVar("R")
_NARROWEST_OPEN_COLUMN = 140


class _Cell(QStyledItemDelegate):
    """Draws a cell: ground of the row, icon or phase dots, text, a smaller second line."""

    def __init__(self, parent: QWidget, strong: frozenset[int]) -> None:
        super().__init__(parent)
        self._strong = strong

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        now = theme()
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        ground = "selection" if chosen else "hover" if hovered else "surface"
        painter.fillRect(option.rect, now.colour(ground))
        painter.setPen(now.colour("hairline"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        place = option.rect.adjusted(Space.M, 0, -Space.S, -1)
        place = self._paint_lead(painter, place, index)
        text: str = index.data(Qt.ItemDataRole.DisplayRole) or ""
        note: str = index.data(NOTE_ROLE) or ""
        colour = index.data(Qt.ItemDataRole.ForegroundRole) or now.colour("text")
        side = index.data(Qt.ItemDataRole.TextAlignmentRole)
        flags = (side & Qt.AlignmentFlag.AlignHorizontal_Mask) | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(now.font(TypeSize.BODY, bold=index.column() in self._strong))
        painter.setPen(colour)
        upper = place if not note else QRect(place.left(), place.top() + 5, place.width(), place.height() // 2 - 3)
        painter.drawText(upper, flags, _shortened(painter, text, place.width()))
        if note:
            painter.setFont(now.font(TypeSize.META))
            painter.setPen(now.colour("muted"))
            lower = QRect(place.left(), upper.bottom() - 1, place.width(), place.bottom() - upper.bottom() - 3)
            painter.drawText(lower, flags, _shortened(painter, note, place.width()))
        painter.restore()

    def _paint_lead(self, painter: QPainter, place: QRect, index: QModelIndex | QPersistentModelIndex) -> QRect:
        steps: tuple[StepState, ...] = index.data(STEPS_ROLE) or ()
        if steps:
            paint_phase_dots(painter, place, steps)
            place = place.adjusted(len(steps) * theme().px(11) + Space.S, 0, 0, 0)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QIcon) and not picture.isNull():
            side = theme().px(18)
            picture.paint(painter, QRect(place.left(), place.center().y() - side // 2, side, side))
            place = place.adjusted(side + Space.S, 0, 0, 0)
        return place

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme().px(80), theme().px(36))


def _shortened(painter: QPainter, text: str, width: int) -> str:
    return painter.fontMetrics().elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, width)


class _Head(QHeaderView):
    """The column heads, with the house's arrow at the sorted one."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(False)
        self.setSortIndicatorClearable(False)
        self.setStretchLastSection(False)
        self.setMinimumSectionSize(40)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        now = theme()
        model = self.model()
        painter.save()
        painter.setPen(now.colour("hairline"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        sorted_here = section == self.sortIndicatorSection()
        painter.setFont(now.font(TypeSize.META, bold=True))
        painter.setPen(now.colour("text" if sorted_here else "muted"))
        title: str = model.headerData(section, Qt.Orientation.Horizontal)
        side = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        place = rect.adjusted(Space.M, 0, -Space.S, 0)
        arrow = now.px(12)
        room = place.width() - (arrow + Space.XS if sorted_here else 0)
        shown = _shortened(painter, title, room)
        painter.drawText(place.adjusted(0, 0, room - place.width(), 0), side, shown)
        if sorted_here:
            used = painter.fontMetrics().horizontalAdvance(shown)
            right = bool(side & Qt.AlignmentFlag.AlignRight)
            x = place.right() - arrow if right else place.left() + used + Space.XS
            up = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
            box = QRect(x, rect.center().y() - arrow // 2 + 1, arrow, arrow)
            paint_icon(painter, box, Icon.UP if up else Icon.DOWN, now.colour("text"), bold=True)
        painter.restore()


class _View(QTableView):
    """The grid itself; tells of Enter and Space, leaves Tab to the page."""

    opened = Signal(int)
    previewed = Signal(int)

    def __init__(self, widths: Sequence[int], leave_below: Sequence[int]) -> None:
        super().__init__()
        self._widths, self._leave_below = tuple(widths), tuple(leave_below)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.setCornerButtonEnabled(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each column its width; where the room is short all shrink, so that no column is lost at the side."""
        super().resizeEvent(event)
        room = self.viewport().width()
        for place, least_room in enumerate(self._leave_below):
            self.setColumnHidden(place, room < theme().px(least_room))
        shown = [place for place in range(len(self._widths)) if not self.isColumnHidden(place)]
        asked = [theme().px(self._widths[place]) for place in shown]
        open_ones = asked.count(0)
        spare = room - sum(asked)
        least = theme().px(_NARROWEST_OPEN_COLUMN)
        share = min(1.0, max(0.2, (room - open_ones * least) / max(sum(asked), 1))) if open_ones else 1.0
        if not open_ones and sum(asked) > room:
            share = room / sum(asked)
        if share < 1.0:
            spare = room - round(sum(width * share for width in asked))
        for place, width in zip(shown, asked, strict=True):
            self.setColumnWidth(place, round(width * share) if width else max(spare // max(open_ones, 1), 40))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row_here = self.currentIndex().row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row_here >= 0 and not event.modifiers():
            self.opened.emit(row_here)
        elif event.key() == Qt.Key.Key_Space and row_here >= 0:
            self.previewed.emit(row_here)
        else:
            super().keyPressEvent(event)


class DataTable(QWidget, Generic[R]):
    """Rows in columns. `opened(row)` on Enter or double click, `previewed(row)` on Space, `selected(row)` on moving.

    The filter row (Ctrl+F puts the focus there through `focus_filter`) searches all columns, or asks
    `searched(row, word)` for each word typed; further filters are widgets added with `add_filter`, combined with
    `set_condition`. `empty` stands in the place of an empty table. `filter_cleared` when all rows are asked for again.
    """

    opened = Signal(object)
    previewed = Signal(object)
    selected = Signal(object)
    filter_cleared = Signal()

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        name: str,
        empty: QWidget | None = None,
        filter_row: bool = True,
        row_height: int = 0,
        searched: Callable[[R, str], bool] | None = None,
    ) -> None:
        super().__init__()
        self.model: RowsModel[R] = RowsModel(columns, searched)
        self.view = _View([column.width for column in columns], [column.leave_below for column in columns])
        self.view.setModel(self.model)
        describe(self.view, name, _("Eingabetaste öffnet, Leertaste zeigt eine Vorschau."))
        self._head = _Head()
        self.view.setHorizontalHeader(self._head)
        strong = frozenset(place for place, column in enumerate(columns) if column.strong)
        self.view.setItemDelegate(_Cell(self.view, strong))
        tall = any(column.note is not None for column in columns)
        self.view.verticalHeader().setDefaultSectionSize(theme().px(row_height or (48 if tall else 36)))
        self._head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._head.setFixedHeight(theme().px(34))
        self._head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.setSortingEnabled(True)
        self.filter = QLineEdit()
        put(self.filter, role="filter")
        self.filter.setPlaceholderText(_("Filtern …"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(theme().px(280))
        describe(self.filter, _("Liste filtern"))
        if not (picture := icon(Icon.FILTER)).isNull():
            self.filter.addAction(picture, QLineEdit.ActionPosition.LeadingPosition)
        self.filter.textChanged.connect(self._filter_changed)
        self.count = Text("", "meta")
        self.filters = row(space=Space.S)
        self._nothing_found = EmptyState(
            Icon.SEARCH,
            _("Nichts gefunden"),
            _("Keine Zeile passt zu diesem Filter."),
            action=_("Filter aufheben"),
            on_action=self.clear_filter,
            compact=True,
        )
        self._empty = empty or EmptyState(Icon.CASES, _("Noch nichts da"), "", compact=True)
        self.stack = QStackedWidget()
        for page in (self.view, self._nothing_found, self._empty):
            self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        if filter_row:
            layout.addLayout(row(self.filters, None, self.count, self.filter, space=Space.M))
        layout.addWidget(self.stack, 1)
        self.setFocusProxy(self.view)
        self.view.opened.connect(lambda place: self.opened.emit(self.model.row_at(place)))
        self.view.previewed.connect(lambda place: self.previewed.emit(self.model.row_at(place)))
        self.view.selectionModel().currentRowChanged.connect(self._moved)
        self._condition: Callable[[R], bool] | None = None
        self._show_state()

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show `rows`; filter, order and (by place) the chosen row stay."""
        place = self.view.currentIndex().row()
        self.model.set_rows(rows)
        self._show_state()
        if 0 <= place < self.model.rowCount():
            self.view.selectRow(place)

    def current(self) -> R | None:
        """Return the chosen row."""
        place = self.view.currentIndex().row()
        return self.model.row_at(place) if 0 <= place < self.model.rowCount() else None

    def choose(self, matches: Callable[[R], bool]) -> bool:
        """Choose the first shown row that matches; returns whether there is one."""
        place = self.model.index_where(matches)
        if place >= 0:
            self.view.selectRow(place)
        return place >= 0

    def set_condition(self, keep: Callable[[R], bool] | None) -> None:
        """Show only rows for which `keep` is true (filter chips), beside the text filter."""
        self._condition = keep
        self.model.set_condition(keep)
        self._show_state()

    def add_filter(self, widget: QWidget) -> None:
        """Put a further filter at the left of the filter row."""
        self.filters.addWidget(widget)

    def sort_by(self, column: int, *, backwards: bool = False) -> None:
        """Order the rows by a column."""
        order = Qt.SortOrder.DescendingOrder if backwards else Qt.SortOrder.AscendingOrder
        self.view.sortByColumn(column, order)

    def focus_filter(self) -> None:
        """Put the focus into the filter row."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def clear_filter(self) -> None:
        """Show all rows again; whoever added further filters clears them on `filter_cleared`."""
        self.filter.clear()
        self.filter_cleared.emit()

    def _filter_changed(self, text: str) -> None:
        self.model.set_filter(text)
        self._show_state()

    def _moved(self, current: QModelIndex) -> None:
        if current.isValid():
            self.selected.emit(self.model.row_at(current.row()))

    def _show_state(self) -> None:
        total, shown = self.model.total(), self.model.rowCount()
        page = self.view if shown else (self._nothing_found if total else self._empty)
        self.stack.setCurrentWidget(page)
        if shown == total:
            self.count.setText(ngettext("{n} Eintrag", "{n} Einträge", total).format(n=total) if total else "")
        else:
            self.count.setText(_("{shown} von {total}").format(shown=shown, total=total))
