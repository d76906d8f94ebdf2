"""Backups: each is a vault folder of its own, encrypted with the same key, opened and checked before it counts."""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from kimdesk.foundation.files import flush, sync_folder
from kimdesk.storage.engine import connect_copying, known_faults, known_os_fault
from kimdesk.storage.vault import crash
from kimdesk.storage.vault.anchor import Anchor, Head, digest_of, read_anchor
from kimdesk.storage.vault.backup_files import (
    backup_name,
    backups_of,
    clear_unfinished,
    copy_backup,
    describe_backup,
    free_name,
    unfinished_name,
)
from kimdesk.storage.vault.errors import DatabaseDamaged, DiskFull, StorageFailed, VaultError
from kimdesk.storage.vault.keyslots import write_header
from kimdesk.storage.vault.manifest import BackupReason, Manifest, write_manifest
from kimdesk.storage.vault.vault import Vault
from kimdesk.storage.vault.vault_files import BACKUPS_NAME, DATABASE_NAME

__all__ = ["backups_of", "copy_to_place", "verify_backup", "write_backup"]

Progress = Callable[[float], None]
_PAGES_A_STEP = 2000


def write_backup(
    vault: Vault,
    folder: Path | None = None,
    *,
    suffix: str = "",
    reason: BackupReason = BackupReason.MANUAL,
    progress: Progress | None = None,
) -> Path:
    """Copy the open vault into a new folder below ``backups/`` (or `folder`) and return it, verified.

    Goes through SQLite's backup API, because a live database cannot be copied as a file. An unfinished copy is
    removed. `progress` is told the share done. Raises `DiskFull`, `VaultNotWritable`, `StorageFailed`,
    `DatabaseDamaged`.
    """
    vault.settle()
    place = folder if folder is not None else vault.folder / BACKUPS_NAME
    if folder is None:
        clear_unfinished(place, vault.id)
    now = vault.clock.now()
    name = backup_name(now, suffix)
    building = place / unfinished_name(name, vault.id)
    try:
        place.mkdir(parents=True, exist_ok=True)
        building.mkdir(mode=0o700)
        try:
            try:
                _copy(vault, building, reason, now, progress)
            except StorageFailed:
                # SQLite calls it an I/O error where there is no room for the index of the copy's write-ahead log.
                if shutil.disk_usage(place).free < (vault.folder / DATABASE_NAME).stat().st_size:
                    raise DiskFull from None
                raise
            crash.at("backup.described")
            target = free_name(place / name)
            building.rename(target)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        sync_folder(place)
        crash.at("backup.placed")
    except OSError as error:
        raise known_os_fault(error) from error
    return target


def _copy(vault: Vault, building: Path, reason: BackupReason, now: datetime, progress: Progress | None) -> None:
    path = building / DATABASE_NAME
    with known_faults():
        source, target = vault.fresh_connection(), connect_copying(path, vault.ring.key)

        def tell(_status: int, remaining: int, total: int) -> None:
            if progress is not None and total:
                progress(1 - remaining / total)

        try:
            source.backup(target, pages=_PAGES_A_STEP, progress=tell)
        finally:
            target.close()
            source.close()
        flush(path)
        crash.at("backup.copied")
        copy = vault.connection_to(path)
        try:
            pages = copy.execute("PRAGMA cipher_integrity_check").fetchall()
            structure = copy.execute("PRAGMA integrity_check(1)").fetchall()
            last = copy.execute("SELECT number, mac FROM audit_log ORDER BY number DESC LIMIT 1").fetchone()
            (schema,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            copy.close()
    if pages or structure != [("ok",)] or last is None:
        raise DatabaseDamaged
    write_header(building, vault.header)
    digest, head = digest_of(path), Head(*last)
    vault.write_anchor_for(building, Anchor(head, digest))
    manifest = Manifest(vault.id, now, reason, schema, head, path.stat().st_size, digest)
    write_manifest(building, vault.ring.key, manifest)


def copy_to_place(vault: Vault, backup: Path, place: Path) -> Path:
    """Copy a finished backup into another place that is there, and return its folder, checked byte for byte.

    Raises `DiskFull`, `VaultNotWritable`, `StorageFailed`, `DatabaseDamaged`; then nothing new is in the place.
    """
    building = place / unfinished_name(backup.name, vault.id)
    try:
        clear_unfinished(place, vault.id)
        building.mkdir(mode=0o700)
        try:
            copy_backup(backup, building)
            crash.at("backup.second")
            check_backup(vault, building)
            target = free_name(place / backup.name)
            building.rename(target)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        sync_folder(place)
    except OSError as error:
        raise known_os_fault(error) from error
    return target


def check_backup(vault: Vault, backup: Path) -> None:
    """Hold a backup against its manifest or its anchor, byte for byte. Raises `VaultError` (`DatabaseDamaged`…).

    What was copied was opened and checked from end to end when it was made, so the same bytes are as good.
    """
    info = describe_backup(backup)
    if info is None:
        raise DatabaseDamaged
    try:
        digest = digest_of(backup / DATABASE_NAME)
    except OSError as error:
        raise known_os_fault(error) from error
    if info.manifest is not None:
        if not info.manifest.is_authentic(vault.ring.key) or not hmac.compare_digest(info.manifest.digest, digest):
            raise DatabaseDamaged
    elif read_anchor(backup, info.vault_id, vault.ring.key).seal != digest:
        raise DatabaseDamaged


def verify_backup(vault: Vault, backup: Path) -> None:
    """Open a backup of this vault and read it from end to end. Raises `VaultError` where something is wrong with it."""
    check_backup(vault, backup)
    with known_faults():
        connection = vault.reading_connection_to(backup / DATABASE_NAME)
        try:
            sound = not connection.execute("PRAGMA cipher_integrity_check").fetchall()
            sound = sound and connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
            sound = sound and not connection.execute("PRAGMA foreign_key_check").fetchall()
        finally:
            connection.close()
    if not sound:
        raise DatabaseDamaged


def remove_backup(backup: Path, vault_id: UUID) -> None:
    """Delete a backup; a kill leaves it whole or as an unfinished one. Raises `VaultError`."""
    building = backup.with_name(unfinished_name(backup.name, vault_id))
    try:
        backup.rename(building)
        crash.at("backup.removed")
        shutil.rmtree(building)
    except OSError as error:
        raise known_os_fault(error) from error


def is_sound(vault: Vault, backup: Path) -> VaultError | None:
    """Return what is wrong with a backup, None for nothing."""
    try:
        check_backup(vault, backup)
    except VaultError as error:
        return error
    return None
