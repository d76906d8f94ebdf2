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
    _create_cases()
    # A new area adds its call here, and its `_drop_…` at the top of `downgrade`.


def downgrade() -> None:
    """Drop every table, in the opposite order."""
    _drop_cases()
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


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_key", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("access_level", sa.Text(), nullable=False),
        sa.Column("access_path", sa.Text(), nullable=True),
        sa.Column("notifier", sa.Text(), nullable=False),
        sa.Column("intake_on", sa.Date(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("interpreter", sa.Text(), nullable=False),
        sa.Column("concern", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("existing_helpers", sa.Text(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("safe_contact", sa.Text(), nullable=False),
        sa.Column("address_protected", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreement_language", sa.Text(), nullable=False),
        sa.Column("client_contribution", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closure_reason", sa.Text(), nullable=True),
        sa.Column("closure_note", sa.Text(), nullable=False),
        sa.Column("remaining_needs", sa.Text(), nullable=False),
        sa.Column("client_feedback", sa.Text(), nullable=False),
        sa.Column("delete_after", sa.Date(), nullable=True),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_index("ix_cases_closed_on", "cases", ["closed_on"])
    op.create_index("ix_cases_number", "cases", ["number"])
    op.create_table(
        "case_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_case_numbers"),
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("spoken_name", sa.Text(), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.Column("nationality", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("entered_germany_on", sa.Date(), nullable=True),
        sa.Column("residence_status", sa.Text(), nullable=True),
        sa.Column("residence_expires_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
    )
    op.create_index("ix_persons_residence_expires_on", "persons", ["residence_expires_on"])
    op.create_table(
        "case_members",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person_id", name="pk_case_members"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_members_case_id_cases", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_case_members_person_id_persons"),
    )
    op.create_index("ix_case_members_person_id", "case_members", ["person_id"])
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_assessments_case_id_cases", ondelete="CASCADE"),
    )
    op.create_index("ix_assessments_case_id", "assessments", ["case_id"])
    op.create_table(
        "area_entries",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("life_area", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resources", sa.Text(), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("client_view", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=True),
        sa.Column("scale", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("assessment_id", "life_area", name="pk_area_entries"),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name="fk_area_entries_assessment_id_assessments", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "goals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("life_area", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("measured_by", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_goals"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_goals_case_id_cases", ondelete="CASCADE"),
    )
    op.create_index("ix_goals_case_id", "goals", ["case_id"])
    op.create_table(
        "measures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("legal_domain", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("obstacle", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_measures"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_measures_case_id_cases", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name="fk_measures_goal_id_goals", ondelete="SET NULL"),
    )
    op.create_index("ix_measures_case_id", "measures", ["case_id"])
    op.create_index("ix_measures_goal_id", "measures", ["goal_id"])
    op.create_table(
        "referrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("legal_domain", sa.Text(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("release_basis", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("contact_person", sa.Text(), nullable=False),
        sa.Column("appointment_on", sa.Date(), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("we_stay_lead", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_referrals"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_referrals_case_id_cases", ondelete="CASCADE"),
    )
    op.create_index("ix_referrals_case_id", "referrals", ["case_id"])
    op.create_index("ix_referrals_result", "referrals", ["result"])
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("interpreter", sa.Text(), nullable=False),
        sa.Column("hidden_from_household", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_contacts_case_id_cases", ondelete="CASCADE"),
    )
    op.create_index("ix_contacts_case_id_at", "contacts", ["case_id", "at"])
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_follow_ups"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_follow_ups_case_id_cases", ondelete="CASCADE"),
    )
    op.create_index("ix_follow_ups_case_id", "follow_ups", ["case_id"])
    op.create_index("ix_follow_ups_done_on_due_on", "follow_ups", ["done_on", "due_on"])
    op.create_table(
        "skipped_phases",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "phase", name="pk_skipped_phases"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_skipped_phases_case_id_cases", ondelete="CASCADE"),
    )
    op.create_table(
        "remembered_offers",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("remembered_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "offer_id", name="pk_remembered_offers"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name="fk_remembered_offers_case_id_cases", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "drafts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_drafts"),
    )


def _drop_cases() -> None:
    for table in (
        "drafts",
        "remembered_offers",
        "skipped_phases",
        "follow_ups",
        "contacts",
        "referrals",
        "measures",
        "goals",
        "area_entries",
        "assessments",
        "case_members",
        "persons",
        "case_numbers",
        "cases",
    ):
        op.drop_table(table)
