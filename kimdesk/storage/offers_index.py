"""The rows of the search index in the vault.

A row holds the words of one text and belongs to it by a stamp (the way rows are made, the text's fingerprint, the
provider). A row that is missing or belongs to an older text is made anew, so nobody who writes texts has to think of
the index.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kimdesk.offers.index_rows import RECIPE, IndexRow, terms_of
from kimdesk.offers.model import OfferText
from kimdesk.storage.tables.offers import offer_index, offer_texts, offers

STAMP = sa.literal(f"{RECIPE}:").concat(offer_texts.c.fingerprint).concat(":").concat(offers.c.provider)
"""What a fresh row has, as an expression on `offer_texts` joined with `offers`."""

_BATCH = 500


def write_stale(connection: sa.Connection) -> int:
    """Write the rows that are missing or belong to an older text; return how many. Part of the caller's transaction."""
    fresh = sa.exists().where(offer_index.c.number == offer_texts.c.number, offer_index.c.stamp == STAMP)
    stale = _texts().add_columns(STAMP.label("stamp")).where(~fresh)
    rows = connection.execute(stale).all()
    for begin in range(0, len(rows), _BATCH):
        values = []
        for row in rows[begin : begin + _BATCH]:
            terms, weights = terms_of(_text(row), row.provider)
            values.append({"number": row.number, "stamp": row.stamp, "terms": terms, "weights": weights})
        connection.execute(sa.insert(offer_index).prefix_with("OR REPLACE"), values)
    return len(rows)


def _texts() -> sa.Select[Any]:
    return (
        sa.select(
            offer_texts.c.number,
            offer_texts.c.offer_id,
            offer_texts.c.title,
            offer_texts.c.summary,
            offer_texts.c.text,
            offer_texts.c.access_requirements,
            offer_texts.c.keywords,
            offer_texts.c.category,
            offers.c.provider,
        )
        .join(offers, offers.c.id == offer_texts.c.offer_id)
        .where(offers.c.removed_at.is_(None))
    )


def _text(row: Any) -> OfferText:
    return OfferText(row.title, row.summary, row.text, row.access_requirements, row.keywords, row.category)


def index_rows(connection: sa.Connection) -> list[IndexRow]:
    """Return a row for every text, from the vault where it is fresh and made on the spot where not."""
    kept = (
        sa.select(offer_texts.c.number, offer_texts.c.offer_id, offer_index.c.terms, offer_index.c.weights)
        .join(offers, offers.c.id == offer_texts.c.offer_id)
        .join(offer_index, offer_index.c.number == offer_texts.c.number)
        .where(offers.c.removed_at.is_(None), offer_index.c.stamp == STAMP)
    )
    rows = [IndexRow(row.number, row.offer_id, row.terms, row.weights) for row in connection.execute(kept)]
    known = {row.number for row in rows}
    if len(known) < connection.execute(sa.select(sa.func.count()).select_from(_texts().subquery())).scalar_one():
        fresh = sa.exists().where(offer_index.c.number == offer_texts.c.number, offer_index.c.stamp == STAMP)
        for row in connection.execute(_texts().where(~fresh)):
            rows.append(IndexRow(row.number, row.offer_id, *terms_of(_text(row), row.provider)))
    rows.sort(key=lambda row: row.number)
    return rows
