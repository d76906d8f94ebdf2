"""Assessment, plan, services, follow-ups and closure in the case file, on a real vault."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from kimdesk.domain.records import AreaEntry, Assessment, FollowUp, Goal, Measure, Referral
from kimdesk.domain.vocabulary import (
    ClosureReason,
    LifeArea,
    MeasureState,
    Phase,
    PhaseStatus,
    ReassessmentTrigger,
    ReferralResult,
)
from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import Vault
from kimdesk.ui.case_file.record_card import RecordCard
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from tests.ui.case_file_support import Room, error_at, type_into, words


@pytest.fixture
def room(vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> Room:
    return Room(vault, clock, jobs, messages, qtbot)


def test_a_first_assessment_is_described_area_by_area(room: Room) -> None:
    desk = room.open(room.new_case())
    desk.page.open_phase(Phase.ASSESSMENT)
    form, housing = desk.assessment.entry.form, desk.assessment.rows[LifeArea.HOUSING]
    assert not form["trigger"].isVisibleTo(desk.page)
    desk.page.save()
    desk.settle()
    assert desk.file().assessments == ()
    type_into(form, "housing.resources", "Vermieter hilft")
    type_into(form, "housing.need", "mehr Platz")
    QTest.keyClick(housing.scale.scale, Qt.Key.Key_2)
    desk.click(housing.fold)
    type_into(form, "housing.situation", "Zwei Zimmer für fünf")
    desk.click(desk.assessment.entry.save_button)
    (stored,) = desk.file().assessments
    assert stored.trigger is None
    assert stored.held_on == date(2026, 11, 20)
    expected = AreaEntry(
        life_area=LifeArea.HOUSING,
        resources="Vermieter hilft",
        need="mehr Platz",
        situation="Zwei Zimmer für fünf",
        scale=2,
    )
    assert stored.entries == (expected,)
    assert desk.assessment.entry.record_id == stored.id
    assert not desk.assessment.entry.mark.isVisibleTo(desk.page)


def test_an_empty_assessment_is_refused_with_a_sentence(room: Room) -> None:
    desk = room.open(room.new_case())
    desk.go("assessment")
    desk.click(desk.assessment.entry.save_button)
    first = next(iter(desk.assessment.rows))
    said = error_at(desk.assessment.entry.form, f"{first}.resources")
    assert said == "Bitte beschreiben Sie mindestens einen Lebensbereich."
    assert desk.file().assessments == ()


def test_a_reassessment_stands_before_the_ghost_of_the_last_one(room: Room) -> None:
    case_id = room.new_case()
    room.assess(case_id, scale=2)
    desk = room.open(case_id)
    tab, form = desk.assessment, desk.assessment.entry.form
    desk.go("assessment")
    desk.click(tab.begin_button)
    language = tab.rows[LifeArea.LANGUAGE]
    assert language.scale.scale.previous == 2
    assert language.scale.value() is None
    assert form.values()["language.need"] == "Kurs"
    assert "zuletzt 2" in language.scale.scale.accessibleDescription()
    QTest.keyClick(language.scale.scale, Qt.Key.Key_4)
    desk.click(tab.entry.save_button)
    assert error_at(form, "trigger") == "Bitte füllen Sie dieses Feld aus."
    form.editor("trigger").set_value(ReassessmentTrigger.STATUS_CHANGE)
    desk.click(tab.entry.save_button)
    scales = [(one.trigger, one.entries[0].scale) for one in desk.file().assessments]
    assert sorted(scales, key=lambda pair: pair[1] or 0) == [(None, 2), (ReassessmentTrigger.STATUS_CHANGE, 4)]
    tab.view.set_value("picture")
    tab._show_view()
    assert "Sprache: 4 (zuvor 2)" in tab.picture.accessibleDescription()


def test_an_assessment_draft_comes_back_with_its_scale(room: Room) -> None:
    case_id = room.new_case()
    first = room.open(case_id)
    QTest.keyClick(first.assessment.rows[LifeArea.HEALTH].scale.scale, Qt.Key.Key_3)
    first.page.leave()
    first.settle()
    second = room.open(case_id)
    assert second.assessment.rows[LifeArea.HEALTH].scale.value() == 3
    assert second.assessment.entry.is_draft


def test_an_earlier_assessment_can_be_looked_at_again(room: Room) -> None:
    case_id = room.new_case()
    room.assess(case_id)
    later = Assessment(
        case_id=case_id,
        held_on=date(2026, 11, 19),
        trigger=ReassessmentTrigger.OTHER,
        entries=(AreaEntry(life_area=LifeArea.LANGUAGE, scale=5),),
    )
    room.cases.save_assessment(later)
    desk = room.open(case_id)
    desk.go("assessment")
    assert desk.assessment.entry.record_id == later.id
    desk.assessment.which.combo.setCurrentIndex(0)
    desk.assessment.which.combo.activated.emit(0)
    desk.settle()
    assert desk.assessment.entry.form.values()["held_on"] == date(2026, 11, 4)


def test_a_goal_is_helped_to_be_smart_and_a_vague_one_stops_the_agreement(room: Room) -> None:
    case_id = room.new_case()
    room.assess(case_id)
    desk = room.open(case_id)
    desk.page.open_phase(Phase.GOALS)
    plan, form = desk.plan, desk.plan.goal.entry.form
    form.editor("life_area").set_value(LifeArea.LANGUAGE)
    assert plan.goal.area_field.help.text() == "Bedarf laut Assessment: Kurs"
    type_into(form, "text", "B1 bestehen")
    assert "✓ konkret" in plan.goal.smart.text()
    assert "○ messbar" in plan.goal.smart.text()
    desk.click(plan.goal.entry.save_button)
    assert [goal.text for goal in desk.file().goals] == ["B1 bestehen"]
    assert "Es fehlt noch: woran gemessen wird und bis wann." in words(plan.list)

    desk.page.open_phase(Phase.AGREEMENT)
    agreement = plan.agreement.entry
    type_into(agreement.form, "agreed_on", "heute")
    desk.click(agreement.save_button)
    assert "woran Sie es messen" in error_at(agreement.form, "agreed_on")
    assert desk.file().case.agreed_on is None

    plan.edit_goal(desk.file().goals[0].id)
    type_into(form, "measured_by", "Zertifikat")
    type_into(form, "due_on", "31.03.2027")
    desk.click(plan.goal.entry.save_button)
    desk.page.open_phase(Phase.AGREEMENT)
    type_into(agreement.form, "client_contribution", "geht zum Kurs")
    desk.click(agreement.save_button)
    case = desk.file().case
    assert (case.agreed_on, case.agreement_language, case.client_contribution, case.review_on) == (
        date(2026, 11, 20),
        "ar",
        "geht zum Kurs",
        date(2027, 5, 20),
    )


def test_a_deleted_goal_comes_back_with_its_measures(room: Room, heard: Any) -> None:
    case_id = room.new_case()
    room.assess(case_id)
    goal = room.goal(case_id)
    measure = Measure(case_id=case_id, goal_id=goal.id, text="anmelden")
    room.cases.save_measure(measure)
    desk = room.open(case_id)
    desk.go("plan")
    delete = next(
        button
        for button in desk.plan.list.findChildren(QPushButton)
        if button.accessibleName() == "Ziel löschen" and button.isVisibleTo(desk.page)
    )
    desk.click(delete)
    file = desk.file()
    assert (file.goals, [one.goal_id for one in file.measures]) == ((), [None])
    assert heard.texts[-1] == "Das Ziel ist gelöscht."
    heard.messages[-1].undo()
    file = desk.file()
    assert [one.id for one in file.goals] == [goal.id]
    assert [one.goal_id for one in file.measures] == [goal.id]


def test_a_measure_is_planned_for_its_goal_with_an_offer_from_the_directory(room: Room) -> None:
    room.offers.install_directory()
    case_id = room.new_case()
    room.assess(case_id)
    goal = room.goal(case_id)
    desk = room.open(case_id)
    desk.go("plan")
    desk.plan.new_measure(goal.id)
    form, offer = desk.plan.measure.entry.form, desk.plan.measure.offer
    QTest.keyClicks(offer.search.line, "Sprachkurs")
    desk.settle()
    cards = [card for card in offer.findChildren(RecordCard) if card.isVisibleTo(desk.page)]
    assert cards
    QTest.keyClick(cards[0], Qt.Key.Key_Return)
    desk.settle()
    type_into(form, "text", "Zum Kurs anmelden")
    desk.click(desk.plan.measure.entry.save_button)
    (measure,) = desk.file().measures
    chosen = room.offers.get(measure.offer_id) if measure.offer_id else None
    assert chosen is not None
    assert measure.goal_id == goal.id
    assert measure.provider in (chosen.offer.facts.provider, chosen.offer.title)


def test_an_offer_is_remembered_in_place(room: Room) -> None:
    room.offers.install_directory()
    hit = room.offers.search("Wohnung")[0]
    case_id = room.new_case()
    desk = room.open(case_id)
    desk.go("services")
    offer = desk.services.referral.offer
    QTest.keyClicks(offer.search.line, "Wohnung")
    desk.settle()
    pin = next(
        button
        for button in offer.findChildren(QPushButton)
        if button.accessibleName() == "Merken" and button.isVisibleTo(desk.page)
    )
    desk.click(pin)
    assert hit.id in desk.file().remembered_offers


def test_a_referral_is_tracked_until_it_is_answered(room: Room) -> None:
    desk = room.open(room.new_case())
    desk.page.open_phase(Phase.COORDINATION)
    referral = desk.services.referral
    form = referral.entry.form
    desk.click(referral.entry.save_button)
    assert error_at(form, "receiver") == "Bitte füllen Sie dieses Feld aus."
    assert not referral.answer_part.isVisibleTo(desk.page)
    type_into(form, "receiver", "Caritas Unna")
    desk.click(referral.entry.save_button)
    (sent,) = desk.file().referrals
    assert (sent.result, sent.answer_due_on) == (ReferralResult.SENT, date(2026, 12, 4))
    assert form.values()["receiver"] == ""

    desk.services.edit_referral(sent.id)
    assert referral.answer_part.isVisibleTo(desk.page)
    form.editor("result").set_value(ReferralResult.ACCEPTED)
    referral.result.combo.activated.emit(0)
    type_into(form, "answer", "Termin am 3.12.")
    desk.click(referral.entry.save_button)
    (answered,) = desk.file().referrals
    assert (answered.result, answered.answered_on, answered.answer) == (
        ReferralResult.ACCEPTED,
        date(2026, 11, 20),
        "Termin am 3.12.",
    )


def test_a_failed_measure_asks_for_the_obstacle(room: Room) -> None:
    case_id = room.new_case()
    measure = Measure(case_id=case_id, text="Antrag stellen")
    room.cases.save_measure(measure)
    desk = room.open(case_id)
    desk.go("services")
    desk.services.edit_measure(measure.id)
    state = desk.services.state
    assert not state.obstacle.isVisibleTo(desk.page)
    desk.click(state.state._chips[MeasureState.FAILED])
    assert state.obstacle.isVisibleTo(desk.page)
    type_into(state.entry.form, "obstacle", "kein Termin")
    desk.click(state.entry.save_button)
    (stored,) = desk.file().measures
    assert (stored.state, stored.obstacle, stored.text) == (MeasureState.FAILED, "kein Termin", "Antrag stellen")


def test_a_follow_up_is_set_by_distance_ticked_off_and_brought_back(room: Room, heard: Any) -> None:
    desk = room.open(room.new_case())
    desk.go("follow_ups")
    tab = desk.follow_ups
    desk.click(tab.steps._chips["two_weeks"])
    type_into(tab.follow_up.form, "reason", "Kita nachfragen")
    desk.click(tab.follow_up.save_button)
    (one,) = desk.file().follow_ups
    assert (one.due_on, one.reason, one.done_on) == (date(2026, 12, 4), "Kita nachfragen", None)
    tab.complete(one.id)
    assert desk.file().follow_ups[0].done_on == date(2026, 11, 20)
    heard.messages[-1].undo()
    assert desk.file().follow_ups[0].done_on is None


def test_an_overdue_follow_up_says_so(room: Room) -> None:
    case_id = room.new_case()
    room.cases.save_follow_up(FollowUp(case_id=case_id, due_on=date(2026, 11, 18), reason="anrufen"))
    desk = room.open(case_id)
    desk.go("follow_ups")
    assert "18.11.2026 (seit 2 Tagen)" in words(desk.follow_ups)


def test_a_phase_is_left_out_only_with_a_reason(room: Room, heard: Any) -> None:
    case_id = room.new_case()
    room.assess(case_id)
    room.goal(case_id)
    desk = room.open(case_id)
    desk.page.open_phase(Phase.AGREEMENT)
    skip = desk.plan.agreement.skip
    desk.click(skip.skip_button)
    assert error_at(skip.form, "reason") == "Bitte geben Sie an, warum diese Phase entfällt."
    type_into(skip.form, "reason", "will nichts unterschreiben")
    desk.click(skip.skip_button)
    state = next(state for state in desk.file().phases if state.phase is Phase.AGREEMENT)
    assert (state.status, state.reason) == (PhaseStatus.SKIPPED, "will nichts unterschreiben")
    assert skip.said.text() == "Zielvereinbarung ausgelassen: will nichts unterschreiben"
    desk.click(skip.unskip_button)
    assert next(s for s in desk.file().phases if s.phase is Phase.AGREEMENT).status is PhaseStatus.NOW


def test_closing_names_what_is_open_refuses_a_wrong_reason_and_can_be_taken_back(room: Room) -> None:
    case_id = room.new_case()
    room.assess(case_id)
    room.cases.save_referral(Referral(case_id=case_id, receiver="Caritas", sent_on=date(2026, 11, 10)))
    desk = room.open(case_id)
    desk.go("closure")
    tab, form = desk.closure, desk.closure.closure.form
    assert tab.open_ends.text.text() == "1 Fallverweis ohne Antwort"
    form.editor("closure_reason").set_value(ClosureReason.ONE_OFF_CONSULTATION)
    desk.click(tab.closure.save_button)
    assert "Einmalberatung endet mit der Erstberatung" in error_at(form, "closure_reason")
    assert desk.file().case.closed_on is None

    form.editor("closure_reason").set_value(ClosureReason.MOVED_AWAY)
    assert tab.deletion.text() == "Zu löschen ab 20.11.2029"
    type_into(form, "remaining_needs", "Anerkennung")
    desk.click(tab.closure.save_button)
    case = desk.file().case
    assert (case.closed_on, case.closure_reason, case.remaining_needs) == (
        date(2026, 11, 20),
        ClosureReason.MOVED_AWAY,
        "Anerkennung",
    )
    assert tab.told["reason"].text() == "Abgeschlossen am 20.11.2026: Weggezogen"
    assert tab.told["deletion"].text() == "Zu löschen ab 20.11.2029"
    assert not desk.timeline.contact.save_button.isEnabled()
    assert "abgeschlossen" in desk.page.next_text.text()

    desk.click(tab.reopen_button)
    assert desk.file().case.closed_on is None
    assert desk.timeline.contact.save_button.isEnabled()


def test_a_goal_before_any_assessment_is_refused_and_kept_as_draft(room: Room, heard: Any) -> None:
    case_id = room.new_case()
    desk = room.open(case_id)
    desk.go("plan")
    type_into(desk.plan.goal.entry.form, "text", "Arbeit finden")
    desk.click(desk.plan.goal.entry.save_button)
    assert "Ziele entstehen aus dem Assessment" in heard.texts[-1]
    assert desk.plan.goal.entry.form.values()["text"] == "Arbeit finden"
    desk.page.leave()
    desk.settle()
    assert room.open(case_id).plan.goal.entry.form.values()["text"] == "Arbeit finden"


def test_two_goals_keep_two_drafts(room: Room) -> None:
    case_id = room.new_case()
    room.assess(case_id)
    one = room.goal(case_id)
    other = Goal(case_id=case_id, text="Wohnung finden", position=1)
    room.cases.save_goal(other)
    desk = room.open(case_id)
    desk.go("plan")
    form = desk.plan.goal.entry.form
    desk.plan.edit_goal(one.id)
    type_into(form, "text", "B1 bis Sommer")
    desk.plan.edit_goal(other.id)
    assert form.values()["text"] == "Wohnung finden"
    type_into(form, "text", "Wohnung in Massen finden")
    desk.plan.edit_goal(one.id)
    assert form.values()["text"] == "B1 bis Sommer"
    desk.settle()
    assert words(desk.plan.list).count("Entwurf") >= 2
