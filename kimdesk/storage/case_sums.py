"""Counts per case, kept right by the database itself: each column is defined once, here, as an aggregate.

From the definitions come the triggers that renew a case's row whenever one of its records is written, the refilling of
all rows, and the check that holds every row against a fresh count (decision 085). No service can forget them, and a
migration that rebuilds a table cannot lose them: `Schema.migrate` takes them off before and puts them on after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from kimdesk.domain.vocabulary import GoalLevel, GoalState, MeasureState, ReferralResult, Relation
from kimdesk.storage.tables.cases import (
    area_entries,
    assessments,
    case_members,
    contacts,
    follow_ups,
    goals,
    measures,
    persons,
    referrals,
)

OPEN_MEASURES = (MeasureState.PLANNED, MeasureState.REQUESTED, MeasureState.RUNNING)
RULES_KEY = "case_sums.rules"
RULES = "82eda63c6a52c700"
"""Which definitions the triggers in a vault must come from; `tests/storage/test_case_sums.py` says when to renew it."""

_PREFIX = "sums_"
_SELF = "{row}.case_id"


@dataclass(frozen=True)
class Sums:
    """Columns counted in one go.

    `watched` names the tables whose changes count, each with an SQL expression for the cases a changed row belongs to.
    """

    columns: Mapping[str, sa.ColumnElement[Any]]
    source: sa.FromClause
    case_id: sa.ColumnElement[Any]
    watched: Mapping[str, str]
    only: sa.ColumnElement[bool] | None = None

    def sql(self) -> str:
        """Return the statement that counts the columns of the case ``case_sums.case_id``."""
        statement = sa.select(*self.columns.values()).select_from(self.source)
        statement = statement.where(self.case_id == sa.literal_column("case_sums.case_id"))
        if self.only is not None:
            statement = statement.where(self.only)
        compiled = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
        return " ".join(str(compiled).split())

    def names(self) -> str:
        """Return the columns' names as SQL."""
        return f"({', '.join(self.columns)})"


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((condition, 1)))


def _last(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return sa.func.max(column, type_=column.type)


def _first(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.min(column, type_=column.type)


_CLIENT_FIRST = f"ORDER BY case_members.relation <> '{Relation.CLIENT.value}', case_members.position"
_NAMES = f"json_group_array(persons.given_name || ' ' || persons.family_name {_CLIENT_FIRST})"
_LANGUAGES = f"json_extract(json_group_array(json(persons.languages) {_CLIENT_FIRST}), '$[0]')"
_WANTED = (goals.c.level == GoalLevel.OUTCOME) & (goals.c.state != GoalState.DROPPED)
_RUNNING = measures.c.state.in_(OPEN_MEASURES)
_WAITING = referrals.c.result == ReferralResult.SENT

ALL = (
    Sums(
        {
            "persons": sa.func.count(),
            "names": sa.literal_column(_NAMES),
            "client_languages": sa.literal_column(_LANGUAGES),
            "expires_on": _first(persons.c.residence_expires_on),
        },
        case_members.join(persons, persons.c.id == case_members.c.person_id),
        case_members.c.case_id,
        {
            "case_members": _SELF,
            "persons": "SELECT case_members.case_id FROM case_members WHERE case_members.person_id = {row}.id",
        },
    ),
    Sums(
        {
            "assessments": _count(assessments.c.trigger.is_(None)),
            "reassessments": _count(assessments.c.trigger.is_not(None)),
            "last_assessment_on": _last(assessments.c.held_on),
        },
        assessments,
        assessments.c.case_id,
        {"assessments": _SELF},
    ),
    Sums(
        {"needs": sa.func.count(area_entries.c.life_area.distinct())},
        assessments.join(area_entries, area_entries.c.assessment_id == assessments.c.id),
        assessments.c.case_id,
        {
            "assessments": _SELF,
            "area_entries": "SELECT assessments.case_id FROM assessments WHERE assessments.id = {row}.assessment_id",
        },
        area_entries.c.need != "",
    ),
    Sums(
        {
            "outcome_goals": _count(_WANTED),
            "vague_outcome_goals": _count(_WANTED & ((goals.c.measured_by == "") | goals.c.due_on.is_(None))),
        },
        goals,
        goals.c.case_id,
        {"goals": _SELF},
    ),
    Sums(
        {
            "measures": sa.func.count(),
            "open_measures": _count(_RUNNING),
            "measure_due_on": _first(sa.case((_RUNNING, measures.c.due_on))),
        },
        measures,
        measures.c.case_id,
        {"measures": _SELF},
    ),
    Sums(
        {
            "referrals": sa.func.count(),
            "unanswered_referrals": _count(_WAITING),
            "last_sent_on": _last(referrals.c.sent_on),
            "last_answered_on": _last(referrals.c.answered_on),
            "answer_due_on": _first(sa.case((_WAITING, referrals.c.answer_due_on))),
        },
        referrals,
        referrals.c.case_id,
        {"referrals": _SELF},
    ),
    Sums(
        {"contacts": sa.func.count(), "last_contact_at": _last(contacts.c.at)},
        contacts,
        contacts.c.case_id,
        {"contacts": _SELF},
    ),
    Sums(
        {"follow_up_on": _first(follow_ups.c.due_on)},
        follow_ups,
        follow_ups.c.case_id,
        {"follow_ups": _SELF},
        follow_ups.c.done_on.is_(None),
    ),
)
"""Every column of `case_sums` but the case, by what it is counted from."""


@cache
def triggers() -> dict[str, str]:
    """Return the SQL of every trigger by its name."""
    found = {
        f"{_PREFIX}cases_insert": f"CREATE TRIGGER {_PREFIX}cases_insert AFTER INSERT ON cases BEGIN "
        "INSERT INTO case_sums (case_id) VALUES (NEW.id); END"
    }
    renewals: dict[str, list[tuple[Sums, str]]] = {}
    for sums in ALL:
        for table, cases_of_row in sums.watched.items():
            renewals.setdefault(table, []).append((sums, cases_of_row))
    for table, wanted in renewals.items():
        for event, rows in (("insert", ("NEW",)), ("update", ("OLD", "NEW")), ("delete", ("OLD",))):
            name = f"{_PREFIX}{table}_{event}"
            steps = "".join(_renewal(sums, cases_of_row, rows) for sums, cases_of_row in wanted)
            found[name] = f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} BEGIN {steps}END"
    return found


def _renewal(sums: Sums, cases_of_row: str, rows: tuple[str, ...]) -> str:
    changed = (
        [cases_of_row.format(row=row) for row in rows]
        if cases_of_row != _SELF
        else [", ".join(cases_of_row.format(row=row) for row in rows)]
    )
    which = " UNION ".join(changed)
    return f"UPDATE case_sums SET {sums.names()} = ({sums.sql()}) WHERE case_id IN ({which}); "


def rules() -> str:
    """Return a short name of the definitions as they stand in this module."""
    return hashlib.sha256("\n".join(triggers().values()).encode()).hexdigest()[:16]


def take_off(connection: sa.Connection) -> None:
    """Remove the triggers, before a migration."""
    found = connection.exec_driver_sql(
        f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB '{_PREFIX}*'"
    ).scalars()
    for name in found.all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def put_on(connection: sa.Connection) -> None:
    """Make the triggers anew, count every case, and note which definitions that was done with."""
    take_off(connection)
    for sql in triggers().values():
        connection.exec_driver_sql(sql)
    connection.exec_driver_sql("INSERT OR IGNORE INTO case_sums (case_id) SELECT id FROM cases")
    for sums in ALL:
        connection.exec_driver_sql(f"UPDATE case_sums SET {sums.names()} = ({sums.sql()})")
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (RULES_KEY, f'"{RULES}"'))


def put_on_where_possible(connection: sa.Connection) -> None:
    """Do so after a migration; one to an earlier version, which lacks a table or a column, leaves them off."""
    if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'case_sums'").scalar():
        return
    try:
        with connection.begin_nested():
            put_on(connection)
    except sa.exc.OperationalError as error:
        if "no such" not in str(error.orig) and "has no column" not in str(error.orig):
            raise


def wrong_cases(connection: sa.Connection) -> tuple[UUID, ...]:
    """Return the cases whose row differs from a fresh count, or that have none."""
    differs = " OR ".join(f"{sums.names()} IS NOT ({sums.sql()})" for sums in ALL)
    rows = connection.exec_driver_sql(
        f"SELECT case_id FROM case_sums WHERE {differs} "
        "UNION SELECT id FROM cases WHERE id NOT IN (SELECT case_id FROM case_sums)"
    )
    return tuple(UUID(case_id) for case_id in rows.scalars())
