"""One counts-ready row per case for reporting: one statement per kind of child, no entities (decision 040)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from kimdesk.domain.vocabulary import GoalLevel, GoalState, Relation, residence_group
from kimdesk.reporting.counts import CaseCounts, age_group
from kimdesk.storage.tables.cases import area_entries, assessments, case_members, cases, goals, persons, referrals

# Identifiers stay the texts they are stored as: here they only tie rows together.
_CASE_KEY = sa.type_coerce(cases.c.id, sa.Text)


def _case_key(table: sa.Table) -> sa.TypeCoerce[str]:
    return sa.type_coerce(table.c.case_id, sa.Text)


def case_counts(connection: sa.Connection, subregion_of: Callable[[str], str | None]) -> tuple[CaseCounts, ...]:
    """Return the row of every case. Ages are those on the day of the intake.

    A case whose intake has not been held yet counts from the day it was opened. Goals are the outcome goals, a need
    is a life area in which any assessment names one; gaps in the directory are not recorded yet.
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
                leads=leads,
            )
        )
    return tuple(found)


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
