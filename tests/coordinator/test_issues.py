"""Structural issues: what the laptop's user saw arrives word for word and climbs the ladder at the office."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest

from kimdesk.domain.work_vocabulary import IssueKind, IssueState, Rung
from kimdesk.sync.protocol import HeldBack, WrongDistrict
from tests.coordinator.browsing import log_in, submit, text_of
from tests.coordinator.conftest import Office
from tests.coordinator.issues import an_issue, sealed
from tests.sync.support import a_release


def rung_of(page: str, rung: Rung) -> str:
    """Return the words on a rung of the board."""
    found = re.search(rf'aria-labelledby="rung-{rung.value}">(.*?)</section>', page, re.DOTALL)
    assert found is not None
    return text_of(found.group(1))


def test_an_issue_stands_on_the_board_as_it_was_seen(office: Office) -> None:
    laptop = office.device()
    text = "Erste Zeile <b>\nZweite & letzte"
    assert office.transport.deliver(sealed(laptop, an_issue("Termine", text=text), 1)) is not None
    with office.browser() as browser:
        log_in(office, browser)
        board = browser.get("/issues").text
        assert "Termine" in rung_of(board, Rung.COLLECTED) and "3 bis 9 Fälle" in rung_of(board, Rung.COLLECTED)
        page = browser.get("/issues/1").text
    assert "Erste Zeile &lt;b&gt;\nZweite &amp; letzte" in page
    assert "Lünen" in page and "Fiktionsbescheinigung" in page and "Fallmanagement Lünen" in page


def test_issues_and_releases_share_one_series_of_numbers(office: Office) -> None:
    laptop = office.device()
    issue = sealed(laptop, an_issue(), 1)
    receipt = office.transport.deliver(issue)
    assert office.transport.deliver(issue) == receipt
    laptop.queue(a_release(), 1)
    assert isinstance(laptop.sender(office.transport).send_pending().problem, HeldBack)
    assert office.transport.deliver(laptop.seal(a_release(), 2)) is not None
    with office.browser() as browser:
        log_in(office, browser)
        assert text_of(browser.get("/issues").text).count("Wartezeit in der Ausländerbehörde") == 1


def test_a_revision_replaces_the_text_and_a_late_one_does_not(office: Office) -> None:
    laptop = office.device()
    first = an_issue("Alt")
    for issue, sequence in (
        (first, 1),
        (an_issue("Neu", issue=first.issue, revision=3, rung=Rung.COMMUNE_GROUP), 2),
        (an_issue("Zwischendurch", issue=first.issue, revision=2), 3),
    ):
        assert office.transport.deliver(sealed(laptop, issue, sequence)) is not None
    with office.browser() as browser:
        log_in(office, browser)
        board = browser.get("/issues").text
    assert "Neu" in rung_of(board, Rung.COMMUNE_GROUP)
    assert "Alt" not in board and "Zwischendurch" not in board


def test_the_office_moves_an_issue_and_a_revision_leaves_it_there(office: Office) -> None:
    laptop = office.device()
    first = an_issue()
    office.transport.deliver(sealed(laptop, first, 1))
    with office.browser() as browser:
        log_in(office, browser)
        moved = submit(
            browser,
            "/issues/1",
            "/issues/1",
            rung=Rung.STEERING_GROUP.value,
            state=IssueState.ACCEPTED.value,
            note="Sitzung am 12.11.",
        )
        assert moved.status_code == 303
        office.transport.deliver(sealed(laptop, an_issue("Neu", issue=first.issue, revision=2), 2))
        board = browser.get("/issues").text
        assert "Neu" in rung_of(board, Rung.STEERING_GROUP) and "angenommen" in rung_of(board, Rung.STEERING_GROUP)
        page = text_of(browser.get("/issues/1").text)
        assert "Sitzung am 12.11." in page and "admin" in page
        ended = submit(
            browser, "/issues/1", "/issues/1", rung=Rung.STEERING_GROUP.value, state=IssueState.SOLVED.value, note=""
        )
        assert ended.status_code == 303
        assert "nichts auf dieser Stufe" in rung_of(browser.get("/issues").text, Rung.STEERING_GROUP)


@pytest.mark.parametrize("fields", [{"rung": "heaven"}, {"state": ""}, {"note": "x" * 2_001}])
def test_a_step_that_is_none_changes_nothing(office: Office, fields: dict[str, str]) -> None:
    office.transport.deliver(sealed(office.device(), an_issue(), 1))
    with office.browser() as browser:
        log_in(office, browser)
        good = {"rung": Rung.STATE.value, "state": IssueState.OPEN.value, "note": ""}
        assert submit(browser, "/issues/1", "/issues/1", **{**good, **fields}).status_code == 400
        assert submit(browser, "/issues/2", "/issues/1", **good).status_code == 400
        assert "Wartezeit" in rung_of(browser.get("/issues").text, Rung.COLLECTED)


def test_reported_gaps_stand_with_the_counted_ones(office: Office) -> None:
    laptop = office.device()
    office.transport.deliver(sealed(laptop, an_issue("Kein Kurs mit Kinderbetreuung", kind=IssueKind.OFFER_GAP), 1))
    office.transport.deliver(sealed(laptop, an_issue("Anderes"), 2))
    office.transport.deliver(laptop.seal(a_release(60), 3))
    with office.browser() as browser:
        log_in(office, browser)
        page = text_of(browser.get("/gaps").text)
    assert "Kein Kurs mit Kinderbetreuung" in page and "Anderes" not in page
    assert "Fälle, in denen ein Angebot fehlte" in page


def test_an_issue_of_another_district_is_refused(office: Office) -> None:
    with pytest.raises(WrongDistrict):
        office.transport.deliver(sealed(office.device(), an_issue(district="coesfeld"), 1))


def test_what_a_spreadsheet_would_run_is_made_harmless(office: Office) -> None:
    office.transport.deliver(sealed(office.device("=1+1"), an_issue("=cmd|' /C calc'!A0"), 1))
    with office.browser() as browser:
        log_in(office, browser)
        book = openpyxl.load_workbook(BytesIO(browser.get("/issues/export").content))
        lines = browser.get("/issues/export?form=csv").content.decode("utf-8-sig").splitlines()
    cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells and "'=1+1" in cells
    assert "'=cmd|' /C calc'!A0" in lines[1]
