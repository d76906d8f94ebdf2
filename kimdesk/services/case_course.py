"""The course of a case: referrals, contacts, follow-ups, offers kept for it, half-filled forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from kimdesk.domain.checks import checked_contact, checked_follow_up, checked_referral
from kimdesk.domain.consents import consent_by_id, ensure_may_share
from kimdesk.domain.deadlines import referral_answer_due
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.phases import ensure_open, ensure_referral_allowed
from kimdesk.domain.records import Contact, FollowUp, Referral
from kimdesk.domain.vocabulary import ReferralResult
from kimdesk.foundation.errors import N_
from kimdesk.services.case_base import CASES, CASES_AND_FIGURES, FOLLOW_UPS, CaseDesk, RecordGone
from kimdesk.services.changes import Written
from kimdesk.storage import case_facts, case_records, case_work, drafts
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.offer_gaps import note_referral
from kimdesk.storage.tables.cases import contacts, follow_ups, referrals
from kimdesk.storage.unit_of_work import UnitOfWork


class CaseCourse(CaseDesk):
    """Writes what happens along the way. All raise `CaseClosed`, `CaseNotFound`, `RuleBroken`."""

    def save_referral(self, referral: Referral) -> Written[None]:
        """Store a referral or handover; without a date its answer is expected after two weeks.

        The fields its form shares need a release for this receiver that held on the day it was sent.
        """
        with self._changing(referral.case_id) as change:
            ensure_referral_allowed(change.facts)
            referral = checked_referral(referral, self._clock.today(), change.facts.intake_on)
            consent = consent_by_id(
                case_work.consents_of(change.unit.connection, referral.case_id), referral.consent_id
            )
            ensure_may_share(consent, referral.receiver, referral.shared, referral.sent_on)
            before = store.record_by_id(change.unit.connection, Referral, referrals, referral.id)
            new = case_records.save(change.unit.connection, referrals, referral)
            note_referral(change.unit.connection, referral, self._clock.today(), change.unit.moment)
            change.saved(new=new, part="referral", record_id=referral.id)
            if referral.shared and (before is None or before.shared != referral.shared):
                change.log(AuditAction.DISCLOSE, "referral", referral.id, fields=len(referral.shared))
        return Written(None, CASES_AND_FIGURES | FOLLOW_UPS)

    def remind_of_referral(self, referral_id: UUID) -> Written[None]:
        """Note that the receiver was asked for an answer today; the next one is expected after two weeks."""
        with self._vault.reader() as connection:
            referral = store.record_by_id(connection, Referral, referrals, referral_id)
        if referral is None:
            raise RecordGone()
        today = self._clock.today()
        with self._changing(referral.case_id) as change:
            ensure_open(change.facts)
            if referral.result is not ReferralResult.SENT:
                raise RuleBroken(N_("Auf diesen Fallverweis ist schon geantwortet worden."))
            referral = replace(referral, reminded_on=today, answer_due_on=referral_answer_due(today))
            case_records.save(change.unit.connection, referrals, referral)
            change.saved(new=False, part="referral", record_id=referral.id)
        return Written(None, CASES_AND_FIGURES | FOLLOW_UPS)

    def save_contact(self, contact: Contact) -> Written[None]:
        """Store an entry of the running record."""
        with self._changing(contact.case_id) as change:
            ensure_open(change.facts)
            new = case_records.save(change.unit.connection, contacts, checked_contact(contact, self._clock.now()))
            change.saved(new=new, part="contact", record_id=contact.id)
        return Written(None, CASES)

    def save_follow_up(self, follow_up: FollowUp) -> Written[None]:
        """Store a follow-up, of a case or of none."""
        follow_up = checked_follow_up(follow_up)
        with self._vault.unit_of_work() as unit:
            if follow_up.case_id is not None:
                ensure_open(case_facts.facts_of(unit.connection, follow_up.case_id))
            new = case_records.save(unit.connection, follow_ups, follow_up)
            self._finish_follow_up(unit, follow_up, AuditAction.CREATE if new else AuditAction.CHANGE)
        return Written(None, FOLLOW_UPS)

    def complete_follow_up(self, follow_up_id: UUID) -> Written[None]:
        """Tick a follow-up off, also that of a closed case."""
        return self._mark(follow_up_id, self._clock.today())

    def reopen_follow_up(self, follow_up_id: UUID) -> Written[None]:
        """Take the tick off again."""
        return self._mark(follow_up_id, None)

    def _mark(self, follow_up_id: UUID, done_on: date | None) -> Written[None]:
        with self._vault.unit_of_work() as unit:
            follow_up = store.record_by_id(unit.connection, FollowUp, follow_ups, follow_up_id)
            if follow_up is None:
                raise RecordGone()
            follow_up = replace(follow_up, done_on=done_on)
            case_records.save(unit.connection, follow_ups, follow_up)
            self._finish_follow_up(unit, follow_up, AuditAction.CHANGE)
        return Written(None, FOLLOW_UPS)

    @staticmethod
    def _finish_follow_up(unit: UnitOfWork, follow_up: FollowUp, action: AuditAction) -> None:
        detail: dict[str, str | int | bool | None] = {"part": "follow_up", "record": follow_up.id.hex}
        if follow_up.case_id is None:
            unit.record(AuditEntry(action, "follow_up", follow_up.id))
        else:
            store.count_revision(unit.connection, follow_up.case_id)
            unit.record(AuditEntry(action, "case", follow_up.case_id, detail))
        unit.commit()

    def remember_offer(self, case_id: UUID, offer_id: UUID) -> Written[None]:
        """Keep an offer for the case; one already kept stays."""
        with self._changing(case_id) as change:
            ensure_open(change.facts)
            store.remember_offer(change.unit.connection, case_id, offer_id, change.unit.moment)
            change.log(AuditAction.CHANGE, "offer", offer_id)
        return Written(None, CASES)

    def forget_offer(self, case_id: UUID, offer_id: UUID) -> Written[None]:
        """Drop an offer kept for the case."""
        with self._changing(case_id) as change:
            ensure_open(change.facts)
            store.forget_offer(change.unit.connection, case_id, offer_id)
            change.log(AuditAction.DELETE, "offer", offer_id)
        return Written(None, CASES)

    # --- drafts: no audit rows, no revision, the record is what counts ------------------------------------------------

    def save_draft(self, key: str, data: dict[str, Any]) -> Written[None]:
        """Keep the fields of a half-filled form (JSON values without floats) under `key`."""
        with self._vault.unit_of_work() as unit:
            drafts.put_draft(unit.connection, key, data, unit.moment)
            unit.commit()
        return Written(None, frozenset())

    def load_draft(self, key: str) -> dict[str, Any] | None:
        """Return the fields kept under `key`, None without a draft."""
        with self._vault.reader() as connection:
            return drafts.draft(connection, key)

    def drop_draft(self, key: str) -> Written[None]:
        """Forget a draft; nothing happens where there is none."""
        with self._vault.unit_of_work() as unit:
            drafts.drop_draft(unit.connection, key)
            unit.commit()
        return Written(None, frozenset())

    def drafts(self) -> tuple[str, ...]:
        """Return the keys of all drafts, the newest first."""
        with self._vault.reader() as connection:
            return drafts.draft_keys(connection)
