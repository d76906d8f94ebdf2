"""What the command line offers of the coordinating office, as plain functions that return what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from kimdesk.coordinator import backup as backups
from kimdesk.coordinator import people, store
from kimdesk.coordinator.backup import Lock, PassphraseLock
from kimdesk.coordinator.dashboard import BoardReader
from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.desk import COMMAND_LINE, OfficeDesk, Place
from kimdesk.coordinator.errors import AlreadyThere, FolderUnwritable
from kimdesk.coordinator.export import figure_rows
from kimdesk.coordinator.intake import Intake
from kimdesk.coordinator.offers import SignedOffers, sign_offers
from kimdesk.coordinator.office import Office, create_office, discard_office, is_office, open_office
from kimdesk.coordinator.passphrases import PassphraseHasher, new_passphrase
from kimdesk.coordinator.people import Role
from kimdesk.coordinator.server import Server
from kimdesk.coordinator.sheet import qr_svg
from kimdesk.coordinator.stick import ReceiveReport, receive_folder
from kimdesk.foundation.clock import Clock, SystemClock
from kimdesk.foundation.sheets import csv_bytes, xlsx_bytes
from kimdesk.offers.readers import OfferFormat
from kimdesk.sync.protocol import certificate_hash

ADMIN_NAME = "admin"
INVITATION_DAYS = 14

__all__ = [
    "ADMIN_NAME",
    "INVITATION_DAYS",
    "InitResult",
    "PassphraseLock",
    "Place",
    "Role",
    "certificate_hash",
    "qr_svg",
]


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
            if people.count_users(connection):
                raise AlreadyThere()
            people.add_user(connection, ADMIN_NAME, role=Role.ADMIN, password_hash=encoded, at=now)
            people.note(connection, "created", actor=COMMAND_LINE, at=now)
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
    replace: bool = False,
    certificates: Sequence[bytes] = (),
    place: Place | None = None,
    clock: Clock | None = None,
) -> bytes:
    """Return an invitation file for the laptop of `sender_name`.

    A name that was invited but has not joined gets a new invitation and the old one ends. A name that has joined is
    invited again only with `replace`: the next device takes its place, and the present one is refused from then on.
    `addresses` replaces the office's own address, `certificates` are SHA-256 hashes the laptop pins. Raises
    `NameTaken`, `BadName`, `BadAddress`, `BadPlace`.
    """
    with _desk(folder, clock=clock) as desk:
        return desk.invite(
            sender_name,
            actor=COMMAND_LINE,
            valid=timedelta(days=valid_days),
            addresses=addresses,
            replace=replace,
            certificates=certificates,
            place=place,
        )


def revoke(folder: Path, sender_name: str, *, clock: Clock | None = None) -> None:
    """Refuse a laptop from now on; what was counted stays counted. Raises `NoSuchLaptop`."""
    with _desk(folder, clock=clock) as desk:
        desk.revoke(sender_name, actor=COMMAND_LINE)


def user_add(
    folder: Path,
    name: str,
    *,
    role: Role = Role.ANALYST,
    clock: Clock | None = None,
    hasher: PassphraseHasher | None = None,
) -> str:
    """Add a user of the dashboard and return the passphrase, which is shown once. Raises `NameTaken`, `BadName`."""
    with _desk(folder, clock=clock, hasher=hasher) as desk:
        return desk.add_user(name, role, actor=COMMAND_LINE)


def user_reset(folder: Path, name: str, *, clock: Clock | None = None, hasher: PassphraseHasher | None = None) -> str:
    """Give a user a new passphrase, which is shown once, and end the user's sessions. Raises `NoSuchUser`."""
    with _desk(folder, clock=clock, hasher=hasher) as desk:
        return desk.reset_user(name, actor=COMMAND_LINE)


def user_remove(folder: Path, name: str, *, clock: Clock | None = None) -> None:
    """Remove a user. Raises `NoSuchUser` or `LastAdmin`."""
    with _desk(folder, clock=clock) as desk:
        desk.remove_user(name, actor=COMMAND_LINE)


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
    """Take what laptops left in `directory` (a USB stick) and put receipts and confirmations beside it.

    What is published lies there afterwards, too.
    """
    office = open_office(folder)
    with _database(office) as engine:
        return receive_folder(Intake(office, engine, clock or SystemClock()), directory)


def export(
    folder: Path,
    *,
    year: int | None = None,
    quarter: int | None = None,
    as_csv: bool = False,
    clock: Clock | None = None,
) -> bytes:
    """Return the sums of a year as a workbook, or as CSV, under the rules of disclosure control."""
    office = open_office(folder)
    moment = clock or SystemClock()
    with _database(office) as engine:
        board = BoardReader(office, engine, moment).read(year, quarter)
        with engine.begin() as connection:
            people.note(connection, "exported", actor=COMMAND_LINE, at=moment.now(), subject=str(board.year))
    sheets = figure_rows(board, moment.now())
    return csv_bytes(sheets[0][1]) if as_csv else xlsx_bytes(sheets)


def backup(folder: Path, target: Path, lock: Lock, *, clock: Clock | None = None) -> None:
    """Write everything the office needs to begin again on another machine into one encrypted file."""
    office = open_office(folder)
    with _database(office) as engine:
        backups.write_backup(office, engine, target, lock, (clock or SystemClock()).now())


def restore(
    source: Path, folder: Path, lock: Lock, *, database_url: str | None = None, clock: Clock | None = None
) -> Office:
    """Set the office of a backup up in an empty `folder`, on SQLite or the PostgreSQL database named."""
    now = (clock or SystemClock()).now()
    return backups.restore_backup(source, folder, lock, database_url=database_url, now=now)


def publish_offers(folder: Path, content: bytes, *, clock: Clock | None = None) -> int:
    """Publish a signed offer directory to the laptops; return its number. Raises a `KnownError` of the feed."""
    with _desk(folder, clock=clock) as desk:
        return desk.publish_offers(content, actor=COMMAND_LINE)


def publish_offer_file(
    folder: Path, path: Path, file_format: OfferFormat, *, valid_days: int, clock: Clock | None = None
) -> SignedOffers:
    """Sign the offers at `path` as the next version and publish them. Raises what `sign_offers` raises."""
    office, now = open_office(folder), (clock or SystemClock()).now()
    with _database(office) as engine, engine.connect() as connection:
        newest = store.newest_publication(connection)
        before = None if newest is None else store.publication_content(connection, newest.id)
    signed = sign_offers(office, path, file_format, now=now, valid_days=valid_days, before=before)
    publish_offers(folder, signed.content, clock=clock)
    return signed


@contextmanager
def _desk(folder: Path, *, clock: Clock | None = None, hasher: PassphraseHasher | None = None) -> Iterator[OfficeDesk]:
    office = open_office(folder)
    with _database(office) as engine:
        yield OfficeDesk(office, engine, hasher or PassphraseHasher(), clock or SystemClock())


@contextmanager
def _database(office: Office) -> Iterator[Engine]:
    engine = open_database(office.database_url)
    try:
        yield engine
    finally:
        engine.dispose()
