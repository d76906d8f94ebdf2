"""The query grammar: spellings meet, and nothing anybody types can fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from kimdesk.offers.excerpt import MatchReason, explain, highlight
from kimdesk.offers.folding import Folded, fold
from kimdesk.offers.model import OfferText
from kimdesk.offers.plain_text import clean
from kimdesk.offers.query import MAXIMUM_TERMS, load_lexicon, parse_query, stem

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
    (term,) = parse_query("VHS", LEXICON).terms
    assert "volkshochschule" in term.synonyms


def test_two_letters_search_titles_only() -> None:
    assert parse_query("ki", LEXICON).titles_only
    assert not parse_query("kit", LEXICON).titles_only


def test_a_long_input_is_cut() -> None:
    query = parse_query(" ".join(f"wort{number}" for number in range(5000)), LEXICON)
    assert len(query.terms) == MAXIMUM_TERMS


@pytest.fixture(scope="module")
def indexes() -> dbapi2.Connection:
    """Both kinds of index, empty."""
    connection = dbapi2.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize='unicode61 remove_diacritics 2')")
    connection.execute("CREATE VIRTUAL TABLE pieces USING fts5(title, body, tokenize='trigram')")
    connection.execute("INSERT INTO words VALUES ('a', 'b')")
    connection.execute("INSERT INTO pieces VALUES ('abc', 'def')")
    return connection


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
def test_any_input_makes_valid_expressions(indexes: dbapi2.Connection, text: str) -> None:
    query = parse_query(text, LEXICON)
    for table, expression in (
        ("words", query.word_expression()),
        ("words", query.synonym_expression()),
        ("pieces", query.piece_expression()),
    ):
        if expression:
            indexes.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (expression,)).fetchall()
    for start, end in highlight(clean(text), query):
        assert 0 <= start < end <= len(clean(text))


@given(st.text(alphabet=st.sampled_from("aäßÄ ﬁxİ½éЙ中"), max_size=300))
def test_every_folded_letter_knows_where_it_came_from(text: str) -> None:
    folded = Folded(text)
    places = [folded.origin(index) for index in range(len(folded.text))]
    assert places == sorted(places)
    expected = [index for index, letter in enumerate(text) for _ in Folded(letter).text]
    assert places == expected


def test_the_highlighted_letters_are_those_that_were_meant() -> None:
    text = "Größere Wohnungen, Mietwohnung"
    query = parse_query("wohnung groesse", LEXICON)
    assert [text[start:end] for start, end in highlight(text, query)] == ["Größere", "Wohnungen", "wohnung"]


def test_the_reason_names_the_strongest_place() -> None:
    kindergarten = OfferText("Kindergarten am Park", text="Hier spielen Kinder. " * 40 + "Es gibt Mittagessen.")
    assert explain(kindergarten, "", parse_query("Kindergarten", LEXICON)).reason is MatchReason.TITLE
    assert explain(kindergarten, "", parse_query("Kita", LEXICON)).reason is MatchReason.SYNONYM
    lunch = explain(kindergarten, "", parse_query("Mittagessen", LEXICON))
    assert lunch.reason is MatchReason.TEXT
    assert [lunch.excerpt.text[start:end] for start, end in lunch.excerpt.ranges] == ["Mittagessen"]
    assert len(lunch.excerpt.text) < 200
    assert explain(kindergarten, "Stadt Lünen", parse_query("Luenen", LEXICON)).reason is MatchReason.KEYWORDS
