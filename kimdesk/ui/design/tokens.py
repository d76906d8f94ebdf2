"""The tokens of form: colour, space, radius and type. Everything else in the window is derived from these.

Two schemes with the same names. What carries meaning comes in four kinds, each with text, border and soft
background; a border of an input and a large figure keep 3:1, text keeps 4.5:1 on every ground it stands on
(checked by computing it, `tests/ui/test_design.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Meaning(StrEnum):
    """What a coloured thing says; never said by the colour alone."""

    INFO = "info"
    GOOD = "good"
    ATTENTION = "attention"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class MeaningColours:
    """The three colours of a meaning."""

    text: str
    border: str
    soft: str


@dataclass(frozen=True, slots=True)
class Colours:
    """One scheme. Grounds from back to front: `sunken` (wells, table heads), `canvas` (window), `surface` (cards)."""

    canvas: str
    sunken: str
    surface: str
    raised: str
    hairline: str
    border: str
    border_hover: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_soft: str
    accent_text: str
    on_accent: str
    selection: str
    hover: str
    focus: str
    shadow: str
    info: MeaningColours
    good: MeaningColours
    attention: MeaningColours
    danger: MeaningColours

    def of(self, meaning: Meaning) -> MeaningColours:
        """Return the colours of `meaning`."""
        match meaning:
            case Meaning.INFO:
                return self.info
            case Meaning.GOOD:
                return self.good
            case Meaning.ATTENTION:
                return self.attention
            case Meaning.DANGER:
                return self.danger


LIGHT: Final = Colours(
    canvas="#f5f7f7",
    sunken="#edf0f0",
    surface="#ffffff",
    raised="#ffffff",
    hairline="#dfe4e4",
    border="#818c8d",
    border_hover="#566364",
    text="#172324",
    muted="#506061",
    faint="#8b9696",
    accent="#0f5c63",
    accent_hover="#0b4d53",
    accent_pressed="#083e43",
    accent_soft="#deeeed",
    accent_text="#0c5359",
    on_accent="#ffffff",
    selection="#d8ebea",
    hover="#e8eded",
    focus="#0f7f88",
    shadow="#172324",
    info=MeaningColours(text="#1d5288", border="#4d86bd", soft="#e7f0f9"),
    good=MeaningColours(text="#1c643b", border="#3f9363", soft="#e4f3e9"),
    attention=MeaningColours(text="#7c4a03", border="#b87a1c", soft="#fcf1dc"),
    danger=MeaningColours(text="#a02622", border="#cf5b54", soft="#fceceb"),
)

DARK: Final = Colours(
    canvas="#141a1b",
    sunken="#0f1415",
    surface="#1b2324",
    raised="#232d2e",
    hairline="#2c3839",
    border="#748384",
    border_hover="#9aa8a8",
    text="#e5eceb",
    muted="#a4b3b2",
    faint="#687677",
    accent="#63c4c4",
    accent_hover="#7ed3d2",
    accent_pressed="#4fb0b1",
    accent_soft="#17393b",
    accent_text="#83d3d2",
    on_accent="#062123",
    selection="#1d4446",
    hover="#253031",
    focus="#6fd0d0",
    shadow="#000000",
    info=MeaningColours(text="#a3cbf2", border="#5b92c9", soft="#172c41"),
    good=MeaningColours(text="#93d6ac", border="#4e9c6d", soft="#15301f"),
    attention=MeaningColours(text="#f0c27b", border="#b78738", soft="#382a11"),
    danger=MeaningColours(text="#f5aaa4", border="#cd655e", soft="#3f1e1c"),
)


class Space:
    """Distances in device-independent pixels."""

    XS: Final = 4
    S: Final = 8
    M: Final = 12
    L: Final = 16
    XL: Final = 24
    XXL: Final = 32


class Radius:
    """Corner radii in device-independent pixels: controls and small things, cards."""

    SMALL: Final = 4
    LARGE: Final = 8


class TypeSize:
    """Type sizes in device-independent pixels at 100 % text size."""

    META: Final = 12
    BODY: Final = 14
    SECTION: Final = 16
    TITLE: Final = 20
    FIGURE: Final = 28
