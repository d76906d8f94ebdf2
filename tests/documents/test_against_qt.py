"""Lines of hard mixed text, compared with what Qt's text engine makes of them: the same glyphs, in the same places.

Qt breaks, orders and shapes by itself (its own bidi algorithm, its own script runs, its own HarfBuzz). Qt takes spaces
and signs from the first font of the list, the font book from the font of the text around them: spaces are left out,
signs are compared as characters, letters by font, glyph and distance to the letter before.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QRawFont, QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication

from kimdesk.documents.fonts import FontBook
from kimdesk.documents.isolation import protect
from kimdesk.documents.text import Span, Typesetter

_SIZE = 100  # pixels, so that rounding to a 64th of a pixel counts for nothing
_TOLERANCE = 0.2
_SIGNS = ".:,;!?()[]«»\"'–-/%€"
_BLANKS = " \u00a0\u200c\u2060\u2066\u2067\u2068\u2069"

CASES = [
    ("ar", "اتصلوا بالسيدة Müller، الهاتف 02307 9248872، من 9–12 Uhr."),
    ("ar", "العنوان: Unnaer Straße 29a، 59174 Kamen (بجانب المحطة)."),
    ("ar", 'قال: «قرأت في الرسالة "Bitte kommen Sie (mit Pass) am 30.11.2026" ثم سألت».'),
    ("ar", "الخصم 15% أي 1.250,50 € من أصل 8.000 €، والباقي [50%] لاحقًا."),
    ("ar", "مُوَاطِنٌ، وَلِلَّهِ الحمد؛ مركز Kommunales Integrationszentrum (KIM) في Unna: 9:00–12:30."),
    ("fa", "می‌خواهم خانه‌ای نزدیک Jobcenter پیدا کنم؛ نمی‌دانم کجا (شمارهٔ ۲۵)."),
    ("fa_AF", "لطفاً ساعت 14:30 به دفتر، Rathausplatz 1، بیایید."),
    ("ckb", "تکایە لە کاتژمێر ٩ بۆ ١٢ پەیوەندی بە Frau Schröder (KIM) بکەن، ژمارە: 0151 2345678."),
    ("ps", "مهرباني وکړئ د Jobcenter سره اړیکه ونیسئ، ټلیفون 02303 27-1234."),
    ("ti", "ኣብ Rathaus Unna፣ ክፍሊ 214፣ ሰዓት 9:00–12:30 ንኽትመጹ ንሓትት።"),
    ("uk", "Сім’я й об’єднання: зателефонуйте пані Müller, 02307 9248872, з 9 до 12."),
    ("ro", "Știți că sunteți așteptați în București, nu-i așa? (vă rugăm, țineți minte)"),
    ("de", "Herr محمد العلي wohnt in der Unnaer Straße 29a, 59174 Kamen (seit 2021)."),
    ("ku", "Ji kerema xwe telefonî me bikin: Çarşem, saet 9–12, êvar û şev."),
]


@dataclass(frozen=True)
class Placed:
    """A glyph in its place, in pixels."""

    font: str
    """Empty for a sign, whose `glyph` is its code point."""
    glyph: int
    x: float
    joined: bool = True
    """Whether no space stands before it."""


@pytest.fixture(scope="module")
def qt_families(fonts: FontBook) -> list[str]:
    """The font book's fonts, loaded by Qt from the same files."""
    _application = QApplication.instance() or QApplication([])
    families: list[str] = []
    for character in "aعሀ":
        number = QFontDatabase.addApplicationFont(str(fonts.face_for(character).path))
        assert number >= 0
        families += QFontDatabase.applicationFontFamilies(number)
    return families


def by_qt(text: str, families: list[str], right_to_left: bool) -> list[Placed]:
    font = QFont(families)
    font.setPixelSize(_SIZE)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight)
    option.setUseDesignMetrics(True)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1_000_000)
    layout.endLayout()
    placed: list[Placed] = []
    for run in layout.glyphRuns():
        raw = run.rawFont()
        known = known_signs(raw)
        placed += [
            known_as(known, Placed(raw.familyName(), glyph, position.x()))
            for glyph, position in zip(run.glyphIndexes(), run.positions(), strict=True)
        ]
    return without_blanks(placed)


def known_signs(raw: QRawFont) -> dict[int, int]:
    """Return the code points of signs and blanks by their glyph in a font; 0 for a blank."""
    known: dict[int, int] = {}
    for sign in _SIGNS:
        if indexes := raw.glyphIndexesForString(sign):
            known[indexes[0]] = ord(sign)
    for blank in _BLANKS:
        for index in raw.glyphIndexesForString(blank):
            known[index] = 0
    return known


def known_as(known: dict[int, int], placed: Placed) -> Placed:
    return Placed("", known[placed.glyph], placed.x) if placed.glyph in known else placed


def without_blanks(placed: list[Placed]) -> list[Placed]:
    found: list[Placed] = []
    joined = True
    for each in sorted(placed, key=lambda each: each.x):
        if not each.font and not each.glyph:
            joined = False
            continue
        found.append(replace(each, joined=joined))
        joined = True
    return found


def by_kimdesk(
    text: str, language: str, fonts: FontBook, right_to_left: bool, loaded: dict[Path, QRawFont]
) -> list[Placed]:
    (line,) = Typesetter(fonts).lines(
        [Span(text)], size=_SIZE, width=1_000_000, base="rtl" if right_to_left else "ltr", language=language
    )
    placed: list[Placed] = []
    x = 0.0
    for run in line.runs:
        raw = loaded[run.face.path]
        known = known_signs(raw)
        for glyph in run.glyphs:
            if not glyph.unseen:
                place = x + glyph.x_offset * _SIZE / 1000
                placed.append(known_as(known, Placed(raw.familyName(), glyph.number, place)))
            x += glyph.advance * _SIZE / 1000
    return without_blanks(placed)


@pytest.mark.parametrize(
    ("language", "text"), CASES, ids=[f"{code}-{number}" for number, (code, _) in enumerate(CASES)]
)
def test_a_line_is_what_qt_draws(fonts: FontBook, qt_families: list[str], language: str, text: str) -> None:
    right_to_left = language in ("ar", "fa", "fa_AF", "ckb", "ps")
    prepared = protect(text, right_to_left=right_to_left)
    loaded = {face.path: QRawFont(str(face.path), _SIZE) for face in map(fonts.face_for, "aعሀ")}
    ours = by_kimdesk(prepared, language, fonts, right_to_left, loaded)
    qts = by_qt(prepared, qt_families, right_to_left)
    assert [(each.font, each.glyph) for each in ours] == [(each.font, each.glyph) for each in qts]
    compared = 0
    for (before, here), (qt_before, qt_here) in zip(pairwise(ours), pairwise(qts), strict=True):
        if before.font == here.font != "" and here.joined and qt_here.joined:
            assert here.x - before.x == pytest.approx(qt_here.x - qt_before.x, abs=_TOLERANCE)
            compared += 1
    assert compared > 10
