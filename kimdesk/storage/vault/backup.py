"""Backups: each is a vault folder of its own, encrypted with the same key, opened and checked before it counts."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from kimdesk.foundation.files import sync_folder
from kimdesk.storage.engine import known_faults, known_os_fault
from kimdesk.storage.vault.anchor import FILE_NAME as ANCHOR_NAME
from kimdesk.storage.vault.anchor import Anchor, Head, digest_of
from kimdesk.storage.vault.errors import (
    DatabaseDamaged,
    DiskFull,
    FolderNotEmpty,
    NotAVault,
    StorageFailed,
    VaultExists,
)
from kimdesk.storage.vault.keyslots import FILE_NAME as KEYSLOTS_NAME
from kimdesk.storage.vault.keyslots import read_header, write_header
from kimdesk.storage.vault.vault import BACKUPS_NAME, DATABASE_NAME, Vault


def write_backup(vault: Vault, folder: Path | None = None, *, reason: str = "") -> Path:
    """Copy the open vault into a new folder below ``backups/`` (or `folder`) and return it, verified.

    Goes through SQLite's backup API, because a live database cannot be copied as a file. An unfinished copy is
    removed. Raises `DiskFull`, `VaultNotWritable`, `StorageFailed`, `DatabaseDamaged`.
    """
    place = folder if folder is not None else vault.folder / BACKUPS_NAME
    if folder is None:
        _clear_unfinished(place)
    name = "-".join(part for part in (vault.clock.now().strftime("%Y-%m-%dT%H%M%SZ"), reason) if part)
    building = place / f".{name}.{secrets.token_hex(4)}.new"
    try:
        place.mkdir(parents=True, exist_ok=True)
        building.mkdir(mode=0o700)
        try:
            try:
                _copy(vault, building)
            except StorageFailed:
                # SQLite calls it an I/O error where there is no room for the index of the copy's write-ahead log.
                if shutil.disk_usage(place).free < (vault.folder / DATABASE_NAME).stat().st_size:
                    raise DiskFull from None
                raise
            target = _free_name(place / name)
            building.rename(target)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        sync_folder(place)
    except OSError as error:
        raise known_os_fault(error) from error
    return target


def _clear_unfinished(place: Path) -> None:
    """Remove what a kill left of a backup; the vault's lock says that nobody is still writing it."""
    for unfinished in place.glob(".*.new"):
        shutil.rmtree(unfinished, ignore_errors=True)


def _copy(vault: Vault, building: Path) -> None:
    path = building / DATABASE_NAME
    with known_faults():
        source, target = vault.fresh_connection(), vault.connection_to(path)
        try:
            source.backup(target)
        finally:
            target.close()
            source.close()
        copy = vault.connection_to(path)
        try:
            pages = copy.execute("PRAGMA cipher_integrity_check").fetchall()
            structure = copy.execute("PRAGMA integrity_check(1)").fetchall()
            last = copy.execute("SELECT number, mac FROM audit_log ORDER BY number DESC LIMIT 1").fetchone()
        finally:
            copy.close()
    if pages or structure != [("ok",)] or last is None:
        raise DatabaseDamaged
    write_header(building, vault.header)
    vault.write_anchor_for(building, Anchor(Head(*last), digest_of(path)))


def _free_name(path: Path) -> Path:
    number = 1
    candidate = path
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.name}-{number}")
    return candidate


def backups_of(folder: Path) -> tuple[Path, ...]:
    """Return the finished backups in a vault's folder, newest first."""
    place = folder / BACKUPS_NAME
    if not place.is_dir():
        return ()
    # One that was killed may have its keyslots already; its name still has the dot of the unfinished.
    finished = (each for each in place.iterdir() if not each.name.startswith(".") and (each / KEYSLOTS_NAME).is_file())
    return tuple(sorted(finished, reverse=True))


def restore_backup(backup: Path, folder: Path) -> None:
    """Copy a backup to `folder`, which is new or empty; it opens with the passphrases and recovery key of its day.

    All of it or nothing. What the copy holds is checked when it is unlocked. Raises `NotAVault`, `KeyslotsDamaged`,
    `VaultTooNew`, `VaultExists`, `FolderNotEmpty`, `DiskFull`, `VaultNotWritable`.
    """
    folder = folder.resolve()
    read_header(backup)
    if not (backup / DATABASE_NAME).is_file():
        raise NotAVault
    if (folder / KEYSLOTS_NAME).exists() or (folder / DATABASE_NAME).exists():
        raise VaultExists
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty
    building = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.new")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building.mkdir(mode=0o700)
        try:
            (building / BACKUPS_NAME).mkdir(mode=0o700)
            for name in (DATABASE_NAME, KEYSLOTS_NAME, ANCHOR_NAME):
                _copy_file(backup / name, building / name)
            if folder.exists():
                folder.rmdir()
            building.rename(folder)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        sync_folder(folder.parent)
    except OSError as error:
        raise known_os_fault(error) from error


def _copy_file(source: Path, target: Path) -> None:
    """Copy one file durably."""
    with source.open("rb") as reading, target.open("xb") as writing:
        shutil.copyfileobj(reading, writing, 1024 * 1024)
        writing.flush()
        os.fsync(writing.fileno())
