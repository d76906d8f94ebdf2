"""The audit log: append-only, each row's MAC covers the row before it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.storage.tables.log import audit_log, meta
from kimdesk.storage.vault import state
from kimdesk.storage.vault.anchor import Head
from kimdesk.storage.vault.key import Purpose, VaultKey

_TOKEN = re.compile(r"[A-Za-z0-9_.:/+\-]{0,64}")


class AuditAction(StrEnum):
    """What was done. A new one may be added at any time; a value, once used, is never changed."""

    VIEW = "view"
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    EXPORT = "export"
    PRINT = "print"
    DISCLOSE = "disclose"
    HAND_OVER = "hand_over"
    IMPORT = "import"
    RELEASE = "release"
    SEND = "send"
    ENROL = "enrol"
    SETTINGS = "settings"
    UNLOCK = "unlock"
    UNLOCK_FAILED = "unlock_failed"
    LOCK = "lock"
    VAULT_CREATED = "vault_created"
    SLOT_ADDED = "slot_added"
    SLOT_REMOVED = "slot_removed"
    SLOT_CHANGED = "slot_changed"
    KEYSLOTS_HEALED = "keyslots_healed"
    ALARM_OVERRULED = "alarm_overruled"
    ACKNOWLEDGE = "acknowledge"
    MIGRATE = "migrate"
    BACKUP = "backup"
    RESTORE = "restore"
    KEY_ROTATED = "key_rotated"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing to record: what was done with which subject ("case", its id).

    Ids and codes, never names: `subject_kind`, `subject_id` and the texts in `detail` are tokens of at most 64
    letters, digits and ``_.:/+-``; anything else is refused as a bug, because a name in the log could not be deleted.
    """

    action: AuditAction
    subject_kind: str = ""
    subject_id: UUID | str = ""
    detail: Mapping[str, str | int | bool | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        texts = [self.subject_kind, str(self.subject_id), *self.detail]
        texts += [value for value in self.detail.values() if isinstance(value, str)]
        if not all(_TOKEN.fullmatch(text) for text in texts):
            raise ValueError("an audit entry holds ids and codes only")


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the log as it is read. `slot` is the id of the access that was used, empty before the first."""

    number: int
    at: datetime
    slot: str
    action: str
    subject_kind: str
    subject_id: str
    detail: Mapping[str, Any]


class ChainBroken(Exception):
    """The log is not the one that was written; `number` is the first row that does not fit."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"audit row {number}")


class AuditChain:
    """Computes and checks the chain of one vault.

    A rotation gives the vault another key. The rows before it keep their MACs, so that heads kept elsewhere (backups,
    receipts) still fit; the key they were made with lies in the vault (`state.AUDIT_KEYS`) and goes on checking them.
    """

    def __init__(self, vault_id: UUID, key: VaultKey) -> None:
        self._vault_id = vault_id
        self._key = key

    def head(self, connection: sa.Connection) -> Head:
        """Return the last row's number and MAC, or the chain's beginning."""
        row = connection.execute(
            sa.select(audit_log.c.number, audit_log.c.mac).order_by(audit_log.c.number.desc()).limit(1)
        ).one_or_none()
        return Head(row.number, row.mac) if row else self._beginning(self._keys(connection))

    def append(self, connection: sa.Connection, entries: list[AuditEntry], *, at: datetime, slot: str) -> Head:
        """Add rows for `entries` and return the new head. Part of the caller's transaction."""
        head = self.head(connection)
        key = self._key.derive(Purpose.AUDIT)
        at = at.astimezone(UTC)
        for entry in entries:
            values = {
                "number": head.number + 1,
                "at": at,
                "slot": slot,
                "action": entry.action.value,
                "subject_kind": entry.subject_kind,
                "subject_id": str(entry.subject_id),
                "detail": dict(entry.detail),
            }
            head = Head(head.number + 1, _mac(key, head.mac, values))
            connection.execute(audit_log.insert().values(**values, mac=head.mac))
        return head

    def verify(self, connection: sa.Connection, *, anchor: Head | None = None) -> Head:
        """Check the chain, from `anchor` on where given, and return its head.

        Raises `ChainBroken` with the first wrong row's number. The anchor's own row must be there with the anchor's
        MAC; a chain that goes on after it is fine.
        """
        keys = self._keys(connection)
        last = anchor if anchor is not None else self._beginning(keys)
        if anchor is not None and anchor.number > 0:
            found = connection.execute(
                sa.select(audit_log.c.mac).where(audit_log.c.number == anchor.number)
            ).scalar_one_or_none()
            if found is None or not hmac.compare_digest(found, anchor.mac):
                raise ChainBroken(anchor.number)
        rows = connection.execute(
            sa.select(audit_log).where(audit_log.c.number > last.number).order_by(audit_log.c.number)
        )
        for row in rows:
            values = dict(row._mapping)
            mac = values.pop("mac")
            key = next(key for until, key in keys if until is None or row.number <= until)
            if row.number != last.number + 1 or not hmac.compare_digest(mac, _mac(key, last.mac, values)):
                raise ChainBroken(row.number)
            last = Head(row.number, mac)
        return last

    def keys_until(self, connection: sa.Connection) -> list[list[Any]]:
        """Return what `state.AUDIT_KEYS` holds after a rotation at this head: all keys so far with their last rows."""
        keys = self._keys(connection)
        ended = [[until, key.hex()] for until, key in keys if until is not None]
        return [*ended, [self.head(connection).number, keys[-1][1].hex()]]

    def _keys(self, connection: sa.Connection) -> list[tuple[int | None, bytes]]:
        """Return the chain's keys with the last row each was used for, None for the present one."""
        kept = connection.execute(sa.select(meta.c.value).where(meta.c.key == state.AUDIT_KEYS)).scalar_one_or_none()
        former = [(int(until), bytes.fromhex(key)) for until, key in kept or []]
        return [*former, (None, self._key.derive(Purpose.AUDIT))]

    def _beginning(self, keys: list[tuple[int | None, bytes]]) -> Head:
        return Head(0, hashlib.blake2b(self._vault_id.bytes, key=keys[0][1], digest_size=32).digest())


def knows_head(connection: sa.Connection, mac: bytes) -> bool:
    """Return whether the log has a row with this MAC: a head that somebody else has kept."""
    return connection.execute(sa.select(audit_log.c.number).where(audit_log.c.mac == mac)).first() is not None


def _mac(key: bytes, previous: bytes, values: dict[str, Any]) -> bytes:
    content = {**values, "at": values["at"].isoformat()}
    return hashlib.blake2b(previous + canonical_bytes(content), key=key, digest_size=32).digest()


def read_log(
    connection: sa.Connection,
    *,
    subject_kind: str | None = None,
    subject_id: UUID | str | None = None,
    limit: int = 500,
) -> tuple[AuditRow, ...]:
    """Return the newest rows first, of one subject where asked ("who saw this case")."""
    columns = [column for column in audit_log.c if column.name != "mac"]
    query = sa.select(*columns).order_by(audit_log.c.number.desc()).limit(limit)
    if subject_kind is not None:
        query = query.where(audit_log.c.subject_kind == subject_kind)
    if subject_id is not None:
        query = query.where(audit_log.c.subject_id == str(subject_id))
    return tuple(AuditRow(**row._mapping) for row in connection.execute(query))
