"""One demo vault per test run, copied where a test changes it, and the command line in this process."""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kimdesk.cli import main
from tests.cli.support import PASSPHRASE, Ran, run_program
from tests.documents.conftest import compiled_catalogues, poppler

__all__ = ["compiled_catalogues", "poppler"]

Cli = Callable[..., Ran]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Return ``cli("case", "list", …)``: the whole command line, without the second a process of its own takes."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["kimdesk", *(str(argument) for argument in arguments)])
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        capsys.readouterr()
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
        captured = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo vault as `kimdesk demo --no-window` makes it; only to be read or copied."""
    folder = tmp_path_factory.mktemp("demo") / "Demo"
    made = run_program("demo", "--no-window", "--vault", folder)
    assert made.code == 0, made.err
    return folder


@pytest.fixture
def demo(made_demo: Path, tmp_path: Path) -> Path:
    """A demo vault of the test's own."""
    return Path(shutil.copytree(made_demo, tmp_path / "Demo"))


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    """A file with `PASSPHRASE` in its first line, as an editor on Windows writes it."""
    path = tmp_path / "passphrase.txt"
    path.write_bytes(f"\ufeff{PASSPHRASE}\r\nzweite Zeile\r\n".encode())
    return path
