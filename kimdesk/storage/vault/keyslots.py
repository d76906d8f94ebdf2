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
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import nacl.exceptions
from nacl.secret import Aead

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.foundation.files import write_atomically
from kimdesk.storage.vault.errors import KeyslotsDamaged, NotAVault, VaultTooNew
from kimdesk.storage.vault.kdf import SALT_BYTES, Cost, KeyDerivation
from kimdesk.storage.vault.key import Purpose, VaultKey

FILE_NAME = "keyslots.json"
MAGIC = "kimdesk-vault"
VERSION = 1
MAXIMUM_BYTES = 64 * 1024
MAXIMUM_SLOTS = 16
_ALGORITHM = "argon2id"


class SlotKind(StrEnum):
    """Whose way into the vault a slot is."""

    USER = "user"
    DEPUTY = "deputy"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One wrapped copy of the vault's key. `label` is shown and logged ("Vertretung 1"), never a client's name."""

    id: UUID
    kind: SlotKind
    label: str
    created_at: datetime
    expires_at: datetime | None
    cost: Cost
    salt: bytes
    nonce: bytes
    wrapped: bytes
    damaged: bool = False

    def fields(self) -> dict[str, Any]:
        """Return what the wrapped key is bound to."""
        return {
            "id": self.id.hex,
            "kind": self.kind.value,
            "label": self.label,
            "created": self.created_at.isoformat(),
            "expires": self.expires_at.isoformat() if self.expires_at else None,
            "kdf": {
                "algorithm": _ALGORITHM,
                "memory_bytes": self.cost.memory_bytes,
                "passes": self.cost.passes,
                "lanes": 1,
            },
            "salt": self.salt.hex(),
            "nonce": self.nonce.hex(),
        }


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


def new_slot(
    header_id: UUID,
    key: VaultKey,
    secret: bytes,
    *,
    kind: SlotKind,
    label: str,
    created_at: datetime,
    derivation: KeyDerivation,
    expires_at: datetime | None = None,
    cost: Cost | None = None,
) -> Slot:
    """Return a slot that wraps `key` under `secret`. Takes about a second; `cost` skips the calibration."""
    slot = Slot(
        id=uuid4(),
        kind=kind,
        label=label,
        created_at=created_at,
        expires_at=expires_at,
        cost=cost or derivation.cost_for_new_slot(),
        salt=secrets.token_bytes(SALT_BYTES),
        nonce=secrets.token_bytes(Aead.NONCE_SIZE),
        wrapped=b"",
    )
    wrapping = Aead(derivation.derive(secret, slot.salt, slot.cost))
    sealed = wrapping.encrypt(key.raw(), aad=_associated_data(header_id, slot), nonce=slot.nonce)
    return replace(slot, wrapped=sealed.ciphertext)


def open_slot(header_id: UUID, slot: Slot, secret: bytes, derivation: KeyDerivation) -> VaultKey | None:
    """Return the vault's key, or None where `secret` is not the slot's. Raises `KeyslotsDamaged`, `NotEnoughMemory`."""
    wrapping = Aead(derivation.derive(secret, slot.salt, slot.cost))
    try:
        return VaultKey(wrapping.decrypt(slot.wrapped, aad=_associated_data(header_id, slot), nonce=slot.nonce))
    except nacl.exceptions.CryptoError:
        return None


def _associated_data(header_id: UUID, slot: Slot) -> bytes:
    return canonical_bytes({"vault": header_id.hex, "version": VERSION, "slot": slot.fields()})


def sealed_header(header: Header, key: VaultKey) -> Header:
    """Return `header` with its MAC."""
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
        "version": VERSION,
        "vault": header.vault_id.hex,
        "name": header.name,
        "created": header.created_at.isoformat(),
        "demo_passphrase": header.demo_passphrase,
        "generation": header.generation,
        "slots": [
            {**slot.fields(), "key": slot.wrapped.hex(), "check": _check(header.vault_id, slot)}
            for slot in header.slots
        ],
    }


def _file_bytes(header: Header) -> bytes:
    content = {**_fields(header), "mac": header.mac.hex()}
    return canonical_bytes({**content, "check": _plain_hash(canonical_bytes(content))})


def _check(header_id: UUID, slot: Slot) -> str:
    return _plain_hash(_associated_data(header_id, slot) + slot.wrapped)


def _plain_hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


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
    is_whole = content.pop("check") == _plain_hash(canonical_bytes(content))
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
        created_at=_moment(content["created"]),
        demo_passphrase=demo_passphrase,
        generation=generation,
        slots=tuple(slot for item in content["slots"] if (slot := _parse_slot(header_id, item)) is not None),
        mac=bytes.fromhex(content["mac"]),
        damaged=not is_whole,
    )


def _parse_slot(header_id: UUID, item: dict[str, Any]) -> Slot | None:
    """Return the slot, marked where it is damaged; one that makes no sense at all is left out and the MAC shows it."""
    try:
        memory, passes = item["kdf"]["memory_bytes"], item["kdf"]["passes"]
        if item["kdf"]["algorithm"] != _ALGORITHM or type(memory) is not int or type(passes) is not int:
            return None
        slot = Slot(
            id=UUID(hex=item["id"]),
            kind=SlotKind(item["kind"]),
            label=str(item["label"])[:100],
            created_at=_moment(item["created"]),
            expires_at=_moment(item["expires"]) if item["expires"] is not None else None,
            cost=Cost(memory, passes),
            salt=bytes.fromhex(item["salt"]),
            nonce=bytes.fromhex(item["nonce"]),
            wrapped=bytes.fromhex(item["key"]),
        )
        damaged = item["check"] != _check(header_id, slot) or len(slot.nonce) != Aead.NONCE_SIZE
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return replace(slot, damaged=damaged)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without zone")
    return moment
