"""The case file on a real vault: what is shown, drafts, moving between phases, refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kimdesk.domain.records import Member, Person
from kimdesk.domain.vocabulary import ContactKind, Gender, IntakeOutcome, Phase, Relation
from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import Vault
from kimdesk.ui.design import Meaning
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.printing import PrintRequest
from kimdesk.ui.widgets import Badge, PersonChip
from tests.ui.case_file_support import CLIENT, Room, error_at, type_into, words


@pytest.fixture
def room(vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> Room:
    return Room(vault, clock, jobs, messages, qtbot)


def test_the_head_shows_who_and_what_to_keep_in_mind(room: Room) -> None:
    case_id = room.new_case(address_protected=True, safe_contact="nur per SMS", interpreter="Frau Haddad")
    child = Person(given_name="يوسف", family_name="الخطيب", date_of_birth=date(2016, 7, 9))
    members = (Member(person=child, relation=Relation.CHILD), Member(person=CLIENT, relation=Relation.CLIENT))
    room.cases.save_members(case_id, members)
    desk = room.open(case_id)
    header = desk.page.header
    chips = [chip.accessibleName() for chip in header.findChildren(PersonChip) if not chip.isHidden()]
    assert chips == ["Yasmin Al-Khatib", "يوسف الخطيب"]
    assert header.number.text() == desk.file().case.number
    marks = {mark.text(): mark.property("meaning") for mark in header.findChildren(Badge) if not mark.isHidden()}
    assert marks["Anschrift geschützt"] == Meaning.DANGER
    assert marks["Sicherer Kontakt: nur per SMS"] == Meaning.ATTENTION
    assert marks["Subsidiärer Schutz, gültig bis 28.12.2026 (in 38 Tagen)"] == Meaning.ATTENTION
    assert "Spricht Arabisch, Kurdisch" in marks
    assert "Sprachmittlung: Frau Haddad" in marks
    assert desk.page.title == ""


def test_titles_that_run_out_together_are_said_once(room: Room) -> None:
    case_id = room.new_case()
    family = [
        replace(CLIENT, id=uuid4(), given_name=name, residence_expires_on=day)
        for name, day in (
            ("Ali", date(2026, 12, 28)),
            ("Mona", date(2026, 12, 28)),
            ("Sami", date(2026, 12, 28)),
            ("Nour", date(2026, 12, 28)),
            ("Rima", date(2026, 11, 1)),
            ("Hadi", date(2028, 1, 1)),
        )
    ]
    members = tuple(Member(person=person, relation=Relation.CHILD) for person in family)
    room.cases.save_members(case_id, (Member(person=CLIENT, relation=Relation.CLIENT), *members))
    header = room.open(case_id).page.header
    said = [re.sub("[\u2066-\u2069]", "", mark.text()) for mark in header.findChildren(Badge) if not mark.isHidden()]
    assert "Ali, Mona, Sami +1: Subsidiärer Schutz, gültig bis 28.12.2026 (in 38 Tagen)" in said
    assert "Rima: Subsidiärer Schutz, abgelaufen am 01.11.2026" in said
    assert len([text for text in said if "Schutz" in text]) == 3  # the client's own, and the two above


def test_a_write_that_ends_while_another_case_opens_does_not_bring_the_old_one_back(room: Room) -> None:
    desk = room.open(room.new_case())
    other = room.new_case(Person(given_name="Layla", family_name="Haddad"))
    desk.page.activate(other)
    desk.page.refresh(frozenset({"cases"}))  # what the frame tells after the consultation that led here was saved
    assert not desk.page.content.isVisibleTo(desk.page)  # nothing can be typed into the file of before
    desk.settle()
    assert desk.file().case.id == other
    assert desk.page.content.isVisibleTo(desk.page)
    chips = [chip.accessibleName() for chip in desk.page.header.findChildren(PersonChip) if not chip.isHidden()]
    assert chips == ["Layla Haddad"]


def test_a_case_that_is_gone_leaves_the_one_in_front(room: Room, heard: Any) -> None:
    case_id = room.new_case()
    desk = room.open(case_id)
    desk.page.activate(uuid4())
    desk.settle()
    assert len(heard.texts) == 1
    assert desk.page.content.isVisibleTo(desk.page)
    desk.page.refresh(frozenset({"cases"}))
    assert desk.file().case.id == case_id
    assert len(heard.texts) == 1


def test_the_next_step_leads_to_where_it_is_done(room: Room) -> None:
    desk = room.open(room.new_case())
    assert desk.page.next_text.text() == "Nächster Schritt: Beschreiben Sie mindestens einen Lebensbereich."
    desk.click(desk.page.next_button)
    assert desk.page.tab == "assessment"
    assert desk.page.viewed_phase is Phase.ASSESSMENT


def test_a_contact_is_typed_saved_and_seen_in_the_timeline(room: Room, heard: Any) -> None:
    desk = room.open(room.new_case())
    form = desk.timeline.contact.form
    type_into(form, "text", "Wohnung besichtigt")
    form.editor("kind").set_value(ContactKind.HOME_VISIT)
    type_into(form, "minutes", "45")
    desk.click(desk.timeline.contact.save_button)
    (contact,) = desk.file().contacts
    assert (contact.text, contact.kind, contact.minutes) == ("Wohnung besichtigt", ContactKind.HOME_VISIT, 45)
    assert contact.at == room.clock.now()
    assert "Wohnung besichtigt" in words(desk.timeline.timeline)
    assert form.values()["text"] == ""
    assert heard.texts == ["Der Kontakt ist gespeichert."]
    assert not heard.bugs


def test_a_contact_can_be_corrected(room: Room) -> None:
    desk = room.open(room.new_case())
    form = desk.timeline.contact.form
    type_into(form, "text", "Wonung")
    desk.click(desk.timeline.contact.save_button)
    desk.timeline.edit(desk.file().contacts[0].id)
    type_into(form, "text", "Wohnung")
    desk.click(desk.timeline.contact.save_button)
    assert [contact.text for contact in desk.file().contacts] == ["Wohnung"]


def test_an_empty_form_says_one_sentence_at_the_field_and_stores_nothing(room: Room, heard: Any) -> None:
    desk = room.open(room.new_case())
    form = desk.timeline.contact.form
    type_into(form, "partner", "Jobcenter")
    desk.click(desk.timeline.contact.save_button)
    assert error_at(form, "text") == "Bitte füllen Sie dieses Feld aus."
    assert form.values()["partner"] == "Jobcenter"
    assert desk.file().contacts == ()
    assert heard.texts == []


def test_a_rule_that_is_broken_is_said_at_its_field_and_the_text_stays(room: Room, heard: Any) -> None:
    desk = room.open(room.new_case())
    form = desk.timeline.contact.form
    type_into(form, "text", "Termin vereinbart")
    type_into(form, "day", "01.12.2026")
    desk.click(desk.timeline.contact.save_button)
    assert "in der Zukunft" in error_at(form, "day")
    assert form.values()["text"] == "Termin vereinbart"
    assert desk.timeline.contact.mark.isVisibleTo(desk.page)
    assert desk.file().contacts == ()
    assert not heard.bugs


def test_what_was_typed_survives_leaving_and_is_marked_as_draft(room: Room) -> None:
    case_id = room.new_case()
    first = room.open(case_id)
    type_into(first.timeline.contact.form, "text", "mitten im Satz")
    type_into(first.timeline.contact.form, "day", "31.02.")
    assert first.page.bar.tabText(0) == "Verlauf •"
    first.page.leave()
    first.settle()
    second = room.open(case_id)
    contact = second.timeline.contact
    assert contact.form.values()["text"] == "mitten im Satz"
    assert contact.form["day"].editor.draft() == "31.02."
    assert contact.mark.isVisibleTo(second.page)
    assert second.page.bar.tabText(0) == "Verlauf •"
    type_into(contact.form, "day", "heute")
    second.click(contact.save_button)
    assert [entry.text for entry in second.file().contacts] == ["mitten im Satz"]
    assert room.cases.drafts() == ()
    assert second.page.bar.tabText(0) == "Verlauf"
    assert not contact.mark.isVisibleTo(second.page)


def test_what_was_typed_is_handed_over_at_the_lock_and_comes_back(room: Room) -> None:
    case_id = room.new_case()
    first = room.open(case_id)
    type_into(first.timeline.contact.form, "text", "kurz vor der Sperre")
    kept = first.page.draft()
    assert kept is not None
    second = room.open(case_id)
    second.page.restore(kept)
    second.settle()
    third = room.open(case_id)
    assert third.timeline.contact.form.values()["text"] == "kurz vor der Sperre"


def test_a_discarded_draft_can_be_brought_back(room: Room, heard: Any) -> None:
    desk = room.open(room.new_case())
    form = desk.timeline.contact.form
    type_into(form, "text", "wichtig")
    desk.click(desk.timeline.contact.discard_button)
    assert form.values()["text"] == ""
    heard.messages[-1].undo()
    desk.settle()
    assert form.values()["text"] == "wichtig"


def test_drafts_stay_with_their_case(room: Room) -> None:
    one, other = room.new_case(), room.new_case(Person(given_name="Олена", family_name="Коваленко"))
    desk = room.open(one)
    type_into(desk.timeline.contact.form, "text", "gehört zum ersten Fall")
    desk.page.activate(other)
    desk.settle()
    assert desk.timeline.contact.form.values()["text"] == ""
    desk.page.activate(one)
    desk.settle()
    assert desk.timeline.contact.form.values()["text"] == "gehört zum ersten Fall"


def test_a_write_elsewhere_does_not_take_away_what_is_being_typed(room: Room) -> None:
    desk = room.open(room.new_case())
    type_into(desk.intake.intake.form, "concern", "Neu beschrieben")
    type_into(desk.timeline.contact.form, "text", "Kontakt")
    desk.click(desk.timeline.contact.save_button)
    assert desk.intake.intake.form.values()["concern"] == "Neu beschrieben"
    desk.go("intake")
    desk.page.save()
    assert desk.file().case.concern == "Neu beschrieben"


def test_persons_are_added_with_what_the_household_shares(room: Room) -> None:
    desk = room.open(room.new_case())
    household, form = desk.household, desk.household.member.form
    desk.go("household")
    desk.click(household.add_button)
    assert form.values()["nationality"] == "Syrien"
    type_into(form, "family_name", " ")
    desk.click(household.member.save_button)
    assert error_at(form, "relation") == "Bitte füllen Sie dieses Feld aus."
    form.editor("relation").set_value(Relation.CHILD)
    desk.click(household.member.save_button)
    assert error_at(form, "given_name") == "Bitte geben Sie einen Vor- oder Nachnamen ein."
    type_into(form, "given_name", "Lina")
    type_into(form, "date_of_birth", "010825")
    form.editor("gender").set_value(Gender.FEMALE)
    desk.click(household.member.save_button)
    added = [member for member in desk.file().members if member.person.given_name == "Lina"]
    assert [(one.relation, one.person.date_of_birth) for one in added] == [(Relation.CHILD, date(2025, 8, 1))]
    assert added[0].person.languages == CLIENT.languages
    assert "Kind, 15 Monate" in words(household.list)


def test_a_household_without_a_client_is_refused_at_the_relation(room: Room) -> None:
    desk = room.open(room.new_case())
    form = desk.household.member.form
    form.editor("relation").set_value(Relation.PARENT)
    desk.click(desk.household.member.save_button)
    assert "genau eine Person" in error_at(form, "relation")
    assert desk.file().members[0].relation is Relation.CLIENT


def test_removing_a_person_can_be_undone(room: Room, heard: Any) -> None:
    case_id = room.new_case()
    child = Member(person=Person(given_name="Lina", family_name="Al-Khatib"), relation=Relation.CHILD)
    room.cases.save_members(case_id, (*room.cases.file(case_id).members, child))
    desk = room.open(case_id)
    desk.household.edit(child.person.id)
    desk.click(desk.household.remove_button)
    assert len(desk.file().members) == 1
    heard.messages[-1].undo()
    assert [member.person.given_name for member in desk.file().members] == ["Yasmin", "Lina"]


def test_the_intake_form_saves_and_shows_a_refusal_at_the_outcome(room: Room) -> None:
    case_id = room.new_case()
    room.assess(case_id)
    desk = room.open(case_id)
    desk.go("intake")
    form = desk.intake.intake.form
    type_into(form, "language", "Dari, aus Herat")
    form.editor("outcome").set_value(IntakeOutcome.LITTLE_NEED)
    desk.page.save()
    desk.settle()
    assert "schon ein Assessment" in error_at(form, "outcome")
    assert form.values()["language"] == "Dari, aus Herat"
    form.editor("outcome").set_value(IntakeOutcome.CASE_MANAGEMENT)
    desk.page.save()
    assert desk.file().case.language == "Dari, aus Herat"


def test_phases_are_walked_by_keyboard_and_finishing_a_step_saves_it(room: Room) -> None:
    desk = room.open(room.new_case())
    desk.page.open_phase(Phase.INTAKE)
    type_into(desk.intake.intake.form, "concern", "Kita gesucht")
    desk.page.finish_step()
    desk.settle()
    assert desk.file().case.concern == "Kita gesucht"
    assert (desk.page.viewed_phase, desk.page.tab) == (Phase.ASSESSMENT, "assessment")
    desk.page.step_phase(1)
    assert (desk.page.viewed_phase, desk.page.tab) == (Phase.GOALS, "plan")
    desk.page.step_phase(-1)
    assert desk.page.viewed_phase is Phase.ASSESSMENT


def test_a_step_that_is_refused_is_not_left(room: Room) -> None:
    desk = room.open(room.new_case())
    desk.page.open_phase(Phase.INTAKE)
    type_into(desk.intake.intake.form, "consent_on", "01.01.2030")
    desk.page.finish_step()
    desk.settle()
    assert desk.page.tab == "intake"
    assert "in der Zukunft" in error_at(desk.intake.intake.form, "consent_on")


def test_a_phase_opens_its_tab_by_click(room: Room) -> None:
    desk = room.open(room.new_case())
    for phase, tab in ((Phase.AGREEMENT, "plan"), (Phase.COORDINATION, "services"), (Phase.CLOSURE, "closure")):
        button = desk.page.stepper.findChildren(type(desk.page.stepper._buttons[0]))[list(Phase).index(phase)]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        desk.settle()
        assert desk.page.tab == tab


def test_printing_leads_to_the_print_page_with_the_case(room: Room, qtbot: QtBot) -> None:
    case_id = room.new_case()
    desk = room.open(case_id)
    with qtbot.waitSignal(desk.page.navigate) as asked:
        desk.click(desk.page.header.print_button)
    assert asked.args == ["print", PrintRequest(document="contact-sheet", case_id=case_id)]


def test_every_field_and_button_has_a_name_for_a_screen_reader(room: Room) -> None:
    case_id = room.new_case()
    room.assess(case_id)
    desk = room.open(case_id)
    nameless = [
        (tab.__class__.__name__, name)
        for tab in desk.page.tabs.values()
        for entry in tab.entries
        for name in entry.form.values()
        if not (entry.form.editor(name).entry.accessibleName() or _inner_name(entry.form.editor(name)))
    ]
    assert nameless == []


def _inner_name(editor: Any) -> str:
    search: Callable[..., Any] | None = getattr(editor, "search", None)
    chips = getattr(editor, "_chips", {})
    if search is not None:
        return str(editor.search.entry.accessibleName())
    return " ".join(chip.accessibleName() for chip in chips.values())
