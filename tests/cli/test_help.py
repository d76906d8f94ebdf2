"""Help pages in German, quick starts, and one sentence for wrong use."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from kimdesk.cli.main import cli as commands
from tests.cli.conftest import Cli
from tests.cli.support import ROOT, one_line, run_program

_HEAVY = ("PySide6", "reportlab", "uharfbuzz", "fastapi", "uvicorn", "alembic", "openpyxl", "kimdesk.app")
_GROUPS = (("vault",), ("case",), ("offers",), ("release",), ("coordinator",))
_ENGLISH = ("Usage", "Options", "Commands", "Show this message", "required", "default", "RANGE", " FILE", " DIRECTORY")


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            if isinstance(command, click.Group):
                yield from every_command(command, (*path, name))
            else:
                yield (*path, name)


@pytest.mark.parametrize("path", list(every_command(commands)), ids=" ".join)
def test_every_command_explains_itself_in_german(path: tuple[str, ...], cli: Cli) -> None:
    shown = cli(*path, "--help")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(" ".join(("Aufruf: kimdesk", *path)))
    assert "Zeigt diese Hilfe." in shown.out
    assert not [word for word in _ENGLISH if word in shown.out]


def modules_after(*arguments: str) -> set[str]:
    code = (
        "import sys, json, atexit\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
        "from kimdesk.cli import main\n"
        f"sys.argv = {['kimdesk', *arguments]!r}\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_help_loads_neither_window_nor_printing_nor_server() -> None:
    loaded = modules_after("--help")
    assert not loaded & set(_HEAVY)
    assert "kimdesk.cli.coordinator" in loaded, "the page names every command"


def test_a_command_loads_only_what_it_is_about() -> None:
    loaded = modules_after("coordinator", "--help")
    assert not loaded & {*_HEAVY, "sqlalchemy", "sqlcipher3", "httpx", "kimdesk.services.desk"}


def test_the_version_is_told() -> None:
    shown = run_program("--version")
    assert shown.code == 0 and shown.out.startswith("kimdesk ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fallakte"], "Den Befehl „fallakte“ gibt es nicht. „kimdesk --help“"),
        (["offers", "löschen"], "Den Befehl „löschen“ gibt es nicht. „kimdesk offers --help“"),
        (["case", "list", "--bunt"], "Die Angabe --bunt gibt es hier nicht. „kimdesk case list --help“"),
        (["case", "list", "zuviel"], "Das sind zu viele Angaben."),
        (["case", "list", "--vault"], "Zur Angabe --vault fehlt der Wert."),
        (["case", "list", "--vault", __file__], "Die Angabe --vault passt nicht. Bitte geben Sie einen Ordner an"),
        (["indicators"], "Es fehlt die Angabe --year."),
        (["indicators", "--year", "22"], "Bitte geben Sie eine ganze Zahl von 1990 bis 2200 an."),
        (["indicators", "--year", "dieses"], "Bitte geben Sie eine ganze Zahl von 1990 bis 2200 an."),
        (["offers", "import"], "Es fehlt die Angabe DATEI."),
        (
            ["offers", "import", "a.xml", "--format", "xml"],
            "Möglich sind: integreat, integreat-locations",
        ),
        (["print", "note", "--case", "KIM-2022-001"], "Die Angabe --case passt nicht. Bitte geben Sie die Kennung"),
        (["release", "create", "--quarter", "5"], "Bitte geben Sie eine ganze Zahl von 1 bis 4 an."),
        (["coordinator", "init", "--folder", "x", "--url", "x", "--name", "x", "--district", "bayern"], "unna"),
    ],
)
def test_wrong_use_is_one_german_sentence(arguments: list[str], says: str, cli: Cli) -> None:
    said = cli(*arguments)
    assert (said.code, said.out) == (2, "")
    assert says in one_line(said.err)
    assert "--help“ erklärt den Befehl." in said.err


def test_a_group_alone_shows_its_commands(cli: Cli) -> None:
    said = cli("vault")
    assert said.code == 2 and "Aufruf: kimdesk vault" in said.err and "backup" in said.err


def test_the_administrators_reference_names_every_command() -> None:
    page = (ROOT / "docs" / "administration" / "befehle.md").read_text(encoding="utf-8")
    leaves = [path for path in every_command(commands) if path not in ((), *_GROUPS)]
    assert not [path for path in leaves if f"`kimdesk {' '.join(path)}" not in page]
    named = {line.split("`kimdesk ")[1].split("`")[0] for line in page.splitlines() if line.startswith("| `kimdesk ")}
    assert not [name for name in named if not any(name.split()[: len(path)] == list(path) for path in leaves)]
