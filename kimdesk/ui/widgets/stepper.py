"""The phases of a case as steps: done, now, open, skipped with a reason. A sign in each says what the colour says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Space, TypeSize, theme
from kimdesk.ui.design.icons import paint_icon
from kimdesk.ui.widgets.base import describe


class StepState(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    OPEN = "open"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """A step to show: its id, its short title, its state, a note (date done, reason why skipped)."""

    id: str
    title: str
    state: StepState
    note: str = ""


def state_word(state: StepState) -> str:
    """Return the word for `state`."""
    match state:
        case StepState.DONE:
            return _("erledigt")
        case StepState.NOW:
            return _("jetzt")
        case StepState.OPEN:
            return _("offen")
        case StepState.SKIPPED:
            return _("ausgelassen")


def paint_step_mark(painter: QPainter, disc: QRect, state: StepState, number: int) -> None:
    """Draw the mark of one step in `disc`: tick, filled number, empty number, dashed ring with an arrow."""
    now = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = disc.adjusted(disc.width() // 4, disc.height() // 4, -(disc.width() // 4), -(disc.height() // 4))
    painter.setFont(now.font(TypeSize.META, bold=True))
    match state:
        case StepState.DONE:
            painter.setPen(QPen(now.colour("accent"), 1.4))
            painter.setBrush(now.colour("accent_soft"))
            painter.drawEllipse(disc)
            paint_icon(painter, inner, Icon.CHECK, now.colour("accent_text"), bold=True)
        case StepState.NOW:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.colour("accent"))
            painter.drawEllipse(disc)
            painter.setPen(now.colour("on_accent"))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number))
        case StepState.OPEN:
            painter.setPen(QPen(now.colour("border"), 1.4))
            painter.setBrush(now.colour("surface"))
            painter.drawEllipse(disc)
            painter.setPen(now.colour("muted"))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number))
        case StepState.SKIPPED:
            painter.setPen(QPen(now.colour("border"), 1.4, Qt.PenStyle.DashLine))
            painter.setBrush(now.colour("surface"))
            painter.drawEllipse(disc)
            paint_icon(painter, inner, Icon.SKIP, now.colour("muted"))


class _StepButton(QPushButton):
    def __init__(self, step: Step, number: int, *, first: bool, last: bool) -> None:
        super().__init__()
        self.step, self._number, self._first, self._last = step, number, first, last
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = ", ".join(part for part in (state_word(step.state), step.note) if part)
        describe(self, f"{number}. {step.title}", words)
        self.setToolTip(f"{step.title}: {words}")
        self.viewed = False

    def _disc_side(self) -> int:
        return theme().px(22)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(84), self._disc_side() + theme().px(TypeSize.META) + Space.M + Space.S)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(44), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._disc_side()
        middle = QPoint(self.width() // 2, Space.XS + side // 2)
        if self.viewed or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.colour("selection" if self.viewed else "hover"))
            painter.drawRoundedRect(self.rect().adjusted(2, 0, -2, 0), 6, 6)
        gap = side // 2 + Space.XS
        walked = self.step.state in (StepState.DONE, StepState.NOW, StepState.SKIPPED)
        before = QPen(now.colour("accent" if walked else "hairline"), 2)
        after = QPen(now.colour("accent" if self.step.state in (StepState.DONE, StepState.SKIPPED) else "hairline"), 2)
        if not self._first:
            painter.setPen(before)
            painter.drawLine(0, middle.y(), middle.x() - gap, middle.y())
        if not self._last:
            painter.setPen(after)
            painter.drawLine(middle.x() + gap, middle.y(), self.width(), middle.y())
        disc = QRect(middle.x() - side // 2, middle.y() - side // 2, side, side)
        paint_step_mark(painter, disc, self.step.state, self._number)
        current = self.step.state is StepState.NOW
        painter.setFont(now.font(TypeSize.META, bold=current or self.viewed))
        painter.setPen(now.colour("text" if current or self.viewed else "muted"))
        words = QRect(2, disc.bottom() + Space.XS, self.width() - 4, self.height() - disc.bottom() - Space.XS)
        title = painter.fontMetrics().elidedText(self.step.title, Qt.TextElideMode.ElideRight, words.width() - 4)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, title)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.colour("focus"), 2))
            painter.drawRoundedRect(self.rect().adjusted(3, 1, -3, -1), 6, 6)


class PhaseStepper(QWidget):
    """A row of steps. `chosen(id)` when the user picks one (click, Enter, Space; arrows move between them)."""

    chosen = Signal(str)

    def __init__(self, steps: Sequence[Step] = ()) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._buttons: list[_StepButton] = []
        self._viewed = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show `steps`."""
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for index, step in enumerate(steps):
            button = _StepButton(step, index + 1, first=index == 0, last=index == len(steps) - 1)
            button.clicked.connect(lambda _checked=False, step_id=step.id: self.chosen.emit(step_id))
            self._row.addWidget(button, 1)
            self._buttons.append(button)
        describe(self, _("Phasen"), "; ".join(f"{step.title}: {state_word(step.state)}" for step in steps))
        self.set_viewed(self._viewed)

    def step_button(self, step_id: str) -> QPushButton:
        """Return the button of a step. Raises `StopIteration` where there is none."""
        return next(button for button in self._buttons if button.step.id == step_id)

    def set_viewed(self, step_id: str) -> None:
        """Mark the step whose form is on the screen."""
        self._viewed = step_id
        for button in self._buttons:
            button.viewed = button.step.id == step_id
            button.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        here = next((index for index, button in enumerate(self._buttons) if button.hasFocus()), None)
        if step is None or here is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
            return
        self._buttons[(here + step) % len(self._buttons)].setFocus(Qt.FocusReason.TabFocusReason)


def paint_phase_dots(painter: QPainter, rect: QRect, states: Sequence[StepState]) -> None:
    """Draw the states as a row of small marks in `rect`: filled, ringed and larger, empty, dash; for table cells."""
    now = theme()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    gap = now.px(11)
    y = rect.center().y() + 1
    x = rect.left() + now.px(5)
    for state in states:
        match state:
            case StepState.DONE:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(now.colour("accent"))
                painter.drawEllipse(QPoint(x, y), now.px(3), now.px(3))
            case StepState.NOW:
                painter.setPen(QPen(now.colour("accent"), 2))
                painter.setBrush(now.colour("surface"))
                painter.drawEllipse(QPoint(x, y), now.px(4), now.px(4))
            case StepState.OPEN:
                painter.setPen(QPen(now.colour("border"), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(QPoint(x, y), now.px(3), now.px(3))
            case StepState.SKIPPED:
                painter.setPen(QPen(now.colour("border"), 2))
                painter.drawLine(x - now.px(3), y, x + now.px(3), y)
        x += gap
    painter.restore()
