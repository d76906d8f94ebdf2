"""Passphrases of the dashboard's users: generated, kept as Argon2id."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

from nacl import pwhash
from nacl.exceptions import CryptoError

# Without letters and digits that are mistaken for each other when read from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 5
_GROUP_LENGTH = 5
MAX_PASSPHRASE_BYTES = 1_024


@dataclass(frozen=True)
class HashCost:
    """What one Argon2id costs: passes, and memory in bytes."""

    passes: int = pwhash.argon2id.OPSLIMIT_MODERATE
    memory_bytes: int = pwhash.argon2id.MEMLIMIT_MODERATE


def new_passphrase() -> str:
    """Return five groups of five characters, about 123 random bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


class PassphraseHasher:
    """Makes and checks Argon2id hashes, one at a time, so that a flood of logins cannot exhaust the memory."""

    def __init__(self, cost: HashCost | None = None) -> None:
        self._cost = cost or HashCost()
        self._lock = threading.Lock()
        self._nobody: str | None = None

    def hash(self, passphrase: str) -> str:
        """Return the encoded hash, with its salt and cost inside."""
        with self._lock:
            return self._hash(passphrase)

    def _hash(self, passphrase: str) -> str:
        secret = passphrase.encode("utf-8")
        return pwhash.argon2id.str(secret, self._cost.passes, self._cost.memory_bytes).decode("ascii")

    def check(self, passphrase: str, encoded: str | None) -> bool:
        """Return whether the passphrase fits; for an unknown user (None) it works as long and returns False."""
        secret = passphrase.encode("utf-8", "replace")
        if len(secret) > MAX_PASSPHRASE_BYTES:
            return False
        with self._lock:
            if encoded is None:
                self._nobody = self._nobody or self._hash(secrets.token_hex(16))
            try:
                fits = pwhash.verify((encoded or self._nobody or "").encode("ascii"), secret)
            except CryptoError:
                return False
            return fits and encoded is not None
