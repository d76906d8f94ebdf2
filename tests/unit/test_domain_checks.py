"""A form that is not filled in is told one thing, at the field it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from kimdesk.domain.checks import (
    checked_assessment,
    checked_case,
    checked_consultation,
    checked_contact,
    checked_follow_up,
    checked_goal,
    checked_measure,
    checked_members,
    checked_person,
    checked_referral,
    stripped,
)
from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.deadlines import Retention, add_months, deletion_date, week_end
from kimdesk.domain.errors import RuleBroken
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
from kimdesk.domain.timeline import timeline_of
from kimdesk.domain.views import TimelineKind
from kimdesk.domain.vocabulary import (
    AccessLevel,
    ClosureReason,
    IntakeOutcome,
    LifeArea,
    ReassessmentTrigger,
    ReferralResult,
    Relation,
    Urgency,
)

TODAY = date(2026, 11, 20)
TOMORROW = TODAY + timedelta(days=1)
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
CASE = uuid4()

CLIENT = Member(person=Person(given_name="Mariam", family_name="Haddad"), relation=Relation.CLIENT)
CHILD = Member(person=Person(given_name="Nour", family_name="Haddad"), relation=Relation.CHILD)
INTAKE = Case(opened_on=TODAY, intake_on=TODAY, concern="Wohnung", outcome=IntakeOutcome.CASE_MANAGEMENT)


def field_refused(work: object, *arguments: object) -> str:
    """Call a check and return the field its refusal names."""
    with pytest.raises(RuleBroken) as refused:
        work(*arguments)  # type: ignore[operator]  # any of the checks
    assert str(refused.value).endswith(".")
    return refused.value.field_name


def test_an_empty_consultation_is_told_one_thing() -> None:
    empty = ConsultationEntry(case=Case(opened_on=TODAY), members=())
    with pytest.raises(RuleBroken) as refused:
        checked_consultation(empty, TODAY)
    assert str(refused.value) == "Bitte tragen Sie mindestens eine Person mit Namen ein."
    assert refused.value.field_name == "members"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (ConsultationEntry(case=replace(INTAKE, concern=" "), members=(CLIENT,)), "concern"),
        (ConsultationEntry(case=replace(INTAKE, outcome=None), members=(CLIENT,)), "outcome"),
        (ConsultationEntry(case=replace(INTAKE, intake_on=None), members=(CLIENT,)), "intake_on"),
        (ConsultationEntry(case=replace(INTAKE, intake_on=TOMORROW), members=(CLIENT,)), "intake_on"),
        (ConsultationEntry(case=replace(INTAKE, opened_on=TOMORROW), members=(CLIENT,)), "opened_on"),
        (ConsultationEntry(case=replace(INTAKE, consent_on=TOMORROW), members=(CLIENT,)), "consent_on"),
        (ConsultationEntry(case=replace(INTAKE, commune="Unna"), members=(CLIENT,)), "commune"),
        (
            ConsultationEntry(
                case=replace(INTAKE, access_level=AccessLevel.NOTIFIED, outcome=IntakeOutcome.REFERRAL),
                members=(CLIENT,),
            ),
            "outcome",
        ),
        (ConsultationEntry(case=INTAKE, members=(CLIENT,), follow_up_reason="Anruf"), "follow_up_on"),
        (
            ConsultationEntry(case=INTAKE, members=(CLIENT,), follow_up_on=TODAY - timedelta(days=1)),
            "follow_up_on",
        ),
        (ConsultationEntry(case=INTAKE, members=(replace(CLIENT, relation=Relation.CHILD),)), "members"),
        (ConsultationEntry(case=INTAKE, members=(CLIENT, replace(CHILD, relation=Relation.CLIENT))), "members"),
        (ConsultationEntry(case=INTAKE, members=(CLIENT, replace(CLIENT, relation=Relation.CHILD))), "members"),
    ],
)
def test_a_consultation_says_which_field_is_wrong(entry: ConsultationEntry, field: str) -> None:
    assert field_refused(checked_consultation, entry, TODAY) == field


def test_texts_are_stripped_and_words_of_the_vocabulary_left_alone() -> None:
    case = checked_case(replace(INTAKE, concern="  zwei  Kinder \n", urgency=Urgency.HIGH), TODAY)
    assert case.concern == "zwei  Kinder"
    assert case.urgency is Urgency.HIGH
    assert stripped(Person(given_name=" Şirin ", family_name="Ürün")).given_name == "Şirin"


def test_an_intake_before_the_access_moves_the_access() -> None:
    earlier = TODAY - timedelta(days=3)
    assert checked_case(replace(INTAKE, intake_on=earlier), TODAY).opened_on == earlier


def test_persons() -> None:
    person = CLIENT.person
    assert field_refused(checked_person, Person(given_name=" ", family_name=""), TODAY) == "given_name"
    assert field_refused(checked_person, replace(person, date_of_birth=TOMORROW), TODAY) == "date_of_birth"
    assert field_refused(checked_person, replace(person, date_of_birth=date(1899, 1, 1)), TODAY) == "date_of_birth"
    born_later = replace(person, date_of_birth=date(2020, 1, 1), entered_germany_on=date(2019, 1, 1))
    assert field_refused(checked_person, born_later, TODAY) == "entered_germany_on"
    assert checked_person(replace(person, languages=("ar", " ar", "", "de")), TODAY).languages == ("ar", "de")
    assert checked_members((CLIENT, CHILD), TODAY) == (CLIENT, CHILD)


def test_assessments() -> None:
    entry = AreaEntry(life_area=LifeArea.HOUSING, need=" eigene Wohnung ", scale=2)
    empty = AreaEntry(life_area=LifeArea.WORK, resources="  ")
    assessment = Assessment(case_id=CASE, held_on=TODAY, entries=(empty, entry))
    checked = checked_assessment(assessment, TODAY, TODAY)
    assert [one.need for one in checked.entries] == ["eigene Wohnung"]

    def refused(**changes: object) -> str:
        changed = replace(assessment, **changes)  # type: ignore[arg-type]  # fields of many types
        return field_refused(checked_assessment, changed, TODAY, TODAY)

    assert refused(held_on=TOMORROW) == "held_on"
    assert refused(held_on=TODAY - timedelta(days=1)) == "held_on"
    assert refused(entries=(empty,)) == "entries"
    assert refused(entries=(entry, entry)) == "entries"
    assert refused(entries=(replace(entry, scale=6),)) == "scale"


def test_goals_measures_contacts_follow_ups() -> None:
    assert field_refused(checked_goal, Goal(case_id=CASE, text=" ")) == "text"
    assert field_refused(checked_measure, Measure(case_id=CASE, text="")) == "text"
    assert field_refused(checked_follow_up, FollowUp(due_on=TODAY, reason=" ")) == "reason"
    contact = Contact(case_id=CASE, at=NOW, text="Gespräch")
    assert field_refused(checked_contact, replace(contact, text=""), NOW) == "text"
    assert field_refused(checked_contact, replace(contact, at=NOW + timedelta(minutes=1)), NOW) == "at"
    assert field_refused(checked_contact, replace(contact, minutes=-5), NOW) == "minutes"


def test_a_referral_gets_its_dates() -> None:
    referral = Referral(case_id=CASE, receiver="MBE", sent_on=TODAY - timedelta(days=2))
    checked = checked_referral(referral, TODAY, TODAY - timedelta(days=9))
    assert checked.answer_due_on == TODAY + timedelta(days=12)
    answered = checked_referral(replace(referral, result=ReferralResult.ACCEPTED), TODAY, None)
    assert answered.answered_on == TODAY
    assert checked_referral(replace(checked, answered_on=TODAY), TODAY, None).answered_on is None

    def refused(**changes: object) -> str:
        changed = replace(referral, **changes)  # type: ignore[arg-type]  # fields of many types
        return field_refused(checked_referral, changed, TODAY, TODAY - timedelta(days=9))

    assert refused(receiver="") == "receiver"
    assert refused(sent_on=TOMORROW) == "sent_on"
    assert refused(sent_on=TODAY - timedelta(days=10)) == "sent_on"
    assert refused(result=ReferralResult.ACCEPTED, answered_on=TOMORROW) == "answered_on"


def test_deadlines() -> None:
    assert deletion_date(date(2024, 2, 29), ClosureReason.GOALS_REACHED) == date(2027, 2, 28)
    assert deletion_date(TODAY, ClosureReason.ONE_OFF_CONSULTATION) == date(2027, 11, 20)
    assert deletion_date(TODAY, None, Retention(years=5)) == date(2031, 11, 20)
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert [week_end(TODAY + timedelta(days=step)).isoformat() for step in (0, 2, 3)] == [
        "2026-11-22",
        "2026-11-22",
        "2026-11-29",
    ]


def test_the_timeline_runs_from_now_back_to_the_access() -> None:
    case = replace(
        INTAKE,
        opened_on=date(2026, 1, 5),
        intake_on=date(2026, 1, 8),
        agreed_on=date(2026, 2, 2),
        closed_on=date(2026, 9, 1),
    )
    items = timeline_of(
        case,
        [
            Assessment(case_id=CASE, held_on=date(2026, 1, 20)),
            Assessment(case_id=CASE, held_on=date(2026, 7, 20), trigger=ReassessmentTrigger.INTERVAL),
        ],
        [
            Referral(
                case_id=CASE,
                receiver="MBE",
                sent_on=date(2026, 2, 2),
                result=ReferralResult.ACCEPTED,
                answered_on=date(2026, 2, 20),
            )
        ],
        [Contact(case_id=CASE, at=datetime(2026, 1, 19, 23, 30, tzinfo=UTC), text="spät am Abend")],
    )
    assert [item.title for item in items] == [
        "Fall abgeschlossen",
        "Re-Assessment",
        "Antwort auf den Fallverweis",
        "Fallverweis",
        "Zielvereinbarung geschlossen",
        "Assessment",
        "Gespräch",
        "Erstberatung",
        "Ebene 1: Person kommt selbst",
    ]
    contact = next(item for item in items if item.kind is TimelineKind.CONTACT)
    assert contact.at == date(2026, 1, 20)  # half past midnight in Unna
