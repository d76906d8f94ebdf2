"""One line of text: after typing it shows how the text begins."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kimdesk.ui.widgets import TextField


def test_a_long_text_shows_its_beginning_once_the_focus_is_elsewhere(qtbot: QtBot) -> None:
    first, second, window = TextField(), TextField(), QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(first)
    layout.addWidget(second)
    window.setFixedWidth(160)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    first.line.setFocus()
    first.line.insert("Pharmaziestudium in Aleppo, sechs Jahre im Beruf")
    assert first.line.cursorPosition() > 0
    second.line.setFocus()
    assert first.line.cursorPosition() == 0
    assert first.value().startswith("Pharmaziestudium")
