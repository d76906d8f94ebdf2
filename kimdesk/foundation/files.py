"""Writing files so that a crash leaves either the old or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def write_atomically(path: Path, data: bytes, *, keep_previous: bool = False) -> None:
    """Write `data` to `path` as temp file, fsync, rename, fsync of the folder.

    With `keep_previous` the old file stays beside it as ``<name>.bak``. Raises `OSError` (full disk, read-only
    stick); then the old file is untouched and no temp file is left.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if keep_previous and path.exists():
            _copy_previous(path)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def _copy_previous(path: Path) -> None:
    """Put a synced copy of `path` beside it; the name `path` itself never disappears."""
    write_atomically(path.with_name(path.name + ".bak"), path.read_bytes())


def flush(path: Path) -> None:
    """Make what was written to a file durable. Raises `OSError`."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable. Windows has no such call and needs none: there it does nothing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
