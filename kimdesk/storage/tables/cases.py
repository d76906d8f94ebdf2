"""Case files: one table per record of `kimdesk.domain.records`, of the same shape (decision 003).

A column has the name of the record's field, so that `kimdesk.storage.case_records` needs no mapping by hand. What a
record does not know (record key, folded names, positions) stands in further columns.
"""

from __future__ import annotations

import sqlalchemy as sa

from kimdesk.domain.vocabulary import (
    AccessLevel,
    AccessPath,
    Actor,
    ClosureReason,
    ContactKind,
    Gender,
    GoalLevel,
    GoalState,
    IntakeOutcome,
    LegalDomain,
    LifeArea,
    MeasureState,
    Phase,
    Place,
    ReassessmentTrigger,
    ReferralResult,
    Relation,
    ResidenceStatus,
    Urgency,
)
from kimdesk.domain.work_vocabulary import ReferralKind, SharedField
from kimdesk.storage.tables.base import Identifier, Moment, Structure, TextList, WordList, Words, metadata

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("record_key", sa.LargeBinary, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("commune", sa.Text, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("access_level", Words(AccessLevel), nullable=False),
    sa.Column("access_path", Words(AccessPath)),
    sa.Column("notifier", sa.Text, nullable=False),
    sa.Column("intake_on", sa.Date),
    sa.Column("place", Words(Place)),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("interpreter", sa.Text, nullable=False),
    sa.Column("concern", sa.Text, nullable=False),
    sa.Column("urgency", Words(Urgency), nullable=False),
    sa.Column("existing_helpers", sa.Text, nullable=False),
    sa.Column("consent_on", sa.Date),
    sa.Column("safe_contact", sa.Text, nullable=False),
    sa.Column("address_protected", sa.Boolean, nullable=False),
    sa.Column("outcome", Words(IntakeOutcome)),
    sa.Column("agreed_on", sa.Date),
    sa.Column("agreement_language", sa.Text, nullable=False),
    sa.Column("client_contribution", sa.Text, nullable=False),
    sa.Column("review_on", sa.Date),
    sa.Column("closed_on", sa.Date),
    sa.Column("closure_reason", Words(ClosureReason)),
    sa.Column("closure_note", sa.Text, nullable=False),
    sa.Column("remaining_needs", sa.Text, nullable=False),
    sa.Column("client_feedback", sa.Text, nullable=False),
    sa.Column("delete_after", sa.Date),
    sa.Column("leads", sa.Boolean, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Index("ix_cases_closed_on", "closed_on"),
    sa.Index("ix_cases_number", "number"),
    # All a list of open cases reads, in one place: the file's other cases and its long texts stay on the disk.
    sa.Index(
        "ix_cases_open",
        *("closed_on", "id", "number", "commune", "urgency", "language", "opened_on", "outcome", "intake_on"),
        *("consent_on", "agreed_on", "review_on"),
        sqlite_where=sa.text("closed_on IS NULL"),
    ),
)
"""One row per case; `record_key` holds the 16 random bytes of the cell-key method and never leaves storage."""

case_numbers = sa.Table(
    "case_numbers",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.Integer, nullable=False),
)
"""The last running number given in a year, so that a number is never given twice."""

persons = sa.Table(
    "persons",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("folded_name", sa.Text, nullable=False),
    sa.Column("given_name", sa.Text, nullable=False),
    sa.Column("family_name", sa.Text, nullable=False),
    sa.Column("spoken_name", sa.Text, nullable=False),
    sa.Column("date_of_birth", sa.Date),
    sa.Column("gender", Words(Gender)),
    sa.Column("nationality", sa.Text, nullable=False),
    sa.Column("languages", TextList(), nullable=False),
    sa.Column("entered_germany_on", sa.Date),
    sa.Column("residence_status", Words(ResidenceStatus)),
    sa.Column("residence_expires_on", sa.Date),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Index("ix_persons_residence_expires_on", "residence_expires_on"),
)
"""One row per person, who may belong to several cases; `folded_name` is what a search looks at."""


def case_column(*, primary_key: bool = False) -> sa.Column[object]:
    """Return the column that ties a record to its case and goes with it."""
    return sa.Column(
        "case_id", Identifier(), sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, primary_key=primary_key
    )


case_members = sa.Table(
    "case_members",
    metadata,
    case_column(primary_key=True),
    sa.Column("person_id", Identifier(), sa.ForeignKey("persons.id"), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("relation", Words(Relation), nullable=False),
    sa.Index("ix_case_members_person_id", "person_id"),
)
"""Who belongs to a case, in the order shown."""

assessments = sa.Table(
    "assessments",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("held_on", sa.Date, nullable=False),
    sa.Column("trigger", Words(ReassessmentTrigger)),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("ix_assessments_case_id", "case_id"),
)
"""Assessments, and reassessments where there is a trigger."""

area_entries = sa.Table(
    "area_entries",
    metadata,
    sa.Column("assessment_id", Identifier(), sa.ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("life_area", Words(LifeArea), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("resources", sa.Text, nullable=False),
    sa.Column("situation", sa.Text, nullable=False),
    sa.Column("need", sa.Text, nullable=False),
    sa.Column("client_view", sa.Text, nullable=False),
    sa.Column("proof", sa.Text, nullable=False),
    sa.Column("urgency", Words(Urgency)),
    sa.Column("scale", sa.Integer),
)
"""The life areas of an assessment, in the order shown."""

goals = sa.Table(
    "goals",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("level", Words(GoalLevel), nullable=False),
    sa.Column("life_area", Words(LifeArea)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("measured_by", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("state", Words(GoalState), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("parent_id", Identifier()),
    sa.Index("ix_goals_case_id", "case_id"),
)
"""The goals of the integration plan. `parent_id` is no foreign key: the service clears it when a goal goes."""

measures = sa.Table(
    "measures",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("goal_id", Identifier(), sa.ForeignKey("goals.id", ondelete="SET NULL")),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("actor", Words(Actor), nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("offer_id", Identifier()),
    sa.Column("legal_domain", Words(LegalDomain)),
    sa.Column("due_on", sa.Date),
    sa.Column("state", Words(MeasureState), nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("obstacle", sa.Text, nullable=False),
    sa.Column("requested_on", sa.Date),
    sa.Column("started_on", sa.Date),
    sa.Column("ended_on", sa.Date),
    sa.Index("ix_measures_case_id", "case_id"),
    sa.Index("ix_measures_goal_id", "goal_id"),
)
"""Steps towards goals. `offer_id` is no foreign key: the directory is replaced by imports, the plan stays."""

referrals = sa.Table(
    "referrals",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("receiver", sa.Text, nullable=False),
    sa.Column("legal_domain", Words(LegalDomain)),
    sa.Column("offer_id", Identifier()),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("release_basis", sa.Text, nullable=False),
    sa.Column("sent_on", sa.Date, nullable=False),
    sa.Column("contact_person", sa.Text, nullable=False),
    sa.Column("appointment_on", sa.Date),
    sa.Column("answer_due_on", sa.Date),
    sa.Column("result", Words(ReferralResult), nullable=False),
    sa.Column("answered_on", sa.Date),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("we_stay_lead", sa.Boolean, nullable=False),
    sa.Column("kind", Words(ReferralKind), nullable=False, server_default="referral"),
    sa.Column("consent_id", Identifier()),
    sa.Column("shared", WordList(SharedField), nullable=False, server_default="[]"),
    sa.Column("reminded_on", sa.Date),
    sa.Index("ix_referrals_case_id", "case_id"),
    sa.Index("ix_referrals_result", "result"),
)
"""Referrals to other services and what came of them."""

contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    case_column(),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("kind", Words(ContactKind), nullable=False),
    sa.Column("partner", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("minutes", sa.Integer),
    sa.Column("interpreter", sa.Text, nullable=False),
    sa.Column("hidden_from_household", sa.Boolean, nullable=False),
    sa.Index("ix_contacts_case_id_at", "case_id", "at"),
)
"""The running record."""

follow_ups = sa.Table(
    "follow_ups",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("case_id", Identifier(), sa.ForeignKey("cases.id", ondelete="CASCADE")),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("done_on", sa.Date),
    sa.Index("ix_follow_ups_case_id", "case_id"),
    sa.Index("ix_follow_ups_done_on_due_on", "done_on", "due_on"),
)
"""Dates to look at something again, with or without a case."""

skipped_phases = sa.Table(
    "skipped_phases",
    metadata,
    case_column(primary_key=True),
    sa.Column("phase", Words(Phase), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
)
"""Phases left out on purpose."""

remembered_offers = sa.Table(
    "remembered_offers",
    metadata,
    case_column(primary_key=True),
    sa.Column("offer_id", Identifier(), primary_key=True),
    sa.Column("remembered_at", Moment(), nullable=False),
)
"""Offers kept for a case."""

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("data", Structure(), nullable=False),
    sa.Column("saved_at", Moment(), nullable=False),
)
"""Half-filled forms by the key of their form."""
