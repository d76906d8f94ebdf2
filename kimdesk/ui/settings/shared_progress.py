"""How far long work in the worker is, looked at from the window: the worker writes, a timer reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY_MILLISECONDS = 100


@dataclass
class Progress:
    """What the worker last said: a step (a token of the service) and its share from 0 to 1. No Qt in here."""

    step: str = ""
    share: float = 0.0

    def __call__(self, step: str, share: float) -> None:
        self.step, self.share = step, share


class ProgressWatch(QObject):
    """Hands the state of a `Progress` to `show` ten times a second while it runs."""

    def __init__(self, show: Callable[[str, float], object], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        self._progress = Progress()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self._look)

    def start(self) -> Progress:
        """Begin to look; give what is returned to the work."""
        self._progress = Progress()
        self._timer.start()
        return self._progress

    def stop(self) -> None:
        """Look no longer."""
        self._timer.stop()

    def _look(self) -> None:
        if self._progress.step:
            self._show(self._progress.step, self._progress.share)
