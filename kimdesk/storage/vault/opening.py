"""Making a vault and opening it: the one place where all its files are held against each other."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.files import sync_folder
from kimdesk.storage import case_sums
from kimdesk.storage.audit import AuditAction, AuditEntry, ChainBroken
from kimdesk.storage.engine import connect, known_faults, known_os_fault
from kimdesk.storage.schema import SCHEMA, Schema, revision_of
from kimdesk.storage.vault.anchor import Anchor, digest_of, read_anchor
from kimdesk.storage.vault.attempts import failed_unlocks, forget_failures, record_failure, seconds_to_wait
from kimdesk.storage.vault.backup import write_backup
from kimdesk.storage.vault.errors import (
    AnchorAlarm,
    DatabaseDamaged,
    FolderNotEmpty,
    KeyslotsAltered,
    KeyslotsDamaged,
    PleaseWait,
    SlotExpired,
    VaultAlarm,
    VaultExists,
    VaultTooNew,
    WrongPassphrase,
)
from kimdesk.storage.vault.kdf import PUBLIC, STANDARD, KeyDerivation
from kimdesk.storage.vault.key import VaultKey
from kimdesk.storage.vault.keyslots import FILE_NAME as KEYSLOTS_NAME
from kimdesk.storage.vault.keyslots import (
    Header,
    Slot,
    SlotKind,
    heal_header,
    is_authentic,
    new_slot,
    open_slot,
    read_header,
    sealed_header,
    write_first_header,
)
from kimdesk.storage.vault.lock_file import VaultLock
from kimdesk.storage.vault.recovery import new_recovery_key, recovery_secret
from kimdesk.storage.vault.vault import (
    BACKUPS_NAME,
    DATABASE_NAME,
    GENERATION_KEY,
    Vault,
    check_passphrase,
    secret_of,
)


@dataclass(frozen=True, slots=True)
class CreatedVault:
    """A new vault, open, and the recovery key to be printed now: it is kept nowhere."""

    vault: Vault
    recovery_key: str

    def __repr__(self) -> str:
        return f"<CreatedVault {self.vault.id}>"


@dataclass(frozen=True, slots=True)
class VaultInfo:
    """What is known of a vault without a key; believed only once it is open.

    `demo_passphrase` marks a demo vault; it is empty for one that does not show it.
    """

    id: UUID
    name: str
    created_at: datetime
    demo_passphrase: str | None
    kinds: tuple[SlotKind, ...]
    seconds_to_wait: int

    @property
    def is_demo(self) -> bool:
        """Return whether this is a demonstration vault without real data."""
        return self.demo_passphrase is not None


def vault_exists(folder: Path) -> bool:
    """Return whether the folder holds a vault, whole or not, so that none may be made there."""
    return any((folder / name).exists() for name in (KEYSLOTS_NAME, f"{KEYSLOTS_NAME}.bak", DATABASE_NAME))


def vault_info(folder: Path, clock: Clock) -> VaultInfo:
    """Return what the unlock window shows. Raises `NotAVault`, `VaultTooNew`, `KeyslotsDamaged`."""
    header = read_header(folder)
    return VaultInfo(
        header.vault_id,
        header.name,
        header.created_at,
        header.demo_passphrase,
        tuple(slot.kind for slot in header.slots),
        seconds_to_wait(failed_unlocks(folder), clock.now()),
    )


def create_vault(
    folder: Path,
    passphrase: str,
    *,
    name: str,
    clock: Clock,
    kdf: KeyDerivation = STANDARD,
    demo: bool = False,
    show_passphrase: bool = True,
) -> CreatedVault:
    """Make a vault in `folder`, which is new or empty, and return it open. Takes two to three seconds.

    It is built beside `folder` and renamed, so `folder` never holds half a vault. `name` stands in clear on the disk:
    no personal data. With `demo` the derivation costs only its floor, and the passphrase stands there too, for the
    unlock window; not without `show_passphrase`, for it may be one that is used elsewhere. Raises `VaultExists`,
    `FolderNotEmpty`, `PassphraseTooShort`, `DiskFull`, `VaultNotWritable`, `NotEnoughMemory`.
    """
    folder = folder.resolve()
    check_passphrase(passphrase)
    if demo and kdf is STANDARD:
        kdf = PUBLIC
    if vault_exists(folder):
        raise VaultExists
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty
    key, recovery_key, now = VaultKey.random(), new_recovery_key(), clock.now()
    shown = (passphrase if show_passphrase else "") if demo else None
    header = Header(vault_id=uuid4(), name=name, created_at=now, demo_passphrase=shown)
    cost = kdf.cost_for_new_slot()
    user, recovery = (
        new_slot(header.vault_id, key, secret_of(text), kind=kind, label="", created_at=now, derivation=kdf, cost=cost)
        for kind, text in ((SlotKind.USER, passphrase), (SlotKind.RECOVERY, recovery_key))
    )
    header = sealed_header(
        Header(
            vault_id=header.vault_id,
            name=name,
            created_at=now,
            demo_passphrase=header.demo_passphrase,
            slots=(user, recovery),
        ),
        key,
    )
    building = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.new")
    with _os_faults():
        folder.parent.mkdir(parents=True, exist_ok=True)
        building.mkdir(mode=0o700)
        try:
            _build(building, header, user, VaultKey(key.raw()), clock, kdf)
            if folder.exists():
                folder.rmdir()
            building.rename(folder)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        sync_folder(folder.parent)
        vault = _open(folder, header, user, key, VaultLock(folder), clock, kdf, despite_alarm=False)
    return CreatedVault(vault, recovery_key)


def _build(folder: Path, header: Header, slot: Slot, key: VaultKey, clock: Clock, kdf: KeyDerivation) -> None:
    """Fill the folder of a new vault and close it, sealed."""
    (folder / BACKUPS_NAME).mkdir(mode=0o700)
    write_first_header(folder, header)
    with Vault(folder, header, slot, key, VaultLock(folder), clock, kdf) as vault:
        with known_faults():
            vault.schema.migrate(vault.engine)
        with vault.unit_of_work() as uow:
            uow.change_setting(GENERATION_KEY, header.generation)
            uow.record(AuditEntry(AuditAction.VAULT_CREATED, "vault", header.vault_id))
            uow.commit()


def unlock(
    folder: Path,
    secret: str,
    *,
    clock: Clock,
    kdf: KeyDerivation = STANDARD,
    despite_alarm: bool = False,
    schema: Schema = SCHEMA,
) -> Vault:
    """Open the vault with a passphrase or the recovery key as typed. Takes about a second per passphrase slot.

    With `despite_alarm` a vault whose files do not belong together (`VaultAlarm`) is opened all the same; the log
    keeps that. Raises `NotAVault`, `VaultInUse`, `PleaseWait`, `WrongPassphrase`, `SlotExpired`, `KeyslotsDamaged`,
    `DatabaseDamaged`, `VaultTooNew`, `KeyslotsAltered`, `AnchorAlarm`, `DiskFull`, `VaultNotWritable`.
    """
    read_header(folder)  # a folder without a vault gets no lock file
    lock = VaultLock(folder)
    opened: VaultKey | None = None
    try:
        header = read_header(folder)
        now = clock.now()
        seconds = seconds_to_wait(failed_unlocks(folder), now)
        if seconds:
            raise PleaseWait(seconds=seconds)
        # Hashing the file costs nothing while the key derivation runs beside it.
        with ThreadPoolExecutor(1) as beside:
            digest = beside.submit(digest_of, folder / DATABASE_NAME)
            slot, key = _open_any_slot(folder, header, secret, clock, kdf)
        opened = key
        with _os_faults():
            return _open(
                folder, header, slot, key, lock, clock, kdf, despite_alarm=despite_alarm, digest=digest, schema=schema
            )
    except BaseException:
        if opened is not None:
            opened.wipe()
        lock.release()
        raise


def _open_any_slot(
    folder: Path, header: Header, secret: str, clock: Clock, kdf: KeyDerivation
) -> tuple[Slot, VaultKey]:
    """Return the slot `secret` opens, and the key."""
    is_recovery = recovery_secret(secret) is not None
    candidates = [slot for slot in header.slots if (slot.kind is SlotKind.RECOVERY) == is_recovery]
    usable = [slot for slot in candidates if not slot.damaged and kdf.accepts(slot.cost)]
    for slot in usable:
        key = open_slot(header.vault_id, slot, secret_of(secret), kdf)
        if key is None:
            continue
        if slot.expires_at is not None and slot.expires_at <= clock.now():
            key.wipe()
            raise SlotExpired
        return slot, key
    record_failure(folder, clock.now())
    if len(usable) < len(candidates) or not candidates:
        raise KeyslotsDamaged  # the right passphrase may belong to the slot that cannot be read
    raise WrongPassphrase(seconds=seconds_to_wait(failed_unlocks(folder), clock.now()))


def _open(
    folder: Path,
    header: Header,
    slot: Slot,
    key: VaultKey,
    lock: VaultLock,
    clock: Clock,
    kdf: KeyDerivation,
    *,
    despite_alarm: bool,
    digest: Future[bytes] | None = None,
    schema: Schema = SCHEMA,
) -> Vault:
    """Hold the files against each other and return the open vault; nothing is written before all checks are through."""
    alarms: list[VaultAlarm] = []

    def raise_or_keep(alarm: VaultAlarm) -> None:
        if not despite_alarm:
            raise alarm
        alarms.append(alarm)

    if not is_authentic(header, key):
        raise_or_keep(KeyslotsAltered())
    anchor = None
    try:
        anchor = read_anchor(folder, header.vault_id, key)
    except AnchorAlarm as alarm:
        raise_or_keep(alarm)
    seal_fits = digest is not None and _fits_seal(folder, anchor, digest)
    if digest is not None and not seal_fits:
        _check_every_page(folder, key)

    vault = Vault(folder, header, slot, key, lock, clock, kdf, schema)
    try:
        with vault.reader() as connection:
            revision = revision_of(connection)
            if revision is None:
                raise DatabaseDamaged
            if not schema.knows(revision):
                raise VaultTooNew
            if anchor is not None:
                try:
                    vault.chain.verify(connection, anchor=anchor.head)
                except ChainBroken:
                    behind = vault.chain.head(connection).number < anchor.head.number
                    raise_or_keep(AnchorAlarm(AnchorAlarm.ROLLED_BACK if behind else AnchorAlarm.DIFFERS))
        if digest is not None and anchor is not None and anchor.seal is not None and not seal_fits and not alarms:
            raise_or_keep(AnchorAlarm(AnchorAlarm.DIFFERS))
        known_generation = vault.setting(GENERATION_KEY, 0)
        if header.generation < known_generation:
            raise_or_keep(KeyslotsAltered())
        _begin_session(vault, revision, alarms, known_generation)
    except BaseException:
        vault.abandon()
        raise
    return vault


def _fits_seal(folder: Path, anchor: Anchor | None, digest: Future[bytes]) -> bool:
    """Return whether the file is byte for byte the one that was closed in order."""
    log = folder / f"{DATABASE_NAME}-wal"
    if anchor is None or anchor.seal is None or (log.exists() and log.stat().st_size > 0):
        return False
    try:
        return digest.result() == anchor.seal
    except OSError:
        return False


def _check_every_page(folder: Path, key: VaultKey) -> None:
    """Check MAC and structure of every page on a fresh connection. Raises `DatabaseDamaged`."""
    path = folder / DATABASE_NAME
    if not path.is_file() or path.stat().st_size == 0:
        raise DatabaseDamaged  # SQLite would make a new, empty one
    with known_faults():
        connection = connect(path, key)
        try:
            if connection.execute("PRAGMA cipher_integrity_check").fetchall():
                raise DatabaseDamaged
            if connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
                raise DatabaseDamaged
        finally:
            connection.close()


def _begin_session(vault: Vault, revision: str, alarms: list[VaultAlarm], known_generation: int) -> None:
    """Take the seal off, migrate, and write the log's first rows of this session."""
    vault.unseal()
    if revision != vault.schema.head:
        write_backup(vault, reason=f"vor-schema-{vault.schema.head}")
        with known_faults():
            vault.schema.migrate(vault.engine)
    counts_anew = vault.setting(case_sums.RULES_KEY) != case_sums.RULES
    healed = False
    if alarms:
        vault.rewrite_header(least_generation=known_generation)
    else:
        healed = heal_header(vault.folder, vault.header)
    failed = failed_unlocks(vault.folder)
    with vault.unit_of_work() as uow:
        if counts_anew:
            case_sums.put_on(uow.connection)
        for moment in failed:
            uow.record(AuditEntry(AuditAction.UNLOCK_FAILED, "vault", vault.id, {"at": moment.isoformat()}))
        for alarm in alarms:
            uow.record(AuditEntry(AuditAction.ALARM_OVERRULED, "vault", vault.id, {"alarm": type(alarm).__name__}))
        if revision != vault.schema.head:
            uow.record(AuditEntry(AuditAction.MIGRATE, "vault", vault.id, {"from": revision, "to": vault.schema.head}))
        if healed:
            uow.record(AuditEntry(AuditAction.KEYSLOTS_HEALED, "vault", vault.id))
        if vault.header.generation != known_generation:
            uow.change_setting(GENERATION_KEY, vault.header.generation)
        uow.record(AuditEntry(AuditAction.UNLOCK, "slot", vault.slot_id))
        uow.commit()
    forget_failures(vault.folder)


@contextmanager
def _os_faults() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise known_os_fault(error) from error
