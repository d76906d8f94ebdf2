"""Generated passphrases: six words drawn from a German list of 7,776 (decision 010)."""

from __future__ import annotations

import math
import secrets

from kimdesk.foundation.word_list import german_words

WORD_COUNT = 6


def suggest_passphrase(words: int = WORD_COUNT) -> str:
    """Return `words` random words joined by hyphens: 77 bits for six of 7,776."""
    listed = german_words()
    return "-".join(secrets.choice(listed) for _ in range(words))


def suggestion_bits(words: int = WORD_COUNT) -> float:
    """Return the entropy of a suggestion in bits."""
    return words * math.log2(len(german_words()))
