"""An encrypted file under another key: exported, its own memory of the keys brought along, compared row by row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from kimdesk.storage.audit import AuditChain, AuditEntry
from kimdesk.storage.engine import connect, connect_reading, known_faults, make_engine
from kimdesk.storage.unit_of_work import Turn, UnitOfWork
from kimdesk.storage.vault import state
from kimdesk.storage.vault.anchor import Head
from kimdesk.storage.vault.errors import DatabaseDamaged
from kimdesk.storage.vault.key import VaultKey, overwrite
from kimdesk.storage.vault.vault import Vault

_STEPS_A_TICK = 50_000
_ROWS_A_TICK = 20_000


def export_under(source: dbapi2.Connection, path: Path, key: VaultKey, tick: Callable[[], None]) -> None:
    """Write everything in `source` into the new file `path` under `key`. Raises `VaultError`.

    The key is bound as a parameter: it never is part of an SQL text.
    """

    def ticking() -> int:
        tick()
        return 0

    literal = key.sqlcipher_literal()
    source.set_progress_handler(ticking, _STEPS_A_TICK)
    try:
        with known_faults():
            # With foreign keys on, rows would be numbered anew and checked before their parents are there.
            source.execute("PRAGMA foreign_keys = OFF")
            source.execute("ATTACH DATABASE ? AS rotated KEY ?", (str(path), literal.decode("ascii")))
            for pragma in ("journal_mode = OFF", "synchronous = OFF"):  # it counts only once it is whole and flushed
                source.execute(f"PRAGMA rotated.{pragma}").fetchall()
            try:
                source.execute("BEGIN")
                source.execute("SELECT sqlcipher_export('rotated')")
                source.execute("COMMIT")
            finally:
                if source.in_transaction:
                    source.execute("ROLLBACK")
                source.execute("DETACH DATABASE rotated")
    finally:
        overwrite(literal)
        source.set_progress_handler(None, 0)


def carry_on_log(
    vault: Vault, path: Path, old: VaultKey, new: VaultKey, changes: dict[str, Any], entries: list[AuditEntry]
) -> Head:
    """Let the log in the exported file `path` go on under `new`; return its head. Raises `VaultError`.

    `changes` are settings to be changed with it, `entries` the first rows under the new key.
    """
    engine = make_engine(path, new)
    before, after = AuditChain(vault.id, old), AuditChain(vault.id, new)
    try:
        with UnitOfWork(engine, after, vault.clock, vault.slot_id, lambda _: None, Turn()) as uow:
            uow.change_setting(state.AUDIT_KEYS, before.keys_until(uow.connection))
            for name, value in changes.items():
                uow.change_setting(name, value)
            for entry in entries:
                uow.record(entry)
            uow.commit()
        with known_faults(), engine.connect() as connection:
            return after.head(connection)
    finally:
        engine.dispose()


def compare(old: dbapi2.Connection, path: Path, key: VaultKey, tick: Callable[[], None]) -> None:
    """Hold the new file against the old one: pages, structure, references, definitions, and every row of every table.

    The log and the settings may have grown. Raises `DatabaseDamaged` where anything differs.
    """
    with known_faults():
        connection = connect(path, key)
        try:
            sound = (
                not connection.execute("PRAGMA cipher_integrity_check").fetchall()
                and connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
                and not connection.execute("PRAGMA foreign_key_check").fetchall()
                and _definitions(connection) == _definitions(old)
            )
            if not sound:
                raise DatabaseDamaged
            for name, has_rowid in _tables(old):
                if name != "meta" and not _same_rows(old, connection, name, has_rowid, tick):
                    raise DatabaseDamaged
        finally:
            connection.close()


def _definitions(connection: dbapi2.Connection) -> list[tuple[str, str, str]]:
    query = "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
    return connection.execute(query).fetchall()


def _tables(connection: dbapi2.Connection) -> list[tuple[str, bool]]:
    query = (
        "SELECT name, NOT wr FROM pragma_table_list "
        "WHERE schema = 'main' AND type IN ('table', 'shadow') AND name <> 'sqlite_schema'"
    )
    return [(name, bool(has_rowid)) for name, has_rowid in connection.execute(query).fetchall()]


def _same_rows(
    old: dbapi2.Connection, new: dbapi2.Connection, table: str, has_rowid: bool, tick: Callable[[], None]
) -> bool:
    """Return whether each row of the old table stands in the new one under the same number; only the log may go on."""
    columns, order = ("rowid, *", "ORDER BY rowid") if has_rowid else ("*", "")
    query = f'SELECT {columns} FROM "{table}" {order}'
    was, became = old.execute(query), new.execute(query)
    while rows := was.fetchmany(_ROWS_A_TICK):
        if became.fetchmany(len(rows)) != rows:
            return False
        tick()
    return table == "audit_log" or became.fetchone() is None


def reads_with(path: Path, key: VaultKey) -> bool:
    """Return whether a closed file opens with `key`."""
    try:
        connection = connect_reading(path, key)
    except dbapi2.Error:
        return False
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.Error:
        return False
    finally:
        connection.close()
    return True
