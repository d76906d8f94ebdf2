"""Fonts are chosen by what they cover; what none covers is refused with the name of the font to install."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kimdesk.documents.bidi import Base
from kimdesk.documents.fonts import FontBook, FontMissing
from kimdesk.documents.isolation import protect
from kimdesk.documents.text import Line, Span, Typesetter, clean


def _lines(fonts: FontBook, text: str, *, width: float = 400, right_to_left: bool = False) -> list[Line]:
    base: Base = "rtl" if right_to_left else "ltr"
    return Typesetter(fonts).lines([Span(text)], size=11, width=width, base=base, language="ar")


def _shown(line: Line) -> str:
    """What stands on the paper from left to right."""
    return "".join(glyph.text for run in line.runs for glyph in run.glyphs)


@pytest.mark.parametrize("bold", [False, True])
def test_each_script_gets_a_font_that_covers_it(fonts: FontBook, bold: bool) -> None:
    for character in "aßЖїعپگሀ።אΩ1€–":
        assert fonts.face_for(character, bold=bold).covers(character)


def test_a_missing_character_names_character_script_and_font(tmp_path: Path) -> None:
    with pytest.raises(FontMissing) as caught:
        _lines(FontBook([tmp_path]), "ሰላም")
    text = str(caught.value)
    assert "U+1230" in text
    assert "ETHIOPIC SYLLABLE SA" in text
    assert "Noto Sans Ethiopic" in text
    assert "fonts-noto-core" in text


def test_a_script_without_a_family_of_its_own_in_the_book_names_its_noto_font(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="Noto Sans Georgian"):
        FontBook([tmp_path]).face_for("ქ")


def test_a_damaged_font_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "NotoSans-Regular.ttf").write_bytes(b"not a font")
    with pytest.raises(FontMissing, match="Noto Sans"):
        FontBook([tmp_path]).face_for("a")


def test_punctuation_stays_in_the_font_of_its_sentence(fonts: FontBook) -> None:
    arabic = fonts.face_for("ع")
    assert fonts.face_for("،", current=arabic) is arabic
    assert fonts.face_for("(", current=arabic).covers("(")


def test_a_number_among_arabic_reads_as_written(fonts: FontBook) -> None:
    text = protect("اتصلوا بالسيدة Müller (KIM) على 02307 9248872 من 9:00–12:30 Uhr.", right_to_left=True)
    (line,) = _lines(fonts, text, width=600, right_to_left=True)
    shown = _shown(line).replace("\u00a0", " ")
    assert "02307 9248872" in shown
    assert "9:00–12:30 Uhr" in shown
    assert "Müller (KIM)" in shown
    assert shown.startswith(".9:00")
    assert shown.endswith("اولصتا"), "the first word stands at the right, its letters from right to left"


def test_brackets_around_arabic_are_mirrored(fonts: FontBook) -> None:
    (line,) = _lines(fonts, "مركز (كيم) هنا", right_to_left=True)
    glyphs = [glyph for run in line.runs for glyph in run.glyphs]
    opening, closing = (next(g for g in glyphs if g.text == sign) for sign in "()")
    latin = fonts.face_for("a")
    (plain,) = _lines(fonts, "a(b)")
    straight = {glyph.text: glyph.number for run in plain.runs for glyph in run.glyphs}
    assert latin.covers("()")
    assert (opening.number, closing.number) == (straight[")"], straight["("])
    assert glyphs.index(opening) > glyphs.index(closing)


@pytest.mark.parametrize("width", [60, 120, 300])
def test_no_line_is_wider_than_it_may_be(fonts: FontBook, width: float) -> None:
    text = "Donaudampfschifffahrtsgesellschaft https://www.example.org/a/sehr/langer/pfad/ohne-ende اتصلوا بالسيدة الآن"
    lines = _lines(fonts, text, width=width)
    assert len(lines) > 1
    assert all(line.width <= width + 0.5 for line in lines)
    assert sum(len(_shown(line).replace(" ", "")) for line in lines) == len(text.replace(" ", ""))


def test_a_soft_hyphen_shows_only_at_the_end_of_a_line(fonts: FontBook) -> None:
    wide = _lines(fonts, "Integrations\u00adzentrum")
    narrow = _lines(fonts, "Integrations\u00adzentrum", width=80)
    assert "-" not in _shown(wide[0])
    assert _shown(narrow[0]).endswith("-")
    assert len(narrow) == 2


@given(st.text(max_size=40), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_text_is_set_or_refused(text: str, right_to_left: bool) -> None:
    book = _BOOK
    try:
        lines = _lines(book, clean(text), width=100, right_to_left=right_to_left)
    except FontMissing as missing:
        assert "U+" in str(missing)
    else:
        assert all(glyph.number for line in lines for run in line.runs for glyph in run.glyphs)


_BOOK = FontBook()
