"""Locks after a time without a key or a movement, with a warning before, and by Ctrl+L in every window.

It watches the program's windows rather than every event of every widget: what the user does arrives there first, and
the filter costs nothing while the program works.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

DEFAULT_TIMEOUT_SECONDS = 300
WARNING_SECONDS = 30
_ACTIVITY = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletMove,
        QEvent.Type.InputMethod,
    }
)


def seconds_since_start() -> float:
    """Return the seconds since the machine was started, those it slept through counted."""
    if sys.platform == "linux":  # whose monotonic clock stands still in suspend; that of Windows goes on
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def _asks_for_lock(event: QKeyEvent) -> bool:
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return event.key() == Qt.Key.Key_L and plain == Qt.KeyboardModifier.ControlModifier


class IdleLock(QObject):
    """`remaining(seconds)` every second, `warned(seconds)` in the last 30, `resumed()` when someone is back after a
    warning, `lock_requested()` when the time is up or Ctrl+L is pressed in any window, whatever dialog is open.
    """

    remaining = Signal(int)
    warned = Signal(int)
    resumed = Signal()
    lock_requested = Signal()

    def __init__(
        self,
        timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS,
        *,
        seconds_now: Callable[[], float] = seconds_since_start,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._now = seconds_now
        self.timeout_seconds = timeout_seconds
        self._last = self._now()
        self._warning = False
        self._done = False
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Begin to watch; windows that open later are watched too."""
        self._timer.stop()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            for window in application.topLevelWindows():
                window.installEventFilter(self)
            application.focusWindowChanged.connect(self._watch)
        self.note_activity()
        self._timer.start()

    def stop(self) -> None:
        """Stop counting."""
        self._timer.stop()

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and _asks_for_lock(event):
            # A shortcut of the main window would sleep while a dialog is open.
            self._timer.stop()
            self.lock_requested.emit()
            return True
        if event.type() in _ACTIVITY:
            self.note_activity()
        return False

    def note_activity(self) -> None:
        """Someone is there: count from the beginning, unless the time is up.

        The key that wakes a laptop may arrive before the clock is looked at; whoever pressed it has to unlock.
        """
        if self._timer.isActive() and self.seconds_left() == 0:
            self.tick()
            return
        self._last = self._now()
        if self._warning:
            self._warning = False
            self.resumed.emit()

    def seconds_left(self) -> int:
        """Return the whole seconds until the lock."""
        return max(0, round(self.timeout_seconds - (self._now() - self._last)))

    def tick(self) -> None:
        """Look at the clock; called every second. Time spent in suspend counts."""
        if self._done:
            return
        left = self.seconds_left()
        self.remaining.emit(left)
        if left == 0:
            self._done = True
            self._timer.stop()
            self.lock_requested.emit()
        elif left <= WARNING_SECONDS:
            self._warning = True
            self.warned.emit(left)
