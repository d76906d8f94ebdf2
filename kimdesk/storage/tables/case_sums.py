"""What lists and the phase rules need to know of each case, counted and kept beside it (decision 085).

Nobody writes here: triggers do, which `kimdesk.storage.case_sums` makes from the one definition of every column.
"""

from __future__ import annotations

import sqlalchemy as sa

from kimdesk.storage.tables.base import Identifier, Moment, TextList, metadata


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


case_sums = sa.Table(
    "case_sums",
    metadata,
    sa.Column("case_id", Identifier(), sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    _number("persons"),
    sa.Column("names", TextList(), nullable=False, server_default="[]"),
    sa.Column("client_languages", TextList()),
    sa.Column("expires_on", sa.Date),
    _number("assessments"),
    _number("reassessments"),
    sa.Column("last_assessment_on", sa.Date),
    _number("needs"),
    _number("outcome_goals"),
    _number("vague_outcome_goals"),
    _number("measures"),
    _number("open_measures"),
    sa.Column("measure_due_on", sa.Date),
    _number("referrals"),
    _number("unanswered_referrals"),
    sa.Column("last_sent_on", sa.Date),
    sa.Column("last_answered_on", sa.Date),
    sa.Column("answer_due_on", sa.Date),
    _number("contacts"),
    sa.Column("last_contact_at", Moment()),
    sa.Column("follow_up_on", sa.Date),
    sqlite_with_rowid=False,
)
"""One row per case: numbers, last and next dates, and the names of its persons, the client first."""
