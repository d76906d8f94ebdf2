"""Connections to the encrypted file: key first, then a fixed list of PRAGMAs, one explicit pool."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from kimdesk.storage.vault.errors import (
    DatabaseDamaged,
    DiskFull,
    StorageFailed,
    VaultError,
    VaultInUse,
    VaultNotWritable,
)
from kimdesk.storage.vault.key import VaultKey, overwrite

CACHE_KIBIBYTES = 128 * 1024

PRAGMAS = (
    "cipher_log_level = NONE",  # SQLCipher would write to stderr
    "cipher_log = off",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "journal_mode = WAL",
    # NORMAL would lose the last acknowledged saves when the battery dies; FULL syncs the log at every commit.
    "synchronous = FULL",
    "fullfsync = ON",  # the same on macOS, nothing elsewhere
    "temp_store = MEMORY",
    "secure_delete = ON",  # deleted case files are gone for later key holders too
    f"cache_size = -{CACHE_KIBIBYTES}",
    "mmap_size = 0",
    "busy_timeout = 5000",
)
"""Set on every connection after the key. None of them changes the file's format but `journal_mode`."""

PRAGMAS_READING = tuple(pragma for pragma in PRAGMAS if not pragma.startswith("journal_mode"))
"""The same for a closed file that is only read: its journal mode would be a write."""

PRAGMAS_COPYING = (
    *(pragma for pragma in PRAGMAS_READING if not pragma.startswith(("synchronous", "cache_size"))),
    "journal_mode = OFF",
    "synchronous = OFF",
)
"""The same for a new file that counts only once it is whole and on the disk: written once, without a log."""

_WRITES = "kimdesk_writes"
_CODES_BY_TEXT = {
    "database or disk is full": dbapi2.SQLITE_FULL,
    "disk I/O error": dbapi2.SQLITE_IOERR,
    "database disk image is malformed": dbapi2.SQLITE_CORRUPT,
    "file is not a database": dbapi2.SQLITE_NOTADB,
    "attempt to write a readonly database": dbapi2.SQLITE_READONLY,
    "unable to open database file": dbapi2.SQLITE_CANTOPEN,
    "database is locked": dbapi2.SQLITE_BUSY,
}
_LEAST_FREE_BYTES = 64 * 1024  # a write-ahead log and its index begin with less


def connect(path: Path, key: VaultKey) -> dbapi2.Connection:
    """Return a fresh connection to `path` in autocommit mode, keyed and set up.

    Raises sqlcipher3's `DatabaseError` where the file is damaged or the key is another one, and `DiskFull`.
    """
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=512)
    try:
        _set_up(connection, key, PRAGMAS)
    except dbapi2.OperationalError as error:
        connection.close()
        # Without room for the index of its log SQLite reports an I/O error, not a full disk.
        if isinstance(known_fault(error), StorageFailed) and _is_full(path.parent):
            raise DiskFull from error
        raise
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reading(path: Path, key: VaultKey) -> dbapi2.Connection:
    """Return a connection to a closed file (a backup) that only reads: nothing is made beside it.

    So it works on read-only media. Raises sqlcipher3's `DatabaseError`.
    """
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    connection = dbapi2.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    try:
        _set_up(connection, key, PRAGMAS_READING)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_copying(path: Path, key: VaultKey) -> dbapi2.Connection:
    """Return a connection to a new file that is written in one go; flush it to the disk after closing.

    Raises sqlcipher3's `DatabaseError`.
    """
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        _set_up(connection, key, PRAGMAS_COPYING)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: dbapi2.Connection, key: VaultKey, pragmas: tuple[str, ...]) -> None:
    literal = key.sqlcipher_literal()
    try:
        connection.set_key(literal)  # sqlite3_key(): as PRAGMA key, but the key never is part of an SQL text
    finally:
        overwrite(literal)
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _LEAST_FREE_BYTES
    except OSError:
        return False


def make_engine(path: Path, key: VaultKey) -> sa.Engine:
    """Return an engine with exactly one pooled connection.

    Transactions begin explicitly (``BEGIN``, or ``BEGIN IMMEDIATE`` in `writing`), so that DDL is part of them too.
    Parameters never stand in an error's text: they are personal data.
    """
    engine = sa.create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: connect(path, key),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=10,
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def writing(engine: sa.Engine) -> sa.Connection:
    """Return a connection whose transaction takes the write lock at its start."""
    return engine.connect().execution_options(**{_WRITES: True})


@contextlib.contextmanager
def known_faults() -> Iterator[None]:
    """Turn what the disk does to SQLite into known errors; everything else passes unchanged."""
    try:
        yield
    except (sa.exc.DBAPIError, dbapi2.Error) as error:
        known = known_fault(error)
        if known is None:
            raise
        raise known from error


def known_fault(error: BaseException) -> VaultError | None:
    """Return the known error a database error stands for, or None."""
    if isinstance(error, sa.exc.DBAPIError) and error.orig is not None:
        error = error.orig
    # The extended code's low byte is the primary one. Errors of the binding itself carry none, and those of its
    # backup neither, only SQLite's own text for the code.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if not code and isinstance(error, dbapi2.DatabaseError):
        code = _CODES_BY_TEXT.get(str(error), 0)
    match code:
        case dbapi2.SQLITE_FULL:
            return DiskFull()
        case dbapi2.SQLITE_CORRUPT | dbapi2.SQLITE_NOTADB:
            return DatabaseDamaged()
        case dbapi2.SQLITE_READONLY | dbapi2.SQLITE_CANTOPEN:
            return VaultNotWritable()
        case dbapi2.SQLITE_BUSY | dbapi2.SQLITE_LOCKED:
            return VaultInUse()
        case dbapi2.SQLITE_IOERR:
            return StorageFailed()
        case _:
            return None


def known_os_fault(error: OSError) -> VaultError:
    """Return the known error for a file of the vault that could not be written."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return DiskFull()
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return VaultNotWritable()
    return StorageFailed()
