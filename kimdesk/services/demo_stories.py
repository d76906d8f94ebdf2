"""Tells one made-up case: what was seen, agreed, done and answered, each on its day and never after the case's end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from kimdesk.domain.deadlines import deletion_date, referral_answer_due
from kimdesk.domain.records import (
    AreaEntry,
    Assessment,
    Case,
    FollowUp,
    Goal,
    Measure,
    Referral,
    SkippedPhase,
)
from kimdesk.domain.vocabulary import (
    AccessLevel,
    Actor,
    ClosureReason,
    GoalLevel,
    GoalState,
    IntakeOutcome,
    LifeArea,
    MeasureState,
    Phase,
    Place,
    ReassessmentTrigger,
    ReferralResult,
    Urgency,
)
from kimdesk.services.demo_plan import Course, Plan, workday
from kimdesk.services.demo_record import RunningRecord
from kimdesk.services.demo_story_base import Hints, Need
from kimdesk.services.demo_texts import DemoTexts, ReferralText
from kimdesk.services.districts import DistrictProfile
from kimdesk.storage.cases import StoredFile


class Storyteller:
    """Tells cases from a seeded source of chance."""

    def __init__(self, chance: Random, texts: DemoTexts, profile: DistrictProfile, today: date) -> None:
        self._chance = chance
        self._texts = texts
        self._profile = profile
        self._today = today

    def tell(self, plan: Plan, hints: Hints) -> StoredFile:
        """Return the whole file of a planned case, without its number."""
        return _Story(self._chance, self._texts, self._profile, self._today, plan, hints).told()


class _Story(RunningRecord):
    """Tells what happens in each phase."""

    # --- the whole ----------------------------------------------------------------------------------------------------

    def told(self) -> StoredFile:
        """Return the file."""
        plan = self._plan
        case = self._access()
        match plan.course:
            case Course.ONE_OFF:
                text = self._chance.choice(self._fitting(self._texts.one_off))
                case = replace(case, concern=self._fill(text.text, text.who), outcome=text.outcome)
            case Course.REFERRAL:
                case = self._referred(case)
            case Course.CASE_MANAGEMENT:
                case = self._managed(case)
        if plan.closed_on is not None:
            case = self._closed(case, plan.closed_on)
        else:
            for due_on, reason in self._hints.follow_ups:
                self._out.follow_ups.append(FollowUp(id=self._new_id(), case_id=case.id, due_on=due_on, reason=reason))
        out = self._out
        lists: Sequence[Sequence[object]] = (out.assessments, out.goals, out.measures, out.referrals, out.contacts)
        return StoredFile(
            case=replace(case, revision=1 + sum(len(records) for records in lists)),
            members=self._household.members,
            assessments=tuple(out.assessments),
            goals=tuple(out.goals),
            measures=tuple(out.measures),
            referrals=tuple(out.referrals),
            contacts=tuple(sorted(out.contacts, key=lambda contact: contact.at)),
            follow_ups=tuple(out.follow_ups),
            skipped=tuple(out.skipped),
            remembered_offers=tuple(dict.fromkeys(out.offers)),
        )

    def _access(self) -> Case:
        plan, chance = self._plan, self._chance
        notified = plan.level is AccessLevel.NOTIFIED and plan.path is not None
        notifier = chance.choice(self._texts.notifiers[str(plan.path)]) if notified else ""
        helpers = "War bereits zu einer Einmalberatung hier" if plan.came_before else self._one_of("helpers")
        return Case(
            id=self._case_id,
            commune=plan.commune,
            opened_on=workday(plan.intake_on - timedelta(days=6)) if notified else plan.intake_on,
            access_level=plan.level,
            access_path=plan.path,
            notifier=self._fill(notifier),
            intake_on=plan.intake_on,
            place=chance.choices((Place.OFFICE, Place.OUTREACH, Place.HOME, Place.PHONE), (12, 3, 3, 1))[0],
            language=self._household.community.language,
            interpreter=self._interpreter() if chance.random() < 0.6 else "",
            urgency=chance.choices(tuple(Urgency), (2, 6, 3, 1))[0],
            existing_helpers=helpers,
            consent_on=plan.intake_on,
            safe_contact=self._one_of("safe_contacts") if chance.random() < 0.06 else "",
            address_protected=chance.random() < 0.015,
        )

    def _closed(self, case: Case, closed_on: date) -> Case:
        reason = self._plan.reason
        notes = self._texts.closures.get(str(reason), ()) if reason is not None else ()
        reached = reason is ClosureReason.GOALS_REACHED
        return replace(
            case,
            closed_on=closed_on,
            closure_reason=reason,
            closure_note=self._fill(self._chance.choice(notes)) if notes else "",
            remaining_needs=self._one_of("remaining_needs") if reached else "",
            client_feedback=self._one_of("feedback") if reached else "",
            delete_after=deletion_date(closed_on, reason, self._profile.retention),
        )

    # --- referral at the intake ---------------------------------------------------------------------------------------

    def _referred(self, case: Case) -> Case:
        text = self._chance.choice(self._fitting(self._texts.referrals))
        sent_on = self._after(self._plan.intake_on, 0, 4)
        self._out.referrals.append(self._referral(text, sent_on, answered=self._plan.closed_on is not None))
        return replace(case, concern=self._fill(text.concern, text.who), outcome=IntakeOutcome.REFERRAL)

    def _referral(self, text: ReferralText, sent_on: date, *, answered: bool) -> Referral:
        chance = self._chance
        referral = Referral(
            id=self._new_id(),
            case_id=self._case_id,
            receiver=text.receiver,
            legal_domain=text.domain,
            offer_id=self._offer(text.offer),
            reason=text.reason,
            release_basis=f"Schweigepflichtentbindung vom {sent_on:%d.%m.%Y}",
            sent_on=sent_on,
            appointment_on=workday(sent_on + timedelta(days=chance.randint(6, 20))),
            answer_due_on=referral_answer_due(sent_on),
            we_stay_lead=self._plan.course is Course.CASE_MANAGEMENT,
        )
        if not answered:
            return referral
        results = (ReferralResult.COMPLETED, ReferralResult.ACCEPTED, ReferralResult.NO_SHOW, ReferralResult.DECLINED)
        result = chance.choices(results, (6, 5, 1, 1))[0]
        came = result in (ReferralResult.COMPLETED, ReferralResult.ACCEPTED)
        return replace(
            referral,
            result=result,
            answered_on=self._after(sent_on, 5, 20),
            answer=text.answer if came else "Zum Termin ist niemand erschienen, ein neuer ist angeboten.",
        )

    # --- case management ----------------------------------------------------------------------------------------------

    def _managed(self, case: Case) -> Case:
        plan = self._plan
        concern = self._chance.choice(self._fitting(self._texts.concerns))
        case = replace(case, concern=self._fill(concern.text, concern.who), outcome=IntakeOutcome.CASE_MANAGEMENT)
        if plan.phase is Phase.INTAKE:
            return self._at_intake(case)
        if plan.phase is Phase.ASSESSMENT:
            return case
        needs = self._first_assessment(concern.areas)
        held_on = self._out.assessments[0].held_on
        if (self._end - held_on).days < 10 and plan.closed_on is not None:
            return case
        vague = plan.phase is Phase.GOALS
        chosen = sorted(needs, key=lambda need: need.scale)[: self._chance.randint(2, 3)]
        if vague:
            if plan.intake_on.toordinal() % 2:
                self._goal(chosen[0], held_on, vague=True)
            self.keep_record(needs)
            return case
        self._guiding_goal()
        goals = [self._goal(need, held_on) for need in chosen]
        if plan.phase is Phase.AGREEMENT:
            self.keep_record(needs)
            return case
        case = self._agreed(case, held_on)
        if plan.phase is not Phase.COORDINATION:
            self._coordinated(chosen, goals, case.agreed_on or held_on)
            self._reassessed(needs, held_on)
            self._settle_goals()
        self.keep_record(needs)
        if plan.closed_on is None:
            keys = [offer for need in chosen if (offer := self._offer(need.text.offer)) is not None]
            self._out.offers.extend(keys[:2])
        return case

    def _at_intake(self, case: Case) -> Case:
        """Return one of three ways in which an intake is not finished yet."""
        if (self._today - self._plan.intake_on).days <= 1:
            return replace(case, consent_on=None)
        if self._plan.intake_pending:
            return replace(
                case, opened_on=self._plan.intake_on, intake_on=None, consent_on=None, outcome=None, place=None
            )
        return replace(case, outcome=None)

    def _first_assessment(self, areas: Sequence[LifeArea]) -> list[Need]:
        held_on = self._after(self._plan.intake_on, 5, 21)
        wanted = list(areas)
        others = [area for area in LifeArea if area not in wanted]
        wanted += self._chance.sample(others, self._chance.randint(1, 3))
        needs: list[Need] = []
        entries: list[AreaEntry] = []
        for area in wanted:
            texts = self._fitting(self._texts.areas[area])
            if not texts:
                continue
            text = self._chance.choice(texts)
            if area in areas or len(needs) < 2:
                need = Need(area, text, self._chance.choices((1, 2, 3), (2, 4, 2))[0])
                needs.append(need)
                entries.append(self._entry(need))
            else:
                # What goes well is written down too: resources come first.
                entries.append(AreaEntry(life_area=area, resources=self._fill(text.resources, text.who), scale=4))
        self._out.assessments.append(
            Assessment(
                id=self._new_id(),
                case_id=self._case_id,
                held_on=held_on,
                note=self._one_of("assessment_notes"),
                entries=tuple(sorted(entries, key=lambda entry: list(LifeArea).index(entry.life_area))),
            )
        )
        return needs

    def _entry(self, need: Need) -> AreaEntry:
        text = need.text
        urgencies = {1: Urgency.AT_ONCE, 2: Urgency.HIGH, 3: Urgency.NORMAL}
        return AreaEntry(
            life_area=need.area,
            resources=self._fill(text.resources, text.who),
            situation=self._fill(text.situation, text.who),
            need=self._fill(text.need, text.who),
            client_view=self._fill(text.view, text.who) if self._chance.random() < 0.8 else "",
            urgency=urgencies[need.scale],
            scale=need.scale,
        )

    def _guiding_goal(self) -> None:
        text = self._one_of("guiding_goals")
        self._out.goals.append(
            Goal(id=self._new_id(), case_id=self._case_id, level=GoalLevel.GUIDING, text=text, position=0)
        )

    def _goal(self, need: Need, from_day: date, *, vague: bool = False) -> Goal:
        goal = Goal(
            id=self._new_id(),
            case_id=self._case_id,
            life_area=need.area,
            text=self._fill(need.text.goal, need.text.who),
            measured_by="" if vague else self._fill(need.text.measured_by, need.text.who),
            due_on=None if vague else workday(from_day + timedelta(days=self._chance.randint(70, 190))),
            position=len(self._out.goals),
        )
        self._out.goals.append(goal)
        return goal

    def _agreed(self, case: Case, held_on: date) -> Case:
        agreed_on = self._after(held_on, 5, 18)
        settles = self._plan.phase in (None, Phase.MONITORING)
        if settles and self._chance.random() < 0.07:
            reason = self._one_of("skip_agreement")
            self._out.skipped.append(SkippedPhase(case_id=case.id, phase=Phase.AGREEMENT, reason=reason))
            return case
        return replace(
            case,
            agreed_on=agreed_on,
            agreement_language=self._household.community.language,
            client_contribution=self._one_of("contributions"),
            review_on=workday(agreed_on + timedelta(days=182)),
        )

    def _coordinated(self, needs: Sequence[Need], goals: Sequence[Goal], from_day: date) -> None:
        for need, goal in zip(needs, goals, strict=True):
            self._measures_for(need, goal, from_day)
        if self._chance.random() < 0.45 and (self._end - from_day).days > 35:
            text = self._chance.choice(self._fitting(self._texts.referrals))
            self._out.referrals.append(self._referral(text, self._after(from_day, 3, 14), answered=True))
        if self._hints.waiting_since is not None:
            sent = {referral.receiver for referral in self._out.referrals}
            text = self._chance.choice(
                [text for text in self._fitting(self._texts.referrals) if text.receiver not in sent]
            )
            self._out.referrals.append(self._referral(text, self._hints.waiting_since, answered=False))

    def _measures_for(self, need: Need, goal: Goal, from_day: date) -> None:
        chance = self._chance
        last = goal.due_on or from_day + timedelta(days=90)
        for position, (actor, text) in enumerate(need.text.measures):
            span = max(20, (last - from_day).days)
            due_on = workday(from_day + timedelta(days=span * (position + 1) // (len(need.text.measures) + 1)))
            measure = Measure(
                id=self._new_id(),
                case_id=self._case_id,
                goal_id=goal.id,
                text=self._fill(text, need.text.who),
                actor=actor,
                provider=need.text.provider if actor is Actor.PROVIDER or position == 0 else "",
                offer_id=self._offer(need.text.offer) if position == 0 else None,
                legal_domain=need.text.domain,
                due_on=due_on,
            )
            ends_well = self._plan.reason is ClosureReason.GOALS_REACHED
            finished = self._plan.phase in (Phase.REASSESSMENT, Phase.CLOSURE) or ends_well
            if finished or due_on <= self._end:
                failed = not finished and chance.random() < 0.1
                state = MeasureState.FAILED if failed else MeasureState.DONE
                result = "" if failed else self._one_of("results")
                obstacle = self._one_of("obstacles") if failed else ""
                measure = replace(measure, state=state, result=result, obstacle=obstacle)
            else:
                states = (MeasureState.RUNNING, MeasureState.REQUESTED, MeasureState.PLANNED)
                measure = replace(measure, state=chance.choice(states))
            self._out.measures.append(measure)

    def _reassessed(self, needs: list[Need], held_on: date) -> None:
        """Look at the areas again about every half year; an open case's last look was lately, or is overdue."""
        plan = self._plan
        if plan.phase in (Phase.MONITORING, Phase.REASSESSMENT):
            return
        if plan.phase is Phase.CLOSURE and (self._today - plan.intake_on).days < 350:
            reason = self._one_of("skip_reassessment")
            self._out.skipped.append(SkippedPhase(case_id=self._case_id, phase=Phase.REASSESSMENT, reason=reason))
            return
        open_case = plan.closed_on is None
        # The last one of an open case is counted back from today, the others lie evenly before it.
        back = self._chance.randint(188, 225) if self._hints.reassessment_overdue else self._chance.randint(15, 140)
        last = self._end - timedelta(days=back if open_case else 25)
        span = (last - held_on).days
        number = max(1, round(span / 182)) if open_case and span >= 100 else max(0, span // 182)
        for index in range(1, number + 1):
            self._reassess(needs, workday(held_on + timedelta(days=span * index // number)))
        if open_case and plan.phase is None and not self._hints.reassessment_overdue:
            self._carry_on(needs, last)

    def _reassess(self, needs: list[Need], day: date) -> None:
        chance = self._chance
        entries = []
        for need in needs:
            need.scale = min(5, need.scale + chance.choices((0, 1, 2), (3, 6, 1))[0])
            settled = need.scale >= 4
            entries.append(
                AreaEntry(
                    life_area=need.area,
                    resources=self._fill(need.text.resources, need.text.who),
                    situation=self._fill(need.text.better if need.scale > 2 else need.text.situation, need.text.who),
                    need="" if settled else self._fill(need.text.need, need.text.who),
                    urgency=Urgency.LOW if settled else Urgency.NORMAL,
                    scale=need.scale,
                )
            )
        triggers = [ReassessmentTrigger.INTERVAL] * 6
        triggers += [ReassessmentTrigger.STATUS_CHANGE, ReassessmentTrigger.LEGAL_DOMAIN_CHANGE]
        if any(measure.state is MeasureState.FAILED for measure in self._out.measures):
            triggers += [ReassessmentTrigger.FAILED_MEASURE] * 3
        trigger = chance.choice(triggers)
        self._out.assessments.append(
            Assessment(
                id=self._new_id(),
                case_id=self._case_id,
                held_on=day,
                trigger=trigger,
                note=self._fill(chance.choice(self._texts.reassessments[trigger.value])),
                entries=tuple(sorted(entries, key=lambda entry: list(LifeArea).index(entry.life_area))),
            )
        )

    def _carry_on(self, needs: list[Need], day: date) -> None:
        """Give a long case a goal that came out of its last reassessment, so that something runs today."""
        have = {need.area for need in needs}
        fresh = [
            Need(area, text, 3)
            for area, texts in self._texts.areas.items()
            if area not in have
            for text in self._fitting(texts)
        ]
        need = self._chance.choice(fresh)
        goal = replace(
            self._goal(need, day), due_on=workday(self._today + timedelta(days=self._chance.randint(25, 120)))
        )
        self._out.goals[-1] = goal
        self._measures_for(need, goal, max(day, self._end - timedelta(days=20)))

    def _settle_goals(self) -> None:
        """Let every goal stand where its measures stand."""
        reason = self._plan.reason
        settled = []
        for goal in self._out.goals:
            states = {measure.state for measure in self._out.measures if measure.goal_id == goal.id}
            if goal.level is GoalLevel.GUIDING:
                state = GoalState.OPEN
            elif reason is ClosureReason.GOALS_REACHED:
                state = GoalState.REACHED
            elif states == {MeasureState.DONE} and (goal.due_on or self._end) <= self._end:
                state = self._chance.choice((GoalState.REACHED, GoalState.REACHED, GoalState.PARTLY_REACHED))
            elif self._plan.phase in (Phase.REASSESSMENT, Phase.CLOSURE):
                state = GoalState.REACHED
            else:
                state = GoalState.OPEN
            settled.append(replace(goal, state=state))
        self._out.goals = settled
