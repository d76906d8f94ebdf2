"""Every made-up case keeps the rules of case work, as if it had been typed in day by day, and reads like a real one."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, datetime, time
from uuid import UUID

import pytest

from kimdesk.domain.checks import (
    checked_assessment,
    checked_case,
    checked_contact,
    checked_follow_up,
    checked_goal,
    checked_measure,
    checked_members,
    checked_referral,
)
from kimdesk.domain.deadlines import age_on, deletion_date, reassessment_due
from kimdesk.domain.phases import (
    CaseFacts,
    current_phase,
    ensure_agreement_allowed,
    ensure_assessment_allowed,
    ensure_goal_allowed,
    ensure_may_close,
    ensure_may_skip,
    ensure_one_off,
    ensure_open,
    ensure_reassessment_allowed,
    ensure_referral_allowed,
)
from kimdesk.domain.records import Person
from kimdesk.domain.views import HomeView
from kimdesk.domain.vocabulary import (
    AccessLevel,
    ClosureReason,
    GoalLevel,
    GoalState,
    IntakeOutcome,
    Phase,
    ReferralResult,
    Relation,
)
from kimdesk.foundation.clock import OFFICE_ZONE, FixedClock
from kimdesk.offers.demo_directory import load_directory
from kimdesk.services.cases import CaseFilter, CaseService
from kimdesk.services.demo_caseload import Caseload, build_demo
from kimdesk.services.settings import SettingsService
from kimdesk.storage import Vault
from kimdesk.storage.cases import StoredFile

TODAY = date(2026, 11, 20)
NOW = datetime.combine(TODAY, time(9, 30), OFFICE_ZONE)


def replay(file: StoredFile, today: date) -> None:
    """Hold a file against every rule, each record on its own day, and the closure at the end."""
    case = file.case
    assert checked_case(case, today) == case
    assert checked_members(file.members, today) == file.members
    facts = CaseFacts(
        access_level=case.access_level,
        intake_on=case.intake_on,
        outcome=case.outcome,
        consent_on=case.consent_on,
        persons=len(file.members),
    )
    events: list[tuple[date, int, object]] = []
    events += [(one.held_on, 0, one) for one in file.assessments]
    events += [(one.sent_on, 3, one) for one in file.referrals]
    events += [(one.at.astimezone(OFFICE_ZONE).date(), 4, one) for one in file.contacts]
    for day, kind, record in sorted(events, key=lambda event: event[:2]):
        assert case.closed_on is None or day <= case.closed_on, (case.number, record)
        assert day <= today, (case.number, record)
        ensure_open(facts)
        if kind == 0:
            facts = after_assessment(facts, file, record)
        elif kind == 3:
            facts = after_referral(facts, record, today)
        else:
            checked = checked_contact(record, NOW)  # type: ignore[arg-type]  # by its kind above
            assert checked == record
            facts = replace(facts, contacts=facts.contacts + 1)
        facts = replace(facts, latest_record_on=max(day, facts.latest_record_on or day))
    for skipped in file.skipped:
        ensure_may_skip(skipped.phase, skipped.reason)
    close(facts, file, today)


def after_assessment(facts: CaseFacts, file: StoredFile, record: object) -> CaseFacts:
    assessment = next(one for one in file.assessments if one is record)
    ensure_assessment_allowed(facts)
    assert checked_assessment(assessment, TODAY, facts.intake_on) == assessment
    if assessment.trigger is not None:
        ensure_reassessment_allowed(facts)
        return replace(facts, reassessments=facts.reassessments + 1)
    facts = replace(facts, assessments=1)
    outcome_goals = [goal for goal in file.goals if goal.level is GoalLevel.OUTCOME]
    for goal in file.goals:
        ensure_goal_allowed(facts)
        assert checked_goal(goal) == goal
    vague = sum(not goal.measured_by or goal.due_on is None for goal in outcome_goals)
    facts = replace(facts, outcome_goals=len(outcome_goals), vague_outcome_goals=vague)
    if file.case.agreed_on is not None:
        ensure_agreement_allowed(facts, file.case.agreed_on)
        facts = replace(facts, agreed_on=file.case.agreed_on)
    goal_ids = {goal.id for goal in file.goals}
    for measure in file.measures:
        assert checked_measure(measure) == measure
        assert measure.goal_id in goal_ids
    return replace(facts, measures=len(file.measures))


def after_referral(facts: CaseFacts, record: object, today: date) -> CaseFacts:
    ensure_referral_allowed(facts)
    checked = checked_referral(record, today, facts.intake_on)  # type: ignore[arg-type]  # by its kind in `replay`
    assert checked == record
    latest = max(facts.latest_record_on or checked.sent_on, checked.answered_on or checked.sent_on)
    return replace(facts, referrals=facts.referrals + 1, latest_record_on=latest)


def close(facts: CaseFacts, file: StoredFile, today: date) -> None:
    case = file.case
    latest = max((day for day in (facts.latest_record_on, case.agreed_on) if day is not None), default=None)
    facts = replace(facts, latest_record_on=latest)
    if case.outcome in (IntakeOutcome.LITTLE_NEED, IntakeOutcome.SETTLED_DIRECTLY):
        ensure_one_off(facts)
        assert case.closed_on == case.intake_on
        assert case.closure_reason is ClosureReason.ONE_OFF_CONSULTATION
    if case.closed_on is None:
        assert case.closure_reason is None
        assert case.delete_after is None
    else:
        # A closure without a recorded reason came from an older list; the rest of the rule holds for it too.
        ensure_may_close(facts, case.closed_on, case.closure_reason or ClosureReason.OTHER, today)
        assert case.delete_after == deletion_date(case.closed_on, case.closure_reason)


def test_every_case_keeps_the_rules(caseload: Caseload) -> None:
    for file in caseload.files:
        replay(file, TODAY)


def test_follow_ups_belong_to_the_life_of_their_case(caseload: Caseload) -> None:
    for file in caseload.files:
        for follow_up in file.follow_ups:
            assert checked_follow_up(follow_up) == follow_up
            assert follow_up.due_on >= file.case.opened_on, file.case.number
            assert follow_up.done_on is None or follow_up.done_on <= (file.case.closed_on or TODAY)
        is_open = file.case.closed_on is None
        assert any(follow_up.done_on is None for follow_up in file.follow_ups) == is_open, file.case.number


def texts_of(record: object) -> list[str]:
    return [str(getattr(record, field.name)) for field in fields(record)]  # type: ignore[arg-type]  # all dataclasses


def test_no_text_has_a_place_left_open_or_an_empty_name_in_it(caseload: Caseload) -> None:
    for file in caseload.files:
        for group in (file.assessments, file.goals, file.measures, file.referrals, file.contacts, file.follow_ups):
            for record in group:
                for text in texts_of(record):
                    assert not re.search(r"\{\w+\}|  |^ | $| \.", text), (file.case.number, text)
        assert not re.search(r"\{\w+\}|  ", file.case.concern + file.case.closure_note)


def test_households_are_plausible(caseload: Caseload) -> None:
    for file in caseload.files:
        day = file.case.intake_on or file.case.opened_on
        client = file.members[0]
        assert client.relation is Relation.CLIENT
        assert 18 <= age(client.person, day) <= 80
        names = [member.person.given_name for member in file.members]
        assert len(set(names)) == len(names), file.case.number
        for member in file.members:
            if member.relation is Relation.CHILD:
                assert age(member.person, day) <= age(client.person, day) - 18, file.case.number
            if member.relation is Relation.PARENT:
                assert age(member.person, day) >= age(client.person, day) + 18
            person = member.person
            assert person.date_of_birth is not None
            assert person.entered_germany_on is None or person.date_of_birth <= person.entered_germany_on <= day


def age(person: Person, day: date) -> int:
    assert person.date_of_birth is not None
    return age_on(person.date_of_birth, day)


def test_notified_cases_name_who_notified_them(caseload: Caseload) -> None:
    notified = [file.case for file in caseload.files if file.case.access_level is AccessLevel.NOTIFIED]
    assert len(notified) >= 20
    assert all(case.notifier for case in notified)


def test_goals_of_cases_that_reached_them_are_reached(caseload: Caseload) -> None:
    for file in caseload.files:
        if file.case.closure_reason is ClosureReason.GOALS_REACHED:
            states = {goal.state for goal in file.goals if goal.level is GoalLevel.OUTCOME}
            assert states == {GoalState.REACHED}, file.case.number


@pytest.fixture
def service(vault: Vault, clock: FixedClock) -> CaseService:
    """Return the case service on a vault with the caseload in it."""
    build_demo(vault, clock)
    return CaseService(vault, SettingsService(vault), clock)


def test_what_is_stored_is_what_was_generated(service: CaseService, caseload: Caseload) -> None:
    by_id: dict[UUID, StoredFile] = {file.case.id: file for file in caseload.files}
    for case_id in list(by_id)[::12]:
        stored, made = service.file(case_id), by_id[case_id]
        assert stored.case == made.case
        assert stored.members == made.members
        assert set(stored.measures) == set(made.measures)
        assert (stored.goals, stored.assessments) == (made.goals, made.assessments)
        assert tuple(reversed(stored.contacts)) == made.contacts
        assert set(stored.follow_ups) == set(made.follow_ups)
        assert stored.facts.skipped == {skipped.phase: skipped.reason for skipped in made.skipped}
        assert stored.remembered_offers == made.remembered_offers


def test_every_phase_but_access_has_an_open_case(service: CaseService) -> None:
    listed = service.list()
    assert {summary.phase for summary in listed} == set(Phase) - {Phase.ACCESS}
    assert 25 <= len(listed) <= 45
    assert len(service.list(CaseFilter(status="all"))) == 171


def test_the_home_screen_has_something_in_every_place(service: CaseService) -> None:
    home: HomeView = service.home()
    assert len(home.overdue) == 4
    assert len(home.due_today) == 3
    assert home.this_week  # a Friday: what is left of the week is its weekend
    assert 4 <= len(home.expiring) <= 14
    assert home.expiring[0].due_on < TODAY
    assert len(home.waiting) == 6
    assert home.waiting[0].due_on < TODAY < home.waiting[-1].due_on
    assert 3 <= len(home.reassessments) <= 8


def test_long_cases_were_looked_at_lately(service: CaseService) -> None:
    for summary in service.list():
        file = service.file(summary.id)
        if file.contacts and (TODAY - file.case.opened_on).days > 60:
            newest = file.contacts[0].at.astimezone(OFFICE_ZONE).date()
            assert (TODAY - newest).days <= 16, summary.number


def test_referrals_wait_or_have_an_answer(caseload: Caseload) -> None:
    for file in caseload.files:
        for referral in file.referrals:
            assert (referral.result is ReferralResult.SENT) == (referral.answered_on is None)
            if file.case.closed_on is not None:
                assert referral.answered_on is not None


def test_facts_of_the_rules_fit_the_phase_shown(service: CaseService) -> None:
    for summary in service.list(CaseFilter(status="all"))[::10]:
        file = service.file(summary.id)
        assert current_phase(file.facts) is summary.phase
        assert file.phases == summary.phases
        if file.facts.reassessment_due_on is not None:
            last = max(assessment.held_on for assessment in file.assessments)
            assert file.facts.reassessment_due_on == reassessment_due(last)


def test_offers_kept_and_used_are_in_the_directory_that_comes_along(caseload: Caseload) -> None:
    known = {offer.id for offer in load_directory("unna").offers}
    used = {offer_id for file in caseload.files for offer_id in file.remembered_offers}
    used |= {measure.offer_id for file in caseload.files for measure in file.measures if measure.offer_id}
    used |= {referral.offer_id for file in caseload.files for referral in file.referrals if referral.offer_id}
    assert len(used) >= 15
    assert used <= known
