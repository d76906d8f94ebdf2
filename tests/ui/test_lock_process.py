"""Locking ends the process: the same process number runs a fresh program, the vault is free, the draft is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kimdesk.foundation.clock import SystemClock
from kimdesk.services.demo import DEMO_PASSPHRASE
from kimdesk.services.desk import build_desk
from kimdesk.services.vault import make_vault, open_vault
from kimdesk.storage.vault.errors import VaultInUse

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="looks at processes in /proc, which only Linux has"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed vault with the cheap, public derivation of a demo vault."""
    made = make_vault(tmp_path / "Tresor", DEMO_PASSPHRASE, name="Sperre", clock=SystemClock(), demo=True)
    made.vault.close()
    return tmp_path / "Tresor"


@pytest.fixture
def locked(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that has opened the vault, typed something and is locking."""
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ui.lock_worker", str(folder), DEMO_PASSPHRASE],
        cwd=ROOT,
        env={**os.environ, **home, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "typed\n"
        yield process
        process.kill()


def _arguments(process: subprocess.Popen[str]) -> list[str]:
    return Path(f"/proc/{process.pid}/cmdline").read_text(encoding="utf-8").split("\0")


def test_locking_replaces_the_process_and_keeps_the_draft(folder: Path, locked: subprocess.Popen[str]) -> None:
    while "kimdesk" not in _arguments(locked):  # until the process has become another program
        assert locked.poll() is None, "the process ended instead of being replaced"
        os.sched_yield()
    assert _arguments(locked)[1:6] == ["-m", "kimdesk", "run", "--vault", str(folder)]
    with open_vault(folder, DEMO_PASSPHRASE, clock=SystemClock()) as vault:
        cases = build_desk(vault, SystemClock()).cases
        kept = [cases.load_draft(key) for key in cases.drafts()]
        assert any(draft and draft.get("concern") == "Noch nicht gespeichertes Anliegen" for draft in kept)


def test_an_open_vault_is_refused_to_a_second_program(folder: Path) -> None:
    clock = SystemClock()
    with open_vault(folder, DEMO_PASSPHRASE, clock=clock), pytest.raises(VaultInUse):
        open_vault(folder, DEMO_PASSPHRASE, clock=clock)
