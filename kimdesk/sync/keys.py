"""The keys of both sides: the laptop's device identity and the coordinating office's pair."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey

from kimdesk.sync.errors import NotForThisCoordinator


class DeviceIdentity:
    """The laptop's Ed25519 signing key, made at enrolment. Its 32-byte seed is kept in the vault and nowhere else."""

    def __init__(self, seed: bytes) -> None:
        self._key = SigningKey(seed)

    @classmethod
    def generate(cls) -> DeviceIdentity:
        """Return a new random identity."""
        return cls(bytes(SigningKey.generate()))

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes the vault keeps."""
        return bytes(self._key)

    @property
    def public_key(self) -> bytes:
        """The 32-byte Ed25519 public key that the coordinating office keeps."""
        return bytes(self._key.verify_key)

    @property
    def signing_key(self) -> SigningKey:
        """The key object for signing."""
        return self._key

    def __repr__(self) -> str:
        return "DeviceIdentity(…)"


@dataclass(frozen=True)
class CoordinatorCard:
    """The coordinating office's public keys: X25519 for sealing, Ed25519 for its signatures."""

    sealing_key: bytes
    receipt_key: bytes

    @property
    def key_id(self) -> str:
        """SHA-256 over both keys, as 64 hexadecimal digits."""
        return hashlib.sha256(b"kimdesk-coordinator-1\0" + self.sealing_key + self.receipt_key).hexdigest()

    @property
    def fingerprint(self) -> str:
        """The first 80 bits of the key id in groups of four, for comparing on the telephone."""
        digits = self.key_id[:20].upper()
        return " ".join(digits[place : place + 4] for place in range(0, 20, 4))

    def seal(self, plain: bytes) -> bytes:
        """Return `plain` sealed so that only this office can open it (X25519 sealed box)."""
        return SealedBox(PublicKey(self.sealing_key)).encrypt(plain)


class CoordinatorKeys:
    """The coordinating office's secret keys."""

    def __init__(self, sealing_secret: bytes, receipt_seed: bytes) -> None:
        self._sealing = PrivateKey(sealing_secret)
        self._receipt = SigningKey(receipt_seed)

    @classmethod
    def generate(cls) -> CoordinatorKeys:
        """Return new random keys."""
        return cls(bytes(PrivateKey.generate()), bytes(SigningKey.generate()))

    @property
    def sealing_secret(self) -> bytes:
        """The 32 secret bytes of the sealing key."""
        return bytes(self._sealing)

    @property
    def receipt_seed(self) -> bytes:
        """The 32 secret bytes of the signing key."""
        return bytes(self._receipt)

    @property
    def receipt_key(self) -> SigningKey:
        """The key object that signs invitations, confirmations, receipts and notices."""
        return self._receipt

    @property
    def card(self) -> CoordinatorCard:
        """The public half."""
        return CoordinatorCard(bytes(self._sealing.public_key), bytes(self._receipt.verify_key))

    def open(self, sealed: bytes) -> bytes:
        """Return the plain bytes of what was sealed to this office, or raise `NotForThisCoordinator`."""
        try:
            return SealedBox(self._sealing).decrypt(sealed)
        except (CryptoError, ValueError, TypeError):
            raise NotForThisCoordinator() from None

    def __repr__(self) -> str:
        return "CoordinatorKeys(…)"
