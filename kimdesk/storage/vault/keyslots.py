"""keyslots.json: the wrapped copies of the vault's key, and what is known of a vault before it is open.

The file is canonical JSON. Everything in it but the wrapped keys is readable without a key, so it
holds no personal data. Three things guard it:

* ``check`` (a plain hash of all else) tells damage from tampering, each slot's own ``check`` a damaged slot from a
  wrong passphrase;
* each slot's AEAD covers vault id, version and the slot's own fields, so lowered parameters do not open;
* ``mac`` covers the whole header under a key derived from the vault's, so a removed slot, an older
  or a changed header shows once the vault is open.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.foundation.files import write_atomically
from kimdesk.storage.vault.errors import KeyslotsDamaged, NotAVault, VaultTooNew
from kimdesk.storage.vault.key import Purpose, VaultKey
from kimdesk.storage.vault.slot import Slot, parse_moment, parse_slot, plain_hash, slot_item

FILE_NAME = "keyslots.json"
MAGIC = "kimdesk-vault"
VERSION = 2
MAXIMUM_BYTES = 64 * 1024
MAXIMUM_SLOTS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The whole of keyslots.json. `demo_passphrase` is set for a demonstration vault only and stands in clear.

    It is empty for one that was given a passphrase of its own.
    """

    vault_id: UUID
    name: str
    created_at: datetime
    demo_passphrase: str | None = None
    generation: int = 1
    version: int = VERSION
    slots: tuple[Slot, ...] = field(default=())
    mac: bytes = b""
    damaged: bool = False

    def slot(self, slot_id: UUID) -> Slot:
        """Return the slot of that id. Raises `KeyError`."""
        for slot in self.slots:
            if slot.id == slot_id:
                return slot
        raise KeyError(slot_id)

    def with_slots(self, slots: tuple[Slot, ...]) -> Header:
        """Return the next generation, with these slots and no MAC yet."""
        return replace(self, slots=slots, generation=self.generation + 1, mac=b"")


def sealed_header(header: Header, key: VaultKey) -> Header:
    """Return `header` with its MAC."""
    header = replace(header, version=VERSION)
    return replace(header, mac=_mac(header, key))


def is_authentic(header: Header, key: VaultKey) -> bool:
    """Return whether the header is what the program last wrote with `key`."""
    return hmac.compare_digest(header.mac, _mac(header, key))


def _mac(header: Header, key: VaultKey) -> bytes:
    return hashlib.blake2b(canonical_bytes(_fields(header)), key=key.derive(Purpose.HEADER), digest_size=32).digest()


def _fields(header: Header) -> dict[str, Any]:
    """Return what the MAC covers: everything but the MAC and the plain hash."""
    return {
        "magic": MAGIC,
        "version": header.version,
        "vault": header.vault_id.hex,
        "name": header.name,
        "created": header.created_at.isoformat(),
        "demo_passphrase": header.demo_passphrase,
        "generation": header.generation,
        "slots": [slot_item(header.vault_id, slot) for slot in header.slots],
    }


def _file_bytes(header: Header) -> bytes:
    content = {**_fields(header), "mac": header.mac.hex()}
    return canonical_bytes({**content, "check": plain_hash(canonical_bytes(content))})


def write_header(folder: Path, header: Header) -> None:
    """Write the header with its MAC; the previous file stays as ``keyslots.json.bak``. Raises `OSError`."""
    if not header.mac:
        raise ValueError("a header is written with its MAC")
    write_atomically(folder / FILE_NAME, _file_bytes(header), keep_previous=True)


def write_first_header(folder: Path, header: Header) -> None:
    """Write the header of a new vault together with its copy, so that one flipped bit locks nobody out."""
    write_header(folder, header)
    write_header(folder, header)


def is_on_disk(folder: Path, header: Header) -> bool:
    """Return whether keyslots.json is byte for byte this header."""
    return _holds(folder / FILE_NAME, header)


def _holds(path: Path, header: Header) -> bool:
    try:
        return _read_limited(path) == _file_bytes(header)
    except (OSError, ValueError):
        return False


def heal_header(folder: Path, header: Header) -> bool:
    """Write `header` over a damaged file it was read around; return whether that was needed. Raises `OSError`.

    `header` has just opened the vault, so its copy need not be an older one any more: it becomes the same, and one
    flipped bit locks nobody out who has changed the passphrase.
    """
    damaged = not is_on_disk(folder, header)
    if damaged:
        write_atomically(folder / FILE_NAME, _file_bytes(header))
    copy = folder / f"{FILE_NAME}.bak"
    if not _holds(copy, header):
        with contextlib.suppress(OSError):  # the next unlock tries again
            write_atomically(copy, _file_bytes(header))
    return damaged


def read_header(folder: Path) -> Header:
    """Return the header; where the file is damaged, its copy helps out as far as it is of the same generation.

    Marks the header and its slots `damaged` where neither helps. Raises `NotAVault`, `VaultTooNew`, `KeyslotsDamaged`.
    """
    path, previous_path = folder / FILE_NAME, folder / f"{FILE_NAME}.bak"
    if not path.is_file() and not previous_path.is_file():
        raise NotAVault
    header = _read_one(path)
    if header is not None and not header.damaged:
        return header
    previous = _read_one(previous_path)
    if header is None:
        if previous is None:
            raise KeyslotsDamaged
        return previous
    if previous is None or previous.damaged:
        return header
    same_slots = {slot.id for slot in previous.slots} == {slot.id for slot in header.slots}
    if same_slots or previous.generation == header.generation:
        return previous
    spare = {slot.id: slot for slot in previous.slots}
    return replace(header, slots=tuple(spare.get(slot.id, slot) if slot.damaged else slot for slot in header.slots))


def _read_one(path: Path) -> Header | None:
    try:
        return _parse(_read_limited(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _read_limited(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MAXIMUM_BYTES + 1)
    if len(data) > MAXIMUM_BYTES:
        raise ValueError("too long")
    return data


def _parse(data: bytes) -> Header:
    content = json.loads(data.decode("utf-8"))
    if content["magic"] != MAGIC:
        raise ValueError("another file")
    if not isinstance(content["version"], int) or content["version"] < 1:
        raise ValueError("no version")
    # This hash is the same in every version, so that a flipped bit does not pass for a newer program's file.
    is_whole = content.pop("check") == plain_hash(canonical_bytes(content))
    if content["version"] > VERSION:
        if not is_whole:
            raise ValueError("damaged")
        raise VaultTooNew
    if len(content["slots"]) > MAXIMUM_SLOTS:
        raise ValueError("too many slots")
    header_id = UUID(hex=content["vault"])
    demo_passphrase = content["demo_passphrase"]
    if demo_passphrase is not None:
        demo_passphrase = str(demo_passphrase)[:100]
    generation = content["generation"]
    if not isinstance(generation, int):
        raise TypeError("no generation")
    return Header(
        vault_id=header_id,
        name=str(content["name"])[:100],
        created_at=parse_moment(content["created"]),
        demo_passphrase=demo_passphrase,
        generation=generation,
        version=content["version"],
        slots=tuple(slot for item in content["slots"] if (slot := parse_slot(header_id, item)) is not None),
        mac=bytes.fromhex(content["mac"]),
        damaged=not is_whole,
    )
