"""One way into the vault: the vault's key, wrapped under a secret.

From the secret Argon2id derives the *wrapping key*. Under it lie, each as XChaCha20-Poly1305:

* ``key``: the vault's key. What it is bound to (associated data): vault id, version, the slot's own fields.
* ``private``: the private half of the slot's own X25519 pair, and the public key of the vault's *sender*.

The pair is for the rotation, which has only one secret at hand: for every other slot the new key is put into a box
(``boxed``: X25519, XSalsa20-Poly1305) from the vault's sender to the slot, and ``key`` is empty until that slot opens
the vault the next time. Only who had the vault open has the sender's private half; nobody else can make such a box.
A slot of version 1 has no pair (decision 036).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import nacl.exceptions
from nacl.public import Box, PrivateKey, PublicKey
from nacl.secret import Aead

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.storage.vault.kdf import SALT_BYTES, Cost, KeyDerivation
from kimdesk.storage.vault.key import VaultKey

VERSION = 2
_ALGORITHM = "argon2id"
_PAIR_BYTES = 32


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
    nonce: bytes = b""
    wrapped: bytes = b""
    version: int = VERSION
    public: bytes = b""
    private: bytes = b""
    boxed: bytes = b""
    damaged: bool = False

    @property
    def can_be_carried_over(self) -> bool:
        """Return whether a rotation can hand this slot the new key without its secret."""
        return bool(self.public)

    def fields(self) -> dict[str, Any]:
        """Return what the wrapped key is bound to."""
        fields: dict[str, Any] = {
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
        if self.version > 1:
            fields |= {"version": self.version, "public": self.public.hex()}
        return fields


@dataclass(frozen=True, slots=True)
class Opened:
    """What a secret opened: the vault's key, and what its slot is wrapped under."""

    key: VaultKey
    slot: Slot
    wrapping_key: bytes
    sender: PublicKey | None

    def __repr__(self) -> str:
        return "Opened(…)"

    @property
    def is_outdated(self) -> bool:
        """Return whether the slot has no pair yet, or holds its key in a box since a rotation."""
        return self.slot.version < VERSION or not self.slot.wrapped

    def refreshed(self, header_id: UUID, sender: PublicKey) -> Slot:
        """Return the slot in today's form: its own wrapped key, a new pair, and the vault's `sender`."""
        return _wrapped(header_id, self.slot, self.key, self.wrapping_key, sender)


def new_slot(
    header_id: UUID,
    key: VaultKey,
    secret: bytes,
    *,
    kind: SlotKind,
    label: str,
    created_at: datetime,
    derivation: KeyDerivation,
    sender: PublicKey,
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
    )
    return _wrapped(header_id, slot, key, derivation.derive(secret, slot.salt, slot.cost), sender)


def open_slot(header_id: UUID, slot: Slot, secret: bytes, derivation: KeyDerivation) -> Opened | None:
    """Return the vault's key, or None where `secret` is not the slot's. Raises `KeyslotsDamaged`, `NotEnoughMemory`."""
    wrapping_key = derivation.derive(secret, slot.salt, slot.cost)
    wrapping, sender = Aead(wrapping_key), None
    try:
        if slot.private:
            pair = wrapping.decrypt(slot.private, aad=_pair_data(header_id, slot))
            private, sender = PrivateKey(pair[:_PAIR_BYTES]), PublicKey(pair[_PAIR_BYTES:])
        if slot.wrapped:
            raw = wrapping.decrypt(slot.wrapped, aad=_key_data(header_id, slot), nonce=slot.nonce)
        elif sender is not None:
            raw = Box(private, sender).decrypt(slot.boxed)
        else:
            return None
    except (nacl.exceptions.CryptoError, ValueError):
        return None
    return Opened(VaultKey(raw), slot, wrapping_key, sender)


def carried_over(slot: Slot, key: VaultKey, sender: PrivateKey) -> Slot:
    """Return `slot` with a new vault key in a box to it; its secret is not needed. `slot` must have a pair."""
    if not slot.can_be_carried_over:
        raise ValueError("a slot without a pair needs its secret")
    box = bytes(Box(sender, PublicKey(slot.public)).encrypt(key.raw()))
    return replace(slot, nonce=b"", wrapped=b"", boxed=box)


def _wrapped(header_id: UUID, slot: Slot, key: VaultKey, wrapping_key: bytes, sender: PublicKey) -> Slot:
    """Return `slot` in today's version with `key` and a new pair wrapped under `wrapping_key`."""
    pair = PrivateKey.generate()
    slot = replace(
        slot,
        version=VERSION,
        public=bytes(pair.public_key),
        nonce=secrets.token_bytes(Aead.NONCE_SIZE),
        boxed=b"",
        damaged=False,
    )
    wrapping = Aead(wrapping_key)
    private = bytes(wrapping.encrypt(bytes(pair) + bytes(sender), aad=_pair_data(header_id, slot)))
    sealed = wrapping.encrypt(key.raw(), aad=_key_data(header_id, slot), nonce=slot.nonce)
    return replace(slot, private=private, wrapped=sealed.ciphertext)


def _key_data(header_id: UUID, slot: Slot) -> bytes:
    return canonical_bytes({"vault": header_id.hex, "version": slot.version, "slot": slot.fields()})


def _pair_data(header_id: UUID, slot: Slot) -> bytes:
    """Return what the pair is bound to: as the key, but for the key's own nonce, which a rotation takes away."""
    fields = {**slot.fields(), "nonce": ""}
    return canonical_bytes({"vault": header_id.hex, "version": slot.version, "pair": fields})


def slot_item(header_id: UUID, slot: Slot) -> dict[str, Any]:
    """Return the slot as it stands in keyslots.json."""
    item = {**slot.fields(), "key": slot.wrapped.hex()}
    if slot.version > 1:
        item |= {"private": slot.private.hex(), "boxed": slot.boxed.hex()}
    return {**item, "check": _check(header_id, slot)}


def _check(header_id: UUID, slot: Slot) -> str:
    return plain_hash(_key_data(header_id, slot) + slot.wrapped + slot.private + slot.boxed)


def plain_hash(data: bytes) -> str:
    """Return a short hash that shows damage, not tampering."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def parse_slot(header_id: UUID, item: dict[str, Any]) -> Slot | None:
    """Return the slot, marked where it is damaged; one that makes no sense at all is left out and the MAC shows it."""
    try:
        memory, passes = item["kdf"]["memory_bytes"], item["kdf"]["passes"]
        version = item.get("version", 1)
        if item["kdf"]["algorithm"] != _ALGORITHM or type(memory) is not int or type(passes) is not int:
            return None
        if type(version) is not int or not 1 <= version <= VERSION:
            return None
        slot = Slot(
            id=UUID(hex=item["id"]),
            kind=SlotKind(item["kind"]),
            label=str(item["label"])[:100],
            created_at=parse_moment(item["created"]),
            expires_at=parse_moment(item["expires"]) if item["expires"] is not None else None,
            cost=Cost(memory, passes),
            salt=bytes.fromhex(item["salt"]),
            nonce=bytes.fromhex(item["nonce"]),
            wrapped=bytes.fromhex(item["key"]),
            version=version,
            public=bytes.fromhex(item.get("public", "")),
            private=bytes.fromhex(item.get("private", "")),
            boxed=bytes.fromhex(item.get("boxed", "")),
        )
        damaged = item["check"] != _check(header_id, slot) or not _is_well_formed(slot)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return replace(slot, damaged=damaged)


def _is_well_formed(slot: Slot) -> bool:
    if slot.version > 1 and len(slot.public) != _PAIR_BYTES:
        return False
    return len(slot.nonce) == Aead.NONCE_SIZE if slot.wrapped else bool(slot.boxed and slot.private)


def parse_moment(text: str) -> datetime:
    """Return an aware moment. Raises `ValueError`, `TypeError`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without zone")
    return moment
