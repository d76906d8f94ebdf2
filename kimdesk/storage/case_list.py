"""The case list: a few statements whatever its length."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kimdesk.domain.phases import CaseFacts, PhaseState, current_phase, next_step, phase_key, phase_states
from kimdesk.domain.views import CaseFilter, CaseSummary
from kimdesk.domain.vocabulary import Phase, Relation
from kimdesk.offers.folding import fold
from kimdesk.storage.case_facts import FactColumns, facts_of_row
from kimdesk.storage.tables.cases import case_members, cases, follow_ups, persons, skipped_phases

_ALL = FactColumns(one=False)
_FIRST_FOLLOW_UP = (
    sa.select(follow_ups.c.case_id, sa.func.min(follow_ups.c.due_on, type_=sa.Date).label("due_on"))
    .where(follow_ups.c.done_on.is_(None), follow_ups.c.case_id.is_not(None))
    .group_by(follow_ups.c.case_id)
    .subquery()
)
_FIRST_EXPIRY = (
    sa.select(case_members.c.case_id, sa.func.min(persons.c.residence_expires_on, type_=sa.Date).label("expires_on"))
    .join(persons, persons.c.id == case_members.c.person_id)
    .where(persons.c.residence_expires_on.is_not(None))
    .group_by(case_members.c.case_id)
    .subquery()
)
# Identifiers stay texts here: they only tie rows together, and parsing thousands of UUIDs takes a while.
_CASE_ID = sa.type_coerce(cases.c.id, sa.Text).label("key")
_LIST = (
    sa.select(
        cases.c.id,
        _CASE_ID,
        cases.c.number,
        cases.c.commune,
        cases.c.urgency,
        cases.c.language,
        cases.c.opened_on,
        _FIRST_FOLLOW_UP.c.due_on.label("follow_up_on"),
        _FIRST_EXPIRY.c.expires_on,
        *_ALL.columns(),
    )
    .select_from(
        _ALL.joined()
        .outerjoin(_FIRST_FOLLOW_UP, _FIRST_FOLLOW_UP.c.case_id == cases.c.id)
        .outerjoin(_FIRST_EXPIRY, _FIRST_EXPIRY.c.case_id == cases.c.id)
    )
    .order_by(cases.c.opened_on.desc(), cases.c.number.desc())
)


def list_cases(
    connection: sa.Connection, wanted: CaseFilter, commune_names: Mapping[str, str]
) -> tuple[CaseSummary, ...]:
    """Return the cases that `wanted` lets through: the next due date first, then those without one, newest first."""
    conditions = _conditions(wanted)
    skipped: dict[str, dict[Phase, str]] = {}
    for key, phase, reason in connection.execute(
        sa.select(sa.type_coerce(skipped_phases.c.case_id, sa.Text), skipped_phases.c.phase, skipped_phases.c.reason)
    ):
        skipped.setdefault(key, {})[phase] = reason
    people = _people(connection, conditions)
    standings: dict[tuple[object, ...], tuple[Phase, tuple[PhaseState, ...], str]] = {}
    found = []
    for row in connection.execute(_LIST.where(*conditions)).all():
        facts = facts_of_row(row, skipped.get(row.key, {}))
        key = phase_key(facts)
        if key not in standings:
            standings[key] = (current_phase(facts), phase_states(facts), next_step(facts))
        phase, states, step = standings[key]
        if wanted.phase is not None and phase is not wanted.phase:
            continue
        names, languages = people.get(row.key, ((), ()))
        found.append(
            CaseSummary(
                id=row.id,
                number=row.number,
                persons=names,
                commune=row.commune,
                commune_name=commune_names.get(row.commune, row.commune),
                phase=phase,
                phases=states,
                next_step=step,
                due_on=_due_on(row, facts),
                urgency=row.urgency,
                languages=tuple(dict.fromkeys(filter(None, (row.language, *languages)))),
                opened_on=row.opened_on,
                closed_on=row.closed_on,
            )
        )
    found.sort(key=lambda summary: summary.due_on or date.max)
    return tuple(found)


def count_open(connection: sa.Connection) -> int:
    """Return how many cases are open."""
    statement = sa.select(sa.func.count()).select_from(cases).where(cases.c.closed_on.is_(None))
    return connection.execute(statement).scalar_one()


def _conditions(wanted: CaseFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    match wanted.status:
        case "open":
            conditions.append(cases.c.closed_on.is_(None))
        case "closed":
            conditions.append(cases.c.closed_on.is_not(None))
        case "all":
            pass
    if wanted.commune is not None:
        conditions.append(cases.c.commune == wanted.commune)
    if wanted.language is not None:
        spoken = _of_a_member(persons.c.languages.cast(sa.Text).contains(f'"{wanted.language}"', autoescape=True))
        conditions.append((cases.c.language == wanted.language) | spoken)
    for word in fold(wanted.text).split():
        named = _of_a_member(persons.c.folded_name.contains(word, autoescape=True))
        conditions.append(sa.func.lower(cases.c.number).contains(word, autoescape=True) | named)
    return conditions


def _of_a_member(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    statement = sa.select(case_members.c.case_id).join(persons, persons.c.id == case_members.c.person_id)
    return cases.c.id.in_(statement.where(condition))


def _people(
    connection: sa.Connection, conditions: list[sa.ColumnElement[bool]]
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the names of each case's persons, the client first, and the client's languages."""
    client_first = sa.case((case_members.c.relation == Relation.CLIENT, 0), else_=1)
    statement = (
        sa.select(
            sa.type_coerce(case_members.c.case_id, sa.Text),
            persons.c.given_name,
            persons.c.family_name,
            persons.c.languages,
        )
        .join(persons, persons.c.id == case_members.c.person_id)
        .order_by(case_members.c.case_id, client_first, case_members.c.position)
    )
    if conditions:
        statement = statement.where(case_members.c.case_id.in_(sa.select(cases.c.id).where(*conditions)))
    people: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for key, given_name, family_name, languages in connection.execute(statement).all():
        names, spoken = people.get(key, ((), languages))
        people[key] = ((*names, f"{given_name} {family_name}".strip()), spoken)
    return people


def _due_on(row: Any, facts: CaseFacts) -> date | None:
    """Return the earliest open date of an open case."""
    if facts.closed_on is not None:
        return None
    dates = (row.follow_up_on, row.expires_on, row.answer_due_on, row.measure_due_on, facts.reassessment_due_on)
    return min((day for day in dates if day is not None), default=None)


def case_numbers(connection: sa.Connection) -> dict[UUID, str]:
    """Return the number of every case by its id."""
    return {row.id: row.number for row in connection.execute(sa.select(cases.c.id, cases.c.number))}
