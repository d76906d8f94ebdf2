"""Backups as they lie in a place: found, told apart, copied. Nothing here needs the key."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from kimdesk.storage.vault.anchor import FILE_NAME as ANCHOR_NAME
from kimdesk.storage.vault.errors import VaultError
from kimdesk.storage.vault.keyslots import FILE_NAME as KEYSLOTS_NAME
from kimdesk.storage.vault.keyslots import read_header
from kimdesk.storage.vault.manifest import FILE_NAME as MANIFEST_NAME
from kimdesk.storage.vault.manifest import BackupReason, Manifest, read_manifest
from kimdesk.storage.vault.vault_files import BACKUPS_NAME, DATABASE_NAME

FILES = (DATABASE_NAME, KEYSLOTS_NAME, ANCHOR_NAME, MANIFEST_NAME)
_TIME_FORMAT = "%Y-%m-%dT%H%M%SZ"
_TIME_CHARACTERS = 18
_MIGRATION = "vor-schema-"
_ID_CHARACTERS = 8
_COPY_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What a backup says of itself without a key; believed only once it was opened or its manifest was checked."""

    path: Path
    place: Path
    vault_id: UUID
    vault_name: str
    made_at: datetime
    reason: BackupReason
    size_bytes: int
    schema: str | None
    manifest: Manifest | None


def backup_name(moment: datetime, suffix: str = "") -> str:
    """Return the folder name of a backup made at `moment`."""
    return "-".join(part for part in (moment.astimezone(UTC).strftime(_TIME_FORMAT), suffix) if part)


def moment_of(backup: Path) -> datetime | None:
    """Return when a backup was made by its folder name (UTC), None where the name does not say."""
    try:
        return datetime.strptime(backup.name[:_TIME_CHARACTERS], _TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def migration_suffix(schema: str) -> str:
    """Return how the name of the copy before a migration ends."""
    return f"{_MIGRATION}{schema}"


def backups_at(place: Path) -> tuple[Path, ...]:
    """Return the finished backups that lie in `place`, newest first; none where the place is absent."""
    try:
        # One that was killed may have its keyslots already; its name still has the dot of the unfinished.
        found = [each for each in place.iterdir() if not each.name.startswith(".") and is_backup(each)]
    except OSError:
        return ()
    return tuple(sorted(found, reverse=True))


def is_backup(folder: Path) -> bool:
    """Return whether a folder is a finished backup: a vault that is named after a moment or has a manifest."""
    if not (folder / KEYSLOTS_NAME).is_file() or not (folder / DATABASE_NAME).is_file():
        return False
    return moment_of(folder) is not None or (folder / MANIFEST_NAME).is_file()


def backups_of(folder: Path) -> tuple[Path, ...]:
    """Return the finished backups in a vault's own folder, newest first."""
    return backups_at(folder / BACKUPS_NAME)


def describe_backup(backup: Path) -> BackupInfo | None:
    """Return what a backup says of itself, None where its keyslots or its database cannot be read."""
    try:
        header = read_header(backup)
        changed = (backup / DATABASE_NAME).stat()
    except (VaultError, OSError):
        return None
    manifest = read_manifest(backup)
    if manifest is not None and manifest.vault_id != header.vault_id:
        manifest = None
    reason = BackupReason.BEFORE_MIGRATION if _MIGRATION in backup.name else BackupReason.MANUAL
    by_name = moment_of(backup) or datetime.fromtimestamp(changed.st_mtime, UTC)
    return BackupInfo(
        path=backup,
        place=backup.parent,
        vault_id=header.vault_id,
        vault_name=header.name,
        made_at=manifest.made_at if manifest else by_name,
        reason=manifest.reason if manifest else reason,
        size_bytes=changed.st_size,
        schema=manifest.schema if manifest else None,
        manifest=manifest,
    )


def described_at(place: Path, vault_id: UUID | None = None) -> tuple[BackupInfo, ...]:
    """Return the backups in `place` that can be read, of one vault where asked, newest first."""
    found = [info for backup in backups_at(place) if (info := describe_backup(backup)) is not None]
    of_vault = [info for info in found if vault_id is None or info.vault_id == vault_id]
    return tuple(sorted(of_vault, key=lambda info: (info.made_at, info.path.name), reverse=True))


def free_name(path: Path) -> Path:
    """Return `path`, or the first of `path`-2, `path`-3, … that is not taken."""
    number, candidate = 1, path
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.name}-{number}")
    return candidate


def unfinished_name(name: str, vault_id: UUID) -> str:
    """Return the name of a backup that is being written; several vaults may share a place."""
    return f".{name}.{vault_id.hex[:_ID_CHARACTERS]}{secrets.token_hex(4)}.new"


def clear_unfinished(place: Path, vault_id: UUID) -> None:
    """Remove what a kill left of a vault's backup; its lock says that nobody is still writing it."""
    for unfinished in place.glob(f".*.{vault_id.hex[:_ID_CHARACTERS]}*.new"):
        shutil.rmtree(unfinished, ignore_errors=True)


def copy_file(source: Path, target: Path) -> None:
    """Copy one file durably. Raises `OSError`."""
    with source.open("rb") as reading, target.open("xb") as writing:
        shutil.copyfileobj(reading, writing, _COPY_BYTES)
        writing.flush()
        os.fsync(writing.fileno())


def copy_backup(backup: Path, target: Path) -> None:
    """Copy the files of a closed vault into the new folder `target`, durably. Raises `OSError`."""
    for name in FILES:
        if (backup / name).exists():
            copy_file(backup / name, target / name)
