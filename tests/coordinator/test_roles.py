"""Who may do what: without login nothing, an analyst reads and works on issues, only an administrator administers."""

from __future__ import annotations

import re

import httpx
import pytest

from kimdesk.coordinator import commands
from kimdesk.coordinator.errors import LastAdmin, NameTaken, NoSuchUser
from kimdesk.coordinator.passphrases import PassphraseHasher
from kimdesk.coordinator.people import Role
from kimdesk.sync.protocol import read_invitation
from tests.coordinator.browsing import form_token, log_in, submit, text_of
from tests.coordinator.conftest import Office
from tests.coordinator.issues import an_issue, sealed
from tests.sync.support import Device, a_release

PAGES = ("/", "/indicators/status", "/laptops", "/issues", "/issues/1", "/gaps", "/export", "/issues/export")
ADMIN_PAGES = ("/admin", "/admin/log")
SENDER = "0" * 8 + "-0000-0000-0000-" + "0" * 12
ADMIN_FORMS = (
    "/admin/invite",
    "/admin/invitation-file",
    f"/admin/laptops/{SENDER}/revoke",
    f"/admin/laptops/{SENDER}/place",
    "/admin/users",
    "/admin/users/reset",
    "/admin/users/remove",
    "/held-back/1",
)


@pytest.fixture
def filled(office: Office) -> Office:
    laptop = office.device()
    office.transport.deliver(laptop.seal(a_release(60), 1))
    office.transport.deliver(sealed(laptop, an_issue("Streng vertraulich"), 2))
    return office


def analyst(office: Office, browser: httpx.Client, hasher: PassphraseHasher) -> None:
    passphrase = commands.user_add(office.folder, "auswertung", clock=office.clock, hasher=hasher)
    assert log_in(office, browser, passphrase, name="auswertung").status_code == 303


def test_without_login_nothing_is_readable(filled: Office) -> None:
    with filled.browser() as browser:
        for path in (*PAGES, *ADMIN_PAGES):
            answer = browser.get(path)
            assert (answer.status_code, answer.headers["location"], answer.content) == (303, "/login", b"")
        for path in (*ADMIN_FORMS, "/issues/1", "/logout"):
            answer = browser.post(path, data={"form_token": form_token(browser.get("/login"))})
            assert answer.status_code == 403
            assert "Streng vertraulich" not in answer.text and "Fallmanagement" not in answer.text
        shown = [browser.get(path).text for path in ("/login", "/health", "/api/docs", "/api/openapi.json", "/x")]
    assert not any("Lünen" in page or "Streng" in page for page in shown)


def test_an_analyst_reads_everything_and_administers_nothing(filled: Office, hasher: PassphraseHasher) -> None:
    with filled.browser() as browser:
        analyst(filled, browser, hasher)
        for path in PAGES:
            assert browser.get(path).status_code == 200, path
        assert "Verwalten" not in browser.get("/laptops").text
        for path in ADMIN_PAGES:
            answer = browser.get(path)
            assert answer.status_code == 403 and "Verwaltungsrechte" in answer.text
        for path in ADMIN_FORMS:
            answer = submit(browser, path, name="Eindringling", role="admin", entry="1")
            assert answer.status_code == 403 and "Verwaltungsrechte" in answer.text
        with filled.browser() as other:
            log_in(filled, other)
            assert "Eindringling" not in other.get("/admin").text
        moved = submit(browser, "/issues/1", "/issues/1", rung="state", state="open", note="Brief")
        assert moved.status_code == 303


def test_an_administrator_invites_in_the_browser_by_sheet_and_file(office: Office) -> None:
    with office.browser() as browser:
        log_in(office, browser)
        page = submit(browser, "/admin/invite", "/admin", name="Fallmanagement Bönen", commune="05978008")
        assert page.status_code == 200
        assert office.fingerprint in text_of(page.text) and '<svg class="qr"' in page.text
        file = re.search(r'name="invitation" value="([^"]*)"', page.text)
        assert file is not None
        data = file.group(1).replace("&#34;", '"').replace("&amp;", "&")
        saved = submit(browser, "/admin/invitation-file", "/admin", invitation=data)
        assert saved.headers["content-disposition"] == 'attachment; filename="einladung.json"'
        text = re.search(r'<p class="long">(.*?)</p>', page.text, re.DOTALL)
        assert text is not None
        assert read_invitation(text_of(text.group(1)).encode()) == read_invitation(saved.content)
        laptop = Device(saved.content, office.clock)
        assert laptop.enrol(office.transport) is not None
        office.transport.deliver(laptop.seal(a_release(60), 1))
        assert "Bönen" in text_of(browser.get("/laptops?place=05978008").text)
        assert submit(browser, "/admin/invitation-file", "/admin", invitation="{}").status_code == 400


def test_an_administrator_replaces_and_revokes_in_the_browser(office: Office) -> None:
    office.device("Lünen")
    with office.browser() as browser:
        log_in(office, browser)
        assert "schon" in submit(browser, "/admin/invite", "/admin", name="Lünen", commune="").text
        again = submit(browser, "/admin/invite", "/admin", name="Lünen", replace="yes")
        assert "Einladung für „Lünen“" in text_of(again.text)
        action = re.search(r'action="(/admin/laptops/[0-9a-f-]+/revoke)"', browser.get("/laptops").text)
        assert action is not None
        assert submit(browser, action.group(1), "/laptops").status_code == 303
        assert "abgemeldet" in browser.get("/laptops").text
        log = text_of(browser.get("/admin/log").text)
    assert "admin Laptop abgemeldet Lünen" in log and "Befehlszeile Einladung erstellt Lünen" in log


def test_users_come_and_go_in_the_browser(office: Office) -> None:
    with office.browser() as browser, office.browser() as other:
        log_in(office, browser)
        shown = submit(browser, "/admin/users", "/admin", name="leitung", role="analyst")
        passphrase = re.search(r'<p class="secret">([^<]+)</p>', shown.text)
        assert passphrase is not None
        assert log_in(office, other, passphrase.group(1), name="leitung").status_code == 303
        renewed = submit(browser, "/admin/users/reset", "/admin", name="leitung")
        assert other.get("/").status_code == 303, "a new passphrase ends the old sessions"
        assert log_in(office, other, passphrase.group(1), name="leitung").status_code == 401
        found = re.search(r'<p class="secret">([^<]+)</p>', renewed.text)
        assert found is not None
        assert log_in(office, other, found.group(1), name="leitung").status_code == 303
        assert submit(browser, "/admin/users/remove", "/admin", name="leitung").status_code == 303
        assert other.get("/").status_code == 303
        assert "letzte Anmeldung" in submit(browser, "/admin/users/remove", "/admin", name="admin").text
        assert submit(browser, "/admin/users", "/admin", name="x", role="king").status_code == 400
        assert submit(browser, "/admin/users", "/admin", name="admin", role="admin").status_code == 400


def test_users_come_and_go_by_command(office: Office, hasher: PassphraseHasher) -> None:
    commands.user_add(office.folder, "zwei", role=Role.ADMIN, hasher=hasher)
    with pytest.raises(NameTaken):
        commands.user_add(office.folder, "zwei", hasher=hasher)
    commands.user_remove(office.folder, "admin")
    with pytest.raises(LastAdmin):
        commands.user_remove(office.folder, "zwei")
    for unknown in (commands.user_remove, commands.user_reset):
        with pytest.raises(NoSuchUser):
            unknown(office.folder, "niemand")


def test_a_form_of_another_session_is_refused(office: Office) -> None:
    with office.browser() as mine, office.browser() as theirs:
        log_in(office, mine)
        log_in(office, theirs)
        token = form_token(theirs.get("/admin"))
        assert mine.post("/admin/users", data={"form_token": token, "name": "x", "role": "admin"}).status_code == 403
