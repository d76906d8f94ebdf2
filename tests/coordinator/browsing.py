"""The dashboard as a browser sees it: forms with their tokens, words without markup."""

from __future__ import annotations

import re

import httpx

from tests.coordinator.conftest import Office


def form_token(page: httpx.Response) -> str:
    """Return the token in the page's forms."""
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return found.group(1)


def log_in(
    office: Office, browser: httpx.Client, passphrase: str | None = None, *, name: str = "admin"
) -> httpx.Response:
    """Log a browser in."""
    token = form_token(browser.get("/login"))
    fields = {"form_token": token, "name": name, "passphrase": passphrase or office.passphrase}
    return browser.post("/login", data=fields)


def submit(browser: httpx.Client, path: str, page: str = "/", **fields: str) -> httpx.Response:
    """Send a form that stands on `page`."""
    return browser.post(path, data={"form_token": form_token(browser.get(page)), **fields})


def text_of(page: str) -> str:
    """Return the visible words of a page, one space between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace("\u202f", " ")


def row(page: str, label: str) -> str:
    """Return the words of the table row with this heading."""
    found = re.search(rf'<th scope="row">{re.escape(label)}</th>(.*?)</tr>', page, re.DOTALL)
    assert found is not None, label
    return text_of(found.group(1))
