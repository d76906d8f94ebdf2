"""The dashboard in a real browser without a network: by keyboard, in light, dark and narrow, printed, and looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kimdesk.domain.work_vocabulary import Rung
from tests.coordinator.conftest import Office
from tests.coordinator.issues import an_issue, sealed
from tests.sync.support import a_release

CHROMIUM = next(
    (path for path in (Path("/usr/bin/chromium"), Path("/usr/bin/chromium-browser")) if path.exists()), None
)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
UNNAMED_FIELDS = """[...document.querySelectorAll(
    'input:not([type=hidden]), select, textarea, button, a, summary'
)].filter(e => !(e.textContent.trim() || e.ariaLabel || (e.labels && e.labels.length))).map(e => e.outerHTML)"""
UNNAMED_PICTURES = """[...document.querySelectorAll('svg')].filter(
    e => !e.ariaLabel && !e.closest('[aria-hidden=true]')
).length"""
PAGES = ("/", "/indicators/need", "/laptops", "/issues", "/issues/1", "/gaps", "/admin", "/admin/log")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def filled(office: Office) -> Office:
    for number, quarters in enumerate([(1, 2, 3), (1, 2), (1, 2, 3)]):
        laptop = office.device(f"Fallmanagement {number}")
        for sequence, quarter in enumerate(quarters, start=1):
            release = a_release(30 + 10 * quarter, seed=number * 7 + quarter, quarter=quarter)
            office.transport.deliver(laptop.seal(release, sequence))
    office.transport.deliver(sealed(laptop, an_issue(rung=Rung.COMMUNE_GROUP), 9))
    return office


def open_page(chromium: Any, office: Office, **options: Any) -> Any:
    """Return a page that is logged in by keyboard alone, and that fails when something is asked from elsewhere."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, **options)
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
    page.goto(office.server.url + "/login")
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type(office.passphrase)
    page.keyboard.press("Enter")
    page.wait_for_url(office.server.url + "/")
    return page


def test_the_dashboard_is_driven_by_keyboard_and_asks_nobody_else(chromium: Any, filled: Office) -> None:
    page = open_page(chromium, filled)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt"
    names = []
    for _ in range(40):
        page.keyboard.press("Tab")
        names.append(page.evaluate("(document.activeElement.textContent || document.activeElement.name).trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline not in ("none", ""), names[-1]
        if "Stand der Fälle" in names[-1]:
            break
    assert {"Laptops", "Strukturmeldungen", "Angebotslücken", "Anzeigen"} <= set(names)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/indicators/status"))
    assert "Stand der Fälle 2026" in page.inner_text("h1")
    for path in PAGES:
        page.goto(filled.server.url + path)
    assert page.problems == []
    assert all(url.startswith(filled.server.url) for url in page.asked)
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 400])
def test_every_page_fits_and_has_ink_in_light_and_dark(chromium: Any, filled: Office, scheme: str, width: int) -> None:
    page = open_page(chromium, filled, color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 768})
    for path in PAGES:
        page.goto(filled.server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than the window"
        picture = Image.open(BytesIO(page.screenshot())).convert("L")
        dark_pixels = sum(picture.histogram()[:100]) / (picture.width * picture.height)
        assert (dark_pixels > 0.5) is (scheme == "dark"), path
        assert len(picture.getcolors(100_000) or ()) > 20, f"{path} is empty"
    page.context.close()


def test_what_a_screen_reader_is_told(chromium: Any, filled: Office) -> None:
    page = open_page(chromium, filled)
    for path in PAGES:
        page.goto(filled.server.url + path)
        assert page.evaluate("document.documentElement.lang") == "de"
        assert page.locator("h1").count() == 1 and page.locator("main").count() == 1
        assert page.evaluate(UNNAMED_FIELDS) == [], path
        assert page.evaluate(UNNAMED_PICTURES) == 0, path
    page.context.close()


def test_a_page_prints_without_what_only_a_screen_needs(chromium: Any, filled: Office, tmp_path: Path) -> None:
    page = open_page(chromium, filled, color_scheme="dark")
    page.emulate_media(media="print")
    for path in ("/", "/indicators/need", "/issues"):
        page.goto(filled.server.url + path)
        assert not page.locator("nav.sections").is_visible() and not page.locator("text=Abmelden").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.pdf().startswith(b"%PDF")
    page.context.close()
