"""The day's page on a real vault: what is due, ticking off, and the way to the case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import AreaEntry, Assessment, Case, FollowUp, Member, Person, Referral
from kimdesk.domain.vocabulary import IntakeOutcome, LifeArea, Relation, ResidenceStatus
from kimdesk.foundation.clock import FixedClock
from kimdesk.i18n import isolate
from kimdesk.services.cases import CaseService
from kimdesk.services.settings import SettingsService
from kimdesk.storage import Vault
from kimdesk.ui.home import HomePage
from kimdesk.ui.home.due_list import DueCard, DueRow
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import Text
from tests.ui.keys import click, press

if TYPE_CHECKING:
    from tests.ui.conftest import Heard

TODAY = date(2026, 11, 20)
"""A Friday: this week has two more days."""


class Desk:
    """The page on a vault."""

    def __init__(self, vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> None:
        self.cases = CaseService(vault, SettingsService(vault), clock)
        self.jobs, self.messages, self.qtbot = jobs, messages, qtbot
        self.page = self.new_page(clock)
        jobs.changed.connect(self.page.refresh)  # as the frame does
        self.visits: list[tuple[str, object]] = []
        self.page.navigate.connect(lambda page_id, argument: self.visits.append((page_id, argument)))

    def new_page(self, clock: FixedClock) -> HomePage:
        page = HomePage(self.cases, self.jobs, self.messages, clock)
        self.qtbot.addWidget(page)
        page.resize(1130, 640)
        page.show()
        return page

    def add(self, given: str = "Mariam", days_ago: int = 30, **person: object) -> UUID:
        day = TODAY - timedelta(days=days_ago)
        case = Case(opened_on=day, intake_on=day, consent_on=day, concern="x", outcome=IntakeOutcome.CASE_MANAGEMENT)
        client = Person(given_name=given, family_name="Haddad", **person)  # type: ignore[arg-type]
        members = (Member(person=client, relation=Relation.CLIENT),)
        return self.cases.record_consultation(ConsultationEntry(case=case, members=members)).value

    def follow_up(self, days: int, reason: str, case_id: UUID | None = None) -> None:
        self.cases.save_follow_up(FollowUp(case_id=case_id, due_on=TODAY + timedelta(days=days), reason=reason))

    def open(self) -> HomePage:
        self.page.activate()
        self.settle()
        return self.page

    def settle(self) -> None:
        assert self.jobs.wait_idle()
        QApplication.processEvents()


def lines(card: DueCard) -> list[list[str]]:
    """Return the words of each row of a card."""
    return [[label.text() for label in row.findChildren(Text) if label.text()] for row in card.due_rows()]


def row_of(card: DueCard, place: int = 0) -> DueRow:
    return card.due_rows()[place]


@pytest.fixture
def desk(vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> Desk:
    return Desk(vault, clock, jobs, messages, qtbot)


def test_follow_ups_stand_in_three_columns_with_whom_and_why(desk: Desk) -> None:
    case_id = desk.add()
    desk.follow_up(-3, "Bescheid nachfragen", case_id)
    desk.follow_up(0, "Rückruf Kita", case_id)
    desk.follow_up(2, "Teamsitzung vorbereiten")
    desk.follow_up(3, "erst nächste Woche", case_id)
    page = desk.open()
    assert lines(page.overdue) == [["Mariam Haddad", "KIM-2026-001", "seit 3 Tagen", "Bescheid nachfragen"]]
    assert lines(page.due_today) == [["Mariam Haddad", "KIM-2026-001", "heute", "Rückruf Kita"]]
    assert lines(page.this_week) == [["Teamsitzung vorbereiten", "in 2 Tagen", "ohne Fall"]]
    assert page.header.title.text() == "Guten Morgen"
    assert page.header.subtitle.text() == ("Freitag, 20. November 2026  ·  1 laufender Fall  ·  noch keine Sicherung")


def test_deadlines_that_come_by_themselves_say_what_they_are_about(desk: Desk) -> None:
    expiring = desk.add(
        residence_status=ResidenceStatus.TOLERATION, residence_expires_on=TODAY + timedelta(days=10), days_ago=40
    )
    members = desk.cases.file(expiring).members
    child = Person(given_name="Yusuf", family_name="Haddad", residence_expires_on=TODAY + timedelta(days=12))
    desk.cases.save_members(expiring, (*members, Member(person=child, relation=Relation.CHILD)))
    waiting = desk.add("Elira")
    desk.cases.save_referral(
        Referral(case_id=waiting, receiver="Schuldnerberatung", sent_on=TODAY - timedelta(days=20))
    )
    old = desk.add("Selam", days_ago=200)
    entry = AreaEntry(life_area=LifeArea.HOUSING, need="Wohnung", scale=2)
    desk.cases.save_assessment(Assessment(case_id=old, held_on=TODAY - timedelta(days=190), entries=(entry,)))
    page = desk.open()
    assert lines(page.expiring) == [
        ["Mariam Haddad", "KIM-2026-001", "in 10 Tagen", "Duldung (§ 60a AufenthG)"],
        ["Mariam Haddad", "KIM-2026-001", "in 12 Tagen", f"Aufenthaltstitel von {isolate('Yusuf Haddad')}"],
    ]
    assert [line[3] for line in lines(page.waiting)] == [f"Antwort von {isolate('Schuldnerberatung')}"]
    assert [line[0] for line in lines(page.reassessments)] == ["Selam Haddad"]
    assert row_of(page.expiring).tick is None


def test_ticking_off_takes_the_row_away_and_can_be_undone(desk: Desk, heard: Heard) -> None:
    case_id = desk.add()
    desk.follow_up(0, "Rückruf Kita", case_id)
    page = desk.open()
    tick = row_of(page.due_today).tick
    assert tick is not None
    click(tick)
    click(tick)  # a second click before the answer does nothing
    desk.settle()
    assert page.due_today.due_rows() == []
    assert [follow_up.done_on for follow_up in desk.cases.file(case_id).follow_ups] == [TODAY]
    assert heard.texts == ["Die Wiedervorlage ist erledigt."]
    undo = heard.messages[-1].undo
    assert undo is not None
    undo()
    desk.settle()
    assert len(page.due_today.due_rows()) == 1
    assert [follow_up.done_on for follow_up in desk.cases.file(case_id).follow_ups] == [None]


def test_the_keyboard_stays_in_the_list_while_ticking_off(desk: Desk) -> None:
    for reason in ("eins", "zwei", "drei"):
        desk.follow_up(0, reason)
    desk.add()
    page = desk.open()
    tick = row_of(page.due_today, 1).tick
    assert tick is not None
    tick.setFocus(Qt.FocusReason.TabFocusReason)
    press(tick, Qt.Key.Key_Space)
    desk.settle()
    assert len(lines(page.due_today)) == 2
    assert QApplication.focusWidget() is row_of(page.due_today, 1).tick


def test_a_follow_up_that_is_gone_is_said_and_the_list_shows_what_there_is(
    desk: Desk, heard: Heard, vault: Vault
) -> None:
    desk.add()
    desk.follow_up(0, "eins")
    page = desk.open()
    stale = row_of(page.due_today)
    assert stale.tick is not None
    record_id = stale.item.record_id
    assert record_id is not None
    with vault.unit_of_work() as unit:
        unit.connection.exec_driver_sql("DELETE FROM follow_ups")
        unit.commit()
    click(stale.tick)
    desk.settle()
    assert page.due_today.due_rows() == []
    assert len(heard.messages) == 1
    assert heard.bugs == []


def test_a_row_opens_its_case_by_click_and_enter(desk: Desk) -> None:
    case_id = desk.add()
    desk.follow_up(0, "Rückruf Kita", case_id)
    desk.follow_up(1, "ohne Fall")
    page = desk.open()
    click(row_of(page.due_today))
    press(row_of(page.due_today), Qt.Key.Key_Return)
    assert desk.visits == [("case", case_id)] * 2
    click(row_of(page.this_week))
    assert len(desk.visits) == 2


def test_long_columns_are_cut_and_the_rest_comes_with_one_click(desk: Desk) -> None:
    desk.add()
    for number in range(9):
        desk.follow_up(-1, f"Nachfrage {number}")
    page = desk.open()
    shown = len(page.overdue.due_rows())
    assert 4 <= shown < 9
    assert page.overdue.note.text() == "9"
    assert page.overdue.more is not None
    assert page.overdue.more.text() == f"{9 - shown} weitere anzeigen"
    click(page.overdue.more)
    assert len(page.overdue.due_rows()) == 9
    assert QApplication.focusWidget() is row_of(page.overdue, shown).tick


def test_a_full_day_fits_the_page_of_a_small_laptop(desk: Desk) -> None:
    for number in range(8):
        case_id = desk.add(
            f"Person {number}",
            residence_status=ResidenceStatus.TOLERATION,
            residence_expires_on=TODAY + timedelta(days=number),
        )
        desk.cases.save_referral(Referral(case_id=case_id, receiver="MBE", sent_on=TODAY - timedelta(days=5)))
        for days in (-1, 0, 1):
            desk.follow_up(days, "Termin bei der Ausländerbehörde vorbereiten und Unterlagen zusammenstellen", case_id)
    page = desk.open()
    assert page._board.height() <= page._scroll.viewport().height()
    assert page._board.width() <= page._scroll.viewport().width()


def test_a_larger_window_shows_more_rows(desk: Desk) -> None:
    desk.add()
    for number in range(9):
        desk.follow_up(-1, f"Nachfrage {number}")
    page = desk.open()
    page.resize(1900, 1100)
    desk.settle()
    assert len(page.overdue.due_rows()) > 6


def test_a_quiet_day_says_so_kindly(desk: Desk) -> None:
    desk.add()
    page = desk.open()
    said = [label.text() for card in page.cards for label in card.findChildren(Text)]
    for sentence in ("Nichts ist liegen geblieben.", "Für heute steht nichts an.", "Kein Re-Assessment ist fällig."):
        assert sentence in said
    assert page.empty.isHidden()


def test_a_new_vault_offers_the_first_consultation(desk: Desk) -> None:
    page = desk.open()
    assert not page.empty.isHidden()
    assert page.empty.button is not None
    click(page.empty.button)
    assert desk.visits == [("consultation", None)]


def test_the_page_reads_again_when_a_write_concerned_it(desk: Desk) -> None:
    page = desk.open()
    desk.follow_up(0, "Rückruf", desk.add())
    page.refresh(frozenset({"offers"}))
    desk.settle()
    assert page.due_today.due_rows() == []
    page.refresh(frozenset({"follow_ups"}))
    desk.settle()
    assert len(page.due_today.due_rows()) == 1


@pytest.mark.parametrize(("hour_utc", "greeting"), [(5, "Guten Morgen"), (12, "Guten Tag"), (18, "Guten Abend")])
def test_the_greeting_follows_the_clock_of_the_office(desk: Desk, hour_utc: int, greeting: str) -> None:
    page = desk.new_page(FixedClock(datetime(2026, 11, 20, hour_utc, tzinfo=UTC)))
    page.activate()
    desk.settle()
    assert page.header.title.text() == greeting
