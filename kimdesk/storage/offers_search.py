"""Searches the directory: two indexes are asked, their bm25 scores added up, the best offers explained."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from kimdesk.offers.excerpt import explain
from kimdesk.offers.model import OfferText
from kimdesk.offers.query import SearchQuery, is_title, title_share
from kimdesk.offers.record import facts_from_json
from kimdesk.offers.views import OfferFilter, OfferHit
from kimdesk.storage.offers import filter_conditions, filter_parameters, offers_by_id, texts_by_number
from kimdesk.storage.tables.base import Identifier
from kimdesk.storage.tables.offers import PIECE_INDEX, WORD_INDEX

_CANDIDATES = 200
_COLUMN_WEIGHTS = "5.0, 3.0, 2.0, 1.0"  # title, keywords, category, body


@dataclass(frozen=True, slots=True)
class _Weights:
    """How much each index counts."""

    words: float
    pieces: float
    synonyms: float


_TITLE_BONUS = 1.0
# Measured on the 271 German questions of OMoS-QA against 210 pages, and by eye on single words (decision 051).
_KEYWORDS = _Weights(words=1.0, pieces=0.3, synonyms=0.3)
_QUESTION = _Weights(words=1.0, pieces=1.0, synonyms=0.1)


def search_offers(
    connection: sa.Connection, query: SearchQuery, narrow: OfferFilter, limit: int
) -> tuple[OfferHit, ...]:
    """Return up to `limit` offers, best first, each once and with the text that matched best.

    Offers that ended are left out. A query without terms finds nothing.
    """
    scores = _scores(connection, query, narrow)
    best: dict[UUID, tuple[float, int]] = {}
    for number, (identifier, score) in scores.items():
        if identifier not in best or score > best[identifier][0]:
            best[identifier] = (score, number)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[1][1]))[:limit]
    rows = offers_by_id(connection, [identifier for identifier, _found in ranked])
    own = _own_titles(connection, [identifier for identifier, _found in ranked])
    texts = texts_by_number(connection, [number for _identifier, (_score, number) in ranked])
    hits = []
    for identifier, (score, number) in ranked:
        row, text = rows[identifier], texts[number]
        provider = facts_from_json(row.facts).provider
        match = explain(
            OfferText(text.title, text.summary, text.text, text.access_requirements, text.keywords, text.category),
            provider,
            query,
        )
        hits.append(
            OfferHit(
                id=identifier,
                external_id=row.external_id,
                title=own[identifier],
                provider=provider,
                language=text.language,
                score=round(score, 4),
                reason=match.reason,
                matched_words=match.words,
                title_ranges=match.title_ranges if text.language == row.language else (),
                excerpt=match.excerpt,
            )
        )
    return tuple(hits)


def _scores(connection: sa.Connection, query: SearchQuery, narrow: OfferFilter) -> dict[int, tuple[UUID, float]]:
    """Return offer and score by text number."""
    weights = _QUESTION if query.is_question else _KEYWORDS
    words = query.word_expression()
    if words and query.titles_only:
        words = f"{{title}} : ({words})"
    synonyms = "" if query.titles_only else query.synonym_expression()
    asked = (
        (WORD_INDEX, words, weights.words),
        (PIECE_INDEX, query.piece_expression(), weights.pieces),
        (WORD_INDEX, synonyms, weights.synonyms),
    )
    scores: dict[int, tuple[UUID, float]] = {}
    titles: dict[int, str] = {}
    for index, expression, weight in asked:
        if not expression:
            continue
        statement = _statement(index, tuple(filter_conditions(narrow)))
        for row in connection.execute(statement, {"expression": expression, **filter_parameters(narrow)}):
            before = scores[row.number][1] if row.number in scores else 0.0
            scores[row.number] = (row.offer_id, before + weight * -row.score)
            titles[row.number] = row.title
    scores = {
        number: (identifier, score * (1 + _TITLE_BONUS * title_share(titles[number], query)))
        for number, (identifier, score) in scores.items()
    }
    # Whoever types a title means that offer, however often another one repeats its words.
    best = max((score for _identifier, score in scores.values()), default=0.0)
    return {
        number: (identifier, score + best if is_title(titles[number], query) else score)
        for number, (identifier, score) in scores.items()
    }


def _statement(index: str, conditions: tuple[str, ...]) -> sa.TextualSelect:
    """Return the prepared statement; bm25 is negative, smaller is better.

    Without a filter the index picks the best rows by itself and only those are joined, which is what keeps a
    keystroke short in a large directory.
    """
    matches = (
        f"SELECT {index}.rowid AS number, {index}.rank AS score FROM {index} "
        f"WHERE {index} MATCH :expression AND {index}.rank MATCH 'bm25({_COLUMN_WEIGHTS})'"
    )
    if not conditions:
        matches += f" ORDER BY {index}.rank LIMIT {_CANDIDATES}"
    where = " AND ".join(("offers.status <> 'ended'", *conditions))
    return sa.text(
        "SELECT matches.number AS number, offers.id AS offer_id, offer_texts.title AS title, matches.score AS score "
        f"FROM ({matches}) AS matches JOIN offer_texts ON offer_texts.number = matches.number "
        f"JOIN offers ON offers.id = offer_texts.offer_id WHERE {where} ORDER BY score LIMIT {_CANDIDATES}"
    ).columns(
        sa.column("number", sa.Integer),
        sa.column("offer_id", Identifier()),
        sa.column("title", sa.Text),
        sa.column("score", sa.Float),
    )


_OWN_TITLES = sa.text(
    "SELECT offers.id AS offer_id, offer_texts.title AS title FROM offers JOIN offer_texts "
    "ON offer_texts.offer_id = offers.id AND offer_texts.language = offers.language WHERE offers.id IN :ids"
).bindparams(sa.bindparam("ids", expanding=True, type_=Identifier()))


def _own_titles(connection: sa.Connection, identifiers: list[UUID]) -> dict[UUID, str]:
    rows = connection.execute(
        _OWN_TITLES.columns(sa.column("offer_id", Identifier()), sa.column("title", sa.Text)), {"ids": identifiers}
    )
    return {row.offer_id: row.title for row in rows}
