"""What import-linter cannot say: standard library only, files of one idea, light starts, pins that agree."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "kimdesk"
MOST_LINES = 500


def sources(*folders: str) -> list[Path]:
    """Every Python file below the named folders of the checkout."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """The full names of the modules a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: an import with dots hides which room it reaches into"
            yield node.module or ""


@pytest.mark.parametrize(
    ("room", "allowed"),
    [("domain", {"kimdesk"}), ("foundation", {"kimdesk", "platformdirs", "openpyxl"})],
    ids=["domain", "foundation"],
)
def test_the_lowest_rooms_stand_on_little(room: str, allowed: set[str]) -> None:
    outside = {
        (path.name, name)
        for path in sources(f"kimdesk/{room}")
        for name in imported(path)
        if name.partition(".")[0] not in allowed | sys.stdlib_module_names
    }
    assert not outside


def test_a_file_is_one_idea() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in sources("kimdesk", "tests", "tools")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long


def test_migrations_import_no_code_of_the_project() -> None:
    # A migration describes one moment; the project's code goes on.
    versions = PACKAGE / "storage" / "migrations" / "versions"
    assert not [(path.name, name) for path in versions.glob("*.py") for name in imported(path) if "kimdesk" in name]


@pytest.mark.parametrize("module", ["kimdesk.cli", "kimdesk.coordinator"])
def test_command_line_and_coordinator_start_without_qt(module: str) -> None:
    question = f"import sys, {module}; print(*[name for name in sys.modules if name.startswith('PySide6')])"
    answer = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == ""


def test_the_build_backend_is_the_locked_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locked = (ROOT / "requirements" / "all.txt").read_text(encoding="utf-8")
    for pin in project["build-system"]["requires"]:
        assert f"{pin} \\" in locked.splitlines(), f"{pin} is not what requirements/all.txt has; please run: make lock"


def test_the_locked_file_covers_every_dependency_with_hashes_and_names_no_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    text = (ROOT / "requirements" / "all.txt").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE) if entry.strip()]
    locked = {re.split(r"[=\[]", entry, maxsplit=1)[0] for entry in entries}
    names = {re.split(r"[>=\[]", name, maxsplit=1)[0].lower().replace("_", "-") for name in wanted}
    assert names <= locked
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text and "--find-links" not in text and "index-url" not in text
    # The users' machines run Windows: what only they need must have survived.
    assert "sys_platform == 'win32'" in text
