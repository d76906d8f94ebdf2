"""Access and intake: new cases, their household, skipped phases, closing and reopening."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from kimdesk.domain.checks import checked_case, checked_consultation, checked_members
from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.deadlines import Retention, deletion_date
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.phases import CaseFacts, ensure_may_close, ensure_may_skip, ensure_one_off, ensure_open
from kimdesk.domain.records import Case, FollowUp, Member, SkippedPhase
from kimdesk.domain.vocabulary import ClosureReason, IntakeOutcome, Phase
from kimdesk.foundation.errors import N_
from kimdesk.services.case_base import CASES, CASES_AND_FIGURES, EVERYTHING_OF_A_CASE, CaseDesk
from kimdesk.services.changes import Written
from kimdesk.storage import case_records, case_work
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.tables.cases import follow_ups

ONE_OFF_OUTCOMES = frozenset({IntakeOutcome.LITTLE_NEED, IntakeOutcome.SETTLED_DIRECTLY})


class CaseIntake(CaseDesk):
    """Opens and closes cases."""

    def record_consultation(self, entry: ConsultationEntry) -> Written[UUID]:
        """Store a first consultation as a new case and return its id.

        A consultation that settles the matter (outcomes 1 and 2) is closed at once as one-off; one that ends with a
        referral stays open until the referral is recorded. Raises `RuleBroken` naming the first field that is wrong.
        """
        today = self._clock.today()
        entry = checked_consultation(entry, today)
        case = replace(_with_closure_of(entry.case, Case(opened_on=entry.case.opened_on)), revision=1, leads=True)
        if case.outcome in ONE_OFF_OUTCOMES and case.intake_on is not None:
            ensure_one_off(CaseFacts(access_level=case.access_level))
            retention = self._settings.profile().retention
            case = _closed(case, case.intake_on, ClosureReason.ONE_OFF_CONSULTATION, retention)
        with self._vault.unit_of_work() as unit:
            case = replace(case, number=store.next_number(unit.connection, (case.intake_on or case.opened_on).year))
            store.add_case(unit.connection, case, entry.members)
            case_work.note_status(unit.connection, {}, case.id, today)
            unit.record(AuditEntry(AuditAction.CREATE, "case", case.id))
            if entry.follow_up_on is not None:
                follow_up = FollowUp(case_id=case.id, due_on=entry.follow_up_on, reason=entry.follow_up_reason)
                if not follow_up.reason:
                    follow_up = replace(follow_up, reason=N_("Fall wieder ansehen"))
                case_records.save(unit.connection, follow_ups, follow_up)
            unit.commit()
        return Written(case.id, EVERYTHING_OF_A_CASE)

    def save_case(self, case: Case) -> Written[None]:
        """Store access, intake and agreement fields of a case; number, revision and closure stay as they are.

        Raises `CaseClosed`, `CaseNotFound`, `RuleBroken`.
        """
        today = self._clock.today()
        with self._changing(case.id) as change:
            ensure_open(change.facts)
            case = checked_case(case, today)
            self._keep_process(case, change.facts)
            before = store.case_of(change.unit.connection, case.id)
            kept = replace(
                _with_closure_of(case, before), number=before.number, revision=before.revision, leads=before.leads
            )
            store.update_case(change.unit.connection, kept)
            change.log(AuditAction.CHANGE, "case")
        return Written(None, CASES_AND_FIGURES)

    @staticmethod
    def _keep_process(case: Case, facts: CaseFacts) -> None:
        """Refuse to take the ground away from under what was already recorded."""
        if facts.assessments and case.outcome is not IntakeOutcome.CASE_MANAGEMENT:
            raise RuleBroken(
                N_("Im Fall gibt es schon ein Assessment. Das Ergebnis bleibt „Fallmanagement aufgenommen“."),
                field_name="outcome",
            )
        if case.intake_on is None and (facts.assessments or facts.referrals or facts.intake_on is not None):
            raise RuleBroken(N_("Bitte tragen Sie das Datum der Erstberatung ein."), field_name="intake_on")

    def save_members(self, case_id: UUID, members: tuple[Member, ...]) -> Written[None]:
        """Make `members` the household of the case; a changed status goes into the person's history.

        Raises `CaseClosed`, `CaseNotFound`, `RuleBroken`.
        """
        with self._changing(case_id) as change:
            ensure_open(change.facts)
            before = case_work.statuses_of(change.unit.connection, case_id)
            store.put_members(change.unit.connection, case_id, checked_members(members, self._clock.today()))
            case_work.note_status(change.unit.connection, before, case_id, self._clock.today())
            change.log(AuditAction.CHANGE, "members")
        return Written(None, EVERYTHING_OF_A_CASE)

    def skip_phase(self, case_id: UUID, phase: Phase, reason: str) -> Written[None]:
        """Leave a phase out, with the reason. Raises `RuleBroken` for a phase that cannot be left out."""
        ensure_may_skip(phase, reason)
        with self._changing(case_id) as change:
            ensure_open(change.facts)
            store.put_skipped(change.unit.connection, SkippedPhase(case_id=case_id, phase=phase, reason=reason.strip()))
            change.log(AuditAction.CHANGE, "phase", phase=phase.value)
        return Written(None, CASES)

    def unskip_phase(self, case_id: UUID, phase: Phase) -> Written[None]:
        """Take a phase up again that was left out."""
        with self._changing(case_id) as change:
            ensure_open(change.facts)
            store.drop_skipped(change.unit.connection, SkippedPhase(case_id=case_id, phase=phase, reason=""))
            change.log(AuditAction.CHANGE, "phase", phase=phase.value)
        return Written(None, CASES)

    def close_case(
        self,
        case_id: UUID,
        closed_on: date | None,
        reason: ClosureReason | None,
        note: str = "",
        remaining_needs: str = "",
        client_feedback: str = "",
    ) -> Written[None]:
        """Close a case with date and reason; the day of deletion follows from the district's retention.

        Raises `RuleBroken` naming the field, `CaseClosed`, `CaseNotFound`.
        """
        if reason is None:
            raise RuleBroken(N_("Bitte wählen Sie, warum der Fall endet."), field_name="closure_reason")
        if closed_on is None:
            raise RuleBroken(N_("Bitte tragen Sie ein, wann der Fall endet."), field_name="closed_on")
        retention = self._settings.profile().retention  # read before the unit of work, which holds the connection
        with self._changing(case_id) as change:
            ensure_may_close(change.facts, closed_on, reason, self._clock.today())
            case = replace(
                _closed(store.case_of(change.unit.connection, case_id), closed_on, reason, retention),
                closure_note=note.strip(),
                remaining_needs=remaining_needs.strip(),
                client_feedback=client_feedback.strip(),
            )
            store.update_case(change.unit.connection, case)
            change.log(AuditAction.CHANGE, "closure", reason=reason.value)
        return Written(None, EVERYTHING_OF_A_CASE)

    def reopen_case(self, case_id: UUID) -> Written[None]:
        """Take a closed case up again; date, reason and day of deletion go, the texts of the closure stay."""
        with self._changing(case_id) as change:
            if change.facts.closed_on is None:
                raise RuleBroken(N_("Der Fall ist nicht abgeschlossen."))
            case = store.case_of(change.unit.connection, case_id)
            store.update_case(
                change.unit.connection, replace(case, closed_on=None, closure_reason=None, delete_after=None)
            )
            change.log(AuditAction.CHANGE, "reopened")
        return Written(None, EVERYTHING_OF_A_CASE)


def _closed(case: Case, closed_on: date, reason: ClosureReason, retention: Retention) -> Case:
    delete_after = deletion_date(closed_on, reason, retention)
    return replace(case, closed_on=closed_on, closure_reason=reason, delete_after=delete_after)


def _with_closure_of(case: Case, other: Case) -> Case:
    return replace(
        case,
        closed_on=other.closed_on,
        closure_reason=other.closure_reason,
        closure_note=other.closure_note,
        remaining_needs=other.remaining_needs,
        client_feedback=other.client_feedback,
        delete_after=other.delete_after,
    )
