"""One counts-ready row per case for reporting: one statement per kind of child, no entities (decision 040)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from kimdesk.domain.views import CaseLine
from kimdesk.domain.vocabulary import GoalLevel, GoalState, Phase, Relation, residence_group
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.reporting.counts import CaseCounts, age_group
from kimdesk.storage.tables.cases import (
    area_entries,
    assessments,
    case_members,
    cases,
    contacts,
    goals,
    persons,
    referrals,
)
from kimdesk.storage.tables.offers import offer_gaps

# Identifiers stay the texts they are stored as: here they only tie rows together.
_CASE_KEY = sa.type_coerce(cases.c.id, sa.Text)


def _case_key(table: sa.Table) -> sa.TypeCoerce[str]:
    return sa.type_coerce(table.c.case_id, sa.Text)


def case_counts(connection: sa.Connection, subregion_of: Callable[[str], str | None]) -> tuple[CaseCounts, ...]:
    """Return the row of every case. Ages are those on the day of the intake.

    A case whose intake has not been held yet counts from the day it was opened. Goals are the outcome goals, a need
    is a life area in which any assessment names one, a gap a life area for which no offer was found in the case.
    """
    rows = connection.execute(
        sa.select(
            _CASE_KEY,
            cases.c.record_key,
            sa.func.coalesce(cases.c.intake_on, cases.c.opened_on, type_=sa.Date),
            cases.c.closed_on,
            cases.c.closure_reason,
            cases.c.access_path,
            cases.c.commune,
            cases.c.leads,
        ).order_by(cases.c.number, cases.c.id)
    ).all()
    people = _people(connection, {row[0]: row[2] for row in rows})
    sent = _referrals(connection)
    reached = _goals(connection)
    needs = _needs(connection)
    gaps = _gaps(connection)
    steps = _steps(connection)
    found = []
    for key, record_key, intake_on, closed_on, reason, path, commune, leads in rows:
        keys, ages, group = people.get(key, (frozenset(), {}, None))
        goals_reached, goals_total = reached.get(key, (0, 0))
        found.append(
            CaseCounts(
                record_key=record_key,
                person_keys=keys,
                person_age_groups=ages,
                intake_on=intake_on,
                closed_on=closed_on,
                closure_reason=None if reason is None else reason.value,
                access_path=None if path is None else path.value,
                commune=commune,
                subregion=subregion_of(commune),
                residence_group=group,
                referrals=tuple(sent.get(key, ())),
                goals_reached=goals_reached,
                goals_total=goals_total,
                needs=frozenset(needs.get(key, ())),
                offer_gaps=gaps.get(key, ()),
                steps=steps.get(key, {}),
                leads=leads,
            )
        )
    return tuple(found)


def lines_of(connection: sa.Connection, record_keys: frozenset[bytes]) -> tuple[CaseLine, ...]:
    """Return the cases with these record keys by number: what a list behind a figure shows of them.

    A case that was erased has no line any more.
    """
    client = (
        sa.select(persons.c.given_name, persons.c.family_name, case_members.c.case_id)
        .join(case_members, case_members.c.person_id == persons.c.id)
        .where(case_members.c.relation == Relation.CLIENT)
        .subquery()
    )
    statement = (
        sa.select(
            cases.c.id,
            cases.c.number,
            cases.c.record_key,
            cases.c.opened_on,
            cases.c.closed_on,
            client.c.given_name,
            client.c.family_name,
        )
        .outerjoin(client, client.c.case_id == cases.c.id)
        .order_by(cases.c.number, cases.c.id)
    )
    # Compared here: a list of thousands of keys is more than one statement may hold.
    return tuple(
        CaseLine(
            case_id=row.id,
            number=row.number,
            client=" ".join(part for part in (row.given_name, row.family_name) if part),
            opened_on=row.opened_on,
            closed_on=row.closed_on,
        )
        for row in connection.execute(statement)
        if row.record_key in record_keys
    )


def _steps(connection: sa.Connection) -> dict[str, dict[str, date]]:
    """Return per case the day of the first record of each phase that has dated records."""
    first = sa.func.min(assessments.c.held_on, type_=sa.Date)
    found: dict[str, dict[str, date]] = defaultdict(dict)
    for key, intake_on, agreed_on, closed_on in connection.execute(
        sa.select(_CASE_KEY, cases.c.intake_on, cases.c.agreed_on, cases.c.closed_on)
    ):
        days = {Phase.INTAKE: intake_on, Phase.AGREEMENT: agreed_on, Phase.CLOSURE: closed_on}
        found[key] = {phase: day for phase, day in days.items() if day is not None}
    again = assessments.c.trigger.is_not(None)
    held = sa.select(_case_key(assessments), again, first).group_by(assessments.c.case_id, again)
    for key, is_again, day in connection.execute(held):
        found[key][Phase.REASSESSMENT if is_again else Phase.ASSESSMENT] = day
    talked = sa.select(_case_key(contacts), sa.func.min(contacts.c.at, type_=contacts.c.at.type))
    for key, at in connection.execute(talked.group_by(contacts.c.case_id)):
        found[key][Phase.MONITORING] = at.astimezone(OFFICE_ZONE).date()
    return found


def _people(
    connection: sa.Connection, intake_on: dict[str, date]
) -> dict[str, tuple[frozenset[bytes], dict[str, int], str]]:
    """Return per case the opaque keys of its persons, how many are of which age, and the client's residence group."""
    keys: dict[str, set[bytes]] = defaultdict(set)
    ages: dict[str, Counter[str]] = defaultdict(Counter)
    groups: dict[str, str] = {}
    client_first = sa.case((case_members.c.relation == Relation.CLIENT, 0), else_=1)
    statement = (
        sa.select(
            _case_key(case_members),
            sa.type_coerce(persons.c.id, sa.Text),
            persons.c.date_of_birth,
            persons.c.residence_status,
        )
        .join(persons, persons.c.id == case_members.c.person_id)
        .order_by(client_first, case_members.c.position)
    )
    for key, person, born, status in connection.execute(statement):
        keys[key].add(bytes.fromhex(person))
        ages[key][age_group(born, intake_on[key])] += 1
        groups.setdefault(key, residence_group(status).value)
    return {key: (frozenset(found), dict(ages[key]), groups[key]) for key, found in keys.items()}


def _referrals(connection: sa.Connection) -> dict[str, list[tuple[str | None, str]]]:
    found: dict[str, list[tuple[str | None, str]]] = defaultdict(list)
    statement = sa.select(_case_key(referrals), referrals.c.legal_domain, referrals.c.result)
    for key, domain, result in connection.execute(statement.order_by(referrals.c.sent_on, referrals.c.id)):
        found[key].append((None if domain is None else domain.value, result.value))
    return found


def _goals(connection: sa.Connection) -> dict[str, tuple[int, int]]:
    reached = sa.func.count(sa.case((goals.c.state == GoalState.REACHED, 1)))
    statement = sa.select(_case_key(goals), reached, sa.func.count()).where(goals.c.level == GoalLevel.OUTCOME)
    return {key: (done, total) for key, done, total in connection.execute(statement.group_by(goals.c.case_id))}


def _needs(connection: sa.Connection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    statement = (
        sa.select(_case_key(assessments), area_entries.c.life_area)
        .join(area_entries, area_entries.c.assessment_id == assessments.c.id)
        .where(area_entries.c.need != "")
        .distinct()
    )
    for key, area in connection.execute(statement):
        found[key].add(area.value)
    return found


def _gaps(connection: sa.Connection) -> dict[str, tuple[str, ...]]:
    """Return per case the life areas with a gap, each once; what was missing outside a case counts in no table."""
    found: dict[str, list[str]] = defaultdict(list)
    statement = (
        sa.select(_case_key(offer_gaps), offer_gaps.c.life_area)
        .where(offer_gaps.c.case_id.is_not(None), offer_gaps.c.life_area.is_not(None))
        .distinct()
        .order_by(offer_gaps.c.life_area)
    )
    for key, area in connection.execute(statement):
        found[key].append(area.value)
    return {key: tuple(areas) for key, areas in found.items()}
