"""The table of the house: opening, previewing, sorting, filtering, and room for every column."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kimdesk.ui.design import Icon
from kimdesk.ui.widgets import (
    Column,
    DataTable,
    EmptyState,
)
from tests.ui.keys import press

Row = tuple[str, int]


def _show(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()


def _table(qtbot: QtBot) -> DataTable[Row]:
    table: DataTable[Row] = DataTable(
        [
            Column("Name", lambda row: row[0]),
            Column("Fällig", lambda row: f"in {row[1]} Tagen", 120, sort=lambda row: row[1] if row[1] else None),
        ],
        name="Fälle",
        empty=EmptyState(Icon.CASES, "Noch keine Fälle", "Beginnen Sie eine Beratung.", action="Beratung"),
    )
    table.resize(600, 300)
    _show(qtbot, table)
    return table


ROWS: list[Row] = [("Rahimi", 10), ("Коваленко", 9), ("Tesfay", 0)]


def _names(table: DataTable[Row]) -> list[str]:
    return [table.model.row_at(place)[0] for place in range(table.model.rowCount())]


def test_a_table_opens_with_enter_and_previews_with_space(qtbot: QtBot) -> None:
    table = _table(qtbot)
    table.set_rows(ROWS)
    table.view.selectRow(1)
    with qtbot.waitSignal(table.opened) as opened:
        press(table.view, Qt.Key.Key_Return)
    assert opened.args == [("Коваленко", 9)]
    with qtbot.waitSignal(table.previewed) as previewed:
        press(table.view, Qt.Key.Key_Space)
    assert previewed.args == [("Коваленко", 9)]


def test_a_table_sorts_by_value_not_by_text_and_unknown_comes_last(qtbot: QtBot) -> None:
    table = _table(qtbot)
    table.set_rows(ROWS)
    table.sort_by(1)
    assert _names(table) == ["Коваленко", "Rahimi", "Tesfay"]
    table.sort_by(1, backwards=True)
    assert _names(table) == ["Rahimi", "Коваленко", "Tesfay"]


def test_the_filter_finds_every_word_and_says_how_many(qtbot: QtBot) -> None:
    table = _table(qtbot)
    table.set_rows(ROWS)
    assert table.count.text() == "3 Einträge"
    table.filter.setText("ковал tagen")
    assert _names(table) == ["Коваленко"]
    assert table.count.text() == "1 von 3"
    table.filter.setText("gibt es nicht")
    assert table.stack.currentWidget() is not table.view
    table.clear_filter()
    assert len(_names(table)) == 3
    table.set_condition(lambda row: row[1] > 9)
    assert _names(table) == ["Rahimi"]


def test_a_table_stays_at_its_row_when_it_is_read_again(qtbot: QtBot) -> None:
    table = _table(qtbot)
    table.set_rows(ROWS)
    assert table.choose(lambda row: row[0] == "Tesfay")
    table.set_rows(ROWS)
    assert table.current() == ("Tesfay", 0)
    table.set_rows([])
    assert table.current() is None


def test_an_empty_table_offers_the_first_step(qtbot: QtBot) -> None:
    table = _table(qtbot)
    table.set_rows([])
    shown = table.stack.currentWidget()
    assert isinstance(shown, EmptyState)
    assert shown.button is not None
    assert shown.button.isVisible()


def test_no_column_of_a_narrow_table_is_lost(qtbot: QtBot) -> None:
    table = _table(qtbot)
    table.set_rows(ROWS)
    table.resize(220, 300)
    qtbot.waitUntil(lambda: table.view.viewport().width() < 240)
    widths = [table.view.columnWidth(place) for place in range(2)]
    assert all(width >= 20 for width in widths)
    assert sum(widths) <= table.view.viewport().width() + 1
