"""Lines, boxes and colours, written straight into the page: ReportLab formats every number in Python, slowly."""

from __future__ import annotations

from functools import lru_cache

from reportlab.pdfgen.canvas import Canvas

Colour = tuple[float, float, float]


@lru_cache(maxsize=64)
def _rgb(colour: Colour) -> str:
    return " ".join(f"{part:.3f}".rstrip("0").rstrip(".") for part in colour)


def fill_with(canvas: Canvas, colour: Colour) -> None:
    """Set the colour of text and areas."""
    canvas._code.append(f"{_rgb(colour)} rg")


def stroke_with(canvas: Canvas, colour: Colour, thickness: float) -> None:
    """Set colour and thickness of lines, in points."""
    canvas._code.append(f"{_rgb(colour)} RG {thickness:.2f} w")


def segment(canvas: Canvas, x1: float, y1: float, x2: float, y2: float) -> None:
    """Draw a line."""
    canvas._code.append(f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")


def box(canvas: Canvas, x: float, y: float, width: float, height: float, *, fill: bool, stroke: bool) -> None:
    """Draw a rectangle whose lower left corner is at `x`, `y`."""
    canvas._code.append(
        f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re {'B' if fill and stroke else 'f' if fill else 'S'}"
    )


def squares(canvas: Canvas, operators: str, x: float, y: float, scale: float) -> None:
    """Draw prepared operators whose unit is `scale` points, their upper left corner at `x`, `y`."""
    canvas._code.append(f"q {scale:.4f} 0 0 {scale:.4f} {x:.2f} {y:.2f} cm {operators} f Q")
