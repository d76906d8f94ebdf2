"""The print centre: documents of a case, packs, several languages, large print, and stopping a long print."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pytestqt.qtbot import QtBot

from kimdesk.services.desk import Desk
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.printing import PrintRequest
from kimdesk.ui.printing.blank_fields import TimeField
from tests.ui.conftest import Heard
from tests.ui.test_print_page import Open, Settle, _open_case, _text, case_id, desk, dialogs, open_page, settle

__all__ = ["case_id", "desk", "dialogs", "open_page", "settle"]


def test_a_document_of_the_case_is_filled_and_can_be_written_into(
    open_page: Open, settle: Settle, case_id: UUID
) -> None:
    page = open_page(PrintRequest(document="appointment", case_id=case_id))
    page.form.blanks.editors["on"].set_value(date(2026, 11, 30))  # type: ignore[union-attr]
    at = page.form.blanks.editors["at"]
    assert isinstance(at, TimeField)
    at.set_value("9:30")
    settle(page)
    shown = " ".join(_text(page).split())
    assert "Maryam Haddad" in shown and "30.11.2026" in shown and "09:30" in shown
    at.set_value("halb zehn")
    assert "14:30" in at.problem()
    draft = page.draft()
    assert draft is not None
    again = open_page()
    again.restore(draft)
    settle(again)
    assert "30.11.2026" in _text(again)


def test_several_documents_go_into_one_file_and_not_to_another_person(
    open_page: Open, settle: Settle, desk: Desk, case_id: UUID
) -> None:
    page = open_page(PrintRequest(document="contact-sheet", case_id=case_id))
    page.languages.choose("de")
    page.form.pack_button.click()
    page.form.choose_document("privacy-notice")
    page.form.pack_button.click()
    settle(page)
    assert "Kontaktblatt" in page.form.pack_text.text()
    shown = " ".join(_text(page).split())
    assert "Willkommen" in shown and "Art. 13 DSGVO" in shown
    other = _open_case(desk, "Selam", "Tesfay", "ti")
    page.activate(PrintRequest(document="contact-sheet", case_id=other))
    settle(page)
    assert not page.form.pack_text.isVisible()
    assert "Maryam" not in _text(page)


def test_large_print_and_further_languages_make_more_pages(open_page: Open, settle: Settle) -> None:
    page = open_page(PrintRequest(document="flyer"))
    settle(page)
    few = page.preview.page_count()
    page.languages.several.tick.click()
    page.languages.further.chip("tr").click()
    settle(page)
    assert page.preview.page_count() >= few
    assert "Deutsch" in _text(page)
    page.languages.large.tick.click()
    settle(page)
    assert page.preview.page_count() > few


def test_printing_can_be_cancelled_between_pages(
    qtbot: QtBot, open_page: Open, settle: Settle, jobs: Jobs, heard: Heard
) -> None:
    page = open_page(PrintRequest(document="note"))
    page.form.note_text.fields["de"].editor.set_value("\n".join(f"Zeile {number}" for number in range(400)))
    settle(page)
    assert page.preview.page_count() > 4
    page.print_out()
    assert jobs.wait_idle()
    page.cancel()
    qtbot.waitUntil(lambda: bool(heard.texts), timeout=20_000)
    assert heard.texts == ["Das Drucken ist abgebrochen."]
