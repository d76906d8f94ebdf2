"""What pages are made of: text, columns, rows that stay level, panels, pictures. All are ReportLab flowables."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, Literal

import segno
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.flowables import Flowable

from kimdesk.documents.bidi import Base
from kimdesk.documents.drawing import Colour, box, fill_with, segment, squares, stroke_with
from kimdesk.documents.embedding import PdfFonts
from kimdesk.documents.text import CONTROLS, Line, Span, Typesetter
from kimdesk.documents.wording import PROGRAM_TEXTS, HandoutTexts

FITS = 0.01  # points of rounding that do not count


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
    marker: str = ""
    """What stands before the first line: "•", a box "☐" or "☑", or a number."""
    align: Literal["start", "left", "right", "centre"] = "start"
    keep_with_next: bool = False
    outline: int | None = None
    """The level of the bookmark the text gets in the file, if any."""


class Bookmarks:
    """The outline of one PDF file."""

    def __init__(self) -> None:
        self._count, self._level = 0, -1

    def add(self, canvas: Canvas, title: str, level: int, *, top: float) -> None:
        """Add a line that leads to this page at `top`; a level deeper than the one before at most."""
        self._count += 1
        self._level = min(level, self._level + 1)
        key = f"b{self._count}"
        canvas.bookmarkPage(key, fit="XYZ", left=0, top=top + 6, zoom=0)
        plain = "".join(char for char in title if char not in CONTROLS)
        canvas.addOutlineEntry(plain, key, self._level, closed=self._level > 0)


@dataclass(frozen=True)
class Ink:
    """What flowables need to set type in one PDF document."""

    typesetter: Typesetter
    fonts: PdfFonts
    bookmarks: Bookmarks = field(default_factory=Bookmarks)
    texts: HandoutTexts = PROGRAM_TEXTS
    scale: float = 1.0
    """How much larger than usual type is: 1 or, for low vision, more."""
    width: float = 0.0
    """The width of a page between its margins, in points."""


class Block(Flowable, ABC):
    """A flowable that knows its height for a width and can be cut."""

    space_after: float = 0
    keep_with_next: bool = False
    separates: bool = False
    """Whether it only stands between others and has no place at the top of a page."""
    breaks_page: bool = False
    """Whether what follows starts on a new page."""

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

    _INDENTS: ClassVar[dict[str, float]] = {"": 0.0, "•": 12.0, "☐": 18.0, "☑": 18.0}
    _NUMBER_INDENT = 18.0
    _USUAL_SIZE = 10.5

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
        if self._lines is None or (abs(self._lines[0] - width) > FITS and not self._is_part):
            style = self._style
            inner = width - self._indent
            lines = self._ink.typesetter.lines(
                self._spans, size=style.size, width=inner, base=style.direction, language=style.language
            )
            self._lines = (width, lines)
        return self._lines[1]

    @property
    def _indent(self) -> float:
        indent = self._INDENTS.get(self._style.marker, self._NUMBER_INDENT)
        return indent * max(1.0, self._style.size / self._USUAL_SIZE)

    def natural_width(self) -> float:
        """Return the width in points if nothing is broken."""
        return max((line.width for line in self._set(100_000)), default=0) + self._indent

    def height_for(self, width: float) -> float:
        return len(self._set(width)) * self._style.leading

    def cut(self, width: float, height: float) -> tuple[Block, Block] | None:
        lines = self._set(width)
        fitting = int((height + FITS) / self._style.leading)
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
        if style.outline is not None and self._starts:
            title = "".join(span.text for span in self._spans)
            self._ink.bookmarks.add(canvas, title, style.outline, top=y)
        fill_with(canvas, style.colour)
        base_line = y - style.leading / 2 - style.size * 0.35
        for number, line in enumerate(lines):
            to_right = style.align == "right" or (style.align == "start" and line.level == 1)
            if style.align == "centre":
                start = x + (width - line.width) / 2
            elif to_right:
                start = x + width - self._indent - line.width
            else:
                start = x + self._indent
            if style.marker and number == 0 and self._starts:
                self._mark(canvas, x + width if to_right else x, base_line, to_right)
            position = start
            for run in line.runs:
                self._ink.fonts.show(canvas, run, style.size, position, base_line)
                position += run.advance * style.size / 1000
            if self._link:
                canvas.linkURL(self._link, (start, base_line - 3, position, base_line + style.size), thickness=0)
            base_line -= style.leading

    def _mark(self, canvas: Canvas, edge: float, base_line: float, to_right: bool) -> None:
        """Draw the marker at `edge`, the side where the line starts."""
        style = self._style
        size, side = style.size, -1 if to_right else 1
        match style.marker:
            case "•":
                canvas.circle(edge + side * size * 0.48, base_line + size * 0.27, size * 0.16, stroke=False, fill=True)
            case "☐" | "☑":
                edge_length = size * 0.86
                left, low = (edge - edge_length if to_right else edge), base_line - size * 0.08
                stroke_with(canvas, style.colour, 0.8)
                box(canvas, left, low, edge_length, edge_length, stroke=True, fill=False)
                if style.marker == "☑":
                    stroke_with(canvas, style.colour, 1.3)
                    inset = edge_length * 0.2
                    far = edge_length - inset
                    segment(canvas, left + inset, low + inset, left + far, low + far)
                    segment(canvas, left + inset, low + far, left + far, low + inset)
            case number:
                line = self._ink.typesetter.lines(
                    [Span(number, True)], size=size, width=100, base=style.direction, language=style.language
                )[0]
                position = edge - line.width if to_right else edge
                for run in line.runs:
                    self._ink.fonts.show(canvas, run, size, position, base_line)
                    position += run.advance * size / 1000


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


class NewPage(Block):
    """What follows starts on a new page."""

    def __init__(self) -> None:
        super().__init__()
        self.breaks_page = self.separates = True

    def height_for(self, width: float) -> float:
        return 0

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
        stroke_with(canvas, self._colour, self._thickness)
        segment(canvas, x, y - self._thickness / 2, x + width, y - self._thickness / 2)


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
            if cell.height_for(part) <= height + FITS:
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
            stroke_with(canvas, self._line, 0.5)
            middle = x
            for part in self._widths(width)[:-1]:
                middle += part + self._gap / 2
                segment(canvas, middle, y, middle, y - height)
                middle += self._gap / 2
        for (cell, _), part in zip(self._cells, self._widths(width), strict=True):
            cell.paint(canvas, x, y, part)
            x += part + self._gap


class Panel(Block):
    """A softly coloured box with a bar at the side where reading starts."""

    _PADDING = 11.0
    _BAR = 4.0
    _KEPT_WHOLE = 240.0
    """A panel up to this height goes to the next page as a whole."""

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
        if self.height_for(width) <= self._KEPT_WHOLE:
            return None
        parts = self._content.cut(self._inner(width), height - 2 * self._PADDING)
        if parts is None:
            return None
        return self._around(parts[0], 0), self._around(parts[1], self.space_after)

    def _around(self, content: Block, space_after: float) -> Panel:
        return Panel(content, fill=self._fill, bar=self._bar, bar_right=self._bar_right, space_after=space_after)

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        height = self.height_for(width)
        fill_with(canvas, self._fill)
        box(canvas, x, y - height, width, height, stroke=False, fill=True)
        fill_with(canvas, self._bar)
        box(
            canvas,
            x + width - self._BAR if self._bar_right else x,
            y - height,
            self._BAR,
            height,
            stroke=False,
            fill=True,
        )
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


@lru_cache(maxsize=200)
def _squares_of(content: str) -> tuple[str, int]:
    """Return the dark squares of a QR code as operators, one unit each below the upper left corner, and its size."""
    rows = [list(row) for row in segno.make(content, error="m", micro=False).matrix]
    operators: list[str] = []
    for number, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                operators.append(f"{start} {-number - 1} {end - start} 1 re")
            start = end + 1
    return " ".join(operators), len(rows)


class QrCode(Block):
    """A QR code of `size` points, drawn as vectors."""

    def __init__(self, content: str, *, size: float, right: bool, colour: Colour, link: bool = True) -> None:
        """`content` is an address, or any text where it is no `link`."""
        super().__init__()
        self._operators, self._modules = _squares_of(content)
        self._content, self._size, self._right, self._colour, self._link = content, size, right, colour, link

    def height_for(self, width: float) -> float:
        return self._size

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        left = x + width - self._size if self._right else x
        fill_with(canvas, self._colour)
        squares(canvas, self._operators, left, y, self._size / self._modules)
        if self._link:
            canvas.linkURL(self._content, (left, y - self._size, left + self._size, y), thickness=0)


def take(blocks: Sequence[Block], width: float, height: float) -> tuple[list[Block], list[Block]]:
    """Return what of `blocks` fits into `height` and what does not; the last block that fits may be cut.

    A block that keeps with the next one goes over with it.
    """
    fitting: list[Block] = []
    left = height
    for place, block in enumerate(blocks):
        if block.breaks_page and fitting:
            return fitting, list(blocks[place + 1 :])
        needed = block.height_for(width)
        if needed <= left + FITS:
            fitting.append(block)
            left -= needed + block.space_after
            continue
        rest = list(blocks[place:])
        parts = block.cut(width, left)
        if parts is not None:
            return [*fitting, parts[0]], [parts[1], *rest[1:]]
        kept = len(fitting)
        while kept and fitting[kept - 1].keep_with_next:
            kept -= 1
        if kept == 0:  # everything on the page holds together: then it is cut here after all
            return fitting, rest
        return fitting[:kept], fitting[kept:] + rest
    return fitting, []
