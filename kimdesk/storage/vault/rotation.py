"""Changing the vault's key: the only way to revoke an access, because old copies of keyslots.json keep opening.

The steps (decision 036): export under a new key into ``rotation/``, compare row by row, wrap the new key for every slot
that stays, open the new vault once as the user will, mark it ready, rename. Backups under the old key come after that,
one by one; the old key lies in the new vault as long as one of them is left.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlcipher3 import dbapi2

from kimdesk.foundation.files import flush, sync_folder
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.engine import connect_reading, known_faults, known_os_fault
from kimdesk.storage.vault import crash, state
from kimdesk.storage.vault.anchor import Anchor, Head, digest_of, write_anchor
from kimdesk.storage.vault.backup import remove_backup
from kimdesk.storage.vault.backup_files import BackupInfo, clear_unfinished, described_at, free_name, unfinished_name
from kimdesk.storage.vault.errors import (
    DatabaseDamaged,
    DiskFull,
    NotAVault,
    RotationInterrupted,
    VaultError,
    VaultTooNew,
    WrongPassphrase,
)
from kimdesk.storage.vault.heads import places_of
from kimdesk.storage.vault.key import VaultKey
from kimdesk.storage.vault.keyring import secret_of
from kimdesk.storage.vault.keyslots import Header, is_authentic, read_header, sealed_header, write_first_header
from kimdesk.storage.vault.manifest import Manifest, write_manifest
from kimdesk.storage.vault.reencrypt import carry_on_log, compare, export_under, reads_with
from kimdesk.storage.vault.rotation_files import (
    begin_rotation,
    discard_rotation,
    is_ready,
    mark_ready,
    settle_rotation,
)
from kimdesk.storage.vault.slot import Opened, Slot, carried_over, open_slot
from kimdesk.storage.vault.vault import Vault
from kimdesk.storage.vault.vault_files import DATABASE_NAME

_ROOM = 1.2
"""How much more than the database must be free: the log of the export comes on top."""


class OldBackups(StrEnum):
    """What happens with backups under the old key, which a revoked access still opens."""

    REENCRYPT = "reencrypt"
    DELETE = "delete"


class RotationStep(StrEnum):
    """Where a rotation is."""

    EXPORT = "export"
    VERIFY = "verify"
    SWAP = "swap"
    BACKUPS = "backups"


Progress = Callable[[RotationStep, float], None]


@dataclass(slots=True)
class BackupsDone:
    """What became of the backups under old keys. `left` could not be reached, opened or written."""

    reencrypted: int = 0
    deleted: int = 0
    left: list[Path] = field(default_factory=list)


def slots_after(vault: Vault, drop: Collection[UUID]) -> tuple[tuple[Slot, ...], tuple[Slot, ...], tuple[Slot, ...]]:
    """Return the slots a rotation keeps, drops as asked or because they have ended, and must let go for their age."""
    now, own = vault.clock.now(), vault.ring.slot.id
    kept, dropped, too_old = [], [], []
    for slot in vault.header.slots:
        ended = slot.expires_at is not None and slot.expires_at <= now
        if slot.id == own:
            kept.append(slot)
        elif slot.id in drop or ended or slot.damaged:
            dropped.append(slot)
        elif slot.can_be_carried_over:
            kept.append(slot)
        else:
            too_old.append(slot)
    return tuple(kept), tuple(dropped), tuple(too_old)


def room_needed(vault: Vault) -> int:
    """Return how many bytes must be free for a rotation."""
    return round((vault.folder / DATABASE_NAME).stat().st_size * _ROOM)


def rotate_key(
    vault: Vault, current: str, *, drop: Collection[UUID], old_backups: OldBackups, progress: Progress | None = None
) -> None:
    """Give the open vault a new key; slots in `drop` open nothing of it any more. The vault stays open.

    `current` is the secret the vault was opened with. Backups come afterwards (`finish_backups`). A failure or a kill
    leaves the vault as it was, or, once the new files are ready, lets the next unlock finish. Raises `WrongPassphrase`,
    `DiskFull`, `VaultNotWritable`, `StorageFailed`, `DatabaseDamaged`; `RotationInterrupted`, and the vault is closed.
    """
    tell = progress or (lambda _step, _share: None)
    vault.settle()
    opened = vault.ring.open_again(current)
    if opened is None:
        raise WrongPassphrase
    opened.key.wipe()
    old, new = VaultKey(vault.ring.key.raw()), VaultKey.random()
    try:
        try:
            if shutil.disk_usage(vault.folder).free < room_needed(vault):
                raise DiskFull
            building = begin_rotation(vault.folder)
            header = _new_header(vault, opened, new, drop)
            crash.at("rotation.begun")
            head = _export(vault, building, old, new, header, drop, old_backups, tell)
            _write_files(vault, building, header, new, head, current)
            vault.let_go()
            mark_ready(vault.folder)
        except OSError as error:
            raise known_os_fault(error) from error
    except BaseException:
        if not is_ready(vault.folder):
            discard_rotation(vault.folder)
        new.wipe()
        raise
    finally:
        old.wipe()
    crash.at("rotation.ready")
    tell(RotationStep.SWAP, 0.0)
    try:
        settle_rotation(vault.folder)
    except OSError as error:
        vault.abandon()
        vault.release_lock()
        raise RotationInterrupted from error
    vault.adopt(new, header, header.slot(vault.ring.slot.id))
    tell(RotationStep.SWAP, 1.0)


def _new_header(vault: Vault, opened: Opened, new: VaultKey, drop: Collection[UUID]) -> Header:
    sender = vault.ring.require_sender()
    own = Opened(new, opened.slot, opened.wrapping_key, sender.public_key).refreshed(vault.id, sender.public_key)
    kept, _, _ = slots_after(vault, drop)
    slots = tuple(own if slot.id == own.id else carried_over(slot, new, sender) for slot in kept)
    return sealed_header(vault.header.with_slots(slots), new)


def _export(
    vault: Vault,
    building: Path,
    old: VaultKey,
    new: VaultKey,
    header: Header,
    drop: Collection[UUID],
    old_backups: OldBackups,
    tell: Progress,
) -> Head:
    path = building / DATABASE_NAME
    source = vault.fresh_connection()
    total = max((vault.folder / DATABASE_NAME).stat().st_size, 1)

    def exported() -> None:
        tell(RotationStep.EXPORT, min(path.stat().st_size / total, 1.0) if path.exists() else 0.0)

    ticks = 0

    def compared() -> None:
        nonlocal ticks
        ticks += 1
        tell(RotationStep.VERIFY, 1 - 1 / (1 + ticks / 20))

    try:
        tell(RotationStep.EXPORT, 0.0)
        export_under(source, path, new, exported)
        crash.at("rotation.exported")
        tell(RotationStep.VERIFY, 0.0)
        kept, dropped, too_old = slots_after(vault, drop)
        gone = {slot.id.hex: {"kind": slot.kind.value, "label": slot.label} for slot in (*dropped, *too_old)}
        waiting = vault.setting(state.ROTATION, {}).get("old_keys", [])
        changes: dict[str, Any] = {
            state.GENERATION: header.generation,
            state.FORMER_ACCESSES: {**vault.setting(state.FORMER_ACCESSES, {}), **gone} or None,
            state.ROTATION: {"old_keys": [*waiting, old.raw().hex()], "backups": old_backups.value},
        }
        if vault.setting(state.RECOVERY_USED) in gone:
            changes[state.RECOVERY_USED] = None
        entries = [
            AuditEntry(AuditAction.SLOT_REMOVED, "slot", slot.id, {"kind": slot.kind.value})
            for slot in (*dropped, *too_old)
        ]
        entries.append(AuditEntry(AuditAction.KEY_ROTATED, "vault", vault.id, {"kept": len(kept), "gone": len(gone)}))
        head = carry_on_log(vault, path, old, new, changes, entries)
        compare(source, path, new, compared)
        tell(RotationStep.VERIFY, 1.0)
    finally:
        source.close()
    return head


def _write_files(vault: Vault, building: Path, header: Header, new: VaultKey, head: Head, current: str) -> None:
    """Write what belongs to the new database, and open it from the disk with the secret in hand."""
    write_first_header(building, header)
    crash.at("rotation.keyslots")
    path = building / DATABASE_NAME
    flush(path)
    write_anchor(building, vault.id, new, Anchor(head, digest_of(path)))
    written = read_header(building)
    own = written.slot(vault.ring.slot.id)
    opened = open_slot(vault.id, own, secret_of(current), vault.ring.derivation)
    if opened is None or not is_authentic(written, opened.key) or not reads_with(path, opened.key):
        raise DatabaseDamaged
    opened.key.wipe()


# --- backups under an old key -----------------------------------------------------------------------------------------


def backups_under_old_keys(vault: Vault) -> tuple[BackupInfo, ...]:
    """Return the backups within reach whose keyslots are not those of the present key."""
    with vault.reader() as connection:
        places = places_of(vault, connection)
    found = []
    for place in places:
        for info in described_at(place, vault.id):
            try:
                if not is_authentic(read_header(info.path), vault.ring.key):
                    found.append(info)
            except (NotAVault, VaultTooNew, VaultError):
                continue
    return tuple(found)


def finish_backups(vault: Vault, progress: Progress | None = None) -> BackupsDone:
    """Re-encrypt or delete what a rotation left under an old key, as was chosen then; forget the old keys at the end.

    A kill leaves each backup under one of the keys. Raises nothing of a single backup; it stays in `left`.
    """
    tell = progress or (lambda _step, _share: None)
    done = BackupsDone()
    pending = vault.setting(state.ROTATION)
    if pending is None:
        return done
    old_keys = [VaultKey(bytes.fromhex(key)) for key in pending["old_keys"]]
    deletes = pending["backups"] == OldBackups.DELETE.value
    try:
        with vault.reader() as connection:
            places = places_of(vault, connection)
        done.left.extend(place for place in places[1:] if not place.is_dir())
        waiting = backups_under_old_keys(vault)
        for number, info in enumerate(waiting):
            tell(RotationStep.BACKUPS, number / len(waiting))
            try:
                if deletes:
                    remove_backup(info.path, vault.id)
                    done.deleted += 1
                else:
                    _renew_backup(vault, info, old_keys)
                    done.reencrypted += 1
            except VaultError:
                done.left.append(info.path)
            crash.at("rotation.backup")
    finally:
        for key in old_keys:
            key.wipe()
    with vault.unit_of_work() as uow:
        if not done.left:
            uow.change_setting(state.ROTATION, None)
        uow.record(
            AuditEntry(
                AuditAction.BACKUP,
                "rotation",
                vault.id,
                {"reencrypted": done.reencrypted, "deleted": done.deleted, "left": len(done.left)},
            )
        )
        uow.commit()
    crash.at("rotation.backups")
    tell(RotationStep.BACKUPS, 1.0)
    return done


def _renew_backup(vault: Vault, info: BackupInfo, old_keys: list[VaultKey]) -> None:
    """Put a copy of a backup under the present key beside it, then remove the old one. Raises `VaultError`."""
    old = next((key for key in old_keys if reads_with(info.path / DATABASE_NAME, key)), None)
    if old is None:
        raise DatabaseDamaged
    place, key = info.place, vault.ring.key
    # Under the name `free_name` gave the copy: two backups may have been made in the same moment.
    renewed = re.compile(re.escape(info.path.name) + r"-\d+", re.ASCII)
    twins = (
        other
        for other in described_at(place, vault.id)
        if other.made_at == info.made_at and renewed.fullmatch(other.path.name)
    )
    if not any(twin.manifest is not None and twin.manifest.is_authentic(key) for twin in twins):
        try:
            clear_unfinished(place, vault.id)
            building = place / unfinished_name(info.path.name, vault.id)
            building.mkdir(mode=0o700)
            try:
                _write_renewed(vault, info, building, old)
                building.rename(free_name(info.path))
            except BaseException:
                shutil.rmtree(building, ignore_errors=True)
                raise
            sync_folder(place)
        except OSError as error:
            raise known_os_fault(error) from error
    remove_backup(info.path, vault.id)


def _write_renewed(vault: Vault, info: BackupInfo, building: Path, old: VaultKey) -> None:
    path, key = building / DATABASE_NAME, vault.ring.key
    source = _reading(info.path / DATABASE_NAME, old)
    try:
        export_under(source, path, key, lambda: None)
        head = carry_on_log(vault, path, old, key, {}, [])
        compare(source, path, key, lambda: None)
        with known_faults():
            (schema,) = source.execute("SELECT version_num FROM alembic_version").fetchone()
    finally:
        source.close()
    flush(path)
    write_first_header(building, vault.header)
    digest = digest_of(path)
    write_anchor(building, vault.id, key, Anchor(head, digest))
    write_manifest(
        building, key, Manifest(vault.id, info.made_at, info.reason, schema, head, path.stat().st_size, digest)
    )


def _reading(path: Path, key: VaultKey) -> dbapi2.Connection:
    with known_faults():
        return connect_reading(path, key)
