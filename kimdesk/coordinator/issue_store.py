"""Reads and writes of structural issues and reported offer gaps, and of their way up the ladder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from kimdesk.coordinator.tables import issue_steps, issues, senders
from kimdesk.domain.work_vocabulary import IssueKind, IssueState, Rung
from kimdesk.sync.protocol import IssueText, read_issue, read_moment, write_moment


@dataclass(frozen=True)
class IssueRow:
    """An issue as it was received last, and where it stands at the office."""

    id: int
    sender_name: str
    text: IssueText
    rung: Rung
    state: IssueState
    first_received_at: datetime
    received_at: datetime


@dataclass(frozen=True)
class StepRow:
    """A step on the ladder; `user` is None for the laptop itself."""

    at: datetime
    user: str | None
    rung: Rung
    state: IssueState
    note: str


def keep_issue(connection: Connection, sender: str, bundle: int, text: IssueText, content: bytes, at: datetime) -> None:
    """Keep an issue; a later revision replaces an earlier one, an earlier one that comes late changes nothing.

    Where the office has moved the issue on itself, a revision leaves it there.
    """
    now = write_moment(at)
    known = connection.execute(
        select(issues.c.id, issues.c.revision).where(issues.c.sender == sender, issues.c.issue == text.issue)
    ).one_or_none()
    values: dict[str, Any] = {
        "bundle": bundle,
        "revision": text.revision,
        "kind": text.kind.value,
        "content": content,
        "commune": text.commune,
        "subregion": text.subregion,
        "received_at": now,
    }
    if known is None:
        number = connection.execute(
            insert(issues)
            .values(
                sender=sender,
                issue=text.issue,
                first_received_at=now,
                rung=text.rung.value,
                state=text.state.value,
                **values,
            )
            .returning(issues.c.id)
        ).scalar_one()
        add_step(connection, number, at=at, user=None, rung=text.rung, state=text.state, note="")
        return
    if text.revision <= known.revision:
        return
    connection.execute(update(issues).where(issues.c.id == known.id).values(values))
    moved = connection.execute(
        select(issue_steps.c.id).where(issue_steps.c.issue == known.id, issue_steps.c.user.is_not(None)).limit(1)
    ).one_or_none()
    if moved is None:
        connection.execute(
            update(issues).where(issues.c.id == known.id).values(rung=text.rung.value, state=text.state.value)
        )
    add_step(connection, known.id, at=at, user=None, rung=text.rung, state=text.state, note="")


def add_step(
    connection: Connection, issue: int, *, at: datetime, user: str | None, rung: Rung, state: IssueState, note: str
) -> None:
    """Write down a step on the ladder."""
    connection.execute(
        insert(issue_steps).values(
            issue=issue, at=write_moment(at), user=user, rung=rung.value, state=state.value, note=note
        )
    )


def move_issue(
    connection: Connection, issue: int, *, at: datetime, user: str, rung: Rung, state: IssueState, note: str
) -> bool:
    """Move an issue on the ladder; return False if there is none of this number."""
    done = connection.execute(update(issues).where(issues.c.id == issue).values(rung=rung.value, state=state.value))
    if done.rowcount != 1:
        return False
    add_step(connection, issue, at=at, user=user, rung=rung, state=state, note=note)
    return True


def list_issues(connection: Connection, kind: IssueKind | None = None) -> Sequence[IssueRow]:
    """Return all issues, or those of a kind, the last received first."""
    query = (
        select(issues, senders.c.name.label("sender_name"))
        .join(senders, senders.c.id == issues.c.sender)
        .order_by(issues.c.received_at.desc(), issues.c.id.desc())
    )
    if kind is not None:
        query = query.where(issues.c.kind == kind.value)
    return [_issue(row) for row in connection.execute(query)]


def find_issue(connection: Connection, number: int) -> IssueRow | None:
    """Return an issue by its number at the office."""
    row = connection.execute(
        select(issues, senders.c.name.label("sender_name"))
        .join(senders, senders.c.id == issues.c.sender)
        .where(issues.c.id == number)
    ).one_or_none()
    return None if row is None else _issue(row)


def _issue(row: Row[Any]) -> IssueRow:
    return IssueRow(
        id=row.id,
        sender_name=row.sender_name,
        text=read_issue(bytes(row.content)),
        rung=Rung(row.rung),
        state=IssueState(row.state),
        first_received_at=read_moment(row.first_received_at),
        received_at=read_moment(row.received_at),
    )


def list_steps(connection: Connection, issue: int) -> Sequence[StepRow]:
    """Return an issue's steps, the oldest first."""
    rows = connection.execute(select(issue_steps).where(issue_steps.c.issue == issue).order_by(issue_steps.c.id))
    return [StepRow(read_moment(row.at), row.user, Rung(row.rung), IssueState(row.state), row.note) for row in rows]
