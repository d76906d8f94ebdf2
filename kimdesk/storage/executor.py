"""The one thread all work on the vault runs in, so that the window never waits for the disk."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

_Result = TypeVar("_Result")
GRACE_SECONDS = 2.0


class DatabaseThread:
    """Runs functions one after the other in its own thread. What they return must not be tied to the database."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kimdesk-database")
        self._open_work: set[Future[Any]] = set()

    def submit(self, work: Callable[[], _Result]) -> Future[_Result]:
        """Queue `work` and return the future of its result or error. Raises `RuntimeError` after `close`."""
        future = self._executor.submit(work)
        self._open_work.add(future)
        future.add_done_callback(self._open_work.discard)
        return future

    def close(self, interrupt: Callable[[], None] | None = None, *, grace_seconds: float = GRACE_SECONDS) -> bool:
        """Give what was handed in `grace_seconds`, then drop what is queued; return whether the thread is idle.

        Where it is not, `interrupt` (such as `Vault.interrupt`) is called and the same time given once more; an
        interrupted unit of work rolls back. Close the vault afterwards. A second call waits again.
        """
        self._executor.shutdown(wait=False)
        if not wait(set(self._open_work), timeout=grace_seconds).not_done:
            return True
        self._executor.shutdown(wait=False, cancel_futures=True)
        if interrupt is None:
            return False
        interrupt()
        return not wait(set(self._open_work), timeout=grace_seconds).not_done
