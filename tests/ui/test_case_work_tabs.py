"""Helpers, releases, conferences, checklists, child protection and status history in the case file, on a real vault."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from kimdesk.domain.network import Consent, ResidencePeriod
from kimdesk.domain.records import Goal, Measure
from kimdesk.domain.vocabulary import (
    GoalLevel,
    LegalDomain,
    LifeArea,
    MeasureState,
    Phase,
    ReassessmentTrigger,
    ResidenceStatus,
)
from kimdesk.domain.work_vocabulary import (
    ChecklistKind,
    ConferenceKind,
    ConferenceState,
    DataCategory,
    HelperRole,
    ItemState,
    SharedField,
)
from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import Vault
from kimdesk.ui.case_file.checklist_tab import ChecklistTab
from kimdesk.ui.case_file.conferences_tab import ConferencesTab
from kimdesk.ui.case_file.consents_tab import ConsentsTab
from kimdesk.ui.case_file.involved_tab import InvolvedTab
from kimdesk.ui.case_file.protection_tab import ProtectionTab
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.structure.request import IssueRequest
from tests.services.driven_case_work import release
from tests.ui.case_file_support import CLIENT, Desk, Room, error_at, type_into, words

TODAY = date(2026, 11, 20)


@pytest.fixture
def room(vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> Room:
    return Room(vault, clock, jobs, messages, qtbot)


def tab(desk: Desk, name: str, kind: type[Any]) -> Any:
    desk.go(name)
    found = desk.page.tabs[name]
    assert isinstance(found, kind)
    return found


def button(desk: Desk, place: QWidget, word: str) -> None:
    (found,) = [one for one in place.findChildren(QPushButton) if one.isVisibleTo(place) and one.text() == word]
    desk.click(found)


def test_a_parallel_service_asks_for_the_division_of_labour(room: Room) -> None:
    desk = room.open(room.new_case())
    involved = tab(desk, "involved", InvolvedTab)
    form = involved.helpers.form
    type_into(form, "name", "JMD Lünen")
    form.editor("role").set_value(HelperRole.COUNSELLING)
    form.editor("legal_domain").set_value(LegalDomain.JMD)
    desk.click(involved.helpers.entry.save_button)
    (helper,) = desk.file().work.helpers
    assert (helper.name, helper.since) == ("JMD Lünen", TODAY)
    assert "Absprache zur Arbeitsteilung fehlt" in words(involved.helpers.listing)
    involved.helpers.edit(helper.id)
    type_into(form, "division_of_labour", "JMD: Ausbildung")
    desk.click(involved.helpers.entry.save_button)
    assert "fehlt" not in words(involved.helpers.listing)
    involved.helpers.edit(helper.id)
    desk.settle()
    desk.click(involved.helpers.remove_button)
    assert desk.file().work.helpers == ()


def test_a_draft_of_a_helper_survives_leaving_the_case(room: Room) -> None:
    first, second = room.new_case(), room.new_case(replace(CLIENT, id=UUID(int=9)))
    desk = room.open(first)
    involved = tab(desk, "involved", InvolvedTab)
    type_into(involved.helpers.form, "name", "Caritas")
    desk.page.activate(second)
    desk.settle()
    assert involved.helpers.form.editor("name").value() == ""
    desk.page.activate(first)
    desk.settle()
    assert involved.helpers.form.editor("name").value() == "Caritas"


def test_a_release_names_one_recipient_and_is_withdrawn_after_asking_once_more(room: Room) -> None:
    desk = room.open(room.new_case())
    consents = tab(desk, "consents", ConsentsTab)
    form = consents.consents.form
    type_into(form, "purpose", "Leistungen klären")
    desk.click(consents.consents.entry.save_button)
    assert "eine Stelle je Entbindung" in error_at(form, "recipient")
    type_into(form, "recipient", "Jobcenter Unna")
    form.editor("categories").set_value([DataCategory.IDENTITY])
    desk.click(consents.consents.entry.save_button)
    (stored,) = desk.file().work.consents
    assert (stored.recipient, stored.categories) == ("Jobcenter Unna", (DataCategory.IDENTITY,))
    assert stored.expires_on == date(2027, 11, 20)
    button(desk, consents.consents.listing, "Widerruf …")
    assert desk.file().work.consents[0].withdrawn_on is None
    button(desk, consents.consents.listing, "Freigabe für \u2068Jobcenter Unna\u2069 widerrufen")
    assert desk.file().work.consents[0].withdrawn_on == TODAY
    assert "widerrufen am 20.11.2026" in words(consents.consents.listing)


def test_the_release_chosen_fills_the_receiver_and_what_it_does_not_cover_is_refused(room: Room) -> None:
    case_id = room.new_case()
    consent: Consent = release(case_id)
    room.cases.save_consent(consent)
    desk = room.open(case_id)
    desk.go("services")
    referral = desk.services.referral
    form = referral.entry.form
    referral.consent.set_value(str(consent.id))
    referral.consent.combo.activated.emit(referral.consent.combo.currentIndex())
    assert form.editor("receiver").value() == "Jobcenter Unna"
    referral.shared.set_value([SharedField.NAME, SharedField.HEALTH])
    assert "Nicht erlaubt: Gesundheit und Pflege." in words(referral.card)
    desk.click(referral.entry.save_button)
    assert "deckt nicht alle" in error_at(form, "shared")
    assert desk.file().referrals == ()
    referral.shared.set_value([SharedField.NAME])
    desk.click(referral.entry.save_button)
    (sent,) = desk.file().referrals
    assert (sent.consent_id, sent.shared) == (consent.id, (SharedField.NAME,))
    assert "Mitgegeben: Name" in words(desk.services)


def test_a_conference_is_invited_with_a_release_each_and_its_task_becomes_a_follow_up(room: Room) -> None:
    case_id = room.new_case()
    consent = release(case_id)
    room.cases.save_consent(consent)
    desk = room.open(case_id)
    conferences = tab(desk, "conferences", ConferencesTab)
    form = conferences.conferences.form
    type_into(form, "occasion", "Wohnung und Kurs")
    form.editor("day").set_value(TODAY + timedelta(days=7))
    conferences.invitees.add_row({"organisation": "Jobcenter Unna"})
    conferences.tasks.add_row({"text": "Bescheid prüfen", "due_on": TODAY + timedelta(days=14)})
    form.editor("state").set_value(ConferenceState.INVITED)
    desk.click(conferences.conferences.entry.save_button)
    assert "Schweigepflichtentbindung" in error_at(form, "invitees")
    conferences.invitees.rows[0].editors["consent_id"].set_value(str(consent.id))
    desk.click(conferences.conferences.entry.save_button)
    (stored,) = desk.file().work.conferences
    assert stored.invitees[0].consent_id == consent.id
    assert [one.reason for one in desk.file().follow_ups] == ["Bescheid prüfen"]
    conferences.conferences.edit(stored.id)
    desk.settle()
    type_into(form, "minutes", "Alle da")
    desk.click(conferences.conferences.entry.save_button)
    (again,) = desk.file().work.conferences
    assert (again.invitees, again.tasks, again.minutes) == (stored.invitees, stored.tasks, "Alle da")
    assert len(desk.file().follow_ups) == 1


def test_a_talk_with_the_authority_is_anonymous_unless_the_warning_was_read(room: Room) -> None:
    case_id = room.new_case()
    consent = release(case_id, recipient="Ausländerbehörde")
    room.cases.save_consent(consent)
    desk = room.open(case_id)
    conferences = tab(desk, "conferences", ConferencesTab)
    form = conferences.conferences.form
    assert not conferences.warning.isVisibleTo(desk.page)
    conferences.kind.set_value(ConferenceKind.CASE_DISCUSSION)
    conferences.kind.combo.activated.emit(conferences.kind.combo.currentIndex())
    assert conferences.anonymised.value() is True
    assert conferences.warning.isVisibleTo(desk.page)
    type_into(form, "occasion", "Pass")
    form.editor("day").set_value(TODAY)
    conferences.invitees.add_row({"organisation": "Ausländerbehörde", "consent_id": str(consent.id)})
    form.editor("state").set_value(ConferenceState.INVITED)
    conferences.anonymised.set_value(False)
    desk.click(conferences.conferences.entry.save_button)
    assert "§§ 87, 88" in error_at(form, "anonymised")
    conferences.warning_read.set_value(True)
    desk.click(conferences.conferences.entry.save_button)
    assert desk.file().work.conferences[0].anonymised is False


def test_a_checklist_shows_paragraph_hint_and_state_of_the_law_and_no_verdict(room: Room) -> None:
    client = replace(CLIENT, entered_germany_on=date(2020, 5, 1), residence_status=ResidenceStatus.TOLERATION)
    desk = room.open(room.new_case(client))
    checklists = tab(desk, "checklists", ChecklistTab)
    checklists.kind.set_value(ChecklistKind.SECTION_25B)
    desk.click(checklists.begin_button)
    (begun,) = desk.file().work.checklists
    assert (begun.kind, begun.person_id) == (ChecklistKind.SECTION_25B, client.id)
    form = checklists.forms[ChecklistKind.SECTION_25B]
    shown = words(form.card)
    assert "§ 25b Abs. 1 Satz 2 Nr. 1 AufenthG" in shown
    assert "6 Jahre am 01.05.2026 erreicht" in shown
    assert "Rechtsstand 29.04.2026" in shown and "12.06.2026" in shown
    assert "Die Entscheidung trifft" in words(checklists)
    form.states["language"].set_value(ItemState.PROOF_MISSING)
    type_into(form.entry.form, "language.note", "Prüfung im Januar")
    desk.click(form.entry.save_button)
    (stored,) = desk.file().work.checklists
    assert [(one.item, one.state, one.note) for one in stored.entries] == [
        ("language", ItemState.PROOF_MISSING, "Prüfung im Januar")
    ]
    assert "Nachweise fehlen: 1" in words(checklists)
    desk.click(checklists.begin_button)  # once per person and law
    assert len(desk.file().work.checklists) == 1


def test_child_protection_stands_apart_and_confidential_entries_can_be_left_out(room: Room) -> None:
    desk = room.open(room.new_case())
    protection = tab(desk, "protection", ProtectionTab)
    type_into(protection.notes.form, "text", "Kind wirkt vernachlässigt")
    desk.click(protection.notes.entry.save_button)
    assert desk.file().work.child_protection_notes[0].text == "Kind wirkt vernachlässigt"
    desk.go("timeline")
    shown = words(desk.timeline.timeline)
    assert "Kinderschutz (§ 8a SGB VIII)" in shown and "vernachlässigt" not in shown
    desk.timeline.shown.set_value("showable")
    desk.timeline.shown.chosen.emit("showable")
    desk.settle()
    assert "Kinderschutz" not in words(desk.timeline.timeline)


def test_the_status_history_keeps_what_was_and_shows_what_is(room: Room) -> None:
    desk = room.open(room.new_case())
    desk.go("household")
    history = desk.household.history
    history.begin()
    history.form.editor("residence_status").set_value(ResidenceStatus.OPPORTUNITY_RESIDENCE)
    history.form.editor("legal_domain").set_value(LegalDomain.SGB_II)
    history.form.editor("valid_from").set_value(TODAY)
    desk.click(history.entry.save_button)
    periods = desk.file().work.residence_periods
    assert [one.residence_status for one in periods] == [
        ResidenceStatus.SUBSIDIARY_PROTECTION,
        ResidenceStatus.OPPORTUNITY_RESIDENCE,
    ]
    assert desk.file().members[0].person.residence_status is ResidenceStatus.OPPORTUNITY_RESIDENCE
    assert "Leistungen: SGB II (Jobcenter)" in words(history.listing)


def test_the_head_names_the_next_dates_and_leads_to_a_structural_issue(room: Room) -> None:
    case_id = room.new_case()
    room.cases.save_consent(release(case_id, expires_on=TODAY + timedelta(days=1)))
    desk = room.open(case_id)
    assert "morgen: Schweigepflichtentbindung für" in desk.page.next_dates.text()
    asked: list[tuple[str, object]] = []
    desk.page.navigate.connect(lambda page, argument: asked.append((page, argument)))
    desk.click(desk.page.header.issue_button)
    commune = desk.file().case.commune
    assert asked == [("structure", IssueRequest(case_id=case_id, commune=commune))]


def test_an_agreement_keeps_signatures_and_versions_and_goals_keep_their_place(room: Room) -> None:
    case_id = room.new_case()
    room.assess(case_id)
    guiding = Goal(case_id=case_id, level=GoalLevel.GUIDING, text="Ankommen")
    room.cases.save_goal(guiding)
    goal = room.goal(case_id)
    measure = Measure(case_id=case_id, goal_id=goal.id, text="Kurs suchen", requested_on=date(2026, 11, 5))
    room.cases.save_measure(measure)
    desk = room.open(case_id)
    desk.go("plan")
    desk.plan.edit_goal(goal.id)
    desk.settle()
    form = desk.plan.goal.entry.form
    form.editor("parent_id").set_value(str(guiding.id))
    desk.click(desk.plan.goal.entry.save_button)
    assert "Gehört zu: Ankommen" in words(desk.plan.list)
    desk.plan.edit_goal(goal.id)
    desk.settle()
    type_into(form, "text", "B1 bestehen")
    desk.click(desk.plan.goal.entry.save_button)
    (kept,) = [one for one in desk.file().goals if one.id == goal.id]
    assert (kept.text, kept.parent_id) == ("B1 bestehen", guiding.id)
    desk.plan.edit_measure(measure.id)
    desk.settle()
    type_into(desk.plan.measure.entry.form, "text", "Kurs buchen")
    desk.click(desk.plan.measure.entry.save_button)
    assert desk.file().measures[0].requested_on == date(2026, 11, 5)
    desk.page.open_phase(Phase.AGREEMENT)
    agreement = desk.plan.agreement.entry.form
    agreement.editor("agreed_on").set_value(TODAY)
    agreement.editor("signed_by_client_on").set_value(TODAY)
    desk.click(desk.plan.agreement.entry.save_button)
    (version,) = desk.file().work.plan_versions
    assert (version.number, version.signed_by_client_on) == (1, TODAY)
    versions = desk.plan.agreement.versions
    assert "Klient/in unterschrieb am 20.11.2026" in words(versions)
    versions.unfold(1)
    desk.settle()
    assert "B1 bestehen" in words(versions) and "Kurs buchen" in words(versions)


def test_a_measure_dates_its_state(room: Room) -> None:
    case_id = room.new_case()
    measure = Measure(case_id=case_id, text="Kurs suchen")
    room.cases.save_measure(measure)
    desk = room.open(case_id)
    desk.go("services")
    desk.services.edit_measure(measure.id)
    desk.settle()
    state = desk.services.state
    desk.click(state.state.chip(MeasureState.RUNNING))
    desk.click(state.entry.save_button)
    (stored,) = desk.file().measures
    assert (stored.state, stored.started_on) == (MeasureState.RUNNING, TODAY)


def test_a_change_of_status_proposes_a_reassessment_and_the_picture_says_what_changed(room: Room) -> None:
    case_id = room.new_case()
    room.assess(case_id, scale=2)
    person = room.cases.file(case_id).members[0].person
    period = ResidencePeriod(
        person_id=person.id, valid_from=date(2026, 11, 10), residence_status=ResidenceStatus.SETTLEMENT_PERMIT
    )
    room.cases.save_residence_period(case_id, period)
    desk = room.open(case_id)
    desk.go("assessment")
    assert "Statuswechsel: 10.11.2026" in words(desk.assessment)
    desk.click(desk.assessment.begin_button)
    assert desk.assessment.trigger.value() == ReassessmentTrigger.STATUS_CHANGE
    desk.assessment.rows[LifeArea.LANGUAGE].scale.set_value(4)
    desk.assessment.view.set_value("picture")
    desk.assessment.view.chosen.emit("picture")
    assert "Sprache: von 2 auf 4, besser." in desk.assessment.changes.text()
