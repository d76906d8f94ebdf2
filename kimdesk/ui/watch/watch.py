"""One object that hears every way in which the system says that nobody is at the desk any more."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QSessionManager
from PySide6.QtWidgets import QWidget

from kimdesk.ui.watch.posix_signals import PosixSignals


class SystemWatch(QObject):
    """`lock_wanted` when the screen is locked or the machine goes to sleep, `session_ends` when the user's session
    ends or the program is asked to end, `keep_wanted` when a session manager asks for what is not saved. Each may
    come more than once.

    On Linux it listens to logind and to the screen savers over D-Bus, on Windows to the session and power messages.
    Nothing here can fail aloud: a system that does not tell leaves the idle time and Ctrl+L.
    """

    lock_wanted = Signal()
    session_ends = Signal()
    keep_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.commitDataRequest.connect(self._commit)
        if sys.platform == "win32":
            from kimdesk.ui.watch.windows_session import WindowsSession  # only there is it of use

            windows = WindowsSession(int(window.winId()), self)
            windows.lock_wanted.connect(self.lock_wanted)
            windows.session_ends.connect(self.session_ends)
            return
        self._signals = PosixSignals(self)
        self._signals.asked_to_end.connect(self.session_ends)
        from kimdesk.ui.watch.logind import LogindWatch  # Windows does without D-Bus

        self.logind = LogindWatch(self)
        self.logind.lock_wanted.connect(self.lock_wanted)
        self.logind.session_ends.connect(self.session_ends)

    def stop(self) -> None:
        """Watch no longer."""
        if sys.platform != "win32":
            self._signals.stop()

    def _commit(self, manager: QSessionManager) -> None:
        """The session goes on or not: the answer is a draft that is kept, and never a question."""
        self.keep_wanted.emit()
