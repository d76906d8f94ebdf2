"""Whole case files in the vault: reading one, writing its parts. Functions take the connection of a unit of work."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
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
from kimdesk.storage.case_records import (
    Prepared,
    columns_of,
    insert_all,
    prepared,
    record_of,
    save,
    shared_names,
    values_of,
    wanted_id,
)
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


_ROWID = sa.text("rowid")
_CASE = prepared(Case, cases, sa.select(*columns_of(Case, cases)).where(wanted_id(cases.c.id)))
_MEMBERS = prepared(
    Person,
    persons,
    sa.select(case_members.c.relation, *columns_of(Person, persons))
    .join(persons, persons.c.id == case_members.c.person_id)
    .where(wanted_id(case_members.c.case_id))
    .order_by(case_members.c.position),
)
_ASSESSMENTS = prepared(Assessment, assessments, None, assessments.c.held_on, _ROWID)
_ENTRIES = prepared(
    AreaEntry,
    area_entries,
    sa.select(area_entries.c.assessment_id, *columns_of(AreaEntry, area_entries))
    .join(assessments, assessments.c.id == area_entries.c.assessment_id)
    .where(wanted_id(assessments.c.case_id))
    .order_by(area_entries.c.position),
)
_GOALS = prepared(Goal, goals, None, goals.c.position, _ROWID)
_MEASURES = prepared(Measure, measures, None, measures.c.due_on.nulls_last(), _ROWID)
_REFERRALS = prepared(Referral, referrals, None, referrals.c.sent_on.desc(), _ROWID)
_CONTACTS = prepared(Contact, contacts, None, contacts.c.at.desc(), _ROWID)
_FOLLOW_UPS = prepared(FollowUp, follow_ups, None, follow_ups.c.due_on, _ROWID)
_SKIPPED = prepared(SkippedPhase, skipped_phases, None, _ROWID)
_REMEMBERED = Prepared(
    sa.select(remembered_offers.c.offer_id)
    .where(wanted_id(remembered_offers.c.case_id))
    .order_by(remembered_offers.c.remembered_at, _ROWID),
    UUID,
    (),
)


def case_of(connection: sa.Connection, case_id: UUID) -> Case:
    """Return the case itself. Raises `CaseNotFound`."""
    found = _CASE.records(connection, case_id)
    if not found:
        raise CaseNotFound()
    return found[0]


def file_of(connection: sa.Connection, case_id: UUID) -> StoredFile:
    """Return every record of a case, lists in the order a reader needs them. Raises `CaseNotFound`."""
    return StoredFile(
        case=case_of(connection, case_id),
        members=members_of(connection, case_id),
        assessments=_assessments_of(connection, case_id),
        goals=_GOALS.records(connection, case_id),
        measures=_MEASURES.records(connection, case_id),
        referrals=_REFERRALS.records(connection, case_id),
        contacts=_CONTACTS.records(connection, case_id),
        follow_ups=_FOLLOW_UPS.records(connection, case_id),
        skipped=_SKIPPED.records(connection, case_id),
        remembered_offers=tuple(offer_id for (offer_id,) in _REMEMBERED.rows(connection, case_id)),
    )


def members_of(connection: sa.Connection, case_id: UUID) -> tuple[Member, ...]:
    """Return the household in its order."""
    rows = _MEMBERS.rows(connection, case_id)
    return tuple(Member(person=_MEMBERS.record(row), relation=row[0]) for row in rows)


def _assessments_of(connection: sa.Connection, case_id: UUID) -> tuple[Assessment, ...]:
    rows = _ASSESSMENTS.rows(connection, case_id)
    if not rows:
        return ()
    entries: dict[UUID, list[AreaEntry]] = {}
    for row in _ENTRIES.rows(connection, case_id):
        entries.setdefault(row[0], []).append(_ENTRIES.record(row))
    place = shared_names(Assessment, assessments).index("id")
    return tuple(_ASSESSMENTS.record(row, entries=tuple(entries.get(row[place], ()))) for row in rows)


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
