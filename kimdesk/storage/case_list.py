"""The case list: two statements whatever its length, over the counts kept beside each case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kimdesk.domain.deadlines import reassessment_due
from kimdesk.domain.phases import CaseFacts, PhaseState, current_phase, next_step, phase_states
from kimdesk.domain.views import CaseFilter, CaseSummary
from kimdesk.domain.vocabulary import IntakeOutcome, Phase, Urgency
from kimdesk.offers.folding import fold
from kimdesk.storage.tables.case_sums import case_sums
from kimdesk.storage.tables.cases import case_members, cases, persons, skipped_phases

_SOME_DAY = date.min
_NO_DATE = "9999"
_REASON = "\0"
_NOTHING: dict[Phase, str] = {}


def _plain(column: sa.ColumnElement[object]) -> sa.ColumnElement[str]:
    """As it is stored: a list is thousands of rows, and most values are only compared or looked up."""
    return sa.type_coerce(column, sa.Text)


def _is_there(column: sa.ColumnElement[object]) -> sa.ColumnElement[int]:
    return sa.type_coerce(column.is_not(None), sa.Integer)


def _some(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.type_coerce(column > 0, sa.Integer)


# Of the facts the phases need, a list only needs whether there is any (`kimdesk.domain.phases.phase_key`).
_DAYS = ("closed_on", "intake_on", "consent_on", "agreed_on")
_NUMBERS = (
    *("persons", "assessments", "outcome_goals", "vague_outcome_goals", "measures", "open_measures"),
    *("referrals", "unanswered_referrals", "contacts", "reassessments"),
)
_STANDING = (
    _plain(cases.c.outcome),
    *(_is_there(cases.c[name]) for name in _DAYS),
    *(_some(case_sums.c[name]) for name in _NUMBERS),
)
_WIDTH = len(_STANDING)
_COLUMNS: tuple[Any, ...] = (
    *_STANDING,
    _plain(cases.c.id),
    cases.c.number,
    cases.c.commune,
    _plain(cases.c.urgency),
    cases.c.language,
    _plain(cases.c.opened_on),
    _plain(cases.c.closed_on),
    _plain(case_sums.c.names),
    _plain(case_sums.c.client_languages),
    _plain(case_sums.c.last_assessment_on),
    sa.func.min(
        *(
            sa.func.coalesce(_plain(case_sums.c[name]), _NO_DATE)
            for name in ("follow_up_on", "expires_on", "answer_due_on", "measure_due_on")
        )
    ),
)
_LIST = sa.select(*_COLUMNS).join(case_sums, case_sums.c.case_id == cases.c.id)

_Standing = tuple[Phase, tuple[PhaseState, ...], str]


def list_cases(
    connection: sa.Connection, wanted: CaseFilter, commune_names: Mapping[str, str]
) -> tuple[CaseSummary, ...]:
    """Return the cases that `wanted` lets through: the next due date first, then those without one, newest first."""
    rows = connection.execute(_LIST.where(*_conditions(wanted))).all()
    return summaries(rows, _skipped(connection), commune_names, wanted.phase)


def summaries(
    rows: Sequence[Sequence[Any]],
    skipped: Mapping[str, Mapping[Phase, str]],
    commune_names: Mapping[str, str],
    wanted_phase: Phase | None = None,
) -> tuple[CaseSummary, ...]:
    """Return rows of the list's statement as what a screen shows, in the list's order; `skipped` is by case id."""
    urgencies = {urgency.value: urgency for urgency in Urgency}
    standings: dict[tuple[object, ...], _Standing] = {}
    found = []
    for row in map(tuple, rows):
        key, number, commune, urgency, language, opened, closed, names, spoken, assessed, first = row[_WIDTH:]
        left_out = skipped.get(key, _NOTHING)
        standing = (row[:_WIDTH], *left_out)
        if standing not in standings:
            standings[standing] = _standing(row[:_WIDTH], left_out)
        phase, states, step = standings[standing]
        if left_out:
            states = tuple(
                replace(state, reason=left_out[state.phase]) if state.reason == _REASON else state for state in states
            )
        if wanted_phase is not None and phase is not wanted_phase:
            continue
        if closed is not None:
            due = _NO_DATE
        elif assessed is not None and row[0] == IntakeOutcome.CASE_MANAGEMENT and Phase.REASSESSMENT not in left_out:
            due = min(first, _reassessment(assessed))
        else:
            due = first
        found.append(
            (
                due,
                opened,
                number,
                CaseSummary(
                    id=UUID(key),
                    number=number,
                    persons=_names(names),
                    commune=commune,
                    commune_name=commune_names.get(commune, commune),
                    phase=phase,
                    phases=states,
                    next_step=step,
                    due_on=None if due == _NO_DATE else _day(due),
                    urgency=urgencies[urgency],
                    languages=_languages(language, spoken),
                    opened_on=_day(opened),
                    closed_on=None if closed is None else _day(closed),
                ),
            )
        )
    found.sort(key=lambda each: (each[1], each[2]), reverse=True)
    found.sort(key=lambda each: each[0])
    return tuple(each[3] for each in found)


def count_open(connection: sa.Connection) -> int:
    """Return how many cases are open."""
    statement = sa.select(sa.func.count()).select_from(cases).where(cases.c.closed_on.is_(None))
    return connection.execute(statement).scalar_one()


def _standing(row: tuple[Any, ...], left_out: Iterable[Phase]) -> _Standing:
    """Return phase, stepper and next step of every case with this standing; reasons of their own come later."""
    given: dict[str, Any] = {"outcome": None if row[0] is None else IntakeOutcome(row[0])}
    given |= {name: _SOME_DAY for name, is_there in zip(_DAYS, row[1:], strict=False) if is_there}
    given |= dict(zip(_NUMBERS, row[1 + len(_DAYS) :], strict=True))
    facts = CaseFacts(skipped=dict.fromkeys(left_out, _REASON), **given)
    return current_phase(facts), phase_states(facts), next_step(facts)


def _skipped(connection: sa.Connection) -> dict[str, dict[Phase, str]]:
    found: dict[str, dict[Phase, str]] = {}
    phases = {phase.value: phase for phase in Phase}
    statement = sa.select(_plain(skipped_phases.c.case_id), _plain(skipped_phases.c.phase), skipped_phases.c.reason)
    for key, phase, reason in connection.execute(statement.order_by(*skipped_phases.primary_key)):
        found.setdefault(key, {})[phases[phase]] = reason
    return found


@lru_cache(maxsize=8192)
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(maxsize=8192)
def _reassessment(assessed_on: str) -> str:
    return reassessment_due(_day(assessed_on)).isoformat()


def _names(text: str) -> tuple[str, ...]:
    return tuple([name.strip() for name in json.loads(text)])


@lru_cache(maxsize=1024)
def _languages(of_case: str, of_client: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (of_case, *json.loads(of_client or "[]")))))


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


def case_numbers(connection: sa.Connection) -> dict[UUID, str]:
    """Return the number of every case by its id."""
    return {row.id: row.number for row in connection.execute(sa.select(cases.c.id, cases.c.number))}
