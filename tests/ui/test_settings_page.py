"""The settings page on a real vault: every section is worked as a user does, and what is stored is looked at after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTableView,
)
from pytestqt.qtbot import QtBot

from kimdesk.app import Workshop, open_session
from kimdesk.coordinator import commands
from kimdesk.foundation.clock import FixedClock
from kimdesk.foundation.preferences import Preferences, load_preferences, save_preferences
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.pushes import NetworkChoice, ProxyMode
from kimdesk.storage.vault.vault import Vault
from kimdesk.sync.enrolment import invitation_text
from kimdesk.ui import design
from kimdesk.ui.design import Appearance, Scheme, theme
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from tests.services.support import CoordinatingOffice, running_office
from tests.ui.conftest import Heard
from tests.ui.keys import click, press, type_text
from tests.ui.settings_support import Screen, texts


@pytest.fixture
def desk(vault: Vault, clock: FixedClock) -> Desk:
    return build_desk(vault, clock)


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> Iterator[CoordinatingOffice]:
    with running_office(tmp_path / "office", clock) as office:
        yield office


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot, jobs: Jobs, messages: Messages) -> Screen:
    return Screen(desk, qtbot, jobs, messages)


def a_picture(path: Path) -> Path:
    image = QImage(60, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(15, 92, 99))
    assert image.save(str(path))
    return path


# The letterhead


def test_the_letterhead_is_typed_and_kept(screen: Screen, desk: Desk, tmp_path: Path, heard: Heard) -> None:
    form = screen.page.office.form
    for name, text in (("name", "Stadt Unna"), ("unit", "KIM"), ("email", "kim@unna.example")):
        type_text(form.editor(name).entry, text)
    screen.file = a_picture(tmp_path / "logo.png")
    click(screen.page.office.choose_button)
    assert screen.page.office.picture.accessibleName() == "Logo der Dienststelle"
    assert screen.page.draft() is not None
    screen.page.save()
    screen.wait()
    stored = desk.settings.office()
    assert (stored.name, stored.unit, stored.email) == ("Stadt Unna", "KIM", "kim@unna.example")
    assert stored.logo == screen.file.read_bytes()
    assert heard.texts == ["Der Briefkopf ist gespeichert."]
    assert screen.page.draft() is None

    click(screen.page.office.remove_button)
    assert desk.settings.office().logo  # not before it is saved
    screen.page.save()
    screen.wait()
    assert desk.settings.office().logo == b""


def test_what_is_no_picture_is_said_and_the_old_logo_stays(screen: Screen, tmp_path: Path) -> None:
    screen.file = a_picture(tmp_path / "logo.jpg")
    click(screen.page.office.choose_button)
    for content in (b"kein Bild", b"\x89PNG kaputt", b"\x89PNG" + b"\0" * 1_000_001):
        screen.file = tmp_path / "falsch.png"
        screen.file.write_bytes(content)
        click(screen.page.office.choose_button)
        assert screen.page.office.logo_error.isVisibleTo(screen.page)
        assert screen.page.office.picture.accessibleName() == "Logo der Dienststelle"
    screen.file = tmp_path / "weg.png"
    click(screen.page.office.choose_button)
    assert "nicht lesen" in screen.page.office.logo_error.text()


def test_a_draft_of_the_letterhead_outlives_the_lock(
    screen: Screen, desk: Desk, qtbot: QtBot, jobs: Jobs, messages: Messages
) -> None:
    type_text(screen.page.office.form.editor("name").entry, "Stadt Unna")
    draft = screen.page.draft()
    assert draft is not None
    again = Screen(desk, qtbot, jobs, messages)
    again.page.restore(draft)
    again.page.activate()
    again.wait()
    assert again.page.office.form.values()["name"] == "Stadt Unna"


# District and lock


def test_a_district_shows_what_it_brings_and_can_be_taken_back(screen: Screen, desk: Desk, heard: Heard) -> None:
    screen.open("district")
    section = screen.page.district
    assert section.choice.editor.value() == "unna" and not section.take.isEnabled()
    section.choice.editor.set_value("coesfeld")
    screen.wait()
    assert any("Dülmen" in text for text in texts(section))
    assert desk.settings.profile().id == "unna"
    click(section.take)
    screen.wait()
    assert desk.settings.profile().id == "coesfeld"
    undo = heard.messages[-1].undo
    assert undo is not None
    undo()
    screen.wait()
    assert desk.settings.profile().id == "unna" and section.choice.editor.value() == "unna"


@pytest.mark.parametrize("typed", ["", "0", "31", "fünf"])
def test_the_lock_takes_1_to_30_minutes(screen: Screen, desk: Desk, typed: str) -> None:
    screen.open("lock")
    line = screen.page.lock.minutes.editor.line
    line.selectAll()
    press(line, Qt.Key.Key_Delete)
    type_text(line, typed)
    click(screen.page.lock.save_button)
    screen.wait()
    assert screen.page.lock.minutes.error.isVisibleTo(screen.page)
    assert line.text() == typed and desk.settings.idle_minutes() == 5


def test_the_time_to_the_lock_is_kept(screen: Screen, desk: Desk) -> None:
    screen.open("lock")
    line = screen.page.lock.minutes.editor.line
    line.selectAll()
    type_text(line, "12")
    press(line, Qt.Key.Key_Return)
    screen.wait()
    assert desk.settings.idle_minutes() == 12


# The coordinating office


def read_invitation(screen: Screen, invitation: bytes, tmp_path: Path) -> None:
    screen.open("coordinator")
    screen.file = tmp_path / "einladung.json"
    screen.file.write_bytes(invitation)
    click(screen.page.coordinator.read_button)
    screen.wait()


def test_an_office_is_joined_only_after_its_fingerprint_was_compared(
    screen: Screen, desk: Desk, office: CoordinatingOffice, tmp_path: Path
) -> None:
    read_invitation(screen, office.invite(), tmp_path)
    section = screen.page.coordinator
    assert {"KI Kreis Unna", office.fingerprint} <= set(texts(section.card))
    assert not section.join_button.isEnabled() and not desk.pushes.status().enrolled
    section.compared.tick.setFocus()
    press(section.compared.tick, Qt.Key.Key_Space)
    click(section.join_button)
    screen.wait()
    assert desk.pushes.status().confirmed
    assert section.state.text() == "verbunden"
    assert section.result.text() == "Dieser Laptop ist jetzt mit KI Kreis Unna verbunden."
    assert not section.card.isVisibleTo(screen.page) and not section.read_button.isVisibleTo(screen.page)


def test_an_unreachable_office_is_joined_later(screen: Screen, desk: Desk, tmp_path: Path, clock: FixedClock) -> None:
    with running_office(tmp_path / "office", clock) as office:
        invitation, port = office.invite(), int(office.server.url.rsplit(":", 1)[1])
    read_invitation(screen, invitation, tmp_path)
    section = screen.page.coordinator
    click(section.compared.tick)
    click(section.join_button)
    screen.wait()
    assert "nicht erreichbar" in section.result.text() and section.state.text() == "Antwort unterwegs"
    with commands.run_in_thread(tmp_path / "office", port=port, clock=clock):
        click(section.again_button)
        screen.wait()
    assert desk.pushes.status().confirmed


def test_an_office_is_joined_over_a_stick(
    screen: Screen, desk: Desk, office: CoordinatingOffice, tmp_path: Path
) -> None:
    read_invitation(screen, office.invite(), tmp_path)
    section = screen.page.coordinator
    click(section.compared.tick)
    screen.folder = tmp_path / "Stick"
    screen.folder.mkdir()
    click(section.join_folder_button)
    screen.wait()
    assert "liegt auf dem Datenträger" in section.result.text()
    commands.receive(office.folder, screen.folder, clock=office.clock)
    click(section.fetch_button)
    screen.wait()
    assert desk.pushes.status().confirmed and section.state.text() == "verbunden"


def test_a_file_that_is_no_invitation_is_said(screen: Screen, tmp_path: Path) -> None:
    read_invitation(screen, b"Sehr geehrte Damen und Herren", tmp_path)
    assert "beschädigt" in screen.page.coordinator.result.text()
    assert not screen.page.coordinator.card.isVisibleTo(screen.page)


def test_an_invitation_of_another_district_is_warned_of(
    screen: Screen, desk: Desk, office: CoordinatingOffice, tmp_path: Path
) -> None:
    desk.settings.choose_profile("warendorf")
    read_invitation(screen, office.invite(), tmp_path)
    warning = screen.page.coordinator.warning
    assert warning.isVisibleTo(screen.page) and "„Kreis Unna“" in warning.text() and "Warendorf" in warning.text()


def test_an_invitation_is_pasted_as_a_scanner_types_it(screen: Screen, desk: Desk, office: CoordinatingOffice) -> None:
    screen.open("coordinator")
    section = screen.page.coordinator
    click(section.paste_button)
    section.pasted.editor.set_value("Sehr geehrte Damen und Herren")
    click(section.take_button)
    screen.wait()
    assert "beschädigt" in section.result.text() and not section.card.isVisibleTo(screen.page)
    text = invitation_text(office.invite())
    section.pasted.editor.set_value("\n".join(text[place : place + 60] for place in range(0, len(text), 60)))
    click(section.take_button)
    screen.wait()
    assert {"KI Kreis Unna", office.fingerprint} <= set(texts(section.card))
    assert not section.paste_card.isVisibleTo(screen.page) and section.pasted.editor.value() == ""


def test_a_new_invitation_to_the_same_place_brings_a_new_key(
    screen: Screen, desk: Desk, office: CoordinatingOffice, tmp_path: Path
) -> None:
    desk.pushes.enrol(office.invite())
    before = desk.pushes.require_enrolment().identity.public_key
    screen.open("coordinator")
    section = screen.page.coordinator
    screen.file = tmp_path / "neu.json"
    screen.file.write_bytes(
        commands.invite(
            office.folder, "Fallmanagement Lünen", addresses=[office.server.url], replace=True, clock=office.clock
        )
    )
    click(section.renew_button)
    screen.wait()
    assert "neuen Schlüssel" in section.warning.text()
    click(section.compared.tick)
    click(section.join_button)
    screen.wait()
    assert desk.pushes.status().confirmed and desk.pushes.require_enrolment().identity.public_key != before


def test_the_way_into_the_net_is_chosen(screen: Screen, desk: Desk) -> None:
    screen.open("coordinator")
    card = screen.page.coordinator.network
    assert not card.proxy.isVisibleTo(screen.page)
    card.mode.editor.set_value("own")
    card.mode.editor.changed.emit()
    card.proxy.editor.set_value("proxy:3128")
    click(card.save_button)
    screen.wait()
    assert "http://rechner:port" in card.proxy.error.text()
    card.proxy.editor.set_value("http://proxy.example:3128")
    click(card.save_button)
    screen.wait()
    assert desk.pushes.network() == NetworkChoice(ProxyMode.OWN, "http://proxy.example:3128")


# Appearance, log, languages


@pytest.fixture
def light_again() -> Iterator[None]:
    yield
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    design.apply(application, Appearance(Scheme.LIGHT))


@pytest.mark.usefixtures("light_again")
def test_colours_change_at_once_and_language_and_size_with_the_next_start(screen: Screen) -> None:
    screen.open("appearance")
    section = screen.page.appearance
    chips = {chip.text(): chip for chip in section.findChildren(QAbstractButton)}
    click(chips["dunkel"])
    assert theme().is_dark
    assert not section.later.isVisibleTo(screen.page)
    click(chips["150 %"])
    click(chips["English"])
    screen.wait()
    assert theme().text_scale == 1.0 and section.later.isVisibleTo(screen.page)
    assert load_preferences() == Preferences(language="en", appearance="dark", text_scale=1.5)


def test_preferences_beyond_what_there_is_fall_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    save_preferences(Preferences(text_scale=1.25), path)
    assert load_preferences(path).text_scale == 1.25
    for stored, expected in (("7", 2.0), ("0.1", 1.0), ('"groß"', 1.0), ("true", 1.0), ("null", 1.0)):
        path.write_text(f'{{"language": "de", "text_scale": {stored}}}', encoding="utf-8")
        assert load_preferences(path).text_scale == expected


def test_languages_say_how_far_their_texts_are(screen: Screen) -> None:
    screen.open("languages")
    section = screen.page.languages
    assert section.table.choose(lambda state: state.language == "de")
    state = section.table.current()
    assert state is not None and state.all_reviewed
    assert not section.import_button.isEnabled(), "German needs no translation"
    assert section.table.choose(lambda state: state.language == "tr")
    state = section.table.current()
    assert state is not None and not state.all_reviewed
    assert section.import_button.isEnabled() and not section.remove_button.isEnabled()


def test_reviewed_texts_are_taken_over_and_removed(screen: Screen, tmp_path: Path) -> None:
    screen.open("languages")
    section = screen.page.languages
    section.table.choose(lambda state: state.language == "tr")
    screen.file = tmp_path / "tr.po"
    screen.file.write_text('msgid "Ihr Termin"\nmsgstr "<b>Randevu</b>"\n', encoding="utf-8")
    section.import_button.click()
    screen.wait()
    assert "wer die Übersetzung geprüft hat" in section.error.text()
    section.reviewer.editor.set_value("Frau Demir")
    section.import_button.click()
    screen.wait()
    assert "Auszeichnungen" in section.error.text()
    screen.file.write_text('msgid "Ihr Termin"\nmsgstr "Randevunuz"\n', encoding="utf-8")
    section.import_button.click()
    screen.wait()
    assert not section.error.isVisible()
    state = section.table.current()
    assert state is not None and (state.language, state.reviewed) == ("tr", 1)
    assert "Frau Demir" in section._reviewer(state)
    section.remove_button.click()
    screen.wait()
    state = section.table.current()
    assert state is not None and state.reviewed == 0


def test_texts_are_saved_for_somebody_to_review(screen: Screen, tmp_path: Path) -> None:
    screen.open("languages")
    section = screen.page.languages
    section.table.choose(lambda state: state.language == "ar")
    screen.path = tmp_path / "ar.po"
    section.export_button.click()
    screen.wait()
    text = screen.path.read_text(encoding="utf-8")
    assert 'msgid "Ihr Termin"' in text and "موعد" in text


def test_the_offices_own_texts_are_kept_by_language(screen: Screen) -> None:
    screen.open("languages")
    own = screen.page.languages.own
    own.about.editor.set_value("Wir sind im Rathaus.")
    own.language.editor.set_value("tr")
    assert own.about.editor.value() == ""
    own.about.editor.set_value("Belediyedeyiz.")
    own.save_button.click()
    screen.wait()
    assert screen.desk.settings.handouts().about == {"de": "Wir sind im Rathaus.", "tr": "Belediyedeyiz."}
    own.about.editor.set_value("x" * 2001)
    own.save_button.click()
    screen.wait()
    assert "2000 Zeichen" in own.about.error.text()


def test_everything_has_a_name_and_sections_are_reached_by_the_keyboard(screen: Screen, heard: Heard) -> None:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QListWidget, QTableView)
    for _section in range(screen.page.list.count()):
        for kind in kinds:
            for widget in screen.page.findChildren(kind):
                if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and widget.isVisibleTo(screen.page):
                    assert widget.accessibleName(), widget
        press(screen.page.list, Qt.Key.Key_Down)
        screen.wait()
    assert screen.page.section is screen.page.log
    assert heard.bugs == []


def test_a_new_time_to_the_lock_holds_at_once(vault: Vault, clock: FixedClock, qtbot: QtBot) -> None:
    session = open_session(vault, clock, Workshop())
    qtbot.addWidget(session.window)
    jobs = session.workshop.jobs
    jobs.write(lambda: session.desk.settings.set_idle_minutes(12))
    for _round in range(3):  # an answer may start the next read
        assert jobs.wait_idle()
    assert session.window.idle_lock.timeout_seconds == 12 * 60
    session.close()
