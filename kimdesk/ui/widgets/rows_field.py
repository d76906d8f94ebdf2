"""An editor of several like rows, such as the persons invited or the tasks agreed: add, fill, remove."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.widgets.base import put
from kimdesk.ui.widgets.buttons import Button, IconButton
from kimdesk.ui.widgets.editor import Draft, Editor
from kimdesk.ui.widgets.form import FormGrid


@dataclass(frozen=True)
class RowPart:
    """One editor of a row: its name in the value, its word for the reader, how to make it, how many columns wide."""

    name: str
    word: str
    make: Callable[[], Editor]
    span: int = 1
    counts: bool = True
    """Whether something in it makes the row count; a choice that is never empty does not."""


class _Row(QFrame):
    def __init__(self, parts: Sequence[RowPart], columns: int, on_remove: Callable[[_Row], object]) -> None:
        super().__init__()
        put(self, role="well")
        self.editors = {part.name: part.make() for part in parts}
        grid = FormGrid(columns, narrowest=140)
        for part in parts:
            self.editors[part.name].set_names(part.word, "")
            grid.add(self.editors[part.name], span=part.span)
        remove = IconButton(Icon.CLOSE, _("Zeile entfernen"), lambda: on_remove(self))
        line = QHBoxLayout(self)
        line.setContentsMargins(Space.S, Space.XS, Space.XS, Space.XS)
        line.setSpacing(Space.XS)
        line.addWidget(grid, 1)
        line.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        self.kept: dict[str, Any] = {}


class RowsField(Editor):
    """The value is a list of dicts, one per row, with the value of each part; a row with nothing in it counts not.

    What a row is given besides its parts (an id) comes back with it.
    """

    def __init__(self, parts: Sequence[RowPart], add_word: str, *, columns: int = 2) -> None:
        self._box = QWidget()
        super().__init__(self._box)
        self._parts, self._columns = tuple(parts), columns
        self.rows: list[_Row] = []
        self.add_button = Button(add_word, "quiet", symbol=Icon.ADD, on_click=self._add_by_hand)
        self._lines = QVBoxLayout(self._box)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(Space.XS)
        self._lines.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._quiet = False
        self._box.setFocusProxy(self.add_button)

    def _add_by_hand(self) -> None:
        row = self.add_row({})
        row.editors[self._parts[0].name].setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def add_row(self, values: dict[str, Any]) -> _Row:
        """Add a row with these values and return it."""
        row = _Row(self._parts, self._columns, self._remove)
        for name, editor in row.editors.items():
            if name in values:
                editor.set_value(values[name])
            editor.changed.connect(self._row_changed)
            editor.finished.connect(self.finished)
        row.kept = {name: value for name, value in values.items() if name not in row.editors}
        self.rows.append(row)
        self._lines.insertWidget(len(self.rows) - 1, row)
        return row

    def _row_changed(self) -> None:
        if not self._quiet:
            self.changed.emit()

    def _remove(self, row: _Row) -> None:
        self._drop(row)
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _drop(self, row: _Row) -> None:
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()

    def value(self) -> list[dict[str, Any]]:
        found = []
        for row in self.rows:
            if not all(row.editors[part.name].is_empty() for part in self._parts if part.counts):
                found.append({**row.kept, **{name: editor.value() for name, editor in row.editors.items()}})
        return found

    def set_value(self, value: Sequence[dict[str, Any]] | None) -> None:
        self._quiet = True
        try:
            for row in list(self.rows):
                self._drop(row)
            for values in value or ():
                self.add_row(values)
        finally:
            self._quiet = False
        self.changed.emit()

    def draft(self) -> Draft:
        return [
            json.dumps(
                {"kept": {k: str(v) for k, v in row.kept.items()}, **{n: e.draft() for n, e in row.editors.items()}}
            )
            for row in self.rows
        ]

    def restore(self, draft: Draft) -> None:
        self._quiet = True
        try:
            for row in list(self.rows):
                self._drop(row)
            for text in draft if isinstance(draft, list) else ():
                typed = json.loads(text)
                row = self.add_row({})
                row.kept = dict(typed.pop("kept", {}))
                for name, value in typed.items():
                    if name in row.editors:
                        row.editors[name].restore(value)
        finally:
            self._quiet = False
        self.changed.emit()

    def problem(self) -> str:
        for row in self.rows:
            for editor in row.editors.values():
                if said := editor.problem():
                    return said
        return ""

    def mark_invalid(self, invalid: bool) -> None:
        """Rows have no border of their own; the error text below them says it."""
