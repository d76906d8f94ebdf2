"""Documents of the case file: dragged in, looked at from memory, deleted with the way back, saved after a warning."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage, QPainter, QPdfWriter
from pytestqt.qtbot import QtBot

from kimdesk.domain.vocabulary import IntakeOutcome
from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import Vault
from kimdesk.ui.case_file.documents_tab import DocumentsTab
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from tests.ui.case_file_support import Desk, Room
from tests.ui.conftest import Heard
from tests.ui.keys import click


@pytest.fixture
def room(vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> Room:
    return Room(vault, clock, jobs, messages, qtbot)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A PDF of two pages, a picture, a text and something else."""
    folder = tmp_path / "Scans"
    folder.mkdir()
    writer = QPdfWriter(str(folder / "Bescheid.pdf"))
    painter = QPainter(writer)
    painter.drawText(100, 700, "Bewilligung")
    assert writer.newPage()
    painter.drawText(100, 700, "Rückseite")
    painter.end()
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("steelblue"))
    assert image.save(str(folder / "Ausweis.png"))
    (folder / "Notiz.txt").write_text("Grüße aus Lünen", encoding="utf-8")
    (folder / "Tabelle.xlsx").write_bytes(b"PK\x03\x04\0\0rest")
    (folder / "kaputt.pdf").write_bytes(b"%PDF-1.7\nkaputt")
    return {path.stem: path for path in folder.iterdir()}


@pytest.fixture
def desk(room: Room) -> Desk:
    case_id: UUID = room.new_case()
    desk = room.open(case_id)
    desk.page.open_tab("documents")
    desk.settle()
    return desk


def tab(desk: Desk) -> DocumentsTab:
    found = desk.page.tabs["documents"]
    assert isinstance(found, DocumentsTab)
    return found


def drop(desk: Desk, *paths: Path) -> None:
    """Drop files onto the tab as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.MoveAction | Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    tab(desk).dropEvent(event)
    assert event.dropAction() is Qt.DropAction.CopyAction
    desk.settle()


def test_a_pdf_dropped_on_the_case_is_shown_and_its_original_stays_with_a_hint(
    desk: Desk, files: dict[str, Path]
) -> None:
    drop(desk, files["Bescheid"])
    here = tab(desk)
    assert [entry.name for entry in here.rows] == ["Bescheid.pdf"]
    assert here.view is not None and here.view.stack.currentWidget() is here.view.pages
    assert here.view.pages.page_count() == 2
    assert files["Bescheid"].exists() and here.hint.isVisibleTo(here)


def test_pictures_and_texts_are_shown_and_what_cannot_be_says_so(desk: Desk, files: dict[str, Path]) -> None:
    here = tab(desk)
    drop(desk, files["Ausweis"])
    assert here.view is not None and here.view.picture.pixmap().width() > 80
    drop(desk, files["Notiz"])
    assert here.view.text.toPlainText() == "Grüße aus Lünen"
    drop(desk, files["Tabelle"])
    assert "zeigt das Programm nicht" in here.view.nothing.sentence.text()
    drop(desk, files["kaputt"])
    assert "beschädigt" in here.view.nothing.sentence.text()
    assert len(here.rows) == 4


def test_of_several_files_the_good_ones_go_in_and_the_others_are_named(
    desk: Desk, files: dict[str, Path], tmp_path: Path, heard: Heard
) -> None:
    empty = tmp_path / "leer.pdf"
    empty.touch()
    drop(desk, files["Bescheid"], empty, tmp_path / "fehlt.pdf", files["Notiz"])
    assert {entry.name for entry in tab(desk).rows} == {"Bescheid.pdf", "Notiz.txt"}
    said = " ".join(heard.texts)
    assert "ist leer" in said and "lässt sich nicht lesen" in said


def test_a_deleted_file_comes_back(desk: Desk, files: dict[str, Path], heard: Heard) -> None:
    drop(desk, files["Notiz"])
    here = tab(desk)
    click(here.remove_button)
    desk.settle()
    assert not here.rows and here.view is not None and not here.view.text.toPlainText()
    undo = heard.messages[-1].undo
    assert undo is not None
    undo()
    desk.settle()
    assert [entry.name for entry in here.rows] == ["Notiz.txt"]


def test_name_person_and_note_are_kept_and_a_half_typed_note_is_a_draft(desk: Desk, files: dict[str, Path]) -> None:
    drop(desk, files["Notiz"], files["Ausweis"])
    here = tab(desk)
    chosen = here.rows[0]
    here.open(chosen.id)
    desk.settle()
    here.entry.form["note"].editor.set_value("liegt im Original vor")
    here.entry.form["note"].editor.changed.emit()
    here.open(here.rows[1].id)
    desk.settle()
    here.open(chosen.id)
    desk.settle()
    assert here.entry.form.values()["note"] == "liegt im Original vor"
    here.save()
    desk.settle()
    assert next(entry for entry in here.rows if entry.id == chosen.id).note == "liegt im Original vor"


def test_a_file_leaves_only_after_a_warning(desk: Desk, files: dict[str, Path], tmp_path: Path) -> None:
    drop(desk, files["Notiz"])
    here = tab(desk)
    target = tmp_path / "hinaus.txt"
    here._choose_path = lambda _parent, _title, _name, _kinds: target  # the system's dialog
    click(here.save_as)
    assert here.warning.isVisibleTo(here) and not target.exists()
    assert here.warning.action is not None
    click(here.warning.action)
    desk.settle()
    assert target.read_text(encoding="utf-8") == "Grüße aus Lünen"


def test_a_closed_case_takes_no_files(room: Room, files: dict[str, Path]) -> None:
    desk = room.open(room.new_case(outcome=IntakeOutcome.LITTLE_NEED))
    desk.page.open_tab("documents")
    assert not tab(desk).add_button.isEnabled()
    drop(desk, files["Notiz"])
    assert tab(desk).rows == ()
