"""One font file: what it covers, text turned into its glyphs, a part of it for a PDF. All by HarfBuzz."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz

# Characters HarfBuzz draws without a glyph of their own: joiners, soft hyphen, variation selectors.
_INVISIBLE = frozenset({0x00AD, 0x034F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)})
# What HarfBuzz puts in the place of a character the font lacks.
_STANDS_IN = {0x2011: 0x2010}
_CACHED_RUNS = 20_000
# Tables a PDF reader has no use for: it gets glyph numbers, not characters.
_NOT_EMBEDDED = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "OS/2", "STAT", "cmap", "gasp", "name", "post")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph in display order; lengths in thousandths of the font size."""

    number: int
    text: str
    """The characters it stands for; empty for the second and later glyphs of the same characters."""
    advance: float
    x_offset: float
    y_offset: float
    unseen: bool = False
    """Whether it is in the page's text but not drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class ShapedRun:
    """Glyphs from left to right in one font; `advance` in thousandths of the font size. Compared by identity."""

    face: Face
    glyphs: tuple[Glyph, ...]
    advance: float


class Face:
    """An opened TrueType font. Compared by identity."""

    def __init__(self, path: Path, index: int, face: uharfbuzz.Face) -> None:
        self.path = path
        self.index = index
        self._face = face
        self._font = uharfbuzz.Font(face)
        self._covered = face.unicodes
        self._scale = 1000 / face.upem
        self._runs: dict[tuple[str, bool, str], ShapedRun] = {}
        extents = self._font.get_font_extents("ltr")
        self.ascent = extents.ascender * self._scale
        self.descent = extents.descender * self._scale

        name = face.get_name(uharfbuzz.OTNameIdPredefined.POSTSCRIPT_NAME) or path.stem
        self.name = "".join(char for char in name if char.isascii() and (char.isalnum() or char in "-_")) or "Font"
        head = face.reference_table("head").data
        self.box = tuple(round(value * self._scale) for value in struct.unpack_from(">4h", head, 36))

    @classmethod
    def open(cls, path: Path, index: int = 0) -> Face | None:
        """Return the font in the file, or None if it cannot be embedded here (no TrueType outlines, damaged)."""
        try:
            # Read here: HarfBuzz opens no path with letters outside the code page on Windows.
            face = uharfbuzz.Face(uharfbuzz.Blob(path.read_bytes()), index)
        except (OSError, uharfbuzz.HarfBuzzError):
            return None
        if "glyf" not in face.table_tags:
            return None
        return cls(path, index, face)

    def subset(self, numbers: Sequence[int]) -> bytes:
        """Return a font file with the glyphs `numbers` only; they keep their numbers."""
        wanted = uharfbuzz.SubsetInput()
        flags = uharfbuzz.SubsetFlags
        wanted.flags = flags.RETAIN_GIDS | flags.NO_HINTING | flags.NOTDEF_OUTLINE | flags.NO_LAYOUT_CLOSURE
        wanted.glyph_set.update(numbers)
        wanted.drop_table_tag_set.update(int.from_bytes(tag.ljust(4).encode("ascii"), "big") for tag in _NOT_EMBEDDED)
        wanted.pin_all_axes_to_default(self._face)
        return uharfbuzz.subset(self._face, wanted).blob.data

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

    def covers_all(self, text: str) -> bool:
        """Return whether the font can draw every character of `text`, looking each one up once."""
        return all(self._covers_one(ord(character)) for character in set(text))

    def _unseen(self, letter: str) -> Glyph:
        number = self._font.get_nominal_glyph(ord(letter)) or self._font.get_nominal_glyph(0x20) or 0
        return Glyph(number, letter, 0, 0, 0, unseen=True)

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
                # it stands for its first letter, the others stand unseen and without width at its left.
                glyphs += [self._unseen(letter) for letter in reversed(source[1:])]
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
