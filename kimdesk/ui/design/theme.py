"""The theme in force: a colour scheme and a text size, applied once to the application.

Like the language it is ambient: painted widgets ask `theme()` while they paint, so a change of scheme reaches them
with the repaint that follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QFont

from kimdesk.ui.design.tokens import DARK, LIGHT, Colours, TypeSize


class Scheme(StrEnum):
    """The user's choice of colours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Appearance:
    """The user's choice: scheme and text size, 1.0 to 2.0 on top of the system's own text size."""

    scheme: Scheme = Scheme.SYSTEM
    text_scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Theme:
    """What is in force: colours, the factor of text, the font families."""

    colours: Colours = LIGHT
    text_scale: float = 1.0
    families: tuple[str, ...] = ("Sans Serif",)

    @property
    def is_dark(self) -> bool:
        """Return whether the dark scheme is in force."""
        return self.colours is DARK

    def px(self, size: float) -> int:
        """Return `size` (pixels at 100 %) at the text size in force."""
        return round(size * self.text_scale)

    def font(self, size: int = TypeSize.BODY, *, bold: bool = False) -> QFont:
        """Return the window's font at `size` (a `TypeSize`); bold is half-bold, as everywhere in the window."""
        font = QFont()
        font.setFamilies(list(self.families))
        font.setPixelSize(self.px(size))
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def colour(self, name: str) -> QColor:
        """Return the token `name` of the scheme, such as ``"accent"``, as a Qt colour."""
        return QColor(getattr(self.colours, name))


class _Active:
    theme: Theme = Theme()


def theme() -> Theme:
    """Return the theme in force."""
    return _Active.theme


def put_in_force(new: Theme) -> None:
    """Make `new` the theme in force; only `design.apply` calls this."""
    _Active.theme = new
