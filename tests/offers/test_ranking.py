"""The search in memory: parts of compounds, typing errors, other languages, letters anywhere in a word."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.offers.folding import words_of
from kimdesk.offers.index_rows import IndexRow, terms_of
from kimdesk.offers.inverted import InvertedIndex
from kimdesk.offers.lexicon import GERMAN, load_lexicon, read_glossary
from kimdesk.offers.model import OfferText
from kimdesk.offers.query import parse_query
from kimdesk.offers.ranking import rank

LEXICON = load_lexicon()
TITLES = (
    "Integrationssprachkurs",
    "Schuldnerberatung",
    "Schulanmeldung",
    "Ärzte im Notdienst",
    "Kindergarten am Park",
    "Führerschein umschreiben",
    "Straßenbahn und Größe",
    "Language course for women",
)


def index_of(*titles: str) -> InvertedIndex:
    """Return the index of offers with these titles."""
    return InvertedIndex(
        IndexRow(number, UUID(int=number + 1), *terms_of(OfferText(title), "")) for number, title in enumerate(titles)
    )


def found(typed: str, *titles: str) -> list[str]:
    """Return the titles found, best first."""
    scores = rank(index_of(*titles), parse_query(typed, LEXICON)).scores
    return [titles[place] for place in np.argsort(-scores, kind="stable") if scores[place] > 0]


@pytest.mark.parametrize("typed", ["Kurs", "Sprach", "Sprachkurs", "sprachkurse", "integrationssprach", "Integration"])
def test_a_compound_is_found_by_its_parts(typed: str) -> None:
    assert found(typed, *TITLES)[0] == "Integrationssprachkurs"


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Schuldnerbertung", "Schuldnerberatung"),
        ("Fuhrerschein", "Führerschein umschreiben"),
        ("FUEHRERSCHEIN", "Führerschein umschreiben"),
        ("strassenbahn", "Straßenbahn und Größe"),
        ("Kindergraten", "Kindergarten am Park"),
        ("Arzt", "Ärzte im Notdienst"),
        ("Kita", "Kindergarten am Park"),
        ("driving licence", "Führerschein umschreiben"),
        ("permis de conduire", "Führerschein umschreiben"),
        ("водійські права", "Führerschein umschreiben"),
        ("والرخصة القيادة", "Führerschein umschreiben"),
        ("در مهدکودک", "Kindergarten am Park"),
    ],
)
def test_however_it_is_written_it_is_found(typed: str, title: str) -> None:
    assert found(typed, *TITLES)[0] == title


def test_a_word_nobody_uses_is_replaced_by_the_one_meant() -> None:
    ranking = rank(index_of(*TITLES), parse_query("Schuldnerbertung", LEXICON))
    assert ranking.better == {"schuldnerbertung": "schuldnerberatung"}
    assert rank(index_of(*TITLES), parse_query("Schuldnerberatung", LEXICON)).better == {}


def test_a_stem_is_no_reason_for_another_word() -> None:
    directory = (*TITLES, "Anmeldung im Rathaus", "Neue Schule")
    assert set(found("Schule", *directory)) == {"Schulanmeldung", "Neue Schule"}
    assert "Schuldnerberatung" in found("Schul", *TITLES)


_WORDS = st.text(alphabet="abdeinrstuäöß", min_size=3, max_size=12)


@given(st.lists(_WORDS, min_size=1, max_size=8, unique=True), st.data())
def test_letters_anywhere_in_a_word_find_it(words: list[str], data: st.DataObject) -> None:
    word = words_of(data.draw(st.sampled_from(words)))[0]
    begin = data.draw(st.integers(0, max(0, len(word) - 3)))
    letters = word[begin : begin + data.draw(st.integers(3, 6))]
    scores = rank(index_of(*words), parse_query(letters, LEXICON)).scores
    for place, other in enumerate(words):
        if len(letters) >= 3 and letters in words_of(other)[0]:
            assert scores[place] > 0


def test_the_glossary_is_whole() -> None:
    assert len(LEXICON.glossary.concepts) > 300
    assert {"de", "en", "fr", "uk", "ar", "ru", "tr", "fa"} <= set(LEXICON.glossary.languages)
    assert all(concept.phrases[GERMAN] for concept in LEXICON.glossary.concepts)
    with pytest.raises(ValueError, match="no German word"):
        read_glossary("de | en\n | school")
