"""The folder in which a rotation of the key is prepared, and how it takes the place of the old files.

Everything of the new vault is ready in ``rotation/`` before its mark is set; from then on only renames are left, which
need no key. So a kill at any moment leaves either the old vault with a useless folder, or one that is finished by
whoever looks at it next.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from kimdesk.foundation.files import sync_folder, write_atomically
from kimdesk.storage.vault import crash
from kimdesk.storage.vault.anchor import FILE_NAME as ANCHOR_NAME
from kimdesk.storage.vault.keyslots import FILE_NAME as KEYSLOTS_NAME
from kimdesk.storage.vault.vault_files import DATABASE_NAME

FOLDER_NAME = "rotation"
_READY = "ready"
_MOVED = (
    (DATABASE_NAME, "rotation.database"),
    (KEYSLOTS_NAME, "rotation.header"),
    (f"{KEYSLOTS_NAME}.bak", "rotation.copy"),
    (ANCHOR_NAME, "rotation.anchor"),
)


def begin_rotation(folder: Path) -> Path:
    """Return the empty folder to prepare the new vault in. Raises `OSError`."""
    building = folder / FOLDER_NAME
    discard_rotation(folder)
    building.mkdir(mode=0o700)
    return building


def discard_rotation(folder: Path) -> None:
    """Give up what was prepared."""
    shutil.rmtree(folder / FOLDER_NAME, ignore_errors=True)


def mark_ready(folder: Path) -> None:
    """Say that the new files are whole, verified and durable: from here on they count. Raises `OSError`."""
    sync_folder(folder / FOLDER_NAME)
    write_atomically(folder / FOLDER_NAME / _READY, b"")


def is_ready(folder: Path) -> bool:
    """Return whether new files wait to take the old ones' place."""
    return (folder / FOLDER_NAME / _READY).exists()


def settle_rotation(folder: Path) -> None:
    """Finish a rotation that is ready, undo one that is not. Needs the vault's lock. Raises `OSError`."""
    building = folder / FOLDER_NAME
    if not building.is_dir():
        return
    if is_ready(folder):
        if (building / DATABASE_NAME).exists():
            for log in ("-wal", "-shm"):  # the old file's; beside the new one they would be poison
                with contextlib.suppress(FileNotFoundError):
                    (folder / f"{DATABASE_NAME}{log}").unlink()
        for name, point in _MOVED:
            if (building / name).exists():
                os.replace(building / name, folder / name)
                crash.at(point)
        sync_folder(folder)
        (building / _READY).unlink()
        crash.at("rotation.swapped")
    discard_rotation(folder)
