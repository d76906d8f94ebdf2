"""One change to the vault: everything in it happens, or nothing."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from kimdesk.foundation.clock import Clock
from kimdesk.storage.audit import AuditChain, AuditEntry
from kimdesk.storage.engine import known_fault, known_faults, writing
from kimdesk.storage.tables.log import meta
from kimdesk.storage.vault.anchor import Head
from kimdesk.storage.vault.errors import DiskFull, VaultError


class Turn:
    """Whose turn it is on a vault's one connection.

    Who asks for it while holding it would wait for themselves until the pool gives up after ten seconds, and the user
    would be told of a fault of the disk. It is a bug of the caller, so it is one at once.
    """

    def __init__(self) -> None:
        self._mine = threading.local()

    def take(self) -> None:
        """Begin. Raises `RuntimeError` where this thread has a reader or a unit of work open."""
        if getattr(self._mine, "taken", False):
            raise RuntimeError("a reader or a unit of work of this vault is already open in this thread")
        self._mine.taken = True

    def give_back(self) -> None:
        """End."""
        self._mine.taken = False


class UnitOfWork:
    """A write transaction from ``with`` to `commit`; leaving the block without `commit` rolls back.

    `make_room` is asked before each commit, and told True after the disk was full; it returns whether it made any.

    Statements run on `connection` (SQLAlchemy Core). `moment` is the time of the whole unit. Made by
    `Vault.unit_of_work`, used in one thread, once.
    """

    connection: sa.Connection

    def __init__(
        self,
        engine: sa.Engine,
        chain: AuditChain,
        clock: Clock,
        slot: str,
        committed: Callable[[Head], None],
        turn: Turn,
        make_room: Callable[[bool], bool] = lambda _: False,
    ) -> None:
        self._engine = engine
        self._chain = chain
        self._slot = slot
        self._committed = committed
        self._turn = turn
        self._make_room = make_room
        self._entries: list[AuditEntry] = []
        self.moment: datetime = clock.now()

    def __enter__(self) -> Self:
        self._turn.take()
        try:
            with known_faults():
                connection = writing(self._engine)
                try:
                    self._transaction = connection.begin()
                except BaseException:
                    connection.close()
                    raise
        except BaseException:
            self._turn.give_back()
            raise
        self.connection = connection
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        try:
            # A connection whose disk failed may fail again here; closing it rolls back all the same.
            with contextlib.suppress(sa.exc.DBAPIError):
                if self._transaction.is_active:
                    self._transaction.rollback()
            self.connection.close()
        finally:
            self._turn.give_back()
        known = known_fault(error) if error is not None else None
        if known is not None:
            raise self._with_reserve(known) from error

    def record(self, entry: AuditEntry) -> None:
        """Add `entry` to the audit log when this unit commits."""
        self._entries.append(entry)

    def commit(self) -> None:
        """Make everything since ``with`` durable, then move the anchor.

        Raises `DiskFull`, `StorageFailed`, `VaultNotWritable`, `DatabaseDamaged`; then nothing of it happened.
        """
        # SQLite rolls back what does not fit, so there must be room before it tries.
        self._make_room(False)
        try:
            with known_faults():
                head = None
                if self._entries:
                    head = self._chain.append(self.connection, self._entries, at=self.moment, slot=self._slot)
                self._transaction.commit()
        except DiskFull as error:
            raise self._with_reserve(error) from error
        self._entries = []
        if head is not None:
            self._committed(head)

    def _with_reserve(self, error: VaultError) -> VaultError:
        """Give the reserve up after a full disk, and say so: the next try will find room."""
        if isinstance(error, DiskFull) and self._make_room(True):
            return DiskFull(DiskFull.RESERVE_RELEASED)
        return error

    def setting(self, key: str, default: Any = None) -> Any:
        """Return the JSON value stored under `key`, or `default`."""
        return read_setting(self.connection, key, default)

    def change_setting(self, key: str, value: Any) -> None:
        """Store a JSON value (no floats) under `key`; None removes it."""
        if value is None:
            self.connection.execute(meta.delete().where(meta.c.key == key))
            return
        statement = insert(meta).values(key=key, value=value)
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=[meta.c.key], set_={"value": statement.excluded.value})
        )


def read_setting(connection: sa.Connection, key: str, default: Any = None) -> Any:
    """Return the JSON value stored under `key` of the vault's settings, or `default`."""
    value = connection.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar_one_or_none()
    return default if value is None else value
