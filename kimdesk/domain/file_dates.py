"""The dates ahead in one case file, for its head: what is due next, of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kimdesk.domain.views import CaseFile, DueKind
from kimdesk.domain.vocabulary import MeasureState, ReferralResult
from kimdesk.domain.work_vocabulary import ConferenceState, InterpreterState
from kimdesk.foundation.clock import OFFICE_ZONE

_RUNNING = frozenset({MeasureState.PLANNED, MeasureState.REQUESTED, MeasureState.RUNNING})


@dataclass(frozen=True, slots=True)
class FileDate:
    """A date of the file; `text` is as typed."""

    due_on: date
    kind: DueKind
    text: str = ""


def dates_of(file: CaseFile) -> tuple[FileDate, ...]:
    """Return every open date of a case, the earliest first; none for a closed one."""
    if file.case.closed_on is not None:
        return ()
    return tuple(sorted(_dates(file), key=lambda one: (one.due_on, list(DueKind).index(one.kind))))


def _dates(file: CaseFile) -> Iterator[FileDate]:
    for follow_up in file.follow_ups:
        if follow_up.done_on is None:
            yield FileDate(follow_up.due_on, DueKind.FOLLOW_UP, follow_up.reason)
    for measure in file.measures:
        if measure.due_on is not None and measure.state in _RUNNING:
            yield FileDate(measure.due_on, DueKind.MEASURE, measure.text)
    for referral in file.referrals:
        if referral.result is ReferralResult.SENT and referral.answer_due_on is not None:
            yield FileDate(referral.answer_due_on, DueKind.REFERRAL_ANSWER, referral.receiver)
    for member in file.members:
        if member.person.residence_expires_on is not None:
            yield FileDate(member.person.residence_expires_on, DueKind.RESIDENCE_EXPIRY, member.person.name)
    if file.facts.reassessment_due_on is not None:
        yield FileDate(file.facts.reassessment_due_on, DueKind.REASSESSMENT)
    held = [assessment.held_on for assessment in file.assessments]
    if file.case.review_on is not None and (not held or max(held) < file.case.review_on):
        yield FileDate(file.case.review_on, DueKind.REVIEW)
    yield from _dates_around(file)


def _dates_around(file: CaseFile) -> Iterator[FileDate]:
    work = file.work
    for notification in work.notifications:
        if notification.answered_on is None and notification.answer_due_on is not None:
            yield FileDate(notification.answer_due_on, DueKind.NOTIFICATION, notification.notifier)
    for conference in work.conferences:
        if conference.state in (ConferenceState.PLANNED, ConferenceState.INVITED):
            yield FileDate(conference.at.astimezone(OFFICE_ZONE).date(), DueKind.CONFERENCE, conference.occasion)
    for booking in work.interpreter_bookings:
        if booking.state is InterpreterState.BOOKED:
            yield FileDate(booking.at.astimezone(OFFICE_ZONE).date(), DueKind.INTERPRETER, booking.name)
    for consent in work.consents:
        if consent.expires_on is not None and consent.withdrawn_on is None:
            yield FileDate(consent.expires_on, DueKind.CONSENT_EXPIRY, consent.recipient or consent.purpose)
    if work.child_protection_notes and work.child_protection_notes[0].next_on is not None:
        yield FileDate(work.child_protection_notes[0].next_on, DueKind.CHILD_PROTECTION)
