"""Reads and writes of what was received, small functions on one connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table, and_, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kimdesk.coordinator.figures import Layout
from kimdesk.coordinator.tables import bundles, layouts, publications, quarantine, releases, senders
from kimdesk.sync.protocol import read_moment, write_moment


@dataclass(frozen=True)
class BundleRow:
    """A counted bundle, as far as a copy of it is answered from it."""

    content_hash: str
    receipt: bytes


@dataclass(frozen=True)
class NewBundle:
    """A verified bundle about to be stored; `answer` is its receipt or notice."""

    sender: str
    sequence: int
    kind: str
    content_hash: str
    chain_head: str
    created_at: datetime
    received_at: datetime
    answer: bytes


@dataclass(frozen=True)
class QuarantineRow:
    """A bundle that was held back, not yet settled by a user."""

    id: int
    sender_name: str
    sequence: int
    content_hash: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A laptop's figures of the year to date."""

    sender: str
    quarter: int
    subregion: str | None
    received_at: datetime
    layout: int
    figures: bytes


@dataclass(frozen=True, slots=True)
class Publication:
    """A published offer directory."""

    id: int
    at: datetime
    content_hash: str
    size: int


# Made once: building a statement anew costs as much as running it.
_FIND_BUNDLE = select(bundles.c.content_hash, bundles.c.receipt).where(
    bundles.c.sender == bindparam("sender"), bundles.c.sequence == bindparam("sequence")
)
_ADD_RELEASE = insert(releases)


def find_bundle(connection: Connection, sender: str, sequence: int) -> BundleRow | None:
    """Return the bundle counted under this number."""
    row = connection.execute(_FIND_BUNDLE, {"sender": sender, "sequence": sequence}).one_or_none()
    return None if row is None else BundleRow(row.content_hash, row.receipt)


def last_sequence(connection: Connection, sender: str) -> int:
    """Return the highest number of a laptop, 0 where there is none."""
    return connection.execute(select(func.max(bundles.c.sequence)).where(bundles.c.sender == sender)).scalar_one() or 0


def add_bundle(connection: Connection, new: NewBundle) -> int | None:
    """Count a bundle and return its key; None, changing nothing, if its number was counted in the meantime."""
    return insert_unless_there(
        connection,
        bundles,
        {
            "sender": new.sender,
            "sequence": new.sequence,
            "kind": new.kind,
            "content_hash": new.content_hash,
            "chain_head": new.chain_head,
            "created_at": write_moment(new.created_at),
            "received_at": write_moment(new.received_at),
            "receipt": new.answer,
        },
    )


def add_release(connection: Connection, values: dict[str, Any]) -> None:
    """Add the figures of a bundle that was counted just now."""
    connection.execute(_ADD_RELEASE, values)


def add_to_quarantine(connection: Connection, new: NewBundle) -> bool:
    """Hold a bundle back, of which only the hash is kept; return False if it is held back already."""
    values = {
        "sender": new.sender,
        "sequence": new.sequence,
        "content_hash": new.content_hash,
        "received_at": write_moment(new.received_at),
        "notice": new.answer,
    }
    return insert_unless_there(connection, quarantine, values) is not None


def insert_unless_there(connection: Connection, table: Table, values: dict[str, Any]) -> int | None:
    """Insert a row and return its key, None where a unique constraint already holds one like it."""
    # Two copies can arrive at the same moment; the unique constraint decides, and the second one sees the first.
    # What came back says whether a row was written: the row count is not known on every database.
    return connection.execute(_insert_unless_there(connection.dialect.name, table), values).scalar_one_or_none()


@cache
def _insert_unless_there(dialect: str, table: Table) -> Executable:
    kind = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return kind(table).on_conflict_do_nothing().returning(table.c.id)


def find_notice(connection: Connection, sender: str, sequence: int, content_hash: str) -> bytes | None:
    """Return the signed notice for a content that is held back."""
    return connection.execute(
        select(quarantine.c.notice).where(
            quarantine.c.sender == sender,
            quarantine.c.sequence == sequence,
            quarantine.c.content_hash == content_hash,
        )
    ).scalar_one_or_none()


def list_quarantine(connection: Connection) -> Sequence[QuarantineRow]:
    """Return what is held back and not settled, oldest first."""
    rows = connection.execute(
        select(
            quarantine.c.id,
            senders.c.name,
            quarantine.c.sequence,
            quarantine.c.content_hash,
            quarantine.c.received_at,
        )
        .join(senders, senders.c.id == quarantine.c.sender)
        .where(quarantine.c.settled_at.is_(None))
        .order_by(quarantine.c.id)
    )
    return [
        QuarantineRow(row.id, row.name, row.sequence, row.content_hash, read_moment(row.received_at)) for row in rows
    ]


def settle_quarantine(connection: Connection, entry: int, *, user: str, at: datetime) -> bool:
    """Mark a held-back bundle as looked into; return False if there is none open under this id."""
    done = connection.execute(
        update(quarantine)
        .where(quarantine.c.id == entry, quarantine.c.settled_at.is_(None))
        .values(settled_at=write_moment(at), settled_by=user)
    )
    return done.rowcount == 1


def list_years(connection: Connection) -> Sequence[int]:
    """Return the years there are releases of, newest first."""
    return list(connection.execute(select(releases.c.year).distinct().order_by(releases.c.year.desc())).scalars())


def latest_releases(connection: Connection, year: int, quarter: int = 4) -> Sequence[ReleaseRow]:
    """Return each laptop's latest release of a year up to a quarter, which replaces its earlier ones.

    The latest one is of the latest quarter, and among those the one with the highest number.
    """
    rank = (
        func.row_number()
        .over(partition_by=releases.c.sender, order_by=(releases.c.quarter.desc(), releases.c.sequence.desc()))
        .label("rank")
    )
    ranked = (
        select(releases.c.bundle, rank).where(releases.c.year == year, releases.c.quarter <= quarter).subquery("ranked")
    )
    rows = connection.execute(
        select(
            releases.c.sender,
            releases.c.quarter,
            releases.c.subregion,
            bundles.c.received_at,
            releases.c.layout,
            releases.c.figures,
        )
        .join(ranked, and_(ranked.c.bundle == releases.c.bundle, ranked.c.rank == 1))
        .join(bundles, bundles.c.id == releases.c.bundle)
        .order_by(releases.c.sender)
    )
    return [
        # What the office wrote itself needs no strict reading, which takes ten times as long.
        ReleaseRow(sender, quarter, subregion, datetime.fromisoformat(received), layout, bytes(figures))
        for sender, quarter, subregion, received, layout, figures in rows
    ]


def list_totals(connection: Connection, first_year: int) -> Sequence[tuple[str, int, int, int | None, int | None]]:
    """Return (laptop, year, quarter, cases, persons) of every release from `first_year` on, in their order."""
    rows = connection.execute(
        select(releases.c.sender, releases.c.year, releases.c.quarter, releases.c.cases, releases.c.persons)
        .where(releases.c.year >= first_year)
        .order_by(releases.c.year, releases.c.sender, releases.c.quarter, releases.c.sequence)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def list_figures(connection: Connection, first_year: int) -> Sequence[tuple[str, int, int, int, bytes]]:
    """Return (laptop, year, quarter, layout, figures) of every release from `first_year` on, in their order."""
    rows = connection.execute(
        select(releases.c.sender, releases.c.year, releases.c.quarter, releases.c.layout, releases.c.figures)
        .where(releases.c.year >= first_year)
        .order_by(releases.c.year, releases.c.sender, releases.c.quarter, releases.c.sequence)
    )
    return [(row[0], row[1], row[2], row[3], bytes(row[4])) for row in rows]


def list_layouts(connection: Connection) -> dict[int, Layout]:
    """Return all layouts by their number."""
    return {row.id: Layout.from_text(row.content) for row in connection.execute(select(layouts))}


def add_publication(connection: Connection, content: bytes, content_hash: str, at: datetime) -> int:
    """Keep a published offer directory as the newest one and let go of the one before the last."""
    number: int = connection.execute(
        insert(publications)
        .values(at=write_moment(at), content_hash=content_hash, content=content)
        .returning(publications.c.id)
    ).scalar_one()
    connection.execute(publications.delete().where(publications.c.id < number - 1))
    return number


def newest_publication(connection: Connection) -> Publication | None:
    """Return what is published, without its content."""
    row = connection.execute(
        select(
            publications.c.id,
            publications.c.at,
            publications.c.content_hash,
            func.length(publications.c.content).label("size"),
        )
        .order_by(publications.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Publication(row.id, read_moment(row.at), row.content_hash, row.size)


def publication_content(connection: Connection, number: int) -> bytes | None:
    """Return the bytes of a publication."""
    content = connection.execute(select(publications.c.content).where(publications.c.id == number)).scalar_one_or_none()
    return None if content is None else bytes(content)
