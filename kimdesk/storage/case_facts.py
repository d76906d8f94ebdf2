"""What the phase rules need to know of a case file, counted by the database in one query.

Every count is an aggregate of one child table joined to the cases, so a list of cases costs the same number of
statements as one case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kimdesk.domain.deadlines import reassessment_due
from kimdesk.domain.errors import CaseNotFound
from kimdesk.domain.phases import CaseFacts
from kimdesk.domain.vocabulary import GoalLevel, GoalState, IntakeOutcome, MeasureState, Phase, ReferralResult
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.storage.tables.cases import (
    area_entries,
    assessments,
    case_members,
    cases,
    contacts,
    goals,
    measures,
    referrals,
    skipped_phases,
)

OPEN_MEASURES = (MeasureState.PLANNED, MeasureState.REQUESTED, MeasureState.RUNNING)
ONE_CASE = sa.bindparam("one_case", type_=cases.c.id.type)
"""The parameter of a statement that is about one case only."""


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((condition, 1)))


class FactColumns:
    """The joined aggregates and what to select from them; `one` narrows every aggregate to `ONE_CASE`."""

    def __init__(self, *, one: bool) -> None:
        self._one = one
        self.members = self._child(case_members, persons=sa.func.count())
        self.assessments = self._child(
            assessments,
            assessments=_count(assessments.c.trigger.is_(None)),
            reassessments=_count(assessments.c.trigger.is_not(None)),
            held_on=sa.func.max(assessments.c.held_on, type_=sa.Date),
        )
        self.needs = self._needs()
        wanted = (goals.c.level == GoalLevel.OUTCOME) & (goals.c.state != GoalState.DROPPED)
        vague = wanted & ((goals.c.measured_by == "") | goals.c.due_on.is_(None))
        self.goals = self._child(goals, outcome_goals=_count(wanted), vague_outcome_goals=_count(vague))
        running = measures.c.state.in_(OPEN_MEASURES)
        self.measures = self._child(
            measures,
            measures=sa.func.count(),
            open_measures=_count(running),
            due_on=sa.func.min(sa.case((running, measures.c.due_on)), type_=sa.Date),
        )
        waiting = referrals.c.result == ReferralResult.SENT
        self.referrals = self._child(
            referrals,
            referrals=sa.func.count(),
            unanswered_referrals=_count(waiting),
            sent_on=sa.func.max(referrals.c.sent_on, type_=sa.Date),
            answered_on=sa.func.max(referrals.c.answered_on, type_=sa.Date),
            due_on=sa.func.min(sa.case((waiting, referrals.c.answer_due_on)), type_=sa.Date),
        )
        self.contacts = self._child(
            contacts, contacts=sa.func.count(), at=sa.func.max(contacts.c.at, type_=contacts.c.at.type)
        )

    def _child(self, table: sa.Table, **columns: sa.ColumnElement[Any]) -> sa.Subquery:
        statement = sa.select(table.c.case_id, *(column.label(name) for name, column in columns.items()))
        if self._one:
            statement = statement.where(table.c.case_id == ONE_CASE)
        return statement.group_by(table.c.case_id).subquery()

    def _needs(self) -> sa.Subquery:
        statement = (
            sa.select(assessments.c.case_id, sa.func.count(area_entries.c.life_area.distinct()).label("needs"))
            .join(area_entries, area_entries.c.assessment_id == assessments.c.id)
            .where(area_entries.c.need != "")
        )
        if self._one:
            statement = statement.where(assessments.c.case_id == ONE_CASE)
        return statement.group_by(assessments.c.case_id).subquery()

    def columns(self) -> tuple[sa.ColumnElement[Any], ...]:
        """Return what to select so that `facts_of_row` understands it."""

        def number(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
            return sa.func.coalesce(column, 0).label(column.key)

        return (
            cases.c.access_level,
            cases.c.intake_on,
            cases.c.outcome,
            cases.c.consent_on,
            cases.c.agreed_on,
            cases.c.closed_on,
            cases.c.closure_reason,
            number(self.members.c.persons),
            number(self.assessments.c.assessments),
            number(self.assessments.c.reassessments),
            number(self.needs.c.needs),
            number(self.goals.c.outcome_goals),
            number(self.goals.c.vague_outcome_goals),
            number(self.measures.c.measures),
            number(self.measures.c.open_measures),
            number(self.referrals.c.referrals),
            number(self.referrals.c.unanswered_referrals),
            number(self.contacts.c.contacts),
            self.assessments.c.held_on.label("last_assessment_on"),
            self.referrals.c.sent_on.label("last_sent_on"),
            self.referrals.c.answered_on.label("last_answered_on"),
            self.contacts.c.at.label("last_contact_at"),
            self.measures.c.due_on.label("measure_due_on"),
            self.referrals.c.due_on.label("answer_due_on"),
        )

    def joined(self) -> sa.FromClause:
        """Return the cases with every aggregate beside them."""
        source: sa.FromClause = cases
        for child in (
            self.members,
            self.assessments,
            self.needs,
            self.goals,
            self.measures,
            self.referrals,
            self.contacts,
        ):
            source = source.outerjoin(child, child.c.case_id == cases.c.id)
        return source


_ONE = FactColumns(one=True)
_FACTS_OF_ONE = sa.select(*_ONE.columns()).select_from(_ONE.joined()).where(cases.c.id == ONE_CASE)


def facts_of_row(row: sa.Row[*tuple[Any, ...]], skipped: Mapping[Phase, str]) -> CaseFacts:
    """Return the facts in a row that was selected with `FactColumns.columns`."""
    held_on: date | None = row.last_assessment_on
    contact_at: datetime | None = row.last_contact_at
    contact_on = None if contact_at is None else contact_at.astimezone(OFFICE_ZONE).date()
    records = (held_on, row.last_sent_on, row.last_answered_on, contact_on, row.agreed_on)
    runs = row.closed_on is None and row.outcome is IntakeOutcome.CASE_MANAGEMENT and Phase.REASSESSMENT not in skipped
    return CaseFacts(
        access_level=row.access_level,
        intake_on=row.intake_on,
        outcome=row.outcome,
        consent_on=row.consent_on,
        persons=row.persons,
        assessments=row.assessments,
        needs=row.needs,
        outcome_goals=row.outcome_goals,
        vague_outcome_goals=row.vague_outcome_goals,
        agreed_on=row.agreed_on,
        measures=row.measures,
        open_measures=row.open_measures,
        contacts=row.contacts,
        referrals=row.referrals,
        unanswered_referrals=row.unanswered_referrals,
        reassessments=row.reassessments,
        reassessment_due_on=reassessment_due(held_on) if runs and held_on is not None else None,
        closed_on=row.closed_on,
        closure_reason=row.closure_reason,
        latest_record_on=max((day for day in records if day is not None), default=None),
        skipped=skipped,
    )


def facts_of(connection: sa.Connection, case_id: UUID) -> CaseFacts:
    """Return the facts of one case. Raises `CaseNotFound`."""
    row = connection.execute(_FACTS_OF_ONE, {"one_case": case_id}).one_or_none()
    if row is None:
        raise CaseNotFound()
    skipped = connection.execute(
        sa.select(skipped_phases.c.phase, skipped_phases.c.reason).where(skipped_phases.c.case_id == case_id)
    )
    return facts_of_row(row, {left_out.phase: left_out.reason for left_out in skipped})
