"""manifest.json: what a backup says of itself, and where the audit chain stood when it was made.

It stands in clear beside the encrypted copy, so it holds nothing about cases; a MAC under a key of the vault shows
whether it is the program's. An old copy of the whole vault folder put back is noticed by it: the chain in the vault is
then shorter than a manifest in another place says (decision 037).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.foundation.files import write_atomically
from kimdesk.storage.vault.anchor import Head
from kimdesk.storage.vault.key import Purpose, VaultKey

FILE_NAME = "manifest.json"
_MAGIC = "kimdesk-backup"
_VERSION = 1
_MAXIMUM_BYTES = 4096


class BackupReason(StrEnum):
    """Why a backup was made."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"
    BEFORE_MIGRATION = "before_migration"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `digest` is the SHA-256 of its vault.db."""

    vault_id: UUID
    made_at: datetime
    reason: BackupReason
    schema: str
    head: Head
    size_bytes: int
    digest: bytes
    mac: bytes = b""

    def is_authentic(self, key: VaultKey) -> bool:
        """Return whether the program wrote this manifest with `key`."""
        return hmac.compare_digest(self.mac, _mac(self, key))


def write_manifest(folder: Path, key: VaultKey, manifest: Manifest) -> None:
    """Write the manifest with its MAC. Raises `OSError`."""
    write_atomically(folder / FILE_NAME, canonical_bytes({**_fields(manifest), "mac": _mac(manifest, key).hex()}))


def read_manifest(folder: Path) -> Manifest | None:
    """Return what a backup's folder says of itself, None where there is nothing or it is damaged."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            content = json.loads(file.read(_MAXIMUM_BYTES).decode("utf-8"))
        if (content["magic"], content["version"]) != (_MAGIC, _VERSION):
            return None
        return Manifest(
            UUID(hex=content["vault"]),
            datetime.fromisoformat(content["made_at"]).astimezone(UTC),
            BackupReason(content["reason"]),
            str(content["schema"])[:64],
            Head(int(content["number"]), bytes.fromhex(content["head"])),
            int(content["size_bytes"]),
            bytes.fromhex(content["digest"]),
            bytes.fromhex(content["mac"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _fields(manifest: Manifest) -> dict[str, Any]:
    return {
        "magic": _MAGIC,
        "version": _VERSION,
        "vault": manifest.vault_id.hex,
        "made_at": manifest.made_at.isoformat(),
        "reason": manifest.reason.value,
        "schema": manifest.schema,
        "number": manifest.head.number,
        "head": manifest.head.mac.hex(),
        "size_bytes": manifest.size_bytes,
        "digest": manifest.digest.hex(),
    }


def _mac(manifest: Manifest, key: VaultKey) -> bytes:
    data = canonical_bytes(_fields(manifest))
    return hashlib.blake2b(data, key=key.derive(Purpose.MANIFEST), digest_size=32).digest()
