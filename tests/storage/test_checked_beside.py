"""A vault whose file is checked beside the desk can be read at once and is not written before the check is through."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from kimdesk.storage import AuditAction, AuditEntry, Vault, engine, read_log
from kimdesk.storage.vault import file_check, opening
from kimdesk.storage.vault.errors import AnchorAlarm, DatabaseDamaged
from tests.storage.conftest import SECRET_WORDS, ClosedVault, flip, save_note


@pytest.fixture(autouse=True)
def _in_no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a large vault, whose check takes seconds."""
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 0)


@pytest.fixture
def killed(closed: ClosedVault, tmp_path: Path) -> ClosedVault:
    """A vault as a kill leaves it, so that every page has to be checked."""
    with closed.open() as vault:
        for number in range(40):
            save_note(vault, f"{SECRET_WORDS} {number}")
        shutil.copytree(closed.folder, tmp_path / "Absturz")
    shutil.rmtree(closed.folder)
    (tmp_path / "Absturz").rename(closed.folder)
    return closed


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold every check of pages back until this is set."""
    event = threading.Event()
    connect: Callable[..., dbapi2.Connection] = engine.connect

    def later(*arguments: object) -> dbapi2.Connection:
        event.wait(20)
        return connect(*arguments)

    monkeypatch.setattr(file_check, "connect", later)
    yield event
    event.set()


def files_of(folder: Path) -> dict[str, bytes]:
    passing = ("vault.db-shm", "vault.lock")
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name not in passing}


def unlocks(vault: Vault) -> int:
    with vault.reader() as connection:
        return sum(row.action == AuditAction.UNLOCK for row in read_log(connection))


def test_it_can_be_read_while_the_check_runs_and_is_written_after_it(
    killed: ClosedVault, gate: threading.Event
) -> None:
    before = files_of(killed.folder)
    with killed.open(check_beside=True) as vault:
        known = unlocks(vault)
        assert not vault.is_checked() and not vault.settle(0)
        assert files_of(killed.folder) == before
        gate.set()
        with vault.unit_of_work() as unit:  # waits
            unit.record(AuditEntry(AuditAction.EXPORT, "vault"))
            unit.commit()
        assert vault.is_checked() and vault.settle()
        assert unlocks(vault) == known + 1
        with vault.reader() as connection:
            assert [row.action for row in read_log(connection)][:2] == [AuditAction.EXPORT, AuditAction.UNLOCK]


def test_a_vault_closed_in_order_needs_no_waiting(closed: ClosedVault) -> None:
    with closed.open(check_beside=True) as vault:
        assert vault.settle(20) and unlocks(vault) == 2


@pytest.fixture
def needless(closed: ClosedVault) -> int:
    """Return where a page begins that opening a vault does not read."""
    root = "SELECT rootpage FROM sqlite_master WHERE name = 'goals'"
    with closed.open() as vault, vault.reader() as connection:
        number: int = connection.exec_driver_sql(root).scalar_one()
    return 4096 * (number - 1)


def test_what_the_check_finds_is_raised_by_every_write_and_nothing_was_written(
    needless: int, killed: ClosedVault
) -> None:
    flip(killed.database, needless + 2000)
    before = files_of(killed.folder)
    vault = killed.open(check_beside=True)
    for _ in range(2):
        with pytest.raises(DatabaseDamaged), vault.unit_of_work():
            pass
    with pytest.raises(DatabaseDamaged):
        vault.change_passphrase("Winter Kachel Orgel Mohn")
    assert files_of(killed.folder) == before
    vault.close()
    assert files_of(killed.folder)["anchor.json"] == before["anchor.json"]
    with pytest.raises(DatabaseDamaged):
        killed.open()


def test_an_old_file_put_back_under_a_seal_raises_the_alarm(closed: ClosedVault) -> None:
    with closed.open() as vault:  # no row of the log tells of this change
        with vault.unit_of_work() as unit:
            unit.change_setting("note", SECRET_WORDS)
            unit.commit()
        vault.let_go()
        old = closed.database.read_bytes()
        with vault.unit_of_work() as unit:
            unit.change_setting("note", "anders")
            unit.commit()
    closed.database.write_bytes(old)
    with pytest.raises(AnchorAlarm):
        closed.open(check_beside=True).settle()


def test_closing_ends_the_check_and_leaves_the_files_as_they_were(killed: ClosedVault, gate: threading.Event) -> None:
    before = files_of(killed.folder)
    vault = killed.open(check_beside=True)
    threading.Timer(0.05, gate.set).start()
    vault.close()
    after = files_of(killed.folder)
    assert {name: after[name] for name in ("anchor.json", "keyslots.json")} == {
        name: before[name] for name in ("anchor.json", "keyslots.json")
    }
    with killed.open() as again:
        assert again.setting("note") == f"{SECRET_WORDS} 39"
