"""The open vault: units of work, reads, checks, accesses, and closing it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from kimdesk.foundation.clock import Clock
from kimdesk.storage.audit import AuditChain, AuditEntry
from kimdesk.storage.engine import connect, connect_reading, known_faults, make_engine
from kimdesk.storage.schema import SCHEMA, Schema
from kimdesk.storage.unit_of_work import Turn, UnitOfWork, read_setting
from kimdesk.storage.vault import state
from kimdesk.storage.vault.anchor import Anchor, Head, digest_of, read_anchor, write_anchor
from kimdesk.storage.vault.file_check import Probation
from kimdesk.storage.vault.key import VaultKey
from kimdesk.storage.vault.keyring import Access, Keyring, SlotChange
from kimdesk.storage.vault.keyslots import Header
from kimdesk.storage.vault.lock_file import VaultLock
from kimdesk.storage.vault.reserve import keep_reserve, make_room, release_reserve
from kimdesk.storage.vault.slot import Slot, SlotKind
from kimdesk.storage.vault.vault_files import DATABASE_NAME

_log = logging.getLogger(__name__)


class OpeningNote(StrEnum):
    """What was noticed at the opening of the vault and since, for `kimdesk.services.vault_health`."""

    RESERVE_RELEASED = "reserve_released"
    KEYSLOTS_HEALED = "keyslots_healed"
    ALARM_OVERRULED = "alarm_overruled"
    CLOCK_BEHIND = "clock_behind"


class Vault:
    """An unlocked vault. Made by `create_vault` and `unlock`, ended by `close`; also a context manager.

    Use it in one thread at a time, in the program on the `DatabaseThread`. Nothing of it shows the key.
    """

    def __init__(self, folder: Path, ring: Keyring, lock: VaultLock, clock: Clock, schema: Schema = SCHEMA) -> None:
        self.folder = folder
        self.clock = clock
        self.schema = schema
        self.ring = ring
        self.ring.changed = self._record_slots
        self._lock = lock
        self._raw: dbapi2.Connection | None = None
        self._head: Head | None = None
        self._turn = Turn()
        self._closed = False
        self._probation: Probation | None = None
        self.opening_notes: set[OpeningNote] = set()
        self._connect()

    def _connect(self) -> None:
        self._engine = make_engine(self.folder / DATABASE_NAME, self.ring.key)
        sa.event.listen(self._engine, "connect", self._remember_raw)
        self._chain = AuditChain(self.id, self.ring.key)

    def __repr__(self) -> str:
        return f"<Vault {self.id}>"

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def id(self) -> UUID:
        """Return the vault's random id."""
        return self.ring.header.vault_id

    @property
    def name(self) -> str:
        """Return the vault's display name, which is no personal data."""
        return self.ring.header.name

    @property
    def is_demo(self) -> bool:
        """Return whether this is a demonstration vault without real data."""
        return self.ring.header.demo_passphrase is not None

    @property
    def slot_id(self) -> str:
        """Return the id of the access the vault was opened with, as it stands in the audit log."""
        return self.ring.slot.id.hex

    @property
    def engine(self) -> sa.Engine:
        """Return the engine with its one connection; for migrations and checks. Work goes through `unit_of_work`."""
        return self._engine

    @property
    def header(self) -> Header:
        """Return the header as it stands on disk."""
        return self.ring.header

    @property
    def chain(self) -> AuditChain:
        """Return the audit chain's rules for this vault."""
        return self._chain

    # --- work -------------------------------------------------------------------------------------------------------

    def unit_of_work(self) -> UnitOfWork:
        """Return a write transaction to be used in a ``with`` block, not inside another one or a `reader`.

        Waits for a check that runs beside and raises what it finds, as `settle` does.
        """
        self.settle()
        return UnitOfWork(
            self._engine, self._chain, self.clock, self.slot_id, self._move_anchor, self._turn, self._make_room
        )

    def put_on_probation(self, probation: Probation) -> None:
        """Allow no write before the check that runs beside is through."""
        self._probation = probation

    def is_checked(self) -> bool:
        """Return whether `settle` would not wait; may be asked in any thread."""
        probation = self._probation
        return probation is None or probation.is_checked()

    def settle(self, timeout_seconds: float | None = None) -> bool:
        """Wait until the vault may be written, and begin its session; return whether that has happened in time.

        Raises `DatabaseDamaged` or `AnchorAlarm` where the check finds something (the vault is of no use then), and
        `DiskFull`, `VaultNotWritable` where the session could not be begun; that is tried again with the next write.
        """
        self._check_open()
        probation = self._probation
        if probation is None:
            return True
        if not probation.wait(timeout_seconds):
            return False
        self._probation = None
        try:
            probation.begin()
        except BaseException:
            self._probation = probation
            raise
        return True

    @contextlib.contextmanager
    def reader(self) -> Iterator[sa.Connection]:
        """Give a connection for queries; all of them see the same state.

        Raises `RuntimeError` inside a unit of work or another reader: there is one connection.
        """
        self._check_open()
        self._turn.take()
        try:
            with known_faults(), self._engine.connect() as connection, connection.begin() as transaction:
                yield connection
                transaction.rollback()
        finally:
            self._turn.give_back()

    def setting(self, key: str, default: Any = None) -> Any:
        """Return the JSON value stored under `key` of the vault's settings, or `default`."""
        with self.reader() as connection:
            return read_setting(connection, key, default)

    def fresh_connection(self) -> dbapi2.Connection:
        """Return a new raw connection, as every integrity check needs one; the caller closes it."""
        self._check_open()
        with known_faults():
            return connect(self.folder / DATABASE_NAME, self.ring.key)

    def connection_to(self, path: Path) -> dbapi2.Connection:
        """Return a raw connection to another file under this vault's key (backups); the caller closes it."""
        self._check_open()
        with known_faults():
            return connect(path, self.ring.key)

    def reading_connection_to(self, path: Path) -> dbapi2.Connection:
        """Return a raw connection to a closed file under this vault's key that writes nothing beside it."""
        self._check_open()
        with known_faults():
            return connect_reading(path, self.ring.key)

    def write_anchor_for(self, folder: Path, anchor: Anchor) -> None:
        """Write an anchor of this vault into `folder` (backups). Raises `OSError`."""
        write_anchor(folder, self.id, self.ring.key, anchor)

    def anchor(self) -> Anchor:
        """Return the anchor as it stands on disk. Raises `AnchorAlarm`."""
        return read_anchor(self.folder, self.id, self.ring.key)

    def _move_anchor(self, head: Head) -> None:
        """Write the new head. Where that fails the chain is ahead of its anchor, which is allowed."""
        self._head = head
        try:
            write_anchor(self.folder, self.id, self.ring.key, Anchor(head))
        except OSError:
            _log.warning("the anchor could not be written; it is tried again with the next commit")

    def _make_room(self, is_full: bool) -> bool:
        """Give the reserve up before a save that may not fit, or after one that did not."""
        released = release_reserve(self.folder) if is_full else make_room(self.folder)
        if released:
            self.opening_notes.add(OpeningNote.RESERVE_RELEASED)
        return released

    def unseal(self) -> None:
        """Take the file's seal off the anchor before the session's first write. Raises `OSError`."""
        with self.reader() as connection:
            self._head = self._chain.head(connection)
        write_anchor(self.folder, self.id, self.ring.key, Anchor(self._head))

    def _remember_raw(self, raw: dbapi2.Connection, _: object) -> None:
        self._raw = raw

    # --- accesses ---------------------------------------------------------------------------------------------------

    def accesses(self) -> tuple[Access, ...]:
        """Return every way into the vault."""
        return self.ring.accesses()

    def opens_with(self, secret: str) -> bool:
        """Return whether `secret` is that of the access in use: who is at an open desk shows that it is theirs.

        Takes about a second.
        """
        return self.ring.opens_with(secret)

    def add_access(self, passphrase: str, *, kind: SlotKind, label: str, expires_at: datetime | None = None) -> Access:
        """Add a passphrase of its own (a deputy's). Takes about a second. Raises `PassphraseTooShort`, `DiskFull`…"""
        self.settle()
        return self.ring.add(passphrase, kind=kind, label=label, expires_at=expires_at)

    def change_passphrase(self, passphrase: str) -> None:
        """Give the access in use a new passphrase; the data are not re-encrypted. Takes about a second.

        A demo vault stops showing the old one. With the recovery key this changes the first user's passphrase. Raises
        `PassphraseTooShort`, `DiskFull`…
        """
        self.settle()
        self.ring.change_passphrase(passphrase)

    def renew_recovery_key(self) -> str:
        """Return a new recovery key to be printed; the old one no longer opens this file. Takes about a second."""
        self.settle()
        return self.ring.renew_recovery_key()

    def extend_access(self, slot_id: UUID, passphrase: str, *, expires_at: datetime | None) -> Access | None:
        """Let an access end at another time; None where `passphrase` is not its own. Raises `KeyError`, `DiskFull`…"""
        self.settle()
        return self.ring.extend(slot_id, passphrase, expires_at=expires_at)

    def recover(self, passphrase: str) -> str:
        """Set the user's new passphrase and return a new recovery key, in one write. Takes about two seconds."""
        self.settle()
        return self.ring.recover(passphrase)

    def remove_access(self, slot_id: UUID) -> None:
        """Remove an access. Old copies of keyslots.json still open with it. Raises `LastSlot`, `KeyError`."""
        self.settle()
        self.ring.remove(slot_id)

    def _record_slots(self, changes: tuple[SlotChange, ...]) -> None:
        """Put a changed header into the log; what was removed keeps its name, for the rows that speak of it."""
        with self.unit_of_work() as uow:
            uow.change_setting(state.GENERATION, self.ring.header.generation)
            former = uow.setting(state.FORMER_ACCESSES, {})
            for change in changes:
                uow.record(AuditEntry(change.action, "slot", change.slot.id, {"kind": change.slot.kind.value}))
                for slot in change.removed:
                    former[slot.id.hex] = {"kind": slot.kind.value, "label": slot.label}
                    if uow.setting(state.RECOVERY_USED) == slot.id.hex:
                        uow.change_setting(state.RECOVERY_USED, None)
            uow.change_setting(state.FORMER_ACCESSES, former or None)
            uow.commit()

    # --- another key ------------------------------------------------------------------------------------------------

    def let_go(self) -> None:
        """Close the file for a moment, its log folded in; the next use opens it again."""
        self._engine.dispose()
        self._raw = None

    def adopt(self, key: VaultKey, header: Header, slot: Slot) -> None:
        """Go on with the files that a rotation has put in place. Raises `OSError`."""
        self.let_go()
        self.ring.key.wipe()
        self.ring.key, self.ring.header, self.ring.slot = key, header, slot
        self._connect()
        self.unseal()

    def release_lock(self) -> None:
        """Let go of the folder, where the vault cannot be used any more."""
        self._lock.release()

    # --- the end ----------------------------------------------------------------------------------------------------

    def interrupt(self) -> None:
        """Stop a statement that is running in another thread; its unit of work rolls back."""
        if self._raw is not None and not self._closed:
            with contextlib.suppress(dbapi2.Error):  # it has just been closed
                self._raw.interrupt()

    def close(self) -> None:
        """Close the file, seal it, overwrite the key and let go of the lock. A second call does nothing.

        Nothing here can refuse: what fails (a full disk) leaves the vault as after a crash, and the next unlock copes.
        """
        if self._closed:
            return
        self._end_probation()
        self._closed = True
        try:
            self._engine.dispose()
            self._seal()
            keep_reserve(self.folder)
        finally:
            self.ring.key.wipe()
            self._lock.release()

    def abandon(self) -> None:
        """Close without sealing, where opening failed: the files stay as they are, and the lock is the caller's."""
        self._end_probation()
        self._closed = True
        self._engine.dispose()
        self.ring.key.wipe()

    def _end_probation(self) -> None:
        if self._probation is not None:
            self._probation.stop()
            self._probation = None

    def _seal(self) -> None:
        """Bind the closed file to the anchor. Without a seal the next unlock checks every page instead."""
        path = self.folder / DATABASE_NAME
        log = path.with_name(path.name + "-wal")
        if self._head is None or log.exists():
            return
        with contextlib.suppress(OSError):
            write_anchor(self.folder, self.id, self.ring.key, Anchor(self._head, digest_of(path)))

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("the vault is closed")
