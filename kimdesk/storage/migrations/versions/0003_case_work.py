"""What the phases of case work record beyond the first thread.

A migration imports no project code, because it must still run when the project has moved on.
"""

from __future__ import annotations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema to this version."""


def downgrade() -> None:
    """Change the schema back to the version before."""
