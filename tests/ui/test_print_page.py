"""The print page on a real vault: from an offer to pages, a printer and a file, and what the log says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import Case, Member, Person
from kimdesk.domain.vocabulary import IntakeOutcome, Relation
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage.audit import AuditRow
from kimdesk.storage.vault.vault import Vault
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.offers import OfferCarePage, OffersPage
from kimdesk.ui.offers.importing import ImportDialog
from kimdesk.ui.printing import PrintPage, PrintRequest
from tests.ui.conftest import Heard

DAY = date(2026, 11, 20)
TWO_PAGES = "\n".join(f"Schritt {number}" for number in range(30))


@pytest.fixture
def desk(vault: Vault, clock: FixedClock) -> Desk:
    """The services of a vault with the small directory."""
    desk = build_desk(vault, clock)
    desk.offers.install_directory()
    return desk


@pytest.fixture
def offer_id(desk: Desk) -> UUID:
    """An offer that has texts in Arabic and Tigrinya."""
    rows = desk.offers.browse(500).rows
    return next(row.id for row in rows if {"ar", "ti"} <= set(row.languages_written))


def _open_case(desk: Desk, given_name: str, family_name: str, language: str) -> UUID:
    person = Person(given_name=given_name, family_name=family_name, languages=(language,))
    case = Case(opened_on=DAY, commune="05978036", intake_on=DAY, concern="x", outcome=IntakeOutcome.CASE_MANAGEMENT)
    member = Member(person=person, relation=Relation.CLIENT)
    return desk.cases.record_consultation(ConsultationEntry(case=case, members=(member,))).value


@pytest.fixture
def case_id(desk: Desk) -> UUID:
    """An open case of Maryam Haddad, who speaks Arabic."""
    return _open_case(desk, "Maryam", "Haddad", "ar")


class Dialogs:
    """Stands in for the system's dialogs: a printer that prints into `printed`, a path to save to."""

    def __init__(self, folder: Path) -> None:
        self.printed = folder / "printed.pdf"
        self.path: Path | None = None
        self.proposed = ""
        self.pages = 0
        self.accepts = True

    def choose_printer(self, parent: QWidget, pages: int) -> QPrinter | None:
        self.pages = pages
        if not self.accepts:
            return None
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.printed))
        return printer

    def choose_path(self, parent: QWidget, name: str) -> Path | None:
        self.proposed = name
        return self.path


@pytest.fixture
def dialogs(tmp_path: Path) -> Dialogs:
    """What the system's dialogs answer."""
    return Dialogs(tmp_path)


Open = Callable[..., PrintPage]


@pytest.fixture
def open_page(qtbot: QtBot, desk: Desk, jobs: Jobs, messages: Messages, dialogs: Dialogs) -> Open:
    """Return a function that shows the page with an argument."""

    def open_it(argument: object = None) -> PrintPage:
        page = PrintPage(
            desk.prints,
            desk.offers,
            desk.cases,
            jobs,
            messages,
            choose_printer=dialogs.choose_printer,
            choose_path=dialogs.choose_path,
        )
        qtbot.addWidget(page)
        page.resize(1130, 640)
        with qtbot.waitExposed(page):
            page.show()
        page.activate(argument)
        assert jobs.wait_idle()
        return page

    return open_it


@pytest.fixture
def settle(qtbot: QtBot, jobs: Jobs) -> Callable[[PrintPage], None]:
    """Return a function that waits until the pages shown are those the fields ask for."""

    def wait(page: PrintPage) -> None:
        qtbot.waitUntil(lambda: jobs.is_idle() and not page._pause.isActive(), timeout=30_000)

    return wait


Settle = Callable[[PrintPage], None]


def _log(desk: Desk, *actions: str) -> list[AuditRow]:
    return [row for row in desk.vault.log() if row.action in actions]


def _text(page: PrintPage) -> str:
    document = page.preview.document
    assert document is not None
    return "\n".join(document.getAllText(number).text() for number in range(document.pageCount()))


class _Windows(QObject):
    """Notes every window that opens."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.opened.append(type(watched).__name__)
        return False


def test_building_the_pages_opens_no_window_for_a_moment(
    qapp: QApplication, qtbot: QtBot, desk: Desk, jobs: Jobs, messages: Messages
) -> None:
    windows = _Windows()
    qapp.installEventFilter(windows)
    try:
        page = PrintPage(desk.prints, desk.offers, desk.cases, jobs, messages)
        qtbot.addWidget(page)
        qtbot.addWidget(OffersPage(desk.offers, desk.cases, jobs, messages, desk.clock))
        qtbot.addWidget(OfferCarePage(desk, jobs, messages))
        qtbot.addWidget(ImportDialog(page, desk.offer_imports, jobs, lambda _parent: None))
    finally:
        qapp.removeEventFilter(windows)
    assert windows.opened == []


def test_the_tab_key_follows_the_order_on_the_screen(
    open_page: Open, settle: Settle, qtbot: QtBot, offer_id: UUID, case_id: UUID
) -> None:
    page = open_page(PrintRequest(offer_id=offer_id, case_id=case_id))
    settle(page)
    page.export_button.setFocus()
    qtbot.waitUntil(page.export_button.hasFocus)
    wanted = [
        page.print_button,
        page.languages.chips._chips["ar"],
        page.languages.beside_german.tick,
        page.languages.large.tick,
        page.form.documents,
        page.form.pack_button,
        page.form.offer_button,
        page.form.no_case,
        page.form.case_button,
        page.form.next_step.fields["de"].editor.entry,
        page.form.next_step.fields["ar"].editor.entry,
        page.preview.view,
    ]
    visited = []
    for _press in range(48):
        here = QApplication.focusWidget()
        assert here is not None
        QTest.keyClick(here, Qt.Key.Key_Tab)
        visited.append(QApplication.focusWidget())
        if visited[-1] is page.preview.view:
            break
    assert [widget for widget in visited if widget in wanted] == wanted


def test_with_nothing_chosen_the_first_step_is_offered(open_page: Open, settle: Settle, jobs: Jobs) -> None:
    page = open_page()
    settle(page)
    assert not page.print_button.isEnabled()
    assert page.preview.empty.button is not None
    page.preview.empty.button.click()
    assert page.picker is not None
    assert jobs.wait_idle()
    QTest.keyClicks(page.picker.line.line, "sprachkurs")
    QTest.keyClick(page.picker.line.line, Qt.Key.Key_Return)
    assert jobs.wait_idle()
    title = page.picker.picks()[0].title
    QTest.keyClick(page.picker.line.line, Qt.Key.Key_Return)
    settle(page)
    assert page.form.offer_title.text() == title
    assert page.print_button.isEnabled()


def test_the_clients_language_is_proposed_and_stands_beside_german(
    open_page: Open, settle: Settle, desk: Desk, offer_id: UUID, case_id: UUID
) -> None:
    page = open_page(PrintRequest(offer_id=offer_id, case_id=case_id))
    settle(page)
    assert page.languages.chips.value() == "ar"
    assert page.languages.review.isVisible()
    assert "Maryam Haddad" in page.form.case_text.text()
    shown = _text(page)
    assert desk.offers.get(offer_id).offer.title.split()[0] in shown
    assert "العربية" in shown
    page.languages.beside_german.tick.click()
    settle(page)
    assert "Deutsch" not in _text(page)


def test_another_language_makes_other_pages(open_page: Open, settle: Settle, offer_id: UUID) -> None:
    page = open_page(PrintRequest(offer_id=offer_id))
    settle(page)
    assert page.languages.chips.value() == "de"
    assert not page.languages.review.isVisible()
    page.languages.chips._chips["ti"].click()
    settle(page)
    assert "ትግርኛ" in _text(page)
    assert page.languages.review.isVisible()


def test_a_language_asked_for_wins_over_the_clients(
    open_page: Open, settle: Settle, offer_id: UUID, case_id: UUID
) -> None:
    page = open_page(PrintRequest(offer_id=offer_id, case_id=case_id, language="uk"))
    settle(page)
    assert page.languages.chips.value() == "uk"


def test_the_text_is_printed_once_where_the_summary_repeats_its_beginning(
    open_page: Open, settle: Settle, desk: Desk
) -> None:
    found = desk.offers.search("Integrationskurse")[0]
    text = desk.offers.get(found.id).offer.text
    assert text.text.startswith(text.summary)
    page = open_page(PrintRequest(offer_id=found.id))
    settle(page)
    assert " ".join(_text(page).split()).count(text.summary[:40]) == 1


def test_looking_leaves_no_row_in_the_log(open_page: Open, settle: Settle, desk: Desk, offer_id: UUID) -> None:
    page = open_page(PrintRequest(offer_id=offer_id))
    settle(page)
    assert page.preview.page_count() >= 1
    assert _log(desk, "print", "export") == []


def test_printing_prints_every_page_and_is_logged(
    qtbot: QtBot,
    open_page: Open,
    settle: Settle,
    desk: Desk,
    jobs: Jobs,
    offer_id: UUID,
    case_id: UUID,
    dialogs: Dialogs,
    heard: Heard,
) -> None:
    page = open_page(PrintRequest(offer_id=offer_id, case_id=case_id))
    page.form.next_step.fields["de"].editor.set_value(TWO_PAGES)
    settle(page)
    page.print_out()
    assert jobs.wait_idle()
    qtbot.waitUntil(lambda: bool(heard.texts), timeout=20_000)
    assert dialogs.pages == page.preview.page_count() == 2
    printed = QPdfDocument()
    printed.load(str(dialogs.printed))
    assert printed.pageCount() == 2
    assert all(_has_ink(printed, number) for number in range(2))
    assert heard.texts == ["Die Seiten wurden an den Drucker gesendet."]
    (row,) = _log(desk, "print", "export")
    assert (row.action, row.subject_kind, row.subject_id) == ("print", "case", str(case_id))
    assert row.detail == {"document": "offer-sheet", "languages": "de+ar", "offer": str(offer_id)}
    assert page.print_button.isEnabled()


def _has_ink(document: QPdfDocument, page: int) -> bool:
    picture = document.render(page, document.pagePointSize(page).toSize())
    return any(
        picture.pixelColor(x, y).lightness() < 100 and picture.pixelColor(x, y).alpha() > 200
        for x in range(0, picture.width(), 2)
        for y in range(0, picture.height(), 2)
    )


def test_a_printer_not_chosen_prints_and_logs_nothing(
    open_page: Open, settle: Settle, desk: Desk, jobs: Jobs, offer_id: UUID, dialogs: Dialogs
) -> None:
    dialogs.accepts = False
    page = open_page(PrintRequest(offer_id=offer_id))
    settle(page)
    page.print_out()
    assert jobs.wait_idle()
    assert not dialogs.printed.exists()
    assert _log(desk, "print", "export") == []


def test_a_file_is_saved_after_the_warning_and_logged_as_an_export(
    open_page: Open,
    settle: Settle,
    desk: Desk,
    jobs: Jobs,
    offer_id: UUID,
    dialogs: Dialogs,
    tmp_path: Path,
    heard: Heard,
) -> None:
    dialogs.path = tmp_path / "blatt.pdf"
    page = open_page(PrintRequest(offer_id=offer_id))
    settle(page)
    page.save()
    assert page.warning.isVisible()
    assert not dialogs.path.exists()
    assert page.warning.action is not None
    page.warning.action.click()
    assert jobs.wait_idle()
    assert dialogs.path.read_bytes().startswith(b"%PDF")
    assert dialogs.proposed == "Angebotsblatt-de.pdf"
    assert not page.warning.isVisible()
    assert "unverschlüsselt" in heard.texts[-1]
    (row,) = _log(desk, "print", "export")
    assert (row.action, row.subject_kind, row.subject_id) == ("export", "offer", str(offer_id))


def test_a_folder_that_takes_no_file_is_said(
    open_page: Open, settle: Settle, jobs: Jobs, offer_id: UUID, dialogs: Dialogs, tmp_path: Path, heard: Heard
) -> None:
    dialogs.path = tmp_path / "fehlt" / "blatt.pdf"
    page = open_page(PrintRequest(offer_id=offer_id))
    settle(page)
    page.start_export()
    page._export()
    assert jobs.wait_idle()
    assert "lässt sich nicht schreiben" in heard.texts[-1]
    assert page.export_button.isEnabled()


def test_a_note_is_written_in_both_languages(open_page: Open, settle: Settle, desk: Desk, case_id: UUID) -> None:
    page = open_page(PrintRequest(document="note", case_id=case_id))
    settle(page)
    assert not page.print_button.isEnabled()
    fields = page.form.note_text.fields
    assert {code for code, field in fields.items() if field.isVisible()} == {"de", "ar"}
    assert fields["ar"].editor.entry.layoutDirection() is Qt.LayoutDirection.RightToLeft
    QTest.keyClicks(page.form.note_title.fields["de"].editor.entry, "Termin")
    QTest.keyClicks(fields["de"].editor.entry, "Bitte kommen Sie am Dienstag.")
    settle(page)
    assert "Bitte kommen Sie am Dienstag." in " ".join(_text(page).split())
    assert page.print_button.isEnabled()


def test_a_character_no_font_covers_is_said_in_place(open_page: Open, settle: Settle, heard: Heard) -> None:
    page = open_page(PrintRequest(document="note"))
    page.form.note_text.fields["de"].editor.set_value("Hallo \U0001fae0")
    settle(page)
    assert page.preview.problem.isVisible()
    assert "U+1FAE0" in page.preview.problem.text.text()
    assert not page.print_button.isEnabled()
    assert heard.texts == []
    page.form.note_text.fields["de"].editor.set_value("Hallo")
    settle(page)
    assert not page.preview.problem.isVisible()
    assert page.print_button.isEnabled()


def test_words_for_one_person_do_not_get_onto_the_next_ones_sheet(
    open_page: Open, settle: Settle, desk: Desk, jobs: Jobs, offer_id: UUID, case_id: UUID, heard: Heard
) -> None:
    other = _open_case(desk, "Selam", "Tesfay", "ti")
    page = open_page(PrintRequest(offer_id=offer_id, case_id=case_id))
    settle(page)
    page.form.next_step.fields["de"].editor.set_value("Termin Haddad")
    settle(page)
    assert "Termin Haddad" in _text(page)
    page.activate(PrintRequest(offer_id=offer_id, case_id=other))
    settle(page)
    assert "Termin Haddad" not in _text(page)
    assert page.languages.chips.value() == "ti"
    undo = heard.messages[-1].undo
    assert undo is not None
    undo()
    assert page.form.next_step.values() == {"de": "Termin Haddad"}


def test_what_was_typed_outlives_the_lock(
    open_page: Open, settle: Settle, jobs: Jobs, offer_id: UUID, case_id: UUID
) -> None:
    page = open_page(PrintRequest(document="note", case_id=case_id))
    assert page.draft() is None
    page.form.note_text.fields["ar"].editor.set_value("مرحبا")
    draft = page.draft()
    assert draft is not None
    again = open_page()
    again.restore(draft)
    settle(again)
    assert again.form.note_text.values() == {"ar": "مرحبا"}
    assert "Maryam Haddad" in again.form.case_text.text()
    assert again.languages.chips.value() == "ar"
    assert again.print_button.isEnabled()


def test_pages_are_turned_and_fitted(open_page: Open, settle: Settle, offer_id: UUID, case_id: UUID) -> None:
    page = open_page(PrintRequest(offer_id=offer_id, case_id=case_id))
    page.form.next_step.fields["de"].editor.set_value(TWO_PAGES)
    settle(page)
    assert page.preview.pages.text() == "Seite 1 von 2"
    page.preview.after.click()
    assert page.preview.pages.text() == "Seite 2 von 2"
    assert not page.preview.after.isEnabled()
    page.preview.zoom._chips["whole"].click()
    page.preview.enlarge(1.2)
    assert page.preview.zoom.value() is None
    assert page.preview.view.zoomFactor() > 0.2


def test_an_offer_without_a_text_in_the_language_is_pointed_out(open_page: Open, settle: Settle, desk: Desk) -> None:
    row = next(row for row in desk.offers.browse(500).rows if row.languages_written == ("de",))
    page = open_page(PrintRequest(offer_id=row.id, language="ar"))
    settle(page)
    assert "Arabisch" in page.languages.missing_text.text()
