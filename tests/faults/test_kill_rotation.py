"""Faults 4 and 5: killed while the key is changed, and while a backup takes the place of a vault that is there."""

from __future__ import annotations

import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock, SystemClock
from kimdesk.services.desk import build_desk
from kimdesk.storage import SlotKind, check_vault, write_backup
from kimdesk.storage.vault.backup import backups_of
from kimdesk.storage.vault.errors import VaultError, WrongPassphrase
from kimdesk.storage.vault.rotation import finish_backups
from tests.faults.conftest import Note
from tests.faults.harness import NOW, add_case, content_of, kill_at_any_moment, make_whole, open_vault, short_and_long
from tests.faults.upkeep_worker import DEPUTY

WORKER = "tests.faults.upkeep_worker"
CHANGING = ("meta",)


def rows(vault_content: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Leave out the vault's own notes, which a rotation changes."""
    return {name: found for name, found in vault_content.items() if name not in CHANGING}


@pytest.mark.fault(4)
@short_and_long("kills", 3, 100)
def test_killed_while_the_key_is_changed_every_access_opens_what_it_opened(
    tmp_path: Path, kills: int, note: Note
) -> None:
    whole = make_whole(tmp_path, cases=4)
    clock = FixedClock(NOW)
    with open_vault(whole.folder, clock=clock) as vault:
        vault.add_access(DEPUTY, kind=SlotKind.DEPUTY, label="Vertretung")
        for _ in range(2):
            write_backup(vault)
            clock.advance(timedelta(minutes=1))  # two of one moment count as one
        wanted = rows(content_of(vault))
    shutil.rmtree(whole.kept)
    shutil.copytree(whole.folder, whole.kept)
    dice = random.Random(4)
    rotated = opened = 0
    for _ in range(kills):
        folder = whole.again()
        said = kill_at_any_moment([WORKER, "rotate", str(folder)], dice, lines=1, within_seconds=0.8)
        rotated += len(said) - 1
        with open_vault(folder) as vault:
            finish_backups(vault)
            assert rows(content_of(vault)) == wanted
            assert all(finding.is_good for finding in check_vault(vault))
        for secret in (DEPUTY, whole.recovery_key):
            with open_vault(folder, secret) as vault:
                assert rows(content_of(vault)) == wanted
        backups = backups_of(folder)
        assert len(backups) == 2
        for backup in backups:
            open_vault(backup).close()
            opened += 1
        assert not [path.name for path in folder.iterdir() if path.name.startswith(("rotation", "."))]
    note(
        "changing the key over and over, with a deputy and two backups",
        kills,
        f"lock-outs 0: passphrase, deputy and recovery key opened every time, {rotated} rotations acknowledged, "
        f"all {opened} backups opened",
    )


@pytest.mark.fault(4)
@short_and_long("kills", 2, 40)
def test_killed_while_an_access_is_revoked_it_is_gone_everywhere_once_that_was_said(
    tmp_path: Path, kills: int, note: Note
) -> None:
    whole = make_whole(tmp_path, cases=2)
    with whole.open() as vault:
        vault.add_access(DEPUTY, kind=SlotKind.DEPUTY, label="Vertretung")
        write_backup(vault)
    shutil.rmtree(whole.kept)
    shutil.copytree(whole.folder, whole.kept)
    dice = random.Random(44)
    revoked = still = 0
    for _ in range(kills):
        folder = whole.again()
        said = kill_at_any_moment([WORKER, "revoke", str(folder)], dice, lines=1, within_seconds=0.8)
        with open_vault(folder) as vault:
            finish_backups(vault)
        places = (folder, *backups_of(folder))
        assert len(places) == 2
        doors = [opens(place, DEPUTY) for place in places]
        if "revoked" in said:
            assert doors == [False, False]
        assert doors[0] is doors[1]
        revoked += not doors[0]
        still += doors[0]
        for place in places:
            open_vault(place).close()
    note(
        "revoking a deputy by a change of the key",
        kills,
        f"lock-outs 0; the deputy was out of vault and backup {revoked} times, still in both {still} times",
    )


def opens(folder: Path, secret: str) -> bool:
    try:
        open_vault(folder, secret).close()
    except WrongPassphrase:
        (folder / "unlock.json").unlink()
        return False
    return True


@pytest.mark.fault(5)
@short_and_long("kills", 3, 100)
def test_killed_while_a_backup_takes_a_vaults_place_one_of_both_is_there(
    tmp_path: Path, kills: int, note: Note
) -> None:
    whole = make_whole(tmp_path, cases=3)
    with whole.open() as vault:
        backup = write_backup(vault, tmp_path / "Platte")
        restored = rows(content_of(vault))
        add_case(build_desk(vault, SystemClock()), "nach der Sicherung")
        replaced = rows(content_of(vault))
    shutil.rmtree(whole.kept)
    shutil.copytree(whole.folder, whole.kept)
    dice = random.Random(555)
    old = new = 0
    for _ in range(kills):
        folder = whole.again()
        said = kill_at_any_moment([WORKER, "restore over", str(backup), str(folder)], dice, lines=1, within_seconds=0.5)
        with open_vault(folder) as vault:
            found = rows(content_of(vault))
            assert all(finding.is_good for finding in check_vault(vault))
        assert found in (restored, replaced)
        assert found == restored or "restored" not in said
        old, new = old + (found == replaced), new + (found == restored)
        for aside in tmp_path.glob("Tresor.bis-*"):
            with open_vault(aside) as vault:
                assert rows(content_of(vault)) == replaced
            shutil.rmtree(aside)
    note(
        "restoring over a vault that is there",
        kills,
        f"opened {old + new} of {kills}: {old} as it was, {new} restored, what it replaced kept beside it",
    )


def test_a_door_that_is_shut_counts_as_shut(tmp_path: Path) -> None:
    whole = make_whole(tmp_path, cases=0)
    assert not opens(whole.folder, DEPUTY)
    with pytest.raises(VaultError):
        open_vault(whole.folder, DEPUTY)
