"""Faults 1, 3, 5 and 12: a real process is killed at any moment, then the vault is opened again.

A few kills in every test run, hundreds in the long one.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kimdesk.foundation.clock import SystemClock
from kimdesk.storage import Vault, backups_of, check_vault, create_vault, unlock, write_backup
from kimdesk.storage.vault.errors import WrongPassphrase
from tests.faults.conftest import Note
from tests.faults.harness import short_and_long
from tests.faults.worker import CHEAP_KDF, PASSPHRASE, passphrase_number

ROOT = Path(__file__).resolve().parents[2]
KILLS, KILLS_LONG = 8, 500
FEW_KILLS, FEW_KILLS_LONG = 3, 100


def run_and_kill(what: str, folder: Path, dice: random.Random) -> int:
    """Let the worker run for a few acknowledgements, kill it in the middle, return the last number acknowledged."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.worker", what, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    acknowledged = -1
    for _ in range(dice.randint(2, 30 if what == "write" else 6)):
        line = worker.stdout.readline()
        assert line, "the worker ended by itself"
        acknowledged = int(line)
    # The worker is now at any place of its next rounds.
    killer = threading.Timer(dice.random() * 0.02, worker.kill)
    killer.start()
    for line in worker.stdout:
        if line.endswith("\n"):
            acknowledged = int(line)
    worker.wait()
    killer.join()
    worker.stdout.close()
    return acknowledged


def open_vault(folder: Path, passphrase: str = PASSPHRASE) -> Vault:
    return unlock(folder, passphrase, clock=SystemClock(), kdf=CHEAP_KDF)


def assert_pairs_are_whole(vault: Vault, numbers: range) -> None:
    for number in numbers:
        assert vault.setting(f"left.{number}") == "l" * (number % 5000), number
        assert vault.setting(f"right.{number}") == "r" * (number % 5000), number


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a closed vault that the worker can open."""
    place = tmp_path / "Tresor"
    create_vault(place, PASSPHRASE, name="Fallakten", clock=SystemClock(), kdf=CHEAP_KDF).vault.close()
    return place


@pytest.mark.fault(1)
@short_and_long("kills", KILLS, KILLS_LONG)
def test_killed_during_writes_all_acknowledged_is_there_and_nothing_half(folder: Path, kills: int, note: Note) -> None:
    dice = random.Random(1)
    last = checked = 0
    for _ in range(kills):
        acknowledged = run_and_kill("write", folder, dice)
        # No file has to be removed by hand: the killed program's lock is gone with it.
        with open_vault(folder) as vault:
            last = vault.setting("last", 0)
            assert last >= acknowledged
            assert_pairs_are_whole(vault, range(checked + 1, last + 1))
            assert vault.setting(f"left.{last + 1}") is None
            checked = last
    with open_vault(folder) as vault:
        assert_pairs_are_whole(vault, range(1, last + 1))
        assert all(finding.is_good for finding in check_vault(vault))
    note("pairs of values, one unit of work each", kills, f"lost 0 of {last} acknowledged, halves 0")


@pytest.mark.fault(3)
@short_and_long("kills", FEW_KILLS, FEW_KILLS_LONG)
def test_killed_while_the_keyslots_are_written_the_old_or_the_new_passphrase_opens(
    tmp_path: Path, kills: int, note: Note
) -> None:
    dice = random.Random(3)
    for number in range(kills):
        place = tmp_path / str(number)
        created = create_vault(place, PASSPHRASE, name="Fallakten", clock=SystemClock(), kdf=CHEAP_KDF)
        created.vault.close()
        acknowledged = run_and_kill("passphrases", place, dice)
        try:
            vault = open_vault(place, passphrase_number(acknowledged))
        except WrongPassphrase:
            vault = open_vault(place, passphrase_number(acknowledged + 1))
        vault.close()
        open_vault(place, created.recovery_key).close()
    note("changing the passphrase over and over", kills, "lock-outs 0; the recovery key opened every time, too")


@pytest.mark.fault(5)
@short_and_long("kills", FEW_KILLS, FEW_KILLS_LONG)
def test_killed_during_a_backup_finished_ones_are_whole_and_the_vault_untouched(
    folder: Path, kills: int, note: Note
) -> None:
    dice = random.Random(5)
    finished, opened = 0, 0
    for _ in range(kills):
        finished += run_and_kill("backup", folder, dice)
        backups = backups_of(folder)
        assert len(backups) >= finished
        for backup in backups:
            open_vault(backup).close()
            shutil.rmtree(backup)
            opened += 1
        finished = 0
        with open_vault(folder) as vault:
            # What the kill left of an unfinished one does not pile up.
            kept = write_backup(vault)
            assert list((folder / "backups").iterdir()) == [kept]
            shutil.rmtree(kept)
    note("backup after backup", kills, f"all {opened} finished ones opened, the vault untouched, nothing left behind")


@pytest.mark.fault(1)
@short_and_long("kills", FEW_KILLS, FEW_KILLS_LONG)
def test_killed_while_a_vault_is_made_there_is_a_whole_one_or_none(tmp_path: Path, kills: int, note: Note) -> None:
    dice = random.Random(12)
    for kill in range(kills):
        place = tmp_path / str(kill)
        place.mkdir()
        acknowledged = run_and_kill("create", place, dice)
        made = [each for each in place.iterdir() if not each.name.startswith(".")]
        assert len(made) >= acknowledged
        for each in made:
            open_vault(each).close()
    note("making one vault after the other", kills, "half vaults 0")
