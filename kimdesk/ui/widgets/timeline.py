"""What happened in a case, newest first, along a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Space, theme
from kimdesk.ui.design.icons import paint_icon, tone_colour
from kimdesk.ui.widgets.base import clear, describe, row
from kimdesk.ui.widgets.buttons import IconButton
from kimdesk.ui.widgets.text import Badge, Text


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One entry: when (already written out), what, further text, who or where; `tone` colours the sign."""

    when: str
    title: str
    text: str = ""
    meta: str = ""
    symbol: Icon = Icon.NOTE
    tone: str = "accent_text"
    is_draft: bool = False
    on_open: Callable[[], object] | None = None


class TimelineEntry(QWidget):
    """One entry beside the line."""

    def __init__(self, item: TimelineItem, *, first: bool = False, last: bool = False) -> None:
        super().__init__()
        self._item, self._first, self._last = item, first, last
        describe(self, f"{item.when}: {item.title}", item.text)
        side = theme().px(28)
        head = row(space=Space.S)
        head.addWidget(Text(item.title, "strong", wrap=True), 1)
        if item.is_draft:
            head.addWidget(Badge(_("Entwurf")))
        head.addWidget(Text(item.when, "meta"))
        if item.on_open is not None:
            head.addWidget(IconButton(Icon.RIGHT, _("Öffnen"), item.on_open))
        words = QVBoxLayout()
        words.setContentsMargins(0, Space.XS, 0, Space.L)
        words.setSpacing(2)
        words.addLayout(head)
        if item.text:
            words.addWidget(Text(item.text, wrap=True, selectable=True))
        if item.meta:
            words.addWidget(Text(item.meta, "meta", wrap=True))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(side + Space.M, 0, 0, 0)
        layout.addLayout(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        side = now.px(28)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = side // 2 + 1
        painter.setPen(QPen(now.colour("hairline"), 2))
        if not self._first:
            painter.drawLine(middle, 0, middle, 2)
        if not self._last:
            painter.drawLine(middle, side + 2, middle, self.height())
        disc = QRect(1, 1, side, side)
        style = Qt.PenStyle.DashLine if self._item.is_draft else Qt.PenStyle.SolidLine
        painter.setPen(QPen(now.colour("border" if self._item.is_draft else "hairline"), 1, style))
        painter.setBrush(now.colour("surface"))
        painter.drawEllipse(disc)
        inset = side // 4
        paint_icon(
            painter, disc.adjusted(inset, inset, -inset, -inset), self._item.symbol, tone_colour(self._item.tone)
        )


class Timeline(QWidget):
    """Entries one below the other."""

    def __init__(self, items: Sequence[TimelineItem] = ()) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.set_items(items)

    def set_items(self, items: Sequence[TimelineItem]) -> None:
        """Show `items` in the order given."""
        clear(self._column)
        for index, item in enumerate(items):
            self._column.addWidget(TimelineEntry(item, first=index == 0, last=index == len(items) - 1))
        self._column.addStretch(1)
