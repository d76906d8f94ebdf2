"""Opening a vault: the one place where all its files are held against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from nacl.public import PrivateKey

from kimdesk.foundation.clock import Clock
from kimdesk.storage import case_sums
from kimdesk.storage.audit import AuditAction, AuditEntry, ChainBroken
from kimdesk.storage.engine import known_faults, known_os_fault
from kimdesk.storage.schema import SCHEMA, Schema, revision_of
from kimdesk.storage.tables.log import audit_log
from kimdesk.storage.unit_of_work import read_setting
from kimdesk.storage.vault import state
from kimdesk.storage.vault.anchor import Anchor, read_anchor
from kimdesk.storage.vault.attempts import failed_unlocks, forget_failures, record_failure, seconds_to_wait
from kimdesk.storage.vault.backup import write_backup
from kimdesk.storage.vault.backup_files import migration_suffix
from kimdesk.storage.vault.errors import (
    AnchorAlarm,
    DatabaseDamaged,
    DiskFull,
    KeyslotsAltered,
    KeyslotsDamaged,
    PleaseWait,
    SlotExpired,
    VaultAlarm,
    VaultTooNew,
    WrongPassphrase,
)
from kimdesk.storage.vault.file_check import FileCheck, Probation, digest_beside
from kimdesk.storage.vault.heads import head_elsewhere
from kimdesk.storage.vault.kdf import STANDARD, KeyDerivation
from kimdesk.storage.vault.key import VaultKey
from kimdesk.storage.vault.keyring import Keyring, secret_of
from kimdesk.storage.vault.keyslots import FILE_NAME as KEYSLOTS_NAME
from kimdesk.storage.vault.keyslots import Header, heal_header, is_authentic, read_header
from kimdesk.storage.vault.lock_file import VaultLock
from kimdesk.storage.vault.manifest import BackupReason
from kimdesk.storage.vault.recovery import recovery_secret
from kimdesk.storage.vault.replacing import settle_replacement
from kimdesk.storage.vault.reserve import keep_reserve, release_reserve
from kimdesk.storage.vault.rotation_files import settle_rotation
from kimdesk.storage.vault.slot import Opened, Slot, SlotKind, open_slot
from kimdesk.storage.vault.vault import OpeningNote, Vault
from kimdesk.storage.vault.vault_files import DATABASE_NAME

PATIENCE_SECONDS = 0.1
"""How long the desk waits for a check that may run beside it."""

_CLOCK_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class VaultInfo:
    """What is known of a vault without a key; believed only once it is open.

    `demo_passphrase` marks a demo vault; it is empty for one that does not show it. `accesses` are kind, label and end.
    """

    id: UUID
    name: str
    created_at: datetime
    demo_passphrase: str | None
    kinds: tuple[SlotKind, ...]
    seconds_to_wait: int
    accesses: tuple[tuple[SlotKind, str, datetime | None], ...] = ()

    @property
    def is_demo(self) -> bool:
        """Return whether this is a demonstration vault without real data."""
        return self.demo_passphrase is not None


def vault_exists(folder: Path) -> bool:
    """Return whether the folder holds a vault, whole or not, so that none may be made there."""
    settle_replacement(folder)
    return any((folder / name).exists() for name in (KEYSLOTS_NAME, f"{KEYSLOTS_NAME}.bak", DATABASE_NAME))


def vault_info(folder: Path, clock: Clock) -> VaultInfo:
    """Return what the unlock window shows. Raises `NotAVault`, `VaultTooNew`, `KeyslotsDamaged`."""
    settle_replacement(folder)
    header = read_header(folder)
    return VaultInfo(
        header.vault_id,
        header.name,
        header.created_at,
        header.demo_passphrase,
        tuple(slot.kind for slot in header.slots),
        seconds_to_wait(failed_unlocks(folder), clock.now()),
        tuple((slot.kind, slot.label, slot.expires_at) for slot in header.slots),
    )


def unlock(
    folder: Path,
    secret: str,
    *,
    clock: Clock,
    kdf: KeyDerivation = STANDARD,
    despite_alarm: bool = False,
    schema: Schema = SCHEMA,
    check_beside: bool = False,
    begins_anew: bool = False,
) -> Vault:
    """Open the vault with a passphrase or the recovery key as typed. Takes about a second per passphrase slot.

    With `check_beside` the vault comes back as soon as it can be read, and a check of its whole file that takes longer
    runs beside; no write begins before it is through (`Vault.settle`).

    With `despite_alarm` a vault whose files do not belong together (`VaultAlarm`) is opened all the same; the log
    keeps that. `begins_anew` is for a backup that is being restored: later backups may know more. A rotation of the key
    that was killed is finished or undone first. On a full disk the reserve is given up. Raises `NotAVault`,
    `VaultInUse`, `PleaseWait`, `WrongPassphrase`, `SlotExpired`, `KeyslotsDamaged`, `DatabaseDamaged`, `VaultTooNew`,
    `KeyslotsAltered`, `AnchorAlarm`, `DiskFull`, `VaultNotWritable`.
    """
    settle_replacement(folder)
    read_header(folder)  # a folder without a vault gets no lock file
    lock = VaultLock(folder)
    try:
        with os_faults():
            settle_rotation(folder)
        header = read_header(folder)
        now = clock.now()
        seconds = seconds_to_wait(failed_unlocks(folder), now)
        if seconds:
            raise PleaseWait(seconds=seconds)
        # Hashing the file costs nothing while the key derivation runs beside it.
        digest = digest_beside(folder)
        opened = _open_any_slot(folder, header, secret, clock, kdf)
        try:
            opening = _Opening(
                folder, header, opened, lock, clock, kdf, despite_alarm, digest, schema, check_beside, begins_anew
            )
            try:
                return opening.run()
            except DiskFull:
                if not release_reserve(folder):
                    raise
                vault = opening.run()
                vault.opening_notes.add(OpeningNote.RESERVE_RELEASED)
                return vault
        finally:
            opened.key.wipe()
    except BaseException:
        lock.release()
        raise


def open_own(ring: Keyring, lock: VaultLock) -> Vault:
    """Open the vault that was just made, whose key is at hand. Raises as `unlock`."""
    try:
        opened = Opened(ring.key, ring.slot, b"", None)
        return _Opening(ring.folder, ring.header, opened, lock, ring.clock, ring.derivation).run()
    except BaseException:
        lock.release()
        raise
    finally:
        ring.key.wipe()


def open_secret(header: Header, secret: str, kdf: KeyDerivation, now: datetime) -> Opened | None:
    """Return the slot `secret` opens, and the key; None where it opens none. Raises `SlotExpired`, `KeyslotsDamaged`.

    `KeyslotsDamaged` says that the right passphrase may belong to a slot that cannot be read.
    """
    is_recovery = recovery_secret(secret) is not None
    candidates = [slot for slot in header.slots if (slot.kind is SlotKind.RECOVERY) == is_recovery]
    usable = [slot for slot in candidates if not slot.damaged and kdf.accepts(slot.cost)]
    for slot in usable:
        opened = open_slot(header.vault_id, slot, secret_of(secret), kdf)
        if opened is None:
            continue
        if slot.expires_at is not None and slot.expires_at <= now:
            opened.key.wipe()
            raise SlotExpired(slot.expires_at)
        return opened
    if len(usable) < len(candidates) or not candidates:
        raise KeyslotsDamaged
    return None


def _open_any_slot(folder: Path, header: Header, secret: str, clock: Clock, kdf: KeyDerivation) -> Opened:
    """Return what `secret` opens; a wrong one is counted."""
    try:
        opened = open_secret(header, secret, kdf, clock.now())
    except KeyslotsDamaged:
        record_failure(folder, clock.now())
        raise
    if opened is None:
        record_failure(folder, clock.now())
        raise WrongPassphrase(seconds=seconds_to_wait(failed_unlocks(folder), clock.now()))
    return opened


class _Opening:
    """One try to open a vault whose key is known; it may be run again when the first run met a full disk."""

    def __init__(
        self,
        folder: Path,
        header: Header,
        opened: Opened,
        lock: VaultLock,
        clock: Clock,
        kdf: KeyDerivation,
        despite_alarm: bool = False,
        digest: Future[bytes] | None = None,
        schema: Schema = SCHEMA,
        check_beside: bool = False,
        begins_anew: bool = False,
    ) -> None:
        self._folder = folder
        self._header = header
        self._opened = opened
        self._lock = lock
        self._clock = clock
        self._derivation = kdf
        self._despite_alarm = despite_alarm
        self._digest = digest
        self._schema = schema
        self._check_beside = check_beside
        self._begins_anew = begins_anew
        self._alarms: list[VaultAlarm] = []

    def run(self) -> Vault:
        """Hold the files against each other; nothing is written before all checks are through."""
        with os_faults():
            return self._run()

    def _run(self) -> Vault:
        self._alarms.clear()
        key = self._opened.key
        if not is_authentic(self._header, key):
            self._raise_or_keep(KeyslotsAltered())
        anchor = None
        try:
            anchor = read_anchor(self._folder, self._header.vault_id, key)
        except AnchorAlarm as alarm:
            self._raise_or_keep(alarm)
        check = None if self._digest is None else FileCheck(self._folder, key, anchor, self._digest)
        beside = self._check_beside and not self._alarms and not self._despite_alarm and not self._opened.is_outdated
        belongs_together = True
        if check is not None:
            check.ensure_there()
            beside = beside and not check.is_quick()
            belongs_together = beside or check.run()
        ring = Keyring(
            self._folder, self._header, self._opened.slot, VaultKey(key.raw()), self._derivation, self._clock
        )
        vault = Vault(self._folder, ring, self._lock, self._clock, self._schema)
        try:
            revision = self._check_content(vault, anchor)
            if not belongs_together and not self._alarms:
                self._raise_or_keep(AnchorAlarm(AnchorAlarm.DIFFERS))
            known_generation = vault.setting(state.GENERATION, 0)
            if self._header.generation < known_generation:
                self._raise_or_keep(KeyslotsAltered())
            if check is None or not beside:
                self._begin_session(vault, revision, known_generation)
            else:
                begin = partial(self._begin_session, vault, revision, known_generation)
                vault.put_on_probation(Probation(check, partial(_with_the_reserve, vault, begin)))
                # A check that takes no time is waited for: better a sentence now than a desk that is closed again.
                vault.settle(None if self._must_write_first(vault, revision) else PATIENCE_SECONDS)
        except BaseException:
            vault.abandon()
            raise
        return vault

    def _must_write_first(self, vault: Vault, revision: str) -> bool:
        """Return whether the vault cannot be read as it is: it is of another version."""
        return revision != self._schema.head or vault.setting(case_sums.RULES_KEY) != case_sums.RULES

    def _raise_or_keep(self, alarm: VaultAlarm) -> None:
        if not self._despite_alarm:
            raise alarm
        self._alarms.append(alarm)

    def _check_content(self, vault: Vault, anchor: Anchor | None) -> str:
        """Check schema, log and the end of this access against the log; return the schema's revision."""
        with vault.reader() as connection:
            revision = revision_of(connection)
            if revision is None:
                raise DatabaseDamaged
            if not self._schema.knows(revision):
                raise VaultTooNew
            if anchor is not None:
                try:
                    vault.chain.verify(connection, anchor=anchor.head)
                except ChainBroken:
                    behind = vault.chain.head(connection).number < anchor.head.number
                    self._raise_or_keep(AnchorAlarm(AnchorAlarm.ROLLED_BACK if behind else AnchorAlarm.DIFFERS))
            looks_elsewhere = not self._alarms and not self._begins_anew
            if looks_elsewhere and (found := head_elsewhere(vault, connection)) is not None:
                self._raise_or_keep(found)
            expires_at = self._opened.slot.expires_at
            if expires_at is not None:
                # The clock may have been set back; what the log has seen is over.
                latest = connection.execute(sa.select(sa.func.max(audit_log.c.at))).scalar_one_or_none()
                if latest is not None and expires_at <= latest:
                    raise SlotExpired(expires_at)
            newest = sa.select(audit_log.c.at).order_by(audit_log.c.number.desc()).limit(1)
            at = connection.execute(newest).scalar_one_or_none()
            if at is not None and at > self._clock.now() + _CLOCK_TOLERANCE:
                vault.opening_notes.add(OpeningNote.CLOCK_BEHIND)
            sender = read_setting(connection, state.SENDER)
        if sender is not None:
            vault.ring.sender = PrivateKey(bytes.fromhex(sender))
        return revision

    def _begin_session(self, vault: Vault, revision: str, known_generation: int) -> None:
        """Take the seal off, migrate, and write the log's first rows of this session."""
        vault.unseal()
        head = vault.schema.head
        if revision != head:
            write_backup(vault, suffix=migration_suffix(head), reason=BackupReason.BEFORE_MIGRATION)
            with known_faults():
                vault.schema.migrate(vault.engine)
        counts_anew = head == SCHEMA.head and vault.setting(case_sums.RULES_KEY) != case_sums.RULES
        entries = [
            AuditEntry(AuditAction.UNLOCK_FAILED, "vault", vault.id, {"at": moment.isoformat()})
            for moment in failed_unlocks(vault.folder)
        ]
        entries += [
            AuditEntry(AuditAction.ALARM_OVERRULED, "vault", vault.id, {"alarm": type(alarm).__name__})
            for alarm in self._alarms
        ]
        if revision != head:
            entries.append(AuditEntry(AuditAction.MIGRATE, "vault", vault.id, {"from": revision, "to": head}))
        settings: dict[str, object] = {}
        if vault.ring.sender is None:
            vault.ring.sender = PrivateKey.generate()
            settings[state.SENDER] = bytes(vault.ring.sender).hex()
        entries += self._bring_header_up_to_date(vault, known_generation)
        if vault.header.generation != known_generation:
            settings[state.GENERATION] = vault.header.generation
        if self._alarms:
            vault.opening_notes.add(OpeningNote.ALARM_OVERRULED)
            settings[state.RESTORED] = {"at": self._clock.now().isoformat()}
        if self._opened.slot.kind is SlotKind.RECOVERY:
            settings[state.RECOVERY_USED] = self._opened.slot.id.hex
        with vault.unit_of_work() as uow:
            if counts_anew:
                case_sums.put_on(uow.connection)
            for entry in [*entries, AuditEntry(AuditAction.UNLOCK, "slot", vault.slot_id)]:
                uow.record(entry)
            for name, value in settings.items():
                uow.change_setting(name, value)
            uow.commit()
        forget_failures(vault.folder)
        keep_reserve(vault.folder)

    def _bring_header_up_to_date(self, vault: Vault, known_generation: int) -> list[AuditEntry]:
        """Heal a damaged header, write it anew after an overruled alarm, and give an outdated slot today's form."""
        refreshed: Slot | None = None
        if self._opened.is_outdated and self._opened.wrapping_key:
            refreshed = self._opened.refreshed(vault.id, vault.ring.require_sender().public_key)
        entries = []
        if not self._alarms and heal_header(vault.folder, vault.header):
            vault.opening_notes.add(OpeningNote.KEYSLOTS_HEALED)
            entries.append(AuditEntry(AuditAction.KEYSLOTS_HEALED, "vault", vault.id))
        if self._alarms or refreshed is not None:
            vault.ring.rewrite(least_generation=known_generation, refreshed=refreshed)
        if refreshed is not None:
            entries.append(AuditEntry(AuditAction.SLOT_CHANGED, "slot", refreshed.id, {"kind": refreshed.kind.value}))
        return entries


def _with_the_reserve(vault: Vault, begin: Callable[[], None]) -> None:
    """Begin the session; on a full disk the reserve is given up for it."""
    with os_faults():
        try:
            begin()
        except DiskFull:
            if not release_reserve(vault.folder):
                raise
            begin()
            vault.opening_notes.add(OpeningNote.RESERVE_RELEASED)


@contextmanager
def os_faults() -> Iterator[None]:
    """Turn what the disk does to a vault's files into known errors."""
    try:
        yield
    except OSError as error:
        raise known_os_fault(error) from error
