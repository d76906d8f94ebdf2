"""Asking the user for a file or a folder, and reading it; tests hand in functions of their own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from kimdesk.foundation.errors import N_, KnownError


class FileNotReadable(KnownError):
    """A chosen file cannot be read."""

    default_message = N_("Die Datei lässt sich nicht lesen. Bitte prüfen Sie, ob der Datenträger eingesteckt ist.")


def ask_for_file(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Return the file the user chose, None if they changed their mind; `kinds` as Qt writes filters."""
    name, _kind = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return Path(name) if name else None


def ask_for_files(parent: QWidget, title: str, kinds: str) -> list[Path]:
    """Return the files the user chose, none if they changed their mind; `kinds` as Qt writes filters."""
    names, _kind = QFileDialog.getOpenFileNames(parent, title, "", kinds)
    return [Path(name) for name in names]


def ask_for_folder(parent: QWidget, title: str) -> Path | None:
    """Return the folder the user chose, None if they changed their mind."""
    name = QFileDialog.getExistingDirectory(parent, title)
    return Path(name) if name else None


def ask_where_to_save(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Return where a file of the proposed `name` is to go, None if the user thinks better of it.

    `kinds` as Qt writes filters. A name typed without an ending gets that of `name`; Windows would not know it.
    """
    chosen, _kind = QFileDialog.getSaveFileName(parent, title, name, kinds)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(Path(name).suffix)


def read_chosen(path: Path, largest: int) -> bytes:
    """Return the bytes of a chosen file, one more than `largest` of a larger one. Raises `FileNotReadable`."""
    try:
        with path.open("rb") as file:
            return file.read(largest + 1)
    except OSError:
        raise FileNotReadable() from None
