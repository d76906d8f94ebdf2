"""Releases, the outbox they wait in, the epoch keys of their noise, and figures entered by hand."""

from __future__ import annotations

import sqlalchemy as sa

from kimdesk.storage.tables.base import Identifier, Moment, Structure, metadata

releases = sa.Table(
    "releases",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("sequence", sa.Integer, nullable=False, unique=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("quarter", sa.Integer, nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("canonical", sa.LargeBinary, nullable=False),
    sa.Column("explanation", Structure(), nullable=False),
    sa.Column("memory", Structure(), nullable=False),
    sa.Index("ix_releases_year", "year"),
)
"""Every release ever made. `explanation` (true values) and `memory` (what the gate compares with) never leave."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("release_id", Identifier(), sa.ForeignKey("releases.id")),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_attempt_at", Moment()),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("problem", sa.Text),
    sa.Column("last_contact_at", Moment()),
    sa.Column("receipt", sa.LargeBinary),
    sa.Column("issue_release_id", Identifier(), sa.ForeignKey("issue_releases.id", ondelete="SET NULL")),
)
"""Sealed bundles on their way; written in the same transaction as the release or the text of an issue in them."""

epoch_keys = sa.Table(
    "epoch_keys",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.LargeBinary, nullable=False),
)
"""One random key per calendar year for the cell-key method; it never leaves the vault."""

manual_figures = sa.Table(
    "manual_figures",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("row", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)
"""Figures other authorities supply (Baustein 3), entered by hand."""
