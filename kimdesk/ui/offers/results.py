"""The list of offers: title, provider, excerpt with what was searched for, and why it was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kimdesk.domain.vocabulary import label
from kimdesk.i18n import _
from kimdesk.offers.excerpt import Range
from kimdesk.offers.model import SOURCE_LANGUAGE
from kimdesk.offers.views import OfferHit, OfferRow
from kimdesk.ui.design import Space, TypeSize, theme
from kimdesk.ui.offers.words import language_name, misfit_words, status_word, why
from kimdesk.ui.widgets import describe, put

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
_EXCERPT_LINES = 2


@dataclass(frozen=True, slots=True)
class ResultItem:
    """One offer in the list. Ranges are half-open and count characters; `note` says why it stands here, `misfit` why it
    does not suit the case it is looked up for."""

    id: UUID
    title: str
    provider: str
    excerpt: str
    note: str
    title_ranges: tuple[Range, ...] = ()
    excerpt_ranges: tuple[Range, ...] = ()
    misfit: str = ""


def item_of_hit(hit: OfferHit) -> ResultItem:
    """Return the list's entry for a result of the search."""
    note = why(hit)
    if hit.language != SOURCE_LANGUAGE:
        note = _("{reason} · Text auf {language}").format(reason=note, language=language_name(hit.language))
    return ResultItem(
        hit.id,
        hit.title,
        hit.provider,
        hit.excerpt.text,
        note,
        hit.title_ranges,
        hit.excerpt.ranges,
        misfit_words(hit.misfits),
    )


def item_of_row(offer: OfferRow) -> ResultItem:
    """Return the list's entry for an offer of the whole directory."""
    areas = [_(label(area)) for area in offer.life_areas[:3]]
    note = " · ".join(part for part in (status_word(offer.status), *areas) if part)
    summary = " ".join(offer.summary.split())
    return ResultItem(offer.id, offer.title, offer.provider, summary, note, misfit=misfit_words(offer.misfits))


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: list[ResultItem] = []

    def show_items(self, items: Sequence[ResultItem]) -> None:
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (item.title, item.provider, item.misfit, item.note) if part)
        return item if role == ITEM_ROLE else None


class _Card(QStyledItemDelegate):
    """Paints one offer. Texts from data are painted as they are, so nothing in them can be markup."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: ResultItem = index.data(ITEM_ROLE)
        now = theme()
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        rect: QRect = option.rect
        painter.fillRect(rect, now.colour("selection" if chosen else "hover" if hovered else "surface"))
        if chosen:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), now.colour("accent"))
        painter.setPen(now.colour("hairline"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        place = rect.adjusted(Space.M, Space.S, -Space.M, -Space.S)
        y = place.top()
        bold, body, small = now.font(bold=True), now.font(TypeSize.BODY - 1), now.font(TypeSize.META)
        painter.setPen(now.colour("text"))
        y += _paint_text(painter, QRect(place.left(), y, place.width(), 0), item.title, item.title_ranges, bold, 1)
        painter.setPen(now.colour("muted"))
        if item.provider:
            y += _paint_text(painter, QRect(place.left(), y, place.width(), 0), item.provider, (), small, 1)
        painter.setPen(now.colour("text"))
        y += 2
        spare = QRect(place.left(), y, place.width(), 0)
        y += _paint_text(painter, spare, item.excerpt, item.excerpt_ranges, body, _EXCERPT_LINES)
        painter.setPen(QColor(now.colours.attention.text) if item.misfit else now.colour("muted"))
        _paint_text(painter, QRect(place.left(), y + 3, place.width(), 0), item.misfit or item.note, (), small, 1)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        now = theme()
        bold, body, small = now.font(bold=True), now.font(TypeSize.BODY - 1), now.font(TypeSize.META)
        height = QFontMetrics(bold).height() + 2 * QFontMetrics(small).height()
        return QSize(now.px(160), height + _EXCERPT_LINES * QFontMetrics(body).height() + 2 * Space.S + 6)


def _paint_text(
    painter: QPainter, place: QRect, text: str, ranges: Sequence[Range], font: QFont, most_lines: int
) -> int:
    """Paint up to `most_lines` lines of `text` with its ranges highlighted; returns the height used."""
    if not text:
        return 0
    shown, lines = _fitted(text, ranges, font, place.width(), most_lines)
    layout = _layout(shown, ranges, font)
    height = _break_lines(layout, place.width(), lines)
    layout.draw(painter, QPointF(place.left(), place.top()))
    return height


def _fitted(text: str, ranges: Sequence[Range], font: QFont, width: int, most_lines: int) -> tuple[str, int]:
    """Return `text`, shortened with "…" where it needs more lines than allowed."""
    layout = _layout(text, ranges, font)
    _break_lines(layout, width, most_lines + 1)
    if layout.lineCount() <= most_lines:
        return text, layout.lineCount()
    last = layout.lineAt(most_lines - 1)
    begin = characters(text, last.textStart())
    # Highlighted words are bolder, hence wider: leave them some room.
    room = width - (QFontMetrics(font).averageCharWidth() * 2 if ranges else 0)
    rest = QFontMetrics(font).elidedText(text[begin:], Qt.TextElideMode.ElideRight, room)
    return text[:begin] + rest, most_lines


def _layout(text: str, ranges: Sequence[Range], font: QFont) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    layout.setFormats([_mark(text, start, min(end, len(text)), font) for start, end in ranges if start < len(text)])
    return layout


def _mark(text: str, start: int, end: int, font: QFont) -> QTextLayout.FormatRange:
    """Return the look of a word that was searched for: bolder, and on a ground of its own."""
    look = QTextCharFormat()
    look.setFontWeight(QFont.Weight.DemiBold)
    look.setFontUnderline(font.weight() >= QFont.Weight.DemiBold)
    look.setForeground(theme().colour("accent_text"))
    look.setBackground(theme().colour("accent_soft"))
    mark = QTextLayout.FormatRange()
    mark.start = units(text, start)
    mark.length = units(text, end) - mark.start
    mark.format = look
    return mark


def _break_lines(layout: QTextLayout, width: int, most_lines: int) -> int:
    """Lay out up to `most_lines` lines of `width` pixels; returns their height."""
    height = 0.0
    layout.beginLayout()
    for _number in range(most_lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(width, 1))
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    return round(height)


def units(text: str, place: int) -> int:
    """Return where Qt, which counts UTF-16 units, has the character at `place`."""
    return place + sum(letter > "\uffff" for letter in text[:place])


def characters(text: str, unit: int) -> int:
    """Return which character Qt's position `unit` is at."""
    counted = 0
    for place, letter in enumerate(text):
        if counted >= unit:
            return place
        counted += 2 if letter > "\uffff" else 1
    return len(text)


class ResultList(QListView):
    """The offers found. `selected(UUID)` on moving, `opened(UUID)` on Enter or double click, `left_upwards` on Up
    at the top and on Esc."""

    selected = Signal(object)
    opened = Signal(object)
    left_upwards = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._model = _Model()
        self.setModel(self._model)
        self.setItemDelegate(_Card(self))
        put(self, role="results")
        describe(self, _("Gefundene Angebote"), _("Pfeiltasten wechseln das Angebot, die Eingabetaste öffnet es."))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.doubleClicked.connect(lambda index: self.opened.emit(self._model.items[index.row()].id))

    def set_items(self, items: Sequence[ResultItem], keep: UUID | None = None) -> None:
        """Show `items` and choose the offer `keep`, or the first."""
        self._model.show_items(items)
        if items:
            wanted = next((place for place, item in enumerate(items) if item.id == keep), 0)
            self.setCurrentIndex(self._model.index(wanted))

    def items(self) -> tuple[ResultItem, ...]:
        """Return what is listed."""
        return tuple(self._model.items)

    def current(self) -> ResultItem | None:
        """Return the chosen offer."""
        place = self.currentIndex().row()
        return self._model.items[place] if 0 <= place < len(self._model.items) else None

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.selected.emit(self._model.items[current.row()].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.current()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if here is not None:
                self.opened.emit(here.id)
        elif event.key() == Qt.Key.Key_Escape or (event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0):
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)
