"""Rules every set paragraph keeps, whatever its text: nothing lost, nothing too wide, hyphens only where due."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from kimdesk.documents.fonts import installed_fonts
from kimdesk.documents.isolation import protect
from kimdesk.documents.text import CONTROLS, Line, Span, Typesetter, clean, hyphenated

_WORDS = (
    "Integrationsmanagement", "Unnaer Straße 29a", "02307 9248872", "9–12 Uhr", "(KIM)", "15 %", "§ 25b AufenthG",
    "Aufenthaltserlaubnis", "اتصلوا", "بالسيدة", "خانه‌ای", "پەیوەندی", "ንኽትመጹ", "Сім’я", "țineți", "[50%]", "«…»",
    "30.11.2026", "e.V.", "kim@kreis.example", "مُوَاطِنٌ", "BLEIBERECHT",
)  # fmt: skip
texts = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=25).map(" ".join)
bases = st.sampled_from(["ltr", "rtl", "auto"])


def set_text(text: str, width: float, base: str, language: str) -> list[Line]:
    return Typesetter(installed_fonts()).lines(
        [Span(text)],
        size=10.5,
        width=width,
        base=base,  # type: ignore[arg-type]  # one of the three
        language=language,
    )


def letters_of(lines: list[Line]) -> Counter[str]:
    """The characters the glyphs stand for, without blanks and the hyphens that breaking may add."""
    return Counter("".join(glyph.text for line in lines for run in line.runs for glyph in run.glyphs if glyph.text))


@settings(max_examples=60)
@given(text=texts, width=st.floats(60, 480), base=bases, language=st.sampled_from(["de", "ar", "uk", "ti"]))
def test_no_letter_is_lost_and_no_line_is_too_wide(text: str, width: float, base: str, language: str) -> None:
    prepared = protect(clean(text), right_to_left=base == "rtl")
    lines = set_text(prepared, width, base, language)
    assert all(line.width <= width + 0.01 for line in lines)
    expected = Counter(char for char in prepared if char not in CONTROLS)
    found = letters_of(lines)
    for blank in (" ", "\u00a0", "\u200c"):
        expected.pop(blank, None)
        found.pop(blank, None)
    added = found - expected
    assert set(added) <= {"-"} and (language == "de" or not added), "only German words are hyphenated"
    assert not expected - found


@settings(max_examples=60)
@given(text=texts, width=st.floats(60, 480), base=bases)
def test_the_same_paragraph_is_set_the_same_way_again(text: str, width: float, base: str) -> None:
    first, second = (set_text(text, width, base, "de") for _ in range(2))
    assert [line.width for line in first] == [line.width for line in second]


@given(text=texts)
def test_hyphens_change_no_letter_and_leave_addresses_and_capitals_alone(text: str) -> None:
    soft = hyphenated(text)
    assert soft.replace("\u00ad", "") == text
    for kept in ("kim@kreis.example", "BLEIBERECHT", "02307 9248872"):
        assert soft.count(kept) == text.count(kept)


def test_a_long_german_word_is_broken_where_a_reader_would() -> None:
    assert hyphenated("Aufenthaltserlaubnis") == "Auf\u00adent\u00adhalts\u00ader\u00adlaub\u00adnis"
    lines = set_text("Die Aufenthaltserlaubnis und die Niederlassungserlaubnis gelten.", 90, "ltr", "de")
    ends = ["".join(glyph.text for run in line.runs for glyph in run.glyphs)[-1] for line in lines]
    assert "-" in ends
    title = Typesetter(installed_fonts()).lines(
        [Span("Aufenthaltserlaubnis Niederlassungserlaubnis")], size=22, width=300, base="ltr", language="de"
    )
    assert not any(re.search("-$", "".join(g.text for run in line.runs for g in run.glyphs)) for line in title)
