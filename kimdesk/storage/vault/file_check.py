"""Checking the whole of vault.db before the first write: at once, or beside a desk that only reads (decision 086)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path

from sqlcipher3 import dbapi2

from kimdesk.storage.engine import connect, known_faults, known_os_fault
from kimdesk.storage.vault.anchor import Anchor, digest_of
from kimdesk.storage.vault.errors import AnchorAlarm, DatabaseDamaged
from kimdesk.storage.vault.key import VaultKey
from kimdesk.storage.vault.vault_files import DATABASE_NAME


def digest_beside(folder: Path) -> Future[bytes]:
    """Begin to hash the file in a thread of its own, while the key is derived."""
    beside = ThreadPoolExecutor(1, thread_name_prefix="kimdesk-digest")
    digest = beside.submit(digest_of, folder / DATABASE_NAME)
    beside.shutdown(wait=False)
    return digest


class CheckEnded(Exception):
    """The check was ended before it was through: the vault is being closed."""


class FileCheck:
    """Holds the closed file against its seal; without one, or where it differs, checks every page."""

    def __init__(self, folder: Path, key: VaultKey, anchor: Anchor | None, digest: Future[bytes]) -> None:
        self._folder, self._digest = folder, digest
        self._seal = None if anchor is None else anchor.seal
        self._key = VaultKey(key.raw())
        log = folder / f"{DATABASE_NAME}-wal"
        # Looked at before the file is opened, which makes an empty one.
        self._has_log = log.exists() and log.stat().st_size > 0
        self._stopped = threading.Event()
        self._connection: dbapi2.Connection | None = None

    def ensure_there(self) -> None:
        """Raise `DatabaseDamaged` where there is no file: SQLite would make a new, empty one."""
        path = self._folder / DATABASE_NAME
        if not path.is_file() or path.stat().st_size == 0:
            raise DatabaseDamaged

    def is_quick(self) -> bool:
        """Return whether the answer is known already: the file is the one that was closed."""
        return self._digest.done() and self._fits_seal()

    def run(self) -> bool:
        """Return whether file and seal belong together; a file without a seal does. Raises `DatabaseDamaged`.

        A seal that does not fit although every page is good is the caller's alarm.
        """
        try:
            if self._fits_seal():
                return True
            self._check_every_page()
            return self._seal is None
        finally:
            self._key.wipe()

    def stop(self) -> None:
        """End it early; what it says then is of no interest."""
        self._stopped.set()
        connection = self._connection
        if connection is not None:
            with contextlib.suppress(dbapi2.Error):  # it has just been closed
                connection.interrupt()

    def _fits_seal(self) -> bool:
        if self._seal is None or self._has_log:
            return False
        try:
            return self._digest.result() == self._seal
        except OSError:
            return False

    def _check_every_page(self) -> None:
        self.ensure_there()
        with known_faults():
            connection = self._connection = connect(self._folder / DATABASE_NAME, self._key)
            try:
                for pragma, good in (("cipher_integrity_check", []), ("integrity_check(1)", [("ok",)])):
                    if self._stopped.is_set():
                        raise CheckEnded
                    if connection.execute(f"PRAGMA {pragma}").fetchall() != good:
                        raise DatabaseDamaged
            finally:
                self._connection = None
                connection.close()


class Probation:
    """The time of a vault that may be read but not written: until its file is checked and its session has begun."""

    def __init__(self, check: FileCheck, begin: Callable[[], None]) -> None:
        self._check, self._begin = check, begin
        beside = ThreadPoolExecutor(1, thread_name_prefix="kimdesk-check")
        self._checked = beside.submit(self._run)
        beside.shutdown(wait=False)

    def _run(self) -> None:
        try:
            if not self._check.run():
                raise AnchorAlarm(AnchorAlarm.DIFFERS)
        except OSError as error:
            raise known_os_fault(error) from error

    def is_checked(self) -> bool:
        """Return whether the check is through, whatever it found."""
        return self._checked.done()

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Wait for the check; return whether it is through. Raises what it found."""
        try:
            self._checked.result(timeout_seconds)
        except NotYet:
            return False
        return True

    def begin(self) -> None:
        """Write what every session begins with."""
        self._begin()

    def stop(self) -> None:
        """End it; the file stays as it was."""
        self._check.stop()
        with contextlib.suppress(Exception):
            self._checked.result()
