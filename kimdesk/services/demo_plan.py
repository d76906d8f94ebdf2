"""Which cases the demonstration caseload has: dates, ends, access paths, communes and households, before any story.

The year 2022 adds up to the published figures by construction: every number of `resources/demo/caseload.toml` is dealt
out, none is left to chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from kimdesk.domain.vocabulary import AccessLevel, AccessPath, ClosureReason, Phase
from kimdesk.services.demo_households import Household, HouseholdMaker
from kimdesk.services.districts import DistrictProfile

ONE_DAY = timedelta(days=1)
_CLOSED_IN_YEAR = (
    *[ClosureReason.GOALS_REACHED] * 6,
    *[ClosureReason.MOVED_AWAY] * 2,
    *[ClosureReason.CONTACT_LOST] * 2,
    ClosureReason.TAKEN_OVER,
    ClosureReason.LEFT_GERMANY,
)
_CLOSED_LATER = (
    *[ClosureReason.GOALS_REACHED] * 5,
    ClosureReason.CONTACT_LOST,
    ClosureReason.MOVED_AWAY,
    ClosureReason.GOALS_REACHED,
    ClosureReason.TAKEN_OVER,
    ClosureReason.CONSENT_WITHDRAWN,
    ClosureReason.OTHER,
    ClosureReason.LEFT_GERMANY,
)
# Recent cases: where they stand and how many days ago they came.
_RECENT: tuple[tuple[Phase, int], ...] = (
    (Phase.INTAKE, 1),
    (Phase.INTAKE, 2),
    (Phase.INTAKE, 5),
    (Phase.ASSESSMENT, 8),
    (Phase.ASSESSMENT, 16),
    (Phase.GOALS, 22),
    (Phase.GOALS, 36),
    (Phase.AGREEMENT, 41),
    (Phase.AGREEMENT, 55),
    (Phase.COORDINATION, 58),
    (Phase.COORDINATION, 76),
    (Phase.MONITORING, 98),
    (Phase.MONITORING, 133),
    (Phase.MONITORING, 171),
    (Phase.REASSESSMENT, 243),
    (Phase.CLOSURE, 318),
    (Phase.CLOSURE, 442),
)
_RECENT_REFERRALS = (9, 24)
_RECENT_ENDED = ((31, "one_off"), (67, "one_off"), (112, "referral"))
RECENT_CASES = len(_RECENT) + len(_RECENT_REFERRALS) + len(_RECENT_ENDED)


class Course(StrEnum):
    """How a case of the caseload goes."""

    ONE_OFF = "one_off"
    REFERRAL = "referral"
    CASE_MANAGEMENT = "case_management"


@dataclass(slots=True, kw_only=True)
class Plan:
    """One case to be told. `phase` is where an open case stands today, None where its age decides."""

    intake_on: date
    course: Course
    commune: str = ""
    closed_on: date | None = None
    reason: ClosureReason | None = None
    path: AccessPath | None = None
    level: AccessLevel = AccessLevel.SELF
    phase: Phase | None = None
    household: Household | None = None
    came_before: bool = False
    intake_pending: bool = False


def workday(day: date) -> date:
    """Return `day`, or the last working day before it."""
    while day.weekday() > 4 or (day.month, day.day) in {(1, 1), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26)}:
        day -= ONE_DAY
    return day


class Planner:
    """Deals the numbers out."""

    def __init__(self, chance: Random, figures: Mapping[str, Any], profile: DistrictProfile, today: date) -> None:
        self._chance = chance
        self._figures = figures
        self._profile = profile
        self._today = today
        self._year: int = figures["year"]

    def plans(self, households: HouseholdMaker) -> list[Plan]:
        """Return every case in the order of its intake, with its household."""
        plans = self._cases_of_the_year()
        self._deal_paths(plans)
        self._deal_communes(plans)
        plans.sort(key=lambda plan: plan.intake_on)
        self._deal_households(plans, households)
        recent = self._recent_cases()
        for plan in recent:
            plan.path = self._chance.choice([path for path in AccessPath if path is not AccessPath.OTHER])
            if plan.intake_pending:
                plan.path, plan.level = AccessPath.SOCIAL_ADMINISTRATION, AccessLevel.NOTIFIED
            plan.commune = self._chance.choices(list(self._figures["communes"]), self._figures["communes"].values())[0]
            size = self._chance.choice((1, 1, 2, 3, 4, 4, 5))
            plan.household = households.make(size, plan.intake_on, self._commune_name(plan.commune))
        for plan in (*plans, *recent):
            self._choose_level(plan)
        return [*plans, *sorted(recent, key=lambda plan: plan.intake_on)]

    def _commune_name(self, ags: str) -> str:
        return self._profile.commune_name(ags)

    def _between(self, first: date, last: date) -> date:
        """Return a working day in the span."""
        day = workday(first + timedelta(days=self._chance.randint(0, (last - first).days)))
        while day < first or day != workday(day):
            day += ONE_DAY
        return day

    def _in_year(self, first: tuple[int, int], last: tuple[int, int]) -> date:
        return self._between(date(self._year, *first), date(self._year, *last))

    def _cases_of_the_year(self) -> list[Plan]:
        status: Mapping[str, int] = self._figures["status"]
        end = date(self._year, 12, 21)
        plans = []
        for _ in range(status["one_off"]):
            day = self._in_year((1, 10), (12, 16))
            reason = ClosureReason.ONE_OFF_CONSULTATION
            plans.append(Plan(intake_on=day, course=Course.ONE_OFF, closed_on=day, reason=reason))
        for _ in range(status["referral"]):
            day = self._in_year((1, 10), (11, 11))
            closed_on = workday(min(day + timedelta(days=self._chance.randint(12, 50)), end))
            plans.append(
                Plan(intake_on=day, course=Course.REFERRAL, closed_on=closed_on, reason=ClosureReason.REFERRAL)
            )
        for reason in self._cycle(_CLOSED_IN_YEAR, status["closed"]):
            day = self._in_year((1, 10), (5, 31))
            closed_on = self._between(day + timedelta(days=150), end)
            plans.append(Plan(intake_on=day, course=Course.CASE_MANAGEMENT, closed_on=closed_on, reason=reason))
        for _ in range(status["unknown"]):
            day = self._in_year((1, 10), (9, 30))
            closed_on = workday(min(day + timedelta(days=self._chance.randint(35, 170)), end))
            plans.append(Plan(intake_on=day, course=Course.CASE_MANAGEMENT, closed_on=closed_on))
        return [*plans, *self._ongoing(status["ongoing"])]

    @staticmethod
    def _cycle(reasons: tuple[ClosureReason, ...], number: int) -> list[ClosureReason]:
        return [reasons[index % len(reasons)] for index in range(number)]

    def _ongoing(self, number: int) -> list[Plan]:
        """Return cases that were open at the end of the year; all but a few ended since."""
        still_open: int = self._figures["later"]["still_open"]
        plans = [Plan(intake_on=self._in_year((2, 1), (12, 14)), course=Course.CASE_MANAGEMENT) for _ in range(number)]
        first, last = date(self._year + 1, 1, 16), self._today - timedelta(days=40)
        if last <= first:
            return plans
        for plan, reason in zip(plans[still_open:], self._cycle(_CLOSED_LATER, number), strict=False):
            # More ended in the first year than in the third.
            share = self._chance.random() ** 1.7
            plan.closed_on = workday(first + timedelta(days=5 + int(share * (last - first).days)))
            plan.reason = reason
        return plans

    def _recent_cases(self) -> list[Plan]:
        plans = []
        for index, (phase, days) in enumerate(_RECENT):
            plans.append(
                Plan(
                    intake_on=self._days_ago(days),
                    course=Course.CASE_MANAGEMENT,
                    phase=phase,
                    intake_pending=index == 2,  # a notification whose intake is still to be held
                )
            )
        for days in _RECENT_REFERRALS:
            plans.append(Plan(intake_on=self._days_ago(days), course=Course.REFERRAL))
        for days, how in _RECENT_ENDED:
            day, course = self._days_ago(days), Course(how)
            if course is Course.ONE_OFF:
                plans.append(
                    Plan(intake_on=day, course=course, closed_on=day, reason=ClosureReason.ONE_OFF_CONSULTATION)
                )
            else:
                closed_on = workday(day + timedelta(days=20))
                plans.append(Plan(intake_on=day, course=course, closed_on=closed_on, reason=ClosureReason.REFERRAL))
        # A demonstration made soon after the year leaves its figures alone.
        return [plan for plan in plans if plan.intake_on.year > self._year]

    def _days_ago(self, days: int) -> date:
        return workday(self._today - timedelta(days=days))

    def _deal_paths(self, plans: list[Plan]) -> None:
        dealt: list[AccessPath | None] = []
        for name, number in self._figures["access"].items():
            dealt.extend([None if name == "unknown" else AccessPath(name)] * number)
        self._chance.shuffle(dealt)
        for plan, path in zip(plans, dealt, strict=True):
            plan.path = path

    def _deal_communes(self, plans: list[Plan]) -> None:
        """Spread the cases by largest remainder, so that the shares are exact."""
        weights: Mapping[str, int] = self._figures["communes"]
        exact = {ags: len(plans) * weight / sum(weights.values()) for ags, weight in weights.items()}
        numbers = {ags: int(share) for ags, share in exact.items()}
        by_remainder = sorted(exact, key=lambda ags: exact[ags] - numbers[ags], reverse=True)
        for ags in by_remainder[: len(plans) - sum(numbers.values())]:
            numbers[ags] += 1
        dealt = [ags for ags, number in numbers.items() for _ in range(number)]
        self._chance.shuffle(dealt)
        for plan, ags in zip(plans, dealt, strict=True):
            plan.commune = ags

    def _deal_households(self, plans: list[Plan], households: HouseholdMaker) -> None:
        """Give every case people; some one-off consultations come back as a case of the same people."""
        sizes = [int(size) for size, number in self._figures["households"].items() for _ in range(number)]
        self._chance.shuffle(sizes)
        came_back = self._returning(plans)
        for plan in plans:
            if id(plan) in came_back:
                plan.household, plan.came_before = came_back[id(plan)].household, True
            else:
                plan.household = households.make(sizes.pop(), plan.intake_on, self._commune_name(plan.commune))
        if sizes:
            raise ValueError("the households do not add up to the cases")

    def _returning(self, plans: list[Plan]) -> dict[int, Plan]:
        """Return for some later cases the earlier one-off consultation in the same commune."""
        found: dict[int, Plan] = {}
        number: int = self._figures["later"]["returning"]
        for first in plans:
            if first.course is not Course.ONE_OFF or len(found) == number:
                continue
            for later in plans:
                fits = later.course is Course.CASE_MANAGEMENT and later.commune == first.commune
                if fits and id(later) not in found and later.intake_on > first.intake_on + timedelta(days=60):
                    found[id(later)] = first
                    break
        return found

    def _choose_level(self, plan: Plan) -> None:
        """Half of the cases another office showed the way to are notifications of level 2."""
        if plan.phase is Phase.INTAKE:
            return
        if plan.course is Course.CASE_MANAGEMENT and plan.path not in (None, AccessPath.SELF):
            plan.level = self._chance.choice((AccessLevel.SELF, AccessLevel.NOTIFIED))
