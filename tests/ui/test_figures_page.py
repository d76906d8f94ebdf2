"""The figures page on a real vault and a real coordinating office: exact table, release, sending, errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kimdesk.coordinator import commands
from kimdesk.foundation.clock import FixedClock
from kimdesk.reporting.classify import Period
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.indicators import ExportFormat
from kimdesk.services.pushes import OutboxState
from kimdesk.storage.vault.vault import Vault
from kimdesk.sync.outbox import OutboxItem
from kimdesk.sync.transport import HttpTransport
from kimdesk.ui.design import Meaning
from kimdesk.ui.figures import FiguresPage
from kimdesk.ui.figures.release_view import ReleaseView
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from tests.services.support import CoordinatingOffice, add_cases, running_office
from tests.ui.conftest import Heard
from tests.ui.keys import click, press, type_text

UNNA = "b3_foreigners_authority_unna"


@pytest.fixture
def desk(vault: Vault, clock: FixedClock) -> Desk:
    """The services of a vault with thirty cases."""
    desk = build_desk(vault, clock)
    add_cases(desk, 30)
    return desk


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> Iterator[CoordinatingOffice]:
    with running_office(tmp_path / "office", clock) as office:
        yield office


class Screen:
    """The page with what a frame does for it."""

    def __init__(self, desk: Desk, qtbot: QtBot, jobs: Jobs, messages: Messages) -> None:
        self.desk, self.jobs = desk, jobs
        self.folder: Path | None = None
        self.path: Path | None = None
        self.went_to: list[tuple[str, object]] = []
        self.page = FiguresPage(
            desk.figures,
            desk.pushes,
            jobs,
            messages,
            desk.clock,
            choose_folder=lambda _parent, _title: self.folder,
            choose_path=lambda _parent, _title, _name, _kinds: self.path,
        )
        self.page.navigate.connect(lambda page_id, argument: self.went_to.append((page_id, argument)))
        jobs.changed.connect(self.page.refresh)
        qtbot.addWidget(self.page)
        self.page.resize(1130, 640)
        self.page.show()
        self.page.activate()
        self.wait()

    def wait(self) -> None:
        for _round in range(3):  # an answer may start the next read
            assert self.jobs.wait_idle()
            assert self.releases.panel.courier.wait_idle()
        assert self.jobs.is_idle()
        QApplication.processEvents()  # what was put into a layout comes to be seen

    @property
    def releases(self) -> ReleaseView:
        return self.page.releases

    def open_releases(self) -> None:
        self.page.tabs.setCurrentIndex(1)
        self.wait()

    def enter(self, row: str, text: str) -> None:
        line = self.page.indicators.by_hand.entries[row].line
        line.setFocus()
        line.selectAll()
        if text:
            type_text(line, text)
        else:
            press(line, Qt.Key.Key_Delete)
        press(line, Qt.Key.Key_Return)
        self.wait()


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot, jobs: Jobs, messages: Messages) -> Screen:
    return Screen(desk, qtbot, jobs, messages)


def texts(widget: QWidget) -> list[str]:
    """Return every text that can be seen."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget) and label.text()]


def test_the_table_shows_the_year_of_the_last_cases_and_says_that_it_stays_here(screen: Screen) -> None:
    view = screen.page.indicators
    assert view.bar.year_field.value() == "2026"
    shown = texts(screen.page)
    assert "Die genauen Zahlen bleiben auf diesem Laptop." in shown
    assert any("Haushalt 2024" in text for text in shown)
    described = {part.accessibleName() for part in view.cases.findChildren(QWidget)}
    assert {"Anzahl Fälle KIM: 30", "Anzahl Personen in Fällen gesamt: 60"} <= described
    assert "Laufende KIM-Fälle: 20" in view.status_picture.accessibleDescription()


def test_another_year_shows_its_plan(screen: Screen, desk: Desk) -> None:
    desk.figures.save_manual(2024, UNNA, 480)
    bar = screen.page.indicators.bar
    bar.offer([2026, 2024], 2026, [], "Kreis Unna")
    bar.show_year(2024)
    screen.wait()
    assert screen.page.indicators.bar.year_field.value() == "2024"
    described = {label.accessibleName() for label in screen.page.indicators.cases.findChildren(QLabel)}
    assert "Anzahl Fälle KIM, Plan: 500" in described
    assert screen.page.indicators.by_hand.entries[UNNA].value() == 480


def test_a_figure_opens_the_list_of_its_cases_and_the_list_a_case(screen: Screen, desk: Desk) -> None:
    shown: list[tuple[str, object]] = []
    screen.page.show_context.connect(lambda title, widget: shown.append((title, widget)))
    button = next(
        part
        for part in screen.page.indicators.cases.findChildren(QAbstractButton)
        if part.accessibleName() == "Anzahl einmaliger, abgeschlossener Beratungen: 10"
    )
    click(button)
    screen.wait()
    behind = screen.page.behind
    assert behind is not None and shown == [("Fälle hinter der Zahl", behind)]
    assert behind.table.model.rowCount() == 10
    behind.table.view.selectRow(0)
    press(behind.table.view, Qt.Key.Key_Return)
    one_off = desk.figures.cases_behind("one_off_consultations", Period.whole_year(2026))
    assert screen.went_to == [("case", one_off[0].case_id)]


def test_a_quarter_and_a_commune_are_chosen_and_the_authorities_figures_leave_the_table(screen: Screen) -> None:
    bar = screen.page.indicators.bar
    bar.part_field.set_value("4-6")
    screen.wait()
    table = screen.page.indicators.table
    assert table is not None and table.value("cases_total") == 21
    assert not screen.page.indicators.by_hand_card.isVisibleTo(screen.page)
    bar.part_field.set_value("own")
    screen.wait()
    bar.last_day.set_value(date(2025, 1, 1))
    bar.last_day.finished.emit()
    assert "den früheren zuerst" in " ".join(texts(screen.page))
    bar.first_day.set_value(date(2024, 1, 1))
    bar.first_day.finished.emit()
    screen.wait()
    table = screen.page.indicators.table
    assert table is not None and table.value("cases_total") == 0


def test_the_exact_table_leaves_only_after_a_warning(screen: Screen, tmp_path: Path, heard: Heard) -> None:
    page = screen.page
    screen.path = tmp_path / "kennzahlen.xlsx"
    page.indicators.export_wanted.emit(ExportFormat.XLSX)
    assert page.warning.isVisibleTo(page) and not screen.path.exists()
    assert page.warning.action is not None
    click(page.warning.action)
    screen.wait()
    assert screen.path.read_bytes().startswith(b"PK")
    assert heard.texts == ["kennzahlen.xlsx ist gespeichert und liegt unverschlüsselt außerhalb des Tresors."]


def test_a_figure_of_another_authority_is_typed_kept_and_taken_back(screen: Screen, desk: Desk, heard: Heard) -> None:
    entry = screen.page.indicators.by_hand.entries[UNNA]
    assert entry.line.placeholderText() == "nicht eingetragen" and entry.line.text() == ""
    screen.enter(UNNA, "214")
    assert desk.figures.indicators(Period.whole_year(2026)).value(UNNA) == 214
    assert heard.texts == ["Die Zahl ist gespeichert."]
    undo = heard.messages[-1].undo
    assert undo is not None
    undo()
    screen.wait()
    assert desk.figures.indicators(Period.whole_year(2026)).value(UNNA) is None


def test_zero_is_a_figure_and_empty_is_none(screen: Screen, desk: Desk) -> None:
    screen.enter(UNNA, "0")
    assert desk.figures.indicators(Period.whole_year(2026)).value(UNNA) == 0
    screen.enter(UNNA, "")
    assert desk.figures.indicators(Period.whole_year(2026)).value(UNNA) is None


def test_what_is_no_number_is_said_at_the_field_and_not_lost(screen: Screen, desk: Desk) -> None:
    screen.enter(UNNA, "rund 200")
    entry = screen.page.indicators.by_hand.entries[UNNA]
    assert "ganze Zahl" in entry.error.text() and entry.error.isVisibleTo(screen.page)
    assert entry.line.text() == "rund 200"
    assert desk.figures.indicators(Period.whole_year(2026)).value(UNNA) is None


def test_leaving_an_untouched_field_writes_nothing(screen: Screen, desk: Desk) -> None:
    before = desk.vault.log(limit=1)[0].number
    line = screen.page.indicators.by_hand.entries[UNNA].line
    line.setFocus()
    press(line, Qt.Key.Key_Return)
    screen.wait()
    assert desk.vault.log(limit=1)[0].number == before


def test_true_figures_are_hidden_until_asked_for_and_again_on_leaving(screen: Screen, desk: Desk) -> None:
    screen.open_releases()
    model = screen.releases.tables.table.model
    draft = desk.figures.preview_release(2026, 3).explanation.tables[0]

    def column(place: int) -> list[str]:
        return [model.data(model.index(row, place)) for row in range(model.rowCount())]

    assert column(0)[0] == "Insgesamt"
    assert column(1) == [str(entry.published) for entry in (draft.total, *draft.cells)]
    assert set(column(2)) == {"•••"}
    click(screen.releases.true_figures.tick)
    assert column(2) == [str(entry.true_count) for entry in (draft.total, *draft.cells)]
    screen.page.leave()
    assert set(column(2)) == {"•••"}


def test_small_numbers_and_their_reason_are_explained(screen: Screen) -> None:
    screen.open_releases()
    screen.releases.tables.choose("commune")
    assert "Kommune" in texts(screen.releases.tables.card)
    shown = " ".join(texts(screen.page))
    assert "höchstens um 4" in shown and "Eine 1 oder 2 wird nie gemeldet" in shown


def test_without_an_office_nothing_is_made_and_the_way_is_shown(screen: Screen, desk: Desk, heard: Heard) -> None:
    screen.open_releases()
    click(screen.releases.release_button)
    screen.wait()
    assert desk.figures.releases() == ()
    (message,) = heard.messages
    assert message.meaning is Meaning.ATTENTION and "Einladung" in message.text
    assert message.on_action is not None
    message.on_action()
    assert screen.went_to == [("settings", "coordinator")]


def test_a_release_is_let_go_and_sent(screen: Screen, desk: Desk, office: CoordinatingOffice, heard: Heard) -> None:
    desk.pushes.enrol(office.invite())
    screen.open_releases()
    panel = screen.releases.panel
    assert not panel.send_button.isEnabled()
    assert screen.releases.release_button.text() == "Meldung 3. Quartal 2026 freigeben"
    click(screen.releases.release_button)
    screen.wait()
    assert "1 Meldung wartet" in panel.line.text()
    assert not screen.releases.release_button.isVisibleTo(screen.page)  # it cannot be released twice
    assert "So haben Sie die Meldung" in screen.releases.note.text.text()

    click(panel.send_button)
    screen.wait()

    assert panel.result.text() == "1 Meldung zugestellt."
    assert panel.line.text() == "Nichts wartet, letzter Kontakt mit KI Kreis Unna heute."
    assert desk.figures.releases()[0].state is OutboxState.RECEIVED
    assert "zugestellt" in texts(panel) and not panel.send_button.isEnabled()
    assert heard.bugs == []


def test_an_unreachable_office_is_one_sentence_and_everything_stays_queued(
    screen: Screen, desk: Desk, tmp_path: Path, clock: FixedClock, heard: Heard
) -> None:
    with running_office(tmp_path / "office", clock) as office:
        desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 3)
    screen.open_releases()
    click(screen.releases.panel.send_button)
    assert not screen.releases.panel.send_button.isEnabled()  # while it is under way
    screen.wait()
    result = screen.releases.panel.result.text()
    assert result.count("nicht erreichbar") == 1 and "1 Meldung wartet." in result
    assert screen.releases.panel.send_button.isEnabled()
    assert desk.figures.releases()[0].state is OutboxState.WAITING
    assert heard.messages == []


def test_the_vault_is_free_while_something_is_sent(
    screen: Screen, desk: Desk, office: CoordinatingOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 3)
    screen.open_releases()
    network, began = threading.Event(), threading.Event()
    deliver = HttpTransport.deliver

    def slow(self: HttpTransport, item: OutboxItem) -> bytes | None:
        began.set()
        assert network.wait(20)
        return deliver(self, item)

    monkeypatch.setattr(HttpTransport, "deliver", slow)
    click(screen.releases.panel.send_button)
    assert screen.jobs.wait_idle()
    assert began.wait(20)
    found: list[int] = []
    screen.jobs.read(
        lambda: desk.figures.indicators(Period.whole_year(2026)).value("cases_total"),
        lambda value: found.append(int(value or 0)),
    )
    assert screen.jobs.wait_idle()
    assert found == [30] and not screen.releases.panel.courier.is_idle()
    network.set()
    screen.wait()
    assert screen.releases.panel.result.text() == "1 Meldung zugestellt."


def test_a_stick_goes_there_and_back(screen: Screen, desk: Desk, office: CoordinatingOffice, tmp_path: Path) -> None:
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 3)
    screen.open_releases()
    panel = screen.releases.panel
    click(panel.folder_button)  # changed their mind in the dialog
    screen.wait()
    assert desk.figures.releases()[0].state is OutboxState.WAITING
    screen.folder = tmp_path / "Stick"
    screen.folder.mkdir()
    click(panel.folder_button)
    screen.wait()
    assert "liegt auf dem Datenträger" in panel.result.text()
    assert "auf dem Stick" in texts(panel)
    commands.receive(office.folder, screen.folder, clock=office.clock)
    click(panel.folder_button)
    screen.wait()
    assert panel.result.text() == "1 Meldung zugestellt."


def test_a_quarter_that_runs_is_explained_and_a_former_release_can_be_seen_again(
    screen: Screen, desk: Desk, office: CoordinatingOffice
) -> None:
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 2)
    screen.open_releases()
    screen.releases.show_quarter(2026, 4)
    screen.wait()
    assert "noch nicht zu Ende" in screen.releases.note.text.text()
    assert not screen.releases.tables.isVisibleTo(screen.page)
    screen.releases.panel.chosen.emit(2026, 2)
    screen.wait()
    assert screen.releases.quarter_field.value() == "2026-2"
    assert screen.releases.tables.isVisibleTo(screen.page)
    screen.releases.show_quarter(2026, 1)
    screen.wait()
    assert "oder ein späteres" in screen.releases.note.text.text()


def test_an_empty_vault_has_a_table_and_a_release_of_sums_only(
    vault: Vault, clock: FixedClock, qtbot: QtBot, jobs: Jobs, messages: Messages, heard: Heard
) -> None:
    screen = Screen(build_desk(vault, clock), qtbot, jobs, messages)
    screen.open_releases()
    assert "nur die Summe" in texts(screen.releases.tables.card)
    assert any("weniger als 10 Fälle" in text for text in texts(screen.releases.tables.card))
    assert heard.bugs == []


def test_everything_has_a_name(screen: Screen) -> None:
    screen.open_releases()
    for kind in (QAbstractButton, QComboBox, QLineEdit, QListWidget, QTableView):
        for widget in screen.page.findChildren(kind):
            if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and widget.isVisibleTo(screen.page):
                assert widget.accessibleName(), widget
