"""Makes the backups that are due, some time after unlocking and then now and again."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QTimer

from kimdesk.foundation.errors import KnownError
from kimdesk.services.desk import Desk
from kimdesk.ui.jobs import Jobs

FIRST_AFTER_MILLISECONDS = 20_000
_LOOK_EVERY_MILLISECONDS = 15 * 60_000


class _Stopped(KnownError):
    """The desk is being locked; the unfinished copy is removed and made another time."""


class ScheduledBackups(QObject):
    """`start` once the vault is settled. What fails is told by the vault's notices, not here. Not for the demo."""

    def __init__(self, desk: Desk, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._jobs = desk, jobs
        self._is_over = threading.Event()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to look."""
        if not self._desk.vault.is_demo:
            self._timer.start(FIRST_AFTER_MILLISECONDS)

    def stop(self) -> None:
        """Make no more backups and break off one that is being written: the lock does not wait for it."""
        self._is_over.set()
        self._timer.stop()

    def look(self) -> None:
        """Make what is due."""
        self._timer.setInterval(_LOOK_EVERY_MILLISECONDS)
        backups = self._desk.backups

        def run() -> bool:
            if not backups.is_due():
                return False
            backups.run_due(self._go_on)
            return True

        self._jobs.read(run, self._ran, lambda _error: None, owner=self)

    def _go_on(self, _share: float) -> None:
        """Called in the worker between two steps of the copy."""
        if self._is_over.is_set():
            raise _Stopped("stopped")

    def _ran(self, made: bool) -> None:
        if made:
            self._jobs.changed.emit(frozenset({"backups"}))
