"""What the services around a case allow, refuse and remember, on a real vault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.issue_store import list_issues
from kimdesk.coordinator.office import open_office
from kimdesk.domain.conferences import ConferenceTask, Invitee
from kimdesk.domain.errors import CaseClosed, RuleBroken
from kimdesk.domain.issues import StructuralIssue
from kimdesk.domain.network import ChildProtectionNote, Helper, Notification, ResidencePeriod
from kimdesk.domain.records import Goal, Measure, Member, Person, Referral
from kimdesk.domain.views import DueKind, TimelineKind
from kimdesk.domain.vocabulary import (
    AccessLevel,
    AccessPath,
    ClosureReason,
    GoalLevel,
    IntakeOutcome,
    LegalDomain,
    Relation,
    ResidenceStatus,
)
from kimdesk.domain.work_vocabulary import (
    ChildProtectionStep,
    ConferenceKind,
    ConferenceState,
    DataCategory,
    HelperRole,
    IssueState,
    NotificationState,
    Rung,
    SharedField,
)
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk
from kimdesk.services.pushes import NotEnrolled
from kimdesk.sync.issue import read_issue
from tests.services.driven_case_work import TODAY, conference, release
from tests.services.support import CoordinatingOffice
from tests.storage.casework import assess, consult, goal


@pytest.fixture
def case_id(desk: Desk) -> UUID:
    return consult(desk.cases)


# --- notifications ----------------------------------------------------------------------------------------------------


def test_a_notification_becomes_a_case_without_typing_anything_twice(desk: Desk) -> None:
    notification = Notification(
        received_on=TODAY - timedelta(days=2),
        notifier="Jugendamt Lünen",
        access_path=AccessPath.YOUTH_WELFARE,
        given_name=" Amina ",
        family_name="Khalil",
        phone="02306 12",
        language="ar",
        commune="05978024",
        concern="Schulplatz fehlt",
        existing_helpers="SPFH",
    )
    desk.cases.save_notification(notification)
    case_id = desk.cases.accept_notification(notification.id).value
    file = desk.cases.file(case_id)
    assert (file.case.access_level, file.case.notifier) == (AccessLevel.NOTIFIED, "Jugendamt Lünen")
    assert (file.case.opened_on, file.case.concern) == (notification.received_on, "Schulplatz fehlt")
    assert (file.case.commune, file.case.existing_helpers) == ("05978024", "SPFH")
    assert [member.person.name for member in file.members] == ["Amina Khalil"]
    (taken,) = file.work.notifications
    assert (taken.state, taken.case_id, taken.given_name) == (NotificationState.ACCEPTED, case_id, "Amina")
    assert TimelineKind.NOTIFICATION in {item.kind for item in file.timeline}
    with pytest.raises(RuleBroken):
        desk.cases.accept_notification(notification.id)


def test_the_notifier_hears_no_more_than_the_release_allows(desk: Desk) -> None:
    silent = Notification(received_on=TODAY, notifier="Jobcenter", given_name="Omar")
    desk.cases.save_notification(silent)
    with pytest.raises(RuleBroken):  # nobody has decided yet
        desk.cases.answer_notification(silent.id, TODAY, "")
    desk.cases.decline_notification(silent.id)
    with pytest.raises(RuleBroken) as refused:
        desk.cases.answer_notification(silent.id, TODAY, "Wir beraten die Familie.")
    assert refused.value.field_name == "answer"
    desk.cases.answer_notification(silent.id, TODAY, "")
    released = Notification(
        received_on=TODAY,
        notifier="Jobcenter",
        given_name="Omar",
        released_on=TODAY,
        released_categories=(DataCategory.PLAN,),
    )
    desk.cases.save_notification(released)
    desk.cases.decline_notification(released.id)
    with pytest.raises(RuleBroken) as refused:
        desk.cases.answer_notification(released.id, TODAY, "…", (DataCategory.HEALTH,))
    assert refused.value.field_name == "categories"
    desk.cases.answer_notification(released.id, TODAY, "Nicht übernommen.", (DataCategory.PLAN,))
    assert all(one.answered_on == TODAY for one in desk.cases.notifications())


def test_a_notification_waits_on_the_home_screen_until_it_is_answered(desk: Desk, clock: FixedClock) -> None:
    notification = Notification(received_on=TODAY, notifier="Schule", given_name="Lina")
    desk.cases.save_notification(notification)
    clock.advance(timedelta(days=14))
    (due,) = desk.cases.home().due_today
    assert (due.kind, due.text, due.client) == (DueKind.NOTIFICATION, "Schule", "Lina")
    desk.cases.decline_notification(notification.id)
    desk.cases.answer_notification(notification.id, desk.clock.today(), "")
    assert desk.cases.home().due_today == ()


# --- status history ---------------------------------------------------------------------------------------------------


def test_a_status_changed_with_the_person_goes_into_the_history(desk: Desk, clock: FixedClock) -> None:
    client = Person(given_name="Mariam", family_name="Haddad", residence_status=ResidenceStatus.TOLERATION)
    case_id = consult(desk.cases, client=client)
    (first,) = desk.cases.file(case_id).work.residence_periods
    assert (first.valid_from, first.residence_status) == (None, ResidenceStatus.TOLERATION)
    clock.advance(timedelta(days=30))
    changed = replace(client, residence_status=ResidenceStatus.OPPORTUNITY_RESIDENCE, phone="1")
    members = (Member(person=changed, relation=Relation.CLIENT),)
    desk.cases.save_members(case_id, members)
    desk.cases.save_members(case_id, (Member(person=replace(changed, phone="2"), relation=Relation.CLIENT),))
    history = desk.cases.file(case_id).work.residence_periods
    assert [one.residence_status for one in history] == [
        ResidenceStatus.TOLERATION,
        ResidenceStatus.OPPORTUNITY_RESIDENCE,
    ]
    assert history[1].valid_from == desk.clock.today()


def test_the_newest_entry_of_the_history_is_what_the_person_shows(desk: Desk, case_id: UUID) -> None:
    person = desk.cases.file(case_id).members[0].person
    older = ResidencePeriod(
        person_id=person.id, valid_from=TODAY - timedelta(days=900), residence_status=ResidenceStatus.ASYLUM_PERMISSION
    )
    newer = ResidencePeriod(
        person_id=person.id,
        valid_from=TODAY - timedelta(days=100),
        residence_status=ResidenceStatus.TOLERATION,
        residence_expires_on=TODAY + timedelta(days=20),
        legal_domain=LegalDomain.ASYLBLG,
    )
    for period in (newer, older):
        desk.cases.save_residence_period(case_id, period)
    shown = desk.cases.file(case_id).members[0].person
    assert (shown.residence_status, shown.residence_expires_on) == (
        ResidenceStatus.TOLERATION,
        TODAY + timedelta(days=20),
    )
    desk.cases.delete_residence_period(case_id, newer.id)
    assert desk.cases.file(case_id).members[0].person.residence_status is ResidenceStatus.ASYLUM_PERMISSION
    stranger = ResidencePeriod(person_id=UUID(int=7), residence_status=ResidenceStatus.OTHER)
    with pytest.raises(RuleBroken):
        desk.cases.save_residence_period(case_id, stranger)


def test_a_change_of_legal_domain_stands_in_the_timeline(desk: Desk, case_id: UUID) -> None:
    person = desk.cases.file(case_id).members[0].person
    for days, domain in ((400, LegalDomain.ASYLBLG), (10, LegalDomain.SGB_II)):
        period = ResidencePeriod(person_id=person.id, valid_from=TODAY - timedelta(days=days), legal_domain=domain)
        desk.cases.save_residence_period(case_id, period)
    titles = [item.title for item in desk.cases.file(case_id).timeline if item.kind is TimelineKind.STATUS]
    assert titles == ["Rechtskreiswechsel", "Aufenthaltsstatus"]


# --- referrals and releases -------------------------------------------------------------------------------------------


def shared(case_id: UUID, **facts: object) -> Referral:
    return Referral(
        **{  # type: ignore[arg-type] # short
            "case_id": case_id,
            "receiver": "Jobcenter Unna",
            "sent_on": TODAY,
            "shared": (SharedField.CONCERN, SharedField.NAME),
            **facts,
        }
    )


def test_data_go_out_only_with_a_release_for_this_receiver_these_data_and_this_day(desk: Desk, case_id: UUID) -> None:
    good = release(case_id)
    other = release(case_id, recipient="Caritas Lünen")
    over = release(case_id, given_on=TODAY - timedelta(days=40), expires_on=TODAY - timedelta(days=1))
    narrow = release(case_id, categories=(DataCategory.CONCERN,))
    for consent in (good, other, over, narrow):
        desk.cases.save_consent(consent)
    for consent_id, field in (
        (None, "shared"),
        (other.id, "consent_id"),
        (over.id, "consent_id"),
        (narrow.id, "shared"),
        (UUID(int=1), "shared"),
    ):
        with pytest.raises(RuleBroken) as refused:
            desk.cases.save_referral(shared(case_id, consent_id=consent_id))
        assert refused.value.field_name == field
    assert desk.cases.file(case_id).referrals == ()
    desk.cases.save_referral(shared(case_id, shared=(), consent_id=None))  # without data none is needed
    sent = shared(case_id, consent_id=good.id, receiver="  jobcenter  UNNA ")
    desk.cases.save_referral(sent)
    desk.cases.withdraw_consent(good.id, TODAY)
    with pytest.raises(RuleBroken):
        desk.cases.save_referral(shared(case_id, consent_id=good.id))
    with pytest.raises(RuleBroken):  # what was withdrawn stays as it is
        desk.cases.save_consent(replace(good, withdrawn_on=None))


def test_a_reminder_moves_the_answer_two_weeks_on(desk: Desk, case_id: UUID, clock: FixedClock) -> None:
    sent = shared(case_id, shared=())
    desk.cases.save_referral(sent)
    clock.advance(timedelta(days=14))
    desk.cases.remind_of_referral(sent.id)
    (now,) = desk.cases.file(case_id).referrals
    assert (now.reminded_on, now.answer_due_on) == (TODAY + timedelta(days=14), TODAY + timedelta(days=28))


# --- conferences ------------------------------------------------------------------------------------------------------


def test_nobody_is_invited_without_a_release(desk: Desk, case_id: UUID) -> None:
    consent = release(case_id)
    desk.cases.save_consent(consent)
    with_release = Invitee(organisation="Jobcenter Unna", consent_id=consent.id)
    without = Invitee(organisation="Schule am Park")
    plan = conference(desk, case_id, invitees=(with_release, without))
    desk.cases.save_conference(plan)
    with pytest.raises(RuleBroken) as refused:
        desk.cases.save_conference(replace(plan, state=ConferenceState.INVITED))
    assert refused.value.field_name == "invitees"
    desk.cases.save_conference(replace(plan, state=ConferenceState.INVITED, invitees=(with_release,)))
    (stored,) = desk.cases.file(case_id).work.conferences
    assert (stored.invited_on, stored.invitees) == (TODAY, (with_release,))
    desk.cases.save_conference(replace(plan, anonymised=True, state=ConferenceState.INVITED))
    assert desk.cases.file(case_id).work.conferences[0].client_takes_part is False


def test_the_authority_is_warned_of_and_an_anonymous_talk_names_nobody(desk: Desk, case_id: UUID) -> None:
    consent = release(case_id, recipient="Ausländerbehörde Kreis Unna")
    desk.cases.save_consent(consent)
    talk = conference(
        desk,
        case_id,
        kind=ConferenceKind.CASE_DISCUSSION,
        state=ConferenceState.HELD,
        invitees=(Invitee(organisation="Ausländerbehörde Kreis Unna", consent_id=consent.id),),
    )
    with pytest.raises(RuleBroken) as refused:
        desk.cases.save_conference(talk)
    assert refused.value.field_name == "anonymised"
    assert "§§ 87, 88" in str(refused.value.message)
    desk.cases.save_conference(talk, warning_read=True)
    with pytest.raises(RuleBroken) as refused:
        desk.cases.save_conference(replace(talk, anonymised=True, minutes="Frau Haddad hat einen Pass."))
    assert refused.value.field_name == "anonymised"
    desk.cases.save_conference(replace(talk, anonymised=True, minutes="Die Person hat einen Pass."))


def test_tasks_become_follow_ups_and_go_with_them(desk: Desk, case_id: UUID) -> None:
    task = ConferenceTask(text="Bescheid prüfen", responsible="Jobcenter", due_on=TODAY)
    plan = conference(desk, case_id, tasks=(task, ConferenceTask(text="ohne Termin")))
    desk.cases.save_conference(plan)
    (follow_up,) = desk.cases.file(case_id).follow_ups
    assert (follow_up.due_on, follow_up.reason) == (TODAY, "Bescheid prüfen (Jobcenter)")
    stored = desk.cases.file(case_id).work.conferences[0]
    later = replace(stored.tasks[0], due_on=TODAY + timedelta(days=3))
    desk.cases.save_conference(replace(stored, tasks=(later,)))
    (moved,) = desk.cases.file(case_id).follow_ups
    assert (moved.id, moved.due_on) == (follow_up.id, TODAY + timedelta(days=3))
    desk.cases.save_conference(replace(stored, tasks=()))
    assert desk.cases.file(case_id).follow_ups == ()


# --- structural issues ------------------------------------------------------------------------------------------------


def issue(**facts: object) -> StructuralIssue:
    return StructuralIssue(**{"title": "Kursplätze", "description": "Fehlen", "noticed_on": TODAY, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Frau Haddad wartet",
        "bei Mariam",
        "Haddads Antrag",
        "geboren am 3.4.1990",
        "HADDAD",
        "am 3. April 1990",
        "KIM-2026-001",
        "die Familie Haddad-Meier",
    ],
)
@pytest.mark.parametrize("field", ["title", "description", "proposal"])
def test_an_issue_that_names_a_person_of_the_vault_is_refused(desk: Desk, text: str, field: str) -> None:
    client = Person(given_name="Mariam", family_name="Haddad", date_of_birth=TODAY.replace(1990, 4, 3))
    consult(desk.cases, client=client)
    with pytest.raises(RuleBroken) as refused:
        desk.issues.save_issue(issue(**{field: text}))
    assert refused.value.field_name == field
    assert "Haddad" not in str(refused.value)
    assert desk.issues.persons_named(text)
    assert desk.issues.board() == ()


def test_words_of_german_and_communes_are_no_names(desk: Desk) -> None:
    consult(desk.cases, client=Person(given_name="Nur", family_name="Lünen", date_of_birth=TODAY.replace(1990, 4, 3)))
    desk.issues.save_issue(issue(description="Nur in Lünen fehlen Plätze, seit dem 03.04.2026."))
    with pytest.raises(RuleBroken):
        desk.issues.save_issue(issue(description="Nur Lünen hat keinen Platz."))


def test_an_issue_climbs_the_ladder_and_only_what_was_accepted_reaches_the_land(desk: Desk, case_id: UUID) -> None:
    known = desk.issues.save_issue(issue(case_ids=(case_id,))).value
    with pytest.raises(RuleBroken) as refused:
        desk.issues.move_issue(known, Rung.STATE, IssueState.OPEN, TODAY)
    assert refused.value.field_name == "rung"
    with pytest.raises(RuleBroken):
        desk.issues.move_issue(known, Rung.COMMUNE_GROUP, IssueState.OPEN, TODAY - timedelta(days=1))
    desk.issues.move_issue(known, Rung.STEERING_GROUP, IssueState.ACCEPTED, TODAY, "Beschluss")
    desk.issues.move_issue(known, Rung.STATE, IssueState.OPEN, TODAY, review_on=TODAY)
    (stored,) = desk.issues.board()
    assert [step.rung for step in stored.steps] == [Rung.COLLECTED, Rung.STEERING_GROUP, Rung.STATE]
    assert stored.case_ids == (case_id,)
    assert desk.cases.file(case_id).work.issues == (stored,)
    assert [due.kind for due in desk.cases.home().due_today] == [DueKind.ISSUE]


def test_only_the_text_that_was_seen_leaves(desk: Desk, case_id: UUID, office: CoordinatingOffice) -> None:
    known = desk.issues.save_issue(issue(case_ids=(case_id,), commune="05978024")).value
    seen = desk.issues.text_that_leaves(known)
    words = desk.issues.words(seen)
    assert "Kommune: Lünen" in words and "Betroffene Fälle: unter 3 Fälle" in words and "Haddad" not in seen
    with pytest.raises(NotEnrolled):
        desk.issues.release_text(known, seen)
    desk.pushes.enrol(office.invite())
    desk.issues.save_issue(replace(desk.issues.board()[0], proposal="Mehr Plätze"))
    with pytest.raises(RuleBroken):
        desk.issues.release_text(known, seen)
    assert desk.issues.unsent_releases() == ()
    desk.issues.release_text(known, desk.issues.text_that_leaves(known))
    (waiting,) = desk.issues.unsent_releases()
    assert "Mehr Plätze" in waiting.text
    with pytest.raises(RuleBroken):
        desk.issues.delete_issue(known)


def test_a_text_that_was_let_go_reaches_the_office_once_and_its_next_revision_replaces_it(
    desk: Desk, case_id: UUID, office: CoordinatingOffice
) -> None:
    desk.pushes.enrol(office.invite())
    known = desk.issues.save_issue(issue(case_ids=(case_id,))).value
    for _revision in (1, 2):
        desk.issues.release_text(known, desk.issues.text_that_leaves(known))
        assert desk.pushes.status().waiting == 1
        report = desk.pushes.send().value
        assert len(report.received) == 1 and report.problem is None
        assert desk.issues.unsent_releases() == () and desk.pushes.status().waiting == 0
    assert {read_issue(one.text.encode()).revision for one in desk.issues.releases(known)} == {1, 2}
    engine = open_database(open_office(office.folder).database_url)
    with engine.connect() as connection:
        (arrived,) = list_issues(connection)
    engine.dispose()
    assert (arrived.text.title, arrived.text.revision) == (issue().title, 2)


# --- plan -------------------------------------------------------------------------------------------------------------


def test_each_agreement_keeps_the_plan_of_its_day(desk: Desk, case_id: UUID, clock: FixedClock) -> None:
    assess(desk.cases, case_id)
    first = goal(desk.cases, case_id)
    desk.cases.save_measure(Measure(case_id=case_id, goal_id=first.id, text="Wohnungsamt"))
    desk.cases.agree_goals(case_id, TODAY, "ar", signed_by_client_on=TODAY)
    desk.cases.agree_goals(case_id, TODAY, "ar", signed_by_client_on=TODAY, signed_by_case_manager_on=TODAY)
    clock.advance(timedelta(days=60))
    desk.cases.save_goal(replace(first, text="Mietvertrag und Möbel"))
    desk.cases.agree_goals(case_id, desk.clock.today(), "ar")
    newest, oldest = desk.cases.file(case_id).work.plan_versions
    assert (newest.number, oldest.number) == (2, 1)
    assert (oldest.goals[0].text, newest.goals[0].text) == ("Mietvertrag", "Mietvertrag und Möbel")
    assert oldest.goals == (first,)
    assert oldest.measures[0].text == "Wohnungsamt"
    assert oldest.signed_by_case_manager_on == TODAY
    with pytest.raises(RuleBroken):
        desk.cases.agree_goals(case_id, TODAY + timedelta(days=1), "ar")


def test_goals_stand_below_goals_of_a_higher_level(desk: Desk, case_id: UUID) -> None:
    assess(desk.cases, case_id)
    guiding = goal(desk.cases, case_id, level=GoalLevel.GUIDING)
    below = Goal(case_id=case_id, level=GoalLevel.FRAMEWORK, text="Wohnen", parent_id=guiding.id)
    desk.cases.save_goal(below)
    with pytest.raises(RuleBroken):
        desk.cases.save_goal(replace(guiding, parent_id=below.id))
    desk.cases.delete_goal(guiding.id)
    assert [one.parent_id for one in desk.cases.file(case_id).goals] == [None]


def test_a_quick_consultation_can_grow_into_a_case(desk: Desk) -> None:
    case_id = consult(desk.cases, outcome=IntakeOutcome.SETTLED_DIRECTLY)
    assert desk.cases.file(case_id).case.closure_reason is ClosureReason.ONE_OFF_CONSULTATION
    desk.cases.reopen_case(case_id)
    case = desk.cases.file(case_id).case
    desk.cases.save_case(replace(case, outcome=IntakeOutcome.CASE_MANAGEMENT))
    assess(desk.cases, case_id)
    file = desk.cases.file(case_id)
    assert (file.case.number, file.case.concern) == (case.number, case.concern)
    assert file.facts.assessments == 1


# --- all of it --------------------------------------------------------------------------------------------------------


def test_a_closed_case_takes_nothing_but_a_withdrawal(desk: Desk) -> None:
    case_id = consult(desk.cases, outcome=IntakeOutcome.REFERRAL)
    consent = release(case_id)
    desk.cases.save_consent(consent)
    desk.cases.close_case(case_id, TODAY, ClosureReason.CONTACT_LOST)
    note = ChildProtectionNote(case_id=case_id, noted_on=TODAY, step=ChildProtectionStep.SIGNS, text="x")
    refused: tuple[Callable[[], object], ...] = (
        lambda: desk.cases.save_consent(replace(consent, note="x")),
        lambda: desk.cases.save_helper(Helper(case_id=case_id, name="x", role=HelperRole.OTHER)),
        lambda: desk.cases.save_child_protection_note(note),
        lambda: desk.cases.save_conference(conference(desk, case_id)),
    )
    for work in refused:
        with pytest.raises(CaseClosed):
            work()
    desk.cases.withdraw_consent(consent.id, TODAY)
    assert not desk.cases.file(case_id).work.consents[0].holds_on(TODAY)


def test_child_protection_stays_hidden_from_the_household(desk: Desk, case_id: UUID) -> None:
    note = ChildProtectionNote(
        case_id=case_id, noted_on=TODAY, step=ChildProtectionStep.EXPERT, text="Beratung", next_on=TODAY
    )
    desk.cases.save_child_protection_note(note)
    (entry,) = [item for item in desk.cases.file(case_id).timeline if item.kind is TimelineKind.CHILD_PROTECTION]
    assert entry.hidden and "Beratung" not in entry.text
    assert [due.kind for due in desk.cases.home().due_today] == [DueKind.CHILD_PROTECTION]
    done = replace(note, id=UUID(int=5), step=ChildProtectionStep.CLOSED, next_on=None)
    desk.cases.save_child_protection_note(done)
    assert desk.cases.home().due_today == ()


def test_what_expires_shows_on_the_home_screen(desk: Desk) -> None:
    client = Person(
        given_name="Mariam",
        family_name="Haddad",
        residence_status=ResidenceStatus.OPPORTUNITY_RESIDENCE,
        residence_expires_on=TODAY + timedelta(days=150),
    )
    case_id = consult(desk.cases, client=client)
    desk.cases.save_consent(release(case_id, expires_on=TODAY + timedelta(days=30)))
    assert [due.kind for due in desk.cases.home().expiring] == [DueKind.CONSENT_EXPIRY, DueKind.OPPORTUNITY_END]
