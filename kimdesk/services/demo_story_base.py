"""What the telling of one made-up case rests on: chance, texts, people, and the day after which nothing happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from kimdesk.domain.records import (
    Assessment,
    Contact,
    FollowUp,
    Goal,
    Measure,
    Referral,
    SkippedPhase,
)
from kimdesk.domain.vocabulary import (
    AccessLevel,
    LifeArea,
)
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.offers.demo_directory import directory_offer_id
from kimdesk.services.demo_households import Household
from kimdesk.services.demo_plan import Plan, workday
from kimdesk.services.demo_texts import AreaText, DemoTexts, fitting_lines
from kimdesk.services.districts import DistrictProfile

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What today's desk shall show of an open case."""

    waiting_since: date | None = None
    reassessment_overdue: bool = False
    follow_ups: tuple[tuple[date, str], ...] = ()


@dataclass(slots=True)
class Need:
    """A need found in an assessment, with the text it came from."""

    area: LifeArea
    text: AreaText
    scale: int


@dataclass(slots=True)
class Records:
    assessments: list[Assessment] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    skipped: list[SkippedPhase] = field(default_factory=list)
    offers: list[UUID] = field(default_factory=list)


class StoryBase:
    """One case in the telling: its plan, its people, its end, and how texts and days are found."""

    def __init__(
        self, chance: Random, texts: DemoTexts, profile: DistrictProfile, today: date, plan: Plan, hints: Hints
    ) -> None:
        assert plan.household is not None  # dealt out by the planner
        self._chance = chance
        self._texts = texts
        self._profile = profile
        self._today = today
        self._plan = plan
        self._hints = hints
        self._household: Household = plan.household
        self._traits = self._household.traits | ({"notified"} if plan.level is AccessLevel.NOTIFIED else set())
        self._commune = profile.commune_name(plan.commune)
        self._names = self._household.names(self._commune)
        self._case_id = self._new_id()
        # Everything dated stays before the end of an ended case and before today in an open one.
        self._end = plan.closed_on or workday(today - timedelta(days=1))
        self._out = Records()

    # --- small helpers ------------------------------------------------------------------------------------------------

    def _new_id(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)

    def _fill(self, text: str, who: str = "any", more: Mapping[str, str] | None = None) -> str:
        child = self._household.child_for(who, self._plan.intake_on)
        return text.format_map({**self._names, "child": child, **(more or {})})

    def _one_of(self, name: str) -> str:
        return self._fill(self._chance.choice(fitting_lines(self._texts.lists[name], self._traits)))

    def _fitting(self, texts: Iterable[T]) -> list[T]:
        return [text for text in texts if getattr(text, "who", "any") in self._traits]

    def _after(self, day: date, least: int, most: int) -> date:
        """Return a working day some days after `day`, at the latest the end of the case."""
        return max(workday(min(day + timedelta(days=self._chance.randint(least, most)), self._end)), day)

    def _moment(self, day: date) -> datetime:
        at = time(self._chance.randint(8, 16), self._chance.choice((0, 5, 15, 20, 30, 40, 45)))
        return datetime.combine(day, at, OFFICE_ZONE).astimezone(UTC)

    def _offer(self, key: str) -> UUID | None:
        return directory_offer_id(self._profile.id, key) if key else None

    def _interpreter(self) -> str:
        if self._household.community.language == "en":
            return ""
        return f"{self._household.community.interpreter}, Sprachmittlerpool"
