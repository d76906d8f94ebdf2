"""What the phases of case work record beyond the first thread.

A migration imports no project code, because it must still run when the project has moved on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema to this version."""
    _extend_records()
    _create_notifications()
    _create_people()
    _create_conferences()
    _create_issues()
    _create_checklists()
    _create_plan_versions()
    _begin_histories()


def downgrade() -> None:
    """Change the schema back to the version before."""
    _drop_plan_versions()
    _drop_checklists()
    _drop_issues()
    _drop_conferences()
    _drop_people()
    _drop_notifications()
    _shorten_records()


def _extend_records() -> None:
    op.add_column("goals", sa.Column("parent_id", sa.Uuid()))
    for name in ("requested_on", "started_on", "ended_on"):
        op.add_column("measures", sa.Column(name, sa.Date()))
    op.add_column("referrals", sa.Column("kind", sa.Text(), nullable=False, server_default="referral"))
    op.add_column("referrals", sa.Column("consent_id", sa.Uuid()))
    op.add_column("referrals", sa.Column("shared", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("referrals", sa.Column("reminded_on", sa.Date()))


def _shorten_records() -> None:
    for table, names in (
        ("referrals", ("reminded_on", "shared", "consent_id", "kind")),
        ("measures", ("ended_on", "started_on", "requested_on")),
        ("goals", ("parent_id",)),
    ):
        for name in names:
            op.drop_column(table, name)


def _begin_histories() -> None:
    """The status a person has today becomes the first entry of the history, with no day it began on."""
    op.execute(
        "INSERT INTO residence_periods (id, person_id, residence_status, residence_expires_on, note) "
        "SELECT lower(hex(randomblob(16))), id, residence_status, residence_expires_on, '' FROM persons "
        "WHERE residence_status IS NOT NULL OR residence_expires_on IS NOT NULL"
    )


def _create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("notifier", sa.Text(), nullable=False),
        sa.Column("access_path", sa.Text(), nullable=True),
        sa.Column("contact_person", sa.Text(), nullable=False),
        sa.Column("contact_details", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("concern", sa.Text(), nullable=False),
        sa.Column("complexity", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("existing_helpers", sa.Text(), nullable=False),
        sa.Column("person_knows", sa.Boolean(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("released_categories", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notifications_case_id_cases", ondelete="CASCADE"),
    )
    op.create_index("ix_notifications_answered_on", "notifications", ["answered_on"])
    op.create_index("ix_notifications_case_id", "notifications", ["case_id"])


def _drop_notifications() -> None:
    op.drop_index("ix_notifications_answered_on", table_name="notifications")
    op.drop_index("ix_notifications_case_id", table_name="notifications")
    op.drop_table("notifications")


def _create_people() -> None:
    op.create_table(
        "residence_periods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("residence_status", sa.Text(), nullable=True),
        sa.Column("residence_expires_on", sa.Date(), nullable=True),
        sa.Column("legal_domain", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_residence_periods"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name="fk_residence_periods_person_id_persons", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_residence_periods_person_id", "residence_periods", ["person_id"])
    op.create_table(
        "helpers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("legal_domain", sa.Text(), nullable=True),
        sa.Column("contact_person", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("division_of_labour", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_helpers"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_helpers_case_id_cases", ondelete="CASCADE"),
    )
    op.create_index("ix_helpers_case_id", "helpers", ["case_id"])
    op.create_table(
        "interpreter_bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_interpreter_bookings"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name="fk_interpreter_bookings_case_id_cases", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_interpreter_bookings_case_id", "interpreter_bookings", ["case_id"])
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("interpreter", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_consents_case_id_cases", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name="fk_consents_person_id_persons", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_consents_case_id", "consents", ["case_id"])
    op.create_index("ix_consents_expires_on", "consents", ["expires_on"])
    op.create_index("ix_consents_person_id", "consents", ["person_id"])
    op.create_table(
        "child_protection_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("involved", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_child_protection_notes"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name="fk_child_protection_notes_case_id_cases", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_child_protection_notes_case_id", "child_protection_notes", ["case_id"])


def _drop_people() -> None:
    op.drop_index("ix_child_protection_notes_case_id", table_name="child_protection_notes")
    op.drop_table("child_protection_notes")
    op.drop_index("ix_consents_case_id", table_name="consents")
    op.drop_index("ix_consents_expires_on", table_name="consents")
    op.drop_index("ix_consents_person_id", table_name="consents")
    op.drop_table("consents")
    op.drop_index("ix_interpreter_bookings_case_id", table_name="interpreter_bookings")
    op.drop_table("interpreter_bookings")
    op.drop_index("ix_helpers_case_id", table_name="helpers")
    op.drop_table("helpers")
    op.drop_index("ix_residence_periods_person_id", table_name="residence_periods")
    op.drop_table("residence_periods")


def _create_conferences() -> None:
    op.create_table(
        "conferences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("led_by", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("anonymised", sa.Boolean(), nullable=False),
        sa.Column("client_takes_part", sa.Boolean(), nullable=False),
        sa.Column("interpreter", sa.Text(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("agreements", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conferences"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_conferences_case_id_cases", ondelete="CASCADE"),
    )
    op.create_index("ix_conferences_case_id", "conferences", ["case_id"])
    op.create_index("ix_conferences_state_at", "conferences", ["state", "at"])
    op.create_table(
        "invitees",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conference_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("attendance", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitees"),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conferences.id"], name="fk_invitees_conference_id_conferences", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_invitees_conference_id", "invitees", ["conference_id"])
    op.create_table(
        "conference_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conference_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("follow_up_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conference_tasks"),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["conferences.id"],
            name="fk_conference_tasks_conference_id_conferences",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_conference_tasks_conference_id", "conference_tasks", ["conference_id"])


def _drop_conferences() -> None:
    op.drop_index("ix_conference_tasks_conference_id", table_name="conference_tasks")
    op.drop_table("conference_tasks")
    op.drop_index("ix_invitees_conference_id", table_name="invitees")
    op.drop_table("invitees")
    op.drop_index("ix_conferences_case_id", table_name="conferences")
    op.drop_index("ix_conferences_state_at", table_name="conferences")
    op.drop_table("conferences")


def _create_issues() -> None:
    op.create_table(
        "structural_issues",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("life_area", sa.Text(), nullable=True),
        sa.Column("legal_domain", sa.Text(), nullable=True),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_structural_issues"),
    )
    op.create_table(
        "issue_cases",
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("issue_id", "case_id", name="pk_issue_cases"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_issue_cases_case_id_cases", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["structural_issues.id"], name="fk_issue_cases_issue_id_structural_issues", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_issue_cases_case_id", "issue_cases", ["case_id"])
    op.create_table(
        "issue_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_issue_steps"),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["structural_issues.id"], name="fk_issue_steps_issue_id_structural_issues", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_issue_steps_issue_id", "issue_steps", ["issue_id"])
    op.create_table(
        "issue_releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_issue_releases"),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["structural_issues.id"],
            name="fk_issue_releases_issue_id_structural_issues",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_issue_releases_issue_id", "issue_releases", ["issue_id"])


def _drop_issues() -> None:
    op.drop_index("ix_issue_releases_issue_id", table_name="issue_releases")
    op.drop_table("issue_releases")
    op.drop_index("ix_issue_steps_issue_id", table_name="issue_steps")
    op.drop_table("issue_steps")
    op.drop_index("ix_issue_cases_case_id", table_name="issue_cases")
    op.drop_table("issue_cases")
    op.drop_table("structural_issues")


def _create_checklists() -> None:
    op.create_table(
        "checklists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checklists"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_checklists_case_id_cases", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name="fk_checklists_person_id_persons", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_checklists_case_id", "checklists", ["case_id"])
    op.create_index("ix_checklists_person_id", "checklists", ["person_id"])
    op.create_table(
        "checklist_entries",
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("checklist_id", "item", name="pk_checklist_entries"),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklists.id"], name="fk_checklist_entries_checklist_id_checklists", ondelete="CASCADE"
        ),
    )


def _drop_checklists() -> None:
    op.drop_table("checklist_entries")
    op.drop_index("ix_checklists_case_id", table_name="checklists")
    op.drop_index("ix_checklists_person_id", table_name="checklists")
    op.drop_table("checklists")


def _create_plan_versions() -> None:
    op.create_table(
        "plan_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("client_contribution", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("signed_by_client_on", sa.Date(), nullable=True),
        sa.Column("signed_by_case_manager_on", sa.Date(), nullable=True),
        sa.Column("signature_note", sa.Text(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan_versions"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_plan_versions_case_id_cases", ondelete="CASCADE"),
    )
    op.create_index("ix_plan_versions_case_id", "plan_versions", ["case_id"])


def _drop_plan_versions() -> None:
    op.drop_index("ix_plan_versions_case_id", table_name="plan_versions")
    op.drop_table("plan_versions")
