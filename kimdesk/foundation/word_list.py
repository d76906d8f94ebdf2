"""The German word list passphrases and recovery sheets are made of: 7,776 words (decision 010)."""

from __future__ import annotations

from functools import cache
from importlib import resources

_PACKAGE, _LIST = "xkcdpass", "static/ger-long"


@cache
def german_words() -> tuple[str, ...]:
    """Return the word list: lower-case German words of plain letters, each once (6⁵ of them, as for five dice).

    Their order is part of every printed recovery sheet, so it must never change; a test holds it.
    """
    text = (resources.files(_PACKAGE) / _LIST).read_text(encoding="utf-8")
    return tuple(dict.fromkeys(text.split()))


@cache
def german_word_places() -> dict[str, int]:
    """Return each word's place in the list, from 0."""
    return {word: place for place, word in enumerate(german_words())}
