"""The first schema: one function per area, in the order of their foreign keys.

Constraint names follow the naming convention of ``tables/base.py``; spell them out here:
``ix_table_column``, ``uq_table_column``, ``fk_table_column_othertable``, ``pk_table``, ``ck_table_name``.
A migration imports no project code, because it must still run when the project has moved on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    _create_log()
    _create_releases()
    _create_offers()
    # A new area adds its call here, and its `_drop_…` at the top of `downgrade`.


def downgrade() -> None:
    """Drop every table, in the opposite order."""
    _drop_offers()
    _drop_releases()
    _drop_log()


def _create_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_subject_kind_subject_id", "audit_log", ["subject_kind", "subject_id"])
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_log_refuses_{action.lower()} BEFORE {action} ON audit_log "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )


def _drop_log() -> None:
    op.drop_table("meta")
    op.drop_index("ix_audit_log_subject_kind_subject_id", table_name="audit_log")
    op.drop_table("audit_log")


def _create_releases() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("canonical", sa.LargeBinary(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_releases"),
        sa.UniqueConstraint("sequence", name="uq_releases_sequence"),
    )
    op.create_index("ix_releases_year", "releases", ["year"])
    op.create_table(
        "outbox",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("last_contact_at", sa.DateTime(), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name="pk_outbox"),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_outbox_release_id_releases"),
    )
    op.create_table(
        "epoch_keys",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_epoch_keys"),
    )
    op.create_table(
        "manual_figures",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "row", name="pk_manual_figures"),
    )


def _drop_releases() -> None:
    for table in ("manual_figures", "epoch_keys", "outbox", "releases"):
        op.drop_table(table)


def _create_offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("linked_keys", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.UniqueConstraint("source", "source_key", name="uq_offers_source_source_key"),
    )
    op.create_table(
        "offer_texts",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("access_requirements", sa.Text(), nullable=False),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_offer_texts"),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_offer_texts_offer_id_offers", ondelete="CASCADE"),
        sa.UniqueConstraint("offer_id", "language", name="uq_offer_texts_offer_id_language"),
    )
    op.create_table(
        "offer_keys",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name="pk_offer_keys"),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_offer_keys_offer_id_offers", ondelete="CASCADE"),
    )
    op.create_index("ix_offer_keys_offer_id", "offer_keys", ["offer_id"])
    for table, column in (("offer_life_areas", "life_area"), ("offer_communes", "ags")):
        op.create_table(
            table,
            sa.Column("offer_id", sa.Uuid(), nullable=False),
            sa.Column(column, sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("offer_id", column, name=f"pk_{table}"),
            sa.ForeignKeyConstraint(
                ["offer_id"], ["offers.id"], name=f"fk_{table}_offer_id_offers", ondelete="CASCADE"
            ),
        )
        op.create_index(f"ix_{table}_{column}", table, [column])
    # Folded text only, no copy of it; the row id is offer_texts.number.
    op.execute(
        "CREATE VIRTUAL TABLE offer_words USING fts5(title, keywords, category, body, content='', "
        "contentless_delete=1, prefix='1 2 3', tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE offer_pieces USING fts5(title, keywords, category, body, content='', "
        "contentless_delete=1, tokenize='trigram')"
    )


def _drop_offers() -> None:
    op.execute("DROP TABLE offer_pieces")
    op.execute("DROP TABLE offer_words")
    for table in ("offer_communes", "offer_life_areas", "offer_keys", "offer_texts", "offers"):
        op.drop_table(table)
