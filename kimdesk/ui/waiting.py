"""Waiting in the event loop, for tests and the tour: the window goes on living meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer, SignalInstance


def wait_until(is_done: Callable[[], bool], changed: SignalInstance, timeout_milliseconds: int) -> bool:
    """Let the event loop run until `is_done`, looked at after each `changed`; return False when the time is up."""
    deadline = QDeadlineTimer(timeout_milliseconds)
    while not is_done():
        remaining = deadline.remainingTime()
        if remaining <= 0:
            return False
        loop = QEventLoop()
        changed.connect(loop.quit)
        QTimer.singleShot(remaining, loop, loop.quit)
        loop.exec()
        changed.disconnect(loop.quit)
    return True
