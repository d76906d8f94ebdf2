"""From a passphrase to a key: Argon2id with a floor, a ceiling and a calibration.

A header can be tampered with before the passphrase is known, so its parameters are held against
the limits first: below the floor a guess would be cheap, above the ceiling the header would
exhaust memory or time.
"""

from __future__ import annotations

import time
import unicodedata
from dataclasses import dataclass

import nacl.exceptions
from nacl.pwhash import argon2id

from kimdesk.storage.vault.errors import KeyslotsDamaged, NotEnoughMemory

MEBIBYTE = 1024 * 1024
SALT_BYTES = argon2id.SALTBYTES
KEY_BYTES = 32
TARGET_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What one derivation costs: memory in bytes and passes over it, in one lane."""

    memory_bytes: int
    passes: int


@dataclass(frozen=True, slots=True)
class KeyDerivation:
    """How keys are derived: the cost of new slots, the limits for existing ones, whether to calibrate.

    The program uses `STANDARD`, and `PUBLIC` where the passphrase is no secret. Tests inject a cheap one of their own
    with its own floor; the floor is a property of the object, so a vault made with it does not open with `STANDARD`.
    """

    cost: Cost
    floor: Cost
    ceiling: Cost
    calibrated: bool

    def cost_for_new_slot(self) -> Cost:
        """Return the cost of a new slot: `cost`, with more passes where this machine does one in under a second.

        Where its memory is not to be had, half of it with twice the passes, down to the floor. Raises
        `NotEnoughMemory` where there is not even that.
        """
        if not self.calibrated:
            return self.cost
        cost = self.cost
        while True:
            begun = time.perf_counter()
            try:
                self._derive(b"calibration", bytes(SALT_BYTES), cost)
            except NotEnoughMemory:
                if cost.memory_bytes <= self.floor.memory_bytes:
                    raise
                halved = max(cost.memory_bytes // 2, self.floor.memory_bytes)
                cost = Cost(halved, min(cost.passes * 2, self.ceiling.passes))
                continue
            elapsed = max(time.perf_counter() - begun, 0.001)
            passes = round(cost.passes * TARGET_SECONDS / elapsed)
            return Cost(cost.memory_bytes, min(max(passes, cost.passes), self.ceiling.passes))

    def accepts(self, cost: Cost) -> bool:
        """Return whether `cost` lies within floor and ceiling."""
        return (
            self.floor.memory_bytes <= cost.memory_bytes <= self.ceiling.memory_bytes
            and self.floor.passes <= cost.passes <= self.ceiling.passes
        )

    def derive(self, secret: bytes, salt: bytes, cost: Cost) -> bytes:
        """Return 32 bytes. Raises `KeyslotsDamaged` outside the limits, `NotEnoughMemory`."""
        if not self.accepts(cost) or len(salt) != SALT_BYTES:
            raise KeyslotsDamaged
        return self._derive(secret, salt, cost)

    @staticmethod
    def _derive(secret: bytes, salt: bytes, cost: Cost) -> bytes:
        try:
            return argon2id.kdf(KEY_BYTES, secret, salt, opslimit=cost.passes, memlimit=cost.memory_bytes)
        except (MemoryError, nacl.exceptions.RuntimeError) as error:
            raise NotEnoughMemory from error


_FLOOR = Cost(64 * MEBIBYTE, 3)
_CEILING = Cost(2048 * MEBIBYTE, 128)

STANDARD = KeyDerivation(Cost(256 * MEBIBYTE, 4), _FLOOR, _CEILING, calibrated=True)
"""The derivation of a real vault: 256 MiB, 4 passes, calibrated upwards to about one second."""

PUBLIC = KeyDerivation(_FLOOR, _FLOOR, _CEILING, calibrated=False)
"""The derivation of the demo vault, whose passphrase stands in its unlock window: the floor is enough."""


def passphrase_bytes(passphrase: str) -> bytes:
    """Return a passphrase as bytes: NFC, outer spaces gone, so that it is the same from every keyboard."""
    return unicodedata.normalize("NFC", passphrase.strip()).encode("utf-8")
