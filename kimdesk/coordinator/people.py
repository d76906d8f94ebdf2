"""Reads and writes of the dashboard's users, their sessions, and the log of what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select, update

from kimdesk.coordinator.tables import audit, senders, sessions, users
from kimdesk.sync.protocol import read_moment, write_moment


class Role(StrEnum):
    """What a user may do: an analyst reads, exports and moves issues on the ladder, an administrator everything."""

    ADMIN = "admin"
    ANALYST = "analyst"


@dataclass(frozen=True)
class User:
    """A user of the dashboard."""

    name: str
    role: Role

    @property
    def is_admin(self) -> bool:
        """Whether the user may administer."""
        return self.role is Role.ADMIN


@dataclass(frozen=True)
class UserRow(User):
    """A user with what the list of users shows."""

    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True)
class LogRow:
    """A line of the log: what was done by whom, to which laptop, bundle or user."""

    id: int
    at: datetime
    actor: str
    action: str
    sender_name: str | None
    sequence: int | None
    subject: str | None


def count_users(connection: Connection) -> int:
    """Return how many users there are."""
    return connection.execute(select(func.count()).select_from(users)).scalar_one()


def count_admins(connection: Connection) -> int:
    """Return how many users may administer."""
    return connection.execute(
        select(func.count()).select_from(users).where(users.c.role == Role.ADMIN.value)
    ).scalar_one()


def list_users(connection: Connection) -> Sequence[UserRow]:
    """Return all users by name."""
    seen = select(sessions.c.user, func.max(sessions.c.seen_at).label("seen")).group_by(sessions.c.user).subquery()
    rows = connection.execute(
        select(users.c.name, users.c.role, users.c.created_at, seen.c.seen)
        .join(seen, seen.c.user == users.c.name, isouter=True)
        .order_by(func.lower(users.c.name))
    )
    return [
        UserRow(
            row.name, Role(row.role), read_moment(row.created_at), None if row.seen is None else read_moment(row.seen)
        )
        for row in rows
    ]


def find_user(connection: Connection, name: str) -> User | None:
    """Return a user by name."""
    role = connection.execute(select(users.c.role).where(users.c.name == name)).scalar_one_or_none()
    return None if role is None else User(name, Role(role))


def add_user(connection: Connection, name: str, *, role: Role, password_hash: str, at: datetime) -> None:
    """Add a user of the dashboard."""
    connection.execute(
        insert(users).values(name=name, role=role.value, password_hash=password_hash, created_at=write_moment(at))
    )


def set_password_hash(connection: Connection, name: str, password_hash: str) -> None:
    """Give a user a new passphrase and end the user's sessions."""
    connection.execute(update(users).where(users.c.name == name).values(password_hash=password_hash))
    connection.execute(delete(sessions).where(sessions.c.user == name))


def remove_user(connection: Connection, name: str) -> None:
    """Remove a user; the log keeps the name."""
    connection.execute(delete(sessions).where(sessions.c.user == name))
    connection.execute(delete(users).where(users.c.name == name))


def password_hash_of(connection: Connection, name: str) -> str | None:
    """Return the Argon2id hash of a user's passphrase."""
    return connection.execute(select(users.c.password_hash).where(users.c.name == name)).scalar_one_or_none()


def add_session(connection: Connection, token_hash: str, *, user: str, at: datetime) -> None:
    """Start a session."""
    now = write_moment(at)
    connection.execute(insert(sessions).values(token_hash=token_hash, user=user, started_at=now, seen_at=now))


def session_user(
    connection: Connection, token_hash: str, *, started_after: datetime, seen_after: datetime
) -> tuple[User, datetime] | None:
    """Return the user of a living session and when it was last used; None if it has ended."""
    row = connection.execute(
        select(users.c.name, users.c.role, sessions.c.seen_at)
        .join(users, users.c.name == sessions.c.user)
        .where(
            sessions.c.token_hash == token_hash,
            sessions.c.started_at > write_moment(started_after),
            sessions.c.seen_at > write_moment(seen_after),
        )
    ).one_or_none()
    return None if row is None else (User(row.name, Role(row.role)), read_moment(row.seen_at))


def touch_session(connection: Connection, token_hash: str, now: datetime) -> None:
    """Note that a session was used."""
    connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=write_moment(now)))


def end_session(connection: Connection, token_hash: str) -> None:
    """End a session."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def end_old_sessions(connection: Connection, *, started_before: datetime) -> None:
    """Remove sessions that have ended by age."""
    connection.execute(delete(sessions).where(sessions.c.started_at <= write_moment(started_before)))


def end_all_sessions(connection: Connection) -> None:
    """End every session, as after a restore."""
    connection.execute(delete(sessions))


_NOTE = insert(audit)


def note(
    connection: Connection,
    action: str,
    *,
    actor: str,
    at: datetime,
    sender: str | None = None,
    sequence: int | None = None,
    subject: str | None = None,
) -> None:
    """Write a line into the log of what was done."""
    values = {
        "at": write_moment(at),
        "actor": actor,
        "action": action,
        "sender": sender,
        "sequence": sequence,
        "subject": subject,
    }
    connection.execute(_NOTE, values)


def list_log(connection: Connection, *, before: int | None = None, limit: int = 200) -> Sequence[LogRow]:
    """Return lines of the log, newest first, from the one before `before` on."""
    query = (
        select(audit, senders.c.name.label("sender_name"))
        .join(senders, senders.c.id == audit.c.sender, isouter=True)
        .order_by(audit.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(audit.c.id < before)
    return [
        LogRow(row.id, read_moment(row.at), row.actor, row.action, row.sender_name, row.sequence, row.subject)
        for row in connection.execute(query)
    ]
