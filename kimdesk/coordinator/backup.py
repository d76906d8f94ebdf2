"""Backup and restore of a whole office in one encrypted file, whichever database it uses.

The file is age, encrypted with a passphrase, so that the ordinary `age` tool opens it, too. Inside are lines of JSON:
a head with the office's keys and settings and the number of rows per table, the rows, and a last line. It goes from
SQLite to PostgreSQL and back. Sessions and half-arrived uploads are left out: people log in again, laptops send again.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pyrage
from sqlalchemy import Connection, Engine, Integer, Table, func, insert, select, text

from kimdesk.coordinator import people
from kimdesk.coordinator.database import open_database, reading
from kimdesk.coordinator.errors import BadBackup, FolderUnwritable, FromNewerVersion, TargetNotEmpty
from kimdesk.coordinator.office import (
    KEYS_FILE,
    OFFICE_FILE,
    Office,
    discard_office,
    is_office,
    open_office,
    read_office_files,
    write_office_files,
)
from kimdesk.coordinator.tables import SCHEMA_VERSION, about, metadata, sessions, uploads, users
from kimdesk.foundation.files import write_atomically
from kimdesk.sync.protocol import write_moment


class Lock(Protocol):
    """What a backup is closed and opened with."""

    def close(self, plain: bytes) -> bytes:
        """Return `plain` encrypted."""
        ...

    def open(self, sealed: bytes) -> bytes:
        """Return the plain bytes; raises `pyrage.DecryptError`."""
        ...


@dataclass(frozen=True)
class PassphraseLock:
    """age with a passphrase. It costs some seconds on purpose."""

    passphrase: str = field(repr=False)

    def close(self, plain: bytes) -> bytes:
        """Return `plain` encrypted."""
        return pyrage.passphrase.encrypt(plain, self.passphrase)

    def open(self, sealed: bytes) -> bytes:
        """Return the plain bytes; raises `pyrage.DecryptError`."""
        return pyrage.passphrase.decrypt(sealed, self.passphrase)


BACKUP_FORMAT = "kimdesk-coordinator-backup-1"
_LEFT_OUT = {about.name, sessions.name, uploads.name}
_BATCH = 500


def _kept() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]


def write_backup(office: Office, engine: Engine, target: Path, lock: Lock, now: datetime) -> None:
    """Write the office into `target` and read it back to be sure. Raises `FolderUnwritable` or `BadBackup`."""
    lines: list[bytes] = []
    with reading(engine) as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in _kept()
        }
        head = {
            "format": BACKUP_FORMAT,
            "schema": SCHEMA_VERSION,
            "created": write_moment(now),
            "files": read_office_files(office.folder),
            "rows": counts,
        }
        lines.append(_line(head))
        for table in _kept():
            for row in connection.execute(select(table)):
                lines.append(_line([table.name, [_plain(value) for value in row]]))
    lines.append(_line({"end": BACKUP_FORMAT}))
    sealed = lock.close(gzip.compress(b"\n".join(lines), 6))
    try:
        write_atomically(target, sealed)
        written = target.read_bytes()
    except OSError:
        raise FolderUnwritable() from None
    if _open(written, lock)[0]["rows"] != counts:
        raise BadBackup()
    with engine.begin() as connection:
        people.note(connection, "backed up", actor="command line", at=now)


def restore_backup(source: Path, folder: Path, lock: Lock, *, database_url: str | None, now: datetime) -> Office:
    """Set the office of a backup up in `folder`; `database_url` is a PostgreSQL address or None for SQLite there.

    Raises `BadBackup` (also for a wrong passphrase), `TargetNotEmpty`, `DatabaseUnusable`, `FolderUnwritable`,
    `FromNewerVersion`; then nothing is left behind.
    """
    try:
        data = source.read_bytes()
    except OSError:
        raise BadBackup() from None
    head, rows = _open(data, lock)
    if is_office(folder):
        raise TargetNotEmpty()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_office_files(folder, head["files"], database_url=database_url)
    except OSError:
        discard_office(folder)
        raise FolderUnwritable() from None
    try:
        office = open_office(folder)
        engine = open_database(office.database_url)
        try:
            with engine.begin() as connection:
                _fill(connection, rows)
                people.note(connection, "restored", actor="command line", at=now)
        finally:
            engine.dispose()
    except BaseException:
        discard_office(folder)
        raise
    return office


def _fill(connection: Connection, rows: Iterator[tuple[str, list[Any]]]) -> None:
    if connection.execute(select(func.count()).select_from(users)).scalar_one():
        raise TargetNotEmpty()
    tables = {table.name: table for table in _kept()}
    waiting: list[dict[str, Any]] = []
    current: Table | None = None
    for name, values in rows:
        table = tables[name]
        if table is not current or len(waiting) == _BATCH:
            if current is not None and waiting:
                connection.execute(insert(current), waiting)
            current, waiting = table, []
        waiting.append(dict(zip(table.c.keys(), values, strict=True)))
    if current is not None and waiting:
        connection.execute(insert(current), waiting)
    if connection.dialect.name == "postgresql":
        _continue_numbers(connection)


def _continue_numbers(connection: Connection) -> None:
    """Let PostgreSQL's own numbers go on above the ones that were brought."""
    for table in _kept():
        column = table.c.get("id")
        if column is None or not isinstance(column.type, Integer):
            continue
        highest = connection.execute(select(func.max(column))).scalar_one()
        if highest is not None:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)"),
                {"name": table.name, "highest": highest},
            )


def _open(data: bytes, lock: Lock) -> tuple[dict[str, Any], Iterator[tuple[str, list[Any]]]]:
    """Return the head of a backup and its rows, all of which were seen to be there."""
    try:
        lines = gzip.decompress(lock.open(data)).split(b"\n")
        head = json.loads(lines[0])
        if head["format"] != BACKUP_FORMAT or json.loads(lines[-1]) != {"end": BACKUP_FORMAT}:
            raise BadBackup()
        if head["schema"] > SCHEMA_VERSION:
            raise FromNewerVersion()
        if head["schema"] != SCHEMA_VERSION or not {OFFICE_FILE, KEYS_FILE} <= head["files"].keys():
            raise BadBackup()
        if sum(head["rows"].values()) != len(lines) - 2:
            raise BadBackup()
    except (pyrage.DecryptError, OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
        raise BadBackup() from None
    return head, _rows(lines[1:-1])


def _rows(lines: list[bytes]) -> Iterator[tuple[str, list[Any]]]:
    for line in lines:
        try:
            name, values = json.loads(line)
            yield name, [_value(value) for value in values]
        except (ValueError, TypeError, KeyError, binascii.Error):
            raise BadBackup() from None


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _plain(value: Any) -> Any:
    """Return a column's value as JSON knows it; bytes become an object with their base64."""
    if isinstance(value, (bytes, memoryview)):
        return {"b": base64.b64encode(bytes(value)).decode("ascii")}
    return value


def _value(value: Any) -> Any:
    return base64.b64decode(value["b"], validate=True) if isinstance(value, dict) else value
