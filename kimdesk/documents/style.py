"""The house style: page, colours, type sizes. Lengths in points."""

from __future__ import annotations

from typing import Literal

from kimdesk.documents.bidi import Base
from kimdesk.documents.drawing import Colour
from kimdesk.documents.flowables import TextStyle

PAGE_WIDTH, PAGE_HEIGHT = 595.276, 841.89  # A4
MARGIN = 56.7  # 20 mm
TOP = 40.0
FOOT_BOTTOM = 26.0
BODY, LABEL, SMALL = 10.5, 9.25, 8.5
WIDTH = PAGE_WIDTH - 2 * MARGIN
GUTTER = 28.0  # between two languages

INK: Colour = (0.11, 0.14, 0.16)
QUIET: Colour = (0.36, 0.41, 0.43)
TEAL: Colour = (0.04, 0.36, 0.39)
TEAL_SOFT: Colour = (0.91, 0.955, 0.955)
LINE: Colour = (0.80, 0.84, 0.85)
AMBER: Colour = (0.55, 0.33, 0.02)
AMBER_SOFT: Colour = (0.995, 0.96, 0.89)
LARGE_PRINT = 1.5
"""How much larger type is on pages for low vision: body text of 16 points."""

Align = Literal["start", "left", "right", "centre"]

# Ethiopic and Arabic script need more room between lines than Latin.
_LEADING = {"ti": 1.45} | dict.fromkeys(("ar", "fa", "fa_AF", "ckb", "ps"), 1.47)


def text_style(
    language: str,
    direction: Base,
    size: float = BODY,
    *,
    colour: Colour = INK,
    bold: bool = False,
    space_after: float = 0,
    marker: str = "",
    align: Align = "start",
    keep_with_next: bool = False,
    beside_size: float = 0,
    outline: int | None = None,
) -> TextStyle:
    """Return a style whose line height suits the script of `language`, and a text of `beside_size` beside it."""
    leading = max(size, beside_size) * (_LEADING.get(language, 1.38) - (0.14 if size > 16 else 0))
    return TextStyle(
        size=size,
        leading=leading,
        colour=colour,
        direction=direction,
        language=language,
        bold=bold,
        space_after=space_after,
        marker=marker,
        align=align,
        keep_with_next=keep_with_next,
        outline=outline,
    )
