"""The offer directory in the vault, read back: single offers and lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kimdesk.offers.fit import CaseProfile, misfits
from kimdesk.offers.model import Offer, OfferText
from kimdesk.offers.record import facts_from_json
from kimdesk.offers.views import OfferFilter, OfferPage, OfferRow
from kimdesk.storage.offers_filter import filter_conditions, filter_parameters
from kimdesk.storage.tables.offers import offer_texts, offers


def get_offer(connection: sa.Connection, identifier: UUID) -> Offer | None:
    """Return the offer with all its texts, or None."""
    row = connection.execute(sa.select(offers).where(offers.c.id == identifier)).one_or_none()
    if row is None:
        return None
    texts = {
        text.language: OfferText(
            text.title, text.summary, text.text, text.access_requirements, text.keywords, text.category
        )
        for text in connection.execute(sa.select(offer_texts).where(offer_texts.c.offer_id == identifier))
    }
    return Offer(
        id=row.id,
        source=row.source,
        source_key=row.source_key,
        external_id=row.external_id,
        text=texts.pop(row.language),
        language=row.language,
        facts=facts_from_json(row.facts),
        translations=texts,
        linked_keys=row.linked_keys,
        collection=row.collection,
    )


def offer_moments(connection: sa.Connection, identifier: UUID) -> tuple[datetime, datetime]:
    """Return when the offer was added and last changed, in UTC."""
    row = connection.execute(sa.select(offers.c.added_at, offers.c.changed_at).where(offers.c.id == identifier)).one()
    return row.added_at, row.changed_at


def identifiers(connection: sa.Connection) -> list[UUID]:
    """Return the ids of every offer in the directory, in a fixed order."""
    query = sa.select(offers.c.id).where(offers.c.removed_at.is_(None)).order_by(offers.c.source, offers.c.source_key)
    return list(connection.execute(query).scalars())


def exists(connection: sa.Connection, identifier: UUID) -> bool:
    """Return whether the offer is in the directory and was not taken out."""
    query = sa.select(sa.literal(1)).where(offers.c.id == identifier, offers.c.removed_at.is_(None))
    return connection.execute(query).first() is not None


def count_offers(connection: sa.Connection) -> int:
    """Return how many offers the directory holds."""
    return connection.execute(
        sa.select(sa.func.count()).select_from(offers).where(offers.c.removed_at.is_(None))
    ).scalar_one()


def list_offers(
    connection: sa.Connection, narrow: OfferFilter, limit: int, offset: int = 0, profile: CaseProfile | None = None
) -> OfferPage:
    """Return offers by title with the total of those that pass the filter; with `profile` what does not suit a case."""
    own_text = sa.and_(offer_texts.c.offer_id == offers.c.id, offer_texts.c.language == offers.c.language)
    conditions = [sa.text(condition) for condition in ("offers.removed_at IS NULL", *filter_conditions(narrow))]
    parameters = filter_parameters(narrow)
    chosen = (
        sa.select(offers, offer_texts.c.title, offer_texts.c.summary).join(offer_texts, own_text).where(*conditions)
    )
    total = connection.execute(sa.select(sa.func.count()).select_from(chosen.subquery()), parameters).scalar_one()
    rows = connection.execute(
        chosen.order_by(sa.func.lower(offer_texts.c.title), offers.c.id).limit(limit).offset(offset), parameters
    ).all()
    written = _languages_written(connection, [row.id for row in rows])
    return OfferPage(tuple(_row(row, written.get(row.id, ()), profile) for row in rows), total)


def _row(row: Any, languages: tuple[str, ...], profile: CaseProfile | None) -> OfferRow:
    facts = facts_from_json(row.facts)
    return OfferRow(
        id=row.id,
        external_id=row.external_id,
        title=row.title,
        summary=row.summary,
        provider=facts.provider,
        source=row.source,
        status=row.status,
        life_areas=facts.life_areas,
        languages_written=languages,
        last_verified=facts.last_verified,
        misfits=misfits(facts, profile) if profile is not None else (),
    )


def _languages_written(connection: sa.Connection, identifiers: list[UUID]) -> dict[UUID, tuple[str, ...]]:
    query = (
        sa.select(offer_texts.c.offer_id, offer_texts.c.language)
        .where(offer_texts.c.offer_id.in_(identifiers))
        .order_by(offer_texts.c.language)
    )
    written: dict[UUID, list[str]] = {}
    for row in connection.execute(query):
        written.setdefault(row.offer_id, []).append(row.language)
    return {identifier: tuple(languages) for identifier, languages in written.items()}
