"""What a record must hold before it is stored, field by field: one sentence for the first thing that is missing.

Each function returns the record as it is to be stored: texts stripped, empty entries left out, or raises `RuleBroken`
naming the field. Which fields are required is this project's own choice [own].
"""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, TypeVar

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.deadlines import age_on, referral_answer_due
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.phases import ensure_outcome_allowed
from kimdesk.domain.records import (
    AreaEntry,
    Assessment,
    Case,
    Contact,
    FollowUp,
    Goal,
    Measure,
    Member,
    Person,
    Referral,
)
from kimdesk.domain.vocabulary import GoalLevel, ReferralResult, Relation
from kimdesk.domain.work_vocabulary import ReferralKind, SharedField
from kimdesk.foundation.errors import N_


class _Record(Protocol):
    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]


R = TypeVar("R", bound=_Record)

OLDEST_AGE = 120
SCALE = range(1, 6)


def stripped(record: R) -> R:
    """Return `record` with the white space around its texts taken off."""
    texts: dict[str, Any] = {
        field.name: value.strip()
        for field in dataclasses.fields(record)
        if isinstance(value := getattr(record, field.name), str) and type(value) is str
    }
    return dataclasses.replace(record, **texts)


def _refuse(message: str, field_name: str) -> RuleBroken:
    return RuleBroken(message, field_name=field_name)


def _not_after(day: date | None, today: date, message: str, field_name: str) -> None:
    if day is not None and day > today:
        raise _refuse(message, field_name)


def checked_consultation(entry: ConsultationEntry, today: date) -> ConsultationEntry:
    """Return a first consultation ready to be stored. An empty form is told about its first field only."""
    members = checked_members(entry.members, today)
    case = checked_case(entry.case, today)
    if case.intake_on is not None:
        if not case.concern:
            raise _refuse(N_("Bitte halten Sie das Anliegen in den Worten der Person fest."), "concern")
        if case.outcome is None and entry.follow_up_on is None:
            raise _refuse(
                N_("Bitte wählen Sie das Ergebnis der Erstberatung oder setzen Sie eine Wiedervorlage."), "outcome"
            )
    reason = entry.follow_up_reason.strip()
    if reason and entry.follow_up_on is None:
        raise _refuse(N_("Bitte geben Sie das Datum der Wiedervorlage an."), "follow_up_on")
    _not_before(entry.follow_up_on, case.opened_on)
    return dataclasses.replace(entry, case=case, members=members, follow_up_reason=reason)


def _not_before(follow_up_on: date | None, opened_on: date) -> None:
    if follow_up_on is not None and follow_up_on < opened_on:
        raise _refuse(N_("Die Wiedervorlage liegt vor der Beratung. Bitte prüfen Sie das Datum."), "follow_up_on")


def checked_case(case: Case, today: date) -> Case:
    """Return access, intake and agreement fields ready to be stored."""
    case = stripped(case)
    _not_after(
        case.opened_on, today, N_("Das Datum des Zugangs liegt in der Zukunft. Bitte prüfen Sie es."), "opened_on"
    )
    _not_after(
        case.intake_on, today, N_("Das Datum der Erstberatung liegt in der Zukunft. Bitte prüfen Sie es."), "intake_on"
    )
    _not_after(
        case.consent_on,
        today,
        N_("Das Datum der Einwilligung liegt in der Zukunft. Bitte prüfen Sie es."),
        "consent_on",
    )
    if case.commune and not (len(case.commune) == 8 and case.commune.isdecimal()):
        raise _refuse(N_("Bitte wählen Sie die Kommune aus der Liste."), "commune")
    if case.outcome is not None and case.intake_on is None:
        raise _refuse(N_("Bitte tragen Sie das Datum der Erstberatung ein."), "intake_on")
    ensure_outcome_allowed(case.access_level, case.outcome)
    if case.intake_on is not None and case.intake_on < case.opened_on:
        case = dataclasses.replace(case, opened_on=case.intake_on)
    return case


def checked_members(members: tuple[Member, ...], today: date) -> tuple[Member, ...]:
    """Return the household ready to be stored: at least one person, exactly one client, nobody twice."""
    if not any(member.person.name for member in members):
        raise _refuse(N_("Bitte tragen Sie mindestens eine Person mit Namen ein."), "members")
    checked = tuple(Member(person=checked_person(member.person, today), relation=member.relation) for member in members)
    if len({member.person.id for member in checked}) != len(checked):
        raise _refuse(N_("Eine Person ist zweimal eingetragen. Bitte entfernen Sie einen der Einträge."), "members")
    clients = sum(member.relation is Relation.CLIENT for member in checked)
    if clients != 1:
        raise _refuse(N_("Bitte kennzeichnen Sie genau eine Person als Klient/in."), "members")
    return checked


def checked_person(person: Person, today: date) -> Person:
    """Return a person ready to be stored."""
    person = stripped(person)
    if not person.name:
        raise _refuse(N_("Bitte geben Sie den Namen jeder Person an oder entfernen Sie die leere Zeile."), "given_name")
    born = person.date_of_birth
    if born is not None and (born > today or age_on(born, today) > OLDEST_AGE):
        raise _refuse(N_("Dieses Geburtsdatum kann nicht stimmen. Bitte prüfen Sie es."), "date_of_birth")
    entered = person.entered_germany_on
    if entered is not None and (entered > today or (born is not None and entered < born)):
        raise _refuse(N_("Dieses Einreisedatum kann nicht stimmen. Bitte prüfen Sie es."), "entered_germany_on")
    languages = tuple(dict.fromkeys(code.strip() for code in person.languages if code.strip()))
    return dataclasses.replace(person, languages=languages)


def checked_assessment(assessment: Assessment, today: date, intake_on: date | None) -> Assessment:
    """Return an assessment ready to be stored: areas with something in them, each once."""
    _not_after(
        assessment.held_on, today, N_("Das Datum des Assessments liegt in der Zukunft. Bitte prüfen Sie es."), "held_on"
    )
    if intake_on is not None and assessment.held_on < intake_on:
        raise _refuse(N_("Das Assessment liegt vor der Erstberatung. Bitte prüfen Sie das Datum."), "held_on")
    entries = tuple(entry for entry in map(stripped, assessment.entries) if _says_something(entry))
    if not entries:
        raise _refuse(N_("Bitte beschreiben Sie mindestens einen Lebensbereich."), "entries")
    if len({entry.life_area for entry in entries}) != len(entries):
        raise _refuse(N_("Ein Lebensbereich ist zweimal beschrieben. Bitte fassen Sie beides zusammen."), "entries")
    if any(entry.scale is not None and entry.scale not in SCALE for entry in entries):
        raise _refuse(N_("Die Einschätzung reicht von 1 (sehr schwierig) bis 5 (sehr gut)."), "scale")
    return dataclasses.replace(stripped(assessment), entries=entries)


def _says_something(entry: AreaEntry) -> bool:
    texts = (entry.resources, entry.situation, entry.need, entry.client_view, entry.proof)
    return any(texts) or entry.scale is not None or entry.urgency is not None


def checked_goal(goal: Goal) -> Goal:
    """Return a goal ready to be stored. What makes it SMART may follow; the phase rules ask for it."""
    goal = stripped(goal)
    if not goal.text:
        raise _refuse(N_("Bitte beschreiben Sie das Ziel."), "text")
    return goal


def ensure_parent_fits(goal: Goal, parent: Goal | None) -> None:
    """A goal stands below a goal of a higher level in the same case: guiding, framework, outcome."""
    order = list(GoalLevel)
    if parent is None or parent.case_id != goal.case_id or order.index(parent.level) >= order.index(goal.level):
        raise _refuse(N_("Bitte ordnen Sie das Ziel einem Ziel der höheren Ebene zu."), "parent_id")


def checked_measure(measure: Measure) -> Measure:
    """Return a measure ready to be stored."""
    measure = stripped(measure)
    if not measure.text:
        raise _refuse(N_("Bitte beschreiben Sie, was getan wird."), "text")
    begun = measure.started_on or measure.requested_on
    if measure.ended_on is not None and begun is not None and measure.ended_on < begun:
        raise _refuse(N_("Die Maßnahme endet vor ihrem Beginn. Bitte prüfen Sie das Datum."), "ended_on")
    return measure


def in_form_order(fields: tuple[SharedField, ...]) -> tuple[SharedField, ...]:
    """Return each field once, in the order of the form."""
    return tuple(sorted(set(fields), key=list(SharedField).index))


def checked_referral(referral: Referral, today: date, intake_on: date | None) -> Referral:
    """Return a referral ready to be stored, the day by which an answer is expected filled in."""
    referral = stripped(referral)
    if not referral.receiver:
        raise _refuse(N_("Bitte geben Sie an, wohin Sie verweisen."), "receiver")
    _not_after(
        referral.sent_on, today, N_("Das Datum des Fallverweises liegt in der Zukunft. Bitte prüfen Sie es."), "sent_on"
    )
    if intake_on is not None and referral.sent_on < intake_on:
        raise _refuse(N_("Der Fallverweis liegt vor der Erstberatung. Bitte prüfen Sie das Datum."), "sent_on")
    if referral.answer_due_on is None:
        referral = dataclasses.replace(referral, answer_due_on=referral_answer_due(referral.sent_on))
    _not_after(
        referral.reminded_on,
        today,
        N_("Das Datum der Nachfrage liegt in der Zukunft. Bitte prüfen Sie es."),
        "reminded_on",
    )
    if referral.kind is ReferralKind.HANDOVER:
        referral = dataclasses.replace(referral, we_stay_lead=False)
    referral = dataclasses.replace(referral, shared=in_form_order(referral.shared))
    if referral.result is ReferralResult.SENT:
        return dataclasses.replace(referral, answered_on=None)
    answered_on = referral.answered_on or today
    if not referral.sent_on <= answered_on <= today:
        raise _refuse(
            N_("Die Antwort liegt nicht zwischen Fallverweis und heute. Bitte prüfen Sie das Datum."), "answered_on"
        )
    return dataclasses.replace(referral, answered_on=answered_on)


def checked_contact(contact: Contact, now: datetime) -> Contact:
    """Return an entry of the running record ready to be stored."""
    contact = stripped(contact)
    if not contact.text:
        raise _refuse(N_("Bitte halten Sie fest, worum es ging."), "text")
    if contact.at > now:
        raise _refuse(N_("Der Kontakt liegt in der Zukunft. Bitte prüfen Sie Datum und Uhrzeit."), "at")
    if contact.minutes is not None and not 0 <= contact.minutes <= 24 * 60:
        raise _refuse(N_("Bitte geben Sie die Dauer in Minuten an."), "minutes")
    return contact


def checked_follow_up(follow_up: FollowUp) -> FollowUp:
    """Return a follow-up ready to be stored."""
    follow_up = stripped(follow_up)
    if not follow_up.reason:
        raise _refuse(N_("Bitte geben Sie an, was bei der Wiedervorlage zu tun ist."), "reason")
    return follow_up
