"""Making a new vault."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from nacl.public import PrivateKey

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.files import sync_folder
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.engine import known_faults
from kimdesk.storage.vault import state
from kimdesk.storage.vault.errors import FolderNotEmpty, VaultExists
from kimdesk.storage.vault.kdf import PUBLIC, STANDARD, KeyDerivation
from kimdesk.storage.vault.key import VaultKey
from kimdesk.storage.vault.keyring import Keyring, check_passphrase, secret_of
from kimdesk.storage.vault.keyslots import Header, sealed_header, write_first_header
from kimdesk.storage.vault.lock_file import VaultLock
from kimdesk.storage.vault.opening import open_own, os_faults, vault_exists
from kimdesk.storage.vault.recovery import new_recovery_key
from kimdesk.storage.vault.slot import SlotKind, new_slot
from kimdesk.storage.vault.vault import Vault
from kimdesk.storage.vault.vault_files import BACKUPS_NAME


@dataclass(frozen=True, slots=True)
class CreatedVault:
    """A new vault, open, and the recovery key to be printed now: it is kept nowhere."""

    vault: Vault
    recovery_key: str

    def __repr__(self) -> str:
        return f"<CreatedVault {self.vault.id}>"


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
    key, recovery_key, sender, now = VaultKey.random(), new_recovery_key(), PrivateKey.generate(), clock.now()
    vault_id, cost = uuid4(), kdf.cost_for_new_slot()
    user, recovery = (
        new_slot(
            vault_id,
            key,
            secret_of(text),
            kind=kind,
            label="",
            created_at=now,
            derivation=kdf,
            sender=sender.public_key,
            cost=cost,
        )
        for kind, text in ((SlotKind.USER, passphrase), (SlotKind.RECOVERY, recovery_key))
    )
    shown = (passphrase if show_passphrase else "") if demo else None
    header = sealed_header(
        Header(vault_id=vault_id, name=name, created_at=now, demo_passphrase=shown, slots=(user, recovery)), key
    )
    building = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.new")
    with os_faults():
        folder.parent.mkdir(parents=True, exist_ok=True)
        building.mkdir(mode=0o700)
        try:
            _build(building, Keyring(building, header, user, VaultKey(key.raw()), kdf, clock, sender))
            if folder.exists():
                folder.rmdir()
            building.rename(folder)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        sync_folder(folder.parent)
        vault = open_own(Keyring(folder, header, user, key, kdf, clock), VaultLock(folder))
    return CreatedVault(vault, recovery_key)


def _build(folder: Path, ring: Keyring) -> None:
    """Fill the folder of a new vault and close it, sealed."""
    (folder / BACKUPS_NAME).mkdir(mode=0o700)
    write_first_header(folder, ring.header)
    with Vault(folder, ring, VaultLock(folder), ring.clock) as vault:
        with known_faults():
            vault.schema.migrate(vault.engine)
        with vault.unit_of_work() as uow:
            uow.change_setting(state.GENERATION, ring.header.generation)
            uow.change_setting(state.SENDER, bytes(ring.require_sender()).hex())
            uow.record(AuditEntry(AuditAction.VAULT_CREATED, "vault", ring.header.vault_id))
            uow.commit()
