"""The open vault: units of work, reads, checks, accesses, and closing it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from kimdesk.foundation.clock import Clock
from kimdesk.storage.audit import AuditAction, AuditChain, AuditEntry
from kimdesk.storage.engine import connect, known_faults, known_os_fault, make_engine
from kimdesk.storage.schema import SCHEMA, Schema
from kimdesk.storage.unit_of_work import Turn, UnitOfWork, read_setting
from kimdesk.storage.vault.anchor import Anchor, Head, digest_of, read_anchor, write_anchor
from kimdesk.storage.vault.errors import LastSlot, PassphraseTooShort
from kimdesk.storage.vault.kdf import KeyDerivation, passphrase_bytes
from kimdesk.storage.vault.key import VaultKey
from kimdesk.storage.vault.keyslots import (
    Header,
    Slot,
    SlotKind,
    is_authentic,
    is_on_disk,
    new_slot,
    open_slot,
    sealed_header,
    write_header,
)
from kimdesk.storage.vault.lock_file import VaultLock
from kimdesk.storage.vault.recovery import new_recovery_key, recovery_secret

DATABASE_NAME = "vault.db"
BACKUPS_NAME = "backups"
MINIMUM_PASSPHRASE_CHARACTERS = 12
GENERATION_KEY = "vault.keyslots_generation"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """One way into the vault, as shown in the settings."""

    id: UUID
    kind: SlotKind
    label: str
    created_at: datetime
    expires_at: datetime | None
    is_current: bool


class Vault:
    """An unlocked vault. Made by `create_vault` and `unlock`, ended by `close`; also a context manager.

    Use it in one thread at a time, in the program on the `DatabaseThread`. Nothing of it shows the key.
    """

    def __init__(
        self,
        folder: Path,
        header: Header,
        slot: Slot,
        key: VaultKey,
        lock: VaultLock,
        clock: Clock,
        kdf: KeyDerivation,
        schema: Schema = SCHEMA,
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.schema = schema
        self._header = header
        self._slot = slot
        self._key = key
        self._lock = lock
        self._derivation = kdf
        self._engine = make_engine(folder / DATABASE_NAME, key)
        self._raw: dbapi2.Connection | None = None
        sa.event.listen(self._engine, "connect", self._remember_raw)
        self._chain = AuditChain(header.vault_id, key)
        self._head: Head | None = None
        self._turn = Turn()
        self._closed = False

    def __repr__(self) -> str:
        return f"<Vault {self.id}>"

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def id(self) -> UUID:
        """Return the vault's random id."""
        return self._header.vault_id

    @property
    def name(self) -> str:
        """Return the vault's display name, which is no personal data."""
        return self._header.name

    @property
    def is_demo(self) -> bool:
        """Return whether this is a demonstration vault without real data."""
        return self._header.demo_passphrase is not None

    @property
    def slot_id(self) -> str:
        """Return the id of the access the vault was opened with, as it stands in the audit log."""
        return self._slot.id.hex

    @property
    def engine(self) -> sa.Engine:
        """Return the engine with its one connection; for migrations and checks. Work goes through `unit_of_work`."""
        return self._engine

    @property
    def header(self) -> Header:
        """Return the header as it stands on disk."""
        return self._header

    @property
    def chain(self) -> AuditChain:
        """Return the audit chain's rules for this vault."""
        return self._chain

    # --- work -------------------------------------------------------------------------------------------------------

    def unit_of_work(self) -> UnitOfWork:
        """Return a write transaction to be used in a ``with`` block, not inside another one or a `reader`."""
        self._check_open()
        return UnitOfWork(self._engine, self._chain, self.clock, self.slot_id, self._move_anchor, self._turn)

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
            return connect(self.folder / DATABASE_NAME, self._key)

    def connection_to(self, path: Path) -> dbapi2.Connection:
        """Return a raw connection to another file under this vault's key (backups); the caller closes it."""
        self._check_open()
        with known_faults():
            return connect(path, self._key)

    def write_anchor_for(self, folder: Path, anchor: Anchor) -> None:
        """Write an anchor of this vault into `folder` (backups). Raises `OSError`."""
        write_anchor(folder, self.id, self._key, anchor)

    def anchor(self) -> Anchor:
        """Return the anchor as it stands on disk. Raises `AnchorAlarm`."""
        return read_anchor(self.folder, self.id, self._key)

    def header_is_in_order(self) -> bool:
        """Return whether keyslots.json is the header in use, byte for byte, and its MAC is right."""
        return is_on_disk(self.folder, self._header) and is_authentic(self._header, self._key)

    def _move_anchor(self, head: Head) -> None:
        """Write the new head. Where that fails the chain is ahead of its anchor, which is allowed."""
        self._head = head
        try:
            write_anchor(self.folder, self.id, self._key, Anchor(head))
        except OSError:
            _log.warning("the anchor could not be written; it is tried again with the next commit")

    def unseal(self) -> None:
        """Take the file's seal off the anchor before the session's first write. Raises `OSError`."""
        with self.reader() as connection:
            self._head = self._chain.head(connection)
        write_anchor(self.folder, self.id, self._key, Anchor(self._head))

    def _remember_raw(self, raw: dbapi2.Connection, _: object) -> None:
        self._raw = raw

    # --- accesses ---------------------------------------------------------------------------------------------------

    def accesses(self) -> tuple[Access, ...]:
        """Return every way into the vault."""
        return tuple(
            Access(slot.id, slot.kind, slot.label, slot.created_at, slot.expires_at, slot.id == self._slot.id)
            for slot in self._header.slots
        )

    def opens_with(self, secret: str) -> bool:
        """Return whether `secret` is that of the access in use: who is at an open desk shows that it is theirs.

        Takes about a second.
        """
        key = open_slot(self.id, self._slot, secret_of(secret), self._derivation)
        if key is None:
            return False
        key.wipe()
        return True

    def add_access(self, passphrase: str, *, kind: SlotKind, label: str, expires_at: datetime | None = None) -> Access:
        """Add a passphrase of its own (a deputy's). Takes about a second. Raises `PassphraseTooShort`, `DiskFull`…"""
        check_passphrase(passphrase)
        slot = self._wrap(passphrase_bytes(passphrase), kind, label, expires_at)
        self._write_slots((*self._header.slots, slot), AuditAction.SLOT_ADDED, slot)
        return Access(slot.id, slot.kind, slot.label, slot.created_at, slot.expires_at, is_current=False)

    def change_passphrase(self, passphrase: str) -> None:
        """Give the access in use a new passphrase; the data are not re-encrypted. Takes about a second.

        A demo vault stops showing the old one. With the recovery key this changes the first user's passphrase. Raises
        `PassphraseTooShort`, `DiskFull`…
        """
        check_passphrase(passphrase)
        old = self._slot
        if old.kind is SlotKind.RECOVERY:
            old = next((slot for slot in self._header.slots if slot.kind is SlotKind.USER), old)
        kind = SlotKind.USER if old.kind is SlotKind.RECOVERY else old.kind
        new = self._wrap(passphrase_bytes(passphrase), kind, old.label, old.expires_at)
        kept = tuple(slot for slot in self._header.slots if slot.id != old.id or slot.kind is SlotKind.RECOVERY)
        self._write_slots((*kept, new), AuditAction.SLOT_CHANGED, new, hide_demo_passphrase=kind is SlotKind.USER)
        self._slot = new

    def renew_recovery_key(self) -> str:
        """Return a new recovery key to be printed; the old one no longer opens this file. Takes about a second."""
        text = new_recovery_key()
        slot = self._wrap(secret_of(text), SlotKind.RECOVERY, "", None)
        kept = tuple(other for other in self._header.slots if other.kind is not SlotKind.RECOVERY)
        self._write_slots((*kept, slot), AuditAction.SLOT_CHANGED, slot)
        return text

    def remove_access(self, slot_id: UUID) -> None:
        """Remove an access. Old copies of keyslots.json still open with it. Raises `LastSlot`, `KeyError`."""
        slot = self._header.slot(slot_id)
        kept = tuple(other for other in self._header.slots if other.id != slot_id)
        if not any(other.kind is SlotKind.USER for other in kept):
            raise LastSlot
        self._write_slots(kept, AuditAction.SLOT_REMOVED, slot)

    def rewrite_header(self, *, least_generation: int) -> None:
        """Write the header anew after an overruled alarm, without slots that cannot be read. Raises `OSError`."""
        generation = max(self._header.generation, least_generation) + 1
        whole = tuple(slot for slot in self._header.slots if not slot.damaged)
        self._header = sealed_header(
            replace(self._header, slots=whole, generation=generation, damaged=False), self._key
        )
        write_header(self.folder, self._header)

    def _wrap(self, secret: bytes, kind: SlotKind, label: str, expires_at: datetime | None) -> Slot:
        return new_slot(
            self.id,
            self._key,
            secret,
            kind=kind,
            label=label,
            created_at=self.clock.now(),
            derivation=self._derivation,
            expires_at=expires_at,
        )

    def _write_slots(
        self, slots: tuple[Slot, ...], action: AuditAction, slot: Slot, *, hide_demo_passphrase: bool = False
    ) -> None:
        """Write the header first, then its generation: a header ahead of the database is fine, behind is an alarm."""
        self._check_open()
        changed = self._header.with_slots(slots)
        if hide_demo_passphrase and self.is_demo:
            changed = replace(changed, demo_passphrase="")
        header = sealed_header(changed, self._key)
        try:
            write_header(self.folder, header)
        except OSError as error:
            raise known_os_fault(error) from error
        self._header = header
        with self.unit_of_work() as uow:
            uow.change_setting(GENERATION_KEY, header.generation)
            uow.record(AuditEntry(action, "slot", slot.id, {"kind": slot.kind.value}))
            uow.commit()

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
        self._closed = True
        try:
            self._engine.dispose()
            self._seal()
        finally:
            self._key.wipe()
            self._lock.release()

    def abandon(self) -> None:
        """Close without sealing, where opening failed: the files stay as they are."""
        self._closed = True
        self._engine.dispose()
        self._key.wipe()
        self._lock.release()

    def _seal(self) -> None:
        """Bind the closed file to the anchor. Without a seal the next unlock checks every page instead."""
        path = self.folder / DATABASE_NAME
        log = path.with_name(path.name + "-wal")
        if self._head is None or log.exists():
            return
        with contextlib.suppress(OSError):
            write_anchor(self.folder, self.id, self._key, Anchor(self._head, digest_of(path)))

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("the vault is closed")


def check_passphrase(passphrase: str) -> None:
    """Raise `PassphraseTooShort` for a new passphrase of fewer than twelve characters."""
    if len(passphrase.strip()) < MINIMUM_PASSPHRASE_CHARACTERS:
        raise PassphraseTooShort(minimum=MINIMUM_PASSPHRASE_CHARACTERS)


def secret_of(text: str) -> bytes:
    """Return what a passphrase or a recovery key as typed is derived from."""
    recovered = recovery_secret(text)
    return passphrase_bytes(text) if recovered is None else recovered
