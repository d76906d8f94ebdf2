"""vault.lock: one running program per vault.

The lock is the operating system's, not the file's existence: it ends with the process, however
that ends, so a file left behind means nothing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kimdesk.storage.vault.errors import VaultInUse, VaultNotWritable

FILE_NAME = "vault.lock"


class VaultLock:
    """Holds the lock of one vault folder from construction to `release`.

    Raises `VaultInUse` where another process, or another lock of this one, holds it; `VaultNotWritable`.
    """

    def __init__(self, folder: Path) -> None:
        try:
            # Not inherited by child processes (PEP 446), so a replaced process lets go too.
            self._descriptor = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise VaultNotWritable from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            self._descriptor = -1
            raise VaultInUse from error

    def release(self) -> None:
        """Let go; a second call does nothing. The file stays: removing it would race with the next holder."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
