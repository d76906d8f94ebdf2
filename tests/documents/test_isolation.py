"""What keeps its own order in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.documents.isolation import protect

_CASES = [
    "02307 9248872",
    "+49 2303 27-1234",
    "02303/27-1234",
    "9:00–12:30 Uhr",
    "8.30 - 12 Uhr",
    "8–12 Uhr",
    "14:00 bis 16:00 Uhr",
    "9 Uhr",
    "20.11.2026",
    "12,50 €",
    "1.200 Euro",
    "80 %",
    "kim@kreis-unna.de",
    "https://www.kreis-unna.de/kim?a=1",
    "§ 25a Abs. 1 AufenthG",
    "§ 104c",
    "§§ 25a, 25b AufenthG",
    "§§ 25a Abs. 1 und 25b AufenthG",
    "Kommunales Integrationszentrum (KIM)",
    "AWO Kreis Unna e.V.",
    "AWO Kreis Unna e. V.",
    "Müller-Lüdenscheidt",
    "Jobcenter Kreis Unna, Bahnhofstr. 63, 59423 Unna",
    "59174 Kamen",
    "SGB II / SGB XII",
]


def _shown(text: str) -> str:
    return text.replace("\u2066", "<").replace("\u2069", ">").replace("\u00a0", " ").replace("\u2060", "")


@pytest.mark.parametrize("foreign", _CASES)
@pytest.mark.parametrize("ending", ["", " الآن", "، ثم", "."])
def test_stays_in_one_piece_among_arabic(foreign: str, ending: str) -> None:
    assert _shown(protect(f"اتصل {foreign}{ending}", right_to_left=True)) == f"اتصل <{foreign}>{ending}"


@pytest.mark.parametrize("text", ["من 5-10 سنوات", "في عام 2024", "3 أشخاص", "بدون أرقام"])
def test_plain_numbers_stay_as_the_language_orders_them(text: str) -> None:
    assert protect(text, right_to_left=True) == text


def test_several_pieces_in_one_sentence() -> None:
    text = "على 02307 9248872 من 9:00–12:30 Uhr لدى Frau Schröder."
    assert _shown(protect(text, right_to_left=True)) == ("على <02307 9248872> من <9:00–12:30 Uhr> لدى <Frau Schröder>.")


@pytest.mark.parametrize("hours", ["8–12 Uhr", "8 - 12 Uhr", "8-12:30 Uhr", "9:00–12:00 Uhr", "9:00 bis 12:00"])
def test_hours_after_a_day_stay_whole(hours: str) -> None:
    assert _shown(protect(f"أيام Mo–Fr {hours} فقط", right_to_left=True)) == f"أيام <Mo–Fr> <{hours}> فقط"


def test_existing_isolates_are_left_alone() -> None:
    text = "قبل \u2067Müller 02307 92488\u2069 بعد"
    assert protect(text, right_to_left=True) == text


def test_numbers_are_not_broken_at_a_line_end() -> None:
    german = protect("Rufen Sie 02307 9248872 an, 9:00–12:30 Uhr.", right_to_left=False)
    assert "02307\u00a09248872" in german
    assert "9:00–\u206012:30\u00a0Uhr" in german


def test_an_arabic_name_in_german_text_is_isolated() -> None:
    assert protect("Herr محمد علي (1985)", right_to_left=False) == "Herr \u2067محمد علي\u2069 (1985)"


@given(st.text(alphabet="ab Zü09:.,-–/()€%§@+مرد\u2066\u2069", max_size=60), st.booleans())
def test_nothing_is_lost_or_added(text: str, right_to_left: bool) -> None:
    def bare(some: str) -> str:
        return "".join(char for char in some if char not in "\u2066\u2067\u2069\u2060").replace("\u00a0", " ")

    assert bare(protect(text, right_to_left=right_to_left)) == bare(text)
