"""The manual that comes with the program: complete, and F1 leads into it from every page."""

from __future__ import annotations

import re

import pytest
from pytestqt.qtbot import QtBot

import kimdesk.app  # noqa: F401  (imports every page of the desk)
from kimdesk.ui.help import ManualWindow
from kimdesk.ui.help.manual_window import START_PAGE, manual_folder
from kimdesk.ui.page import Page

PAGES = sorted(page.stem for page in manual_folder().glob("*.md"))


def _pages_of_the_desk() -> list[type[Page]]:
    return [page for page in Page.__subclasses__() if page.__module__.startswith("kimdesk.")]


def _links(name: str) -> set[str]:
    return set(re.findall(r"\]\(([^)]+)\)", (manual_folder() / f"{name}.md").read_text(encoding="utf-8")))


def test_every_page_of_the_desk_has_its_own_page_in_the_manual(qtbot: QtBot) -> None:
    manual = ManualWindow()
    qtbot.addWidget(manual)
    pages = _pages_of_the_desk()
    assert len(pages) >= 8
    for page in pages:
        manual.open_page(page.manual_page)
        assert manual.page_name == page.manual_page != START_PAGE, page.__name__
        assert manual.browser.toPlainText().strip()


def test_the_first_page_leads_to_every_other() -> None:
    assert _links(START_PAGE) == {f"{name}.md" for name in PAGES if name != START_PAGE}


@pytest.mark.parametrize("name", PAGES)
def test_no_link_of_the_manual_leads_nowhere(name: str) -> None:
    for link in _links(name):
        assert (manual_folder() / link).is_file(), link


def test_the_contents_follow_the_first_page(qtbot: QtBot) -> None:
    manual = ManualWindow()
    qtbot.addWidget(manual)
    titles = [manual.contents.item(place).text() for place in range(manual.contents.count())]
    assert len(titles) == len(PAGES)
    assert titles[:3] == ["KIM Desk kurz erklärt", "Entsperren und neuer Tresor", "Heute"]
