"""What every command shares: options, files, the passphrase, JSON out. Nothing here loads the vault's libraries."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.files import write_atomically
from kimdesk.foundation.paths import default_vault_folder
from kimdesk.i18n import _

F = TypeVar("F", bound=Callable[..., Any])

PASSPHRASE_FILE_VARIABLE = "KIMDESK_PASSPHRASE_FILE"

# Whether a file is there and may be read is said in one sentence by whoever reads it, with exit code 1.
A_FILE = click.Path(path_type=Path, dir_okay=False, readable=False)
A_FILE_OR_FOLDER = click.Path(path_type=Path, readable=False)
A_FOLDER = click.Path(path_type=Path, file_okay=False, readable=False)


class FileUnreadable(KnownError):
    """A file named on the command line cannot be read."""

    default_message = N_("Die Datei {path} lässt sich nicht lesen. Bitte prüfen Sie Namen und Rechte.")


class NotUtf8(KnownError):
    """A text file named on the command line is not in UTF-8."""

    default_message = N_("Die Datei {path} ist nicht als UTF-8 gespeichert. Bitte speichern Sie sie als UTF-8.")


class FileNotWritten(KnownError):
    """A file named on the command line cannot be written."""

    default_message = N_(
        "Die Datei {path} lässt sich nicht schreiben. Bitte prüfen Sie Ordner, Rechte und freien Platz."
    )


class PassphraseMissing(KnownError):
    """Nobody can be asked and no file was named."""

    default_message = N_(
        "Es fehlt die Passphrase. Bitte nennen Sie mit {option} eine Datei, in deren erster Zeile sie steht."
    )


class PassphraseFileEmpty(KnownError):
    """The first line of the passphrase file is empty."""

    default_message = N_("Die erste Zeile der Datei {path} ist leer. Bitte schreiben Sie die Passphrase dorthin.")


def vault_option(command: F) -> F:
    """Add ``--vault DIR``."""
    return click.option(
        "--vault",
        "vault_folder",
        type=A_FOLDER,
        default=None,
        help=_("Ordner des Tresors (sonst der Datenordner des Systems)"),
    )(command)


def passphrase_option(command: F) -> F:
    """Add ``--passphrase-file FILE``."""
    return click.option(
        "--passphrase-file",
        type=A_FILE,
        envvar=PASSPHRASE_FILE_VARIABLE,
        default=None,
        help=_("Datei mit der Passphrase in der ersten Zeile (auch über {variable})").format(
            variable=PASSPHRASE_FILE_VARIABLE
        ),
    )(command)


def json_option(command: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help=_("Ausgabe als JSON"))(command)


def folder_or_default(vault_folder: Path | None) -> Path:
    """Return the named vault folder, or the platform's own."""
    return vault_folder or default_vault_folder()


def read_file(path: Path) -> bytes:
    """Return the bytes of `path`, or raise `FileUnreadable`."""
    try:
        return path.read_bytes()
    except OSError:
        raise FileUnreadable(path=str(path)) from None


def read_text(path: Path) -> str:
    """Return the text of the UTF-8 file `path`, or raise `FileUnreadable` or `NotUtf8`."""
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotUtf8(path=str(path)) from None


def first_line(path: Path) -> str:
    """Return the first line of a passphrase file, without the line's end. Raises `PassphraseFileEmpty`."""
    lines = read_text(path).splitlines()
    if not lines or not lines[0].strip():
        raise PassphraseFileEmpty(path=str(path))
    return lines[0]


def can_ask() -> bool:
    """Return whether there is a terminal to ask at."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask_passphrase(passphrase_file: Path | None, *, option: str = "--passphrase-file") -> str:
    """Return the passphrase from the file, else from a prompt; never from an argument.

    `option` names the file's option. Raises `PassphraseMissing` where there is no terminal to ask at.
    """
    if passphrase_file is not None:
        return first_line(passphrase_file)
    return _prompt(_("Passphrase"), option=option)


def ask_new_passphrase(passphrase_file: Path | None, *, option: str) -> str:
    """Return a new passphrase from the file, else from a prompt, typed twice. `option` names the file's option."""
    if passphrase_file is not None:
        return first_line(passphrase_file)
    while True:
        typed = _prompt(_("Neue Passphrase"), option=option)
        if typed == _prompt(_("Noch einmal die neue Passphrase"), option=option):
            return typed
        click.echo(_("Die beiden Eingaben sind nicht gleich. Bitte geben Sie sie noch einmal ein."), err=True)


def _prompt(question: str, *, option: str) -> str:
    if not can_ask():
        raise PassphraseMissing(option=option)
    answer: str = click.prompt(question, hide_input=True, err=True)
    return answer


def write_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` all at once, or raise `FileNotWritten` and leave what was there."""
    try:
        write_atomically(path, data)
    except OSError:
        raise FileNotWritten(path=str(path)) from None


def print_json(value: Any) -> None:
    """Print `value` as JSON, readable and in UTF-8."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
