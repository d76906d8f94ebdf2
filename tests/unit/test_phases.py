"""The phase rules, held against any facts a case file can give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.domain.errors import CaseClosed, RuleBroken
from kimdesk.domain.phases import (
    SKIPPABLE,
    CaseFacts,
    current_phase,
    ensure_agreement_allowed,
    ensure_assessment_allowed,
    ensure_goal_allowed,
    ensure_may_close,
    ensure_may_skip,
    ensure_open,
    ensure_outcome_allowed,
    ensure_reassessment_allowed,
    ensure_referral_allowed,
    is_needed,
    missing_for,
    next_step,
    phase_key,
    phase_states,
)
from kimdesk.domain.vocabulary import AccessLevel, ClosureReason, IntakeOutcome, Phase, PhaseStatus

DAY = date(2026, 3, 2)
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
few = st.integers(0, 2)


@st.composite
def any_facts(draw: st.DrawFn) -> CaseFacts:
    """Draw facts a file can have, plausible or not."""
    return CaseFacts(
        access_level=draw(st.sampled_from(AccessLevel)),
        intake_on=draw(st.none() | days),
        outcome=draw(st.none() | st.sampled_from(IntakeOutcome)),
        consent_on=draw(st.none() | days),
        persons=draw(few),
        assessments=draw(few),
        needs=draw(few),
        outcome_goals=draw(few),
        vague_outcome_goals=draw(few),
        agreed_on=draw(st.none() | days),
        measures=draw(few),
        open_measures=draw(few),
        contacts=draw(few),
        referrals=draw(few),
        unanswered_referrals=draw(few),
        reassessments=draw(few),
        closed_on=draw(st.none() | days),
        closure_reason=draw(st.none() | st.sampled_from(ClosureReason)),
        latest_record_on=draw(st.none() | days),
        skipped=draw(st.dictionaries(st.sampled_from(sorted(SKIPPABLE)), st.just("Grund"))),
    )


@given(any_facts())
def test_exactly_one_phase_is_now_unless_the_case_is_closed(facts: CaseFacts) -> None:
    states = phase_states(facts)
    now = [state for state in states if state.status is PhaseStatus.NOW]
    assert [state.phase for state in states] == list(Phase)
    if facts.closed_on is None:
        assert [state.phase for state in now] == [current_phase(facts)]
        assert next_step(facts) == now[0].missing[0]
    else:
        assert not now
        assert current_phase(facts) is Phase.CLOSURE
        assert next_step(facts) == ""
        assert {state.status for state in states} <= {PhaseStatus.DONE, PhaseStatus.SKIPPED}


@given(any_facts())
def test_nothing_before_now_is_open_and_what_is_done_lacks_nothing(facts: CaseFacts) -> None:
    before_now = True
    for state in phase_states(facts):
        if state.status is PhaseStatus.NOW:
            before_now = False
        if state.status is PhaseStatus.OPEN:
            assert not before_now
        if state.status is PhaseStatus.DONE:
            assert state.phase is Phase.CLOSURE or missing_for(state.phase, facts) == ()
        if state.status is PhaseStatus.SKIPPED:
            assert state.reason


@given(any_facts(), any_facts())
def test_equal_keys_give_equal_answers(one: CaseFacts, other: CaseFacts) -> None:
    # Most drawn pairs differ, so one that differs only in what must not matter is tried as well.
    twin = replace(one, needs=one.needs + 1, persons=one.persons and one.persons + 3, latest_record_on=DAY)
    for compared in (other, twin):
        if phase_key(one) == phase_key(compared):
            assert phase_states(one) == phase_states(compared)
            assert next_step(one) == next_step(compared)
    assert phase_key(one) == phase_key(twin)


@given(any_facts())
def test_a_phase_shown_as_now_can_be_worked_on(facts: CaseFacts) -> None:
    """The next step is never one that the rules refuse."""
    if facts.closed_on is not None:
        return
    match current_phase(facts):
        case Phase.ASSESSMENT:
            ensure_assessment_allowed(facts)
        case Phase.GOALS:
            ensure_goal_allowed(facts)
        case Phase.AGREEMENT:
            ensure_agreement_allowed(facts, max(facts.intake_on or DAY, DAY))
        case Phase.REASSESSMENT:
            ensure_reassessment_allowed(facts)
        case Phase.COORDINATION:
            ensure_referral_allowed(facts)
        case _:
            ensure_open(facts)


@given(st.sampled_from(IntakeOutcome))
def test_a_notification_of_level_2_gets_the_full_process(outcome: IntakeOutcome) -> None:
    ensure_outcome_allowed(AccessLevel.SELF, outcome)
    ensure_outcome_allowed(AccessLevel.NOTIFIED, None)
    if outcome is IntakeOutcome.CASE_MANAGEMENT:
        ensure_outcome_allowed(AccessLevel.NOTIFIED, outcome)
    else:
        with pytest.raises(RuleBroken) as refused:
            ensure_outcome_allowed(AccessLevel.NOTIFIED, outcome)
        assert refused.value.field_name == "outcome"


@given(any_facts(), days, st.sampled_from(ClosureReason), days)
def test_whatever_may_be_closed_keeps_the_closing_rules(
    facts: CaseFacts, closed_on: date, reason: ClosureReason, today: date
) -> None:
    try:
        ensure_may_close(facts, closed_on, reason, today)
    except CaseClosed:
        assert facts.closed_on is not None
        return
    except RuleBroken as refused:
        assert refused.field_name in ("closed_on", "closure_reason")
        return
    assert facts.closed_on is None
    assert facts.intake_on is not None
    assert facts.intake_on <= closed_on <= today
    assert facts.latest_record_on is None or facts.latest_record_on <= closed_on
    assert reason is not ClosureReason.REFERRAL or facts.referrals
    assert reason is not ClosureReason.GOALS_REACHED or facts.outcome_goals
    if reason is ClosureReason.ONE_OFF_CONSULTATION:
        assert facts.access_level is AccessLevel.SELF
        assert facts.assessments == facts.measures == 0


@given(any_facts())
def test_a_closed_case_takes_nothing_more(facts: CaseFacts) -> None:
    closed = replace(facts, closed_on=DAY)
    for rule in (
        ensure_open,
        ensure_assessment_allowed,
        ensure_goal_allowed,
        ensure_reassessment_allowed,
        ensure_referral_allowed,
    ):
        with pytest.raises(CaseClosed):
            rule(closed)


RUNNING = CaseFacts(
    intake_on=DAY, outcome=IntakeOutcome.CASE_MANAGEMENT, consent_on=DAY, persons=2, assessments=1, outcome_goals=1
)


def test_a_case_walks_through_its_phases_one_by_one() -> None:
    walk = [
        ({}, Phase.ACCESS),
        ({"persons": 1}, Phase.INTAKE),
        ({"intake_on": DAY, "consent_on": DAY, "outcome": IntakeOutcome.CASE_MANAGEMENT}, Phase.ASSESSMENT),
        ({"assessments": 1}, Phase.GOALS),
        ({"outcome_goals": 1, "vague_outcome_goals": 1}, Phase.GOALS),
        ({"vague_outcome_goals": 0}, Phase.AGREEMENT),
        ({"agreed_on": DAY}, Phase.COORDINATION),
        ({"measures": 1, "open_measures": 1}, Phase.MONITORING),
        ({"open_measures": 0}, Phase.MONITORING),
        ({"contacts": 1}, Phase.REASSESSMENT),
        ({"reassessments": 1}, Phase.CLOSURE),
    ]
    facts = CaseFacts()
    for change, phase in walk:
        facts = replace(facts, **change)  # type: ignore[arg-type]  # one table for fields of many types
        assert current_phase(facts) is phase


def test_a_referral_asks_for_the_referral_and_for_nothing_it_would_refuse() -> None:
    facts = CaseFacts(persons=1, intake_on=DAY, consent_on=DAY, outcome=IntakeOutcome.REFERRAL)
    assert next_step(facts) == "Tragen Sie den Fallverweis ein."
    waiting = replace(facts, referrals=1, unanswered_referrals=1)
    assert current_phase(waiting) is Phase.MONITORING
    answered = replace(facts, referrals=1)
    assert current_phase(answered) is Phase.CLOSURE
    statuses = {state.phase: state.status for state in phase_states(answered)}
    assert statuses[Phase.ASSESSMENT] is statuses[Phase.REASSESSMENT] is PhaseStatus.SKIPPED


@pytest.mark.parametrize("outcome", [IntakeOutcome.LITTLE_NEED, IntakeOutcome.SETTLED_DIRECTLY])
def test_a_matter_settled_at_the_intake_leads_to_its_closure(outcome: IntakeOutcome) -> None:
    facts = CaseFacts(persons=1, intake_on=DAY, consent_on=DAY, outcome=outcome)
    assert current_phase(facts) is Phase.CLOSURE
    assert not is_needed(Phase.COORDINATION, outcome)


def test_an_agreement_lies_after_the_intake_and_needs_smart_goals() -> None:
    ensure_agreement_allowed(RUNNING, DAY)
    with pytest.raises(RuleBroken, match="nicht vor der Erstberatung"):
        ensure_agreement_allowed(RUNNING, DAY - timedelta(days=1))
    with pytest.raises(RuleBroken, match="woran Sie es messen"):
        ensure_agreement_allowed(replace(RUNNING, vague_outcome_goals=1), DAY)


def test_an_assessment_needs_an_intake_that_led_into_case_management() -> None:
    ensure_assessment_allowed(RUNNING)
    for lacking in (replace(RUNNING, intake_on=None), replace(RUNNING, outcome=IntakeOutcome.REFERRAL)):
        with pytest.raises(RuleBroken, match="Erstberatung voraus"):
            ensure_assessment_allowed(lacking)


@given(st.sampled_from(Phase), st.text())
def test_only_some_phases_may_be_left_out_and_only_with_a_reason(phase: Phase, reason: str) -> None:
    if phase in SKIPPABLE and reason.strip():
        ensure_may_skip(phase, reason)
    else:
        with pytest.raises(RuleBroken):
            ensure_may_skip(phase, reason)
