"""Fonts inside a PDF, addressed by glyph, with the characters each glyph stands for.

ReportLab's own `TTFont` addresses characters: a shaped form without a code point of its own gets one from the private
use area, and a reader that copies or reads the text aloud gets rubbish. Here every font is a composite font (Type 0,
Identity-H) with a subset made by HarfBuzz and a ToUnicode table that maps glyphs to the source text. See
docs/decisions/021-glyph-fonts.md.
"""

from __future__ import annotations

import hashlib

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
        canvas._code.append(f"BT /{font.name} {_number(size)} Tf 1 0 0 1 {_number(x)} {_number(y)} Tm")
        canvas._code.extend(font.operators(run, size))
        canvas._code.append("ET")


class _PdfFont:
    """One font of one document: which glyphs were used, and for which characters."""

    def __init__(self, face: Face, name: str) -> None:
        self.name = name
        self._face = face
        self._texts: dict[int, str] = {}

    def operators(self, run: ShapedRun, size: float) -> list[str]:
        """Return the operators that show the glyphs; notes what they stand for."""
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
        numbers = sorted(self._texts)
        program = self._face.subset(numbers)
        # Six letters before the name mark a subset.
        digest = hashlib.sha256(repr((self._face.name, numbers)).encode("utf-8")).digest()
        name = "".join(chr(ord("A") + byte % 26) for byte in digest[:6]) + f"+{self._face.name}"
        stream = pdfdoc.PDFStream(content=program)
        stream.dictionary["Length1"] = len(program)
        stream.filters = [pdfdoc.PDFZCompress]
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": pdfdoc.PDFName(name),
                "Flags": 4,
                "FontBBox": pdfdoc.PDFArray(list(self._face.box)),
                "ItalicAngle": 0,
                "Ascent": round(self._face.ascent),
                "Descent": round(self._face.descent),
                "CapHeight": round(self._face.ascent),
                "StemV": 80,
                "FontFile2": document.Reference(stream),
            }
        )
        widths: list[object] = []
        for number in numbers:
            widths += [number, pdfdoc.PDFArray([round(self._face.width(number), 2)])]
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": pdfdoc.PDFName(name),
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
                ),
                "DW": 0,
                "W": pdfdoc.PDFArray(widths),
                "CIDToGIDMap": pdfdoc.PDFName("Identity"),
                "FontDescriptor": document.Reference(descriptor),
            }
        )
        to_unicode = pdfdoc.PDFStream(content=_to_unicode(self._texts))
        to_unicode.filters = [pdfdoc.PDFZCompress]
        font = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": pdfdoc.PDFName(name),
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([document.Reference(descendant)]),
                "ToUnicode": document.Reference(to_unicode),
            }
        )
        document.idToObject["BasicFonts"].dict[self.name] = document.Reference(font)


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
