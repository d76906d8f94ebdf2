"""SIGTERM and SIGHUP as an event of the window: what a session that ends sends to its programs."""

from __future__ import annotations

import contextlib
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class PosixSignals(QObject):
    """`asked_to_end` once one of the two arrives. Python runs its handlers only between two steps of its own; Qt's
    loop is one long step, so the signal is brought in as a byte on a socket that Qt watches.
    """

    asked_to_end = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watched = (signal.SIGTERM, signal.SIGHUP)
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        for number in self._watched:
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda *_: self._arrived())
        parent.destroyed.connect(self.stop)

    def _arrived(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if set(self._reading.recv(64)) & set(self._watched):
                self.asked_to_end.emit()

    def stop(self) -> None:
        """Let the signals end the program again as they do by default."""
        own = self._writing.fileno()
        if own < 0:
            return
        current = signal.set_wakeup_fd(-1)
        if current == own:
            for number in self._watched:
                signal.signal(number, signal.SIG_DFL)
        elif current >= 0:  # a later window watches now
            signal.set_wakeup_fd(current, warn_on_full_buffer=False)
        self._reading.close()
        self._writing.close()
