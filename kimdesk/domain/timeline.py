"""The timeline of a case file, put together from its records, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time

from kimdesk.domain.records import Assessment, Case, Contact, Referral
from kimdesk.domain.views import TimelineItem, TimelineKind
from kimdesk.domain.vocabulary import ReferralResult, label
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.foundation.errors import N_

_ORDER = list(TimelineKind)


def timeline_of(
    case: Case, assessments: Iterable[Assessment], referrals: Iterable[Referral], contacts: Iterable[Contact]
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
        item = TimelineItem(at=day, kind=TimelineKind.CONTACT, title=title, text=contact.text, record_id=contact.id)
        add(item, contact.at)
    if case.closed_on is not None:
        title = N_("Fall abgeschlossen")
        add(TimelineItem(at=case.closed_on, kind=TimelineKind.CLOSURE, title=title, text=case.closure_note))
    items.sort(key=lambda pair: (pair[0], _ORDER.index(pair[1].kind)), reverse=True)
    return tuple(item for _, item in items)
