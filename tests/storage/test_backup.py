"""Backups are vaults of their own: encrypted, checked, restorable."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import KeyDerivation, backups_of, restore_backup, unlock, write_backup
from kimdesk.storage.vault.errors import AnchorAlarm, DatabaseDamaged, FolderNotEmpty, NotAVault, VaultExists
from tests.storage.conftest import SECRET_WORDS, ClosedVault, save_note


def test_a_backup_of_the_open_vault_restores_elsewhere_with_either_secret(
    closed: ClosedVault, tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    with closed.open() as vault:
        backup = write_backup(vault)
        save_note(vault, "nach der Sicherung")
    assert backups_of(closed.folder) == (backup,)
    for number, secret in enumerate((closed.passphrase, closed.recovery_key)):
        place = tmp_path / f"anderer Rechner {number}" / "Tresor"
        restore_backup(backup, place)
        with unlock(place, secret, clock=clock, kdf=cheap_kdf) as restored:
            assert restored.setting("note") == SECRET_WORDS


def test_backups_are_listed_newest_first_and_never_overwritten(closed: ClosedVault, clock: FixedClock) -> None:
    with closed.open() as vault:
        first, second = write_backup(vault), write_backup(vault)
        clock.advance(timedelta(days=1))
        third = write_backup(vault)
    assert len({first, second, third}) == 3
    assert backups_of(closed.folder)[0] == third


def test_what_a_kill_left_of_a_backup_is_no_backup(closed: ClosedVault) -> None:
    with closed.open() as vault:
        backup = write_backup(vault)
    # Killed after its keyslots, before its anchor.
    unfinished = backup.with_name(f".{backup.name}.0123abcd.new")
    shutil.copytree(backup, unfinished)
    (unfinished / "anchor.json").unlink()
    assert backups_of(closed.folder) == (backup,)


def test_a_backup_holds_no_word_in_clear(closed: ClosedVault) -> None:
    with closed.open() as vault:
        backup = write_backup(vault)
    names = sorted(path.name for path in backup.iterdir())
    assert names == ["anchor.json", "keyslots.json", "manifest.json", "vault.db"]
    assert not any(b"Haddad" in path.read_bytes() for path in backup.iterdir())


def test_restoring_touches_nothing_that_is_there(closed: ClosedVault, tmp_path: Path) -> None:
    with closed.open() as vault:
        backup = write_backup(vault)
    before = closed.database.read_bytes()
    with pytest.raises(VaultExists):
        restore_backup(backup, closed.folder)
    (tmp_path / "Papiere").mkdir()
    (tmp_path / "Papiere" / "Brief.txt").write_text("wichtig", encoding="utf-8")
    with pytest.raises(FolderNotEmpty):
        restore_backup(backup, tmp_path / "Papiere")
    with pytest.raises(NotAVault):
        restore_backup(tmp_path / "Papiere", tmp_path / "neu")
    assert closed.database.read_bytes() == before
    assert not (tmp_path / "neu").exists()


def test_a_damaged_vault_gives_no_backup_and_a_damaged_backup_does_not_open(
    closed: ClosedVault, tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    with closed.open() as vault:
        backup = write_backup(vault)
    data = bytearray((backup / "vault.db").read_bytes())
    data[-100] ^= 1
    (backup / "vault.db").write_bytes(data)
    restore_backup(backup, tmp_path / "anderswo")
    with pytest.raises((DatabaseDamaged, AnchorAlarm)):
        unlock(tmp_path / "anderswo", closed.passphrase, clock=clock, kdf=cheap_kdf)
    with closed.open() as vault:
        save_note(vault, "x" * 100_000)
    with closed.open() as vault:
        data = bytearray(closed.database.read_bytes())
        data[-5000] ^= 1
        with closed.database.open("r+b") as file:
            file.seek(len(data) - 5000)
            file.write(data[-5000:-4999])
        with pytest.raises(DatabaseDamaged):
            write_backup(vault)
    assert backups_of(closed.folder) == (backup,)
    assert [path.name for path in (closed.folder / "backups").iterdir()] == [backup.name]
