"""Reads and writes of the coordinator's database, small functions on one connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kimdesk.coordinator.tables import audit, invitations, quarantine, releases, senders, sessions, users
from kimdesk.sync.protocol import read_moment, write_moment


@dataclass(frozen=True)
class SenderRow:
    """A laptop that was invited; `public_key` is None until it has enrolled."""

    id: str
    name: str
    public_key: bytes | None
    confirmation: bytes | None
    enrolled_at: datetime | None


@dataclass(frozen=True)
class InvitationRow:
    """An invitation; `token` is None once it has been used."""

    id: int
    token: bytes | None
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class ReleaseRow:
    """A counted release."""

    sender: str
    sequence: int
    content_hash: str
    received_at: datetime
    year: int
    quarter: int
    tables: bytes
    receipt: bytes


@dataclass(frozen=True)
class QuarantineRow:
    """A bundle that was held back, not yet settled by a user."""

    id: int
    sender_name: str
    sequence: int
    content_hash: str
    received_at: datetime


@dataclass(frozen=True)
class NewRelease:
    """A verified bundle about to be stored; `answer` is its receipt or notice."""

    sender: str
    sequence: int
    content_hash: str
    chain_head: str
    created_at: datetime
    received_at: datetime
    year: int
    quarter: int
    subregion: str | None
    tables: bytes
    answer: bytes


def _moment(text: str | None) -> datetime | None:
    return None if text is None else read_moment(text)


def add_sender(connection: Connection, sender: str, name: str) -> None:
    """Add a laptop that is about to be invited."""
    connection.execute(insert(senders).values(id=sender, name=name))


def find_sender(connection: Connection, sender: str) -> SenderRow | None:
    """Return a laptop by its id."""
    row = connection.execute(select(senders).where(senders.c.id == sender)).one_or_none()
    return None if row is None else _sender(row)


def sender_named(connection: Connection, name: str) -> SenderRow | None:
    """Return a laptop by its name."""
    row = connection.execute(select(senders).where(senders.c.name == name)).one_or_none()
    return None if row is None else _sender(row)


def list_senders(connection: Connection) -> Sequence[SenderRow]:
    """Return all laptops by name."""
    rows = connection.execute(select(senders).order_by(func.lower(senders.c.name), senders.c.id))
    return [_sender(row) for row in rows]


def _sender(row: Row[Any]) -> SenderRow:
    return SenderRow(row.id, row.name, row.public_key, row.confirmation, _moment(row.enrolled_at))


def enrol_sender(connection: Connection, sender: str, *, public_key: bytes, confirmation: bytes, at: datetime) -> None:
    """Keep the device key of a laptop and the confirmation it was given."""
    connection.execute(
        update(senders)
        .where(senders.c.id == sender)
        .values(public_key=public_key, confirmation=confirmation, enrolled_at=write_moment(at))
    )


def add_invitation(
    connection: Connection, sender: str, *, token: bytes, created_at: datetime, expires_at: datetime
) -> None:
    """Add an invitation for a laptop; earlier unused ones for it end."""
    connection.execute(delete(invitations).where(and_(invitations.c.sender == sender, invitations.c.used_at.is_(None))))
    connection.execute(
        insert(invitations).values(
            sender=sender,
            token=token,
            created_at=write_moment(created_at),
            expires_at=write_moment(expires_at),
        )
    )


def latest_invitation(connection: Connection, sender: str) -> InvitationRow | None:
    """Return the last invitation given to a laptop."""
    row = connection.execute(
        select(invitations).where(invitations.c.sender == sender).order_by(invitations.c.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    return InvitationRow(row.id, row.token, read_moment(row.expires_at), _moment(row.used_at))


def use_invitation(connection: Connection, invitation: int, at: datetime) -> bool:
    """Mark an invitation as used and wipe its token; return False if someone else was faster."""
    done = connection.execute(
        update(invitations)
        .where(and_(invitations.c.id == invitation, invitations.c.used_at.is_(None)))
        .values(used_at=write_moment(at), token=None)
    )
    return done.rowcount == 1


def find_release(connection: Connection, sender: str, sequence: int) -> ReleaseRow | None:
    """Return the release counted under this number."""
    row = connection.execute(
        select(releases).where(and_(releases.c.sender == sender, releases.c.sequence == sequence))
    ).one_or_none()
    return None if row is None else _release(row)


def _release(row: Row[Any]) -> ReleaseRow:
    return ReleaseRow(
        sender=row.sender,
        sequence=row.sequence,
        content_hash=row.content_hash,
        received_at=read_moment(row.received_at),
        year=row.year,
        quarter=row.quarter,
        tables=row.tables,
        receipt=row.receipt,
    )


def add_release(connection: Connection, new: NewRelease) -> bool:
    """Count a release; return False, changing nothing, if its number was counted in the meantime."""
    values = {
        "sender": new.sender,
        "sequence": new.sequence,
        "content_hash": new.content_hash,
        "chain_head": new.chain_head,
        "created_at": write_moment(new.created_at),
        "received_at": write_moment(new.received_at),
        "year": new.year,
        "quarter": new.quarter,
        "subregion": new.subregion,
        "tables": new.tables,
        "receipt": new.answer,
    }
    return _add_unless_there(connection, releases, values)


def add_to_quarantine(connection: Connection, new: NewRelease) -> bool:
    """Hold a bundle back; return False if this very content is held back already."""
    values = {
        "sender": new.sender,
        "sequence": new.sequence,
        "content_hash": new.content_hash,
        "received_at": write_moment(new.received_at),
        "tables": new.tables,
        "notice": new.answer,
    }
    return _add_unless_there(connection, quarantine, values)


def _add_unless_there(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    # Two copies can arrive at the same moment; the unique constraint decides, and the second one sees the first.
    # What came back says whether a row was written: the row count is not known on every database.
    statement = (
        postgresql.insert(table).values(values).on_conflict_do_nothing().returning(table.c.id)
        if connection.dialect.name == "postgresql"
        else sqlite.insert(table).values(values).on_conflict_do_nothing().returning(table.c.id)
    )
    return connection.execute(statement).one_or_none() is not None


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


def latest_releases(connection: Connection, year: int) -> Sequence[ReleaseRow]:
    """Return each laptop's latest release of a year, which replaces its earlier ones.

    The latest one is of the latest quarter, and among those the one with the highest number.
    """
    rank = (
        func.row_number()
        .over(partition_by=releases.c.sender, order_by=(releases.c.quarter.desc(), releases.c.sequence.desc()))
        .label("rank")
    )
    ranked = select(releases, rank).where(releases.c.year == year).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.rank == 1).order_by(ranked.c.sender))
    return [_release(row) for row in rows]


def count_users(connection: Connection) -> int:
    """Return how many users there are."""
    return connection.execute(select(func.count()).select_from(users)).scalar_one()


def add_user(connection: Connection, name: str, *, password_hash: str, at: datetime) -> None:
    """Add a user of the dashboard."""
    connection.execute(insert(users).values(name=name, password_hash=password_hash, created_at=write_moment(at)))


def password_hash_of(connection: Connection, name: str) -> str | None:
    """Return the Argon2id hash of a user's passphrase."""
    return connection.execute(select(users.c.password_hash).where(users.c.name == name)).scalar_one_or_none()


def add_session(connection: Connection, token_hash: str, *, user: str, at: datetime) -> None:
    """Start a session."""
    now = write_moment(at)
    connection.execute(insert(sessions).values(token_hash=token_hash, user=user, started_at=now, seen_at=now))


def touch_session(
    connection: Connection, token_hash: str, *, now: datetime, started_after: datetime, seen_after: datetime
) -> str | None:
    """Return the user of a living session and note that it was used; None if it has ended."""
    user = connection.execute(
        select(sessions.c.user).where(
            sessions.c.token_hash == token_hash,
            sessions.c.started_at > write_moment(started_after),
            sessions.c.seen_at > write_moment(seen_after),
        )
    ).scalar_one_or_none()
    if user is not None:
        connection.execute(
            update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=write_moment(now))
        )
    return user


def end_session(connection: Connection, token_hash: str) -> None:
    """End a session."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def end_old_sessions(connection: Connection, *, started_before: datetime) -> None:
    """Remove sessions that have ended by age."""
    connection.execute(delete(sessions).where(sessions.c.started_at <= write_moment(started_before)))


def note(
    connection: Connection,
    action: str,
    *,
    actor: str,
    at: datetime,
    sender: str | None = None,
    sequence: int | None = None,
) -> None:
    """Write a line into the log of what was done."""
    connection.execute(
        insert(audit).values(at=write_moment(at), actor=actor, action=action, sender=sender, sequence=sequence)
    )
