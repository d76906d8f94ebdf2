"""Reading and writing the records around a case. Functions take the connection of a unit of work."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, get_args, get_type_hints
from uuid import UUID

import sqlalchemy as sa

from kimdesk.domain.case_work import CaseWork
from kimdesk.domain.checklists import Checklist, ItemEntry
from kimdesk.domain.conferences import Conference, ConferenceTask, Invitee
from kimdesk.domain.network import (
    ChildProtectionNote,
    Consent,
    Helper,
    InterpreterBooking,
    Notification,
    ResidencePeriod,
)
from kimdesk.domain.plan_versions import PlanVersion
from kimdesk.domain.records import Goal, Measure, new_id
from kimdesk.storage.case_records import (
    HasId,
    Prepared,
    columns_of,
    insert_all,
    prepared,
    record_of,
    records,
    save,
    values_of,
)
from kimdesk.storage.issues import issues_of
from kimdesk.storage.tables.case_work import (
    checklist_entries,
    checklists,
    child_protection_notes,
    conference_tasks,
    conferences,
    consents,
    helpers,
    interpreter_bookings,
    invitees,
    notifications,
    plan_versions,
    residence_periods,
)
from kimdesk.storage.tables.cases import case_members, persons

T = TypeVar("T")
_ROWID = sa.text("rowid")
_PREPARED: dict[type[Any], Prepared[Any]] = {}
_TABLE_OF: dict[type[Any], sa.Table] = {
    Notification: notifications,
    ResidencePeriod: residence_periods,
    Helper: helpers,
    InterpreterBooking: interpreter_bookings,
    Consent: consents,
    ChildProtectionNote: child_protection_notes,
    Checklist: checklists,
}


# --- reading ----------------------------------------------------------------------------------------------------------


def work_of(connection: sa.Connection, case_id: UUID) -> CaseWork:
    """Return the records around a case."""
    return CaseWork(
        notifications=_of_case(
            connection, Notification, notifications, case_id, notifications.c.received_on.desc(), _ROWID
        ),
        residence_periods=periods_of(connection, case_id),
        helpers=_of_case(connection, Helper, helpers, case_id, helpers.c.since, _ROWID),
        interpreter_bookings=_of_case(
            connection, InterpreterBooking, interpreter_bookings, case_id, interpreter_bookings.c.at.desc(), _ROWID
        ),
        consents=consents_of(connection, case_id),
        child_protection_notes=_of_case(
            connection,
            ChildProtectionNote,
            child_protection_notes,
            case_id,
            child_protection_notes.c.noted_on.desc(),
            sa.text("rowid DESC"),
        ),
        conferences=conferences_of(connection, case_id),
        issues=issues_of(connection, case_id),
        checklists=checklists_of(connection, case_id),
        plan_versions=versions_of(connection, case_id),
    )


def _of_case(
    connection: sa.Connection,
    kind: type[T],
    table: sa.Table,
    case_id: UUID,
    *order: sa.ColumnElement[Any] | sa.TextClause,
) -> tuple[T, ...]:
    select = _PREPARED.get(kind)
    if select is None:
        select = _PREPARED[kind] = prepared(kind, table, None, *order)
    return select.records(connection, case_id)


def consents_of(connection: sa.Connection, case_id: UUID) -> tuple[Consent, ...]:
    """Return the consents and releases of a case, the newest first."""
    return _of_case(connection, Consent, consents, case_id, consents.c.given_on.desc(), _ROWID)


def periods_of(connection: sa.Connection, case_id: UUID) -> tuple[ResidencePeriod, ...]:
    """Return the status histories of the persons of a case, each from the oldest to the newest."""
    statement = (
        sa.select(*columns_of(ResidencePeriod, residence_periods))
        .join(case_members, case_members.c.person_id == residence_periods.c.person_id)
        .where(case_members.c.case_id == case_id)
        .order_by(case_members.c.position, residence_periods.c.valid_from, residence_periods.c.id)
    )
    return records(connection, ResidencePeriod, residence_periods, statement)


def conferences_of(connection: sa.Connection, case_id: UUID) -> tuple[Conference, ...]:
    """Return the conferences of a case with invitees and tasks, the newest first."""
    return _conferences(connection, conferences.c.case_id == case_id)


def conference_of(connection: sa.Connection, conference_id: UUID) -> Conference | None:
    """Return one conference, None if it is not there."""
    found = _conferences(connection, conferences.c.id == conference_id)
    return found[0] if found else None


def _conferences(connection: sa.Connection, where: sa.ColumnElement[bool]) -> tuple[Conference, ...]:
    rows = connection.execute(
        sa.select(*columns_of(Conference, conferences)).where(where).order_by(conferences.c.at.desc(), _ROWID)
    ).all()
    if not rows:
        return ()
    ids = [row.id for row in rows]
    guests = _grouped(connection, Invitee, invitees, invitees.c.conference_id, ids)
    tasks = _grouped(connection, ConferenceTask, conference_tasks, conference_tasks.c.conference_id, ids)
    return tuple(
        record_of(Conference, conferences, row, invitees=guests.get(row.id, ()), tasks=tasks.get(row.id, ()))
        for row in rows
    )


def _grouped(
    connection: sa.Connection, kind: type[T], table: sa.Table, parent: sa.Column[Any], ids: Sequence[UUID]
) -> dict[UUID, tuple[T, ...]]:
    order = table.c.position if "position" in table.c else _ROWID
    found: dict[UUID, tuple[T, ...]] = {}
    for row in connection.execute(sa.select(parent, *columns_of(kind, table)).where(parent.in_(ids)).order_by(order)):
        found[row[0]] = (*found.get(row[0], ()), record_of(kind, table, row[1:]))
    return found


def checklists_of(connection: sa.Connection, case_id: UUID) -> tuple[Checklist, ...]:
    """Return the checklists of a case with what is known about their items."""
    rows = connection.execute(
        sa.select(*columns_of(Checklist, checklists))
        .where(checklists.c.case_id == case_id)
        .order_by(checklists.c.begun_on, _ROWID)
    ).all()
    if not rows:
        return ()
    entries = _grouped(
        connection, ItemEntry, checklist_entries, checklist_entries.c.checklist_id, [row.id for row in rows]
    )
    return tuple(record_of(Checklist, checklists, row, entries=entries.get(row.id, ())) for row in rows)


def versions_of(connection: sa.Connection, case_id: UUID) -> tuple[PlanVersion, ...]:
    """Return the agreed versions of the plan, the newest first."""
    rows = connection.execute(
        sa.select(*columns_of(PlanVersion, plan_versions))
        .where(plan_versions.c.case_id == case_id)
        .order_by(plan_versions.c.number.desc())
    )
    found = []
    for row in rows:
        version = record_of(PlanVersion, plan_versions, row)
        found.append(
            dataclasses.replace(
                version,
                goals=tuple(from_json(Goal, each) for each in row.goals),
                measures=tuple(from_json(Measure, each) for each in row.measures),
            )
        )
    return tuple(found)


# --- writing ----------------------------------------------------------------------------------------------------------


def save_conference(connection: sa.Connection, conference: Conference) -> bool:
    """Write a conference with its invitees and tasks; return whether it is new."""
    new = save(connection, conferences, conference)
    for table, parts in ((invitees, conference.invitees), (conference_tasks, conference.tasks)):
        connection.execute(table.delete().where(table.c.conference_id == conference.id))
        rows = (
            {**values_of(part, table), "conference_id": conference.id, "position": position}
            for position, part in enumerate(parts)
        )
        insert_all(connection, table, rows)
    return new


def save_checklist(connection: sa.Connection, checklist: Checklist) -> bool:
    """Write a checklist with what is known about its items; return whether it is new."""
    new = save(connection, checklists, checklist)
    connection.execute(checklist_entries.delete().where(checklist_entries.c.checklist_id == checklist.id))
    rows = ({**values_of(entry, checklist_entries), "checklist_id": checklist.id} for entry in checklist.entries)
    insert_all(connection, checklist_entries, rows)
    return new


def save_version(connection: sa.Connection, version: PlanVersion) -> bool:
    """Write a version of the plan; return whether it is new."""
    goals, measures = ([to_json(each) for each in part] for part in (version.goals, version.measures))
    return save(connection, plan_versions, version, goals=goals, measures=measures)


def save_record(connection: sa.Connection, record: HasId) -> bool:
    """Write a record that has no parts; return whether it is new."""
    return save(connection, _TABLE_OF[type(record)], record)


def record_by_id(connection: sa.Connection, kind: type[T], record_id: UUID) -> T | None:
    """Return one record that has no parts, None if it is not there."""
    table = _TABLE_OF[kind]
    row = connection.execute(sa.select(*columns_of(kind, table)).where(table.c.id == record_id)).one_or_none()
    return None if row is None else record_of(kind, table, row)


def delete_record(connection: sa.Connection, kind: type[Any], record_id: UUID) -> None:
    """Delete a record with what hangs on it."""
    table = _TABLE_OF[kind]
    connection.execute(table.delete().where(table.c.id == record_id))


def note_status(connection: sa.Connection, before: dict[UUID, tuple[Any, Any]], case_id: UUID, today: date) -> None:
    """Carry a status changed with the person's data into the history: it holds from `today`.

    `before` is what `statuses_of` returned before the change. A status recorded for the first time has no beginning.
    """
    for person_id, now in statuses_of(connection, case_id).items():
        if before.get(person_id) == now or (person_id not in before and now == (None, None)):
            continue
        periods = [period for period in periods_of(connection, case_id) if period.person_id == person_id]
        newest = periods[-1] if periods else None
        if newest is None and before.get(person_id, (None, None)) != (None, None):
            # Written before there were histories: what held until now begins the history.
            status, expires = before[person_id]
            newest = ResidencePeriod(person_id=person_id, residence_status=status, residence_expires_on=expires)
            save(connection, residence_periods, newest)
        if newest is not None and (newest.residence_status, newest.residence_expires_on) == now:
            continue
        if newest is not None and newest.valid_from == today:
            period = dataclasses.replace(newest, residence_status=now[0], residence_expires_on=now[1])
        else:
            period = ResidencePeriod(
                id=new_id(),
                person_id=person_id,
                valid_from=today if newest is not None else None,
                residence_status=now[0],
                residence_expires_on=now[1],
                legal_domain=newest.legal_domain if newest is not None else None,
            )
        save(connection, residence_periods, period)


def statuses_of(connection: sa.Connection, case_id: UUID) -> dict[UUID, tuple[Any, Any]]:
    """Return status and its end of each person of a case."""
    rows = connection.execute(
        sa.select(persons.c.id, persons.c.residence_status, persons.c.residence_expires_on)
        .join(case_members, case_members.c.person_id == persons.c.id)
        .where(case_members.c.case_id == case_id)
    )
    return {row.id: (row.residence_status, row.residence_expires_on) for row in rows}


def show_newest_status(connection: sa.Connection, person_id: UUID) -> None:
    """Let the person's data show the newest entry of the history that names a status or its end."""
    table = residence_periods
    row = connection.execute(
        sa.select(table.c.residence_status, table.c.residence_expires_on)
        .where(
            table.c.person_id == person_id,
            table.c.residence_status.is_not(None) | table.c.residence_expires_on.is_not(None),
        )
        .order_by(table.c.valid_from.desc(), table.c.id.desc())
        .limit(1)
    ).one_or_none()
    status, expires = (row.residence_status, row.residence_expires_on) if row else (None, None)
    connection.execute(
        persons.update().where(persons.c.id == person_id).values(residence_status=status, residence_expires_on=expires)
    )


# --- records as JSON --------------------------------------------------------------------------------------------------


def to_json(record: Goal | Measure) -> dict[str, Any]:
    """Return a record as a JSON object: ids in hexadecimal, days as ISO 8601, words by value."""
    return {field.name: _plain(getattr(record, field.name)) for field in dataclasses.fields(record)}


def _plain(value: Any) -> Any:
    match value:
        case UUID():
            return value.hex
        case date():
            return value.isoformat()
        case StrEnum():
            return value.value
        case _:
            return value


_HINTS: dict[type[Any], dict[str, Any]] = {}


def from_json(kind: type[T], data: dict[str, Any]) -> T:
    """Return the record that `to_json` described. A field it does not know keeps its default."""
    hints = _HINTS.setdefault(kind, get_type_hints(kind))
    values = {name: _typed(hints[name], value) for name, value in data.items() if name in hints}
    return kind(**values)


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    kinds: Iterable[Any] = get_args(hint) or (hint,)
    for kind in kinds:
        if kind is UUID:
            return UUID(value)
        if kind is date:
            return date.fromisoformat(value)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return kind(value)
    return value
