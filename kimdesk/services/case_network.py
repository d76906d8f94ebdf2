"""Who is involved in a case and what may be told to whom: helpers, interpreters, status history, consents, § 8a."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.network import ChildProtectionNote, Consent, Helper, InterpreterBooking, ResidencePeriod
from kimdesk.domain.network_checks import (
    checked_booking,
    checked_child_protection,
    checked_consent,
    checked_helper,
    checked_period,
)
from kimdesk.domain.phases import ensure_open
from kimdesk.foundation.errors import N_
from kimdesk.services.case_base import CASES, EVERYTHING_OF_A_CASE, FOLLOW_UPS, CaseDesk, Change, RecordGone
from kimdesk.services.changes import Written
from kimdesk.storage import case_work
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditAction

T = TypeVar("T", Helper, InterpreterBooking, Consent, ChildProtectionNote)


class CaseNetwork(CaseDesk):
    """Writes the records around a case. All raise `CaseClosed`, `CaseNotFound`, `RuleBroken`."""

    def save_helper(self, helper: Helper) -> Written[None]:
        """Store a person or service at work in the case."""
        self._save(checked_helper(helper, self._clock.today()), "helper")
        return Written(None, CASES)

    def delete_helper(self, helper_id: UUID) -> Written[Helper]:
        """Delete a helper and return it, so that `save_helper` can undo it."""
        return Written(self._delete(Helper, helper_id, "helper"), CASES)

    def save_interpreter_booking(self, booking: InterpreterBooking) -> Written[None]:
        """Store an interpreter's booking, or what came of it."""
        self._save(checked_booking(booking, self._clock.now()), "interpreter")
        return Written(None, FOLLOW_UPS)

    def delete_interpreter_booking(self, booking_id: UUID) -> Written[InterpreterBooking]:
        """Delete a booking and return it, so that `save_interpreter_booking` can undo it."""
        found = self._delete(InterpreterBooking, booking_id, "interpreter")
        return Written(found, FOLLOW_UPS)

    def save_consent(self, consent: Consent) -> Written[None]:
        """Store a consent or release. One that was withdrawn stays as it is: a new one is a new record."""
        consent = checked_consent(consent, self._clock.today())
        with self._changing(consent.case_id) as change:
            ensure_open(change.facts)
            before = case_work.record_by_id(change.unit.connection, Consent, consent.id)
            if before is not None and before.withdrawn_on is not None:
                raise RuleBroken(
                    N_("Diese Einwilligung ist widerrufen und bleibt so stehen. Bitte legen Sie eine neue an.")
                )
            self._ensure_member(change, consent.person_id)
            new = case_work.save_record(change.unit.connection, consent)
            change.saved(new=new, part="consent", record_id=consent.id)
        return Written(None, FOLLOW_UPS)

    def withdraw_consent(self, consent_id: UUID, withdrawn_on: date) -> Written[None]:
        """Note that a consent was withdrawn; what rests on it may not go out any more. Works in a closed case too."""
        with self._vault.reader() as connection:
            consent = case_work.record_by_id(connection, Consent, consent_id)
        if consent is None:
            raise RecordGone()
        consent = checked_consent(replace(consent, withdrawn_on=withdrawn_on), self._clock.today())
        with self._changing(consent.case_id) as change:
            case_work.save_record(change.unit.connection, consent)
            change.log(AuditAction.CHANGE, "consent", consent.id, withdrawn=withdrawn_on.isoformat())
        return Written(None, FOLLOW_UPS)

    def save_child_protection_note(self, note: ChildProtectionNote) -> Written[None]:
        """Store a note on the path of § 8a SGB VIII."""
        self._save(checked_child_protection(note, self._clock.today()), "child_protection")
        return Written(None, FOLLOW_UPS)

    def save_residence_period(self, case_id: UUID, period: ResidencePeriod) -> Written[None]:
        """Store an entry of a person's status history; the newest one is what the person's data show."""
        period = checked_period(period, self._clock.today())
        with self._changing(case_id) as change:
            ensure_open(change.facts)
            connection = change.unit.connection
            self._ensure_member(change, period.person_id)
            before = case_work.record_by_id(connection, ResidencePeriod, period.id)
            if before is not None and before.person_id != period.person_id:
                raise RecordGone()
            new = case_work.save_record(connection, period)
            case_work.show_newest_status(connection, period.person_id)
            change.saved(new=new, part="residence_period", record_id=period.id)
        return Written(None, EVERYTHING_OF_A_CASE)

    def delete_residence_period(self, case_id: UUID, period_id: UUID) -> Written[ResidencePeriod]:
        """Delete an entry of a status history and return it, so that `save_residence_period` can undo it."""
        with self._changing(case_id) as change:
            ensure_open(change.facts)
            connection = change.unit.connection
            period = case_work.record_by_id(connection, ResidencePeriod, period_id)
            if period is None:
                raise RecordGone()
            self._ensure_member(change, period.person_id)
            case_work.delete_record(connection, ResidencePeriod, period_id)
            case_work.show_newest_status(connection, period.person_id)
            change.log(AuditAction.DELETE, "residence_period", period_id)
        return Written(period, EVERYTHING_OF_A_CASE)

    @staticmethod
    def _ensure_member(change: Change, person_id: UUID | None) -> None:
        if person_id is None:
            return
        if all(member.person.id != person_id for member in store.members_of(change.unit.connection, change.case_id)):
            raise RuleBroken(
                N_("Diese Person gehört nicht mehr zum Fall. Bitte wählen Sie eine andere."), field_name="person_id"
            )

    def _save(self, record: T, part: str) -> None:
        with self._changing(record.case_id) as change:
            ensure_open(change.facts)
            new = case_work.save_record(change.unit.connection, record)
            change.saved(new=new, part=part, record_id=record.id)

    def _delete(self, kind: type[T], record_id: UUID, part: str) -> T:
        with self._vault.reader() as connection:
            record = case_work.record_by_id(connection, kind, record_id)
        if record is None:
            raise RecordGone()
        with self._changing(record.case_id) as change:
            ensure_open(change.facts)
            case_work.delete_record(change.unit.connection, kind, record_id)
            change.log(AuditAction.DELETE, part, record_id)
        return record
