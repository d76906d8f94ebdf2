"""What pages are made of: text, columns, rows that stay level, panels, pictures. All are ReportLab flowables."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import segno
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.flowables import Flowable

from kimdesk.documents.bidi import Base
from kimdesk.documents.embedding import PdfFonts
from kimdesk.documents.text import Line, Span, Typesetter

Colour = tuple[float, float, float]
_FITS = 0.01  # points of rounding that do not count


@dataclass(frozen=True)
class TextStyle:
    """How a paragraph looks. Lengths in points; `direction` is the base direction of the text."""

    size: float
    leading: float
    colour: Colour
    direction: Base
    language: str
    bold: bool = False
    space_after: float = 0
    bullet: bool = False
    align: Literal["start", "left", "right", "centre"] = "start"
    keep_with_next: bool = False


@dataclass(frozen=True)
class Ink:
    """What flowables need to set type in one PDF document."""

    typesetter: Typesetter
    fonts: PdfFonts


class Block(Flowable, ABC):
    """A flowable that knows its height for a width and can be cut."""

    space_after: float = 0
    keep_with_next: bool = False
    separates: bool = False
    """Whether it only stands between others and has no place at the top of a page."""

    @abstractmethod
    def height_for(self, width: float) -> float:
        """Return the height in points at `width` points."""

    def cut(self, width: float, height: float) -> tuple[Block, Block] | None:
        """Return what fits into `height` and the rest, or None if nothing sensible fits."""
        return None

    @abstractmethod
    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        """Draw with the upper left corner at `x`, `y`."""

    # The same for ReportLab's frames.
    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803 - ReportLab's names
        """Return width and height, as ReportLab asks."""
        self.width, self.height = aW, self.height_for(aW)
        return self.width, self.height

    def split(self, aW: float, aH: float) -> list[Flowable]:  # noqa: N803 - ReportLab's names
        """Return two parts of which the first fits, or nothing."""
        return list(self.cut(aW, aH) or ())

    def draw(self) -> None:
        """Draw at the canvas' origin."""
        self.paint(self.canv, 0, self.height, self.width)


class Text(Block):
    """One paragraph. Lines are at the side its direction starts on."""

    _BULLET_INDENT = 12.0

    def __init__(self, ink: Ink, spans: Sequence[Span] | str, style: TextStyle, *, link: str = "") -> None:
        super().__init__()
        self._ink = ink
        self._spans = [Span(spans, style.bold)] if isinstance(spans, str) else list(spans)
        self._style = style
        self._link = link
        self._lines: tuple[float, list[Line]] | None = None
        self._is_part = False
        self._starts = True
        self.space_after = style.space_after
        self.keep_with_next = style.keep_with_next

    def _set(self, width: float) -> list[Line]:
        # A part of a paragraph keeps its lines; all pages are equally wide.
        if self._lines is None or (abs(self._lines[0] - width) > _FITS and not self._is_part):
            style = self._style
            inner = width - self._indent
            lines = self._ink.typesetter.lines(
                self._spans, size=style.size, width=inner, base=style.direction, language=style.language
            )
            self._lines = (width, lines)
        return self._lines[1]

    @property
    def _indent(self) -> float:
        return self._BULLET_INDENT if self._style.bullet else 0

    def natural_width(self) -> float:
        """Return the width in points if nothing is broken."""
        return max((line.width for line in self._set(100_000)), default=0) + self._indent

    def height_for(self, width: float) -> float:
        return len(self._set(width)) * self._style.leading

    def cut(self, width: float, height: float) -> tuple[Block, Block] | None:
        lines = self._set(width)
        fitting = int((height + _FITS) / self._style.leading)
        if len(lines) - fitting == 1:
            fitting -= 1  # no single line on the next page
        if fitting >= len(lines) or fitting < 2:
            return None
        first, rest = self._part(width, lines[:fitting]), self._part(width, lines[fitting:])
        first.space_after = 0
        first._starts, rest._starts = self._starts, False
        return first, rest

    def _part(self, width: float, lines: list[Line]) -> Text:
        part = Text(self._ink, self._spans, self._style, link=self._link)
        part._lines = (width, lines)
        part._is_part = True
        return part

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        style = self._style
        lines = self._set(width)
        canvas.setFillColorRGB(*style.colour)
        base_line = y - style.leading / 2 - style.size * 0.35
        for number, line in enumerate(lines):
            to_right = style.align == "right" or (style.align == "start" and line.level == 1)
            if style.align == "centre":
                start = x + (width - line.width) / 2
            elif to_right:
                start = x + width - self._indent - line.width
            else:
                start = x + self._indent
            if style.bullet and number == 0 and self._starts:
                middle = x + width - 5 if to_right else x + 5
                canvas.circle(middle, base_line + style.size * 0.27, style.size * 0.16, stroke=0, fill=1)
            position = start
            for run in line.runs:
                self._ink.fonts.show(canvas, run, style.size, position, base_line)
                position += run.advance * style.size / 1000
            if self._link:
                canvas.linkURL(self._link, (start, base_line - 3, position, base_line + style.size), thickness=0)
            base_line -= style.leading


class Space(Block):
    """Empty height."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self._height = height
        self.separates = True

    def height_for(self, width: float) -> float:
        return self._height

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        pass


class Rule(Block):
    """A thin line over the whole width."""

    def __init__(self, colour: Colour, *, thickness: float = 0.5, space_after: float = 0) -> None:
        super().__init__()
        self._colour, self._thickness, self.space_after = colour, thickness, space_after
        self.keep_with_next = self.separates = True

    def height_for(self, width: float) -> float:
        return self._thickness

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        canvas.setStrokeColorRGB(*self._colour)
        canvas.setLineWidth(self._thickness)
        canvas.line(x, y - self._thickness / 2, x + width, y - self._thickness / 2)


class Column(Block):
    """Blocks below each other."""

    def __init__(self, blocks: Sequence[Block], *, space_after: float = 0) -> None:
        super().__init__()
        self.blocks = list(blocks)
        self.space_after = space_after

    def height_for(self, width: float) -> float:
        heights = sum(block.height_for(width) + block.space_after for block in self.blocks)
        return heights - self.blocks[-1].space_after if self.blocks else 0

    def cut(self, width: float, height: float) -> tuple[Block, Block] | None:
        fitting, rest = take(self.blocks, width, height)
        if not fitting or not rest:
            return None
        return Column(fitting), Column(rest, space_after=self.space_after)

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        for block in self.blocks:
            block.paint(canvas, x, y, width)
            y -= block.height_for(width) + block.space_after


class Row(Block):
    """Cells beside each other, level at the top; a page break cuts them all at the same height."""

    def __init__(
        self, cells: Sequence[tuple[Block, float]], *, gap: float, space_after: float = 0, line: Colour | None = None
    ) -> None:
        """`cells` are blocks from left to right with their share of the width; `line` is drawn in the gaps."""
        super().__init__()
        self._cells = list(cells)
        self._gap = gap
        self._line = line
        self.space_after = space_after
        self.separates = all(cell.separates for cell, _ in self._cells)

    def _widths(self, width: float) -> list[float]:
        total = sum(share for _, share in self._cells)
        free = width - self._gap * (len(self._cells) - 1)
        return [free * share / total for _, share in self._cells]

    def height_for(self, width: float) -> float:
        pairs = zip(self._cells, self._widths(width), strict=True)
        return max(cell.height_for(part) for (cell, _), part in pairs)

    def cut(self, width: float, height: float) -> tuple[Block, Block] | None:
        first: list[tuple[Block, float]] = []
        rest: list[tuple[Block, float]] = []
        empty = Space(0)
        for (cell, share), part in zip(self._cells, self._widths(width), strict=True):
            if cell.height_for(part) <= height + _FITS:
                first.append((cell, share))
                rest.append((empty, share))
            elif parts := cell.cut(part, height):
                first.append((parts[0], share))
                rest.append((parts[1], share))
            else:
                return None  # no cell starts on another page than its neighbour
        return (
            Row(first, gap=self._gap, line=self._line),
            Row(rest, gap=self._gap, line=self._line, space_after=self.space_after),
        )

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        if self._line is not None:
            height = self.height_for(width)
            canvas.setStrokeColorRGB(*self._line)
            canvas.setLineWidth(0.5)
            middle = x
            for part in self._widths(width)[:-1]:
                middle += part + self._gap / 2
                canvas.line(middle, y, middle, y - height)
                middle += self._gap / 2
        for (cell, _), part in zip(self._cells, self._widths(width), strict=True):
            cell.paint(canvas, x, y, part)
            x += part + self._gap


class Panel(Block):
    """A softly coloured box with a bar at the side where reading starts."""

    _PADDING = 11.0
    _BAR = 4.0

    def __init__(self, content: Block, *, fill: Colour, bar: Colour, bar_right: bool, space_after: float = 0) -> None:
        super().__init__()
        self._content = content
        self._fill, self._bar, self._bar_right = fill, bar, bar_right
        self.space_after = space_after

    def _inner(self, width: float) -> float:
        return width - 2 * self._PADDING - self._BAR

    def height_for(self, width: float) -> float:
        return self._content.height_for(self._inner(width)) + 2 * self._PADDING

    def cut(self, width: float, height: float) -> tuple[Block, Block] | None:
        parts = self._content.cut(self._inner(width), height - 2 * self._PADDING)
        if parts is None:
            return None
        return self._around(parts[0], 0), self._around(parts[1], self.space_after)

    def _around(self, content: Block, space_after: float) -> Panel:
        return Panel(content, fill=self._fill, bar=self._bar, bar_right=self._bar_right, space_after=space_after)

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        height = self.height_for(width)
        canvas.setFillColorRGB(*self._fill)
        canvas.rect(x, y - height, width, height, stroke=0, fill=1)
        canvas.setFillColorRGB(*self._bar)
        canvas.rect(x + width - self._BAR if self._bar_right else x, y - height, self._BAR, height, stroke=0, fill=1)
        left = x + self._PADDING + (0 if self._bar_right else self._BAR)
        self._content.paint(canvas, left, y - self._PADDING, self._inner(width))


class Picture(Block):
    """An image, fitted into a box of `width` × `height` points, at the left or right. Raises for a damaged one."""

    def __init__(self, data: bytes, *, width: float, height: float, right: bool) -> None:
        super().__init__()
        self._image = ImageReader(io.BytesIO(data))
        pixels_wide, pixels_high = self._image.getSize()
        self._image.getRGBData()  # a damaged picture fails here, not on the finished page
        scale = min(width / pixels_wide, height / pixels_high)
        self._width, self._height = pixels_wide * scale, pixels_high * scale
        self._right = right

    def height_for(self, width: float) -> float:
        return self._height

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        left = x + width - self._width if self._right else x
        canvas.drawImage(self._image, left, y - self._height, self._width, self._height, mask="auto")


class QrCode(Block):
    """A QR code of `size` points, drawn as vectors; it is also a link."""

    def __init__(self, address: str, *, size: float, right: bool, colour: Colour) -> None:
        super().__init__()
        self._code = segno.make(address, error="m", micro=False)
        self._address, self._size, self._right, self._colour = address, size, right, colour

    def height_for(self, width: float) -> float:
        return self._size

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        rows = [list(row) for row in self._code.matrix]
        module = self._size / len(rows)
        left = x + width - self._size if self._right else x
        canvas.setFillColorRGB(*self._colour)
        for number, row in enumerate(rows):
            start = 0
            while start < len(row):
                end = start
                while end < len(row) and row[end]:
                    end += 1
                if end > start:
                    top = y - number * module
                    canvas.rect(left + start * module, top - module, (end - start) * module, module, stroke=0, fill=1)
                start = end + 1
        canvas.linkURL(self._address, (left, y - self._size, left + self._size, y), thickness=0)


def take(blocks: Sequence[Block], width: float, height: float) -> tuple[list[Block], list[Block]]:
    """Return what of `blocks` fits into `height` and what does not; the last block that fits may be cut.

    A block that keeps with the next one goes over with it.
    """
    fitting: list[Block] = []
    left = height
    for place, block in enumerate(blocks):
        needed = block.height_for(width)
        if needed <= left + _FITS:
            fitting.append(block)
            left -= needed + block.space_after
            continue
        rest = list(blocks[place:])
        parts = block.cut(width, left)
        if parts is not None:
            return [*fitting, parts[0]], [parts[1], *rest[1:]]
        while fitting and fitting[-1].keep_with_next:
            rest.insert(0, fitting.pop())
        return fitting, rest
    return fitting, []
