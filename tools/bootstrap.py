"""Sets a bare machine up and runs the project's commands; needs Python 3.11 and nothing else.

``make run`` and ``make test`` call it. Where there is no make (Windows: not tried there yet) the same
commands are ``python -m tools.bootstrap run`` and ``python -m tools.bootstrap test``.

A first call installs what is missing; a later one finds by a stamp in ``.venv/`` that nothing is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tools import system_packages

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "kimdesk-setup.json"
REQUIREMENTS = ROOT / "requirements" / "all.txt"
LEAST_PYTHON = (3, 11)
TOUR = ROOT / "tour"

COMMANDS = {
    "run": "open the demo vault in a window; without a display, run the tour and say where its pictures are",
    "test": "everything continuous integration runs: lint, types, layers, catalogues, tests",
    "lint": "the same without the tests",
    "setup": "only install what is missing",
    "lock": "renew requirements/all.txt from pyproject.toml (--upgrade takes newer versions)",
    "catalogues": "take new texts of the program over into the translation catalogues",
    "test-faults": "the long run of injected faults",
    "test-disclosure": "the long run of attacks on anonymised releases",
    "test-documents": "the long run of every document in every language",
    "clean": "remove everything that was made here, except .venv",
}


class SetupError(Exception):
    """What keeps the machine from being set up, in words for the person in front of it."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bootstrap",
        description=__doc__.splitlines()[0] if __doc__ else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="commands:\n" + "\n".join(f"  {name:16} {text}" for name, text in COMMANDS.items()),
    )
    parser.add_argument("command", choices=COMMANDS, metavar="command")
    parser.add_argument("--upgrade", action="store_true", help="with lock: take newer versions")
    options = parser.parse_args(arguments)
    try:
        if options.command == "clean":
            clean()
            return 0
        set_up(for_tests=options.command.startswith("test"))
        actions: dict[str, Callable[[], int]] = {
            "run": run_program,
            "test": lambda: check(with_tests=True),
            "lint": lambda: check(with_tests=False),
            "setup": lambda: 0,
            "lock": lambda: lock(upgrade=options.upgrade),
            "catalogues": lambda: call_tool("catalogues", "extract"),
            "test-faults": lambda: pytest("faults_long"),
            "test-disclosure": lambda: pytest("disclosure_long"),
            "test-documents": lambda: pytest("documents_long"),
        }
        return actions[options.command]()
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# Setting up ---------------------------------------------------------------------------------------


def set_up(*, for_tests: bool) -> None:
    """Install system packages, virtual environment and libraries, as far as they are missing.

    Raises `SetupError` where a person has to do something first.
    """
    if sys.version_info < LEAST_PYTHON:
        wanted = ".".join(map(str, LEAST_PYTHON))
        raise SetupError(f"KIM Desk needs Python {wanted} or newer; this is {sys.version.split()[0]}.")
    try:
        system_packages.install_missing(for_tests=for_tests)
    except system_packages.MissingPackagesError as error:
        raise SetupError(str(error)) from error
    wanted_stamp = _wanted_stamp()
    present = _present_stamp()
    if present == wanted_stamp:
        return
    started = time.monotonic()
    if present.get("python") != wanted_stamp["python"] or present.get("checkout") != wanted_stamp["checkout"]:
        print("Creating the virtual environment .venv …", flush=True)
        _must([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be created.")
        present = {}
    if present.get("requirements") != wanted_stamp["requirements"]:
        print("Installing the pinned libraries (several hundred MB the first time) …", flush=True)
        STAMP.unlink(missing_ok=True)
        _must(
            [*_pip(), "--require-hashes", "--only-binary", ":all:", "--requirement", str(REQUIREMENTS)],
            "The libraries could not be installed. The first set-up needs the network; please try again.",
        )
        _write_stamp({**wanted_stamp, "project": ""})
    # The libraries are in place already, the build backend among them: nothing is fetched here.
    _must(
        [*_pip(), "--no-deps", "--no-index", "--no-build-isolation", "--editable", str(ROOT)],
        "KIM Desk itself could not be installed into .venv.",
    )
    _write_stamp(wanted_stamp)
    print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)


def _pip() -> list[str]:
    # Twice quiet: errors are said, remarks about the machine's own pip settings are not.
    return [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "-qq", "install"]


def _write_stamp(stamp: dict[str, str]) -> None:
    STAMP.write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def _wanted_stamp() -> dict[str, str]:
    return {
        "python": f"{sys.version} {sys.base_prefix}",
        "checkout": str(ROOT),
        "requirements": hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest(),
        "project": hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest(),
    }


def _present_stamp() -> dict[str, str]:
    if not venv_python().exists():
        return {}
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def venv_python() -> Path:
    """Return the interpreter of the virtual environment, which need not exist yet."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _must(command: list[str], complaint: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise SetupError(complaint)


# Commands -----------------------------------------------------------------------------------------


def run_program() -> int:
    """Open the demo vault in a window, or run the tour where no window can be opened."""
    if (status := call_tool("catalogues", "compile")) != 0:
        return status
    if _display_works():
        return _call([str(venv_python()), "-m", "kimdesk", "demo"])
    print("There is no display here: the tour drives the window without one and keeps pictures of it.", flush=True)
    status = _call([str(venv_python()), "-m", "kimdesk", "tour", "--out", str(TOUR)])
    if status == 0:
        print(f"The tour's pictures and documents are in {TOUR}")
    return status


def _display_works() -> bool:
    if os.name == "nt" or sys.platform == "darwin":
        return True
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    # A display can be named and not be there; Qt then ends the process that asks.
    question = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    answer = subprocess.run([str(venv_python()), "-c", question], capture_output=True, check=False)
    return answer.returncode == 0


def check(*, with_tests: bool) -> int:
    """Run the checks, with the tests if asked; returns the exit status."""
    if (status := call_tool("catalogues", "compile")) != 0:
        return status
    return call_tool("checks", *(["--tests"] if with_tests else []))


def pytest(marker: str) -> int:
    """Run the long tests with `marker`; having none of them yet is not a failure."""
    if (status := call_tool("catalogues", "compile")) != 0:
        return status
    status = _call(
        [str(venv_python()), "-m", "pytest", "-m", marker], {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    )
    return 0 if status == _PYTEST_FOUND_NO_TESTS else status


_PYTEST_FOUND_NO_TESTS = 5


def lock(*, upgrade: bool) -> int:
    """Resolve pyproject.toml for every platform and write versions with hashes to requirements/all.txt."""
    command = [str(venv_python()), "-m", "uv", "--no-config", "pip", "compile", "pyproject.toml"]
    command += ["--all-extras", "--universal", "--python-version", ".".join(map(str, LEAST_PYTHON))]
    command += ["--generate-hashes", "--no-header", "--no-emit-index-url", "--quiet"]
    command += ["--output-file", str(REQUIREMENTS.relative_to(ROOT))]
    status = _call([*command, "--upgrade"] if upgrade else command)
    if status == 0:
        text = REQUIREMENTS.read_text(encoding="utf-8")
        # An address or a path in this file would tie every user to the machine that wrote it.
        if "://" in text or "--find-links" in text or "--index" in text:
            raise SetupError(
                f"{REQUIREMENTS.name} names an address of this machine; please look at it before using it."
            )
    return status


def clean() -> None:
    """Remove caches, builds, compiled catalogues and the tour's pictures."""
    caches = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis", ".benchmarks")
    for name in (*caches, "dist", "build", "tour"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for folder in ("kimdesk", "tools", "tests", "benchmarks"):
        for cache in list((ROOT / folder).rglob("__pycache__")):
            shutil.rmtree(cache, ignore_errors=True)
    for compiled in (ROOT / "translations").rglob("*.mo"):
        compiled.unlink()


def call_tool(module: str, *arguments: str) -> int:
    """Run one of the modules beside this one in the virtual environment; returns its exit status."""
    return _call([str(venv_python()), "-m", f"tools.{module}", *arguments])


def _call(command: list[str], environment: dict[str, str] | None = None) -> int:
    sys.stdout.flush()
    try:
        return subprocess.run(command, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
