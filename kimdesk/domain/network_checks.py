"""What a notification, helper, interpreter, consent, status or note must hold before it is stored.

Each function returns the record as it is to be stored, or raises `RuleBroken` naming the field. Which fields are
required is this project's own choice [own] where no source is named.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from kimdesk.domain.checks import stripped
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.network import (
    ChildProtectionNote,
    Consent,
    Helper,
    InterpreterBooking,
    Notification,
    ResidencePeriod,
)
from kimdesk.domain.vocabulary import LegalDomain
from kimdesk.domain.work_vocabulary import (
    Complexity,
    ConsentKind,
    DataCategory,
    HelperRole,
    InterpreterState,
    NotificationState,
)
from kimdesk.foundation.errors import N_

NOTIFICATION_ANSWER_DAYS: Final = 14
"""Within this time a notifier hears back [own]."""

PARALLEL_SERVICES: Final = frozenset(
    {
        LegalDomain.MBE,
        LegalDomain.JMD,
        LegalDomain.REFUGEE_COUNSELLING,
        LegalDomain.PARTICIPATION_MANAGEMENT,
        LegalDomain.SGB_II,
        LegalDomain.SGB_III,
        LegalDomain.SGB_VIII,
    }
)
"""Services that counsel or run case management of their own; beside them a note on the division of labour is needed
(DOMAIN § 5: double funding; SGB II, III and VIII have case management of their own)."""


def needs_division_note(helper: Helper) -> bool:
    """Return whether a note on the division of labour is due, so that nothing is funded twice."""
    parallel = helper.role in (HelperRole.COUNSELLING, HelperRole.CASE_MANAGEMENT)
    return parallel and (helper.role is HelperRole.CASE_MANAGEMENT or helper.legal_domain in PARALLEL_SERVICES)


def checked_notification(notification: Notification, today: date) -> Notification:
    """Return a notification ready to be stored, the day by which the notifier hears back filled in."""
    notification = stripped(notification)
    if not notification.notifier:
        raise RuleBroken(N_("Bitte geben Sie an, welche Stelle den Fall meldet."), field_name="notifier")
    if not notification.person_name:
        raise RuleBroken(N_("Bitte geben Sie an, um wen es geht."), field_name="given_name")
    if notification.received_on > today:
        raise RuleBroken(
            N_("Das Datum des Eingangs liegt in der Zukunft. Bitte prüfen Sie es."), field_name="received_on"
        )
    born = notification.date_of_birth
    if born is not None and born > notification.received_on:
        raise RuleBroken(N_("Dieses Geburtsdatum kann nicht stimmen. Bitte prüfen Sie es."), field_name="date_of_birth")
    released = notification.released_on
    if released is not None and released > today:
        raise RuleBroken(
            N_("Das Datum der Entbindung liegt in der Zukunft. Bitte prüfen Sie es."), field_name="released_on"
        )
    if released is None and notification.released_categories:
        raise RuleBroken(
            N_("Bitte geben Sie an, wann die Person die Schweigepflichtentbindung erteilt hat."),
            field_name="released_on",
        )
    due_on = notification.answer_due_on or notification.received_on + timedelta(days=NOTIFICATION_ANSWER_DAYS)
    return replace(
        notification,
        answer_due_on=due_on,
        complexity=tuple(kind for kind in Complexity if kind in notification.complexity),
        released_categories=tuple(kind for kind in DataCategory if kind in notification.released_categories),
    )


def checked_answer(
    notification: Notification, answered_on: date, answer: str, categories: tuple[DataCategory, ...], today: date
) -> Notification:
    """Return the notification answered. Without a release only its arrival may be confirmed (§ 203 StGB)."""
    answer = answer.strip()
    if notification.state is NotificationState.RECEIVED:
        raise RuleBroken(N_("Bitte entscheiden Sie zuerst, ob die Fallmeldung übernommen wird."))
    if not notification.received_on <= answered_on <= today:
        raise RuleBroken(
            N_("Die Antwort liegt nicht zwischen Eingang und heute. Bitte prüfen Sie das Datum."),
            field_name="answered_on",
        )
    if (answer or categories) and notification.released_on is None:
        raise RuleBroken(
            N_(
                "Ohne Schweigepflichtentbindung dürfen Sie der meldenden Stelle nur den Eingang bestätigen. "
                "Bitte leeren Sie die Antwort oder holen Sie die Entbindung ein."
            ),
            field_name="answer",
        )
    if set(categories) - set(notification.released_categories):
        raise RuleBroken(
            N_("Die Antwort geht über die Schweigepflichtentbindung hinaus. Bitte nehmen Sie Angaben heraus."),
            field_name="categories",
        )
    return replace(notification, answered_on=answered_on, answer=answer)


def checked_period(period: ResidencePeriod, today: date) -> ResidencePeriod:
    """Return an entry of the status history ready to be stored."""
    period = stripped(period)
    if period.residence_status is None and period.legal_domain is None and period.residence_expires_on is None:
        raise RuleBroken(N_("Bitte wählen Sie den Status oder den Rechtskreis."), field_name="residence_status")
    if period.valid_from is not None and period.valid_from > today:
        raise RuleBroken(
            N_("Der Beginn liegt in der Zukunft. Bitte tragen Sie ein, was schon gilt."), field_name="valid_from"
        )
    expires = period.residence_expires_on
    if period.valid_from is not None and expires is not None and expires < period.valid_from:
        raise RuleBroken(
            N_("Die Gültigkeit endet vor ihrem Beginn. Bitte prüfen Sie das Datum."), field_name="residence_expires_on"
        )
    return period


def in_history_order(periods: tuple[ResidencePeriod, ...]) -> tuple[ResidencePeriod, ...]:
    """Return the entries of one person's history, the newest last; what has no beginning comes first."""
    return tuple(sorted(periods, key=lambda period: period.valid_from or date.min))


def checked_helper(helper: Helper, today: date) -> Helper:
    """Return a helper ready to be stored. The division of labour may follow; the file keeps asking for it."""
    helper = stripped(helper)
    if not helper.name:
        raise RuleBroken(N_("Bitte geben Sie die Stelle oder Person an."), field_name="name")
    if helper.since is not None and helper.since > today:
        raise RuleBroken(N_("Der Beginn liegt in der Zukunft. Bitte prüfen Sie das Datum."), field_name="since")
    if helper.since is not None and helper.until is not None and helper.until < helper.since:
        raise RuleBroken(N_("Das Ende liegt vor dem Beginn. Bitte prüfen Sie das Datum."), field_name="until")
    return helper


def checked_booking(booking: InterpreterBooking, now: datetime) -> InterpreterBooking:
    """Return an interpreter's booking ready to be stored."""
    booking = stripped(booking)
    if not booking.language:
        raise RuleBroken(N_("Bitte geben Sie die Sprache an."), field_name="language")
    if booking.minutes is not None and not 0 <= booking.minutes <= 24 * 60:
        raise RuleBroken(N_("Bitte geben Sie die Dauer in Minuten an."), field_name="minutes")
    if booking.state in (InterpreterState.CAME, InterpreterState.NO_SHOW) and booking.at > now:
        raise RuleBroken(
            N_("Der Termin liegt noch vor Ihnen. Bitte prüfen Sie Datum oder Ergebnis."), field_name="state"
        )
    if booking.state is not InterpreterState.CAME and booking.minutes:
        raise RuleBroken(N_("Eine Dauer gehört nur zu einem Einsatz, der stattgefunden hat."), field_name="minutes")
    return booking


def checked_consent(consent: Consent, today: date) -> Consent:
    """Return a consent ready to be stored. A release names recipient, purpose and data (Art. 4 no. 11 GDPR: specific
    and informed)."""
    consent = stripped(consent)
    if consent.given_on > today:
        raise RuleBroken(
            N_("Das Datum der Einwilligung liegt in der Zukunft. Bitte prüfen Sie es."), field_name="given_on"
        )
    if consent.kind is ConsentKind.RELEASE:
        if not consent.recipient:
            raise RuleBroken(
                N_("Bitte geben Sie an, wem gegenüber die Entbindung gilt: eine Stelle je Entbindung."),
                field_name="recipient",
            )
        if not consent.categories:
            raise RuleBroken(
                N_("Bitte wählen Sie mindestens eine Art von Angaben, die weitergegeben werden darf."),
                field_name="categories",
            )
    if not consent.purpose:
        raise RuleBroken(N_("Bitte geben Sie den Zweck an."), field_name="purpose")
    if consent.expires_on is not None and consent.expires_on < consent.given_on:
        raise RuleBroken(
            N_("Die Einwilligung endet vor ihrem Beginn. Bitte prüfen Sie das Datum."), field_name="expires_on"
        )
    withdrawn = consent.withdrawn_on
    if withdrawn is not None and not consent.given_on <= withdrawn <= today:
        raise RuleBroken(
            N_("Der Widerruf liegt nicht zwischen Einwilligung und heute. Bitte prüfen Sie das Datum."),
            field_name="withdrawn_on",
        )
    categories = tuple(kind for kind in DataCategory if kind in consent.categories)
    return replace(consent, categories=categories)


def checked_child_protection(note: ChildProtectionNote, today: date) -> ChildProtectionNote:
    """Return a note on the path of § 8a SGB VIII ready to be stored."""
    note = stripped(note)
    if not note.text:
        raise RuleBroken(N_("Bitte halten Sie fest, was wahrgenommen oder besprochen wurde."), field_name="text")
    if note.noted_on > today:
        raise RuleBroken(N_("Das Datum liegt in der Zukunft. Bitte prüfen Sie es."), field_name="noted_on")
    if note.next_on is not None and note.next_on < note.noted_on:
        raise RuleBroken(
            N_("Der nächste Schritt liegt vor dem Vermerk. Bitte prüfen Sie das Datum."), field_name="next_on"
        )
    return note
