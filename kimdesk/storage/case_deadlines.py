"""Dates of the records around a case, one statement per kind, for the home screen; and all notifications."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from kimdesk.domain.checklist_hints import OPPORTUNITY_NOTICE_MONTHS
from kimdesk.domain.deadlines import EXPIRY_NOTICE_DAYS, add_months
from kimdesk.domain.network import Notification
from kimdesk.domain.views import DueItem, DueKind
from kimdesk.domain.vocabulary import ResidenceStatus
from kimdesk.domain.work_vocabulary import ConferenceState, ConsentKind, InterpreterState, IssueState, NotificationState
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.storage.case_records import columns_of, records
from kimdesk.storage.tables.case_sums import case_sums
from kimdesk.storage.tables.case_work import (
    child_protection_notes,
    conferences,
    consents,
    interpreter_bookings,
    notifications,
    structural_issues,
)
from kimdesk.storage.tables.cases import case_members, cases, persons

_OPEN = cases.c.closed_on.is_(None)
_NAMES = case_sums.c.names


def all_notifications(connection: sa.Connection) -> tuple[Notification, ...]:
    """Return every notification: first those to be decided or answered, then the newest."""
    waiting = sa.case((notifications.c.answered_on.is_(None), 0), else_=1)
    statement = sa.select(*columns_of(Notification, notifications)).order_by(
        waiting, notifications.c.received_on.desc(), sa.text("rowid DESC")
    )
    return records(connection, Notification, notifications, statement)


def work_dates(connection: sa.Connection, until: date) -> tuple[DueItem, ...]:
    """Return the appointments and answers due by `until` (both past and ahead), the earliest first.

    Notifications without an answer, conferences not held yet, interpreters booked, next steps of child protection and
    structural issues to look at again.
    """
    found = [
        *_notifications(connection, until),
        *_conferences(connection, until),
        *_bookings(connection, until),
        *_child_protection(connection, until),
        *_issues(connection, until),
    ]
    return tuple(sorted(found, key=lambda item: (item.due_on, item.case_number)))


def _notifications(connection: sa.Connection, until: date) -> Iterator[DueItem]:
    table = notifications
    statement = (
        sa.select(table, sa.func.coalesce(cases.c.number, "").label("number"))
        .select_from(table.outerjoin(cases, cases.c.id == table.c.case_id))
        .where(table.c.answered_on.is_(None), table.c.answer_due_on <= until, _OPEN)
    )
    for row in connection.execute(statement):
        yield DueItem(
            kind=DueKind.NOTIFICATION,
            due_on=row.answer_due_on,
            case_id=row.case_id,
            case_number=row.number,
            client=f"{row.given_name} {row.family_name}".strip(),
            text=row.notifier,
            record_id=row.id,
        )


def _conferences(connection: sa.Connection, until: date) -> Iterator[DueItem]:
    table = conferences
    waiting = table.c.state.in_((ConferenceState.PLANNED, ConferenceState.INVITED))
    for row in _joined(connection, table, table.c.at, table.c.occasion, waiting, table.c.at < _end(until)):
        yield _item(DueKind.CONFERENCE, _day(row.due), row)


def _bookings(connection: sa.Connection, until: date) -> Iterator[DueItem]:
    table = interpreter_bookings
    waiting = table.c.state == InterpreterState.BOOKED
    for row in _joined(connection, table, table.c.at, table.c.name, waiting, table.c.at < _end(until)):
        yield _item(DueKind.INTERPRETER, _day(row.due), row)


def _child_protection(connection: sa.Connection, until: date) -> Iterator[DueItem]:
    table = child_protection_notes
    # Only the newest note of a case says what comes next.
    newer = table.alias("newer")
    later = (newer.c.case_id == table.c.case_id) & (
        (newer.c.noted_on > table.c.noted_on)
        | ((newer.c.noted_on == table.c.noted_on) & (sa.text("newer.rowid > child_protection_notes.rowid")))
    )
    last = ~sa.exists().where(later)
    for row in _joined(connection, table, table.c.next_on, sa.literal(""), last, table.c.next_on <= until):
        yield _item(DueKind.CHILD_PROTECTION, row.due, row)


def _issues(connection: sa.Connection, until: date) -> Iterator[DueItem]:
    table = structural_issues
    open_states = table.c.state.in_((IssueState.OPEN, IssueState.ACCEPTED))
    statement = sa.select(table.c.id, table.c.review_on, table.c.title).where(open_states, table.c.review_on <= until)
    for row in connection.execute(statement):
        yield DueItem(
            kind=DueKind.ISSUE,
            due_on=row.review_on,
            case_id=None,
            case_number="",
            client="",
            text=row.title,
            record_id=row.id,
        )


def expiring_releases(connection: sa.Connection, today: date) -> tuple[DueItem, ...]:
    """Return the releases and consents of open cases that end within the time of notice, or have ended since then."""
    notice = timedelta(days=EXPIRY_NOTICE_DAYS)
    table = consents
    rows = _joined(
        connection,
        table,
        table.c.expires_on,
        sa.case((table.c.kind == ConsentKind.RELEASE, table.c.recipient), else_=table.c.purpose),
        table.c.withdrawn_on.is_(None),
        table.c.expires_on.between(today - notice, today + notice),
    )
    return tuple(_item(DueKind.CONSENT_EXPIRY, row.due, row) for row in rows)


def opportunity_titles(connection: sa.Connection, today: date) -> tuple[DueItem, ...]:
    """Return the titles under § 104c AufenthG that run out within six months but not within the ordinary notice."""
    statement = (
        sa.select(
            persons.c.id,
            persons.c.residence_expires_on.label("due"),
            sa.func.trim(persons.c.given_name + " " + persons.c.family_name).label("text"),
            cases.c.id.label("case_id"),
            cases.c.number,
            _NAMES,
        )
        .join(case_members, case_members.c.person_id == persons.c.id)
        .join(cases, cases.c.id == case_members.c.case_id)
        .join(case_sums, case_sums.c.case_id == cases.c.id)
        .where(
            _OPEN,
            persons.c.residence_status == ResidenceStatus.OPPORTUNITY_RESIDENCE,
            persons.c.residence_expires_on > today + timedelta(days=EXPIRY_NOTICE_DAYS),
            persons.c.residence_expires_on <= add_months(today, OPPORTUNITY_NOTICE_MONTHS),
        )
        .order_by(persons.c.residence_expires_on, cases.c.number)
    )
    return tuple(_item(DueKind.OPPORTUNITY_END, row.due, row) for row in connection.execute(statement))


def undecided_notifications(connection: sa.Connection) -> int:
    """Return how many notifications nobody has decided about."""
    undecided = notifications.c.state == NotificationState.RECEIVED
    count: int = connection.execute(sa.select(sa.func.count()).select_from(notifications).where(undecided)).scalar_one()
    return count


def _joined(
    connection: sa.Connection,
    table: sa.Table,
    due: sa.ColumnElement[Any],
    text: sa.ColumnElement[Any],
    *conditions: sa.ColumnElement[bool],
) -> list[sa.Row[*tuple[Any, ...]]]:
    statement = (
        sa.select(table.c.id, due.label("due"), text.label("text"), cases.c.id.label("case_id"), cases.c.number, _NAMES)
        .join(cases, cases.c.id == table.c.case_id)
        .join(case_sums, case_sums.c.case_id == cases.c.id)
        .where(_OPEN, *conditions)
        .order_by(due, cases.c.number)
    )
    return list(connection.execute(statement))


def _item(kind: DueKind, due_on: date, row: sa.Row[*tuple[Any, ...]]) -> DueItem:
    return DueItem(
        kind=kind,
        due_on=due_on,
        case_id=row.case_id,
        case_number=row.number,
        client=row.names[0].strip() if row.names else "",
        text=row.text or "",
        record_id=row.id,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(OFFICE_ZONE).date()


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), OFFICE_ZONE)
