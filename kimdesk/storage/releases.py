"""Releases, outbox, epoch keys and hand-entered figures in the vault."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from kimdesk.storage.tables.case_work import issue_releases
from kimdesk.storage.tables.releases import epoch_keys, manual_figures, outbox, releases

EPOCH_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRelease:
    """A release as it was made. `explanation` and `memory` are JSON values that stay in the vault."""

    id: UUID
    sequence: int
    year: int
    quarter: int
    created_at: datetime
    canonical: bytes
    explanation: Any
    memory: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A sealed release or text of an issue on its way; `state` is a value of the sync protocol's outbox states."""

    sequence: int
    release_id: UUID | None
    issue_release_id: UUID | None
    sealed: bytes
    content_hash: str
    created_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    state: str
    problem: str | None
    last_contact_at: datetime | None
    receipt: bytes | None


def epoch_key(connection: sa.Connection, year: int) -> bytes | None:
    """Return the year's random key, None if none was made yet."""
    return connection.execute(sa.select(epoch_keys.c.key).where(epoch_keys.c.year == year)).scalar_one_or_none()


def make_epoch_key(connection: sa.Connection, year: int) -> bytes:
    """Return the year's key, making it the first time. Part of the caller's transaction."""
    found = epoch_key(connection, year)
    if found is not None:
        return found
    key = secrets.token_bytes(EPOCH_KEY_BYTES)
    connection.execute(epoch_keys.insert().values(year=year, key=key))
    return key


def next_sequence(connection: sa.Connection, *, above: int = 0) -> int:
    """Return the next sequence number; numbers run from 1 over all that is sent and are never given twice.

    It stays over `above`, the highest number the coordinating office has of this place already: a laptop that takes
    another's place goes on there.
    """
    last = max(
        connection.execute(sa.select(sa.func.max(table.c.sequence))).scalar() or 0 for table in (releases, outbox)
    )
    return max(last, above) + 1


def add_release(
    connection: sa.Connection,
    *,
    sequence: int,
    year: int,
    quarter: int,
    created_at: datetime,
    canonical: bytes,
    explanation: Any,
    memory: Any,
    sealed: bytes,
    content_hash: str,
    state: str,
) -> UUID:
    """Store a release and its sealed bundle in one transaction, the caller's; return the release's id."""
    release_id = uuid4()
    connection.execute(
        releases.insert().values(
            id=release_id,
            sequence=sequence,
            year=year,
            quarter=quarter,
            created_at=created_at,
            canonical=canonical,
            explanation=explanation,
            memory=memory,
        )
    )
    put_in_outbox(
        connection,
        sequence=sequence,
        release_id=release_id,
        sealed=sealed,
        content_hash=content_hash,
        created_at=created_at,
        state=state,
    )
    return release_id


def put_in_outbox(
    connection: sa.Connection,
    *,
    sequence: int,
    sealed: bytes,
    content_hash: str,
    created_at: datetime,
    state: str,
    release_id: UUID | None = None,
    issue_release_id: UUID | None = None,
) -> None:
    """Let a sealed bundle wait to be sent, in the caller's transaction: a release, or the text of an issue."""
    connection.execute(
        outbox.insert().values(
            sequence=sequence,
            release_id=release_id,
            issue_release_id=issue_release_id,
            sealed=sealed,
            content_hash=content_hash,
            created_at=created_at,
            attempts=0,
            next_attempt_at=None,
            state=state,
        )
    )


def list_releases(connection: sa.Connection) -> tuple[StoredRelease, ...]:
    """Return every release ever made, newest first."""
    rows = connection.execute(sa.select(releases).order_by(releases.c.sequence.desc()))
    return tuple(StoredRelease(**row._mapping) for row in rows)


def latest_release(connection: sa.Connection, year: int) -> StoredRelease | None:
    """Return the year's newest release, None if there is none."""
    row = connection.execute(
        sa.select(releases).where(releases.c.year == year).order_by(releases.c.sequence.desc()).limit(1)
    ).one_or_none()
    return None if row is None else StoredRelease(**row._mapping)


def list_outbox(connection: sa.Connection, states: tuple[str, ...] = ()) -> tuple[OutboxRow, ...]:
    """Return outbox rows by ascending sequence, of the named states or all."""
    query = sa.select(outbox).order_by(outbox.c.sequence)
    if states:
        query = query.where(outbox.c.state.in_(states))
    return tuple(OutboxRow(**row._mapping) for row in connection.execute(query))


def list_pending_content(connection: sa.Connection, states: tuple[str, ...]) -> tuple[tuple[OutboxRow, bytes], ...]:
    """Return outbox rows of the named states by ascending sequence, each with the content that was sealed in it."""
    query = (
        sa.select(outbox, releases.c.canonical, issue_releases.c.text)
        .join(releases, releases.c.id == outbox.c.release_id, isouter=True)
        .join(issue_releases, issue_releases.c.id == outbox.c.issue_release_id, isouter=True)
        .where(outbox.c.state.in_(states))
        .order_by(outbox.c.sequence)
    )
    found = []
    for row in connection.execute(query):
        values = dict(row._mapping)
        canonical: bytes | None = values.pop("canonical")
        text: str | None = values.pop("text")
        if canonical is None and text is None:
            continue  # its issue was deleted; what was sealed stays as it is
        found.append((OutboxRow(**values), canonical if canonical is not None else (text or "").encode("utf-8")))
    return tuple(found)


def replace_sealed(connection: sa.Connection, sequence: int, sealed: bytes) -> None:
    """Put another sealing of the same content in its place; it is tried at once."""
    connection.execute(
        outbox.update().where(outbox.c.sequence == sequence).values(sealed=sealed, next_attempt_at=None, problem=None)
    )


def note_attempt(
    connection: sa.Connection, sequence: int, *, next_attempt_at: datetime, state: str, problem: str | None
) -> None:
    """Count one attempt at sending."""
    connection.execute(
        outbox.update()
        .where(outbox.c.sequence == sequence)
        .values(attempts=outbox.c.attempts + 1, next_attempt_at=next_attempt_at, state=state, problem=problem)
    )


def note_answer(
    connection: sa.Connection, sequence: int, *, at: datetime, state: str, receipt: bytes, problem: str | None
) -> None:
    """Keep the coordinating office's verified answer and take the row off the queue."""
    connection.execute(
        outbox.update()
        .where(outbox.c.sequence == sequence)
        .values(
            attempts=outbox.c.attempts + 1,
            state=state,
            receipt=receipt,
            last_contact_at=at,
            problem=problem,
            next_attempt_at=None,
        )
    )


def note_issue_arrived(connection: sa.Connection, sequence: int, at: datetime) -> None:
    """Note with the text of an issue, if this was one, that the coordinating office has it."""
    sent = sa.select(outbox.c.issue_release_id).where(outbox.c.sequence == sequence).scalar_subquery()
    connection.execute(issue_releases.update().where(issue_releases.c.id == sent).values(sent_at=at))


def manual_values(connection: sa.Connection, year: int) -> dict[str, int | None]:
    """Return the hand-entered figures of `year` by row."""
    rows = connection.execute(
        sa.select(manual_figures.c.row, manual_figures.c.value).where(manual_figures.c.year == year)
    )
    return {row.row: row.value for row in rows}


def set_manual_value(connection: sa.Connection, year: int, row: str, value: int | None) -> None:
    """Store a hand-entered figure; None removes it."""
    if value is None:
        connection.execute(manual_figures.delete().where(manual_figures.c.year == year, manual_figures.c.row == row))
        return
    statement = insert(manual_figures).values(year=year, row=row, value=value)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[manual_figures.c.year, manual_figures.c.row], set_={"value": statement.excluded.value}
        )
    )
