"""The dates of the home screen, one statement per kind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from kimdesk.domain.deadlines import EXPIRY_NOTICE_DAYS, reassessment_due
from kimdesk.domain.views import DueItem, DueKind
from kimdesk.domain.vocabulary import IntakeOutcome, Phase, ReferralResult
from kimdesk.storage.tables.case_sums import case_sums
from kimdesk.storage.tables.cases import (
    case_members,
    cases,
    follow_ups,
    persons,
    referrals,
    skipped_phases,
)

_OPEN = cases.c.closed_on.is_(None)
_NAMES = case_sums.c.names


def _client(names: tuple[str, ...] | None) -> str:
    return names[0].strip() if names else ""


def open_follow_ups(connection: sa.Connection, until: date) -> tuple[DueItem, ...]:
    """Return the follow-ups not done and due by `until`, those of closed cases left out, earliest first."""
    statement = (
        sa.select(
            follow_ups.c.id,
            follow_ups.c.due_on,
            follow_ups.c.reason,
            follow_ups.c.case_id,
            sa.func.coalesce(cases.c.number, "").label("number"),
            _NAMES,
        )
        .select_from(
            follow_ups.outerjoin(cases, cases.c.id == follow_ups.c.case_id).outerjoin(
                case_sums, case_sums.c.case_id == follow_ups.c.case_id
            )
        )
        .where(follow_ups.c.done_on.is_(None), follow_ups.c.due_on <= until, _OPEN)
        .order_by(follow_ups.c.due_on, cases.c.number)
    )
    return tuple(
        DueItem(
            kind=DueKind.FOLLOW_UP,
            due_on=row.due_on,
            case_id=row.case_id,
            case_number=row.number,
            client=_client(row.names),
            text=row.reason,
            record_id=row.id,
        )
        for row in connection.execute(statement)
    )


def expiring_titles(connection: sa.Connection, today: date) -> tuple[DueItem, ...]:
    """Return the persons of open cases whose title has run out or does so within the time of notice."""
    until = today + timedelta(days=EXPIRY_NOTICE_DAYS)
    # The plus keeps the index of all titles out of it: most of what it finds belongs to closed cases.
    expires_on: sa.ColumnClause[date] = sa.literal_column("+persons.residence_expires_on", sa.Date)
    statement = (
        sa.select(
            cases.c.id,
            cases.c.number,
            _NAMES,
            persons.c.id.label("person_id"),
            persons.c.given_name,
            persons.c.family_name,
            persons.c.residence_status,
            persons.c.residence_expires_on,
        )
        .join(case_sums, case_sums.c.case_id == cases.c.id)
        .join(case_members, case_members.c.case_id == cases.c.id)
        .join(persons, persons.c.id == case_members.c.person_id)
        .where(_OPEN, case_sums.c.expires_on <= until, expires_on <= until)
        .order_by(persons.c.residence_expires_on, cases.c.number, case_members.c.position)
    )
    return tuple(
        DueItem(
            kind=DueKind.RESIDENCE_EXPIRY,
            due_on=row.residence_expires_on,
            case_id=row.id,
            case_number=row.number,
            client=_client(row.names),
            text=f"{row.given_name} {row.family_name}".strip(),
            record_id=row.person_id,
            residence_status=row.residence_status,
        )
        for row in connection.execute(statement)
    )


def waiting_referrals(connection: sa.Connection) -> tuple[DueItem, ...]:
    """Return the referrals of open cases without an answer, the one to be asked about first at the front."""
    statement = (
        sa.select(
            referrals.c.id.label("referral_id"),
            sa.func.coalesce(referrals.c.answer_due_on, referrals.c.sent_on, type_=sa.Date).label("due_on"),
            referrals.c.receiver,
            cases.c.id,
            cases.c.number,
            _NAMES,
        )
        .join(cases, cases.c.id == referrals.c.case_id)
        .join(case_sums, case_sums.c.case_id == cases.c.id)
        .where(_OPEN, referrals.c.result == ReferralResult.SENT)
        .order_by(sa.text("due_on"), cases.c.number)
    )
    return tuple(
        DueItem(
            kind=DueKind.REFERRAL_ANSWER,
            due_on=row.due_on,
            case_id=row.id,
            case_number=row.number,
            client=_client(row.names),
            text=row.receiver,
            record_id=row.referral_id,
        )
        for row in connection.execute(statement)
    )


def due_reassessments(connection: sa.Connection, until: date) -> tuple[DueItem, ...]:
    """Return the open cases whose reassessment, or the review their agreement names, is due by `until`.

    A review counts as held once there was an assessment on its day or later. Of two dates the earlier one stands.
    A case that leaves its reassessment out is not asked for one.
    """
    left_out = sa.exists().where(skipped_phases.c.case_id == cases.c.id, skipped_phases.c.phase == Phase.REASSESSMENT)
    held_on = case_sums.c.last_assessment_on
    # Half a year has at least 181 days; what the rule says exactly is asked of the few that are left.
    near = (held_on <= until - timedelta(days=181)) | (cases.c.review_on <= until)
    statement = (
        sa.select(cases.c.id, cases.c.number, cases.c.review_on, held_on.label("held_on"), _NAMES)
        .join(case_sums, case_sums.c.case_id == cases.c.id)
        .where(_OPEN, held_on.is_not(None), near, cases.c.outcome == IntakeOutcome.CASE_MANAGEMENT, ~left_out)
    )
    found = [item for row in connection.execute(statement) if (item := _reassessment(row)).due_on <= until]
    return tuple(sorted(found, key=lambda item: (item.due_on, item.case_number)))


def _reassessment(row: sa.Row[*tuple[Any, ...]]) -> DueItem:
    kind, due_on = DueKind.REASSESSMENT, reassessment_due(row.held_on)
    if row.review_on is not None and row.held_on < row.review_on < due_on:
        kind, due_on = DueKind.REVIEW, row.review_on
    return DueItem(kind=kind, due_on=due_on, case_id=row.id, case_number=row.number, client=_client(row.names), text="")
