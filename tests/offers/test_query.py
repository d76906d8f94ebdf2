"""The query grammar: spellings meet, and nothing anybody types can fail."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.offers.excerpt import Match, MatchReason, explain
from kimdesk.offers.folding import Folded, fold
from kimdesk.offers.index_rows import IndexRow, terms_of
from kimdesk.offers.inverted import InvertedIndex
from kimdesk.offers.lexicon import load_lexicon
from kimdesk.offers.model import OfferText
from kimdesk.offers.plain_text import clean
from kimdesk.offers.query import MAXIMUM_TERMS, parse_query
from kimdesk.offers.ranking import rank
from kimdesk.offers.stemming import stem

LEXICON = load_lexicon()


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Größe", "groesse"),
        ("GROESSE", "groesse"),
        ("Straße", "strasse"),
        ("Café", "cafe"),
        ("A\u0308rzte", "aerzte"),
        ("İstanbul", "istanbul"),
        ("Київ", "киів"),
        ("٠٢٣", "٠٢٣"),
    ],
)
def test_spellings_fold_together(written: str, folded: str) -> None:
    assert fold(written) == fold(folded)


def test_german_forms_share_a_stem() -> None:
    assert stem("sprachkurse") == stem("sprachkurs") == "sprachkurs"
    assert stem("wohnungen") == "wohnung"
    assert stem("kita") == "kita"


def test_a_question_keeps_only_what_carries_meaning() -> None:
    query = parse_query("Wie kann ich einen Deutschkurs in meiner Nähe finden?", LEXICON)
    assert [term.word for term in query.terms] == ["deutschkurs", "naehe"]
    assert query.is_question


def test_words_without_meaning_are_kept_when_there_is_nothing_else() -> None:
    assert [term.word for term in parse_query("wie ist das", LEXICON).terms] == ["wie", "ist", "das"]


def test_abbreviations_know_their_long_form() -> None:
    (related,) = parse_query("VHS", LEXICON).related
    assert ("volkshochschule",) in related.phrases


def test_two_letters_search_titles_only() -> None:
    assert parse_query("ki", LEXICON).titles_only
    assert not parse_query("kit", LEXICON).titles_only


def test_a_long_input_is_cut() -> None:
    query = parse_query(" ".join(f"wort{number}" for number in range(5000)), LEXICON)
    assert len(query.terms) == MAXIMUM_TERMS


_NASTY = st.sampled_from(
    [
        '"',
        "'",
        "*",
        "(",
        ")",
        ":",
        "^",
        "-",
        "+",
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "{title}",
        "\x00",
        "\ud800",
        "ß",
        "\n",
        ";--",
    ]
)


@given(st.one_of(st.text(), st.lists(st.one_of(_NASTY, st.text(max_size=5)), max_size=12).map(" ".join)))
def test_any_input_is_searched(text: str) -> None:
    offer = OfferText("Kurs für Frauen", text=clean(text))
    index = InvertedIndex([IndexRow(1, uuid4(), *terms_of(offer, "Träger"))])
    ranking = rank(index, parse_query(text, LEXICON))
    assert len(ranking.scores) == 1
    for start, end in explain(offer, "Träger", ranking).title_ranges:
        assert 0 <= start < end <= len(offer.title)


@given(st.text(alphabet=st.sampled_from("aäßÄ ﬁxİ½éЙ中"), max_size=300))
def test_every_folded_letter_knows_where_it_came_from(text: str) -> None:
    folded = Folded(text)
    places = [folded.origin(index) for index in range(len(folded.text))]
    assert places == sorted(places)
    expected = [index for index, letter in enumerate(text) for _ in Folded(letter).text]
    assert places == expected


def _match(offer: OfferText, provider: str, typed: str) -> Match:
    index = InvertedIndex([IndexRow(1, uuid4(), *terms_of(offer, provider))])
    return explain(offer, provider, rank(index, parse_query(typed, LEXICON)))


def test_the_highlighted_letters_are_those_that_were_meant() -> None:
    text = "Größere Wohnungen, Mietwohnung"
    ranges = _match(OfferText(text), "", "wohnung groesse").title_ranges
    assert [text[start:end] for start, end in ranges] == ["Größere", "Wohnungen", "Mietwohnung"]


def test_the_reason_names_the_strongest_place() -> None:
    kindergarten = OfferText("Kindergarten am Park", text="Hier spielen Kinder. " * 40 + "Es gibt Mittagessen.")
    assert _match(kindergarten, "", "Kindergarten").reason is MatchReason.TITLE
    synonym = _match(kindergarten, "", "Kita")
    assert (synonym.reason, synonym.words, synonym.meant) == (MatchReason.SYNONYM, ("Kindergarten",), "kita")
    translation = _match(kindergarten, "", "дитячий садок")
    assert (translation.reason, translation.words) == (MatchReason.TRANSLATION, ("Kindergarten",))
    assert _match(kindergarten, "", "Kindergraten").reason is MatchReason.SPELLING
    lunch = _match(kindergarten, "", "Mittagessen")
    assert lunch.reason is MatchReason.TEXT
    assert [lunch.excerpt.text[start:end] for start, end in lunch.excerpt.ranges] == ["Mittagessen"]
    assert len(lunch.excerpt.text) < 200
    assert _match(kindergarten, "Stadt Lünen", "Luenen").reason is MatchReason.KEYWORDS
