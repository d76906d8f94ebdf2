"""A scale of one to five with the previous value as a ghost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider

from kimdesk.i18n import _
from kimdesk.ui.design import Space, TypeSize, theme
from kimdesk.ui.widgets.editor import Draft, Editor

STEPS = 5


class _Scale(QSlider):
    """Five boxes; 0 means not stated. A slider underneath, so that screen readers know what it is."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._words = tuple(words)
        self.previous: int | None = None
        self._under = 0
        self.setRange(0, STEPS)
        self.setPageStep(1)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _side(self) -> int:
        return theme().px(30)

    def sizeHint(self) -> QSize:
        return QSize(STEPS * (self._side() + Space.XS) + Space.XS, self._side() + Space.S)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _box(self, step: int) -> QRect:
        side = self._side()
        return QRect(3 + (step - 1) * (side + Space.XS), (self.height() - side) // 2, side, side)

    def _step_at(self, x: float) -> int:
        return next((step for step in range(1, STEPS + 1) if self._box(step).left() <= x <= self._box(step).right()), 0)

    def word(self, step: int) -> str:
        """Return the word of a step, empty where none is given."""
        return self._words[step - 1] if 1 <= step <= len(self._words) else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for step in range(1, STEPS + 1):
            box = self._box(step)
            chosen = step == self.value()
            if chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(now.colour("accent"))
            else:
                edge = "border_hover" if step == self._under else "border"
                painter.setPen(QPen(now.colour(edge if self.isEnabled() else "hairline"), 1))
                painter.setBrush(now.colour("accent_soft" if step < self.value() else "surface"))
            painter.drawRoundedRect(box, 4, 4)
            painter.setFont(now.font(TypeSize.BODY, bold=chosen))
            painter.setPen(now.colour("on_accent" if chosen else "text" if self.isEnabled() else "faint"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(step))
            if step == self.previous:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                pen = QPen(now.colour("accent" if not chosen else "on_accent"), 1.6, Qt.PenStyle.DotLine)
                painter.setPen(pen)
                painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), 3, 3)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.colour("focus"), 2))
            whole = self._box(1).united(self._box(STEPS))
            painter.drawRoundedRect(whole.adjusted(-2, -2, 2, 2), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        step = self._step_at(event.position().x())
        if step and event.button() is Qt.MouseButton.LeftButton:
            self.setValue(0 if step == self.value() else step)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        under = self._step_at(event.position().x())
        if under != self._under:
            self._under = under
            self.setToolTip(self.word(under))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = 0
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and 0 <= int(event.text()) <= STEPS:
            self.setValue(int(event.text()))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.setValue(0)
        else:
            super().keyPressEvent(event)


class ScaleField(Editor):
    """One to five; the value is None while nothing is chosen. Digits choose, arrows move, Delete takes back.

    `words` name the five steps for tooltip and screen reader; `set_previous` shows the value of the assessment before.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self.scale = _Scale(words)
        super().__init__(self.scale)
        self._name = ""
        self.scale.valueChanged.connect(self._on_change)

    def _on_change(self) -> None:
        self._describe()
        self.changed.emit()
        self.finished.emit()

    def value(self) -> int | None:
        return self.scale.value() or None

    def set_value(self, value: int | None) -> None:
        self.scale.setValue(value or 0)

    def set_previous(self, value: int | None) -> None:
        """Show `value` as the ghost of the previous assessment."""
        self.scale.previous = value
        self._describe()
        self.scale.update()

    def draft(self) -> Draft:
        return self.value()

    def restore(self, draft: Draft) -> None:
        self.set_value(draft if isinstance(draft, int) else None)

    def set_names(self, name: str, description: str) -> None:
        self._name = name
        self.scale.setAccessibleName(name)
        self._describe()

    def mark_invalid(self, invalid: bool) -> None:
        """The boxes keep their borders; the error text below says it."""

    def _describe(self) -> None:
        parts = [_("{value} von 5").format(value=self.value()) if self.value() else _("ohne Angabe")]
        if word := self.scale.word(self.scale.value()):
            parts.append(word)
        if self.scale.previous:
            parts.append(_("zuletzt {value}").format(value=self.scale.previous))
        self.scale.setAccessibleDescription(", ".join(parts))
