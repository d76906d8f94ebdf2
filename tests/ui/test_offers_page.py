"""The offers page on a real vault: searching, reading, remembering, importing, by keyboard too."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import Case, Member, Person
from kimdesk.domain.vocabulary import IntakeOutcome, LifeArea, Relation
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage.vault.vault import Vault
from kimdesk.ui.case_file import Begin
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.offers import OffersPage, OffersRequest
from kimdesk.ui.offers.request import offers_request
from kimdesk.ui.offers.results import characters, units
from kimdesk.ui.printing import PrintRequest
from kimdesk.ui.widgets import Text
from tests.ui.conftest import Heard

DAY = date(2026, 11, 20)


@pytest.fixture
def desk(vault: Vault, clock: FixedClock) -> Desk:
    """The services of an empty vault."""
    return build_desk(vault, clock)


@pytest.fixture
def case_id(desk: Desk) -> UUID:
    """An open case of Maryam Haddad, who speaks Arabic."""
    person = Person(given_name="Maryam", family_name="Haddad", languages=("ar",))
    case = Case(
        opened_on=DAY,
        commune="05978036",
        intake_on=DAY,
        language="ar",
        concern="Sprachkurs",
        outcome=IntakeOutcome.CASE_MANAGEMENT,
    )
    member = Member(person=person, relation=Relation.CLIENT)
    return desk.cases.record_consultation(ConsultationEntry(case=case, members=(member,))).value


class Chooser:
    """Stands in for the system's file dialog and answers with `path`."""

    def __init__(self) -> None:
        self.path: Path | None = None

    def __call__(self, parent: QWidget) -> Path | None:
        return self.path


@pytest.fixture
def chooser() -> Chooser:
    """What the file dialog answers."""
    return Chooser()


Open = Callable[..., OffersPage]


@pytest.fixture
def open_page(qtbot: QtBot, desk: Desk, jobs: Jobs, messages: Messages, chooser: Chooser) -> Open:
    """Return a function that shows the page with an argument and waits until everything is read."""

    def open_it(argument: object = None) -> OffersPage:
        page = OffersPage(desk.offers, desk.cases, jobs, messages, desk.clock, choose_file=chooser)
        qtbot.addWidget(page)
        page.resize(1130, 640)
        with qtbot.waitExposed(page):
            page.show()
        page.activate(argument)
        assert jobs.wait_idle()
        return page

    return open_it


def _shown(page: OffersPage) -> str:
    """Return every text of the detail."""
    QApplication.processEvents()  # what was built anew is shown by an event
    return "\n".join(text.text() for text in page.detail.findChildren(Text) if text.isVisible())


def test_an_empty_directory_offers_the_import(open_page: Open, chooser: Chooser) -> None:
    page = open_page()
    assert page.empty.isVisible()
    assert not page.results.isVisible()
    assert page.empty.button is not None
    page.empty.button.click()
    assert page.import_dialog is not None
    assert page.import_dialog.isVisible()


def test_typing_finds_and_says_why(open_page: Open, desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    desk.offers.install_directory()
    page = open_page()
    everything = len(page.results.items())
    page.focus_filter()
    QTest.keyClicks(page.search.line, "sprachkurs")
    qtbot.waitUntil(lambda: 0 < len(page.results.items()) < everything)
    assert jobs.wait_idle()
    first = page.results.items()[0]
    assert "Sprachkurs" in first.note
    assert [first.excerpt[start:end] for start, end in first.excerpt_ranges] == ["Sprachkurs"]
    assert page.detail.offer_id() == first.id
    assert page.detail.title.text() == first.title


def test_nothing_found_leads_back_to_everything(open_page: Open, desk: Desk, jobs: Jobs) -> None:
    desk.offers.install_directory()
    page = open_page(OffersRequest(text="qqqqqqq"))
    assert page.found.currentIndex() == 1
    assert not page.detail.isVisible()
    page._reset()
    assert jobs.wait_idle()
    assert len(page.results.items()) == desk.offers.count()


def test_the_filters_narrow_and_are_taken_back(open_page: Open, desk: Desk, jobs: Jobs) -> None:
    desk.offers.install_directory()
    page = open_page()
    everything = len(page.results.items())
    page.filters.areas.setCurrentRow(list(LifeArea).index(LifeArea.HOUSING) + 1)
    assert jobs.wait_idle()
    in_area = desk.offers.browse(500, life_area=LifeArea.HOUSING).rows
    assert {item.id for item in page.results.items()} == {offer.id for offer in in_area}
    assert 0 < len(in_area) < everything
    page.filters.language.set_value("ti")
    assert jobs.wait_idle()
    assert len(page.results.items()) < len(in_area)
    page.filters.reset.click()
    assert jobs.wait_idle()
    assert len(page.results.items()) == everything


def test_the_communes_are_the_districts(open_page: Open, desk: Desk, jobs: Jobs) -> None:
    desk.offers.install_directory()
    page = open_page()
    names = {page.filters.commune.combo.itemText(place) for place in range(page.filters.commune.combo.count())}
    assert {"Unna", "Bönen"} <= names
    page.filters.commune.set_value("05978036")
    assert jobs.wait_idle()
    wanted = desk.offers.browse(500, commune="05978036").rows
    assert {item.id for item in page.results.items()} == {offer.id for offer in wanted}


def test_the_keyboard_reaches_search_results_and_offer(open_page: Open, desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    desk.offers.install_directory()
    page = open_page()
    page.focus_filter()
    qtbot.waitUntil(page.search.line.hasFocus)
    QTest.keyClick(page.search.line, Qt.Key.Key_Down)
    qtbot.waitUntil(page.results.hasFocus)
    QTest.keyClick(page.results, Qt.Key.Key_Down)
    assert jobs.wait_idle()
    second = page.results.items()[1]
    assert page.detail.offer_id() == second.id
    QTest.keyClick(page.results, Qt.Key.Key_Return)
    qtbot.waitUntil(page.detail.print.hasFocus)
    QTest.keyClick(page.detail.print, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.results.hasFocus)
    QTest.keyClick(page.results, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.search.line.hasFocus)


def test_an_offer_is_shown_with_its_facts_in_the_language_chosen(open_page: Open, desk: Desk, jobs: Jobs) -> None:
    desk.offers.install_directory()
    view = next(
        view
        for row in desk.offers.browse(500).rows
        if "ar" in row.languages_written and (view := desk.offers.get(row.id)).offer.facts.phones
    )
    page = open_page(view.offer.id)
    assert page.detail.offer_id() == view.offer.id
    facts = view.offer.facts
    shown = _shown(page)
    assert facts.phones[0].number in shown
    assert facts.provider in shown
    assert "nicht bekannt" in shown  # when it was verified
    page.detail.languages.set_value("ar")
    page.detail.languages.finished.emit()
    arabic = view.offer.translations["ar"]
    assert page.detail.title.text() == arabic.title
    assert page.detail.title.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert arabic.summary[:30] in _shown(page)


def test_a_telephone_number_is_copied(open_page: Open, desk: Desk, heard: Heard) -> None:
    desk.offers.install_directory()
    view = next(view for row in desk.offers.browse(500).rows if (view := desk.offers.get(row.id)).offer.facts.emails)
    page = open_page(view.offer.id)
    address = view.offer.facts.emails[0]
    button = next(
        button for button in page.detail.findChildren(QWidget) if button.accessibleName() == f"{address} kopieren"
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == address
    assert address in heard.texts[-1]


def test_an_offer_is_remembered_for_the_case_it_was_looked_up_for(
    open_page: Open, desk: Desk, jobs: Jobs, heard: Heard, case_id: UUID
) -> None:
    desk.offers.install_directory()
    page = open_page({"case_id": case_id, "text": "Sprachkurs"})
    assert page.case_strip.isVisible()
    assert "Maryam Haddad" in page.case_line.text()
    wanted = page.results.items()[0].id
    page.detail.remember.click()
    assert jobs.wait_idle()
    assert desk.cases.file(case_id).remembered_offers == (wanted,)
    undo = heard.messages[-1].undo
    assert undo is not None
    undo()
    assert jobs.wait_idle()
    assert desk.cases.file(case_id).remembered_offers == ()


def test_without_a_case_one_is_chosen_from_the_open_ones(
    open_page: Open, desk: Desk, jobs: Jobs, case_id: UUID
) -> None:
    desk.offers.install_directory()
    page = open_page()
    wanted = page.results.items()[0].id
    page.detail.remember.click()
    assert jobs.wait_idle()
    assert page.picker is not None
    QTest.keyClicks(page.picker.line.line, "haddad")
    QTest.keyClick(page.picker.line.line, Qt.Key.Key_Return)  # reads what was typed
    assert jobs.wait_idle()
    assert [pick.title for pick in page.picker.picks()] == ["Maryam Haddad"]
    QTest.keyClick(page.picker.line.line, Qt.Key.Key_Return)
    assert jobs.wait_idle()
    assert desk.cases.file(case_id).remembered_offers == (wanted,)


def test_printing_goes_to_the_print_page_with_offer_and_case(
    open_page: Open, desk: Desk, qtbot: QtBot, case_id: UUID
) -> None:
    desk.offers.install_directory()
    page = open_page({"case_id": case_id, "text": "Sprachkurs"})
    with qtbot.waitSignal(page.navigate) as sent:
        page.print_out()
    assert sent.args == ["print", PrintRequest(offer_id=page.results.items()[0].id, case_id=case_id)]


def test_an_import_is_reported(open_page: Open, desk: Desk, jobs: Jobs, chooser: Chooser, shared: Path) -> None:
    page = open_page()
    chooser.path = shared / "data" / "integreat" / "lkaugsburg-de-pages.json"
    page.start_import()
    dialog = page.import_dialog
    assert dialog is not None
    assert not dialog.import_button.isEnabled()
    dialog.file_button.click()
    dialog.import_button.click()
    assert jobs.wait_idle()
    assert desk.offers.count() == 0  # nothing is written before it was looked through
    assert dialog.review.table.model.total() == 238
    dialog.apply_button.click()
    assert jobs.wait_idle()
    figures = {name: text.text() for name, text in dialog.report.figures.items()}
    assert figures == {"added": "210", "changed": "0", "unchanged": "0", "removed": "0", "empty": "28", "refused": "0"}
    assert desk.offers.count() == 210


def test_records_left_out_are_listed_with_their_reason(
    open_page: Open, jobs: Jobs, chooser: Chooser, tmp_path: Path
) -> None:
    pages = [
        {"path": "/x/de/gut/", "title": "Gut", "content": "<p>Text</p>", "available_languages": {}},
        {"path": "", "title": "Ohne Pfad", "content": "<p>Text</p>", "available_languages": {}},
    ]
    chooser.path = tmp_path / "seiten.json"
    chooser.path.write_text(json.dumps(pages), encoding="utf-8")
    page = open_page()
    page.start_import()
    dialog = page.import_dialog
    assert dialog is not None
    dialog.choose()
    dialog.start()
    assert jobs.wait_idle()
    dialog.apply()
    assert jobs.wait_idle()
    assert dialog.report.figures["added"].text() == "1"
    assert dialog.report.refused.isVisible()
    refusal = dialog.report.refused.model.row_at(0)
    assert refusal.record == "Ohne Pfad"


def test_a_bad_file_gets_one_sentence_and_changes_nothing(
    open_page: Open, desk: Desk, jobs: Jobs, chooser: Chooser, tmp_path: Path
) -> None:
    desk.offers.install_directory()
    before = desk.offers.count()
    page = open_page()
    chooser.path = tmp_path / "kaputt.json"
    chooser.path.write_text("{kein json", encoding="utf-8")
    page.start_import()
    dialog = page.import_dialog
    assert dialog is not None
    dialog.choose()
    dialog.start()
    assert jobs.wait_idle()
    assert dialog.problem.isVisible()
    assert "unverändert" in dialog.problem.text.text()
    assert dialog.import_button.isEnabled()
    assert desk.offers.count() == before


def test_text_from_data_is_never_markup(open_page: Open, desk: Desk, jobs: Jobs, tmp_path: Path, qtbot: QtBot) -> None:
    title = "Kurs &lt;b&gt;fett&lt;/b&gt; &lt;img src=x&gt;"
    pages = [{"path": "/x/de/kurs/", "title": title, "content": "<p>Text</p>", "available_languages": {}}]
    path = tmp_path / "seiten.json"
    path.write_text(json.dumps(pages), encoding="utf-8")
    desk.offers.import_file(path, "integreat")
    page = open_page()
    assert page.results.items()[0].title == desk.offers.browse().rows[0].title
    assert page.detail.title.textFormat() is Qt.TextFormat.PlainText
    assert all(text.textFormat() is Qt.TextFormat.PlainText for text in page.detail.findChildren(Text))


def test_an_offer_that_is_gone_is_said(open_page: Open, desk: Desk, heard: Heard) -> None:
    desk.offers.install_directory()
    open_page(uuid4())
    assert "nicht vorhanden" in heard.texts[-1]


def test_there_is_one_column_where_there_is_no_room_for_two(open_page: Open, desk: Desk) -> None:
    desk.offers.install_directory()
    page = open_page()
    page.resize(600, 640)
    assert not page.detail.isVisible()
    assert not page.filters.isVisible()
    page.filter_button.click()
    assert page.filters.isVisible()
    QTest.keyClick(page.results, Qt.Key.Key_Return)
    assert page.detail.isVisible()
    assert not page.results.isVisible()
    page.detail.back.click()
    assert page.results.isVisible()


def test_arguments_of_the_page() -> None:
    case_id = uuid4()
    assert offers_request(None) is None
    assert offers_request(case_id) == OffersRequest(offer_id=case_id)
    asked = offers_request({"case_id": str(case_id), "life_area": "housing", "text": "Wohnung"})
    assert asked == OffersRequest(case_id=case_id, text="Wohnung", life_area=LifeArea.HOUSING)
    with pytest.raises(TypeError):
        offers_request("wohnung")


def test_places_in_text_beyond_the_basic_plane() -> None:
    text = "a😀bc"
    assert [units(text, place) for place in range(5)] == [0, 1, 3, 4, 5]
    assert characters(text, 3) == 2
    assert characters(text, 5) == 4


def test_a_misspelt_word_is_found_and_corrected_on_request(open_page: Open, desk: Desk, jobs: Jobs) -> None:
    desk.offers.install_directory()
    page = open_page(OffersRequest(text="Schuldnerbertung"))
    assert page.results.items()[0].title == "Schuldner- und Insolvenzberatung" or page.results.items()
    assert page.suggestion.text() == "Meinten Sie „schuldnerberatung“?"
    page.suggestion.click()
    assert jobs.wait_idle()
    page._search()
    assert jobs.wait_idle()
    assert page.search.value() == "schuldnerberatung"
    assert not page.suggestion.isVisible()
    assert "Schuldnerberatung" in page.results.items()[0].note


def test_for_a_case_what_does_not_suit_is_marked_and_can_be_hidden(
    open_page: Open, desk: Desk, jobs: Jobs, case_id: UUID
) -> None:
    desk.offers.install_directory()
    page = open_page({"case_id": case_id, "text": "Ausländerbehörde"})
    assert page.filters.commune.value() == "05978036"
    marked = {item.title: item.misfit for item in page.results.items()}
    assert any("gilt nicht für diese Kommune" in misfit for misfit in marked.values())
    assert any(not misfit for misfit in marked.values())
    page.filters.only_suiting.set_value(True)
    page._search()
    assert jobs.wait_idle()
    shown = {item.title for item in page.results.items()}
    assert shown
    assert not any("Kommune" in marked.get(title, "") for title in shown)


def test_a_referral_begins_with_the_offer(open_page: Open, desk: Desk, qtbot: QtBot, case_id: UUID) -> None:
    desk.offers.install_directory()
    page = open_page({"case_id": case_id, "text": "Sprachkurs"})
    assert page.detail.refer.isVisible()
    first = page.results.items()[0]
    with qtbot.waitSignal(page.navigate) as sent:
        page.detail.refer.click()
    assert sent.args is not None
    name, request = sent.args
    assert (name, request.case_id, request.begin, request.offer_id) == ("case", case_id, Begin.REFERRAL, first.id)
    page._set_case(None)
    assert not page.detail.refer.isVisible()


def test_further_filters_narrow(open_page: Open, desk: Desk, jobs: Jobs) -> None:
    desk.offers.install_directory()
    page = open_page()
    everything = len(page.results.items())
    page.filters.more.click()
    assert page.filters.status.isVisible()
    page.filters.age.set_value(70)
    page.filters.age.changed.emit()
    assert jobs.wait_idle()
    assert 0 < len(page.results.items()) < everything
    page.filters.clear()
    page.filters.free_places.set_value(True)
    page._search()
    assert jobs.wait_idle()
    assert page.results.items() == ()


def test_the_contact_is_copied_whole(open_page: Open, desk: Desk, heard: Heard) -> None:
    desk.offers.install_directory()
    view = next(
        view for row in desk.offers.browse(500).rows if (view := desk.offers.get(row.id)).offer.facts.all_phones
    )
    page = open_page(view.offer.id)
    page.detail.copy_contact.click()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == view.offer.title
    assert any(view.offer.facts.all_phones[0].number in line for line in copied)
    assert "kopiert" in heard.texts[-1]
