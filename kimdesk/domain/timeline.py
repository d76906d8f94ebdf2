"""The timeline of a case file, put together from its records, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from uuid import UUID

from kimdesk.domain.case_work import CaseWork
from kimdesk.domain.network import ResidencePeriod
from kimdesk.domain.records import Assessment, Case, Contact, Referral
from kimdesk.domain.views import TimelineItem, TimelineKind
from kimdesk.domain.vocabulary import ReferralResult, label
from kimdesk.domain.work_vocabulary import ConferenceState, ConsentKind, InterpreterState
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.foundation.errors import N_

_ORDER = list(TimelineKind)


def timeline_of(
    case: Case,
    assessments: Iterable[Assessment],
    referrals: Iterable[Referral],
    contacts: Iterable[Contact],
    work: CaseWork = CaseWork(),  # noqa: B008 - frozen
) -> tuple[TimelineItem, ...]:
    """Return every dated event of a file, newest first; what happened on one day stands in the order of the phases."""
    items: list[tuple[datetime, TimelineItem]] = []

    def add(item: TimelineItem, at: datetime | None = None) -> None:
        # What has a date only stands at the end of its day, after the contacts it came out of.
        items.append((at or datetime.combine(item.at, time(23, 59), OFFICE_ZONE).astimezone(UTC), item))

    add(TimelineItem(at=case.opened_on, kind=TimelineKind.ACCESS, title=label(case.access_level), text=case.notifier))
    if case.intake_on is not None:
        title = N_("Erstberatung")
        add(TimelineItem(at=case.intake_on, kind=TimelineKind.INTAKE, title=title, text=case.concern))
    for assessment in assessments:
        add(
            TimelineItem(
                at=assessment.held_on,
                kind=TimelineKind.ASSESSMENT,
                title=N_("Assessment") if assessment.trigger is None else N_("Re-Assessment"),
                text=assessment.note,
                record_id=assessment.id,
            )
        )
    if case.agreed_on is not None:
        title, text = N_("Zielvereinbarung geschlossen"), case.client_contribution
        add(TimelineItem(at=case.agreed_on, kind=TimelineKind.AGREEMENT, title=title, text=text))
    for referral in referrals:
        kind, text = TimelineKind.REFERRAL, referral.receiver
        add(TimelineItem(at=referral.sent_on, kind=kind, title=N_("Fallverweis"), text=text, record_id=referral.id))
        if referral.result is not ReferralResult.SENT and referral.answered_on is not None:
            title, text = N_("Antwort auf den Fallverweis"), referral.answer or referral.receiver
            add(TimelineItem(at=referral.answered_on, kind=kind, title=title, text=text, record_id=referral.id))
    for contact in contacts:
        day, title = contact.at.astimezone(OFFICE_ZONE).date(), label(contact.kind)
        hidden = contact.hidden_from_household
        item = TimelineItem(
            at=day, kind=TimelineKind.CONTACT, title=title, text=contact.text, record_id=contact.id, hidden=hidden
        )
        add(item, contact.at)
    for item, at in _of_work(work):
        add(item, at)
    if case.closed_on is not None:
        title = N_("Fall abgeschlossen")
        add(TimelineItem(at=case.closed_on, kind=TimelineKind.CLOSURE, title=title, text=case.closure_note))
    items.sort(key=lambda pair: (pair[0], _ORDER.index(pair[1].kind)), reverse=True)
    return tuple(item for _, item in items)


def _of_work(work: CaseWork) -> Iterator[tuple[TimelineItem, datetime | None]]:
    """Yield what happened around the case, with the moment where there is one."""
    for notification in work.notifications:
        kind, record_id = TimelineKind.NOTIFICATION, notification.id
        title, text = N_("Fallmeldung eingegangen"), notification.notifier
        yield TimelineItem(at=notification.received_on, kind=kind, title=title, text=text, record_id=record_id), None
        if notification.answered_on is not None:
            title, text = N_("Antwort an die meldende Stelle"), notification.answer or notification.notifier
            yield (
                TimelineItem(at=notification.answered_on, kind=kind, title=title, text=text, record_id=record_id),
                None,
            )
    for consent in work.consents:
        kind, record_id = TimelineKind.CONSENT, consent.id
        text = consent.recipient if consent.kind is ConsentKind.RELEASE else consent.purpose
        yield (
            TimelineItem(at=consent.given_on, kind=kind, title=label(consent.kind), text=text, record_id=record_id),
            None,
        )
        if consent.withdrawn_on is not None:
            title = N_("Einwilligung widerrufen")
            yield TimelineItem(at=consent.withdrawn_on, kind=kind, title=title, text=text, record_id=record_id), None
    for helper in work.helpers:
        kind, record_id, text = TimelineKind.HELPER, helper.id, helper.name
        if helper.since is not None:
            title = N_("Beteiligte Stelle kommt dazu")
            yield TimelineItem(at=helper.since, kind=kind, title=title, text=text, record_id=record_id), None
        if helper.until is not None:
            title = N_("Beteiligte Stelle scheidet aus")
            yield TimelineItem(at=helper.until, kind=kind, title=title, text=text, record_id=record_id), None
    yield from ((item, None) for item in _status_changes(work.residence_periods))
    for booking in work.interpreter_bookings:
        if booking.state in (InterpreterState.CAME, InterpreterState.NO_SHOW):
            title = N_("Sprachmittlung") if booking.state is InterpreterState.CAME else N_("Sprachmittlung kam nicht")
            item = TimelineItem(
                at=booking.at.astimezone(OFFICE_ZONE).date(),
                kind=TimelineKind.INTERPRETER,
                title=title,
                text=booking.name or booking.service or booking.occasion,
                record_id=booking.id,
            )
            yield item, booking.at
    for conference in work.conferences:
        if conference.state is ConferenceState.HELD:
            item = TimelineItem(
                at=conference.at.astimezone(OFFICE_ZONE).date(),
                kind=TimelineKind.CONFERENCE,
                title=label(conference.kind),
                text="\n".join(conference.agreements) or conference.occasion,
                record_id=conference.id,
            )
            yield item, conference.at
    for issue in work.issues:
        title, text = N_("Strukturmeldung"), issue.title
        item = TimelineItem(at=issue.noticed_on, kind=TimelineKind.ISSUE, title=title, text=text, record_id=issue.id)
        yield item, None
    for checklist in work.checklists:
        yield (
            TimelineItem(
                at=checklist.begun_on,
                kind=TimelineKind.CHECKLIST,
                title=N_("Checkliste begonnen"),
                words=(checklist.kind,),
                record_id=checklist.id,
            ),
            None,
        )
    for note in work.child_protection_notes:
        yield (
            TimelineItem(
                at=note.noted_on,
                kind=TimelineKind.CHILD_PROTECTION,
                title=N_("Kinderschutz (§ 8a SGB VIII)"),
                words=(note.step,),
                record_id=note.id,
                hidden=True,
            ),
            None,
        )


def _status_changes(periods: Iterable[ResidencePeriod]) -> Iterator[TimelineItem]:
    """Yield the changes of status or legal domain; where a history begins nothing has changed yet."""
    before: dict[UUID, ResidencePeriod] = {}
    for period in periods:
        earlier = before.get(period.person_id)
        before[period.person_id] = period
        if period.valid_from is None:
            continue
        other_domain = earlier is not None and period.legal_domain not in (None, earlier.legal_domain)
        title = N_("Rechtskreiswechsel") if other_domain else N_("Aufenthaltsstatus")
        yield TimelineItem(
            at=period.valid_from,
            kind=TimelineKind.STATUS,
            title=title,
            text=period.note,
            words=tuple(term for term in (period.residence_status, period.legal_domain) if term is not None),
            record_id=period.id,
        )
