"""Damaged, altered and replaced files: refused with the right sentence, never opened silently."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from kimdesk.storage import Check, KeyDerivation, Vault, check_vault, read_log, write_backup
from kimdesk.storage.vault.errors import (
    AnchorAlarm,
    DatabaseDamaged,
    DiskFull,
    VaultTooNew,
)
from tests.storage.conftest import SECRET_WORDS, ClosedVault, flip, save_note


def test_a_flipped_bit_anywhere_in_the_database_is_refused(closed: ClosedVault) -> None:
    size = closed.database.stat().st_size
    whole = closed.database.read_bytes()
    positions = [0, 15, 16, 17, 99, 4000, 4095, 4096, size - 1, *range(1000, size, size // 40)]
    for number, position in enumerate(positions):
        flip(closed.database, position, number % 8)
        with pytest.raises(DatabaseDamaged):
            closed.open()
        closed.database.write_bytes(whole)
    closed.open().close()


def test_a_flipped_bit_is_refused_after_a_crash_too(closed: ClosedVault, tmp_path: Path) -> None:
    with closed.open() as vault:
        save_note(vault, SECRET_WORDS)
        crashed = tmp_path / "Absturz"
        shutil.copytree(closed.folder, crashed)
    shutil.rmtree(closed.folder)
    crashed.rename(closed.folder)
    flip(closed.database, closed.database.stat().st_size - 2000)
    with pytest.raises(DatabaseDamaged):
        closed.open()


@pytest.mark.parametrize("cut", [1, 4096, 3 * 4096, 5000])
def test_a_truncated_database_is_refused(closed: ClosedVault, cut: int) -> None:
    with closed.database.open("r+b") as file:
        file.truncate(closed.database.stat().st_size - cut)
    with pytest.raises(DatabaseDamaged):
        closed.open()


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_a_missing_or_empty_database_is_refused_and_not_made_anew(closed: ClosedVault, content: bytes | None) -> None:
    closed.database.unlink()
    if content is not None:
        closed.database.write_bytes(content)
    with pytest.raises(DatabaseDamaged):
        closed.open()
    assert closed.database.exists() is (content is not None)


def test_an_old_database_put_back_raises_the_alarm(closed: ClosedVault, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copy(closed.database, old)
    with closed.open() as vault:
        save_note(vault, "Neuer Stand")
    shutil.copy(old, closed.database)
    with pytest.raises(AnchorAlarm) as alarm:
        closed.open()
    assert alarm.value.message == AnchorAlarm.ROLLED_BACK
    with closed.open(despite_alarm=True) as vault:
        assert vault.setting("note") == SECRET_WORDS
        with vault.reader() as connection:
            assert "alarm_overruled" in [row.action for row in read_log(connection)]
    closed.open().close()


def test_an_old_page_put_back_raises_the_alarm(closed: ClosedVault) -> None:
    old = closed.database.read_bytes()
    with closed.open() as vault:
        save_note(vault, "Neuer Stand, gleich lang!")
    new = closed.database.read_bytes()
    assert len(old) == len(new)
    pages = [start for start in range(0, len(new), 4096) if old[start : start + 4096] != new[start : start + 4096]]
    assert pages
    for start in pages:
        closed.database.write_bytes(new[:start] + old[start : start + 4096] + new[start + 4096 :])
        with pytest.raises((AnchorAlarm, DatabaseDamaged)):
            closed.open()
    closed.database.write_bytes(new)
    closed.open().close()


def test_an_old_write_ahead_log_put_beside_the_database_raises_the_alarm(closed: ClosedVault, tmp_path: Path) -> None:
    with closed.open() as vault:
        save_note(vault, "Zwischenstand")
        shutil.copy(closed.folder / "vault.db-wal", tmp_path / "old-wal")
        shutil.copy(closed.database, tmp_path / "old.db")
    shutil.copy(tmp_path / "old-wal", closed.folder / "vault.db-wal")
    shutil.copy(tmp_path / "old.db", closed.database)
    with pytest.raises(AnchorAlarm):
        closed.open()


def test_an_old_write_ahead_log_beside_the_closed_database_raises_the_alarm(
    closed: ClosedVault, tmp_path: Path
) -> None:
    with closed.open() as vault:
        for text in ("erster Entwurf", "zweiter Entwurf"):
            with vault.unit_of_work() as uow:  # nothing the log would show
                uow.change_setting("draft", text)
                uow.commit()
            if text == "erster Entwurf":
                shutil.copy(closed.folder / "vault.db-wal", tmp_path / "old-wal")
    shutil.copy(tmp_path / "old-wal", closed.folder / "vault.db-wal")
    with pytest.raises(AnchorAlarm) as alarm:
        closed.open()
    assert alarm.value.message == AnchorAlarm.DIFFERS


def test_after_a_crash_pages_that_hold_nothing_are_checked_too(closed: ClosedVault, tmp_path: Path) -> None:
    with closed.open() as vault:
        save_note(vault, "x" * 100_000)
        save_note(vault, "kurz")
    with closed.open():
        crashed = tmp_path / "Absturz"
        shutil.copytree(closed.folder, crashed)
    shutil.rmtree(closed.folder)
    crashed.rename(closed.folder)
    flip(closed.database, closed.database.stat().st_size - 2000)
    with pytest.raises(DatabaseDamaged):
        closed.open()


@pytest.mark.parametrize("spoil", ["missing", "empty", "flipped", "another"])
def test_an_anchor_that_is_not_the_vaults_raises_the_alarm(closed: ClosedVault, spoil: str) -> None:
    path = closed.folder / "anchor.json"
    match spoil:
        case "missing":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "flipped":
            flip(path, path.stat().st_size // 2)
        case _:
            path.write_bytes(path.read_bytes().replace(b'"number":', b'"number":1'))
    with pytest.raises(AnchorAlarm) as alarm:
        closed.open()
    assert alarm.value.message == AnchorAlarm.MISSING
    closed.open(despite_alarm=True).close()
    closed.open().close()


def test_a_chain_ahead_of_its_anchor_is_fine(closed: ClosedVault, tmp_path: Path) -> None:
    anchor = closed.folder / "anchor.json"
    with closed.open() as vault:
        before = anchor.read_bytes()
        save_note(vault, "gespeichert, dann Strom weg")
        crashed = tmp_path / "Absturz"
        shutil.copytree(closed.folder, crashed)
    (crashed / "anchor.json").write_bytes(before)
    shutil.rmtree(closed.folder)
    crashed.rename(closed.folder)
    with closed.open() as vault:
        assert vault.setting("note") == "gespeichert, dann Strom weg"


def test_a_write_ahead_log_that_lost_its_end_raises_the_alarm(closed: ClosedVault, tmp_path: Path) -> None:
    crashed = tmp_path / "Absturz"
    with closed.open() as vault:
        for number in range(5):
            save_note(vault, f"Stand {number}")
        shutil.copytree(closed.folder, crashed)
    log = crashed / "vault.db-wal"
    whole = log.read_bytes()
    for position in (40, len(whole) // 2, len(whole) - 10):
        shutil.rmtree(closed.folder)
        shutil.copytree(crashed, closed.folder)
        flip(closed.folder / "vault.db-wal", position)
        with pytest.raises((AnchorAlarm, DatabaseDamaged)):
            closed.open()
    shutil.rmtree(closed.folder)
    shutil.copytree(crashed, closed.folder)
    with closed.open() as vault:
        assert vault.setting("note") == "Stand 4"


@pytest.mark.expects_log
def test_what_is_committed_counts_even_if_the_anchor_cannot_follow(vault: Vault) -> None:
    anchor = vault.folder / "anchor.json"
    anchor.unlink()
    (anchor / "im Weg").mkdir(parents=True)
    save_note(vault, "gespeichert")
    assert vault.setting("note") == "gespeichert"
    (anchor / "im Weg").rmdir()
    anchor.rmdir()
    save_note(vault, "wieder")
    assert all(finding.is_good for finding in check_vault(vault))


def test_a_newer_schema_is_left_alone(closed: ClosedVault) -> None:
    with closed.open() as vault, vault.unit_of_work() as uow:
        uow.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        uow.commit()
    before = closed.database.read_bytes()
    with pytest.raises(VaultTooNew):
        closed.open()
    assert closed.database.read_bytes() == before


def test_no_file_of_an_open_vault_holds_a_word_of_it_in_clear(vault: Vault) -> None:
    for number in range(50):
        save_note(vault, f"{SECRET_WORDS} {number}")
    assert (vault.folder / "vault.db-wal").stat().st_size > 0
    words = [
        word.encode(code)
        for word in ("Mariam", "Haddad", "feucht", "audit_log", "SQLite format")
        for code in ("utf-8", "utf-16-le")
    ]
    for path in vault.folder.rglob("*"):
        if path.is_file():
            assert not any(word in path.read_bytes() for word in words), path.name


def test_ordinary_sqlite_cannot_read_the_database(closed: ClosedVault) -> None:
    connection = sqlite3.connect(closed.database)
    try:
        with pytest.raises(sqlite3.DatabaseError, match="not a database"):
            connection.execute("SELECT * FROM sqlite_master")
    finally:
        connection.close()


def test_check_finds_what_is_wrong(closed: ClosedVault) -> None:
    with closed.open() as vault:
        backup = write_backup(vault)
        assert {finding.check: finding.is_good for finding in check_vault(vault)} == dict.fromkeys(Check, True)
        (closed.folder / "anchor.json").unlink()
        (closed.folder / "keyslots.json").unlink()
        flip(backup / "vault.db", 5000)
        bad = {finding.check.value for finding in check_vault(vault) if not finding.is_good}
    assert bad == {"anchor", "keyslots", "backups"}


def test_a_full_disk_says_so_and_keeps_what_was_there(vault: Vault) -> None:
    save_note(vault, "bleibt")
    # SQLite's own limit gives the same answer as a full disk.
    with vault.reader() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull), vault.unit_of_work() as uow:
        uow.change_setting("note", "x" * 1_000_000)
        uow.commit()
    assert vault.setting("note") == "bleibt"


def test_a_vault_shows_neither_key_nor_words(vault: Vault, cheap_kdf: KeyDerivation) -> None:
    key = vault.ring.key.raw()
    shown = f"{vault!r} {vault.engine!r} {vault.engine.url!r} {vault.ring.key!r}"
    assert key.hex() not in shown and repr(key) not in shown


def test_closing_overwrites_the_key(vault: Vault) -> None:
    memory = memoryview(vault.ring.key._raw)
    assert any(memory)
    memory.release()
    vault.close()
    with pytest.raises(RuntimeError):
        vault.ring.key.raw()
    with pytest.raises(RuntimeError):
        vault.unit_of_work()
    assert not any((vault.folder / name).exists() for name in ("vault.db-wal", "vault.db-shm"))
