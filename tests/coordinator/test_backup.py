"""A backup holds everything, in one encrypted file, and begins again on either database."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyrage
import pytest

from kimdesk.coordinator import commands
from kimdesk.coordinator.commands import PassphraseLock
from kimdesk.coordinator.errors import BadBackup, FolderUnwritable, TargetNotEmpty
from kimdesk.coordinator.office import open_office
from kimdesk.coordinator.passphrases import PassphraseHasher
from kimdesk.sync.transport import HttpTransport
from tests.coordinator import postgres
from tests.coordinator.browsing import log_in, text_of
from tests.coordinator.conftest import Office
from tests.coordinator.issues import an_issue, sealed
from tests.sync.support import Device, a_release


@dataclass(frozen=True)
class KeyLock:
    """age with a key, which takes no time; the passphrase takes seconds on purpose."""

    identity: pyrage.x25519.Identity = field(default_factory=pyrage.x25519.Identity.generate)

    def close(self, plain: bytes) -> bytes:
        return pyrage.encrypt(plain, [self.identity.to_public()])

    def open(self, sealed: bytes) -> bytes:
        return pyrage.decrypt(sealed, [self.identity])


@pytest.fixture
def other_database(office: Office, request: pytest.FixtureRequest) -> str | None:
    """Return where the backup is restored to: PostgreSQL if the office is on SQLite, and the other way round."""
    if open_office(office.folder).database_url.startswith("sqlite"):
        return postgres.emptied(request.getfixturevalue("postgres_address"))
    return None


def test_a_restored_office_goes_on_with_the_other_database(
    office: Office, tmp_path: Path, hasher: PassphraseHasher, other_database: str | None
) -> None:
    laptop = office.device()
    invited = Device(office.invite("Bönen"), office.clock)
    first = laptop.seal(a_release(40, quarter=2), 1)
    receipt = office.transport.deliver(first)
    office.transport.deliver(sealed(laptop, an_issue(), 2))
    lock, file = KeyLock(), tmp_path / "sicherung.age"
    commands.backup(office.folder, file, lock, clock=office.clock)
    restored = commands.restore(file, tmp_path / "neu", lock, database_url=other_database, clock=office.clock)
    assert restored.keys.card.fingerprint == office.fingerprint
    with (
        commands.run_in_thread(tmp_path / "neu", clock=office.clock, hasher=hasher) as server,
        office.browser(server.url) as browser,
    ):
        transport = HttpTransport([server.url])
        assert transport.deliver(first) == receipt
        assert transport.deliver(laptop.seal(a_release(60), 3)) is not None
        assert invited.enrol(transport) is not None
        log_in(office, browser)
        assert "aus 1 Laptop" in text_of(browser.get("/").text)
        assert "Wartezeit in der Ausländerbehörde" in text_of(browser.get("/issues").text)
        assert "Aus Sicherung wiederhergestellt" in text_of(browser.get("/admin/log").text)


def test_nothing_in_a_backup_is_readable_without_its_key(office: Office, tmp_path: Path) -> None:
    office.device("Fallmanagement Lünen")
    lock, file = KeyLock(), tmp_path / "sicherung.age"
    commands.backup(office.folder, file, lock)
    data = file.read_bytes()
    assert data.startswith(b"age-encryption.org/v1")
    assert b"sealing_secret" not in data and "Lünen".encode() not in data
    with pytest.raises(BadBackup):
        commands.restore(file, tmp_path / "neu", KeyLock())
    assert not (tmp_path / "neu").exists()


def test_a_passphrase_opens_it_too(office: Office, tmp_path: Path) -> None:
    if not open_office(office.folder).database_url.startswith("sqlite"):
        return  # the same file, and seconds of work
    file = tmp_path / "sicherung.age"
    commands.backup(office.folder, file, PassphraseLock("Apfel Brücke Segel"))
    assert b"scrypt" in file.read_bytes()[:200]
    assert commands.restore(file, tmp_path / "neu", PassphraseLock("Apfel Brücke Segel")).name == "KI Kreis Unna"


def test_a_damaged_backup_leaves_nothing_behind(office: Office, tmp_path: Path) -> None:
    lock, file = KeyLock(), tmp_path / "sicherung.age"
    commands.backup(office.folder, file, lock)
    whole = file.read_bytes()
    for broken in (b"", whole[:-20], whole[:100] + bytes([whole[100] ^ 1]) + whole[101:], b"x" * 500):
        file.write_bytes(broken)
        with pytest.raises(BadBackup):
            commands.restore(file, tmp_path / "neu", lock)
        assert not (tmp_path / "neu").exists()
    with pytest.raises(BadBackup):
        commands.restore(tmp_path / "weg.age", tmp_path / "neu", lock)


def test_nothing_is_overwritten(office: Office, tmp_path: Path) -> None:
    lock, file = KeyLock(), tmp_path / "sicherung.age"
    commands.backup(office.folder, file, lock)
    with pytest.raises(TargetNotEmpty):
        commands.restore(file, office.folder, lock)
    address = open_office(office.folder).database_url
    if address.startswith("postgresql"):
        with pytest.raises(TargetNotEmpty):
            commands.restore(file, tmp_path / "neu", lock, database_url=address)
        assert list((tmp_path / "neu").iterdir()) == []
    with pytest.raises(FolderUnwritable):
        commands.backup(office.folder, tmp_path / "kein" / "ordner.age", lock)


def test_who_was_logged_in_is_not_any_more(office: Office, tmp_path: Path, hasher: PassphraseHasher) -> None:
    with office.browser() as browser:
        log_in(office, browser)
        session = browser.cookies["kimdesk-session"]
    lock, file = KeyLock(), tmp_path / "sicherung.age"
    commands.backup(office.folder, file, lock, clock=office.clock)
    commands.restore(file, tmp_path / "neu", lock, clock=office.clock, database_url=None)
    with (
        commands.run_in_thread(tmp_path / "neu", clock=office.clock, hasher=hasher) as server,
        office.browser(server.url) as browser,
    ):
        browser.cookies.set("kimdesk-session", session)
        assert browser.get("/").status_code == 303
