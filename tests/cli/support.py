"""How the tests call the command line, and what they look at afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "apfel-bruecke-segel-laterne-tinte-moos"


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The one line of a known error; fails where there is more, less, or another exit code than 1."""
        assert (self.code, self.out) == (1, "")
        return one_line(self.err)


def one_line(text: str) -> str:
    """Return the one line `text` is; fails where it is none, several, or says more than a sentence a user reads."""
    assert text.endswith("\n") and text.count("\n") == 1 and text.strip(), text
    assert "Error" not in text and "Traceback" not in text and ".py" not in text, text
    return text.strip()


def run_program(*arguments: object, environment: dict[str, str] | None = None) -> Ran:
    """Run `kimdesk` in a process of its own, without a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "kimdesk", *(str(argument) for argument in arguments)],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder` with its bytes, by its relative name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
