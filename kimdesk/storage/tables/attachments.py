"""Files kept with a case: what is known of them, and apart from it their content."""

from __future__ import annotations

import sqlalchemy as sa

from kimdesk.domain.attachments import AttachmentKind
from kimdesk.storage.tables.base import Identifier, Moment, Words, metadata

attachments = sa.Table(
    "attachments",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("case_id", Identifier(), sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    sa.Column("person_id", Identifier(), sa.ForeignKey("persons.id", ondelete="SET NULL")),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", Words(AttachmentKind), nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("added_at", Moment(), nullable=False),
    sa.Index("ix_attachments_case_id", "case_id"),
    sa.Index("ix_attachments_person_id", "person_id"),
)
"""One row per file; `digest` is the SHA-256 of its content in hexadecimal digits."""

attachment_contents = sa.Table(
    "attachment_contents",
    metadata,
    sa.Column("attachment_id", Identifier(), sa.ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
"""The files themselves, apart so that lists never read over them."""
