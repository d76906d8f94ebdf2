"""Frames around cells: the fields of a form and the rows of a table; bars of a picture."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from kimdesk.documents.drawing import Colour, box, fill_with, stroke_with
from kimdesk.documents.flowables import FITS, Block, Space

_KEPT_WHOLE = 150.0
"""Boxes up to this height, in points, go to the next page as a whole."""


class Boxes(Block):
    """Cells beside each other in frames of one height; a page break cuts them all at the same height."""

    def __init__(
        self,
        cells: Sequence[tuple[Block, float]],
        *,
        gap: float,
        line: Colour,
        padding: float,
        fill: Colour | None = None,
        space_after: float = 0,
    ) -> None:
        """`cells` are blocks from left to right with their share of the width."""
        super().__init__()
        self._cells = list(cells)
        self._gap, self._line, self._padding, self._fill = gap, line, padding, fill
        self.space_after = space_after

    def _widths(self, width: float) -> list[float]:
        total = sum(share for _, share in self._cells)
        free = width - self._gap * (len(self._cells) - 1)
        return [free * share / total for _, share in self._cells]

    def height_for(self, width: float) -> float:
        pairs = zip(self._cells, self._widths(width), strict=True)
        return max(cell.height_for(part - 2 * self._padding) for (cell, _), part in pairs) + 2 * self._padding

    @property
    def cells(self) -> list[Block]:
        """The cells from left to right."""
        return [cell for cell, _share in self._cells]

    def cut(self, width: float, height: float) -> tuple[Boxes, Boxes] | None:
        if self.height_for(width) <= _KEPT_WHOLE:
            return None  # a label does not stand on another page than its value
        first: list[tuple[Block, float]] = []
        rest: list[tuple[Block, float]] = []
        room = height - 2 * self._padding
        for (cell, share), part in zip(self._cells, self._widths(width), strict=True):
            inner = part - 2 * self._padding
            if cell.height_for(inner) <= room + FITS:
                first.append((cell, share))
                rest.append((Space(0), share))
            elif parts := cell.cut(inner, room):
                first.append((parts[0], share))
                rest.append((parts[1], share))
            else:
                return None
        return self._like(first, 0), self._like(rest, self.space_after)

    def _like(self, cells: Sequence[tuple[Block, float]], space_after: float) -> Boxes:
        return Boxes(
            cells, gap=self._gap, line=self._line, padding=self._padding, fill=self._fill, space_after=space_after
        )

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        height = self.height_for(width)
        for (cell, _), part in zip(self._cells, self._widths(width), strict=True):
            stroke_with(canvas, self._line, 0.6)
            if self._fill is not None:
                fill_with(canvas, self._fill)
            box(canvas, x, y - height, part, height, stroke=True, fill=self._fill is not None)
            cell.paint(canvas, x + self._padding, y - self._padding, part - 2 * self._padding)
            x += part + self._gap


class Table(Block):
    """Rows under a head; the head stands again on every page the table reaches."""

    _PADDING = 5.0
    _TALLEST_ROW = 300.0

    def __init__(
        self,
        head: Sequence[Block],
        rows: Sequence[Sequence[Block]],
        shares: Sequence[float],
        *,
        line: Colour,
        fill: Colour,
        space_after: float = 0,
    ) -> None:
        super().__init__()
        self._head, self._rows, self._shares = list(head), [list(row) for row in rows], list(shares)
        self._line, self._fill = line, fill
        self.space_after = space_after

    def _boxes(self) -> list[Boxes]:
        return [self._row(self._head, self._fill), *(self._row(row) for row in self._rows)]

    def _row(self, cells: Sequence[Block], fill: Colour | None = None) -> Boxes:
        pairs = list(zip(cells, self._shares, strict=True))
        return Boxes(pairs, gap=0, line=self._line, padding=self._PADDING, fill=fill)

    def height_for(self, width: float) -> float:
        return sum(row.height_for(width) for row in self._boxes())

    def cut(self, width: float, height: float) -> tuple[Block, Block] | None:
        room = height - self._row(self._head).height_for(width)
        fitting: list[list[Block]] = []
        for place, row in enumerate(self._rows):
            needed = self._row(row).height_for(width)
            if needed > room + FITS:
                if not fitting:  # a head alone says nothing; a row that no page can hold is cut
                    parts = self._row(row).cut(width, room) if needed > self._TALLEST_ROW else None
                    if parts is None:
                        return None
                    first, rest = (list(part.cells) for part in parts)
                    return self._like([first], 0), self._like([rest, *self._rows[place + 1 :]], self.space_after)
                return self._like(fitting, 0), self._like(self._rows[place:], self.space_after)
            fitting.append(row)
            room -= needed
        return None

    def _like(self, rows: Sequence[Sequence[Block]], space_after: float) -> Table:
        return Table(self._head, rows, self._shares, line=self._line, fill=self._fill, space_after=space_after)

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        for row in self._boxes():
            row.paint(canvas, x, y, width)
            y -= row.height_for(width)


class Bar(Block):
    """A bar over `share` (0 to 1) of the width."""

    def __init__(self, share: float, *, height: float, colour: Colour) -> None:
        super().__init__()
        self._share, self._height, self._colour = min(max(share, 0.0), 1.0), height, colour

    def height_for(self, width: float) -> float:
        return self._height + 3

    def paint(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        fill_with(canvas, self._colour)
        box(canvas, x, y - self._height - 3, max(width * self._share, 0.8), self._height, fill=True, stroke=False)
