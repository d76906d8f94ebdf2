"""What the own office adds to the directory: notes, verifications, decisions about duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from kimdesk.offers.model import OfferSource, OfferStatus
from kimdesk.offers.twins import TwinRow
from kimdesk.storage.tables.offers import offer_office, offer_texts, offer_twins, offers


@dataclass(frozen=True, slots=True)
class OfficeMark:
    """What the own office says about an offer; kept apart from the shared record and untouched by imports."""

    note: str = ""
    noted_at: datetime | None = None
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class StaleOffer:
    """An offer that nobody verified for long. `verified_on` is the later of the source's and the own verification."""

    id: UUID
    title: str
    provider: str
    source: OfferSource
    verified_on: date | None
    changed_at: datetime


def mark_of(connection: sa.Connection, identifier: UUID) -> OfficeMark:
    """Return the office's own words about an offer."""
    row = connection.execute(sa.select(offer_office).where(offer_office.c.offer_id == identifier)).one_or_none()
    return OfficeMark() if row is None else OfficeMark(row.note, row.noted_at, row.verified_on)


def set_note(connection: sa.Connection, identifier: UUID, note: str, moment: datetime) -> None:
    """Write the office's note; an empty one is taken away."""
    statement = insert(offer_office).values(offer_id=identifier, note=note, noted_at=moment if note else None)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[offer_office.c.offer_id], set_={"note": note, "noted_at": moment if note else None}
        )
    )


def set_verified(connection: sa.Connection, identifier: UUID, day: date | None) -> None:
    """Write when the office verified the offer; None takes it back."""
    statement = insert(offer_office).values(offer_id=identifier, note="", noted_at=None, verified_on=day)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[offer_office.c.offer_id], set_={"verified_on": day})
    )


_VERIFIED = sa.func.max(
    sa.func.coalesce(offers.c.last_verified, "0001-01-01"), sa.func.coalesce(offer_office.c.verified_on, "0001-01-01")
)


def stale(connection: sa.Connection, before: date, limit: int) -> tuple[tuple[StaleOffer, ...], int]:
    """Return the offers not verified since `before`, the longest first, and how many there are in all.

    One that was never verified counts from the day it last changed.
    """
    verified = sa.cast(_VERIFIED, sa.Text)
    known = sa.case((verified == "0001-01-01", sa.func.date(offers.c.changed_at)), else_=verified)
    own_text = (offer_texts.c.offer_id == offers.c.id) & (offer_texts.c.language == offers.c.language)
    query = (
        sa.select(
            offers.c.id,
            offer_texts.c.title,
            offers.c.provider,
            offers.c.source,
            verified.label("verified"),
            offers.c.changed_at,
            known.label("known"),
        )
        .join(offer_texts, own_text)
        .outerjoin(offer_office, offer_office.c.offer_id == offers.c.id)
        .where(offers.c.removed_at.is_(None), offers.c.status != OfferStatus.ENDED, known < before.isoformat())
    )
    total = connection.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
    rows = connection.execute(query.order_by(sa.text("known"), offer_texts.c.title).limit(limit)).all()
    return tuple(
        StaleOffer(
            row.id,
            row.title,
            row.provider,
            row.source,
            None if row.verified == "0001-01-01" else date.fromisoformat(row.verified),
            row.changed_at,
        )
        for row in rows
    ), total


def twin_rows(connection: sa.Connection) -> tuple[TwinRow, ...]:
    """Return what is compared to find duplicates, of every offer in the directory."""
    own_text = (offer_texts.c.offer_id == offers.c.id) & (offer_texts.c.language == offers.c.language)
    query = (
        sa.select(offers.c.id, offers.c.source, offers.c.provider, offers.c.facts, offer_texts.c.title)
        .join(offer_texts, own_text)
        .where(offers.c.removed_at.is_(None), offers.c.status != OfferStatus.ENDED)
        .order_by(offer_texts.c.title, offers.c.id)
    )
    return tuple(
        TwinRow.of(row.id, row.title, row.provider, row.source, row.facts) for row in connection.execute(query)
    )


def decided_pairs(connection: sa.Connection) -> frozenset[tuple[UUID, UUID]]:
    """Return the pairs somebody found to be different offers, the smaller id first."""
    return frozenset((row.first_id, row.second_id) for row in connection.execute(sa.select(offer_twins)))


def decide(connection: sa.Connection, first: UUID, second: UUID, moment: datetime) -> None:
    """Remember that two offers are not the same."""
    low, high = sorted((first, second), key=lambda one: one.hex)
    statement = insert(offer_twins).values(first_id=low, second_id=high, decided_at=moment)
    connection.execute(statement.on_conflict_do_nothing())
