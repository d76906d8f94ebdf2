"""One written form for what people spell differently: case, umlauts, ß and accents.

"Größe", "GROESSE" and "grösse" become ``groesse``. Index and query are folded alike, so that either spelling finds
the other.
"""

from __future__ import annotations

import unicodedata

_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ı": "i"}


class _Table(dict[int, str]):
    """Folds one character at a time and remembers it."""

    def __missing__(self, code: int) -> str:
        folded = "".join(
            _GERMAN.get(letter) or _without_marks(letter) for letter in chr(code).lower() if letter != "\u0307"
        )
        self[code] = folded
        return folded


def _without_marks(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if unicodedata.category(part) != "Mn")


_TABLE = _Table()


def fold(text: str) -> str:
    """Return the folded form of `text`; it may be longer or shorter."""
    return unicodedata.normalize("NFC", text).translate(_TABLE)


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """Return the folded form of `text` (taken as it is, in form C) and for each of its characters the index of the
    character of `text` it came from, with the length of `text` at the end."""
    parts: list[str] = []
    places: list[int] = []
    for index, letter in enumerate(text):
        folded = _TABLE[ord(letter)]
        parts.append(folded)
        places.extend([index] * len(folded))
    places.append(len(text))
    return "".join(parts), places
