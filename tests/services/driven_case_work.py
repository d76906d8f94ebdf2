"""Every write around a case once: notifications, network, conferences, checklists, issues."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID

from kimdesk.domain.checklists import Checklist, ItemEntry
from kimdesk.domain.conferences import Conference, ConferenceTask, Invitee
from kimdesk.domain.issues import StructuralIssue
from kimdesk.domain.network import (
    ChildProtectionNote,
    Consent,
    Helper,
    InterpreterBooking,
    Notification,
    ResidencePeriod,
)
from kimdesk.domain.records import Referral
from kimdesk.domain.vocabulary import LegalDomain, ResidenceStatus
from kimdesk.domain.work_vocabulary import (
    ChecklistKind,
    ChildProtectionStep,
    ConferenceState,
    DataCategory,
    HelperRole,
    InterpreterState,
    IssueState,
    ItemState,
    Rung,
    SharedField,
)
from kimdesk.services.desk import Desk

TODAY = date(2026, 11, 20)


class Drives(Protocol):
    """Calls a bound method and looks at the log; the method's value comes back."""

    def __call__(self, method: Any, *arguments: Any, **keywords: Any) -> Any: ...


def release(case_id: UUID, recipient: str = "Jobcenter Unna", **facts: Any) -> Consent:
    """Return a release for one recipient."""
    return Consent(
        **{
            "case_id": case_id,
            "recipient": recipient,
            "purpose": "Leistungen klären",
            "categories": (DataCategory.IDENTITY, DataCategory.CONCERN),
            "given_on": TODAY - timedelta(days=10),
            **facts,
        }
    )


def conference(desk: Desk, case_id: UUID, **facts: Any) -> Conference:
    """Return a conference of this morning."""
    return Conference(
        **{
            "case_id": case_id,
            "at": desk.clock.now() - timedelta(hours=1),
            "occasion": "Wohnung und Kurs",
            "agenda": ("Wohnung",),
            **facts,
        }
    )


def drive_case_work(desk: Desk, logged: Drives, case_id: UUID) -> None:
    """Drive every write around an open case."""
    cases = desk.cases
    notification = Notification(received_on=TODAY, notifier="Jugendamt Lünen", given_name="Amina", concern="Schule")
    logged(cases.save_notification, notification)
    logged(cases.accept_notification, notification.id)
    logged(cases.save_notification, replace(notification, phone="02306 1"))
    other = Notification(received_on=TODAY, notifier="Jobcenter", given_name="Omar")
    logged(cases.save_notification, other)
    logged(cases.decline_notification, other.id)
    logged(cases.answer_notification, other.id, TODAY, "")
    consent = release(case_id)
    logged(cases.save_consent, consent)
    helper = Helper(case_id=case_id, name="JMD Lünen", role=HelperRole.COUNSELLING, legal_domain=LegalDomain.JMD)
    logged(cases.save_helper, helper)
    logged(cases.delete_helper, helper.id)
    booking = InterpreterBooking(case_id=case_id, at=desk.clock.now(), language="ar", state=InterpreterState.CAME)
    logged(cases.save_interpreter_booking, replace(booking, minutes=60))
    logged(cases.delete_interpreter_booking, booking.id)
    person = cases.file(case_id).members[0].person
    period = ResidencePeriod(
        person_id=person.id, valid_from=TODAY, residence_status=ResidenceStatus.OPPORTUNITY_RESIDENCE
    )
    logged(cases.save_residence_period, case_id, period)
    logged(cases.delete_residence_period, case_id, period.id)
    note = ChildProtectionNote(case_id=case_id, noted_on=TODAY, step=ChildProtectionStep.SIGNS, text="Kind oft allein")
    logged(cases.save_child_protection_note, note)
    sent = Referral(
        case_id=case_id,
        receiver="Jobcenter Unna",
        sent_on=TODAY,
        consent_id=consent.id,
        shared=(SharedField.NAME, SharedField.CONCERN),
    )
    logged(cases.save_referral, sent)
    logged(cases.remind_of_referral, sent.id)
    held = conference(
        desk,
        case_id,
        state=ConferenceState.HELD,
        invitees=(Invitee(organisation="Jobcenter Unna", consent_id=consent.id),),
        tasks=(ConferenceTask(text="Bescheid prüfen", responsible="Jobcenter", due_on=TODAY),),
    )
    logged(cases.save_conference, held)
    checklist = Checklist(
        case_id=case_id,
        person_id=person.id,
        kind=ChecklistKind.SECTION_25B,
        begun_on=TODAY,
        entries=(ItemEntry(item="language", state=ItemState.PROOF_MISSING),),
    )
    logged(cases.save_checklist, checklist)
    logged(cases.delete_checklist, case_id, checklist.id)
    logged(cases.withdraw_consent, consent.id, TODAY)
    issue = StructuralIssue(
        title="Kein Kurs mit Kinderbetreuung", description="Warteliste", noticed_on=TODAY, case_ids=(case_id,)
    )
    logged(desk.issues.save_issue, issue)
    logged(desk.issues.move_issue, issue.id, Rung.COMMUNE_GROUP, IssueState.OPEN, TODAY)
    gone = StructuralIssue(title="Doppelt", description="Schon gemeldet", noticed_on=TODAY)
    logged(desk.issues.save_issue, gone)
    logged(desk.issues.delete_issue, gone.id)
