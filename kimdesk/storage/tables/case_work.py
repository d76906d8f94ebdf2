"""Tables of working together, of the same shape as the records of `kimdesk.domain` (decision 003).

Every table hangs on a case or a person and goes with it. A release or a follow-up that another record names is no
foreign key there: the record stays readable when the other is gone.
"""

from __future__ import annotations

import sqlalchemy as sa

from kimdesk.domain.vocabulary import AccessPath, LegalDomain, LifeArea, ResidenceStatus, Urgency
from kimdesk.domain.work_vocabulary import (
    Attendance,
    ChecklistKind,
    ChildProtectionStep,
    Complexity,
    ConferenceKind,
    ConferenceLevel,
    ConferenceState,
    ConsentForm,
    ConsentKind,
    DataCategory,
    HelperRole,
    InterpreterState,
    IssueKind,
    IssueState,
    ItemState,
    NotificationState,
    Rung,
)
from kimdesk.storage.tables.base import Identifier, Moment, Structure, TextList, WordList, Words, metadata
from kimdesk.storage.tables.cases import case_column

notifications = sa.Table(
    "notifications",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("case_id", Identifier(), sa.ForeignKey("cases.id", ondelete="CASCADE")),
    sa.Column("received_on", sa.Date, nullable=False),
    sa.Column("notifier", sa.Text, nullable=False),
    sa.Column("access_path", Words(AccessPath)),
    sa.Column("contact_person", sa.Text, nullable=False),
    sa.Column("contact_details", sa.Text, nullable=False),
    sa.Column("given_name", sa.Text, nullable=False),
    sa.Column("family_name", sa.Text, nullable=False),
    sa.Column("date_of_birth", sa.Date),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("commune", sa.Text, nullable=False),
    sa.Column("concern", sa.Text, nullable=False),
    sa.Column("complexity", WordList(Complexity), nullable=False),
    sa.Column("urgency", Words(Urgency), nullable=False),
    sa.Column("existing_helpers", sa.Text, nullable=False),
    sa.Column("person_knows", sa.Boolean, nullable=False),
    sa.Column("released_on", sa.Date),
    sa.Column("released_categories", WordList(DataCategory), nullable=False),
    sa.Column("state", Words(NotificationState), nullable=False),
    sa.Column("answer_due_on", sa.Date),
    sa.Column("answered_on", sa.Date),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Index("ix_notifications_case_id", "case_id"),
    sa.Index("ix_notifications_answered_on", "answered_on"),
)
"""Notifications of cases by other services, with a case once they are taken in."""

residence_periods = sa.Table(
    "residence_periods",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("person_id", Identifier(), sa.ForeignKey("persons.id", ondelete="CASCADE"), nullable=False),
    sa.Column("valid_from", sa.Date),
    sa.Column("residence_status", Words(ResidenceStatus)),
    sa.Column("residence_expires_on", sa.Date),
    sa.Column("legal_domain", Words(LegalDomain)),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("ix_residence_periods_person_id", "person_id"),
)
"""The history of residence status and benefits of each person."""

helpers = sa.Table(
    "helpers",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", Words(HelperRole), nullable=False),
    sa.Column("legal_domain", Words(LegalDomain)),
    sa.Column("contact_person", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("since", sa.Date),
    sa.Column("until", sa.Date),
    sa.Column("leads", sa.Boolean, nullable=False),
    sa.Column("division_of_labour", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("ix_helpers_case_id", "case_id"),
)
"""Who else helps in a case."""

interpreter_bookings = sa.Table(
    "interpreter_bookings",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("occasion", sa.Text, nullable=False),
    sa.Column("state", Words(InterpreterState), nullable=False),
    sa.Column("minutes", sa.Integer),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("ix_interpreter_bookings_case_id", "case_id"),
)
"""Interpreters booked, whether they came and for how long."""

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("person_id", Identifier(), sa.ForeignKey("persons.id", ondelete="SET NULL")),
    sa.Column("kind", Words(ConsentKind), nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("categories", WordList(DataCategory), nullable=False),
    sa.Column("given_on", sa.Date, nullable=False),
    sa.Column("expires_on", sa.Date),
    sa.Column("withdrawn_on", sa.Date),
    sa.Column("form", Words(ConsentForm), nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("interpreter", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("ix_consents_case_id", "case_id"),
    sa.Index("ix_consents_expires_on", "expires_on"),
    sa.Index("ix_consents_person_id", "person_id"),
)
"""Consents and releases from secrecy, one per recipient."""

child_protection_notes = sa.Table(
    "child_protection_notes",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("noted_on", sa.Date, nullable=False),
    sa.Column("step", Words(ChildProtectionStep), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("involved", sa.Text, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("next_on", sa.Date),
    sa.Index("ix_child_protection_notes_case_id", "case_id"),
)
"""Notes on the path of § 8a SGB VIII."""

conferences = sa.Table(
    "conferences",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("kind", Words(ConferenceKind), nullable=False),
    sa.Column("level", Words(ConferenceLevel), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("led_by", sa.Text, nullable=False),
    sa.Column("occasion", sa.Text, nullable=False),
    sa.Column("anonymised", sa.Boolean, nullable=False),
    sa.Column("client_takes_part", sa.Boolean, nullable=False),
    sa.Column("interpreter", sa.Text, nullable=False),
    sa.Column("agenda", TextList(), nullable=False),
    sa.Column("invited_on", sa.Date),
    sa.Column("state", Words(ConferenceState), nullable=False),
    sa.Column("minutes", sa.Text, nullable=False),
    sa.Column("agreements", TextList(), nullable=False),
    sa.Index("ix_conferences_case_id", "case_id"),
    sa.Index("ix_conferences_state_at", "state", "at"),
)
"""Case conferences, help plan meetings and discussions with authorities."""


def _conference_column() -> sa.Column[object]:
    return sa.Column("conference_id", Identifier(), sa.ForeignKey("conferences.id", ondelete="CASCADE"), nullable=False)


invitees = sa.Table(
    "invitees",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    _conference_column(),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("consent_id", Identifier()),
    sa.Column("attendance", Words(Attendance), nullable=False),
    sa.Index("ix_invitees_conference_id", "conference_id"),
)
"""Who is invited to a conference, in the order shown."""

conference_tasks = sa.Table(
    "conference_tasks",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    _conference_column(),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("responsible", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("follow_up_id", Identifier()),
    sa.Index("ix_conference_tasks_conference_id", "conference_id"),
)
"""The tasks of a conference, in the order shown."""

structural_issues = sa.Table(
    "structural_issues",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("kind", Words(IssueKind), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("proposal", sa.Text, nullable=False),
    sa.Column("life_area", Words(LifeArea)),
    sa.Column("legal_domain", Words(LegalDomain)),
    sa.Column("commune", sa.Text, nullable=False),
    sa.Column("urgency", Words(Urgency), nullable=False),
    sa.Column("noticed_on", sa.Date, nullable=False),
    sa.Column("rung", Words(Rung), nullable=False),
    sa.Column("state", Words(IssueState), nullable=False),
    sa.Column("review_on", sa.Date),
)
"""Structural issues and offer gaps; they hold no personal data and stay when a case is erased."""


def _issue_column(*, primary_key: bool = False) -> sa.Column[object]:
    return sa.Column(
        "issue_id",
        Identifier(),
        sa.ForeignKey("structural_issues.id", ondelete="CASCADE"),
        nullable=False,
        primary_key=primary_key,
    )


issue_cases = sa.Table(
    "issue_cases",
    metadata,
    _issue_column(primary_key=True),
    case_column(primary_key=True),
    sa.Index("ix_issue_cases_case_id", "case_id"),
)
"""The cases an issue was seen in. The link goes with the case."""

issue_steps = sa.Table(
    "issue_steps",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    _issue_column(),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("moved_on", sa.Date, nullable=False),
    sa.Column("rung", Words(Rung), nullable=False),
    sa.Column("state", Words(IssueState), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("ix_issue_steps_issue_id", "issue_id"),
)
"""The way of an issue up the ladder."""

issue_releases = sa.Table(
    "issue_releases",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    _issue_column(),
    sa.Column("seen_at", Moment(), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("sent_at", Moment()),
    sa.Index("ix_issue_releases_issue_id", "issue_id"),
)
"""Texts of issues the user saw and let go, word for word."""

checklists = sa.Table(
    "checklists",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("person_id", Identifier(), sa.ForeignKey("persons.id", ondelete="CASCADE"), nullable=False),
    sa.Column("kind", Words(ChecklistKind), nullable=False),
    sa.Column("begun_on", sa.Date, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("ix_checklists_case_id", "case_id"),
    sa.Index("ix_checklists_person_id", "person_id"),
)
"""Checklists of Baustein 3, one per person and law."""

checklist_entries = sa.Table(
    "checklist_entries",
    metadata,
    sa.Column("checklist_id", Identifier(), sa.ForeignKey("checklists.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("state", Words(ItemState)),
    sa.Column("proof", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
"""What is known about the items of a checklist."""

plan_versions = sa.Table(
    "plan_versions",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("agreed_on", sa.Date, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("client_contribution", sa.Text, nullable=False),
    sa.Column("review_on", sa.Date),
    sa.Column("signed_by_client_on", sa.Date),
    sa.Column("signed_by_case_manager_on", sa.Date),
    sa.Column("signature_note", sa.Text, nullable=False),
    sa.Column("goals", Structure(), nullable=False),
    sa.Column("measures", Structure(), nullable=False),
    sa.Index("ix_plan_versions_case_id", "case_id"),
)
"""The plan as it was agreed each time; goals and measures of that day as lists of JSON objects."""
