"""Questions to the audit log: who, what, when, with which access."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kimdesk.storage.audit import AuditAction, AuditRow
from kimdesk.storage.tables.log import audit_log

_COLUMNS = [column for column in audit_log.c if column.name != "mac"]
_CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuestion:
    """What to look for; None and empty sets ask for everything. `since` is included, `before` is not (both aware)."""

    case_id: str | None = None
    actions: frozenset[AuditAction] = frozenset()
    since: datetime | None = None
    before: datetime | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Visits:
    """What one access did with one case."""

    slot: str
    first_at: datetime
    last_at: datetime
    views: int
    changes: int
    others: int


def _conditions(question: LogQuestion) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if question.case_id is not None:
        conditions += [audit_log.c.subject_kind == "case", audit_log.c.subject_id == question.case_id]
    if question.actions:
        conditions.append(audit_log.c.action.in_(sorted(action.value for action in question.actions)))
    if question.since is not None:
        conditions.append(audit_log.c.at >= question.since)
    if question.before is not None:
        conditions.append(audit_log.c.at < question.before)
    if question.slot is not None:
        conditions.append(audit_log.c.slot == question.slot)
    return conditions


def count_rows(connection: sa.Connection, question: LogQuestion) -> int:
    """Return how many rows answer the question."""
    counted: int = connection.execute(
        sa.select(sa.func.count()).select_from(audit_log).where(*_conditions(question))
    ).scalar_one()
    return counted


def rows_before(
    connection: sa.Connection, question: LogQuestion, *, number: int | None = None, limit: int = 200
) -> tuple[AuditRow, ...]:
    """Return the newest rows that answer the question, before row `number` where given, newest first."""
    query = sa.select(*_COLUMNS).where(*_conditions(question)).order_by(audit_log.c.number.desc()).limit(limit)
    if number is not None:
        query = query.where(audit_log.c.number < number)
    return tuple(_row(row) for row in connection.execute(query))


def all_rows(connection: sa.Connection, question: LogQuestion) -> Iterator[AuditRow]:
    """Yield every row that answers the question, oldest first."""
    query = sa.select(*_COLUMNS).where(*_conditions(question)).order_by(audit_log.c.number)
    for row in connection.execution_options(yield_per=_CHUNK).execute(query):
        yield _row(row)


def visits_of(connection: sa.Connection, case_id: str) -> tuple[Visits, ...]:
    """Return what each access did with a case, the latest first."""
    is_view = audit_log.c.action == AuditAction.VIEW.value
    changing = [AuditAction.CREATE.value, AuditAction.CHANGE.value, AuditAction.DELETE.value]
    is_change = audit_log.c.action.in_(changing)
    query = (
        sa.select(
            audit_log.c.slot,
            sa.func.min(audit_log.c.at).label("first_at"),
            sa.func.max(audit_log.c.at).label("last_at"),
            sa.func.sum(sa.case((is_view, 1), else_=0)).label("views"),
            sa.func.sum(sa.case((is_change, 1), else_=0)).label("changes"),
            sa.func.sum(sa.case((sa.or_(is_view, is_change), 0), else_=1)).label("others"),
        )
        .where(*_conditions(LogQuestion(case_id=case_id)))
        .group_by(audit_log.c.slot)
        .order_by(sa.desc("last_at"))
    )
    return tuple(Visits(**row._mapping) for row in connection.execute(query))


def actions_in_use(connection: sa.Connection) -> frozenset[str]:
    """Return the actions the log speaks of."""
    return frozenset(connection.execute(sa.select(audit_log.c.action).distinct()).scalars())


def _row(row: Any) -> AuditRow:
    return AuditRow(**row._mapping)
