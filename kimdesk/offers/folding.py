"""One written form for what people spell differently: case, umlauts, ß, accents, Arabic and Persian letters.

"Größe", "GROESSE" and "grösse" become ``groesse``. Index and query are folded alike, so that either spelling finds
the other.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

_LETTERS = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "ß": "ss",
    "ẞ": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "ı": "i",
    # Arabic as it is typed: final forms and the letters Persian keyboards have instead.
    "ى": "ي",
    "ی": "ي",
    "ئ": "ي",
    "ؤ": "و",
    "ة": "ه",
    "ک": "ك",
    "ـ": "",
    "\u200c": "",
    "’": "'",
    "ʼ": "'",
}
# An apostrophe belongs to a Cyrillic word ("сім'я") and parts words in Latin letters ("l'école").
_WORD = re.compile(r"[^\W_]+(?:'(?=[\u0400-\u04ff])[^\W_]+)*")


class _Table(dict[int, str]):
    """Folds one character at a time and remembers it."""

    def __missing__(self, code: int) -> str:
        folded = "".join(
            _without_marks(letter) if (form := _LETTERS.get(letter)) is None else form
            for letter in chr(code).lower()
            if letter != "\u0307"
        )
        self[code] = folded
        return folded


def _without_marks(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if unicodedata.category(part) != "Mn")


_TABLE = _Table()


def fold(text: str) -> str:
    """Return the folded form of `text`; it may be longer or shorter."""
    return unicodedata.normalize("NFC", text).translate(_TABLE)


def words_of(text: str) -> list[str]:
    """Return the folded words of `text` in their order; digits count as letters."""
    return [word.replace("'", "") for word in _WORD.findall(fold(text))]


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

    def words(self) -> Iterator[tuple[str, int, int]]:
        """Yield every folded word with its half-open place in the folded text."""
        for match in _WORD.finditer(self.text):
            yield match.group().replace("'", ""), match.start(), match.end()

    def origin(self, index: int) -> int:
        """Return the index in the original of the letter that became the folded text's letter `index`."""
        block = bisect_right(self._starts, index) - 1
        begin, position = block * self._STEP, self._starts[block]
        for place in range(begin, min(begin + self._STEP, len(self._original))):
            position += len(_TABLE[ord(self._original[place])])
            if position > index:
                return place
        return len(self._original)
