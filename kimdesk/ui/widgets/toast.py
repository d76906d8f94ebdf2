"""A short word after something was done, with the way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Meaning, Space, theme
from kimdesk.ui.widgets.banner import meaning_icon, meaning_word
from kimdesk.ui.widgets.base import announce, describe, put
from kimdesk.ui.widgets.buttons import Button, IconButton
from kimdesk.ui.widgets.text import IconMark, Text

SHOWN_MILLISECONDS = 6000
SHOWN_WITH_UNDO_MILLISECONDS = 12000


class Toast(QFrame):
    """Goes by itself after some seconds, but stays while the pointer or the focus is in it. `gone` when it went."""

    gone = Signal()

    def __init__(
        self, text: str, meaning: Meaning = Meaning.GOOD, *, undo: Callable[[], object] | None = None, word: str = ""
    ) -> None:
        super().__init__()
        put(self, role="toast")
        describe(self, meaning_word(meaning), text)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        colour = theme().colour("shadow")
        colour.setAlpha(60)
        shadow.setColor(colour)
        self.setGraphicsEffect(shadow)
        self.text = Text(text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.S)
        layout.addWidget(IconMark(meaning_icon(meaning), meaning.value, 20))
        layout.addWidget(self.text)
        layout.addSpacing(Space.S)
        self.undo: Button | None = None
        if undo is not None:
            self.undo = Button(word or _("Rückgängig"), "quiet", symbol=Icon.UNDO, on_click=lambda: self._undone(undo))
            layout.addWidget(self.undo)
        layout.addWidget(IconButton(Icon.CLOSE, _("Schließen"), self.leave))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_WITH_UNDO_MILLISECONDS if undo else SHOWN_MILLISECONDS)
        self._timer.timeout.connect(self._time_is_up)
        self._timer.start()
        announce(self, text)

    def _undone(self, undo: Callable[[], object]) -> None:
        self.leave()
        undo()

    def _time_is_up(self) -> None:
        if self.underMouse() or (self.undo is not None and self.undo.hasFocus()):
            self._timer.start()
            return
        self.leave()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)

    def leave(self) -> None:
        """Take the toast away and tell so."""
        self._timer.stop()
        self.hide()
        self.gone.emit()
