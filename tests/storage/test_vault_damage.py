"""Damaged, altered and replaced files: refused with the right sentence, never opened silently."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.storage import KeyDerivation, Vault, check_vault, read_log
from kimdesk.storage.vault.errors import (
    AnchorAlarm,
    DatabaseDamaged,
    DiskFull,
    KeyslotsAltered,
    KeyslotsDamaged,
    VaultTooNew,
    WrongPassphrase,
)
from kimdesk.storage.vault.keyslots import _check, _parse, _plain_hash
from tests.storage.conftest import SECRET_WORDS, ClosedVault, save_note


def flip(path: Path, position: int, bit: int = 0) -> None:
    """Flip one bit of a file."""
    with path.open("r+b") as file:
        file.seek(position)
        byte = file.read(1)[0]
        file.seek(position)
        file.write(bytes([byte ^ (1 << bit)]))


def change_header(folder: Path, change: Callable[[dict[str, Any]], object], *, with_copy: bool = True) -> None:
    """Change keyslots.json as somebody without the key could, hashes included."""
    path = folder / "keyslots.json"
    content = json.loads(path.read_text("utf-8"))
    change(content)
    for item in content["slots"]:
        header = _parse(json.dumps({**content, "version": 1}).encode())
        for slot in header.slots:
            if slot.id.hex == item["id"]:
                item["check"] = _check(header.vault_id, slot)
    content.pop("check")
    content["check"] = _plain_hash(canonical_bytes(content))
    for name in ("keyslots.json", "keyslots.json.bak") if with_copy else ("keyslots.json",):
        (folder / name).write_text(json.dumps(content, sort_keys=True, separators=(",", ":")), encoding="utf-8")


# --- the database ---------------------------------------------------------------------------------------------------


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


# --- the keyslots -----------------------------------------------------------------------------------------------------


def test_a_flipped_bit_in_the_keyslots_is_healed_from_the_copy(closed: ClosedVault) -> None:
    path, copy = closed.folder / "keyslots.json", closed.folder / "keyslots.json.bak"
    whole = path.read_bytes()
    for position in range(0, len(whole), 13):
        flip(path, position, position % 7)
        closed.open().close()
        assert path.read_bytes() == copy.read_bytes() == whole


def test_without_a_copy_a_flipped_bit_is_refused_and_the_other_access_still_opens(closed: ClosedVault) -> None:
    path = closed.folder / "keyslots.json"
    whole = path.read_bytes()
    (closed.folder / "keyslots.json.bak").unlink()
    slots = json.loads(whole)["slots"]
    position = whole.index(slots[0]["key"].encode()) + 20
    flip(path, position)
    with pytest.raises(KeyslotsDamaged):
        closed.open()
    with pytest.raises(KeyslotsAltered):
        closed.open(closed.recovery_key)
    with closed.open(closed.recovery_key, despite_alarm=True) as vault:
        assert vault.setting("note") == SECRET_WORDS
        vault.change_passphrase("Winter Kachel Orgel Mohn")
    closed.open("Winter Kachel Orgel Mohn").close()


def test_without_a_copy_no_flipped_bit_passes(closed: ClosedVault) -> None:
    path = closed.folder / "keyslots.json"
    whole = path.read_bytes()
    (closed.folder / "keyslots.json.bak").unlink()
    refused = 0
    for position in range(3, len(whole), 29):
        path.write_bytes(whole)
        flip(path, position, 0)
        try:
            closed.open().close()
        except (KeyslotsDamaged, KeyslotsAltered):
            refused += 1
            (closed.folder / "unlock.json").unlink(missing_ok=True)
        else:
            # Only a hash that guards against damage was hit: the MAC vouches for the rest, and the file is whole again.
            assert path.read_bytes() == whole
    assert refused > 30


def lower_memory(content: dict[str, Any]) -> None:
    content["slots"][0]["kdf"]["memory_bytes"] = 1024 * 1024
    content["slots"][1]["kdf"]["passes"] = 2


def remove_recovery(content: dict[str, Any]) -> None:
    del content["slots"][1]


def pose_as_demo(content: dict[str, Any]) -> None:
    content["demo_passphrase"] = "Bitte hier eingeben"


def rename(content: dict[str, Any]) -> None:
    content["name"] = "Anderer Name"


def swap_kind(content: dict[str, Any]) -> None:
    content["slots"][1]["kind"] = "user"


@pytest.mark.parametrize("change", [remove_recovery, pose_as_demo, rename, swap_kind, lower_memory])
def test_a_tampered_header_raises_the_alarm(closed: ClosedVault, change: Callable[[dict[str, Any]], object]) -> None:
    change_header(closed.folder, change)
    with pytest.raises(KeyslotsAltered):
        closed.open()


def test_lowered_parameters_do_not_open_their_slot(closed: ClosedVault) -> None:
    def lower(content: dict[str, Any]) -> None:
        content["slots"][0]["kdf"]["passes"] = 2

    change_header(closed.folder, lower)
    with pytest.raises(WrongPassphrase):
        closed.open()


@pytest.mark.parametrize(("memory", "passes"), [(2**40, 1), (1024, 1), (2**20, 10**9), (2**20, 0), (-1, -1), (True, 1)])
def test_parameters_outside_the_limits_cost_neither_memory_nor_time(
    closed: ClosedVault, memory: int, passes: int
) -> None:
    def spoil(content: dict[str, Any]) -> None:
        content["slots"][0]["kdf"].update(memory_bytes=memory, passes=passes)

    change_header(closed.folder, spoil)
    with pytest.raises(KeyslotsDamaged):
        closed.open()


def test_an_older_header_put_back_raises_the_alarm(closed: ClosedVault) -> None:
    path = closed.folder / "keyslots.json"
    old = path.read_bytes()
    with closed.open() as vault:
        vault.change_passphrase("Winter Kachel Orgel Mohn")
    path.write_bytes(old)
    with pytest.raises(KeyslotsAltered):
        closed.open()
    with closed.open(despite_alarm=True) as vault:
        assert all(finding.is_good for finding in check_vault(vault))
    closed.open().close()


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"[" * 5000, b"x" * 100_000, b'{"magic":"kimdesk-vault"}']
)
def test_another_file_in_place_of_the_keyslots_is_refused(closed: ClosedVault, content: bytes) -> None:
    for name in ("keyslots.json", "keyslots.json.bak"):
        (closed.folder / name).write_bytes(content)
    with pytest.raises(KeyslotsDamaged):
        closed.open()


def test_a_header_of_a_newer_version_is_left_alone(closed: ClosedVault) -> None:
    def raise_version(content: dict[str, Any]) -> None:
        content["version"] = 2

    change_header(closed.folder, raise_version)
    with pytest.raises(VaultTooNew):
        closed.open()


# --- nothing in clear -------------------------------------------------------------------------------------------------


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
        assert {finding.check.value: finding.is_good for finding in check_vault(vault)} == dict.fromkeys(
            ("pages", "structure", "foreign_keys", "schema", "audit_chain", "anchor", "keyslots"), True
        )
        (closed.folder / "anchor.json").unlink()
        (closed.folder / "keyslots.json").unlink()
        bad = {finding.check.value for finding in check_vault(vault) if not finding.is_good}
    assert bad == {"anchor", "keyslots"}


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
    key = vault._key.raw()
    shown = f"{vault!r} {vault.engine!r} {vault.engine.url!r} {vault._key!r}"
    assert key.hex() not in shown and repr(key) not in shown


def test_closing_overwrites_the_key(vault: Vault) -> None:
    memory = memoryview(vault._key._raw)
    assert any(memory)
    memory.release()
    vault.close()
    with pytest.raises(RuntimeError):
        vault._key.raw()
    with pytest.raises(RuntimeError):
        vault.unit_of_work()
    assert not any((vault.folder / name).exists() for name in ("vault.db-wal", "vault.db-shm"))
