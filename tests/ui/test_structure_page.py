"""The board of structural issues: recorded without persons, moved up, let go only when seen, on a real vault."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from kimdesk.domain.work_vocabulary import IssueState, Rung
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage import Vault
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.structure.page import StructurePage
from kimdesk.ui.structure.request import IssueRequest
from tests.services.support import running_office
from tests.storage.casework import consult
from tests.ui.case_file_support import error_at, type_into, words


class Place:
    """The page on a vault."""

    def __init__(self, vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> None:
        self.desk: Desk = build_desk(vault, clock)
        self.jobs = jobs
        self.page = StructurePage(self.desk.issues, self.desk.cases, jobs, messages, clock)
        jobs.changed.connect(self.page.refresh)
        qtbot.addWidget(self.page)
        self.page.resize(1130, 700)
        self.page.show()

    def settle(self) -> None:
        for _ in range(4):
            assert self.jobs.wait_idle()
            QTest.qWait(0)

    def open(self, argument: object = None) -> None:
        self.page.activate(argument)
        self.settle()

    def click(self, button: QPushButton) -> None:
        assert button.isVisibleTo(self.page) and button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def write(self, title: str, description: str) -> None:
        type_into(self.page.form, "title", title)
        type_into(self.page.form, "description", description)
        self.click(self.page.save_button)


@pytest.fixture
def place(vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> Place:
    return Place(vault, clock, jobs, messages, qtbot)


def test_an_issue_begun_in_a_case_is_linked_and_names_nobody(place: Place) -> None:
    case_id = consult(place.desk.cases)
    place.open(IssueRequest(case_id=case_id, commune="05978024"))
    assert "Gesehen in 1 Fall." in words(place.page)
    place.write("Kein Kursplatz", "Frau Haddad wartet seit Mai")
    assert "Namen" in error_at(place.page.form, "description")
    assert "„\u2068Haddad\u2069“" in place.page.named.text.text()
    assert place.desk.issues.board() == ()
    place.write("Kein Kursplatz", "Wartezeit neun Monate")
    (stored,) = place.desk.issues.board()
    assert (stored.case_ids, stored.commune, stored.rung) == ((case_id,), "05978024", Rung.COLLECTED)
    assert not place.page.named.isVisibleTo(place.page)


def test_it_climbs_the_ladder_and_the_board_shows_where_it_is(place: Place) -> None:
    place.open(IssueRequest())
    place.write("Kein Kursplatz", "Wartezeit")
    way = place.page.way
    way.form.editor("rung").set_value(Rung.STATE)
    place.click(way.move_button)
    assert "Lenkungsgruppe" in error_at(way.form, "rung")
    way.form.editor("rung").set_value(Rung.STEERING_GROUP)
    way.form.editor("state").set_value(IssueState.ACCEPTED)
    place.click(way.move_button)
    assert [step.rung for step in place.desk.issues.board()[0].steps] == [Rung.COLLECTED, Rung.STEERING_GROUP]
    place.click(place.page.back_button)
    heads = {rung: head.text() for rung, head in place.page.board.heads.items()}
    assert heads[Rung.STEERING_GROUP] == "Lenkungsgruppe (1)"
    assert heads[Rung.COLLECTED].endswith("(0)")


def test_no_text_can_be_let_go_before_it_was_shown(place: Place, tmp_path: Path, clock: FixedClock) -> None:
    with running_office(tmp_path / "office", clock) as office:
        place.desk.pushes.enrol(office.invite())
    place.open(IssueRequest())
    place.write("Kein Kursplatz", "Wartezeit")
    leaving = place.page.leaving
    assert not leaving.release_button.isVisibleTo(place.page)
    place.click(leaving.show_button)
    exact = place.desk.issues.text_that_leaves(place.desk.issues.board()[0].id)
    assert exact in leaving.exact.text() and leaving.words.text() == place.desk.issues.words(exact)
    place.click(leaving.release_button)
    (waiting,) = place.desk.issues.unsent_releases()
    assert "Kein Kursplatz" in waiting.text
    assert "wartet auf den Versand" in words(leaving)
    assert not leaving.release_button.isVisibleTo(place.page)


def test_an_empty_board_offers_the_first_step(place: Place) -> None:
    place.open()
    assert "Noch keine Strukturmeldung" in words(place.page)
    assert not place.page.detail.isVisibleTo(place.page)
    place.click(place.page.new_button)
    assert place.page.detail.isVisibleTo(place.page)
    type_into(place.page.form, "title", "Angefangen")
    draft = place.page.draft()
    assert draft is not None and draft["cases"] == []
