"""A case file worked on at random: what was saved is what the file says, also after the vault was closed and opened.

A plain model in memory keeps what should be there. Each step does what a case manager may do, allowed or not; a step
that the rules refuse leaves everything as it was.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from hypothesis import Phase as HypothesisPhase
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.errors import CaseClosed, RuleBroken
from kimdesk.domain.phases import CaseFacts, current_phase
from kimdesk.domain.records import (
    AreaEntry,
    Assessment,
    Case,
    Contact,
    FollowUp,
    Goal,
    Measure,
    Member,
    Person,
    Referral,
    new_id,
)
from kimdesk.domain.vocabulary import (
    ClosureReason,
    Gender,
    GoalLevel,
    GoalState,
    IntakeOutcome,
    LifeArea,
    MeasureState,
    Phase,
    ReassessmentTrigger,
    ReferralResult,
    Relation,
    ResidenceStatus,
)
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.cases import CaseFilter, CaseService
from kimdesk.services.settings import SettingsService
from kimdesk.storage import Cost, KeyDerivation, Vault, create_vault, unlock

EXPLORES = bool(os.environ.get("KIMDESK_EXPLORE"))
PASSPHRASE = "Apfel Brücke Segel Laterne"
START = datetime(2026, 1, 7, 8, 30, tzinfo=UTC)
_CHEAP = Cost(1024 * 1024, 1)
CHEAP = KeyDerivation(_CHEAP, _CHEAP, Cost(64 * 1024 * 1024, 3), calibrated=False)

# Whatever a keyboard gives; the services strip white space at both ends. Surrogates are no text.
texts = st.text(st.characters(codec="utf-8"), max_size=30).map(str.strip)
some_text = texts.filter(bool)
entries = st.lists(
    st.builds(
        AreaEntry,
        life_area=st.sampled_from(LifeArea),
        resources=some_text,
        need=texts,
        scale=st.none() | st.integers(1, 5),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda entry: entry.life_area,
).map(tuple)
people = st.builds(
    Person,
    given_name=some_text,
    family_name=texts,
    date_of_birth=st.none() | st.dates(date(1940, 1, 1), date(2025, 12, 31)),
    gender=st.none() | st.sampled_from(Gender),
    languages=st.lists(st.sampled_from(["ar", "de", "uk", "ti"]), max_size=2, unique=True).map(tuple),
    residence_status=st.none() | st.sampled_from(ResidenceStatus),
)


@dataclass
class Model:
    """What should be in the file."""

    case: Case
    members: tuple[Member, ...]
    assessments: dict[UUID, Assessment] = field(default_factory=dict)
    goals: dict[UUID, Goal] = field(default_factory=dict)
    measures: dict[UUID, Measure] = field(default_factory=dict)
    referrals: dict[UUID, Referral] = field(default_factory=dict)
    contacts: dict[UUID, Contact] = field(default_factory=dict)
    follow_ups: dict[UUID, FollowUp] = field(default_factory=dict)
    skipped: dict[Phase, str] = field(default_factory=dict)

    def facts(self) -> CaseFacts:
        """Return the counts that the rules need, counted in Python; storage counts them in SQL."""
        outcome = [g for g in self.goals.values() if g.level is GoalLevel.OUTCOME and g.state is not GoalState.DROPPED]
        open_states = (MeasureState.PLANNED, MeasureState.REQUESTED, MeasureState.RUNNING)
        days = [one.held_on for one in self.assessments.values()]
        days += [one.sent_on for one in self.referrals.values()]
        days += [one.answered_on for one in self.referrals.values() if one.answered_on is not None]
        days += [one.at.date() for one in self.contacts.values()]
        days += [self.case.agreed_on] if self.case.agreed_on is not None else []
        needs = {e.life_area for one in self.assessments.values() for e in one.entries if e.need}
        return CaseFacts(
            access_level=self.case.access_level,
            intake_on=self.case.intake_on,
            outcome=self.case.outcome,
            consent_on=self.case.consent_on,
            persons=len(self.members),
            assessments=sum(one.trigger is None for one in self.assessments.values()),
            needs=len(needs),
            outcome_goals=len(outcome),
            vague_outcome_goals=sum(not goal.measured_by or goal.due_on is None for goal in outcome),
            agreed_on=self.case.agreed_on,
            measures=len(self.measures),
            open_measures=sum(measure.state in open_states for measure in self.measures.values()),
            contacts=len(self.contacts),
            referrals=len(self.referrals),
            unanswered_referrals=sum(one.result is ReferralResult.SENT for one in self.referrals.values()),
            reassessments=sum(one.trigger is not None for one in self.assessments.values()),
            closed_on=self.case.closed_on,
            closure_reason=self.case.closure_reason,
            latest_record_on=max(days, default=None),
            skipped=self.skipped,
        )


class CaseFileMachine(RuleBasedStateMachine):
    """Works on one case."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()) / "Tresor"
        self.clock = FixedClock(START)
        self.use(create_vault(self.folder, PASSPHRASE, name="Fälle", clock=self.clock, kdf=CHEAP).vault)

    def use(self, vault: Vault) -> None:
        self.vault = vault
        self.service = CaseService(vault, SettingsService(vault), self.clock)

    def teardown(self) -> None:
        self.vault.close()
        shutil.rmtree(self.folder.parent, ignore_errors=True)

    @property
    def today(self) -> date:
        return self.clock.today()

    @property
    def is_closed(self) -> bool:
        return self.model.case.closed_on is not None

    def count(self) -> None:
        self.model.case = replace(self.model.case, revision=self.model.case.revision + 1)

    # --- steps --------------------------------------------------------------------------------------------------------

    @initialize(
        client=people,
        others=st.lists(people, max_size=3),
        concern=some_text,
        outcome=st.sampled_from([IntakeOutcome.CASE_MANAGEMENT] * 4 + [IntakeOutcome.REFERRAL]),
        begun=st.none() | entries,
    )
    def consultation(
        self,
        client: Person,
        others: list[Person],
        concern: str,
        outcome: IntakeOutcome,
        begun: tuple[AreaEntry, ...] | None,
    ) -> None:
        members = (
            Member(person=client, relation=Relation.CLIENT),
            *(Member(person=other, relation=Relation.CHILD) for other in others),
        )
        case = Case(opened_on=self.today, intake_on=self.today, concern=concern, outcome=outcome)
        self.service.record_consultation(ConsultationEntry(case=case, members=members))
        self.model = Model(replace(case, number="KIM-2026-001", revision=1), members)
        if begun is not None:  # otherwise few of the examples would come to goals
            self.assessment(entries=begun, trigger=None)

    @rule(days=st.integers(1, 90))
    def time_passes(self, days: int) -> None:
        self.clock.advance(timedelta(days=days))

    @rule(members=st.lists(people, max_size=2))
    def household_changes(self, members: list[Person]) -> None:
        wanted = (
            self.model.members[0],
            *(Member(person=one, relation=Relation.OTHER_RELATIVE) for one in members),
        )
        if self.expect(lambda: self.service.save_members(self.model.case.id, wanted), refused=self.is_closed):
            self.model.members = wanted
            self.count()

    @rule(concern=some_text, consent=st.booleans())
    def case_changes(self, concern: str, consent: bool) -> None:
        wanted = replace(self.model.case, concern=concern, consent_on=self.today if consent else None)
        if self.expect(lambda: self.service.save_case(wanted), refused=self.is_closed):
            self.model.case = wanted
            self.count()

    @rule(entries=entries, trigger=st.none() | st.sampled_from(ReassessmentTrigger))
    def assessment(self, entries: tuple[AreaEntry, ...], trigger: ReassessmentTrigger | None) -> None:
        made = Assessment(
            case_id=self.model.case.id, held_on=self.today, trigger=trigger, entries=entries, note="gemeinsam"
        )
        refused = (
            self.is_closed
            or self.model.case.outcome is not IntakeOutcome.CASE_MANAGEMENT
            or (trigger is not None and not self.model.facts().assessments)
        )
        if self.expect(lambda: self.service.save_assessment(made), refused=refused):
            self.model.assessments[made.id] = made
            self.count()

    @precondition(lambda self: self.model.assessments)
    @rule(data=st.data(), entries=entries)
    def assessment_is_corrected(self, data: st.DataObject, entries: tuple[AreaEntry, ...]) -> None:
        made = replace(data.draw(st.sampled_from(list(self.model.assessments.values()))), entries=entries)
        if self.expect(lambda: self.service.save_assessment(made), refused=self.is_closed):
            self.model.assessments[made.id] = made
            self.count()

    @rule(
        text=some_text,
        measured_by=texts,
        due=st.none() | st.integers(0, 200),
        level=st.sampled_from([GoalLevel.OUTCOME, *GoalLevel]),
        state=st.sampled_from(GoalState),
    )
    def goal(self, text: str, measured_by: str, due: int | None, level: GoalLevel, state: GoalState) -> None:
        made = Goal(
            case_id=self.model.case.id,
            level=level,
            text=text,
            measured_by=measured_by,
            due_on=None if due is None else self.today + timedelta(days=due),
            state=state,
            position=len(self.model.goals),
        )
        refused = self.is_closed or not self.model.facts().assessments
        if self.expect(lambda: self.service.save_goal(made), refused=refused):
            self.model.goals[made.id] = made
            self.count()

    @precondition(lambda self: self.model.goals)
    @rule(data=st.data())
    def goal_is_deleted(self, data: st.DataObject) -> None:
        goal_id = data.draw(st.sampled_from(list(self.model.goals)))
        if self.expect(lambda: self.service.delete_goal(goal_id), refused=self.is_closed):
            del self.model.goals[goal_id]
            for measure in list(self.model.measures.values()):
                if measure.goal_id == goal_id:
                    self.model.measures[measure.id] = replace(measure, goal_id=None)
            self.count()

    @rule(data=st.data(), text=some_text, state=st.sampled_from(MeasureState))
    def measure(self, data: st.DataObject, text: str, state: MeasureState) -> None:
        goal_id = data.draw(st.none() | st.sampled_from(list(self.model.goals))) if self.model.goals else None
        made = Measure(case_id=self.model.case.id, goal_id=goal_id, text=text, state=state)
        if self.expect(lambda: self.service.save_measure(made), refused=self.is_closed):
            self.model.measures[made.id] = made
            self.count()

    @rule(review=st.none() | st.integers(1, 200))
    def agreement(self, review: int | None) -> None:
        review_on = None if review is None else self.today + timedelta(days=review)
        facts = self.model.facts()
        refused = self.is_closed or facts.outcome_goals == 0 or facts.vague_outcome_goals > 0
        work = lambda: self.service.agree_goals(self.model.case.id, self.today, "ar", "kommt", review_on)  # noqa: E731
        if self.expect(work, refused=refused):
            self.model.case = replace(
                self.model.case,
                agreed_on=self.today,
                agreement_language="ar",
                client_contribution="kommt",
                review_on=review_on,
            )
            self.count()

    @rule(receiver=some_text, result=st.sampled_from(ReferralResult))
    def referral(self, receiver: str, result: ReferralResult) -> None:
        made = Referral(
            case_id=self.model.case.id,
            receiver=receiver,
            sent_on=self.today,
            answer_due_on=self.today + timedelta(days=14),
            result=result,
            answered_on=None if result is ReferralResult.SENT else self.today,
        )
        if self.expect(lambda: self.service.save_referral(made), refused=self.is_closed):
            self.model.referrals[made.id] = made
            self.count()

    @rule(text=some_text, minutes=st.none() | st.integers(0, 240), hidden=st.booleans())
    def contact(self, text: str, minutes: int | None, hidden: bool) -> None:
        made = Contact(
            case_id=self.model.case.id,
            at=self.clock.now(),
            text=text,
            minutes=minutes,
            hidden_from_household=hidden,
        )
        if self.expect(lambda: self.service.save_contact(made), refused=self.is_closed):
            self.model.contacts[made.id] = made
            self.count()

    @rule(reason=some_text, days=st.integers(0, 30))
    def follow_up(self, reason: str, days: int) -> None:
        made = FollowUp(case_id=self.model.case.id, due_on=self.today + timedelta(days=days), reason=reason)
        if self.expect(lambda: self.service.save_follow_up(made), refused=self.is_closed):
            self.model.follow_ups[made.id] = made
            self.count()

    @precondition(lambda self: self.model.follow_ups)
    @rule(data=st.data(), done=st.booleans())
    def follow_up_is_ticked(self, data: st.DataObject, done: bool) -> None:
        made = data.draw(st.sampled_from(list(self.model.follow_ups.values())))
        (self.service.complete_follow_up if done else self.service.reopen_follow_up)(made.id)
        self.model.follow_ups[made.id] = replace(made, done_on=self.today if done else None)
        self.count()

    @rule(phase=st.sampled_from(Phase), reason=texts)
    def phase_is_skipped(self, phase: Phase, reason: str) -> None:
        refused = self.is_closed or not reason or phase not in (Phase.AGREEMENT, Phase.REASSESSMENT)
        if self.expect(lambda: self.service.skip_phase(self.model.case.id, phase, reason), refused=refused):
            self.model.skipped = {**self.model.skipped, phase: reason}
            self.count()

    # A case that is closed early takes nothing more, and there would be little to find.
    @precondition(lambda self: self.model.case.revision >= 8)
    @rule(reason=st.sampled_from(ClosureReason), note=texts)
    def closure(self, reason: ClosureReason, note: str) -> None:
        facts = self.model.facts()
        refused = (
            self.is_closed
            or (reason is ClosureReason.REFERRAL and not facts.referrals)
            or (reason is ClosureReason.GOALS_REACHED and not facts.outcome_goals)
            or (reason is ClosureReason.ONE_OFF_CONSULTATION and (facts.assessments or facts.measures) > 0)
        )
        if self.expect(lambda: self.service.close_case(self.model.case.id, self.today, reason, note), refused=refused):
            stored = self.service.file(self.model.case.id).case
            assert stored.delete_after is not None
            assert stored.delete_after > self.today
            self.model.case = replace(
                self.model.case,
                closed_on=self.today,
                closure_reason=reason,
                closure_note=note,
                delete_after=stored.delete_after,
            )
            self.count()

    @precondition(lambda self: self.is_closed)
    @rule()
    def reopening(self) -> None:
        self.service.reopen_case(self.model.case.id)
        self.model.case = replace(self.model.case, closed_on=None, closure_reason=None, delete_after=None)
        self.count()

    @rule()
    def another_case_does_not_disturb(self) -> None:
        person = Person(id=new_id(), given_name="Zweite", family_name="Person")
        case = Case(opened_on=self.today, intake_on=self.today, concern="anderes", outcome=IntakeOutcome.LITTLE_NEED)
        member = Member(person=person, relation=Relation.CLIENT)
        self.service.record_consultation(ConsultationEntry(case=case, members=(member,)))

    @rule()
    def the_vault_is_closed_and_opened(self) -> None:
        self.vault.close()
        self.use(unlock(self.folder, PASSPHRASE, clock=self.clock, kdf=CHEAP))

    def expect(self, work: object, *, refused: bool) -> bool:
        """Do `work`; return whether it went through, and fail where the rules see it differently."""
        try:
            work()  # type: ignore[operator]  # a closure of the step
        except (RuleBroken, CaseClosed):
            assert refused
            return False
        assert not refused
        return True

    # --- what always holds --------------------------------------------------------------------------------------------

    @invariant()
    def the_file_says_what_was_saved(self) -> None:
        if not hasattr(self, "model"):
            return
        file = self.service.file(self.model.case.id)
        assert file.case == self.model.case
        assert file.members == self.model.members
        assert {one.id: one for one in file.assessments} == self.model.assessments
        assert {one.id: one for one in file.goals} == self.model.goals
        assert {one.id: one for one in file.measures} == self.model.measures
        assert {one.id: one for one in file.referrals} == self.model.referrals
        assert {one.id: one for one in file.contacts} == self.model.contacts
        assert {one.id: one for one in file.follow_ups} == self.model.follow_ups
        assert replace(file.facts, reassessment_due_on=None) == self.model.facts()

    @invariant()
    def list_and_file_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        listed = {summary.id: summary for summary in self.service.list(CaseFilter(status="all"))}
        summary = listed[self.model.case.id]
        assert summary.phases == self.service.file(self.model.case.id).phases
        assert summary.phase is current_phase(self.model.facts())
        assert summary.persons == tuple(member.person.name for member in self.model.members)


# Shrinking takes minutes here, as every attempt makes a vault; KIMDESK_EXPLORE=1 does it.
CaseFileMachine.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=30,
    phases=[phase for phase in HypothesisPhase if EXPLORES or phase is not HypothesisPhase.shrink],
)
TestCaseFile = CaseFileMachine.TestCase
