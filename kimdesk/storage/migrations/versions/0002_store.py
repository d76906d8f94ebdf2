"""A row of counts beside each case, so that lists and the home page need not count.

The triggers that fill it belong to the program, which puts them on after the last migration. A migration imports no
project code, because it must still run when the project has moved on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema to this version."""
    _add_case_sums()
    _add_index_of_open_cases()


def downgrade() -> None:
    """Change the schema back to the version before."""
    op.drop_index("ix_cases_open", "cases")
    op.drop_table("case_sums")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def _add_case_sums() -> None:
    op.create_table(
        "case_sums",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        _number("persons"),
        sa.Column("names", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("client_languages", sa.Text()),
        sa.Column("expires_on", sa.Date()),
        _number("assessments"),
        _number("reassessments"),
        sa.Column("last_assessment_on", sa.Date()),
        _number("needs"),
        _number("outcome_goals"),
        _number("vague_outcome_goals"),
        _number("measures"),
        _number("open_measures"),
        sa.Column("measure_due_on", sa.Date()),
        _number("referrals"),
        _number("unanswered_referrals"),
        sa.Column("last_sent_on", sa.Date()),
        sa.Column("last_answered_on", sa.Date()),
        sa.Column("answer_due_on", sa.Date()),
        _number("contacts"),
        sa.Column("last_contact_at", sa.DateTime()),
        sa.Column("follow_up_on", sa.Date()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_sums_case_id_cases"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_sums")),
        sqlite_with_rowid=False,
    )


def _add_index_of_open_cases() -> None:
    op.create_index(
        "ix_cases_open",
        "cases",
        [
            *("closed_on", "id", "number", "commune", "urgency", "language", "opened_on", "outcome", "intake_on"),
            *("consent_on", "agreed_on", "review_on"),
        ],
        sqlite_where=sa.text("closed_on IS NULL"),
    )
