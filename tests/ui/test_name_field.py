"""Names of countries and languages: completed from a list, kept as typed where the list does not know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kimdesk.ui.consultation.names import NameField, country_list, language_list
from tests.ui.keys import press, type_text

if TYPE_CHECKING:
    pass

# Said by the offscreen platform when a list opens over the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")


def test_countries_and_languages_are_german_names_with_the_frequent_ones_first() -> None:
    countries, languages = country_list(), language_list()
    assert countries[:3] == ["Syrien", "Ukraine", "Afghanistan"]
    assert languages[:4] == ["Ukrainisch", "Arabisch", "Persisch", "Dari"]
    assert "Kosovo" in countries
    assert "Unbekannte Region" not in countries
    assert len(set(countries)) == len(countries)


@pytest.fixture
def languages(qtbot: QtBot) -> NameField:
    field = NameField(language_list(), several=True)
    qtbot.addWidget(field)
    field.show()
    field.line.setFocus()
    return field


def test_tab_takes_the_first_name_that_begins_like_what_was_typed(languages: NameField, qtbot: QtBot) -> None:
    type_text(languages.line, "ar")
    popup = languages.completer.list
    qtbot.waitUntil(popup.isVisible)
    press(popup, Qt.Key.Key_Tab)
    assert languages.value() == "Arabisch"
    assert popup.isHidden()


def test_a_second_name_is_completed_after_the_comma(languages: NameField, qtbot: QtBot) -> None:
    type_text(languages.line, "Arabisch, kur")
    popup = languages.completer.list
    qtbot.waitUntil(popup.isVisible)
    press(popup, Qt.Key.Key_Return)
    assert languages.value() == "Arabisch, Kurdisch"


def test_a_name_not_in_the_list_stays_as_typed(languages: NameField) -> None:
    type_text(languages.line, "Sorani, farsi")
    press(languages.line, Qt.Key.Key_Return)
    assert languages.value() == "Sorani, farsi"
