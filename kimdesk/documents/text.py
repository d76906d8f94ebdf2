"""Lines of mixed text: broken in logical order, ordered by level, shaped run by run.

The steps for one paragraph: levels for the whole text, a font for each character, break opportunities from ICU,
greedy filling; then per line rule L1, runs of one level and font, their order of display, and the glyphs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from icu4py.breakers import CharacterBreaker, LineBreaker

from kimdesk.documents import bidi
from kimdesk.documents.fonts import FontBook
from kimdesk.documents.shaping import Face, ShapedRun

_SOFT_HYPHEN = "\u00ad"
# Bidi controls and the word joiner have done their work before shaping; the other joiners stay, shaping needs them.
_JOINERS = frozenset("\u00ad\u200b\u200c\u200d")
CONTROLS = frozenset("\u2060\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a paragraph in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Runs from left to right and their width in points; `level` is the paragraph's: 1 is aligned to the right."""

    runs: tuple[ShapedRun, ...]
    width: float
    level: int


def clean(text: str) -> str:
    """Return `text` composed (NFC), every white space or control character a plain space, none at the ends."""
    composed = unicodedata.normalize("NFC", text)
    # Only ordinary white space is folded: a no-break space stays one.
    folded = re.sub(r"[\t\n\v\f\r \u0085\u2028\u2029]+", " ", composed)
    return "".join(char for char in folded if not _is_unprintable(char)).strip(" ")


def _is_unprintable(character: str) -> bool:
    """Return whether a character has no place on paper: controls, surrogates, format characters not used here."""
    category = unicodedata.category(character)
    if category == "Cf":
        # Arabic number signs and the like are format characters one can see.
        invisible = unicodedata.bidirectional(character) == "BN"
        return invisible and character not in _JOINERS and character not in CONTROLS
    return category in ("Cc", "Cs")


class Typesetter:
    """Turns paragraphs into lines with the fonts of one font book."""

    def __init__(self, fonts: FontBook) -> None:
        self._fonts = fonts

    def lines(self, spans: Iterable[Span], *, size: float, width: float, base: bidi.Base, language: str) -> list[Line]:
        """Return the lines of one paragraph in `size` points that fit into `width` points.

        A word wider than a line is broken between characters. Raises `FontMissing`.
        """
        paragraph = _Paragraph(spans, self._fonts, size, base, language)
        return [paragraph.line(start, end) for start, end in paragraph.fill(width)]


class _Paragraph:
    """One paragraph while it is set."""

    def __init__(self, spans: Iterable[Span], fonts: FontBook, size: float, base: bidi.Base, language: str) -> None:
        pieces = [(span.text, span.bold) for span in spans]
        self._text = "".join(text for text, _ in pieces)
        self._size = size
        self._language = language
        self._level, self._levels = bidi.resolve(self._text, base)
        self._fonts = fonts
        self._faces = self._choose_faces([bold for text, bold in pieces for _ in text])

    def _choose_faces(self, bold: Sequence[bool]) -> list[Face]:
        faces: list[Face] = []
        current: Face | None = None
        pending = 0  # characters before the first that needs a font
        place = 0
        for cluster in CharacterBreaker(self._text, self._language):
            visible = "".join(char for char in cluster if char not in CONTROLS)
            if visible:
                mirrored = bidi.mirrored(visible) if self._levels[place] % 2 else visible
                if place and bold[place] != bold[place - 1]:
                    current = None
                current = self._fonts.face_for(mirrored, bold=bold[place], current=current)
            place += len(cluster)
            if current is None:
                pending += len(cluster)
            else:
                faces += [current] * (len(cluster) + pending)
                pending = 0
        if pending:
            faces += [faces[-1] if faces else self._fonts.face_for(" ")] * pending
        return faces

    def fill(self, width: float) -> list[tuple[int, int]]:
        """Return the lines as places in the text, without the spaces at their ends."""
        lines: list[tuple[int, int]] = []
        start = end = 0  # the line so far
        used = 0.0
        for first, last in self._pieces(width):
            inked = self._without_spaces(first, last)
            if end > start and used + self._width(first, inked) > width:
                lines.append((start, self._without_spaces(start, end)))
                start, used = first, 0.0
            end = last
            used += self._width(first, last)
        lines.append((start, self._without_spaces(start, end)))
        return lines

    def _pieces(self, width: float) -> Iterable[tuple[int, int]]:
        """Yield what lies between two break opportunities; single characters of what no line can hold."""
        first = 0
        for piece in LineBreaker(self._text, self._language):
            last = first + len(piece)
            if self._width(first, self._without_spaces(first, last)) <= width:
                yield first, last
            else:
                place = first
                for cluster in CharacterBreaker(piece, self._language):
                    yield place, place + len(cluster)
                    place += len(cluster)
            first = last

    def _without_spaces(self, start: int, end: int) -> int:
        while end > start and self._text[end - 1] == " ":
            end -= 1
        return end

    def _width(self, start: int, end: int) -> float:
        return sum(run.advance for run in self._shaped(start, end, self._levels[start:end])) * self._size / 1000

    def line(self, start: int, end: int) -> Line:
        """Return the line that holds the text from `start` to `end`."""
        levels = bidi.line_levels(self._text, self._levels, self._level, start, end)
        runs = self._shaped(start, end, levels)
        return Line(tuple(runs), sum(run.advance for run in runs) * self._size / 1000, self._level)

    def _shaped(self, start: int, end: int, levels: Sequence[int]) -> list[ShapedRun]:
        """Return the runs in display order; `levels` belong to the text from `start` to `end`."""
        found: list[tuple[int, ShapedRun]] = []
        first = start
        while first < end:
            last = first
            level, face = levels[first - start], self._faces[first]
            while last < end and levels[last - start] == level and self._faces[last] is face:
                last += 1
            text = "".join(char for char in self._text[first:last] if char not in CONTROLS)
            if last == end and text.endswith(_SOFT_HYPHEN):
                text = text[:-1] + "-"
            if text:
                found.append((level, face.shape(text, right_to_left=level % 2 == 1, language=self._language)))
            first = last
        return [found[place][1] for place in bidi.visual_order([level for level, _ in found])]
