"""Work that waits for the network: prepared and kept on the vault's thread, carried on a thread of its own.

While something is carried the vault stays free for everything else. A lock or the end of the program does not wait
for it; what was not kept is carried again another time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from kimdesk.foundation.errors import KnownError
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.waiting import wait_until

T = TypeVar("T")
P = TypeVar("P")
C = TypeVar("C")


class _DaemonThreads:
    """Runs each piece of work in a thread that does not hold up the end of the program."""

    def submit(self, fn: Callable[[], T], /) -> Future[T]:
        future: Future[T] = Future()

        def run() -> None:
            try:
                result = fn()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        threading.Thread(target=run, name="kimdesk-courier", daemon=True).start()
        return future


class Courier(QObject):
    """Does one errand at a time. `idle()` when none is under way any more, its result delivered."""

    idle = Signal()

    def __init__(self, jobs: Jobs, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._carrying = Jobs(_DaemonThreads(), messages, self)
        self._errand = 0
        self._busy = False

    def go(
        self,
        prepare: Callable[[], P],
        carry: Callable[[P], C],
        keep: Callable[[P, C], T],
        then: Callable[[T], object],
        failed: Callable[[KnownError], object],
        always: Callable[[], object],
    ) -> None:
        """Run the three steps and hand what `keep` returned to `then`, a `KnownError` of any step to `failed`.

        `always` comes last. While an errand is under way a second one is not begun.
        """
        if self._busy:
            return
        self._busy = True
        self._errand += 1
        errand = self._errand

        def prepared(ready: P) -> None:
            if errand == self._errand:
                self._carrying.read(lambda: carry(ready), lambda came: carried(ready, came), refused, owner=self)

        def carried(ready: P, came: C) -> None:
            # What arrived is kept even where nobody waits for it any more.
            wanted = errand == self._errand
            self._jobs.write(
                lambda: keep(ready, came),
                (lambda kept: then(kept)) if wanted else None,
                refused,
                owner=self,
                always=end,
            )

        def refused(error: KnownError) -> None:
            if errand == self._errand:
                failed(error)
                end()

        def end() -> None:
            if errand == self._errand and self._busy:
                self._busy = False
                always()
                self.idle.emit()

        self._jobs.write(prepare, prepared, refused, owner=self)

    def cancel(self) -> None:
        """Wait no longer. What arrives all the same is kept quietly; `always` of the errand is not called."""
        if self._busy:
            self._errand += 1
            self._busy = False
            self.idle.emit()

    def is_idle(self) -> bool:
        """Return whether no errand is under way."""
        return not self._busy

    def wait_idle(self, timeout_milliseconds: int = 10_000) -> bool:
        """Let the event loop run until no errand is under way; for tests and the tour. Returns False on timeout."""
        return wait_until(self.is_idle, self.idle, timeout_milliseconds)
