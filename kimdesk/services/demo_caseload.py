"""The demonstration caseload: a made-up, reproducible desk whose year 2022 adds up to the published figures.

The same day gives the same caseload. It is written in bulk; tests hold every case against the rules of case work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from kimdesk.domain.deadlines import week_end
from kimdesk.domain.vocabulary import Phase, ResidenceStatus
from kimdesk.foundation.clock import Clock
from kimdesk.services.demo_households import Household, HouseholdMaker, has_titles, with_expiry
from kimdesk.services.demo_plan import Course, Plan, Planner, workday
from kimdesk.services.demo_stories import Storyteller
from kimdesk.services.demo_story_base import Hints
from kimdesk.services.demo_texts import DemoTexts, load_demo_texts
from kimdesk.services.districts import load_district
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.case_bulk import insert_files
from kimdesk.storage.cases import RECORD_KEY_BYTES, StoredFile
from kimdesk.storage.vault.vault import Vault

OVERDUE, DUE_TODAY = 4, 3
EXPIRING_IN_DAYS = (-3, 6, 13, 24, 38, 52)
WAITING_FOR_DAYS = (28, 19, 12, 5)
REASSESSMENTS_OVERDUE = 4


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
    by_client: dict[object, Household] = {}
    for plan in sorted(plans, key=lambda plan: (plan.closed_on is not None, plan.phase is not None), reverse=False):
        household = plan.household
        if household is None:
            continue
        client_id = household.members[0].person.id
        if client_id in by_client:  # came back: one person, one title
            continue
        if not has_titles(household):
            by_client[client_id] = household
            continue
        if plan.closed_on is not None:
            expires_on = plan.intake_on + timedelta(days=chance.randint(60, 700))
        else:
            household = _later_status(household, plan, chance)
            status = household.members[0].person.residence_status
            days = next(soon, None) if plan.phase is not Phase.INTAKE else None
            if days is None:
                days = chance.randint(75, 175 if status is ResidenceStatus.TOLERATION else 900)
            expires_on = today + timedelta(days=days)
        by_client[client_id] = with_expiry(household, expires_on, chance)
    for plan in plans:
        if plan.household is not None:
            plan.household = by_client[plan.household.members[0].person.id]


def _later_status(household: Household, plan: Plan, chance: Random) -> Household:
    """Return the household as it stands today: in the years of a long case some tolerations became a right to stay."""
    if plan.phase is not None or "toleration" not in household.traits or chance.random() < 0.4:
        return household
    members = tuple(
        replace(member, person=replace(member.person, residence_status=ResidenceStatus.RIGHT_TO_STAY))
        for member in household.members
    )
    return replace(household, members=members)


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
    dates = _due_dates(chance, texts, today)
    return {
        id(plan): Hints(
            waiting_since=workday(today - timedelta(days=waiting[id(plan)])) if id(plan) in waiting else None,
            reassessment_overdue=id(plan) in overdue_reassessment,
            follow_ups=(next(dates),),
        )
        for plan in running
    }


def _due_dates(chance: Random, texts: DemoTexts, today: date) -> Iterator[tuple[date, str]]:
    """Yield follow-ups: overdue ones, today's, this week's, then some in the weeks to come, without end."""
    reasons = {name: list(texts.lists[name]) for name in ("overdue_follow_ups", "today_follow_ups", "follow_ups")}
    for list_of_reasons in reasons.values():
        chance.shuffle(list_of_reasons)
    for index in range(OVERDUE):
        day = today - timedelta(days=(1, 2, 4, 9)[index])
        yield workday(day), reasons["overdue_follow_ups"][index % len(reasons["overdue_follow_ups"])]
    for index in range(DUE_TODAY):
        yield today, reasons["today_follow_ups"][index % len(reasons["today_follow_ups"])]
    every_day = iter(reasons["follow_ups"] * 50)
    day = today + timedelta(days=1)
    weekend = iter(texts.lists["weekend_follow_ups"])
    while day <= week_end(today):
        if day.weekday() < 5:
            yield day, next(every_day)
            yield day, next(every_day)
        elif (reason := next(weekend, None)) is not None:
            yield day, reason
            if day.weekday() == 5:
                yield day, next(weekend)
        day += timedelta(days=1)
    while True:
        day = week_end(today) + timedelta(days=chance.randint(1, 33))
        yield max(workday(day), week_end(today) + timedelta(days=1)), next(every_day)
