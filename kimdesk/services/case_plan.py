"""The plan: assessments, goals, measures and the agreement about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from kimdesk.domain.checks import checked_assessment, checked_goal, checked_measure, ensure_parent_fits
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.phases import (
    ensure_agreement_allowed,
    ensure_assessment_allowed,
    ensure_goal_allowed,
    ensure_open,
    ensure_reassessment_allowed,
)
from kimdesk.domain.plan_versions import PlanVersion
from kimdesk.domain.records import Assessment, Goal, Measure
from kimdesk.foundation.errors import N_
from kimdesk.services.case_base import CASES, CASES_AND_FIGURES, CaseDesk, Change, RecordGone
from kimdesk.services.changes import Written
from kimdesk.storage import case_records, case_work
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditAction
from kimdesk.storage.offer_gaps import forget_origin, note_measure
from kimdesk.storage.tables.cases import goals, measures


class CasePlan(CaseDesk):
    """Writes what the plan is made of. All raise `CaseClosed`, `CaseNotFound`, `RuleBroken`."""

    def save_assessment(self, assessment: Assessment) -> Written[None]:
        """Store an assessment, or a reassessment where it has a trigger."""
        with self._changing(assessment.case_id) as change:
            ensure_assessment_allowed(change.facts)
            if assessment.trigger is not None:
                ensure_reassessment_allowed(change.facts)
            assessment = checked_assessment(assessment, self._clock.today(), change.facts.intake_on)
            new = store.save_assessment(change.unit.connection, assessment)
            change.saved(new=new, part="assessment", record_id=assessment.id)
        return Written(None, CASES_AND_FIGURES)

    def save_goal(self, goal: Goal) -> Written[None]:
        """Store a goal."""
        with self._changing(goal.case_id) as change:
            ensure_goal_allowed(change.facts)
            goal = checked_goal(goal)
            if goal.parent_id is not None:
                parent = store.record_by_id(change.unit.connection, Goal, goals, goal.parent_id)
                ensure_parent_fits(goal, parent)
            new = case_records.save(change.unit.connection, goals, goal)
            change.saved(new=new, part="goal", record_id=goal.id)
        return Written(None, CASES_AND_FIGURES)

    def delete_goal(self, goal_id: UUID) -> Written[Goal]:
        """Delete a goal and return it, so that `save_goal` can undo it; its measures stay, without a goal."""
        goal = self._stored_goal(goal_id)
        with self._changing(goal.case_id) as change:
            ensure_open(change.facts)
            below = goals.update().where(goals.c.parent_id == goal_id).values(parent_id=None)
            change.unit.connection.execute(below)
            change.unit.connection.execute(goals.delete().where(goals.c.id == goal_id))
            change.log(AuditAction.DELETE, "goal", goal_id)
        return Written(goal, CASES_AND_FIGURES)

    def save_measure(self, measure: Measure) -> Written[None]:
        """Store a measure."""
        with self._changing(measure.case_id) as change:
            ensure_open(change.facts)
            measure = checked_measure(measure)
            if measure.goal_id is not None:
                goal = store.record_by_id(change.unit.connection, Goal, goals, measure.goal_id)
                if goal is None or goal.case_id != measure.case_id:
                    raise RuleBroken(
                        N_("Das Ziel dieser Maßnahme gibt es nicht mehr. Bitte wählen Sie ein anderes."),
                        field_name="goal_id",
                    )
            new = case_records.save(change.unit.connection, measures, measure)
            note_measure(change.unit.connection, measure, self._clock.today(), change.unit.moment)
            change.saved(new=new, part="measure", record_id=measure.id)
        return Written(None, CASES)

    def delete_measure(self, measure_id: UUID) -> Written[Measure]:
        """Delete a measure and return it, so that `save_measure` can undo it."""
        with self._vault.reader() as connection:
            measure = store.record_by_id(connection, Measure, measures, measure_id)
        if measure is None:
            raise RecordGone()
        with self._changing(measure.case_id) as change:
            ensure_open(change.facts)
            change.unit.connection.execute(measures.delete().where(measures.c.id == measure_id))
            forget_origin(change.unit.connection, measure_id)
            change.log(AuditAction.DELETE, "measure", measure_id)
        return Written(measure, CASES)

    def agree_goals(
        self,
        case_id: UUID,
        agreed_on: date | None,
        language: str = "",
        client_contribution: str = "",
        review_on: date | None = None,
        signed_by_client_on: date | None = None,
        signed_by_case_manager_on: date | None = None,
        signature_note: str = "",
    ) -> Written[None]:
        """Store the goal agreement; each outcome goal must be SMART by then.

        The goals and measures of now are kept as a version of the plan. Storing the agreement of the same day again
        corrects its version; another day makes the next one.
        """
        if agreed_on is None:
            raise RuleBroken(
                N_("Bitte tragen Sie ein, wann die Zielvereinbarung geschlossen wurde."), field_name="agreed_on"
            )
        if agreed_on > self._clock.today():
            raise RuleBroken(
                N_("Das Datum der Vereinbarung liegt in der Zukunft. Bitte prüfen Sie es."), field_name="agreed_on"
            )
        if review_on is not None and review_on <= agreed_on:
            raise RuleBroken(
                N_("Die Überprüfung liegt nicht nach der Vereinbarung. Bitte prüfen Sie das Datum."),
                field_name="review_on",
            )
        for name, signed_on in (
            ("signed_by_client_on", signed_by_client_on),
            ("signed_by_case_manager_on", signed_by_case_manager_on),
        ):
            if signed_on is not None and signed_on > self._clock.today():
                raise RuleBroken(
                    N_("Die Unterschrift liegt in der Zukunft. Bitte prüfen Sie das Datum."), field_name=name
                )
        with self._changing(case_id) as change:
            ensure_agreement_allowed(change.facts, agreed_on)
            self._keep_version(
                change,
                PlanVersion(
                    case_id=case_id,
                    agreed_on=agreed_on,
                    language=language.strip(),
                    client_contribution=client_contribution.strip(),
                    review_on=review_on,
                    signed_by_client_on=signed_by_client_on,
                    signed_by_case_manager_on=signed_by_case_manager_on,
                    signature_note=signature_note.strip(),
                ),
            )
            case = store.case_of(change.unit.connection, case_id)
            store.update_case(
                change.unit.connection,
                replace(
                    case,
                    agreed_on=agreed_on,
                    agreement_language=language.strip(),
                    client_contribution=client_contribution.strip(),
                    review_on=review_on,
                ),
            )
            change.log(AuditAction.CHANGE, "agreement")
        return Written(None, CASES)

    @staticmethod
    def _keep_version(change: Change, version: PlanVersion) -> None:
        connection = change.unit.connection
        versions = case_work.versions_of(connection, version.case_id)
        stored = store.file_of(connection, version.case_id)
        latest = versions[0] if versions else None
        if latest is not None and latest.agreed_on > version.agreed_on:
            raise RuleBroken(
                N_("Es gibt schon eine spätere Vereinbarung. Bitte prüfen Sie das Datum."), field_name="agreed_on"
            )
        if latest is not None and latest.agreed_on == version.agreed_on:
            version = replace(version, id=latest.id, number=latest.number)
        else:
            version = replace(version, number=latest.number + 1 if latest is not None else 1)
        case_work.save_version(connection, replace(version, goals=stored.goals, measures=stored.measures))

    def _stored_goal(self, goal_id: UUID) -> Goal:
        with self._vault.reader() as connection:
            goal = store.record_by_id(connection, Goal, goals, goal_id)
        if goal is None:
            raise RecordGone()
        return goal
