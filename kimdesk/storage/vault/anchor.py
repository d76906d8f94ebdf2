"""anchor.json: the head of the audit chain, kept outside the database.

It is written after each commit that adds to the log. An old database put back has a shorter chain,
which shows. When the vault is closed in order, the anchor also takes a digest of the whole file
(the *seal*), so that the next unlock notices any changed, old or missing page in one read; the seal
is taken off before the first write of the next session.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.foundation.files import write_atomically
from kimdesk.storage.vault.errors import AnchorAlarm
from kimdesk.storage.vault.key import Purpose, VaultKey

FILE_NAME = "anchor.json"
_MAGIC = "kimdesk-anchor"
_VERSION = 1
_MAXIMUM_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of the audit chain: its number (0 for none) and its MAC."""

    number: int
    mac: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head as last written, and the SHA-256 of vault.db while the vault is closed in order."""

    head: Head
    seal: bytes | None = None


def write_anchor(folder: Path, vault_id: UUID, key: VaultKey, anchor: Anchor) -> None:
    """Write the anchor with its MAC. Raises `OSError`."""
    content: dict[str, Any] = {
        "magic": _MAGIC,
        "version": _VERSION,
        "vault": vault_id.hex,
        "number": anchor.head.number,
        "head": anchor.head.mac.hex(),
        "seal": anchor.seal.hex() if anchor.seal is not None else None,
    }
    content["mac"] = _mac(content, key).hex()
    write_atomically(folder / FILE_NAME, canonical_bytes(content))


def read_anchor(folder: Path, vault_id: UUID, key: VaultKey) -> Anchor:
    """Return the anchor. Raises `AnchorAlarm` where it is missing, damaged or another vault's."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            content = json.loads(file.read(_MAXIMUM_BYTES).decode("utf-8"))
        mac = bytes.fromhex(content.pop("mac"))
        if not hmac.compare_digest(mac, _mac(content, key)):
            raise ValueError("not ours")
        if (content["magic"], content["version"], content["vault"]) != (_MAGIC, _VERSION, vault_id.hex):
            raise ValueError("another vault's")
        seal = content["seal"]
        return Anchor(
            Head(content["number"], bytes.fromhex(content["head"])), bytes.fromhex(seal) if seal is not None else None
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise AnchorAlarm(AnchorAlarm.MISSING) from error


def _mac(content: dict[str, Any], key: VaultKey) -> bytes:
    return hashlib.blake2b(canonical_bytes(content), key=key.derive(Purpose.ANCHOR), digest_size=32).digest()


def digest_of(path: Path) -> bytes:
    """Return the SHA-256 of the file (0.6 s per gigabyte here). Raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
