"""Which family the window is set in, and what stands in for scripts it does not cover."""

from __future__ import annotations

import sys

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

_PREFERRED = ("Segoe UI Variable Text", "Segoe UI", ".AppleSystemUIFont", "Noto Sans", "Cantarell", "DejaVu Sans")
_FALLBACKS = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Ethiopic",
    "Noto Sans Hebrew",
    "Segoe UI",
    "Ebrima",
    "Nyala",
    "Geeza Pro",
    "Kefa",
    "DejaVu Sans",
)
_GENERIC = frozenset({"sans serif", "sans-serif", "sans", "ms shell dlg 2", "helvetica", ""})
_REFERENCE_POINTS = {"win32": 9.0, "darwin": 13.0}
_LARGEST_SYSTEM_FACTOR = 2.0


def families() -> list[str]:
    """Return the window's font families: the system's own, then one per script our clients' names use."""
    installed = set(QFontDatabase.families())
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    first = system
    if system.casefold() in _GENERIC or (system not in installed and not system.startswith(".")):
        first = next((family for family in _PREFERRED if family in installed), QFontInfo(QFont(system)).family())
    return [first, *(family for family in _FALLBACKS if family in installed and family != first)]


def system_text_factor() -> float:
    """Return how much larger than usual the system sets its text (1.0 to 2.0), so that the window follows it."""
    points = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF()
    usual = _REFERENCE_POINTS.get(sys.platform, 11.0)
    return min(max(points / usual, 1.0), _LARGEST_SYSTEM_FACTOR)
