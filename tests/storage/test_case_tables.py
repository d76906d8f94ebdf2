"""Records and tables have the same shape, and an older vault's data come along."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from kimdesk.domain import checklists, conferences, issues, network, plan_versions, records
from kimdesk.domain.vocabulary import ResidenceStatus
from kimdesk.storage import Vault
from kimdesk.storage.schema import SCHEMA
from kimdesk.storage.tables import case_work
from kimdesk.storage.tables import cases as tables


@pytest.mark.parametrize(
    ("record", "table", "elsewhere"),
    [
        (records.Case, tables.cases, set()),
        (records.Person, tables.persons, set()),
        (records.Assessment, tables.assessments, {"entries"}),
        (records.AreaEntry, tables.area_entries, set()),
        (records.Goal, tables.goals, set()),
        (records.Measure, tables.measures, set()),
        (records.Referral, tables.referrals, set()),
        (records.Contact, tables.contacts, set()),
        (records.FollowUp, tables.follow_ups, set()),
        (records.SkippedPhase, tables.skipped_phases, set()),
        (network.Notification, case_work.notifications, set()),
        (network.ResidencePeriod, case_work.residence_periods, set()),
        (network.Helper, case_work.helpers, set()),
        (network.InterpreterBooking, case_work.interpreter_bookings, set()),
        (network.Consent, case_work.consents, set()),
        (network.ChildProtectionNote, case_work.child_protection_notes, set()),
        (conferences.Conference, case_work.conferences, {"invitees", "tasks"}),
        (conferences.Invitee, case_work.invitees, set()),
        (conferences.ConferenceTask, case_work.conference_tasks, set()),
        (issues.StructuralIssue, case_work.structural_issues, {"steps", "case_ids"}),
        (issues.IssueStep, case_work.issue_steps, set()),
        (issues.IssueRelease, case_work.issue_releases, set()),
        (checklists.Checklist, case_work.checklists, {"entries"}),
        (checklists.ItemEntry, case_work.checklist_entries, set()),
        (plan_versions.PlanVersion, case_work.plan_versions, set()),
    ],
)
def test_every_field_of_a_record_has_its_column(record: type[Any], table: sa.Table, elsewhere: set[str]) -> None:
    assert {field.name for field in fields(record)} - set(table.c.keys()) == elsewhere


def test_the_status_of_an_older_vault_begins_the_history(vault: Vault) -> None:
    SCHEMA.migrate(vault.engine, "0002", down=True)
    with_status, without = uuid4().hex, uuid4().hex
    with vault.engine.begin() as connection:
        for person, status in ((with_status, "toleration"), (without, None)):
            connection.exec_driver_sql(
                "INSERT INTO persons (id, folded_name, given_name, family_name, spoken_name, nationality, languages, "
                "residence_status, residence_expires_on, phone, email, address) "
                "VALUES (?, '', '', '', '', '', '[]', ?, ?, '', '', '')",
                (person, status, "2027-03-31" if status else None),
            )
    SCHEMA.migrate(vault.engine)
    with vault.reader() as connection:
        (period,) = connection.execute(sa.select(case_work.residence_periods)).all()
    assert period.person_id.hex == with_status
    assert period.residence_status is ResidenceStatus.TOLERATION
    assert (period.valid_from, period.residence_expires_on) == (None, date(2027, 3, 31))
