"""What is read across cases: home screen, list, log, counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from kimdesk.domain.records import (
    FollowUp,
    Member,
    Referral,
    new_id,
)
from kimdesk.domain.views import CaseFilter, DueKind
from kimdesk.domain.vocabulary import (
    GoalState,
    IntakeOutcome,
    LegalDomain,
    Phase,
    ReassessmentTrigger,
    ReferralResult,
    Relation,
    ResidenceStatus,
)
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.cases import CaseService
from kimdesk.services.settings import SettingsService
from kimdesk.storage import Vault, read_log
from tests.storage.casework import TODAY, assess, consult, goal, person


@pytest.fixture
def service(vault: Vault, clock: FixedClock) -> CaseService:
    return CaseService(vault, SettingsService(vault), clock)


def test_home_puts_every_date_in_its_place(service: CaseService) -> None:
    client = person(
        "Mariam",
        "Haddad",
        residence_status=ResidenceStatus.TOLERATION,
        residence_expires_on=TODAY + timedelta(days=60),
    )
    past = date(2026, 4, 1)
    case_id = consult(service, client=client, intake_on=past, opened_on=past, consent_on=past)
    consult(service, client=person("Rima", "Aziz", residence_expires_on=TODAY + timedelta(days=61)))
    for days, reason in ((-1, "gestern"), (0, "heute"), (2, "Sonntag"), (3, "Montag")):
        service.save_follow_up(FollowUp(case_id=case_id, due_on=TODAY + timedelta(days=days), reason=reason))
    service.save_follow_up(FollowUp(due_on=TODAY, reason="Team"))
    assess(service, case_id, held_on=date(2026, 5, 20))
    late = Referral(case_id=case_id, receiver="MBE", sent_on=date(2026, 11, 1))
    for referral in (replace(late, id=new_id(), receiver="JMD", sent_on=TODAY), late):
        service.save_referral(referral)
    service.save_referral(Referral(case_id=case_id, receiver="VHS", sent_on=past, result=ReferralResult.COMPLETED))
    home = service.home()
    assert [item.text for item in home.overdue] == ["gestern"]
    assert [(item.text, item.case_number, item.client) for item in home.due_today] == [
        ("Team", "", ""),
        ("heute", "KIM-2026-001", "Mariam Haddad"),
    ]
    assert [item.text for item in home.this_week] == ["Sonntag"]
    assert [(item.text, item.residence_status) for item in home.expiring] == [
        ("Mariam Haddad", ResidenceStatus.TOLERATION)
    ]
    assert [(item.text, item.due_on) for item in home.waiting] == [
        ("MBE", date(2026, 11, 15)),
        ("JMD", date(2026, 12, 4)),
    ]
    assert [(item.kind, item.due_on) for item in home.reassessments] == [(DueKind.REASSESSMENT, TODAY)]
    assert home.open_cases == 2
    service.skip_phase(case_id, Phase.REASSESSMENT, "endet bald")
    assert service.home().reassessments == ()


def test_the_review_of_an_agreement_comes_before_the_reassessment(service: CaseService, clock: FixedClock) -> None:
    case_id = consult(service)
    assess(service, case_id)
    goal(service, case_id)
    service.agree_goals(case_id, TODAY, review_on=date(2027, 2, 1))
    clock.advance(timedelta(days=75))
    (item,) = service.home().reassessments
    assert (item.kind, item.due_on) == (DueKind.REVIEW, date(2027, 2, 1))
    assess(service, case_id, held_on=clock.today(), trigger=ReassessmentTrigger.INTERVAL)
    assert service.home().reassessments == ()


@pytest.fixture
def listed(service: CaseService) -> CaseService:
    """Return the service with four cases to find."""
    consult(service, client=person("Jürgen", "Müller-Şahin", languages=("de", "tr")), language="tr")
    consult(
        service,
        Member(person=person("Олена", "Коваленко"), relation=Relation.PARTNER),
        client=person("مريم", "حداد", languages=("ar",)),
        commune="05978004",
    )
    consult(service, client=person("100%", "_Test"), outcome=IntakeOutcome.LITTLE_NEED, language="")
    assess(service, consult(service, client=person("Selam", "Tekle"), language="ti"))
    return service


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (CaseFilter(), [4, 2, 1]),
        (CaseFilter(status="all"), [4, 3, 2, 1]),
        (CaseFilter(status="closed"), [3]),
        (CaseFilter(text="mueller"), [1]),
        (CaseFilter(text="MÜLLER jurg"), []),
        (CaseFilter(text="sahin JÜR"), [1]),
        (CaseFilter(text="مريم"), [2]),
        (CaseFilter(text="коваленко"), [2]),
        (CaseFilter(text="kim-2026-004"), [4]),
        (CaseFilter(text="2026-00", status="all"), [4, 3, 2, 1]),
        (CaseFilter(text="%", status="all"), [3]),
        (CaseFilter(text="_", status="all"), [3]),
        (CaseFilter(commune="05978004"), [2]),
        (CaseFilter(language="tr"), [1]),
        (CaseFilter(language="de"), [1]),
        (CaseFilter(language="ar"), [2]),
        (CaseFilter(language="a"), []),
        (CaseFilter(phase=Phase.GOALS), [4]),
        (CaseFilter(phase=Phase.CLOSURE, status="all"), [3]),
    ],
)
def test_the_list_finds(listed: CaseService, wanted: CaseFilter, numbers: list[int]) -> None:
    assert [int(summary.number[-3:]) for summary in listed.list(wanted)] == numbers


def test_a_row_of_the_list_says_what_is_next(service: CaseService) -> None:
    child = Member(person=person("Nour", "Haddad"), relation=Relation.CHILD)
    case_id = consult(
        service, client=person("Mariam", "Haddad", languages=("ar", "fr")), follow_up_on=date(2026, 12, 24)
    )
    members = service.file(case_id).members
    service.save_members(case_id, (child, *members))
    service.save_referral(Referral(case_id=case_id, receiver="MBE", sent_on=TODAY))
    (row,) = service.list()
    assert row.persons == ("Mariam Haddad", "Nour Haddad")  # the client first, whatever the order of the household
    assert row.languages == ("ar", "fr")
    assert (row.commune_name, row.due_on) == ("Unna", date(2026, 12, 4))
    assert row.next_step == "Beschreiben Sie mindestens einen Lebensbereich."


def test_the_list_takes_the_same_statements_for_one_case_as_for_forty(service: CaseService, vault: Vault) -> None:
    statements: list[str] = []
    sa.event.listen(vault.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    consult(service)
    statements.clear()
    service.list()
    for_one = len(statements)
    for _ in range(39):
        consult(service)
    statements.clear()
    assert len(service.list()) == 40
    assert len(statements) == for_one


def test_the_log_knows_the_looks_and_changes_but_no_names(
    service: CaseService, vault: Vault, clock: FixedClock
) -> None:
    case_id = consult(service)
    service.file(case_id)
    assess(service, case_id)
    service.file(case_id)  # the screen reads again after saving: the same look
    clock.advance(timedelta(minutes=11))
    service.file(case_id)
    with vault.reader() as connection:
        rows = read_log(connection, subject_kind="case", subject_id=case_id)
        everything = str(rows)
    assert [row.action for row in reversed(rows)] == ["create", "view", "create", "view"]
    assert rows[1].detail["part"] == "assessment"
    for name in ("Mariam", "Haddad", "Wohnung"):
        assert name not in everything


def test_counts_hold_what_reporting_needs_and_nothing_to_read(service: CaseService) -> None:
    client = person(
        "Mariam", "Haddad", date_of_birth=date(1990, 1, 1), residence_status=ResidenceStatus.SUBSIDIARY_PROTECTION
    )
    child = Member(person=person("Nour", "Haddad", date_of_birth=date(2018, 4, 1)), relation=Relation.CHILD)
    case_id = consult(service, child, client=client)
    consult(service, child, client=person("Rima", "Aziz"), outcome=IntakeOutcome.LITTLE_NEED, commune="")
    assess(service, case_id)
    goal(service, case_id, state=GoalState.REACHED)
    goal(service, case_id)
    service.save_referral(Referral(case_id=case_id, receiver="MBE", legal_domain=LegalDomain.MBE, sent_on=TODAY))
    one, other = service.counts()
    assert (one.commune, one.subregion, one.residence_group) == ("05978036", "Süd", "protected")
    assert dict(one.person_age_groups) == {"27-64": 1, "6-15": 1}
    assert (one.goals_reached, one.goals_total, one.needs) == (1, 2, frozenset({"housing"}))
    assert one.referrals == (("mbe", "sent"),)
    assert (other.closure_reason, other.closed_on, other.subregion) == ("one_off_consultation", TODAY, None)
    assert len(one.person_keys & other.person_keys) == 1
    assert len(one.record_key) == len(other.record_key) == 16
    assert one.record_key != other.record_key
    assert service.counts() == (one, other)
