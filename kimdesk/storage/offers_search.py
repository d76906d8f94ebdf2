"""Searches the directory: every text is scored in memory, the best offers are read and explained."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import sqlalchemy as sa

from kimdesk.offers.excerpt import explain
from kimdesk.offers.fit import CaseProfile, misfits
from kimdesk.offers.model import OfferText
from kimdesk.offers.query import SearchQuery
from kimdesk.offers.ranking import Ranking, rank
from kimdesk.offers.record import facts_from_json
from kimdesk.offers.views import OfferAnswer, OfferFilter, OfferHit
from kimdesk.storage.offers import offers_by_id, texts_by_number
from kimdesk.storage.offers_directory import DirectoryIndex
from kimdesk.storage.tables.base import Identifier

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
    best: dict[UUID, int] = {}
    for place in places[np.argsort(-scores[places], kind="stable")]:
        best.setdefault(index.offers[place], int(place))
    ranked = list(best.items())[:limit]
    rows = offers_by_id(connection, [identifier for identifier, _place in ranked])
    own = _own_titles(connection, [identifier for identifier, _place in ranked])
    texts = texts_by_number(connection, [index.numbers[place] for _identifier, place in ranked])
    hits = []
    for identifier, place in ranked:
        row, text = rows[identifier], texts[index.numbers[place]]
        facts = facts_from_json(row.facts)
        match = explain(
            OfferText(text.title, text.summary, text.text, text.access_requirements, text.keywords, text.category),
            row.provider,
            found,
        )
        hits.append(
            OfferHit(
                id=identifier,
                external_id=row.external_id,
                title=own[identifier],
                provider=row.provider,
                language=text.language,
                score=round(float(scores[place]), 4),
                reason=match.reason,
                matched_words=match.words,
                title_ranges=match.title_ranges if text.language == row.language else (),
                excerpt=match.excerpt,
                meant=match.meant,
                misfits=misfits(facts, profile) if profile is not None else (),
            )
        )
    return OfferAnswer(tuple(hits), len(best), _suggestion(query, found), query.language)


def _suggestion(query: SearchQuery, found: Ranking) -> str:
    """Return what was typed with the words replaced that nobody uses; nothing where there are none."""
    if not found.better:
        return ""
    return " ".join(found.better.get(word, word) for word in query.typed)


_OWN_TITLES = sa.text(
    "SELECT offers.id AS offer_id, offer_texts.title AS title FROM offers JOIN offer_texts "
    "ON offer_texts.offer_id = offers.id AND offer_texts.language = offers.language WHERE offers.id IN :ids"
).bindparams(sa.bindparam("ids", expanding=True, type_=Identifier()))


def _own_titles(connection: sa.Connection, identifiers: list[UUID]) -> dict[UUID, str]:
    rows = connection.execute(
        _OWN_TITLES.columns(sa.column("offer_id", Identifier()), sa.column("title", sa.Text)), {"ids": identifiers}
    )
    return {row.offer_id: row.title for row in rows}
