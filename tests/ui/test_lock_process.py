"""Locking ends the process: the same process number runs a fresh program that knows neither key nor passphrase, the
vault is free, the draft is kept. Whatever asks for the lock, and whatever question is open."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kimdesk.foundation.clock import SystemClock
from kimdesk.services.desk import build_desk
from kimdesk.services.vault import make_vault, open_vault
from kimdesk.storage import KeyDerivation
from kimdesk.storage.vault.errors import VaultInUse
from tests.ui.memory import forms_of, forms_of_key, found_in_memory
from tests.ui.system_bus import DAEMON, system_bus

ROOT = Path(__file__).resolve().parent.parent.parent
PASSPHRASE = "Zaunkönig-Laterne-Quitte-Sattel"
NAME = "Fallakten des Amtes Sieben"

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="looks at processes in /proc, which only Linux has"
)


@dataclass(frozen=True)
class Closed:
    """A closed vault, and its key in the forms in which it may lie in memory."""

    folder: Path
    secrets: Mapping[str, bytes]


@pytest.fixture
def closed(tmp_path: Path, cheap_kdf: KeyDerivation) -> Closed:
    """A vault whose passphrase stands nowhere."""
    folder = tmp_path / "Tresor"
    vault = make_vault(folder, PASSPHRASE, name=NAME, clock=SystemClock(), kdf=cheap_kdf).vault
    secrets = {f"key, {form}": bytes_ for form, bytes_ in forms_of_key(vault.ring.key.raw()).items()}
    secrets |= {f"passphrase, {form}": bytes_ for form, bytes_ in forms_of(PASSPHRASE).items()}
    vault.close()
    return Closed(folder, secrets)


@contextmanager
def running(closed: Closed, tmp_path: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Give the process that has opened the vault, typed something and asks a question."""
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ui.lock_worker", str(closed.folder)],
        cwd=ROOT,
        env={**os.environ, **home, **environment, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(PASSPHRASE + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "typed\n"
            yield process
        finally:
            process.kill()


def _arguments(process: subprocess.Popen[str]) -> list[str]:
    return Path(f"/proc/{process.pid}/cmdline").read_text(encoding="utf-8").split("\0")


def _wait_for_unlock_window(closed: Closed, process: subprocess.Popen[str]) -> None:
    """Wait until the process has become another program whose window names the vault."""
    while "kimdesk" not in _arguments(process):
        assert process.poll() is None, "the process ended instead of being replaced"
        os.sched_yield()
    assert _arguments(process)[1:6] == ["-m", "kimdesk", "run", "--vault", str(closed.folder)]
    shown = {"name": NAME.encode("utf-16-le")}
    while not found_in_memory(process.pid, shown)[0]["name"]:
        assert process.poll() is None, "the new program ended"
        os.sched_yield()


def _assert_locked(closed: Closed, kdf: KeyDerivation, process: subprocess.Popen[str]) -> None:
    _wait_for_unlock_window(closed, process)
    found, read = found_in_memory(process.pid, closed.secrets)
    assert read > 10_000_000
    assert not any(found.values()), found
    with open_vault(closed.folder, PASSPHRASE, clock=SystemClock(), kdf=kdf) as vault:
        desk = build_desk(vault, SystemClock())
        kept = [desk.cases.load_draft(key) for key in desk.cases.drafts()]
        assert any(draft and draft.get("concern") == "Noch nicht gespeichertes Anliegen" for draft in kept)
        assert "lock" in [row.action for row in desk.vault.log()]


def test_locking_by_hand_leaves_no_copy_of_the_key(closed: Closed, tmp_path: Path, cheap_kdf: KeyDerivation) -> None:
    with running(closed, tmp_path) as process:
        before, _read = found_in_memory(process.pid, closed.secrets)
        assert before["key, raw"] > 0, "the search finds what is there"
        assert any(count for form, count in before.items() if form.startswith("passphrase")), before
        assert process.stdin is not None
        process.stdin.write("lock\n")
        process.stdin.flush()
        _assert_locked(closed, cheap_kdf, process)


@pytest.mark.skipif(DAEMON is None, reason="needs dbus-daemon (Debian package dbus-daemon)")
def test_the_desk_is_locked_before_the_machine_sleeps(closed: Closed, tmp_path: Path, cheap_kdf: KeyDerivation) -> None:
    with (
        system_bus(tmp_path) as bus,
        running(closed, tmp_path, DBUS_SYSTEM_BUS_ADDRESS=bus.address, DBUS_SESSION_BUS_ADDRESS=bus.address) as process,
    ):
        assert bus.said.get(timeout=20) == "inhibited"
        bus.tell("sleep")
        assert bus.said.get(timeout=20) == "released", "the machine may sleep once the vault is closed"
        _assert_locked(closed, cheap_kdf, process)


def test_a_session_that_ends_closes_the_vault(closed: Closed, tmp_path: Path, cheap_kdf: KeyDerivation) -> None:
    with running(closed, tmp_path) as process:
        process.terminate()
        assert process.wait(20) == 0
    assert not (closed.folder / "vault.db-wal").exists(), "the vault was closed in order"
    with open_vault(closed.folder, PASSPHRASE, clock=SystemClock(), kdf=cheap_kdf) as vault:
        desk = build_desk(vault, SystemClock())
        kept = [desk.cases.load_draft(key) for key in desk.cases.drafts()]
        assert any(draft and draft.get("concern") == "Noch nicht gespeichertes Anliegen" for draft in kept)


def test_an_open_vault_is_refused_to_a_second_program(closed: Closed, cheap_kdf: KeyDerivation) -> None:
    clock = SystemClock()
    with (
        open_vault(closed.folder, PASSPHRASE, clock=clock, kdf=cheap_kdf),
        pytest.raises(VaultInUse),
    ):
        open_vault(closed.folder, PASSPHRASE, clock=clock, kdf=cheap_kdf)
