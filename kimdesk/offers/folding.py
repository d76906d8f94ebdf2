"""One written form for what people spell differently: case, umlauts, ß, accents, Arabic and Persian letters.

"Größe", "GROESSE" and "grösse" become ``groesse``. Index and query are folded alike, so that either spelling finds
the other.
"""

from __future__ import annotations

import re
import unicodedata
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


def _is_inner(letter: str) -> bool:
    return letter.isalnum() or letter == "'"


class Folded:
    """A text in folded form that knows where its letters came from."""

    def __init__(self, original: str) -> None:
        """Fold `original`, which is taken to be in Unicode form C already, as everything in the directory is."""
        self._original = original
        self.text = original.translate(_TABLE)

    def words_with(self, needles: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
        """Yield every folded word that `needles` finds something in, with its half-open place in the folded text."""
        text, end = self.text, 0
        for match in needles.finditer(text):
            if match.start() < end:
                continue  # in the word before
            begin, end = match.start(), match.end()
            while begin and _is_inner(text[begin - 1]):
                begin -= 1
            while end < len(text) and _is_inner(text[end]):
                end += 1
            yield text[begin:end].replace("'", ""), begin, end

    def origin(self, index: int) -> int:
        """Return the index in the original of the letter that became the folded text's letter `index`."""
        original = self._original
        place = min(index * len(original) // max(len(self.text), 1), len(original))
        position = len(original[:place].translate(_TABLE))
        while position > index:
            place -= 1
            position -= len(_TABLE[ord(original[place])])
        while place < len(original):
            position += len(_TABLE[ord(original[place])])
            if position > index:
                return place
            place += 1
        return len(original)
