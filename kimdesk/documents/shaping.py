"""One font file, and text turned into its glyphs by HarfBuzz."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz

# Characters HarfBuzz draws without a glyph of their own: joiners, soft hyphen, variation selectors.
_INVISIBLE = frozenset({0x00AD, 0x034F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)})
# What HarfBuzz puts in the place of a character the font lacks.
_STANDS_IN = {0x2011: 0x2010}
_CACHED_RUNS = 20_000


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph in display order; lengths in thousandths of the font size."""

    number: int
    text: str
    """The characters it stands for; empty for the second and later glyphs of the same characters."""
    advance: float
    x_offset: float
    y_offset: float


@dataclass(frozen=True, slots=True)
class ShapedRun:
    """Glyphs from left to right in one font; `advance` in thousandths of the font size."""

    face: Face
    glyphs: tuple[Glyph, ...]
    advance: float


class Face:
    """An opened TrueType font. Compared by identity."""

    def __init__(self, path: Path, index: int, face: uharfbuzz.Face) -> None:
        self.path = path
        self.index = index
        self._font = uharfbuzz.Font(face)
        self._covered = face.unicodes
        self._scale = 1000 / face.upem
        self._runs: dict[tuple[str, bool, str], ShapedRun] = {}
        self._blank = self._font.get_nominal_glyph(0x20) or 0
        extents = self._font.get_font_extents("ltr")
        self.ascent = extents.ascender * self._scale
        self.descent = extents.descender * self._scale

    @classmethod
    def open(cls, path: Path, index: int = 0) -> Face | None:
        """Return the font in the file, or None if it cannot be embedded here (no TrueType outlines, damaged)."""
        try:
            face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)), index)
        except (OSError, uharfbuzz.HarfBuzzError):
            return None
        if "glyf" not in face.table_tags:
            return None
        return cls(path, index, face)

    def covers(self, text: str) -> bool:
        """Return whether the font can draw every character of `text`."""
        return all(self._covers_one(ord(character)) for character in text)

    def _covers_one(self, code: int) -> bool:
        if code in self._covered or code in _INVISIBLE:
            return True
        if code in _STANDS_IN:
            return _STANDS_IN[code] in self._covered
        # HarfBuzz makes every other space from the ordinary one.
        return unicodedata.category(chr(code)) == "Zs" and 0x20 in self._covered

    def width(self, number: int) -> float:
        """Return the advance of a glyph as the font states it, in thousandths of the font size."""
        return self._font.get_glyph_h_advance(number) * self._scale

    def shape(self, text: str, *, right_to_left: bool, language: str) -> ShapedRun:
        """Return the glyphs of `text` (logical order, one direction); brackets in RTL runs come out mirrored."""
        key = (text, right_to_left, language)
        run = self._runs.get(key)
        if run is None:
            if len(self._runs) >= _CACHED_RUNS:
                self._runs.clear()
            run = self._runs[key] = self._shape(text, right_to_left, language)
        return run

    def _shape(self, text: str, right_to_left: bool, language: str) -> ShapedRun:
        buffer = uharfbuzz.Buffer()
        # Each mark keeps the character it came from, so that text can be read back from the PDF.
        buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if right_to_left else "ltr"
        buffer.language = language
        uharfbuzz.shape(self._font, buffer)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        starts = sorted({info.cluster for info in infos})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        told: set[int] = set()
        glyphs: list[Glyph] = []
        for info, position in zip(infos, positions, strict=True):
            source = "" if info.cluster in told else text[info.cluster : ends[info.cluster]]
            told.add(info.cluster)
            if info.codepoint == 0:  # a box would be printed; the font book has to prevent it
                raise LookupError(f"{self.path.name} has no glyph for U+{ord(text[info.cluster]):04X}")
            if right_to_left and len(source) > 1:
                # Readers put right-to-left glyphs in order one by one and would turn the letters of a ligature round:
                # it stands for its first letter, the others get a blank without width at its left.
                glyphs += [Glyph(self._blank, letter, 0, 0, 0) for letter in reversed(source[1:])]
                source = source[0]
            glyphs.append(
                Glyph(
                    info.codepoint,
                    source,
                    position.x_advance * self._scale,
                    position.x_offset * self._scale,
                    position.y_offset * self._scale,
                )
            )
        return ShapedRun(self, tuple(glyphs), sum(glyph.advance for glyph in glyphs))
