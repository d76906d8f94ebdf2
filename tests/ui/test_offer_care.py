"""Caring for the directory in the window: review before writing, mapping, verification, duplicates, gaps, the feed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from kimdesk.domain.vocabulary import LifeArea
from kimdesk.foundation.clock import FixedClock
from kimdesk.offers.columns import Column
from kimdesk.offers.gaps import GapSubject
from kimdesk.offers.staging import Verdict
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage import Vault
from kimdesk.sync.offer_feed import OFFERS_NAME
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Message, Messages
from kimdesk.ui.offers import OfferCarePage
from kimdesk.ui.offers.care_page import GAPS, STALE, TWINS
from kimdesk.ui.offers.importing import ImportDialog
from kimdesk.ui.offers.office_card import OfficeCard
from tests.services.support import running_office

Open = Callable[..., OfferCarePage]


@pytest.fixture
def desk(vault: Vault, clock: FixedClock) -> Desk:
    """The services of an empty vault."""
    return build_desk(vault, clock)


@pytest.fixture
def open_page(desk: Desk, jobs: Jobs, messages: Messages, qtbot: QtBot) -> Open:
    """Return a function that shows the page as the frame would."""

    def open_it(argument: object = None) -> OfferCarePage:
        page = OfferCarePage(desk, jobs, messages)
        qtbot.addWidget(page)
        page.resize(1130, 640)
        page.show()
        jobs.changed.connect(page.refresh)
        page.activate(argument)
        assert jobs.wait_idle()
        return page

    return open_it


def write(path: Path, *names: str) -> Path:
    services = [{"id": f"s-{name}", "name": name, "status": "active", "description": "Text"} for name in names]
    path.write_text(json.dumps(services), encoding="utf-8")
    return path


def test_what_is_gone_leaves_only_when_chosen_in_the_review(
    desk: Desk, jobs: Jobs, qtbot: QtBot, tmp_path: Path, open_page: Open
) -> None:
    path = write(tmp_path / "a.json", "Nähkurs", "Sprachkurs", "Treff")
    desk.offer_imports.import_file(path, "hsds", collection="kreis")
    write(path, "Nähkurs", "Chor")
    page = open_page()
    dialog = ImportDialog(page, desk.offer_imports, jobs, lambda _parent: path)
    dialog.show()
    dialog.choose()
    dialog.format.set_value("hsds")
    dialog.collection.set_value("kreis")
    dialog.start()
    assert jobs.wait_idle()
    review = dialog.review
    assert {verdict: text.text() for verdict, text in review.figures.items()} == {
        Verdict.ADDED: "1", Verdict.CHANGED: "0", Verdict.UNCHANGED: "1", Verdict.MISSING: "2", Verdict.EMPTY: "0",
        Verdict.REFUSED: "0",
    }  # fmt: skip
    assert review.leaving() == frozenset()
    gone = next(row for row in desk.offer_imports.preview(dialog_id(dialog)).rows if row.title == "Treff")
    review.table.opened.emit(gone)
    assert review.leaving() == {gone.offer_id}
    dialog.apply()
    assert jobs.wait_idle()
    assert dialog.report.figures["removed"].text() == "1"
    assert [row.title for row in desk.offers.browse().rows] == ["Chor", "Nähkurs", "Sprachkurs"]
    page.updating.undo_button.click()
    assert jobs.wait_idle()
    assert [row.title for row in desk.offers.browse().rows] == ["Nähkurs", "Sprachkurs", "Treff"]


def dialog_id(dialog: ImportDialog) -> UUID:
    assert dialog._steps is not None
    return dialog._steps.id


def test_cancelling_leaves_the_directory_alone(desk: Desk, jobs: Jobs, tmp_path: Path, open_page: Open) -> None:
    path = write(tmp_path / "a.json", *(f"Kurs {number}" for number in range(350)))
    dialog = ImportDialog(open_page(), desk.offer_imports, jobs, lambda _parent: path)
    dialog.show()
    dialog.choose()
    dialog.format.set_value("hsds")
    dialog.start()
    dialog.cancel()
    assert jobs.wait_idle()
    assert "Abgebrochen" in dialog.problem.text.text()
    assert desk.offers.count() == 0
    dialog.start()
    assert jobs.wait_idle()
    assert dialog.review.figures[Verdict.ADDED].text() == "350"


def test_a_wrong_guess_of_a_column_is_put_right(desk: Desk, jobs: Jobs, tmp_path: Path, open_page: Open) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Projekt;Bemerkung;Was es gibt\nTreff;intern;Kaffee und Rat\n", encoding="utf-8")
    dialog = ImportDialog(open_page(), desk.offer_imports, jobs, lambda _parent: path)
    dialog.show()
    dialog.choose()
    dialog.start()
    assert jobs.wait_idle()
    assert dialog.mapping.columns() == [Column.TITLE, None, None]
    dialog.mapping.choices[2].set_value(Column.TEXT.value)
    dialog.start()
    assert jobs.wait_idle()
    dialog.apply()
    assert jobs.wait_idle()
    offer = desk.offers.get(desk.offers.browse().rows[0].id).offer
    assert (offer.title, offer.text.text, offer.collection) == ("Treff", "Kaffee und Rat", "liste")


def test_stale_offers_are_verified_in_one_step_and_that_is_undone(
    desk: Desk, jobs: Jobs, clock: FixedClock, open_page: Open, messages: Messages
) -> None:
    desk.offers.install_directory()
    clock.advance(timedelta(days=500))
    said: list[Message] = []
    messages.said.connect(said.append)
    page = open_page(STALE)
    total = page.stale.table.model.total()
    assert total > 30  # all but those that ended
    page.stale.table.view.selectRow(0)
    page.stale.verify_button.click()
    assert jobs.wait_idle()
    assert page.stale.table.model.total() == total - 1
    assert said[-1].undo is not None
    said[-1].undo()
    assert jobs.wait_idle()
    assert page.stale.table.model.total() == total


def test_duplicates_and_gaps_are_shown(desk: Desk, jobs: Jobs, tmp_path: Path, open_page: Open) -> None:
    path = write(
        tmp_path / "a.json", "Migrationsberatung für Erwachsene (MBE)", "MBE Migrationsberatung für Erwachsene"
    )
    desk.offer_imports.import_file(path, "hsds")
    page = open_page(TWINS)
    assert page.twins.table.model.total() == 1
    page.twins.table.view.selectRow(0)
    page.twins.drop_second.click()
    assert jobs.wait_idle()
    assert (page.twins.table.model.total(), desk.offers.count()) == (0, 1)
    desk.offer_gaps.record_search(GapSubject(LifeArea.HOUSING, "05978024"))
    page.activate(GAPS)
    assert jobs.wait_idle()
    row = page.gaps.table.model.row_at(0)
    assert (row.total, row.subject.life_area) == (1, LifeArea.HOUSING)
    target = tmp_path / "luecken.xlsx"
    page.gaps._ask_where = lambda *_asked: target
    page.gaps.export.click()
    assert jobs.wait_idle()
    assert target.read_bytes()[:2] == b"PK"


def test_the_offices_directory_is_looked_through_and_applied(
    desk: Desk, jobs: Jobs, clock: FixedClock, tmp_path: Path, open_page: Open
) -> None:
    page = open_page()
    assert not page.updating.fetch_button.isEnabled()
    with running_office(tmp_path / "stelle", clock) as office:
        desk.pushes.enrol(office.invite())
        content = write(tmp_path / "a.json", "Chor", "Treff").read_bytes()
        (tmp_path / OFFERS_NAME).write_bytes(office.sign_offers(content))
    page.updating._ask_file = lambda *_asked: tmp_path
    page.activate()
    assert jobs.wait_idle()
    page.updating.stick_button.click()
    assert jobs.wait_idle()
    dialog = page.updating.dialog
    assert dialog is not None
    assert "Unterschrift geprüft" in dialog.about.text.text()
    assert (dialog.review.figures[Verdict.ADDED].text(), desk.offers.count()) == ("2", 0)
    dialog.apply_button.click()
    assert jobs.wait_idle()
    assert (dialog.report.figures["added"].text(), desk.offers.count()) == ("2", 2)
    dialog.reject()
    assert jobs.wait_idle()
    assert "gültig bis" in page.updating.feed_state.text()


def test_the_offices_own_words_stand_below_the_offer(desk: Desk, jobs: Jobs, messages: Messages, qtbot: QtBot) -> None:
    desk.offers.install_directory()
    offer = desk.offers.browse(1).rows[0].id
    card = OfficeCard(desk.offer_care, jobs, messages)
    qtbot.addWidget(card)
    card.show()
    card.show_offer(offer)
    assert jobs.wait_idle()
    card.note.set_value("Eingang im Hof")
    card.save_button.click()
    card.verify_button.click()
    assert jobs.wait_idle()
    assert desk.offer_care.mark(offer).note == "Eingang im Hof"
    assert "Bei uns geprüft am" in card.state.text()
