"""Putting a whole vault folder in another's place by two renames, so that a kill between them is made good."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from kimdesk.foundation.files import sync_folder
from kimdesk.storage.vault import crash


def waiting_folder(folder: Path) -> Path:
    """Return where a whole vault waits to take the place of `folder`."""
    return folder.with_name(f".{folder.name}.restored")


def replace_folder(building: Path, folder: Path, aside: Path | None) -> None:
    """Rename `building` to `folder`; what is there is renamed to `aside`, or is an empty folder and goes.

    Raises `OSError`; then `folder` is as it was.
    """
    if aside is None:
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
    else:
        waiting = waiting_folder(folder)
        shutil.rmtree(waiting, ignore_errors=True)
        building.rename(waiting)
        try:
            folder.rename(aside)
            crash.at("restore.aside")
            try:
                waiting.rename(folder)
            except OSError:
                aside.rename(folder)
                raise
        except OSError:
            shutil.rmtree(waiting, ignore_errors=True)
            raise
    sync_folder(folder.parent)
    crash.at("restore.placed")


def settle_replacement(folder: Path) -> None:
    """Finish what was killed between its two renames: `folder` is away and its successor waits. Never raises."""
    waiting = waiting_folder(folder)
    if not folder.exists() and waiting.is_dir():
        with contextlib.suppress(OSError):
            waiting.rename(folder)
            sync_folder(folder.parent)
