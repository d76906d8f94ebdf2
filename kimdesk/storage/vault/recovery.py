"""The recovery key: 160 random bits as nine groups of four letters and digits, with a checksum.

Crockford's Base32 (https://www.crockford.com/base32.html): no I, L, O, U; when read, small letters, spaces
and dashes do not matter and I, L, O stand for 1, 1, 0.
"""

from __future__ import annotations

import hashlib
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, "–": None, " ": None, "\t": None, "\n": None})
_SECRET_BYTES = 20
_SECRET_SYMBOLS = 32
_CHECK_SYMBOLS = 4
_GROUP = 4


def new_recovery_key() -> str:
    """Return a new recovery key such as ``7HPK-…-Q2ZD`` (160 random bits and 20 bits of checksum)."""
    secret = secrets.token_bytes(_SECRET_BYTES)
    symbols = _encode(int.from_bytes(secret), _SECRET_SYMBOLS) + _checksum(secret)
    return "-".join(symbols[start : start + _GROUP] for start in range(0, len(symbols), _GROUP))


def recovery_secret(text: str) -> bytes | None:
    """Return the 20 bytes of a recovery key as typed, or None where `text` is none or has a slip in it."""
    symbols = text.strip().upper().translate(_LOOK_ALIKE)
    if len(symbols) != _SECRET_SYMBOLS + _CHECK_SYMBOLS or not set(symbols) <= set(_ALPHABET):
        return None
    number = 0
    for symbol in symbols[:_SECRET_SYMBOLS]:
        number = number * 32 + _ALPHABET.index(symbol)
    secret = number.to_bytes(_SECRET_BYTES)
    return secret if _checksum(secret) == symbols[_SECRET_SYMBOLS:] else None


def _checksum(secret: bytes) -> str:
    digest = hashlib.blake2b(secret, digest_size=4, person=b"kimdesk-recover").digest()
    return _encode(int.from_bytes(digest) >> 12, _CHECK_SYMBOLS)


def _encode(number: int, symbols: int) -> str:
    letters = []
    for _ in range(symbols):
        number, rest = divmod(number, 32)
        letters.append(_ALPHABET[rest])
    return "".join(reversed(letters))
