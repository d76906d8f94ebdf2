"""What the phase rules need to know of one case file, from the counts kept beside it (`kimdesk.storage.case_sums`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kimdesk.domain.deadlines import reassessment_due
from kimdesk.domain.errors import CaseNotFound
from kimdesk.domain.phases import CaseFacts
from kimdesk.domain.vocabulary import IntakeOutcome, Phase
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.storage.case_records import Prepared, wanted_id
from kimdesk.storage.tables.case_sums import case_sums
from kimdesk.storage.tables.cases import cases, skipped_phases

_COLUMNS: tuple[sa.Column[Any], ...] = (
    *(cases.c[name] for name in ("access_level", "intake_on", "outcome", "consent_on", "agreed_on", "closed_on")),
    cases.c.closure_reason,
    *(column for column in case_sums.c if column.name not in ("case_id", "names", "client_languages")),
)
_ONE = Prepared(
    sa.select(*_COLUMNS).join(case_sums, case_sums.c.case_id == cases.c.id).where(wanted_id(cases.c.id)),
    SimpleNamespace,
    [column.name for column in _COLUMNS],
)
_SKIPPED = Prepared(
    sa.select(skipped_phases.c.phase, skipped_phases.c.reason).where(wanted_id(skipped_phases.c.case_id)), tuple, ()
)


def facts_of(connection: sa.Connection, case_id: UUID) -> CaseFacts:
    """Return the facts of one case. Raises `CaseNotFound`."""
    rows = _ONE.records(connection, case_id)
    if not rows:
        raise CaseNotFound()
    return _facts(rows[0], dict(_SKIPPED.rows(connection, case_id)))


def _facts(row: SimpleNamespace, skipped: Mapping[Phase, str]) -> CaseFacts:
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
