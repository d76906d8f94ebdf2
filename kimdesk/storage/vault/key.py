"""The vault's key in memory, and the keys derived from it."""

from __future__ import annotations

import hashlib
import secrets
from enum import Enum

KEY_BYTES = 32


class Purpose(Enum):
    """What a derived key is for; the value is BLAKE2b's personalisation (at most 16 bytes)."""

    HEADER = b"kimdesk/header"
    ANCHOR = b"kimdesk/anchor"
    AUDIT = b"kimdesk/audit"
    MANIFEST = b"kimdesk/manifest"


class VaultKey:
    """The 256-bit key of one vault, in memory that `wipe` overwrites.

    Copies that Python or a library makes on the way cannot be reached: that is why locking replaces the process.
    """

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError("a vault key has 32 bytes")
        self._raw = bytearray(raw)

    @classmethod
    def random(cls) -> VaultKey:
        """Return a new key from the system's generator."""
        return cls(secrets.token_bytes(KEY_BYTES))

    def __repr__(self) -> str:
        return "VaultKey(…)"

    def __reduce__(self) -> str:
        raise TypeError("a vault key is not pickled")

    def raw(self) -> bytes:
        """Return the key to be wrapped."""
        self._check()
        return bytes(self._raw)

    def sqlcipher_literal(self) -> bytearray:
        """Return the key as SQLCipher's raw form ``x'…'``; overwrite it after use."""
        self._check()
        return bytearray(b"x'" + self._raw.hex().encode("ascii") + b"'")

    def derive(self, purpose: Purpose) -> bytes:
        """Return the 32-byte key for `purpose`; it tells nothing about the vault key."""
        self._check()
        return hashlib.blake2b(key=bytes(self._raw), person=purpose.value, digest_size=32).digest()

    def wipe(self) -> None:
        """Overwrite the key. Using it afterwards is a bug."""
        overwrite(self._raw)
        self._raw.clear()

    def _check(self) -> None:
        if not self._raw:
            raise RuntimeError("the vault is closed")


def overwrite(memory: bytearray) -> None:
    """Fill `memory` with zeros in place."""
    memory[:] = bytes(len(memory))
