"""Work off the window's thread: reads and writes go to one worker, results come back on the window's thread.

No Qt call belongs inside the work. After a write the areas it touched are told through `changed`, and views that show
them read again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from kimdesk.foundation.errors import KnownError
from kimdesk.ui.binding import GarbageInWindowThread
from kimdesk.ui.messages import Messages
from kimdesk.ui.waiting import wait_until

T = TypeVar("T")
_log = logging.getLogger(__name__)
WAITING_AFTER_MILLISECONDS = 300


class Submits(Protocol):
    """An executor with one worker."""

    def submit(self, fn: Callable[[], T], /) -> Future[T]: ...


@dataclass(eq=False)
class _Job(Generic[T]):
    """A piece of work on its way."""

    then: Callable[[T], object] | None
    failed: Callable[[KnownError], object] | None
    always: Callable[[], object] | None
    owner: QObject | None
    latest: str
    is_write: bool
    touches: frozenset[str]
    dropped: bool = False
    future: Future[T] | None = field(default=None, repr=False)


class Jobs(QObject):
    """Runs reads and writes.

    Signals: `changed(frozenset[str])` after a write with the areas it touched; `waiting(bool)` when work lasts longer
    than 300 ms and when it ends; `idle()` when nothing is under way any more, all results delivered.
    """

    changed = Signal(object)
    waiting = Signal(bool)
    idle = Signal()
    _finished = Signal(object)

    def __init__(self, executor: Submits, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor, self._messages = executor, messages
        self._garbage = GarbageInWindowThread(self)  # before the first piece of work allocates in the worker
        self._running: list[_Job[Any]] = []
        self._is_waiting = False
        self._closed = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(WAITING_AFTER_MILLISECONDS)
        self._patience.timeout.connect(lambda: self._set_waiting(True))
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def read(
        self,
        fn: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[KnownError], object] | None = None,
        *,
        owner: QObject | None = None,
        always: Callable[[], object] | None = None,
        latest: str = "",
    ) -> None:
        """Run `fn` in the worker and hand what it returns to `then` in the window's thread.

        A `KnownError` goes to `failed`, without one to the messages; anything else to the bug dialog. `always` comes
        last in every case. With `owner` nothing is delivered once that object is deleted. With `latest` an older
        read of the same owner and name that has not been delivered is dropped (search as you type).
        """
        if latest:
            for job in self._running:
                if job.latest == latest and job.owner is owner:
                    job.dropped = True
                    if job.future is not None:
                        job.future.cancel()
        self._start(fn, _Job(then, failed, always, owner, latest, False, frozenset()))

    def write(
        self,
        fn: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[KnownError], object] | None = None,
        *,
        owner: QObject | None = None,
        always: Callable[[], object] | None = None,
        touches: Iterable[str] = (),
    ) -> None:
        """Like `read`, for work that changes something: afterwards `changed` tells `touches` and what the result says.

        A result says it by being a set of areas, or by an attribute `changes` or `changed` that is one.
        """
        self._start(fn, _Job(then, failed, always, owner, "", True, frozenset(str(area) for area in touches)))

    def _start(self, fn: Callable[[], T], job: _Job[T]) -> None:
        if self._closed:
            return
        self._running.append(job)
        if len(self._running) == 1:
            self._patience.start()
        job.future = self._executor.submit(fn)
        job.future.add_done_callback(lambda _future: self._tell(job))

    def _tell(self, job: _Job[Any]) -> None:
        """Called in the worker's thread (or at once, if the work is already done): only queue the delivery."""
        if isValid(self):
            self._finished.emit(job)

    def _deliver(self, job: _Job[Any]) -> None:
        try:
            self._hand_over(job)
        finally:
            if job in self._running:
                self._running.remove(job)
            if not self._running:
                self._patience.stop()
                self._set_waiting(False)
                self.idle.emit()

    def _hand_over(self, job: _Job[Any]) -> None:
        future = job.future
        assert future is not None
        wanted = not job.dropped and (job.owner is None or isValid(job.owner))
        try:
            result = future.result()
        except CancelledError:
            return
        except KnownError as error:
            if wanted and job.failed is not None:
                self._guarded(job.failed, error)
            elif wanted or job.is_write:
                self._messages.show_error(error)
        except Exception as error:
            _log.error("a job failed", exc_info=error)
            self._messages.show_error(error)
        else:
            if wanted and job.then is not None:
                self._guarded(job.then, result)
            if job.is_write and (areas := job.touches | areas_of(result)):
                self.changed.emit(areas)
        if wanted and job.always is not None and (job.owner is None or isValid(job.owner)):
            self._guarded(lambda _nothing: job.always() if job.always else None, None)

    def _guarded(self, call: Callable[[Any], object], argument: Any) -> None:
        """A bug in a view's answer is shown like any other bug and does not stop the delivery of the rest."""
        try:
            call(argument)
        except KnownError as error:
            self._messages.show_error(error)
        except Exception as error:
            _log.error("the answer to a job failed", exc_info=error)
            self._messages.show_error(error)

    def _set_waiting(self, waiting: bool) -> None:
        if waiting != self._is_waiting:
            self._is_waiting = waiting
            self.waiting.emit(waiting)

    def is_idle(self) -> bool:
        """Return whether nothing is under way."""
        return not self._running

    def wait_idle(self, timeout_milliseconds: int = 10_000) -> bool:
        """Let the event loop run until nothing is under way; for tests and the tour. Returns False on timeout."""
        return wait_until(self.is_idle, self.idle, timeout_milliseconds)

    def close(self) -> None:
        """Take no more work and drop reads that have not begun; writes are finished by the executor's owner.

        Whoever saved and closed the window at once has saved.
        """
        self._closed = True
        for job in self._running:
            job.dropped = True
            if job.future is not None and not job.is_write:
                job.future.cancel()


def areas_of(result: object) -> frozenset[str]:
    """Return the areas a write's result says it touched."""
    for candidate in (result, getattr(result, "changes", None), getattr(result, "changed", None)):
        if isinstance(candidate, (set, frozenset)):
            return frozenset(str(area) for area in candidate)
    return frozenset()
