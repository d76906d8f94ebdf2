"""Opens the coordinator's database: SQLite in its folder, or PostgreSQL by address."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from kimdesk.coordinator.errors import DatabaseUnusable, FromNewerVersion
from kimdesk.coordinator.schema import prepare

_SQLITE_BUSY_SECONDS = 20
_READS = "kimdesk_reads"


def open_database(url: str) -> Engine:
    """Return an engine on the coordinator's database, whose tables are made, or migrated from an older version.

    Raises `DatabaseUnusable` or `FromNewerVersion`.
    """
    try:
        address = make_url(url)
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() == "sqlite":
            engine = create_engine(address, connect_args={"timeout": _SQLITE_BUSY_SECONDS})
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_at_once)
        else:
            engine = create_engine(address, pool_pre_ping=True)
    except (ArgumentError, ImportError, SQLAlchemyError):
        raise DatabaseUnusable() from None
    try:
        with engine.begin() as connection:
            prepare(connection)
    except DBAPIError:
        engine.dispose()
        raise DatabaseUnusable() from None
    except FromNewerVersion:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection for queries that all see one state and keep no writer waiting."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection = connection.execution_options(**{_READS: True})
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    # SQLAlchemy says when a transaction begins (below), not the driver.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_at_once(connection: Connection) -> None:
    # A transaction that reads first and writes later would fail when another writes in between; this one waits.
    reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
