"""Every check of the project, one after the other; what failed is named at the end.

Runs in the virtual environment, called by `tools.bootstrap` for ``lint`` (without tests) and ``test``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SCRIPTS = Path(sys.executable).parent
_SUFFIX = ".exe" if os.name == "nt" else ""


@dataclass(frozen=True)
class Step:
    """One check: its name in the summary and the command that decides."""

    name: str
    command: list[str]


def _script(name: str) -> str:
    return str(_SCRIPTS / f"{name}{_SUFFIX}")


LINT = [
    Step("ruff", [_script("ruff"), "check", "--quiet", "."]),
    Step("ruff format", [_script("ruff"), "format", "--check", "--quiet", "."]),
    Step("mypy --strict", [_script("mypy"), "--strict", "--no-error-summary"]),
    Step("import-linter", [_script("lint-imports"), "--no-logo"]),
    Step("catalogues", [sys.executable, "-m", "tools.catalogues", "check"]),
]
TESTS = Step("pytest", [sys.executable, "-m", "pytest"])


def run(steps: list[Step]) -> int:
    """Run all `steps`, print how each ended and how long it took; returns 0 only if none failed."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    failed: list[str] = []
    summary: list[str] = []
    for step in steps:
        print(f"── {step.name}", flush=True)
        started = time.monotonic()
        status = subprocess.run(step.command, cwd=ROOT, env=environment, check=False).returncode
        seconds = time.monotonic() - started
        if status != 0:
            failed.append(step.name)
        summary.append(f"  {'ok    ' if status == 0 else 'FAILED'} {seconds:6.1f} s  {step.name}")
    print("\n" + "\n".join(summary))
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run([*LINT, TESTS] if "--tests" in sys.argv[1:] else LINT))
