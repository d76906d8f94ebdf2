"""Fonts inside a PDF, addressed by glyph, with the characters each glyph stands for.

ReportLab's own `TTFont` addresses characters: a shaped form without a code point of its own gets one from the private
use area, and a reader that copies or reads the text aloud gets rubbish. Here every font is a composite font (Type 0,
Identity-H) with a subset made by HarfBuzz and a ToUnicode table that maps glyphs to the source text. See
docs/decisions/021-glyph-fonts.md.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from functools import lru_cache

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from kimdesk.documents.shaping import Face, ShapedRun


class PdfFonts:
    """The fonts of one PDF document, embedded when the document is saved."""

    def __init__(self, canvas: Canvas) -> None:
        self._document = canvas._doc
        self._fonts: dict[Face, _PdfFont] = {}

    def show(self, canvas: Canvas, run: ShapedRun, size: float, x: float, y: float) -> None:
        """Draw `run` with its left end on the base line at `x`, `y`, in the canvas' fill colour."""
        font = self._fonts.get(run.face)
        if font is None:
            font = self._fonts[run.face] = _PdfFont(run.face, f"K{len(self._fonts) + 1}")
            self._document.delayedFonts.append(font)
        operators = "\n".join(font.operators(run, size))
        canvas._code.append(f"BT /{font.name} {size:g} Tf 1 0 0 1 {x:.3f} {y:.3f} Tm\n{operators}\nET")


class _PdfFont:
    """One font of one document: which glyphs were used, and for which characters."""

    def __init__(self, face: Face, name: str) -> None:
        self.name = name
        self._face = face
        self._texts: dict[int, str] = {}
        self._shown: set[ShapedRun] = set()

    def operators(self, run: ShapedRun, size: float) -> list[str]:
        """Return the operators that show the glyphs; notes what they stand for."""
        if (simple := _simple_operator(run)) is not None:
            texts, operator = simple
            if run in self._shown:
                return [operator]
            known = self._texts
            if all(known.setdefault(number, text) == text for number, text in texts):
                self._shown.add(run)
                return [operator]
        result: list[str] = []
        pending: list[str] = []

        def flush() -> None:
            if pending:
                result.append(f"[{''.join(pending)}] TJ")
                pending.clear()

        for glyph in run.glyphs:
            told_apart = self._texts.setdefault(glyph.number, glyph.text) != glyph.text
            if told_apart:  # the same shape stood for other characters before: say what it is here
                flush()
                result.append(f"/Span <</ActualText <FEFF{_utf16(glyph.text)}>>> BDC")
            if glyph.unseen:
                flush()
                result.append("3 Tr 1 Tz")  # unseen and narrow: readers go by the place of the letters
            lifted = round(glyph.y_offset * size / 1000, 3)
            if lifted:
                flush()
                result.append(f"{_number(lifted)} Ts")
            if glyph.x_offset:
                pending.append(_number(-glyph.x_offset))
            pending.append(f"<{glyph.number:04X}>")
            # A positive number in TJ moves back: the font's own advance, less what HarfBuzz says.
            if correction := round(glyph.x_offset + self._face.width(glyph.number) - glyph.advance, 2):
                pending.append(_number(correction))
            if lifted:
                flush()
                result.append("0 Ts")
            if glyph.unseen:
                flush()
                result.append("0 Tr 100 Tz")
            if told_apart:
                flush()
                result.append("EMC")
        flush()
        return result

    def addObjects(self, document: pdfdoc.PDFDocument) -> None:  # noqa: N802 - ReportLab calls it when saving
        """Add the font's objects to the document."""
        data = _embedded(self._face, tuple(sorted(self._texts.items())))

        def add(content: bytes) -> bytes:
            return document.Reference(_Written(content)).format(document)

        program = add(data.program)
        descriptor = add(data.descriptor + b" /FontFile2 " + program + b" >>")
        descendant = add(data.descendant + b" /FontDescriptor " + descriptor + b" >>")
        to_unicode = add(data.to_unicode)
        font = _Written(data.font + b" /DescendantFonts [" + descendant + b"] /ToUnicode " + to_unicode + b" >>")
        document.idToObject["BasicFonts"].dict[self.name] = document.Reference(font)


class _Written(pdfdoc.PDFObject):
    """An object already in the form it has in the file."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        return self._content


@dataclass(frozen=True, slots=True)
class _Embedded:
    """The objects of one font with one set of glyphs; dictionaries still open where a reference is to come."""

    program: bytes
    descriptor: bytes
    descendant: bytes
    font: bytes
    to_unicode: bytes


@lru_cache(maxsize=128)
def _embedded(face: Face, texts: tuple[tuple[int, str], ...]) -> _Embedded:
    """Return the font with the glyphs in `texts`; the same handout in the same languages needs the same."""
    numbers = [number for number, _text in texts]
    program = face.subset(numbers)
    # Six letters before the name mark a subset.
    digest = hashlib.sha256(repr((face.name, numbers)).encode("utf-8")).digest()
    name = "".join(chr(ord("A") + byte % 26) for byte in digest[:6]) + f"+{face.name}"
    box = " ".join(str(edge) for edge in face.box)
    widths = " ".join(f"{number} [{_number(round(face.width(number), 2))}]" for number in numbers)
    return _Embedded(
        program=_stream(program, f"/Length1 {len(program)}"),
        descriptor=(
            f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 "
            f"/Ascent {round(face.ascent)} /Descent {round(face.descent)} /CapHeight {round(face.ascent)} /StemV 80"
        ).encode("ascii"),
        descendant=(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"/DW 0 /W [{widths}] /CIDToGIDMap /Identity"
        ).encode("ascii"),
        font=f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H".encode("ascii"),
        to_unicode=_stream(_to_unicode(dict(texts)).encode("ascii"), ""),
    )


def _stream(content: bytes, entries: str) -> bytes:
    packed = zlib.compress(content)
    head = f"<< {entries} /Length {len(packed)} /Filter /FlateDecode >>\nstream\n"
    return head.encode("ascii") + packed + b"\nendstream"


@lru_cache(maxsize=20_000)
def _simple_operator(run: ShapedRun) -> tuple[tuple[tuple[int, str], ...], str] | None:
    """Return the glyphs with their texts and the one operator that shows a run without lifted or unseen glyphs."""
    pieces: list[str] = []
    texts: dict[int, str] = {}
    for glyph in run.glyphs:
        if glyph.unseen or glyph.y_offset or texts.setdefault(glyph.number, glyph.text) != glyph.text:
            return None
        if glyph.x_offset:
            pieces.append(_number(-glyph.x_offset))
        pieces.append(f"<{glyph.number:04X}>")
        if correction := round(glyph.x_offset + run.face.width(glyph.number) - glyph.advance, 2):
            pieces.append(_number(correction))
    joined = "".join(pieces).replace("><", "")
    return tuple(texts.items()), f"[{joined}] TJ"


def _to_unicode(texts: dict[int, str]) -> str:
    """Return the CMap that maps glyph numbers to the text they stand for."""
    entries = [f"<{number:04X}> <{_utf16(text)}>" for number, text in sorted(texts.items()) if text]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(entries), 100):  # a block holds at most 100 entries
        block = entries[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"])


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if value else "0"
