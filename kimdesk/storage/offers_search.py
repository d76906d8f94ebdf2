"""Searches the directory: every text is scored in memory, the best offers are read and explained."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa

from kimdesk.offers.excerpt import explain
from kimdesk.offers.fit import CaseProfile, misfits
from kimdesk.offers.model import OfferFacts, OfferText
from kimdesk.offers.query import SearchQuery
from kimdesk.offers.ranking import Ranking, rank
from kimdesk.offers.record import facts_from_json
from kimdesk.offers.views import OfferAnswer, OfferFilter, OfferHit
from kimdesk.storage.offers_directory import DirectoryIndex
from kimdesk.storage.tables.offers import offers

_LEAST_SHARE_IN_QUESTION = 0.15


def search_offers(
    connection: sa.Connection,
    directory: DirectoryIndex,
    query: SearchQuery,
    narrow: OfferFilter,
    limit: int,
    profile: CaseProfile | None = None,
) -> OfferAnswer:
    """Return up to `limit` offers, best first, each once and with the text that matched best, and how many there are.

    Offers that ended are left out. A query without terms finds nothing. With `profile` every hit says why it does not
    suit.
    """
    index = directory.current(connection)
    found = rank(index, query)
    scores = np.where(directory.mask(connection, narrow), found.scores, 0.0)
    least = float(scores.max(initial=0.0)) * _LEAST_SHARE_IN_QUESTION if query.is_question else 0.0
    places = np.nonzero(scores > least)[0]
    best_first = places[np.argsort(-scores[places], kind="stable")]
    _owners, first = np.unique(index.owners[best_first], return_index=True)
    ranked = [(index.offers[place], place) for place in best_first[np.sort(first)[:limit]].tolist()]
    rows = _read(connection, [index.numbers[place] for _identifier, place in ranked])
    facts = _facts(connection, [identifier for identifier, _place in ranked]) if profile is not None else {}
    hits = []
    for identifier, place in ranked:
        row = rows[index.numbers[place]]
        text = OfferText(
            row.title, row.summary, row.text, row.access_requirements, _list(row.keywords), _list(row.category)
        )
        match = explain(text, row.provider, found)
        hits.append(
            OfferHit(
                id=identifier,
                external_id=row.external_id,
                title=row.own_title,
                provider=row.provider,
                language=row.language,
                score=round(float(scores[place]), 4),
                reason=match.reason,
                matched_words=match.words,
                title_ranges=match.title_ranges if row.language == row.own_language else (),
                excerpt=match.excerpt,
                meant=match.meant,
                misfits=misfits(facts[identifier], profile) if profile is not None else (),
            )
        )
    return OfferAnswer(tuple(hits), len(first), _suggestion(query, found), query.language)


def _suggestion(query: SearchQuery, found: Ranking) -> str:
    """Return what was typed with the words replaced that nobody uses; nothing where there are none."""
    if not found.better:
        return ""
    return " ".join(found.better.get(word, word) for word in query.typed)


_READ = sa.text(
    "SELECT t.number, t.language, t.title, t.summary, t.text, t.access_requirements, t.keywords, t.category, "
    "o.external_id, o.provider, o.language AS own_language, own.title AS own_title "
    "FROM offer_texts t JOIN offers o ON o.id = t.offer_id "
    "JOIN offer_texts own ON own.offer_id = o.id AND own.language = o.language WHERE t.number IN :numbers"
).bindparams(sa.bindparam("numbers", expanding=True))


def _read(connection: sa.Connection, numbers: list[int]) -> dict[int, Any]:
    """Return what a hit shows, by text number, in one prepared statement: it is asked at every keystroke."""
    return {row.number: row for row in connection.execute(_READ, {"numbers": numbers})}


def _facts(connection: sa.Connection, identifiers: list[UUID]) -> dict[UUID, OfferFacts]:
    rows = connection.execute(sa.select(offers.c.id, offers.c.facts).where(offers.c.id.in_(identifiers)))
    return {row.id: facts_from_json(row.facts) for row in rows}


def _list(value: str) -> tuple[str, ...]:
    return tuple(json.loads(value)) if value not in ("", "[]") else ()
