"""Opens the coordinator's database: SQLite in its folder, or PostgreSQL by address."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Engine, create_engine, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from kimdesk.coordinator import tables
from kimdesk.coordinator.errors import DatabaseUnusable, FromNewerVersion

_SQLITE_BUSY_SECONDS = 20


def open_database(url: str) -> Engine:
    """Return an engine on the coordinator's database, whose tables are made if they are missing.

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
        _make_tables(engine)
    except DBAPIError:
        engine.dispose()
        raise DatabaseUnusable() from None
    except FromNewerVersion:
        engine.dispose()
        raise
    return engine


def _make_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        tables.metadata.create_all(connection)
        version = connection.execute(select(tables.about.c.schema_version)).scalar()
        if version is None:
            connection.execute(insert(tables.about).values(schema_version=tables.SCHEMA_VERSION))
        elif version > tables.SCHEMA_VERSION:
            raise FromNewerVersion()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    # SQLAlchemy says when a transaction begins (below), not the driver.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_at_once(connection: Any) -> None:
    # A transaction that reads first and writes later would fail when another writes in between; this one waits.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
