"""Bringing a backup back: looking into it first, then putting it in place of what is there, all of it or nothing."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kimdesk.foundation.clock import Clock
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.engine import connect_reading, known_faults, known_os_fault
from kimdesk.storage.schema import SCHEMA
from kimdesk.storage.vault import crash, state
from kimdesk.storage.vault.anchor import digest_of, read_anchor
from kimdesk.storage.vault.backup_files import (
    BackupInfo,
    backup_name,
    copy_backup,
    describe_backup,
    free_name,
)
from kimdesk.storage.vault.errors import (
    DatabaseDamaged,
    FolderNotEmpty,
    KeyslotsAltered,
    NotAVault,
    VaultExists,
    VaultTooNew,
    WrongPassphrase,
)
from kimdesk.storage.vault.kdf import STANDARD, KeyDerivation
from kimdesk.storage.vault.keyslots import FILE_NAME as KEYSLOTS_NAME
from kimdesk.storage.vault.keyslots import Header, is_authentic, read_header
from kimdesk.storage.vault.lock_file import VaultLock
from kimdesk.storage.vault.manifest import FILE_NAME as MANIFEST_NAME
from kimdesk.storage.vault.opening import open_secret, unlock
from kimdesk.storage.vault.replacing import replace_folder, settle_replacement
from kimdesk.storage.vault.slot import Opened, SlotKind
from kimdesk.storage.vault.vault_files import BACKUPS_NAME, DATABASE_NAME

_ASIDE = ".bis-"


@dataclass(frozen=True, slots=True)
class BackupPreview:
    """What a backup holds, read with a secret of its day. `kind` is whose secret it was."""

    info: BackupInfo
    cases: int
    persons: int
    schema: str
    last_change: datetime | None
    kind: SlotKind


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored vault, closed. `kept_aside` is the folder of the vault it replaced."""

    folder: Path
    kept_aside: Path | None


def preview_backup(backup: Path, secret: str, *, clock: Clock, kdf: KeyDerivation = STANDARD) -> BackupPreview:
    """Open a backup with a passphrase or recovery key of its day and say what is in it; nothing is written.

    Takes about a second, and one per gigabyte. Raises `NotAVault`, `KeyslotsDamaged`, `VaultTooNew`, `WrongPassphrase`,
    `SlotExpired`, `KeyslotsAltered`, `DatabaseDamaged`.
    """
    header = read_header(backup)
    info = describe_backup(backup)
    if info is None:
        raise NotAVault
    opened = _open(header, secret, clock, kdf)
    try:
        if not is_authentic(header, opened.key):
            raise KeyslotsAltered
        try:
            digest = digest_of(backup / DATABASE_NAME)
        except OSError as error:
            raise known_os_fault(error) from error
        sealed = info.manifest.digest if info.manifest else read_anchor(backup, header.vault_id, opened.key).seal
        if digest != sealed or (info.manifest is not None and not info.manifest.is_authentic(opened.key)):
            raise DatabaseDamaged
        with known_faults():
            connection = connect_reading(backup / DATABASE_NAME, opened.key)
            try:
                (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
                if not SCHEMA.knows(schema):
                    raise VaultTooNew
                (cases,) = connection.execute("SELECT count(*) FROM cases").fetchone()
                (persons,) = connection.execute("SELECT count(*) FROM persons").fetchone()
                last = connection.execute("SELECT at FROM audit_log ORDER BY number DESC LIMIT 1").fetchone()
            finally:
                connection.close()
    finally:
        opened.key.wipe()
    last_change = datetime.fromisoformat(last[0]).replace(tzinfo=UTC) if last else None
    return BackupPreview(info, cases, persons, schema, last_change, opened.slot.kind)


def _open(header: Header, secret: str, clock: Clock, kdf: KeyDerivation) -> Opened:
    opened = open_secret(header, secret, kdf, clock.now())
    if opened is None:
        raise WrongPassphrase
    return opened


def restore_backup(backup: Path, folder: Path) -> None:
    """Copy a backup to `folder`, which is new or empty; it opens with the passphrases and recovery key of its day.

    All of it or nothing. What the copy holds is checked when it is unlocked. Raises `NotAVault`, `KeyslotsDamaged`,
    `VaultTooNew`, `VaultExists`, `FolderNotEmpty`, `DiskFull`, `VaultNotWritable`.
    """
    folder = folder.resolve()
    _require_backup(backup)
    _require_empty(folder)
    try:
        building = _copy_beside(backup, folder)
        try:
            replace_folder(building, folder, None)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    except OSError as error:
        raise known_os_fault(error) from error


def restore_vault(
    backup: Path,
    folder: Path,
    secret: str,
    *,
    clock: Clock,
    kdf: KeyDerivation = STANDARD,
    replace: bool = False,
) -> Restored:
    """Restore a backup to `folder` and open it once with `secret`, before anything there is touched.

    With `replace` a vault that is there (closed, whole or damaged) is renamed to ``<folder>.bis-<moment>`` and stays
    until somebody removes it (`discard_kept`); its own backups stay in it. Raises what `restore_backup` and `unlock`
    raise, and `VaultInUse`; then `folder` is as it was.
    """
    folder = folder.resolve()
    settle_replacement(folder)
    _require_backup(backup)
    holder: VaultLock | None = None
    if replace and folder.is_dir() and any(folder.iterdir()):
        if not any((folder / name).exists() for name in (KEYSLOTS_NAME, f"{KEYSLOTS_NAME}.bak", DATABASE_NAME)):
            raise FolderNotEmpty
        holder = VaultLock(folder)
    else:
        _require_empty(folder)
    try:
        building = _copy_beside(backup, folder)
        try:
            crash.at("restore.copied")
            _begin_anew(building, secret, clock, kdf)
            crash.at("restore.opened")
            aside = free_name(folder.with_name(f"{folder.name}{_ASIDE}{backup_name(clock.now())}")) if holder else None
            if holder is not None:
                holder.release()  # Windows renames no folder with an open file in it
            replace_folder(building, folder, aside)
            return Restored(folder, aside)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    except OSError as error:
        raise known_os_fault(error) from error
    finally:
        if holder is not None:
            holder.release()


def discard_kept(kept_aside: Path) -> None:
    """Delete the folder a restored vault has replaced. Raises `NotAVault` for any other folder, `VaultNotWritable`…"""
    if _ASIDE not in kept_aside.name or not (kept_aside / BACKUPS_NAME).exists():
        raise NotAVault
    try:
        shutil.rmtree(kept_aside)
    except OSError as error:
        raise known_os_fault(error) from error


def _require_backup(backup: Path) -> None:
    read_header(backup)
    if not (backup / DATABASE_NAME).is_file():
        raise NotAVault


def _require_empty(folder: Path) -> None:
    if (folder / KEYSLOTS_NAME).exists() or (folder / DATABASE_NAME).exists():
        raise VaultExists
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty


def _copy_beside(backup: Path, folder: Path) -> Path:
    """Return a folder beside `folder` with the files of the backup."""
    building = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.new")
    folder.parent.mkdir(parents=True, exist_ok=True)
    building.mkdir(mode=0o700)
    try:
        (building / BACKUPS_NAME).mkdir(mode=0o700)
        copy_backup(backup, building)
        (building / MANIFEST_NAME).unlink(missing_ok=True)  # it speaks of the backup, not of what goes on from here
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return building


def _begin_anew(building: Path, secret: str, clock: Clock, kdf: KeyDerivation) -> None:
    """Open the copy, and let it know that it begins anew: what backups of later days say is not held against it."""
    with unlock(building, secret, clock=clock, kdf=kdf, begins_anew=True) as vault, vault.unit_of_work() as uow:
        uow.change_setting(state.RESTORED, {"at": uow.moment.isoformat()})
        uow.record(AuditEntry(AuditAction.RESTORE, "vault", vault.id))
        uow.commit()
