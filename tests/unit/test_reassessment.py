"""What asks for a reassessment, and what has changed since the last, from plain records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from kimdesk.domain.case_work import CaseWork
from kimdesk.domain.checklist_hints import HintKind, hints_for, opportunity_reminder
from kimdesk.domain.network import ResidencePeriod
from kimdesk.domain.phases import CaseFacts
from kimdesk.domain.reassessment import Occasion, changes_between, occasions
from kimdesk.domain.records import AreaEntry, Assessment, Case, Measure, Member, Person
from kimdesk.domain.views import CaseFile
from kimdesk.domain.vocabulary import (
    LegalDomain,
    LifeArea,
    MeasureState,
    ReassessmentTrigger,
    Relation,
    ResidenceStatus,
)

TODAY = date(2026, 11, 20)
CASE, PERSON = UUID(int=1), UUID(int=2)
HELD = date(2026, 6, 1)


def file(**parts: object) -> CaseFile:
    empty: dict[str, object] = {
        "case": Case(id=CASE, opened_on=HELD),
        "commune_name": "",
        "members": (),
        "facts": CaseFacts(reassessment_due_on=date(2026, 12, 1)),
        "phases": (),
        "next_step": "",
        "assessments": (Assessment(case_id=CASE, held_on=HELD),),
        "goals": (),
        "measures": (),
        "referrals": (),
        "contacts": (),
        "follow_ups": (),
        "timeline": (),
    }
    return CaseFile(**{**empty, **parts})  # type: ignore[arg-type]


def period(day: date | None, status: ResidenceStatus | None, domain: LegalDomain | None = None) -> ResidencePeriod:
    return ResidencePeriod(person_id=PERSON, valid_from=day, residence_status=status, legal_domain=domain)


def test_what_happened_since_the_last_assessment_is_an_occasion() -> None:
    history = (
        period(None, ResidenceStatus.TOLERATION, LegalDomain.ASYLBLG),
        period(date(2026, 5, 1), ResidenceStatus.TOLERATION, LegalDomain.SGB_II),  # before the assessment
        period(date(2026, 8, 1), ResidenceStatus.OPPORTUNITY_RESIDENCE),
        period(date(2026, 9, 1), None, LegalDomain.SGB_XII),
    )
    failed = Measure(case_id=CASE, text="Kurs", state=MeasureState.FAILED, ended_on=date(2026, 10, 1))
    found = occasions(file(work=CaseWork(residence_periods=history), measures=(failed,)), TODAY)
    assert found == (
        Occasion(ReassessmentTrigger.FAILED_MEASURE, date(2026, 10, 1)),
        Occasion(ReassessmentTrigger.LEGAL_DOMAIN_CHANGE, date(2026, 9, 1)),
        Occasion(ReassessmentTrigger.STATUS_CHANGE, date(2026, 8, 1)),
    )


def test_the_interval_counts_from_its_day_and_never_without_an_assessment() -> None:
    due = file(facts=CaseFacts(reassessment_due_on=TODAY))
    assert occasions(due, TODAY - timedelta(days=1)) == ()
    assert occasions(due, TODAY) == (Occasion(ReassessmentTrigger.INTERVAL, TODAY),)
    assert occasions(replace(due, assessments=()), TODAY) == ()


def test_each_area_says_how_it_moved() -> None:
    before = Assessment(
        case_id=CASE,
        held_on=HELD,
        entries=(
            AreaEntry(life_area=LifeArea.HOUSING, scale=2, need="Wohnung"),
            AreaEntry(life_area=LifeArea.LANGUAGE, scale=3),
        ),
    )
    now = replace(
        before,
        entries=(AreaEntry(life_area=LifeArea.HOUSING, scale=4), AreaEntry(life_area=LifeArea.HEALTH, need="Zahn")),
    )
    found = {one.area: one for one in changes_between(before, now)}
    assert (found[LifeArea.HOUSING].step, found[LifeArea.HOUSING].need_now) == (2, "")
    assert found[LifeArea.LANGUAGE].step is None
    assert found[LifeArea.HEALTH].need_now == "Zahn"
    assert list(found) == [area for area in LifeArea if area in found]


@pytest.mark.parametrize(
    ("kind", "person", "said"),
    [
        (HintKind.THREE_YEARS, {"entered_germany_on": date(2024, 2, 29)}, [(date(2027, 2, 28), 3)]),
        (HintKind.FIVE_YEARS, {"entered_germany_on": date(2020, 1, 31)}, [(date(2025, 1, 31), 5)]),
        (HintKind.BEFORE_27, {"date_of_birth": date(2000, 5, 4)}, [(date(2027, 5, 4), None)]),
        (HintKind.SIXTEEN, {"date_of_birth": date(2012, 5, 4)}, [(date(2028, 5, 4), None)]),
        (HintKind.THREE_YEARS, {}, [(None, None)]),
        (HintKind.TITLE_END, {"residence_expires_on": date(2027, 1, 10)}, [(date(2027, 1, 10), None)]),
        (HintKind.APPLY_BEFORE_END, {"residence_expires_on": date(2027, 1, 10)}, [(date(2026, 7, 10), None)]),
    ],
)
def test_hints_carry_the_day_the_law_speaks_of(
    kind: HintKind, person: dict[str, date], said: list[tuple[date | None, int | None]]
) -> None:
    who = Person(given_name="A", family_name="B", **person)  # type: ignore[arg-type]
    assert [(hint.day, hint.n) for hint in hints_for(kind, who, (), TODAY)] == said


def test_four_years_are_named_only_with_a_minor_child_in_the_household() -> None:
    parent = Person(given_name="A", family_name="B", entered_germany_on=date(2021, 3, 1))
    child = Member(
        person=Person(given_name="C", family_name="B", date_of_birth=date(2015, 1, 1)), relation=Relation.CHILD
    )
    grown = Member(person=replace(child.person, date_of_birth=date(2005, 1, 1)), relation=Relation.CHILD)
    years = [hint.n for hint in hints_for(HintKind.SIX_OR_FOUR_YEARS, parent, (child,), TODAY) if hint.n]
    assert years == [4, 6]
    assert [hint.n for hint in hints_for(HintKind.SIX_OR_FOUR_YEARS, parent, (grown,), TODAY)] == [6]


def test_only_a_running_title_under_104c_is_reminded_of_early() -> None:
    title = Person(
        given_name="A",
        family_name="B",
        residence_status=ResidenceStatus.OPPORTUNITY_RESIDENCE,
        residence_expires_on=date(2027, 1, 10),
    )
    assert opportunity_reminder(title) == date(2026, 7, 10)
    assert opportunity_reminder(replace(title, residence_status=ResidenceStatus.TOLERATION)) is None
