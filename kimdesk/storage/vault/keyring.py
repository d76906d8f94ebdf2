"""The ways into an open vault: adding, changing and removing them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from nacl.public import PrivateKey

from kimdesk.foundation.clock import Clock
from kimdesk.storage.audit import AuditAction
from kimdesk.storage.engine import known_os_fault
from kimdesk.storage.vault.errors import DiskFull, LastSlot, PassphraseTooShort
from kimdesk.storage.vault.kdf import KeyDerivation, passphrase_bytes
from kimdesk.storage.vault.key import VaultKey
from kimdesk.storage.vault.keyslots import Header, is_authentic, is_on_disk, sealed_header, write_header
from kimdesk.storage.vault.recovery import new_recovery_key, recovery_secret
from kimdesk.storage.vault.reserve import release_reserve
from kimdesk.storage.vault.slot import Opened, Slot, SlotKind, new_slot, open_slot

MINIMUM_PASSPHRASE_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Access:
    """One way into the vault, as shown in the settings."""

    id: UUID
    kind: SlotKind
    label: str
    created_at: datetime
    expires_at: datetime | None
    is_current: bool
    is_expired: bool = False
    can_be_carried_over: bool = True


@dataclass(frozen=True, slots=True)
class SlotChange:
    """One change of the header that is now on disk, to be put into the log."""

    action: AuditAction
    slot: Slot
    removed: tuple[Slot, ...] = ()


class Keyring:
    """The header of an open vault, its key and the slot it was opened with.

    `changed` is called after each new header is on disk; a header ahead of the database is fine, behind is an alarm.
    """

    def __init__(
        self,
        folder: Path,
        header: Header,
        slot: Slot,
        key: VaultKey,
        derivation: KeyDerivation,
        clock: Clock,
        sender: PrivateKey | None = None,
    ) -> None:
        self.folder = folder
        self.header = header
        self.slot = slot
        self.key = key
        self.derivation = derivation
        self.sender = sender
        self.clock = clock
        self.changed: Callable[[tuple[SlotChange, ...]], None] = lambda _: None

    def accesses(self) -> tuple[Access, ...]:
        """Return every way into the vault."""
        return tuple(self._access(slot) for slot in self.header.slots)

    def _access(self, slot: Slot) -> Access:
        return Access(
            slot.id,
            slot.kind,
            slot.label,
            slot.created_at,
            slot.expires_at,
            slot.id == self.slot.id,
            slot.expires_at is not None and slot.expires_at <= self.clock.now(),
            slot.can_be_carried_over,
        )

    def is_in_order(self) -> bool:
        """Return whether keyslots.json is the header in use, byte for byte, and its MAC is right."""
        return is_on_disk(self.folder, self.header) and is_authentic(self.header, self.key)

    def opens_with(self, secret: str) -> bool:
        """Return whether `secret` is that of the access in use. Takes about a second."""
        opened = self.open_again(secret)
        if opened is None:
            return False
        opened.key.wipe()
        return True

    def open_again(self, secret: str) -> Opened | None:
        """Return what `secret` opens of the slot in use, None where it is another one."""
        return open_slot(self.header.vault_id, self.slot, secret_of(secret), self.derivation)

    def add(self, passphrase: str, *, kind: SlotKind, label: str, expires_at: datetime | None = None) -> Access:
        """Add a passphrase of its own. Takes about a second. Raises `PassphraseTooShort`, `DiskFull`…"""
        check_passphrase(passphrase)
        slot = self._wrap(passphrase_bytes(passphrase), kind, label, expires_at)
        self.write((*self.header.slots, slot), SlotChange(AuditAction.SLOT_ADDED, slot))
        return self._access(slot)

    def extend(self, slot_id: UUID, passphrase: str, *, expires_at: datetime | None) -> Access | None:
        """Let an access end at another time; its own passphrase is needed, for what it wraps is bound to the time.

        Returns None where `passphrase` is not its. Raises `KeyError`.
        """
        old = self.header.slot(slot_id)
        opened = open_slot(self.header.vault_id, old, secret_of(passphrase), self.derivation)
        if opened is None:
            return None
        opened.key.wipe()
        moved = Opened(self.key, replace(old, expires_at=expires_at), opened.wrapping_key, opened.sender)
        slot = moved.refreshed(self.header.vault_id, self.require_sender().public_key)
        slots = tuple(slot if other.id == slot_id else other for other in self.header.slots)
        self.write(slots, SlotChange(AuditAction.SLOT_CHANGED, slot))
        return self._access(slot)

    def change_passphrase(self, passphrase: str) -> None:
        """Give the access in use a new passphrase; with the recovery key, the first user's."""
        new, replaced = self._new_passphrase(passphrase)
        kept = tuple(slot for slot in self.header.slots if slot.id != replaced.id or slot.kind is SlotKind.RECOVERY)
        self._write_own(kept, new, SlotChange(AuditAction.SLOT_CHANGED, new, (replaced,)))

    def recover(self, passphrase: str) -> str:
        """Set the user's new passphrase and replace every recovery key, in one write. Takes about two seconds."""
        new, replaced = self._new_passphrase(passphrase)
        text, recovery = self._new_recovery()
        gone = tuple(slot for slot in self.header.slots if slot.kind is SlotKind.RECOVERY)
        kept = tuple(slot for slot in self.header.slots if slot not in gone and slot.id != replaced.id)
        self._write_own(
            (*kept, recovery),
            new,
            SlotChange(AuditAction.SLOT_CHANGED, new, (replaced,)),
            SlotChange(AuditAction.SLOT_CHANGED, recovery, gone),
        )
        return text

    def renew_recovery_key(self) -> str:
        """Return a new recovery key; the old one no longer opens this file. Takes about a second."""
        text, slot = self._new_recovery()
        gone = tuple(other for other in self.header.slots if other.kind is SlotKind.RECOVERY)
        kept = tuple(other for other in self.header.slots if other not in gone)
        self.write((*kept, slot), SlotChange(AuditAction.SLOT_CHANGED, slot, gone))
        return text

    def remove(self, slot_id: UUID) -> None:
        """Remove an access. Old copies of keyslots.json still open with it. Raises `LastSlot`, `KeyError`."""
        slot = self.header.slot(slot_id)
        kept = tuple(other for other in self.header.slots if other.id != slot_id)
        if not any(other.kind is SlotKind.USER for other in kept):
            raise LastSlot
        self.write(kept, SlotChange(AuditAction.SLOT_REMOVED, slot, (slot,)))

    def rewrite(self, *, least_generation: int, refreshed: Slot | None = None) -> None:
        """Write the header anew, without slots that cannot be read, `refreshed` in its place. Raises `OSError`."""
        whole = tuple(slot for slot in self.header.slots if not slot.damaged)
        if refreshed is not None:
            whole = tuple(refreshed if slot.id == refreshed.id else slot for slot in whole)
            self.slot = refreshed
        generation = max(self.header.generation, least_generation) + 1
        header = replace(self.header, slots=whole, generation=generation, damaged=False)
        self.header = sealed_header(header, self.key)
        write_header(self.folder, self.header)

    def write(self, slots: tuple[Slot, ...], *changes: SlotChange, demo_passphrase: str | None = None) -> None:
        """Write the next header with these slots. Raises `DiskFull`, `VaultNotWritable`, `StorageFailed`."""
        changed = self.header.with_slots(slots)
        if demo_passphrase is not None:
            changed = replace(changed, demo_passphrase=demo_passphrase)
        header = sealed_header(changed, self.key)
        try:
            self._write(header)
        except OSError as error:
            raise known_os_fault(error) from error
        self.header = header
        self.changed(changes)

    def _write(self, header: Header) -> None:
        """Write the header; on a full disk the reserve is given up for it. Raises `OSError`."""
        try:
            write_header(self.folder, header)
        except OSError as error:
            if not isinstance(known_os_fault(error), DiskFull) or not release_reserve(self.folder):
                raise
            write_header(self.folder, header)

    def require_sender(self) -> PrivateKey:
        """Return the vault's sender; it is there as soon as the vault is open."""
        if self.sender is None:
            raise RuntimeError("the vault has no sender yet")
        return self.sender

    def _new_passphrase(self, passphrase: str) -> tuple[Slot, Slot]:
        """Return a new slot and the one it replaces: a slot of its own, so that nothing of the old opens it."""
        check_passphrase(passphrase)
        old = self.slot
        if old.kind is SlotKind.RECOVERY:
            old = next((slot for slot in self.header.slots if slot.kind is SlotKind.USER), old)
        kind = SlotKind.USER if old.kind is SlotKind.RECOVERY else old.kind
        return self._wrap(passphrase_bytes(passphrase), kind, old.label, old.expires_at), old

    def _write_own(self, kept: tuple[Slot, ...], new: Slot, *changes: SlotChange) -> None:
        """Write `kept` with the new slot of the access in use; a demo vault stops showing its old passphrase."""
        shows = self.header.demo_passphrase is not None and new.kind is SlotKind.USER
        self.write((*kept, new), *changes, demo_passphrase="" if shows else None)
        self.slot = new

    def _new_recovery(self) -> tuple[str, Slot]:
        text = new_recovery_key()
        return text, self._wrap(secret_of(text), SlotKind.RECOVERY, "", None)

    def _wrap(self, secret: bytes, kind: SlotKind, label: str, expires_at: datetime | None) -> Slot:
        return new_slot(
            self.header.vault_id,
            self.key,
            secret,
            kind=kind,
            label=label,
            created_at=self.clock.now(),
            derivation=self.derivation,
            sender=self.require_sender().public_key,
            expires_at=expires_at,
        )


def check_passphrase(passphrase: str) -> None:
    """Raise `PassphraseTooShort` for a new passphrase of fewer than twelve characters."""
    if len(passphrase.strip()) < MINIMUM_PASSPHRASE_CHARACTERS:
        raise PassphraseTooShort(minimum=MINIMUM_PASSPHRASE_CHARACTERS)


def secret_of(text: str) -> bytes:
    """Return what a passphrase or a recovery key as typed is derived from."""
    recovered = recovery_secret(text)
    return passphrase_bytes(text) if recovered is None else recovered
