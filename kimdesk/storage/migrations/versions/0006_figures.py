"""Indicators, releases and what travels to the coordinator.

A migration imports no project code, because it must still run when the project has moved on.
"""

from __future__ import annotations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema to this version."""


def downgrade() -> None:
    """Change the schema back to the version before."""
