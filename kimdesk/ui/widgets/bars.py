"""A picture of horizontal bars, now and before, for the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimdesk.i18n import _
from kimdesk.i18n.formats import number
from kimdesk.ui.design import Space, TypeSize, theme
from kimdesk.ui.widgets.base import describe

_MOST_FOR_LABELS = 0.45
"""Share of the width; what is longer breaks into lines."""
_WRAPPED = (Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft).value | Qt.TextFlag.TextWordWrap.value


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, the value now, the value before if there is one; None is "ohne Angabe"."""

    label: str
    now: float | None
    before: float | None = None


class BarPicture(QWidget):
    """Bars from 0 to `largest` (by default the largest value); the value before is a thin bar below."""

    def __init__(self, bars: Sequence[Bar] = (), *, largest: float | None = None, name: str = "") -> None:
        super().__init__()
        self._asked = largest
        self._name = name or _("Balkenbild")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_bars(bars)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show `bars`."""
        self._bars = tuple(bars)
        values = [value for bar in self._bars for value in (bar.now, bar.before) if value is not None]
        self._largest = self._asked or max(values, default=1) or 1
        describe(self, self._name, "; ".join(self._in_words(bar) for bar in self._bars))
        self.updateGeometry()
        self.update()

    def _figure(self, value: float | None) -> str:
        return "–" if value is None else number(value)

    def _in_words(self, bar: Bar) -> str:
        words = f"{bar.label}: {self._figure(bar.now)}"
        if bar.before is not None:
            words += " " + _("(zuvor {value})").format(value=self._figure(bar.before))
        return words

    def _label_width(self) -> int:
        metrics = QFontMetrics(theme().font(TypeSize.BODY))
        widest = max((metrics.horizontalAdvance(bar.label) for bar in self._bars), default=0) + Space.M
        return min(widest, round(self.width() * _MOST_FOR_LABELS))

    def _label_font(self) -> QFont:
        """Body where every label fits into one line, else the smaller font for all of them, in several lines."""
        body = theme().font(TypeSize.BODY)
        room = self._label_width() - Space.M
        fits = all(QFontMetrics(body).horizontalAdvance(bar.label) <= room for bar in self._bars)
        return body if fits else theme().font(TypeSize.META)

    def _row_height(self) -> int:
        metrics = QFontMetrics(self._label_font())
        room = QRect(0, 0, self._label_width() - Space.M, 10_000)
        tallest = max((metrics.boundingRect(room, _WRAPPED, bar.label).height() for bar in self._bars), default=0)
        plain = theme().px(32 if any(bar.before is not None for bar in self._bars) else 26)
        return max(plain, tallest + Space.XS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # labels take other lines

    def sizeHint(self) -> QSize:
        return QSize(theme().px(360), max(len(self._bars), 1) * self._row_height() + Space.XS)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(220), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body, label_font = now.font(TypeSize.BODY), self._label_font()
        metrics = QFontMetrics(body)
        label_width, height = self._label_width(), self._row_height()
        figures = [self._figure(bar.now) for bar in self._bars] + [self._figure(bar.before) for bar in self._bars]
        figure_width = max((metrics.horizontalAdvance(text) for text in figures), default=0) + Space.M
        room = max(self.width() - label_width - figure_width, 20)
        for index, bar in enumerate(self._bars):
            top = index * height
            painter.setPen(now.colour("text"))
            painter.setFont(label_font)
            painter.drawText(QRectF(0, top, label_width - Space.M, height), _WRAPPED, bar.label)
            thick = now.px(12)
            double = bar.before is not None
            bar_top = top + (height - thick - (now.px(7) if double else 0)) / 2
            track = QRectF(label_width, bar_top, room, thick)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.colour("hover"))
            painter.drawRoundedRect(track, 3, 3)
            if bar.now:
                painter.setBrush(now.colour("accent"))
                width = max(room * min(bar.now / self._largest, 1), 3)
                painter.drawRoundedRect(QRectF(label_width, bar_top, width, thick), 3, 3)
            if bar.before:
                width = max(room * min(bar.before / self._largest, 1), 3)
                painter.setPen(QPen(now.colour("border"), 1))
                painter.setBrush(now.colour("surface"))
                painter.drawRoundedRect(QRectF(label_width + 0.5, bar_top + thick + now.px(2), width, now.px(5)), 2, 2)
            painter.setFont(body)
            painter.setPen(now.colour("text"))
            place = QRectF(label_width + room + Space.S, bar_top - 4, figure_width - Space.S, thick + 8)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._figure(bar.now))
        painter.end()
