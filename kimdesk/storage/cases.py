"""Whole case files in the vault: reading one, writing its parts. Functions take the connection of a unit of work."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from kimdesk.domain.errors import CaseNotFound
from kimdesk.domain.records import (
    AreaEntry,
    Assessment,
    Case,
    Contact,
    FollowUp,
    Goal,
    Measure,
    Member,
    Person,
    Referral,
    SkippedPhase,
)
from kimdesk.offers.folding import fold
from kimdesk.storage.case_records import columns_of, insert_all, record_of, records, save, values_of
from kimdesk.storage.tables.cases import (
    area_entries,
    assessments,
    case_members,
    case_numbers,
    cases,
    contacts,
    follow_ups,
    goals,
    measures,
    persons,
    referrals,
    remembered_offers,
    skipped_phases,
)

RECORD_KEY_BYTES = 16
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """Every record of a case file."""

    case: Case
    members: tuple[Member, ...]
    assessments: tuple[Assessment, ...]
    goals: tuple[Goal, ...]
    measures: tuple[Measure, ...]
    referrals: tuple[Referral, ...]
    contacts: tuple[Contact, ...]
    follow_ups: tuple[FollowUp, ...]
    skipped: tuple[SkippedPhase, ...]
    remembered_offers: tuple[UUID, ...]


# --- reading ----------------------------------------------------------------------------------------------------------


def case_of(connection: sa.Connection, case_id: UUID) -> Case:
    """Return the case itself. Raises `CaseNotFound`."""
    row = connection.execute(sa.select(*columns_of(Case, cases)).where(cases.c.id == case_id)).one_or_none()
    if row is None:
        raise CaseNotFound()
    return record_of(Case, cases, row)


def file_of(connection: sa.Connection, case_id: UUID) -> StoredFile:
    """Return every record of a case, lists in the order a reader needs them. Raises `CaseNotFound`."""
    case = case_of(connection, case_id)
    remembered = sa.select(remembered_offers.c.offer_id).where(remembered_offers.c.case_id == case_id)
    return StoredFile(
        case=case,
        members=members_of(connection, case_id),
        assessments=_assessments_of(connection, case_id),
        goals=_children(connection, Goal, goals, case_id, goals.c.position),
        measures=_children(connection, Measure, measures, case_id, measures.c.due_on.nulls_last()),
        referrals=_children(connection, Referral, referrals, case_id, referrals.c.sent_on.desc()),
        contacts=_children(connection, Contact, contacts, case_id, contacts.c.at.desc()),
        follow_ups=_children(connection, FollowUp, follow_ups, case_id, follow_ups.c.due_on),
        skipped=_children(connection, SkippedPhase, skipped_phases, case_id),
        remembered_offers=tuple(
            connection.execute(remembered.order_by(remembered_offers.c.remembered_at, sa.text("rowid"))).scalars()
        ),
    )


def members_of(connection: sa.Connection, case_id: UUID) -> tuple[Member, ...]:
    """Return the household in its order."""
    rows = connection.execute(
        sa.select(case_members.c.relation, *columns_of(Person, persons))
        .join(persons, persons.c.id == case_members.c.person_id)
        .where(case_members.c.case_id == case_id)
        .order_by(case_members.c.position)
    )
    return tuple(Member(person=record_of(Person, persons, row[1:]), relation=row[0]) for row in rows)


def _children(
    connection: sa.Connection, kind: type[T], table: sa.Table, case_id: UUID, *order: sa.ColumnElement[Any]
) -> tuple[T, ...]:
    statement = sa.select(*columns_of(kind, table)).where(table.c.case_id == case_id)
    return records(connection, kind, table, statement.order_by(*order, sa.text("rowid")))


def _assessments_of(connection: sa.Connection, case_id: UUID) -> tuple[Assessment, ...]:
    rows = connection.execute(
        sa.select(*columns_of(Assessment, assessments))
        .where(assessments.c.case_id == case_id)
        .order_by(assessments.c.held_on, sa.text("rowid"))
    ).all()
    entries: dict[UUID, list[AreaEntry]] = {}
    found = connection.execute(
        sa.select(area_entries.c.assessment_id, *columns_of(AreaEntry, area_entries))
        .join(assessments, assessments.c.id == area_entries.c.assessment_id)
        .where(assessments.c.case_id == case_id)
        .order_by(area_entries.c.position)
    )
    for row in found:
        entries.setdefault(row[0], []).append(record_of(AreaEntry, area_entries, row[1:]))
    return tuple(record_of(Assessment, assessments, row, entries=tuple(entries.get(row.id, ()))) for row in rows)


def record_by_id(connection: sa.Connection, kind: type[T], table: sa.Table, record_id: UUID) -> T | None:
    """Return one record of a child table, None if it is not there."""
    row = connection.execute(sa.select(*columns_of(kind, table)).where(table.c.id == record_id)).one_or_none()
    return None if row is None else record_of(kind, table, row)


# --- writing ----------------------------------------------------------------------------------------------------------


def next_number(connection: sa.Connection, year: int) -> str:
    """Return the next case number of `year`, such as "KIM-2026-014"; none is ever given twice."""
    statement = insert(case_numbers).values(year=year, last=1)
    statement = statement.on_conflict_do_update(index_elements=["year"], set_={"last": case_numbers.c.last + 1})
    last: int = connection.execute(statement.returning(case_numbers.c.last)).scalar_one()
    return f"KIM-{year}-{last:03d}"


def add_case(connection: sa.Connection, case: Case, members: Sequence[Member]) -> None:
    """Insert a new case with its household and a fresh record key."""
    key = secrets.token_bytes(RECORD_KEY_BYTES)
    connection.execute(cases.insert().values(**values_of(case, cases), record_key=key))
    put_members(connection, case.id, members)


def update_case(connection: sa.Connection, case: Case) -> None:
    """Write the fields of an existing case. Raises `CaseNotFound`."""
    statement = cases.update().where(cases.c.id == case.id).values(values_of(case, cases))
    if not connection.execute(statement).rowcount:
        raise CaseNotFound()


def count_revision(connection: sa.Connection, case_id: UUID) -> None:
    """Note that the file has changed once more."""
    connection.execute(cases.update().where(cases.c.id == case_id).values(revision=cases.c.revision + 1))


def folded_name(person: Person) -> str:
    """Return what a search for the person looks at."""
    return fold(person.name)


def put_members(connection: sa.Connection, case_id: UUID, members: Sequence[Member]) -> None:
    """Make `members` the household of the case. A person left in no case at all is deleted."""
    before = set(
        connection.execute(sa.select(case_members.c.person_id).where(case_members.c.case_id == case_id)).scalars()
    )
    for member in members:
        save(connection, persons, member.person, folded_name=folded_name(member.person))
    connection.execute(case_members.delete().where(case_members.c.case_id == case_id))
    insert_all(
        connection,
        case_members,
        (
            {"case_id": case_id, "person_id": member.person.id, "position": position, "relation": member.relation}
            for position, member in enumerate(members)
        ),
    )
    for person_id in before - {member.person.id for member in members}:
        elsewhere = sa.exists().where(case_members.c.person_id == person_id)
        connection.execute(persons.delete().where(persons.c.id == person_id, ~elsewhere))


def save_assessment(connection: sa.Connection, assessment: Assessment) -> bool:
    """Write an assessment with its entries; return whether it is new."""
    new = save(connection, assessments, assessment)
    connection.execute(area_entries.delete().where(area_entries.c.assessment_id == assessment.id))
    insert_all(
        connection,
        area_entries,
        (
            {**values_of(entry, area_entries), "assessment_id": assessment.id, "position": position}
            for position, entry in enumerate(assessment.entries)
        ),
    )
    return new


def put_skipped(connection: sa.Connection, skipped: SkippedPhase) -> None:
    """Note that a phase is left out, with its reason."""
    statement = insert(skipped_phases).values(values_of(skipped, skipped_phases))
    connection.execute(
        statement.on_conflict_do_update(index_elements=["case_id", "phase"], set_={"reason": statement.excluded.reason})
    )


def drop_skipped(connection: sa.Connection, skipped: SkippedPhase) -> bool:
    """Take a phase up again; return whether it had been left out."""
    table = skipped_phases
    where = (table.c.case_id == skipped.case_id) & (table.c.phase == skipped.phase)
    return connection.execute(table.delete().where(where)).rowcount > 0


def remember_offer(connection: sa.Connection, case_id: UUID, offer_id: UUID, at: datetime) -> bool:
    """Keep an offer for a case; return whether it was not kept yet."""
    statement = insert(remembered_offers).values(case_id=case_id, offer_id=offer_id, remembered_at=at)
    return connection.execute(statement.on_conflict_do_nothing()).rowcount > 0


def forget_offer(connection: sa.Connection, case_id: UUID, offer_id: UUID) -> bool:
    """Drop a kept offer; return whether there was one."""
    table = remembered_offers
    where = (table.c.case_id == case_id) & (table.c.offer_id == offer_id)
    return connection.execute(table.delete().where(where)).rowcount > 0
