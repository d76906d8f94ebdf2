"""Indicators, releases and what travels to the coordinator.

A migration imports no project code, because it must still run when the project has moved on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TO_ISSUES = "fk_outbox_issue_release_id_issue_releases"


def upgrade() -> None:
    """Let the texts of structural issues wait in the outbox beside the releases."""
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("release_id", existing_type=sa.Uuid(), nullable=True)
        outbox.add_column(sa.Column("issue_release_id", sa.Uuid(), nullable=True))
        outbox.create_foreign_key(_TO_ISSUES, "issue_releases", ["issue_release_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    """Take the texts of issues out of the outbox."""
    op.execute("DELETE FROM outbox WHERE release_id IS NULL")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint(_TO_ISSUES, type_="foreignkey")
        outbox.drop_column("issue_release_id")
        outbox.alter_column("release_id", existing_type=sa.Uuid(), nullable=False)
