"""The audit log and the settings that belong to a vault."""

from __future__ import annotations

import sqlalchemy as sa

from kimdesk.storage.tables.base import Moment, Structure, metadata

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("slot", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject_kind", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("detail", Structure(), nullable=False),
    sa.Column("mac", sa.LargeBinary, nullable=False),
    sa.Index(None, "subject_kind", "subject_id"),
)

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", Structure(), nullable=False),
)
