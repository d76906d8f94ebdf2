"""The dashboard in a browser's eyes: login, sums with margins, who is missing, what was held back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kimdesk.coordinator.access import FAILURES_PER_ADDRESS
from kimdesk.reporting.release import read_tables
from tests.coordinator.browsing import form_token, log_in, row, text_of
from tests.coordinator.conftest import Office
from tests.sync.support import a_release


def published(releases: list[tuple[int, int]], table: str, cell: str | None) -> int:
    """Return the sum that laptops of these (size, seed) published."""
    total = 0
    for size, seed in releases:
        for found in read_tables(a_release(size, seed=seed).canonical_tables()).tables:
            if found.name == table:
                figure = found.total if cell is None else dict(found.cells)[cell]
                total += figure or 0
    return total


def test_without_login_there_is_nothing_to_see(office: Office) -> None:
    with office.browser() as browser:
        answer = browser.get("/")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_sums_stand_with_their_margins(office: Office) -> None:
    laptops = [(40, 1), (52, 2), (33, 3)]
    for size, seed in laptops:
        device = office.device(f"Laptop {seed}")
        office.transport.deliver(device.seal(a_release(size, seed=seed), 1))
    with office.browser() as browser:
        assert log_in(office, browser).status_code == 303
        page = browser.get("/").text
    cases = published(laptops, "status", None)
    # 2·sqrt(3·2) = 4.9
    assert f"{cases} ± 4,9 aus 3 Laptops" in text_of(page)
    ongoing = published(laptops, "status", "ongoing")
    assert row(page, "Laufender Fall") == f"{ongoing} ± 4,9"


def test_a_later_release_of_the_year_replaces_the_earlier_one(office: Office) -> None:
    device = office.device()
    office.transport.deliver(device.seal(a_release(30, seed=1, quarter=2), 1))
    later = a_release(60, seed=1, quarter=3)
    office.transport.deliver(device.seal(later, 2))
    with office.browser() as browser:
        log_in(office, browser)
        page = text_of(browser.get("/").text)
    total = next(table.total for table in read_tables(later.canonical_tables()).tables if table.name == "status")
    assert f"{total} ± 2,8 aus 1 Laptop" in page


def test_each_year_is_shown_apart(office: Office) -> None:
    device = office.device()
    office.transport.deliver(device.seal(a_release(30, year=2025, quarter=4), 1))
    office.transport.deliver(device.seal(a_release(45, year=2026, quarter=3), 2))
    with office.browser() as browser:
        log_in(office, browser)
        assert "Kennzahlen 2026" in browser.get("/").text
        older = browser.get("/?year=2025").text
        assert "Kennzahlen 2025" in older
        assert '<option value="2026">2026</option>' in older
        assert "Kennzahlen 2026" in browser.get("/?year=1999").text


def test_a_laptop_with_few_cases_is_shown_as_withheld_not_as_zero(office: Office) -> None:
    office.transport.deliver(office.device().seal(a_release(6), 1))
    with office.browser() as browser:
        log_in(office, browser)
        page = browser.get("/").text
        laptops = browser.get("/laptops").text
    assert row(page, "Laufender Fall") == "zurückgehalten"
    assert "nur Gesamtzahlen" in row(laptops, "Fallmanagement Lünen")
    assert "1 von 1 Laptops sendet nur die Gesamtzahl" in text_of(page)


def test_missing_and_late_laptops_are_named(office: Office) -> None:
    office.transport.deliver(office.device("Dabei").seal(a_release(quarter=3), 1))
    office.transport.deliver(office.device("Spät").seal(a_release(seed=2, quarter=2), 1))
    office.device("Säumig")
    office.invite("Eingeladen")
    with office.browser() as browser:
        log_in(office, browser)
        page = browser.get("/").text
        laptops = browser.get("/laptops").text
    assert "aktuell" in row(laptops, "Dabei")
    assert "älterer Stand" in row(laptops, "Spät")
    assert "fehlt" in row(laptops, "Säumig")
    assert "eingeladen, noch nicht angemeldet Einladung bis 04.12.2026" in row(laptops, "Eingeladen")
    assert "1 Laptop mit älterem Stand" in text_of(page)
    assert "Es fehlen: Säumig" in text_of(page)
    assert "2 von 3" in text_of(page)


def test_a_held_back_bundle_is_shown_until_someone_looked_into_it(office: Office) -> None:
    device = office.device()
    office.transport.deliver(device.seal(a_release(40), 1))
    office.transport.deliver(device.seal(a_release(70, seed=8), 1))
    with office.browser() as browser:
        log_in(office, browser)
        page = browser.get("/")
        assert "1 Sendung zurückgehalten" in page.text
        assert f"{published([(40, 1)], 'status', None)} ± 2,8" in text_of(page.text)
        action = re.search(r'action="(/held-back/\d+)"', page.text)
        assert action is not None
        assert browser.post(action.group(1), data={"form_token": "0" * 64}).status_code == 403
        assert "1 Sendung zurückgehalten" in browser.get("/").text
        assert browser.post(action.group(1), data={"form_token": form_token(page)}).status_code == 303
        assert "zurückgehalten</h2>" not in browser.get("/").text


def test_names_cannot_bring_markup(office: Office) -> None:
    office.device("<b>Lünen</b> & Co")
    with office.browser() as browser:
        log_in(office, browser)
        page = browser.get("/laptops").text
    assert "&lt;b&gt;Lünen&lt;/b&gt; &amp; Co" in page
    assert "<b>" not in page


def test_a_wrong_passphrase_is_refused(office: Office) -> None:
    with office.browser() as browser:
        answer = log_in(office, browser, "wrong")
        assert answer.status_code == 401
        assert "Name oder Passphrase stimmt nicht" in answer.text
        assert browser.get("/").status_code == 303


def test_after_some_failures_even_the_right_passphrase_has_to_wait(office: Office) -> None:
    with office.browser() as browser:
        for _ in range(FAILURES_PER_ADDRESS):
            assert log_in(office, browser, "wrong").status_code == 401
        answer = log_in(office, browser)
        assert answer.status_code == 429
        assert "Zu viele Fehlversuche" in answer.text
        office.clock.advance(timedelta(minutes=16))
        assert log_in(office, browser).status_code == 303


def test_a_login_form_from_elsewhere_is_refused(office: Office) -> None:
    fields = {"name": "admin", "passphrase": office.passphrase}
    with office.browser() as browser:
        assert browser.post("/login", data=fields).status_code == 403
        other = form_token(browser.get("/login"))
        browser.cookies.clear()
        assert browser.post("/login", data={**fields, "form_token": other}).status_code == 403
        assert browser.get("/").status_code == 303


def test_logout_needs_the_pages_own_token_and_ends_the_session(office: Office) -> None:
    with office.browser() as browser:
        log_in(office, browser)
        session = browser.cookies["kimdesk-session"]
        page = browser.get("/")
        assert browser.post("/logout", data={}).status_code == 403
        assert browser.get("/").status_code == 200
        assert browser.post("/logout", data={"form_token": form_token(page)}).status_code == 303
        browser.cookies.set("kimdesk-session", session)
        assert browser.get("/").status_code == 303


@pytest.mark.parametrize("idle", [timedelta(minutes=31), timedelta(hours=11)])
def test_a_session_ends_by_itself(office: Office, idle: timedelta) -> None:
    with office.browser() as browser:
        log_in(office, browser)
        office.clock.advance(timedelta(minutes=20))
        assert browser.get("/").status_code == 200
        office.clock.advance(idle)
        assert browser.get("/").status_code == 303


def test_every_answer_carries_the_security_headers(office: Office) -> None:
    with office.browser() as browser:
        log_in(office, browser)
        for path in ("/", "/login", "/health", "/static/coordinator.css", "/nothing"):
            headers = browser.get(path).headers
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-frame-options"] == "DENY"
            assert headers["x-content-type-options"] == "nosniff"
            assert "server" not in headers
        assert browser.get("/").headers["cache-control"] == "no-store"
        cookie = log_in_cookie(office)
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie


def log_in_cookie(office: Office) -> str:
    with office.browser() as browser:
        return log_in(office, browser).headers["set-cookie"]


def test_the_page_needs_nothing_from_elsewhere(office: Office) -> None:
    office.transport.deliver(office.device().seal(a_release(), 1))
    with office.browser() as browser:
        log_in(office, browser)
        pages = [
            browser.get("/").text,
            browser.get("/static/coordinator.css").text,
            browser.get("/static/icon.svg").text,
        ]
    for page in pages:
        assert "<script" not in page
        assert "style=" not in page
        assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", page) == []


def test_an_empty_office_says_what_to_do(office: Office) -> None:
    with office.browser() as browser:
        log_in(office, browser)
        page = text_of(browser.get("/").text)
    assert "Noch keine Zahlen für 2026" in page
    assert "kimdesk coordinator invite" in page
    assert office.fingerprint in page


def test_communes_are_called_by_their_names(office: Office) -> None:
    office.transport.deliver(office.device().seal(a_release(60), 1))
    with office.browser() as browser:
        log_in(office, browser)
        page = browser.get("/").text
    figure = published([(60, 1)], "commune", "05978024")
    assert row(page, "Lünen") == f"{figure} ± 2,8"
    assert "05978" not in page
    # A commune that no laptop sent is neither zero nor withheld.
    assert '<th scope="row">Werne</th>' not in page
