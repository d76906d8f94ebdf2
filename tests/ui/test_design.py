"""The design: contrast computed from the tokens, one style sheet, sizes that follow the text size."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication

from kimdesk.ui import design
from kimdesk.ui.design import Appearance, Icon, Meaning, Scheme, icon, theme
from kimdesk.ui.design.contrast import contrast
from kimdesk.ui.design.icons import glyph
from kimdesk.ui.design.stylesheet import build
from kimdesk.ui.design.theme import Theme
from kimdesk.ui.design.tokens import DARK, LIGHT, Colours

SCHEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]
TEXT = 4.5
SHAPE = 3.0


def _grounds(colours: Colours) -> dict[str, str]:
    names = ("canvas", "sunken", "surface", "raised", "hover", "selection", "accent_soft")
    return {name: getattr(colours, name) for name in names}


def test_contrast_is_computed_as_the_guideline_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", SCHEMES)
@pytest.mark.parametrize("ink", ["text", "muted", "accent_text"])
def test_text_can_be_read_on_every_ground(colours: Colours, ink: str) -> None:
    for name, ground in _grounds(colours).items():
        assert contrast(getattr(colours, ink), ground) >= TEXT, f"{ink} on {name}"


@pytest.mark.parametrize("colours", SCHEMES)
def test_the_words_of_primary_buttons_can_be_read_in_every_state(colours: Colours) -> None:
    for ground in (colours.accent, colours.accent_hover, colours.accent_pressed):
        assert contrast(colours.on_accent, ground) >= TEXT


@pytest.mark.parametrize("colours", SCHEMES)
@pytest.mark.parametrize("meaning", list(Meaning))
def test_every_meaning_can_be_read_and_seen(colours: Colours, meaning: Meaning) -> None:
    of = colours.of(meaning)
    for ground in (of.soft, colours.canvas, colours.surface, colours.raised, colours.sunken, colours.selection):
        assert contrast(of.text, ground) >= TEXT
    for ground in (of.soft, colours.canvas, colours.surface):
        assert contrast(of.border, ground) >= SHAPE


@pytest.mark.parametrize("colours", SCHEMES)
@pytest.mark.parametrize("shape", ["border", "border_hover", "focus", "accent"])
def test_input_borders_focus_and_bars_stand_out(colours: Colours, shape: str) -> None:
    for ground in (colours.canvas, colours.sunken, colours.surface, colours.raised):
        assert contrast(getattr(colours, shape), ground) >= SHAPE


@pytest.mark.parametrize("colours", SCHEMES)
def test_the_style_sheet_uses_no_colour_beside_the_tokens(colours: Colours) -> None:
    sheet = build(Theme(colours))
    known = {value for name in colours.__slots__ if isinstance(value := getattr(colours, name), str)}
    for meaning in Meaning:
        of = colours.of(meaning)
        known |= {of.text, of.border, of.soft}
    assert "$" not in sheet
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet)) <= known


def test_no_screen_has_a_style_or_a_colour_of_its_own() -> None:
    folder = Path(design.__file__).parent.parent
    for file in folder.rglob("*.py"):
        if file.is_relative_to(folder / "design"):
            continue
        text = file.read_text(encoding="utf-8")
        lines = [
            line for line in text.splitlines() if ".setStyleSheet(" in line or re.search(r'"#[0-9a-fA-F]{6}"', line)
        ]
        assert not lines, f"{file.name}: {lines}"


def test_every_icon_has_its_picture(qapp: QApplication) -> None:
    for name in Icon:
        assert glyph(name), name
        assert not icon(name).pixmap(24, 24).toImage().isNull()


def test_an_icon_takes_the_colour_of_the_scheme_in_force(qapp: QApplication) -> None:
    picture = icon(Icon.HOME, "text")

    def darkest() -> int:
        image = picture.pixmap(24, 24).toImage()
        inked = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
        return min(colour.lightness() for colour in inked if colour.alpha() > 200)

    light = darkest()
    try:
        design.apply(qapp, Appearance(Scheme.DARK))
        dark = darkest()
    finally:
        design.apply(qapp, Appearance(Scheme.LIGHT))
    assert light < 100 < dark


def test_text_grows_to_twice_its_size(qapp: QApplication) -> None:
    usual = QFontMetrics(theme().font()).height()
    try:
        design.apply(qapp, Appearance(Scheme.LIGHT, 2.0))
        assert QFontMetrics(theme().font()).height() == pytest.approx(2 * usual, abs=2)
        assert QFontMetrics(qapp.font()).height() == QFontMetrics(theme().font()).height()
    finally:
        design.apply(qapp, Appearance(Scheme.LIGHT))


def test_names_of_clients_can_be_drawn(qapp: QApplication) -> None:
    """The families chosen cover the scripts of the names, as far as their fonts are installed."""
    installed = set(QFontDatabase.families())
    for family in ("Noto Sans Arabic", "Noto Sans Ethiopic"):
        if family in installed:
            assert family in theme().families
