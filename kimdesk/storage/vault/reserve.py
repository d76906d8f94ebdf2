"""reserve.bin: room kept for the day the disk is full, so that the vault can still be opened and a form be saved."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from kimdesk.storage.vault.vault_files import DATABASE_NAME

FILE_NAME = "reserve.bin"
LEAST_BYTES = 2 * 1024 * 1024
MOST_BYTES = 16 * 1024 * 1024
_SHARE_OF_THE_DATABASE = 8
_TIMES_FREE = 4
"""A reserve is made where at least so many times its size is free: it must not fill the disk itself."""


def reserve_size(folder: Path) -> int:
    """Return how large the reserve of this vault is: an eighth of its database, within 2 and 16 MiB."""
    try:
        size = (folder / DATABASE_NAME).stat().st_size
    except OSError:
        size = 0
    return max(LEAST_BYTES, min(MOST_BYTES, size // _SHARE_OF_THE_DATABASE))


def has_reserve(folder: Path) -> bool:
    """Return whether the reserve is there."""
    try:
        return (folder / FILE_NAME).stat().st_size >= LEAST_BYTES
    except OSError:
        return False


def keep_reserve(folder: Path) -> bool:
    """Make the reserve where it is missing and there is room; return whether it is there. Never raises."""
    if has_reserve(folder):
        return True
    size = reserve_size(folder)
    path = folder / FILE_NAME
    try:
        if shutil.disk_usage(folder).free < size * _TIMES_FREE:
            return False
        with path.open("wb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            else:
                file.write(os.urandom(size))  # zeros would take no room on a compressed folder
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        release_reserve(folder)
        return False
    return True


def make_room(folder: Path) -> bool:
    """Give the reserve up where less is free than a save may need; return whether that was done. Never raises."""
    try:
        is_low = shutil.disk_usage(folder).free < LEAST_BYTES
    except OSError:
        return False
    return is_low and release_reserve(folder)


def release_reserve(folder: Path) -> bool:
    """Give the room back; return whether there was any."""
    with contextlib.suppress(OSError):
        (folder / FILE_NAME).unlink()
        return True
    return False
