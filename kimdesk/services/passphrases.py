"""Generated passphrases: six words drawn from a German list of 7,776 (decision 010)."""

from __future__ import annotations

import math
import secrets
from importlib import resources

WORD_COUNT = 6
_PACKAGE, _LIST = "xkcdpass", "static/ger-long"


def german_words() -> tuple[str, ...]:
    """Return the word list: lower-case German words, each once (6⁵ of them, as for five dice)."""
    text = (resources.files(_PACKAGE) / _LIST).read_text(encoding="utf-8")
    return tuple(dict.fromkeys(text.split()))


def suggest_passphrase(words: int = WORD_COUNT) -> str:
    """Return `words` random words joined by hyphens: 77 bits for six of 7,776."""
    pool = german_words()
    return "-".join(secrets.choice(pool) for _ in range(words))


def suggestion_bits(words: int = WORD_COUNT) -> float:
    """Return the entropy of a suggestion in bits."""
    return words * math.log2(len(german_words()))
