"""What every command shares: the vault's folder, the passphrase, one clear line for an error, JSON out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.files import write_atomically
from kimdesk.foundation.paths import default_vault_folder
from kimdesk.i18n import _
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.vault import describe_vault, open_vault

F = TypeVar("F", bound=Callable[..., Any])

PASSPHRASE_FILE_VARIABLE = "KIMDESK_PASSPHRASE_FILE"


class FileUnreadable(KnownError):
    """A file named on the command line cannot be read."""

    default_message = N_("Die Datei {path} lässt sich nicht lesen. Bitte prüfen Sie Namen und Rechte.")


class FileNotWritten(KnownError):
    """A file named on the command line cannot be written."""

    default_message = N_(
        "Die Datei {path} lässt sich nicht schreiben. Bitte prüfen Sie Ordner, Rechte und freien Platz."
    )


class PassphraseMissing(KnownError):
    """Nobody can be asked and no file was named."""

    default_message = N_(
        "Es fehlt die Passphrase. Bitte nennen Sie mit --passphrase-file eine Datei, in deren erster Zeile sie steht."
    )


def vault_option(command: F) -> F:
    """Add ``--vault DIR``."""
    return click.option(
        "--vault",
        "vault_folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help=_("Ordner des Tresors (sonst der Datenordner des Systems)"),
    )(command)


def passphrase_option(command: F) -> F:
    """Add ``--passphrase-file FILE``."""
    return click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path, dir_okay=False),
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


def first_line(path: Path) -> str:
    """Return the first line of a passphrase file, without the line's end."""
    try:
        lines = read_file(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise FileUnreadable(path=str(path)) from None
    return lines[0] if lines else ""


def ask_passphrase(passphrase_file: Path | None, *, prompt: str | None = None, twice: bool = False) -> str:
    """Return the passphrase from the file, else from a prompt; never from an argument.

    Raises `PassphraseMissing` where there is no terminal to ask at.
    """
    if passphrase_file is not None:
        return first_line(passphrase_file)
    if not sys.stdin.isatty():
        raise PassphraseMissing()
    answer: str = click.prompt(prompt or _("Passphrase"), hide_input=True, confirmation_prompt=twice, err=True)
    return answer


@contextmanager
def opened_desk(vault_folder: Path | None, passphrase_file: Path | None) -> Iterator[Desk]:
    """Open the vault and yield its desk; close it afterwards. A demo vault opens with its own passphrase."""
    folder, clock = folder_or_default(vault_folder), SystemClock()
    demo_passphrase = describe_vault(folder, clock).demo_passphrase
    if passphrase_file is None and demo_passphrase is not None:
        passphrase = demo_passphrase
    else:
        passphrase = ask_passphrase(passphrase_file)
    desk = build_desk(open_vault(folder, passphrase, clock=clock), clock)
    try:
        yield desk
    finally:
        desk.close()


def write_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` all at once, or raise `FileNotWritten` and leave what was there."""
    try:
        write_atomically(path, data)
    except OSError:
        raise FileNotWritten(path=str(path)) from None


def print_json(value: Any) -> None:
    """Print `value` as JSON, readable and in UTF-8."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
