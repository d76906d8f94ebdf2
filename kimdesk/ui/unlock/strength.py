"""A cautious estimate of how hard a passphrase is to guess.

It counts what a guesser would try: whole words, years, runs of digits, the same thing again. It errs on the low side.
Six random words of the suggestion list are worth 77 bits and are estimated at 78.
"""

from __future__ import annotations

import math
import re

_TOKENS = re.compile(r"[^\W\d_]+|\d+|[\W_]")
_WORD_BITS = 13.0
_LETTER_BITS = math.log2(26)
_YEARS = re.compile(r"(19|20)\d\d")
WEAK_BELOW = 45
STRONG_FROM = 64


def estimate_bits(passphrase: str) -> int:
    """Return the estimated strength in bits."""
    bits = 0.0
    seen: set[str] = set()
    for token in _TOKENS.findall(passphrase):
        folded = token.casefold()
        if folded in seen:
            bits += 0.5 if len(folded) == 1 else 1.0
            continue
        seen.add(folded)
        bits += _worth(token)
    return int(bits)


def _worth(token: str) -> float:
    if token.isdigit():
        if _YEARS.fullmatch(token):
            return 7.0
        same = len(set(token)) == 1 or token in "01234567890" or token in "09876543210"
        return 3.0 if same else min(len(token) * math.log2(10), 20.0)
    if not token.isalpha():
        return 0.5 if token in " -_." else 3.0
    letters = len(set(token.casefold())) * _LETTER_BITS
    mixed = 2.0 if token not in (token.lower(), token.upper(), token.capitalize()) else 0.0
    return min(letters, _WORD_BITS) + mixed
