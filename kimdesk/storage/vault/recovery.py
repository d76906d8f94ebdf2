"""The recovery key: 160 random bits with 20 bits of checksum, written as nine groups or as fourteen words.

Groups: Crockford's Base32 (https://www.crockford.com/base32.html), no I, L, O, U; when read, small letters, spaces
and dashes do not matter and I, L, O stand for 1, 1, 0. Words: the same 180 bits in base 7,776, the digits being places
in the German word list; capitals, umlauts and what stands between the words do not matter. Either way a slip shows.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from kimdesk.foundation.word_list import german_word_places, german_words

WORD_COUNT = 14
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, "–": None, " ": None, "\t": None, "\n": None})
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SECRET_BYTES = 20
_SECRET_SYMBOLS = 32
_CHECK_SYMBOLS = 4
_GROUP = 4
_CHECK_BITS = 20
_WORDS_OF_A_TRY = range(WORD_COUNT - 2, WORD_COUNT + 3)


def new_recovery_key() -> str:
    """Return a new recovery key such as ``7HPK-…-Q2ZD`` (160 random bits and 20 bits of checksum)."""
    secret = secrets.token_bytes(_SECRET_BYTES)
    symbols = _encode(int.from_bytes(secret), _SECRET_SYMBOLS) + _checksum(secret)
    return "-".join(symbols[start : start + _GROUP] for start in range(0, len(symbols), _GROUP))


def recovery_words(key: str) -> tuple[str, ...]:
    """Return the fourteen words of a recovery key given in groups. Raises `ValueError` where it is none."""
    secret = _secret_of_groups(key)
    if secret is None:
        raise ValueError("this is no recovery key")
    number = (int.from_bytes(secret) << _CHECK_BITS) | _check_number(secret)
    words, places = german_words(), []
    for _ in range(WORD_COUNT):
        number, place = divmod(number, len(words))
        places.append(place)
    return tuple(words[place] for place in reversed(places))


def recovery_secret(text: str) -> bytes | None:
    """Return the 20 bytes of a recovery key as typed, in groups or in words; None where `text` is none or has a slip.

    What a scanner reads from the sheet's QR code are the groups.
    """
    found = _secret_of_groups(text)
    if found is not None:
        return found
    typed = _words_of(text)
    return _secret_of_words(typed) if len(typed) == WORD_COUNT else None


def unknown_words(text: str) -> tuple[int, ...]:
    """Return the places (from 1) of words that stand in no recovery key, where `text` looks like one in words."""
    typed, known = _words_of(text), german_word_places()
    unknown = tuple(place for place, word in enumerate(typed, start=1) if word not in known)
    is_a_try = len(typed) in _WORDS_OF_A_TRY and len(unknown) * 2 < len(typed)
    return unknown if is_a_try else ()


def _secret_of_groups(text: str) -> bytes | None:
    symbols = text.strip().upper().translate(_LOOK_ALIKE)
    if len(symbols) != _SECRET_SYMBOLS + _CHECK_SYMBOLS or not set(symbols) <= set(_ALPHABET):
        return None
    number = 0
    for symbol in symbols[:_SECRET_SYMBOLS]:
        number = number * 32 + _ALPHABET.index(symbol)
    secret = number.to_bytes(_SECRET_BYTES)
    return secret if _checksum(secret) == symbols[_SECRET_SYMBOLS:] else None


def _words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower().translate(_SPELLED_OUT))


def _secret_of_words(typed: list[str]) -> bytes | None:
    places = german_word_places()
    number = 0
    for word in typed:
        place = places.get(word)
        if place is None:
            return None
        number = number * len(places) + place
    high, check = number >> _CHECK_BITS, number & ((1 << _CHECK_BITS) - 1)
    if high.bit_length() > _SECRET_BYTES * 8:
        return None
    secret = high.to_bytes(_SECRET_BYTES)
    return secret if _check_number(secret) == check else None


def _check_number(secret: bytes) -> int:
    digest = hashlib.blake2b(secret, digest_size=4, person=b"kimdesk-recover").digest()
    return int.from_bytes(digest) >> 12


def _checksum(secret: bytes) -> str:
    return _encode(_check_number(secret), _CHECK_SYMBOLS)


def _encode(number: int, symbols: int) -> str:
    letters = []
    for _ in range(symbols):
        number, rest = divmod(number, 32)
        letters.append(_ALPHABET[rest])
    return "".join(reversed(letters))
