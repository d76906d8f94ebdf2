"""Lines of mixed text: broken in logical order, ordered by level, shaped run by run.

The steps for one paragraph: levels for the whole text, a font for each character, break opportunities from ICU,
greedy filling; then per line rule L1, runs of one level and font, their order of display, and the glyphs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from weakref import WeakKeyDictionary

from icu4py.breakers import CharacterBreaker, LineBreaker
from pyphen import Pyphen

from kimdesk.documents import bidi
from kimdesk.documents.fonts import FontBook
from kimdesk.documents.shaping import Face, ShapedRun

_SOFT_HYPHEN = "\u00ad"
_HYPHENATED = "de"
_LARGEST_HYPHENATED = 13.0
"""Titles are not hyphenated."""
_FULL_ENOUGH = 0.85
"""A line this full is not filled up with a part of a word."""
_LONG_WORD = re.compile(r"(?<![\w.@/-])[A-Za-zÄÖÜäöüß]{8,}(?![\w@/]|\.\w|-\n)")
_MOST_REMEMBERED = 5_000
# Stretches of text in one font: European letters with spaces and signs, or Arabic ones with spaces. A mark or joiner
# that follows belongs to the last letter, which is then left to the slower way.
_EUROPEAN = r"[A-Za-z\u00c0-\u017f\u0218-\u021b\u0400-\u045f\u0490\u0491]"
_EUROPEAN_TEXT = r"[\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u0400-\u045f\u0490\u0491\u2010-\u201e\u2026\u2060\u20ac]*"
_ARABIC = r"[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5]"
_ARABIC_TEXT = r"[\u0020\u0600-\u063f\u0641-\u065f\u0670-\u06ef\u06fa-\u06ff\u200c]*"
_NO_MARK = r"(?![\u0300-\u036f\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u200d\u20d0-\u20ff\ufe00-\ufe0f])"
_STRETCH = re.compile(f"(?:{_EUROPEAN}{_EUROPEAN_TEXT}|{_ARABIC}{_ARABIC_TEXT}){_NO_MARK}")
# Bidi controls and the word joiner have done their work before shaping; the other joiners stay, shaping needs them.
_JOINERS = frozenset("\u00ad\u200b\u200c\u200d")
CONTROLS = frozenset("\u2060\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_WITHOUT_CONTROLS = dict.fromkeys(map(ord, CONTROLS))
_WITHOUT_MARKS = dict.fromkeys(map(ord, (*CONTROLS, _SOFT_HYPHEN)))


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


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Return `text` composed (NFC), every white space or control character a plain space, none at the ends."""
    composed = unicodedata.normalize("NFC", text)
    # Only ordinary white space is folded: a no-break space stays one.
    folded = re.sub(r"[\t\n\v\f\r \u0085\u2028\u2029]+", " ", composed)
    if not folded.isprintable():
        folded = "".join(char for char in folded if not _is_unprintable(char))
    return folded.strip(" ")


@lru_cache(maxsize=4096)
def _is_unprintable(character: str) -> bool:
    """Return whether a character has no place on paper: controls, surrogates, format characters not used here."""
    category = unicodedata.category(character)
    if category == "Cf":
        # Arabic number signs and the like are format characters one can see.
        invisible = unicodedata.bidirectional(character) == "BN"
        return invisible and character not in _JOINERS and character not in CONTROLS
    return category in ("Cc", "Cs")


class Typesetter:
    """Turns paragraphs into lines with the fonts of one font book, which remembers the last ones."""

    def __init__(self, fonts: FontBook) -> None:
        self._fonts = fonts
        self._remembered = _memory_of(fonts)

    def lines(self, spans: Iterable[Span], *, size: float, width: float, base: bidi.Base, language: str) -> list[Line]:
        """Return the lines of one paragraph in `size` points that fit into `width` points.

        A word wider than a line is broken between characters; long German words may be hyphenated in running text.
        Raises `FontMissing`.
        """
        pieces = tuple(spans)
        key = (pieces, size, round(width, 2), base, language)
        found = self._remembered.get(key)
        if found is None:
            if language == _HYPHENATED and size <= _LARGEST_HYPHENATED:
                pieces = tuple(Span(hyphenated(span.text), span.bold) for span in pieces)
            paragraph = _Paragraph(pieces, self._fonts, size, base, language)
            found = [paragraph.line(start, end) for start, end in paragraph.fill(width)]
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = found
        return found


_Key = tuple[tuple[Span, ...], float, float, bidi.Base, str]
_MEMORIES: WeakKeyDictionary[FontBook, dict[_Key, list[Line]]] = WeakKeyDictionary()


def _memory_of(fonts: FontBook) -> dict[_Key, list[Line]]:
    """Return the lines set with `fonts` so far: most of a handout is the same for every client."""
    return _MEMORIES.setdefault(fonts, {})


@cache
def _dictionary() -> Pyphen:
    return Pyphen(lang="de_DE", left=3, right=3)


def hyphenated(text: str) -> str:
    """Return German text with soft hyphens in its long words; addresses, numbers and capitals stay as they are."""
    return _LONG_WORD.sub(lambda match: _with_hyphens(match.group()), text)


@lru_cache(maxsize=20_000)
def _with_hyphens(word: str) -> str:
    return word if word.isupper() else _dictionary().inserted(word, hyphen=_SOFT_HYPHEN)


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
        self._ends = self._segment_ends()
        self._plain = self._text.translate(_WITHOUT_MARKS) == self._text

    def _choose_faces(self, bold: Sequence[bool]) -> list[Face]:
        """Return the font of each character: whole stretches of one script at once, the rest cluster by cluster."""
        faces: list[Face] = []
        self._current: Face | None = None
        self._pending = 0  # characters before the first that needs a font
        done = 0
        for stretch in _STRETCH.finditer(self._text):
            start, end = stretch.span()
            if bold[start] != bold[end - 1]:
                continue
            face = self._fonts.face_for(self._text[start], bold=bold[start])
            if not face.covers_all(stretch.group()):
                continue
            self._choose_by_cluster(done, start, bold, faces)
            faces += [face] * (end - start + self._pending)
            self._pending = 0
            self._current = face
            done = end
        self._choose_by_cluster(done, len(self._text), bold, faces)
        if self._pending:
            faces += [faces[-1] if faces else self._fonts.face_for(" ")] * self._pending
        return faces

    def _choose_by_cluster(self, start: int, end: int, bold: Sequence[bool], faces: list[Face]) -> None:
        """Add the fonts of the characters from `start` to `end` to `faces`."""
        place = start
        if start == end:
            return
        for cluster in CharacterBreaker(self._text[start:end], self._language):
            visible = cluster.translate(_WITHOUT_CONTROLS)
            if visible:
                mirrored = bidi.mirrored(visible) if self._levels[place] % 2 else visible
                if place and bold[place] != bold[place - 1]:
                    self._current = None
                self._current = self._fonts.face_for(mirrored, bold=bold[place], current=self._current)
            place += len(cluster)
            if self._current is None:
                self._pending += len(cluster)
            else:
                faces += [self._current] * (len(cluster) + self._pending)
                self._pending = 0

    def _segment_ends(self) -> list[int]:
        """Return for each place where the run of its level and font ends."""
        ends = [0] * len(self._text)
        end = len(self._text)
        for place in range(len(self._text) - 1, -1, -1):
            following = place + 1
            if following < len(self._text) and (
                self._levels[place] != self._levels[following] or self._faces[place] is not self._faces[following]
            ):
                end = following
            ends[place] = end
        return ends

    def fill(self, width: float) -> list[tuple[int, int]]:
        """Return the lines as places in the text, without the spaces at their ends."""
        pieces = list(self._pieces(width))
        lines: list[tuple[int, int]] = []
        start = 0  # of the line
        used = 0.0
        whole = (0, 0.0)  # the piece after the last break that needs no hyphen, and the width up to it
        count = 0
        while count < len(pieces):
            first, last, inked = pieces[count]
            soft = self._text[last - 1 : last] == _SOFT_HYPHEN
            wide = self._width(first, inked)
            if first > start and used + wide + (self._hyphen if soft else 0.0) > width:
                if self._text[first - 1] == _SOFT_HYPHEN and whole[1] >= _FULL_ENOUGH * width:
                    count = whole[0]  # the line is full enough without a part of the word
                    first = pieces[count][0]
                lines.append((start, self._without_spaces(start, first)))
                start, used = first, 0.0
                whole = (count, 0.0)
                continue
            used += wide + (self._width(inked, last) if last > inked else 0.0)
            count += 1
            if not soft:
                whole = (count, used)
        lines.append((start, self._without_spaces(start, len(self._text))))
        return lines

    def _pieces(self, width: float) -> Iterator[tuple[int, int, int]]:
        """Yield what lies between two break opportunities and where its spaces begin.

        What no line can hold comes in single characters.
        """
        first = 0
        for piece in LineBreaker(self._text, self._language):
            last = first + len(piece)
            inked = self._without_spaces(first, last)
            if self._width(first, inked) <= width:
                yield first, last, inked
            else:
                place = first
                for cluster in CharacterBreaker(piece, self._language):
                    yield place, place + len(cluster), self._without_spaces(place, place + len(cluster))
                    place += len(cluster)
            first = last

    @property
    def _hyphen(self) -> float:
        face = self._fonts.face_for("-")
        return face.shape("-", right_to_left=False, language=self._language).advance * self._size / 1000

    def _without_spaces(self, start: int, end: int) -> int:
        while end > start and self._text[end - 1] == " ":
            end -= 1
        return end

    def _width(self, start: int, end: int) -> float:
        total = 0.0
        while start < end:
            stop = min(self._ends[start], end)
            text = self._text[start:stop]
            if not self._plain:
                text = text.translate(_WITHOUT_MARKS)
            if text:
                right_to_left = self._levels[start] % 2 == 1
                total += self._faces[start].shape(text, right_to_left=right_to_left, language=self._language).advance
            start = stop
        return total * self._size / 1000

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
            text = self._text[first:last].translate(_WITHOUT_MARKS)
            if text:
                found.append((level, face.shape(text, right_to_left=level % 2 == 1, language=self._language)))
            if last == end and self._text[last - 1] == _SOFT_HYPHEN:
                # A plain hyphen in the file, too: readers join the word again where a line ends with one.
                found.append((level, face.shape("-", right_to_left=level % 2 == 1, language=self._language)))
            first = last
        return [found[place][1] for place in bidi.visual_order([level for level, _ in found])]
