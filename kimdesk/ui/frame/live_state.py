"""Keeps the frame up to date with what the services say: releases that wait, the time to the lock."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

from kimdesk.services.desk import Desk
from kimdesk.ui.frame.main_window import MainWindow
from kimdesk.ui.jobs import Jobs

_PUSH_LOOK_MILLISECONDS = 60_000


class PushState(QObject):
    """Keeps the top bar's count of waiting releases up to date."""

    def __init__(self, desk: Desk, jobs: Jobs, window: MainWindow) -> None:
        super().__init__(window)
        self._desk, self._jobs, self._window = desk, jobs, window
        jobs.changed.connect(self._changed)
        timer = QTimer(self)
        timer.setInterval(_PUSH_LOOK_MILLISECONDS)
        timer.timeout.connect(self.look)
        timer.start()
        self.look()

    def look(self) -> None:
        """Read how many releases wait."""
        self._jobs.read(self._desk.pushes.status, self._show, owner=self)

    def _changed(self, areas: frozenset[str]) -> None:
        if areas & {"releases", "settings"}:
            self.look()

    def _show(self, status: Any) -> None:
        self._window.set_push_state(status.waiting if status.enrolled else None)


class IdleTime(QObject):
    """Lets a new time to the lock hold at once."""

    def __init__(self, desk: Desk, jobs: Jobs, window: MainWindow) -> None:
        super().__init__(window)
        self._desk, self._jobs, self._window = desk, jobs, window
        jobs.changed.connect(self._changed)

    def _changed(self, areas: frozenset[str]) -> None:
        if "settings" in areas:
            self._jobs.read(self._desk.settings.idle_minutes, self._set, owner=self)

    def _set(self, minutes: int) -> None:
        self._window.idle_lock.timeout_seconds = minutes * 60
