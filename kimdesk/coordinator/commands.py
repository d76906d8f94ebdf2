"""What the command line offers of the coordinating office, as plain functions that return what happened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from kimdesk.coordinator import store
from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.errors import AlreadyThere, FolderUnwritable, NameTaken
from kimdesk.coordinator.intake import Intake
from kimdesk.coordinator.office import (
    Office,
    check_address,
    check_name,
    create_office,
    discard_office,
    is_office,
    open_office,
)
from kimdesk.coordinator.passphrases import PassphraseHasher, new_passphrase
from kimdesk.coordinator.server import Server
from kimdesk.coordinator.stick import ReceiveReport, receive_folder
from kimdesk.foundation.clock import Clock, SystemClock
from kimdesk.sync.protocol import Invitation, new_token

ADMIN_NAME = "admin"
INVITATION_DAYS = 14


@dataclass(frozen=True)
class InitResult:
    """A new office: its first user with the passphrase that is shown once, and its fingerprint."""

    user: str
    passphrase: str = field(repr=False)
    fingerprint: str


def init(
    folder: Path,
    *,
    url: str,
    name: str,
    district: str,
    database_url: str | None = None,
    clock: Clock | None = None,
    hasher: PassphraseHasher | None = None,
) -> InitResult:
    """Set up a coordinating office in `folder`: keys, database, first user.

    `url` is the address laptops reach it at, `district` the name of its profile (``unna``), `database_url` a
    PostgreSQL address or None for SQLite in the folder. Raises `AlreadyThere`, `BadAddress`, `BadName`,
    `DatabaseUnusable` or `FolderUnwritable`; then nothing is left behind.
    """
    if is_office(folder):
        raise AlreadyThere()
    try:
        office = create_office(folder, url=url, name=name, district=district, database_url=database_url)
    except OSError:
        discard_office(folder)
        raise FolderUnwritable() from None
    passphrase = new_passphrase()
    try:
        encoded = (hasher or PassphraseHasher()).hash(passphrase)
        now = (clock or SystemClock()).now()
        with _database(office) as engine, engine.begin() as connection:
            if store.count_users(connection):
                raise AlreadyThere()
            store.add_user(connection, ADMIN_NAME, password_hash=encoded, at=now)
            store.note(connection, "created", actor="command line", at=now)
    except BaseException:
        discard_office(folder)
        raise
    return InitResult(ADMIN_NAME, passphrase, office.keys.card.fingerprint)


def invite(
    folder: Path,
    sender_name: str,
    *,
    addresses: Sequence[str] = (),
    valid_days: int = INVITATION_DAYS,
    clock: Clock | None = None,
) -> bytes:
    """Return an invitation file for the laptop of `sender_name`.

    A name that was invited but has not joined gets a new invitation and the old one ends. `addresses` replaces
    the office's own address. Raises `NameTaken` for a laptop that has joined, `BadName`, `BadAddress`.
    """
    office = open_office(folder)
    check_name(sender_name)
    for address in addresses:
        check_address(address)
    now = (clock or SystemClock()).now()
    expires_at = now + timedelta(days=valid_days)
    token = new_token()
    with _database(office) as engine, engine.begin() as connection:
        known = store.sender_named(connection, sender_name)
        if known is not None and known.public_key is not None:
            raise NameTaken()
        sender = str(uuid.uuid4()) if known is None else known.id
        if known is None:
            store.add_sender(connection, sender, sender_name)
        store.add_invitation(connection, sender, token=token, created_at=now, expires_at=expires_at)
        store.note(connection, "invited", actor="command line", at=now, sender=sender)
    invitation = Invitation(
        addresses=tuple(addresses) or (office.url,),
        card=office.keys.card,
        office=office.name,
        district=office.district,
        sender=sender,
        sender_name=sender_name,
        token=token,
        expires_at=expires_at,
    )
    return invitation.to_bytes(office.keys)


def user_add(folder: Path, name: str, *, clock: Clock | None = None, hasher: PassphraseHasher | None = None) -> str:
    """Add a user of the dashboard and return the passphrase, which is shown once. Raises `NameTaken`, `BadName`."""
    office = open_office(folder)
    check_name(name)
    passphrase = new_passphrase()
    encoded = (hasher or PassphraseHasher()).hash(passphrase)
    now = (clock or SystemClock()).now()
    with _database(office) as engine, engine.begin() as connection:
        if store.password_hash_of(connection, name) is not None:
            raise NameTaken()
        store.add_user(connection, name, password_hash=encoded, at=now)
        store.note(connection, "user added", actor="command line", at=now)
    return passphrase


def serve(
    folder: Path,
    host: str = "127.0.0.1",
    port: int = 8480,
    *,
    announce: Callable[[str], None],
    certificate: Path | None = None,
    certificate_key: Path | None = None,
) -> None:
    """Serve until interrupted. `announce` gets the real address once connections are taken (port 0: any free one).

    Raises `NotACoordinator`, `DatabaseUnusable`, `PortTaken` or `BadCertificate`.
    """
    server = Server(folder, host, port, certificate=certificate, certificate_key=certificate_key)
    announce(server.url)
    server.run()


def run_in_thread(
    folder: Path,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    clock: Clock | None = None,
    hasher: PassphraseHasher | None = None,
) -> Server:
    """Return a running server with its `.url`; `.stop()` (or a with block) ends it. For the tour and tests."""
    return Server(folder, host, port, clock=clock, hasher=hasher).start()


def receive(folder: Path, directory: Path, *, clock: Clock | None = None) -> ReceiveReport:
    """Take what laptops left in `directory` (a USB stick) and put receipts and confirmations beside it."""
    office = open_office(folder)
    with _database(office) as engine:
        return receive_folder(Intake(office, engine, clock or SystemClock()), directory)


@contextmanager
def _database(office: Office) -> Iterator[Engine]:
    engine = open_database(office.database_url)
    try:
        yield engine
    finally:
        engine.dispose()
