"""Notifications: taken down, turned into a case, answered within the release, on a real vault."""

from __future__ import annotations

from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from kimdesk.domain.vocabulary import AccessLevel
from kimdesk.domain.work_vocabulary import DataCategory, NotificationState
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage import Vault
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.notifications import NotificationsPage
from tests.ui.case_file_support import error_at, type_into, words


class Place:
    """The page on a vault."""

    def __init__(self, vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> None:
        self.desk: Desk = build_desk(vault, clock)
        self.jobs = jobs
        self.page = NotificationsPage(self.desk.cases, jobs, messages, clock)
        jobs.changed.connect(self.page.refresh)
        qtbot.addWidget(self.page)
        self.page.resize(1130, 700)
        self.page.show()
        self.page.activate()
        self.settle()

    def settle(self) -> None:
        for _ in range(4):
            assert self.jobs.wait_idle()
            QTest.qWait(0)

    def click(self, button: QPushButton) -> None:
        assert button.isVisibleTo(self.page) and button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()


@pytest.fixture
def place(vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> Place:
    return Place(vault, clock, jobs, messages, qtbot)


def test_an_empty_page_says_what_it_is_for(place: Place) -> None:
    assert "Noch keine Fallmeldung" in words(place.page)
    place.click(place.page.save_button)
    assert error_at(place.page.form, "notifier")
    assert place.desk.cases.notifications() == ()


def test_from_the_arrival_to_the_answer(place: Place) -> None:
    page, form = place.page, place.page.form
    type_into(form, "notifier", "Jugendamt Lünen")
    type_into(form, "given_name", "Amina")
    type_into(form, "language", "Arabisch")
    place.click(page.save_button)
    (stored,) = place.desk.cases.notifications()
    assert (stored.notifier, stored.language, stored.state) == ("Jugendamt Lünen", "ar", NotificationState.RECEIVED)
    type_into(form, "concern", "Schulplatz")  # still being typed when it is taken into a case
    place.click(page.accept_button)
    (stored,) = place.desk.cases.notifications()
    assert stored.case_id is not None
    case = place.desk.cases.file(stored.case_id).case
    assert (case.access_level, case.concern) == (AccessLevel.NOTIFIED, "Schulplatz")
    assert not page.accept_button.isVisibleTo(page)
    assert "bestätigen Sie nur den Eingang" in words(page.answer)
    went: list[tuple[str, object]] = []
    page.navigate.connect(lambda name, argument: went.append((name, argument)))
    place.click(page.case_button)
    assert went == [("case", stored.case_id)]
    place.click(page.answer.save_button)
    (answered,) = place.desk.cases.notifications()
    assert answered.answered_on == place.desk.clock.today()
    assert "Eingang bestätigt" in words(page.answer)


def test_the_answer_offers_only_what_was_released(place: Place) -> None:
    page, form = place.page, place.page.form
    type_into(form, "notifier", "Jobcenter")
    type_into(form, "given_name", "Omar")
    form.editor("released_on").set_value(place.desk.clock.today())
    form.editor("released_categories").set_value([DataCategory.PLAN])
    place.click(page.save_button)
    place.click(page.decline_button)
    assert page.answer.categories.chip(DataCategory.PLAN).isVisibleTo(page)
    with pytest.raises(KeyError):
        page.answer.categories.chip(DataCategory.HEALTH)
    type_into(page.answer.form, "answer", "Nicht übernommen")
    place.click(page.answer.save_button)
    (answered,) = place.desk.cases.notifications()
    assert answered.answer == "Nicht übernommen"


def test_what_is_typed_survives_a_lock(place: Place, qtbot: QtBot, clock: FixedClock, messages: Messages) -> None:
    type_into(place.page.form, "notifier", "Schule am Park")
    draft = place.page.draft()
    assert draft is not None
    again = NotificationsPage(place.desk.cases, place.jobs, messages, clock)
    qtbot.addWidget(again)
    again.restore(draft)
    again.activate(None)
    place.settle()
    assert again.form.editor("notifier").value() == "Schule am Park"
    assert isinstance(again.open_id, UUID | None)
