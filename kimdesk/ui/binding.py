"""Two precautions where Python and Qt do not quite fit together; see docs/decisions/061.

* PySide6 6.12 drops a reference to ``True`` with every ``Signal.emit()``, and one to ``None`` with every slot called by
  Qt and every method of Qt that answers None. From Python 3.12 on neither can die; on 3.11 the interpreter aborts
  after some hundred signals or some thousand clicks. `keep_true_alive` raises both counts out of reach.
* Python's cycle collector runs in whatever thread happens to allocate, at whatever moment. In the worker thread it
  would destroy widgets there, which crashes Qt; inside a destructor of Qt, which holds Qt's lock while a slot written
  in Python is released, it waits for that lock for ever. `GarbageInWindowThread` switches it off and collects from a
  timer of the window's thread, where Qt holds nothing.
"""

from __future__ import annotations

import ctypes
import gc
import sys

from PySide6.QtCore import QObject, QTimer

_OUT_OF_REACH = 1 << 40
_PLAUSIBLE_DIFFERENCE = 10_000
_LOOK_EVERY_MILLISECONDS = 1000


def keep_true_alive() -> None:
    """Raise the reference counts of ``True`` and ``None`` so far that lost references cannot matter; does so once."""
    if sys.version_info >= (3, 12):
        return
    for constant in (True, None):
        if sys.getrefcount(constant) > _OUT_OF_REACH // 2:
            continue
        count = ctypes.c_ssize_t.from_address(id(constant))
        if abs(count.value - sys.getrefcount(constant)) < _PLAUSIBLE_DIFFERENCE:  # else another layout: leave it alone
            count.value += _OUT_OF_REACH


class GarbageInWindowThread(QObject):
    """From its making on, cycles are collected only in the thread it was made in, and only from its event loop.

    Keep one for as long as the program runs; collecting is never given back to the interpreter.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self.collect_what_is_due)
        self._timer.start()

    def collect_what_is_due(self) -> None:
        """Collect the generations whose usual threshold is passed."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
