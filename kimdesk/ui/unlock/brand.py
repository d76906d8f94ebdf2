"""The name of the program with its mark, above what stands before the desk."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Space, theme
from kimdesk.ui.frame.main_window import demo_strip
from kimdesk.ui.widgets import Scroll, Text, column, put

_ICON_SIDES = (16, 24, 32, 48, 128, 256)


class _Mark(QWidget):
    """A way in three stations: two reached, one ahead."""

    def sizeHint(self) -> QSize:
        side = theme().px(40)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint_mark(QPainter(self), float(theme().px(40)))


def _paint_mark(painter: QPainter, side: float) -> None:
    now = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(now.colour("accent"))
    painter.drawRoundedRect(QRectF(0, 0, side, side), side * 0.22, side * 0.22)
    stations = [QPointF(side * x, side * y) for x, y in ((0.26, 0.72), (0.46, 0.47), (0.73, 0.28))]
    painter.setPen(QPen(now.colour("on_accent"), side * 0.06))
    painter.drawPolyline(stations)
    painter.setBrush(now.colour("on_accent"))
    for station in stations[:2]:
        painter.drawEllipse(station, side * 0.05, side * 0.05)
    painter.setBrush(now.colour("accent"))
    painter.drawEllipse(stations[2], side * 0.09, side * 0.09)
    painter.end()


def window_icon() -> QIcon:
    """Return the mark as the icon of the program's windows."""
    icon = QIcon()
    for side in _ICON_SIDES:
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        _paint_mark(QPainter(picture), side)
        icon.addPixmap(picture)
    return icon


class Brand(QWidget):
    """Mark, name, and what the program is."""

    def __init__(self) -> None:
        super().__init__()
        mark = _Mark()
        mark.setFixedSize(mark.sizeHint())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addWidget(mark)
        words = column(Text("KIM Desk", "title"), Text(_("Kommunales Integrationsmanagement"), "meta"), space=0)
        layout.addLayout(words)
        layout.addStretch(1)


class Threshold(QWidget):
    """A window with the brand and one centred column, for what stands before the desk."""

    def __init__(self, *, is_demo: bool, width: int) -> None:
        super().__init__()
        put(self, role="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.middle = QVBoxLayout()
        self.middle.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        self.middle.setSpacing(Space.L)
        self.middle.addStretch(1)
        self.middle.addWidget(Brand())
        inner = QWidget()
        inner.setLayout(self.middle)
        inner.setMaximumWidth(theme().px(width))
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inner, 100)
        across.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if is_demo:
            layout.addWidget(demo_strip())
        whole = QWidget()
        whole.setLayout(across)
        layout.addWidget(Scroll(whole), 1)
        title = _("KIM Desk – Demo – keine echten Daten") if is_demo else "KIM Desk"
        self.setWindowTitle(title)
