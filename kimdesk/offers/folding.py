"""One written form for what people spell differently: case, umlauts, ß and accents.

"Größe", "GROESSE" and "grösse" become ``groesse``. Index and query are folded alike, so that either spelling finds
the other.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

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


class Folded:
    """A text in folded form that knows where its letters came from."""

    _STEP = 64

    def __init__(self, original: str) -> None:
        """Fold `original`, which is taken to be in Unicode form C already, as everything in the directory is."""
        self._original = original
        self.text = original.translate(_TABLE)
        self._starts: list[int] = []
        if self.text:
            position = 0
            for begin in range(0, len(original), self._STEP):
                self._starts.append(position)
                position += len(original[begin : begin + self._STEP].translate(_TABLE))

    def origin(self, index: int) -> int:
        """Return the index in the original of the letter that became the folded text's letter `index`."""
        block = bisect_right(self._starts, index) - 1
        begin, position = block * self._STEP, self._starts[block]
        for place in range(begin, min(begin + self._STEP, len(self._original))):
            position += len(_TABLE[ord(self._original[place])])
            if position > index:
                return place
        return len(self._original)
