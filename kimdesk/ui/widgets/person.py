"""A person as a chip: initials, name as entered, a hint how to say it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimdesk.ui.design import Space, TypeSize, theme
from kimdesk.ui.widgets.base import describe


def initials(name: str) -> str:
    """Return the first letters of the first and last word of `name`, as written; right for any script."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return ""
    return words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]


class PersonChip(QWidget):
    """A person of a case. `note` is the relation or role, `say` a phonetic hint; `clicked` on click, Enter or Space."""

    clicked = Signal()

    def __init__(self, name: str, note: str = "", *, say: str = "", clickable: bool = False) -> None:
        super().__init__()
        self._name, self._clickable = name, clickable
        self._note = " · ".join(part for part in (note, f"[{say}]" if say else "") if part)
        describe(self, name, self._note)
        self.setToolTip(" · ".join(part for part in (name, self._note) if part))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if clickable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _side(self) -> int:
        return theme().px(28)

    def sizeHint(self) -> QSize:
        now = theme()
        name = QFontMetrics(now.font(TypeSize.BODY, bold=True)).horizontalAdvance(self._name)
        note = QFontMetrics(now.font(TypeSize.META)).horizontalAdvance(self._note)
        gap = Space.S if self._note else 0
        return QSize(self._side() + Space.S + name + gap + note + Space.L, self._side() + Space.S)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._side() + theme().px(80), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.rect().adjusted(1, 1, -1, -1)
        focused = self.hasFocus()
        painter.setPen(QPen(now.colour("focus" if focused else "hairline"), 2 if focused else 1))
        painter.setBrush(now.colour("hover" if self._clickable and self.underMouse() else "surface"))
        painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2)
        side = self._side()
        disc = QRect(Space.XS, (self.height() - side) // 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.colour("accent_soft"))
        painter.drawEllipse(disc)
        painter.setPen(now.colour("accent_text"))
        painter.setFont(now.font(TypeSize.META, bold=True))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, initials(self._name))
        rest = QRect(disc.right() + Space.S, 0, self.width() - disc.right() - Space.S - Space.M, self.height())
        painter.setFont(now.font(TypeSize.BODY, bold=True))
        painter.setPen(now.colour("text"))
        name = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        used = painter.fontMetrics().horizontalAdvance(name) + Space.S
        if self._note and used < rest.width():
            painter.setFont(now.font(TypeSize.META))
            painter.setPen(now.colour("muted"))
            place = rest.adjusted(used, 1, 0, 0)
            note = painter.fontMetrics().elidedText(self._note, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, note)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._clickable and event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clickable and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
            return
        super().keyPressEvent(event)
