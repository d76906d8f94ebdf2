"""Case files in a real vault: what a case manager writes is there, checked by the rules, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.errors import CaseClosed, CaseNotFound, RuleBroken
from kimdesk.domain.records import (
    Case,
    Contact,
    FollowUp,
    Measure,
    Member,
    Referral,
    new_id,
)
from kimdesk.domain.views import CaseFilter
from kimdesk.domain.vocabulary import (
    AccessLevel,
    ClosureReason,
    GoalState,
    IntakeOutcome,
    LegalDomain,
    Phase,
    ReassessmentTrigger,
    ReferralResult,
    Relation,
)
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.cases import CaseService
from kimdesk.services.settings import SettingsService
from kimdesk.storage import Vault, read_log
from kimdesk.storage.tables import cases as tables
from tests.storage.casework import TODAY, assess, consult, goal, person


@pytest.fixture
def service(vault: Vault, clock: FixedClock) -> CaseService:
    return CaseService(vault, SettingsService(vault), clock)


def test_a_consultation_becomes_a_case_with_household_and_follow_up(service: CaseService) -> None:
    child = Member(
        person=person("Nour", "Haddad", date_of_birth=date(2018, 4, 1), languages=("ar", "de")), relation=Relation.CHILD
    )
    written = consult(service, child, follow_up_on=date(2026, 12, 1), interpreter="Arabisch")
    file = service.file(written)
    assert file.case.number == "KIM-2026-001"
    assert file.commune_name == "Unna"
    assert [member.person.name for member in file.members] == ["Mariam Haddad", "Nour Haddad"]
    assert file.members[1] == child
    assert [(one.due_on, one.reason) for one in file.follow_ups] == [(date(2026, 12, 1), "Anruf")]
    assert file.client is not None
    assert file.client.person.given_name == "Mariam"
    assert file.case.revision == 1
    assert next(state for state in file.phases if state.status.value == "now").phase is Phase.ASSESSMENT
    assert file.next_step == "Beschreiben Sie mindestens einen Lebensbereich."


def test_an_empty_form_is_told_one_thing_and_stores_nothing(service: CaseService, vault: Vault) -> None:
    with pytest.raises(RuleBroken, match="mindestens eine Person") as refused:
        service.record_consultation(ConsultationEntry(case=Case(opened_on=TODAY), members=()))
    assert refused.value.field_name == "members"
    assert service.list(CaseFilter(status="all")) == ()
    with vault.reader() as connection:
        for table in (tables.cases, tables.persons, tables.case_numbers, tables.follow_ups):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0


def test_numbers_run_per_year_of_intake(service: CaseService) -> None:
    ids = [consult(service), consult(service, intake_on=date(2025, 12, 30), opened_on=date(2025, 12, 30))]
    ids.append(consult(service))
    assert [service.file(one).case.number for one in ids] == ["KIM-2026-001", "KIM-2025-001", "KIM-2026-002"]


def test_a_one_off_consultation_is_closed_at_once(service: CaseService) -> None:
    file = service.file(consult(service, outcome=IntakeOutcome.SETTLED_DIRECTLY))
    assert file.case.closed_on == TODAY
    assert file.case.closure_reason is ClosureReason.ONE_OFF_CONSULTATION
    assert file.case.delete_after == date(2027, 11, 20)
    assert file.next_step == ""
    assert service.list() == ()


def test_a_referral_stays_open_until_it_is_recorded(service: CaseService) -> None:
    case_id = consult(service, outcome=IntakeOutcome.REFERRAL)
    with pytest.raises(RuleBroken, match="fehlt der Fallverweis") as refused:
        service.close_case(case_id, TODAY, ClosureReason.REFERRAL)
    assert refused.value.field_name == "closure_reason"
    referral = Referral(case_id=case_id, receiver="MBE", legal_domain=LegalDomain.MBE, sent_on=TODAY)
    service.save_referral(referral)
    service.save_referral(replace(referral, result=ReferralResult.ACCEPTED))
    service.close_case(case_id, TODAY, ClosureReason.REFERRAL, note=" läuft dort ")
    file = service.file(case_id)
    assert file.referrals[0].answered_on == TODAY
    assert file.referrals[0].answer_due_on == date(2026, 12, 4)
    assert (file.case.closure_note, file.case.delete_after) == ("läuft dort", date(2029, 11, 20))


def test_a_notification_waits_for_its_intake(service: CaseService) -> None:
    case_id = consult(
        service, access_level=AccessLevel.NOTIFIED, notifier="Sozialamt", intake_on=None, outcome=None, concern=""
    )
    assert service.file(case_id).next_step == "Tragen Sie das Datum der Erstberatung ein."
    with pytest.raises(RuleBroken, match="Erstberatung voraus"):
        assess(service, case_id)
    with pytest.raises(RuleBroken, match="setzt eine Erstberatung voraus"):
        service.save_referral(Referral(case_id=case_id, receiver="MBE", sent_on=TODAY))


def test_saving_the_case_leaves_number_revision_and_closure_to_the_service(service: CaseService) -> None:
    case_id = consult(service)
    case = service.file(case_id).case
    service.save_case(
        replace(
            case,
            concern="Wohnung und Kurs",
            number="X",
            revision=99,
            leads=False,
            closed_on=TODAY,
            closure_reason=ClosureReason.OTHER,
        )
    )
    saved = service.file(case_id).case
    assert saved == replace(case, concern="Wohnung und Kurs", revision=2)


def test_an_assessment_pins_the_outcome_of_the_intake(service: CaseService) -> None:
    case_id = consult(service)
    assess(service, case_id)
    case = service.file(case_id).case
    for change in (replace(case, outcome=IntakeOutcome.REFERRAL), replace(case, outcome=None, intake_on=None)):
        with pytest.raises(RuleBroken) as refused:
            service.save_case(change)
        assert refused.value.field_name == "outcome"


def test_the_whole_way_to_the_closure(service: CaseService, clock: FixedClock) -> None:
    case_id = consult(service)
    with pytest.raises(RuleBroken, match="Ziele entstehen aus dem Assessment"):
        goal(service, case_id)
    with pytest.raises(RuleBroken, match="vergleicht mit einem Assessment"):
        assess(service, case_id, trigger=ReassessmentTrigger.INTERVAL)
    first = assess(service, case_id)
    made = goal(service, case_id, measured_by="", due_on=None)
    with pytest.raises(RuleBroken, match="woran Sie es messen"):
        service.agree_goals(case_id, TODAY)
    service.save_goal(replace(made, measured_by="Vertrag", due_on=date(2027, 3, 1)))
    service.agree_goals(case_id, TODAY, "ar", " kommt zu allen Terminen ", date(2027, 5, 20))
    measure = Measure(case_id=case_id, goal_id=made.id, text="Wohnberechtigungsschein beantragen")
    service.save_measure(measure)
    assert service.list()[0].phase is Phase.MONITORING
    clock.advance(timedelta(days=150))
    service.save_contact(Contact(case_id=case_id, at=clock.now(), text="Besichtigung", minutes=45))
    service.save_measure(replace(measure, state=measure.state.DONE))
    assess(service, case_id, held_on=clock.today(), trigger=ReassessmentTrigger.INTERVAL)
    service.save_goal(replace(made, measured_by="Vertrag", due_on=date(2027, 3, 1), state=GoalState.REACHED))
    assert service.list()[0].phase is Phase.CLOSURE
    with pytest.raises(RuleBroken, match="vor dem letzten Eintrag"):
        service.close_case(case_id, clock.today() - timedelta(days=1), ClosureReason.GOALS_REACHED)
    written = service.close_case(case_id, clock.today(), ClosureReason.GOALS_REACHED, client_feedback="danke")
    assert written.changed == {"cases", "figures", "follow_ups"}
    file = service.file(case_id)
    assert [one.id for one in file.assessments][0] == first.id
    assert file.facts.reassessments == 1
    assert file.case.agreement_language == "ar"
    assert file.case.client_contribution == "kommt zu allen Terminen"
    with pytest.raises(CaseClosed):
        service.save_contact(Contact(case_id=case_id, at=clock.now(), text="noch etwas"))
    service.reopen_case(case_id)
    reopened = service.file(case_id).case
    assert (reopened.closed_on, reopened.closure_reason, reopened.delete_after) == (None, None, None)
    with pytest.raises(RuleBroken, match="nicht abgeschlossen"):
        service.reopen_case(case_id)


def test_closing_needs_reason_and_date(service: CaseService) -> None:
    case_id = consult(service)
    for closed_on, reason, field in (
        (TODAY, None, "closure_reason"),
        (None, ClosureReason.OTHER, "closed_on"),
        (TODAY + timedelta(days=1), ClosureReason.OTHER, "closed_on"),
        (TODAY - timedelta(days=1), ClosureReason.OTHER, "closed_on"),
        (TODAY, ClosureReason.GOALS_REACHED, "closure_reason"),
    ):
        with pytest.raises(RuleBroken) as refused:
            service.close_case(case_id, closed_on, reason)
        assert refused.value.field_name == field


def test_goals_and_measures_can_be_taken_back(service: CaseService) -> None:
    case_id = consult(service)
    assess(service, case_id)
    made = goal(service, case_id)
    measure = Measure(case_id=case_id, goal_id=made.id, text="Antrag")
    service.save_measure(measure)
    assert service.delete_goal(made.id).value == made
    assert service.file(case_id).measures == (replace(measure, goal_id=None),)
    service.save_goal(made)
    assert service.delete_measure(measure.id).value == replace(measure, goal_id=None)
    assert service.file(case_id).goals == (made,)
    for gone in (lambda: service.delete_goal(new_id()), lambda: service.delete_measure(measure.id)):
        with pytest.raises(RuleBroken, match="gibt es nicht mehr"):
            gone()


def test_a_measure_hangs_on_a_goal_of_its_own_case(service: CaseService) -> None:
    one, other = consult(service), consult(service)
    assess(service, one)
    foreign = goal(service, one)
    with pytest.raises(RuleBroken) as refused:
        service.save_measure(Measure(case_id=other, goal_id=foreign.id, text="Antrag"))
    assert refused.value.field_name == "goal_id"


def test_a_record_does_not_move_to_another_case(service: CaseService) -> None:
    one, other = consult(service), consult(service)
    contact = Contact(case_id=one, at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC), text="Gespräch")
    service.save_contact(contact)
    with pytest.raises(sa.exc.IntegrityError):
        service.save_contact(replace(contact, case_id=other))
    assert service.file(one).contacts == (contact,)
    assert service.file(other).contacts == ()


def test_phases_are_left_out_with_a_reason_and_taken_up_again(service: CaseService) -> None:
    case_id = consult(service)
    service.skip_phase(case_id, Phase.AGREEMENT, " nur mündlich ")
    assert service.file(case_id).facts.skipped == {Phase.AGREEMENT: "nur mündlich"}
    service.unskip_phase(case_id, Phase.AGREEMENT)
    assert service.file(case_id).facts.skipped == {}
    with pytest.raises(RuleBroken, match="kann nicht ausgelassen"):
        service.skip_phase(case_id, Phase.GOALS, "keine Lust")


def test_a_person_who_leaves_every_case_is_forgotten(service: CaseService, vault: Vault) -> None:
    brother = Member(person=person("Omar", "Haddad"), relation=Relation.SIBLING)
    one, other = consult(service, brother), consult(service, brother, client=person("Rima", "Haddad"))

    def persons_stored() -> set[str]:
        with vault.reader() as connection:
            return set(connection.execute(sa.select(tables.persons.c.given_name)).scalars())

    service.save_members(one, service.file(one).members[:1])
    assert persons_stored() == {"Mariam", "Omar", "Rima"}
    service.save_members(other, service.file(other).members[:1])
    assert persons_stored() == {"Mariam", "Rima"}
    assert service.file(one).case.revision == 2


def test_follow_ups_are_ticked_off_and_back_even_in_a_closed_case(service: CaseService) -> None:
    case_id = consult(service, follow_up_on=TODAY)
    (item,) = service.home().due_today
    assert item.record_id is not None
    service.close_case(case_id, TODAY, ClosureReason.OTHER)
    assert service.home().due_today == ()
    assert service.complete_follow_up(item.record_id).changed == {"cases", "follow_ups"}
    assert service.file(case_id).follow_ups[0].done_on == TODAY
    service.reopen_follow_up(item.record_id)
    service.reopen_case(case_id)
    assert service.home().due_today == (item,)
    with pytest.raises(RuleBroken, match="gibt es nicht mehr"):
        service.complete_follow_up(new_id())


def test_offers_are_kept_for_a_case_in_their_order(service: CaseService, clock: FixedClock) -> None:
    case_id = consult(service)
    offers = [new_id() for _ in range(3)]
    for offer in (*offers, offers[0]):
        service.remember_offer(case_id, offer)
        clock.advance(timedelta(seconds=1))
    assert service.file(case_id).remembered_offers == tuple(offers)
    service.forget_offer(case_id, offers[1])
    assert service.file(case_id).remembered_offers == (offers[0], offers[2])


def test_drafts_are_kept_until_they_are_dropped(service: CaseService, clock: FixedClock, vault: Vault) -> None:
    with vault.reader() as connection:
        before = len(read_log(connection, limit=1000))
    service.save_draft("consultation", {"concern": "Wohnung", "members": [{"given_name": "Mariam"}]})
    clock.advance(timedelta(seconds=1))
    service.save_draft("contact", {"minutes": 30})
    service.save_draft("consultation", {"concern": "Wohnung, feucht"})
    assert service.load_draft("consultation") == {"concern": "Wohnung, feucht"}
    assert service.drafts() == ("consultation", "contact")
    service.drop_draft("consultation")
    service.drop_draft("consultation")
    assert service.load_draft("consultation") is None
    assert service.drafts() == ("contact",)
    with vault.reader() as connection:
        assert len(read_log(connection, limit=1000)) == before


def test_an_unknown_case_is_said_to_be_unknown(service: CaseService) -> None:
    unknown = new_id()
    for work in (
        lambda: service.file(unknown),
        lambda: service.close_case(unknown, TODAY, ClosureReason.OTHER),
        lambda: assess(service, unknown),
        lambda: service.save_follow_up(FollowUp(case_id=unknown, due_on=TODAY, reason="x")),
    ):
        with pytest.raises(CaseNotFound):
            work()


def test_communes_are_those_of_the_district_by_name(service: CaseService) -> None:
    communes = service.communes()
    assert communes[0] == ("05978004", "Bergkamen")
    assert len(communes) == 10
