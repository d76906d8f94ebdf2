"""Indexes and orders that lists and the home page need.

A migration imports no project code, because it must still run when the project has moved on.
"""

from __future__ import annotations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema to this version."""


def downgrade() -> None:
    """Change the schema back to the version before."""
