"""The demonstration caseload: a made-up, reproducible desk whose year 2022 adds up to the published figures.

The same day gives the same caseload. It is written in bulk; tests hold every case against the rules of case work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from kimdesk.domain.deadlines import week_end
from kimdesk.domain.vocabulary import Phase, ResidenceStatus
from kimdesk.foundation.clock import Clock
from kimdesk.services.demo_households import Household, HouseholdMaker, has_titles, with_expiry
from kimdesk.services.demo_plan import Course, Plan, Planner, workday
from kimdesk.services.demo_stories import Storyteller
from kimdesk.services.demo_story_base import Hints
from kimdesk.services.demo_texts import DemoTexts, fitting_lines, load_demo_texts
from kimdesk.services.districts import load_district
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.case_bulk import insert_files
from kimdesk.storage.cases import RECORD_KEY_BYTES, StoredFile
from kimdesk.storage.vault.vault import Vault

OVERDUE_DAYS = (1, 2, 4, 9)
DUE_TODAY = 3
EXPIRING_IN_DAYS = (-3, 6, 13, 24, 38, 52)
WAITING_FOR_DAYS = (28, 19, 12, 5)
REASSESSMENTS_OVERDUE = 4
TEMPORARY_PROTECTION_UNTIL = date(2027, 3, 4)
# No new grants since 31.12.2025 (§ 104c AufenthG), each for eighteen months.
OPPORTUNITY_RESIDENCE_UNTIL = date(2027, 6, 30)


@dataclass(frozen=True, slots=True)
class Caseload:
    """Files in the order of their numbers, each with its record key, and the last running number per year."""

    files: tuple[StoredFile, ...]
    record_keys: tuple[bytes, ...]
    last_numbers: dict[int, int]


def build_demo(vault: Vault, clock: Clock) -> None:
    """Fill an empty vault with the demonstration caseload, in one transaction."""
    caseload = generate_caseload(clock.today())
    with vault.unit_of_work() as unit:
        insert_files(unit.connection, caseload.files, caseload.record_keys, caseload.last_numbers, unit.moment)
        unit.record(AuditEntry(AuditAction.IMPORT, "demo", "caseload", {"cases": len(caseload.files)}))
        unit.commit()


def generate_caseload(today: date) -> Caseload:
    """Return the caseload as it stands on `today`; dates of open cases are relative to it."""
    texts = load_demo_texts()
    chance = Random(texts.plan["seed"])
    profile = load_district(texts.plan["district"])
    plans = Planner(chance, texts.plan, profile, today).plans(HouseholdMaker(chance, texts))
    _set_expiry(plans, chance, today)
    hints = _hints(plans, chance, texts, today)
    storyteller = Storyteller(chance, texts, profile, today)
    numbers: Counter[int] = Counter()
    files = []
    for plan in plans:
        file = storyteller.tell(plan, hints.get(id(plan), Hints()))
        year = plan.intake_on.year
        numbers[year] += 1
        files.append(replace(file, case=replace(file.case, number=f"KIM-{year}-{numbers[year]:03d}")))
    return Caseload(tuple(files), tuple(chance.randbytes(RECORD_KEY_BYTES) for _ in files), dict(numbers))


def _set_expiry(plans: list[Plan], chance: Random, today: date) -> None:
    """Give every household's titles a date: a few run out soon, those of ended cases as they did then."""
    soon = iter(EXPIRING_IN_DAYS)
    by_client: dict[UUID, Household] = {}
    # Open cases first: whoever came twice has the title of the later case.
    for plan in sorted(plans, key=lambda plan: (plan.closed_on is not None, plan.phase is not None)):
        household = _household_of(plan)
        client = household.members[0].person
        if client.id in by_client:
            continue
        if not has_titles(household):
            by_client[client.id] = household
        elif plan.closed_on is not None:
            expires_on = plan.intake_on + timedelta(days=chance.randint(60, 700))
            by_client[client.id] = with_expiry(household, expires_on, chance)
        else:
            by_client[client.id] = _open_household(household, plan, chance, today, soon)
    for plan in plans:
        plan.household = by_client[_household_of(plan).members[0].person.id]


def _household_of(plan: Plan) -> Household:
    assert plan.household is not None  # dealt out by the planner
    return plan.household


def _open_household(household: Household, plan: Plan, chance: Random, today: date, soon: Iterator[int]) -> Household:
    """Return the household of an open case as it stands today."""
    status = household.members[0].person.residence_status
    if status is ResidenceStatus.TEMPORARY_PROTECTION:
        expires_on = max(TEMPORARY_PROTECTION_UNTIL, today + timedelta(days=180))
        return with_expiry(household, expires_on, chance)
    days = next(soon, None) if plan.phase is not Phase.INTAKE else None
    if days is None:
        days = chance.randint(75, 175 if status is ResidenceStatus.TOLERATION else 900)
    expires_on = today + timedelta(days=days)
    if plan.phase is None and status is ResidenceStatus.TOLERATION:
        # In the years of a long case some tolerations became an opportunity residence or a right to stay.
        opportunity = expires_on <= OPPORTUNITY_RESIDENCE_UNTIL and chance.random() < 0.5
        later = ResidenceStatus.OPPORTUNITY_RESIDENCE if opportunity else ResidenceStatus.RIGHT_TO_STAY
        if opportunity or chance.random() < 0.5:
            members = tuple(
                replace(member, person=replace(member.person, residence_status=later)) for member in household.members
            )
            household = replace(household, members=members)
    return with_expiry(household, expires_on, chance)


def _hints(plans: list[Plan], chance: Random, texts: DemoTexts, today: date) -> dict[int, Hints]:
    """Deal out what the home screen of today shows among the open cases."""
    running = [plan for plan in plans if plan.closed_on is None]
    managed = [plan for plan in running if plan.course is Course.CASE_MANAGEMENT]
    long_open = [plan for plan in managed if plan.phase is None]
    chance.shuffle(long_open)
    may_wait = [plan for plan in managed if plan.phase is Phase.MONITORING] + long_open[REASSESSMENTS_OVERDUE:]
    waiting = dict(zip(map(id, may_wait), WAITING_FOR_DAYS, strict=False))
    overdue_reassessment = {id(plan) for plan in long_open[:REASSESSMENTS_OVERDUE]}
    chance.shuffle(running)
    running.sort(key=lambda plan: (today - plan.intake_on).days < 20)  # what came just now is not overdue yet
    due = _due_days(chance, texts, today)
    used: set[str] = set()

    def follow_up(plan: Plan) -> tuple[date, str]:
        day, name = next(due)
        fitting = fitting_lines(texts.lists[name], _household_of(plan).traits)
        reason = chance.choice([line for line in fitting if line not in used] or fitting)
        used.add(reason)
        return day, reason

    return {
        id(plan): Hints(
            waiting_since=workday(today - timedelta(days=waiting[id(plan)])) if id(plan) in waiting else None,
            reassessment_overdue=id(plan) in overdue_reassessment,
            follow_ups=(follow_up(plan),),
        )
        for plan in running
    }


def _due_days(chance: Random, texts: DemoTexts, today: date) -> Iterator[tuple[date, str]]:
    """Yield days and the list their reason is from: overdue, today, this week, then the weeks to come without end."""
    for days in OVERDUE_DAYS:
        yield workday(today - timedelta(days=days)), "overdue_follow_ups"
    for _ in range(DUE_TODAY):
        yield today, "today_follow_ups"
    sunday = week_end(today)
    day = today + timedelta(days=1)
    while day <= sunday:
        name = "follow_ups" if day.weekday() < 5 else "weekend_follow_ups"
        yield day, name
        if day.weekday() < 6:
            yield day, name
        day += timedelta(days=1)
    while True:
        yield max(workday(sunday + timedelta(days=chance.randint(1, 33))), sunday + timedelta(days=1)), "follow_ups"
