"""Further persons of a household as rows of one grid: name, date of birth, relation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kimdesk.domain.vocabulary import Relation
from kimdesk.i18n import _
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon, Space, theme
from kimdesk.ui.widgets import ChoiceField, DateField, Editor, IconButton, Text, TextField

_DATE_WIDTH = 132
Draft = str | int | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """What was typed for one further person."""

    given_name: str
    family_name: str
    date_of_birth: date | None
    relation: Relation


class _Row:
    """The editors of one person."""

    def __init__(self, today: Callable[[], date]) -> None:
        self.given = TextField()
        self.family = TextField()
        self.born = DateField(today=today)
        self.relation = ChoiceField(
            options(relation for relation in Relation if relation is not Relation.CLIENT), empty=None
        )
        self.remove = IconButton(Icon.CLOSE, _("Zeile entfernen"))

    @property
    def editors(self) -> tuple[Editor, ...]:
        return (self.given, self.family, self.born, self.relation)

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        return (*self.editors, self.remove)

    def is_empty(self) -> bool:
        """Return whether nothing but what was preset stands in the row."""
        return not self.given.value() and self.born.is_empty()


class HouseholdField(Editor):
    """The rows. The value is a list of `HouseholdRow`; rows in which only presets stand are left out.

    `family_name` gives the name a new row starts with. `rows_changed` when a row came or went.
    """

    rows_changed = Signal()

    def __init__(self, *, today: Callable[[], date], family_name: Callable[[], str]) -> None:
        box = QWidget()
        super().__init__(box)
        self._today, self._family_name = today, family_name
        self._rows: list[_Row] = []
        self._grid = QGridLayout(box)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.XS)
        for place, share in enumerate((4, 4, 4, 4, 0)):
            self._grid.setColumnStretch(place, share)
        self._grid.setColumnMinimumWidth(2, theme().px(_DATE_WIDTH))
        self._heads = [
            Text(word, "meta") for word in (_("Vorname"), _("Nachname"), _("Geburtsdatum"), _("Stellung im Haushalt"))
        ]
        for place, head in enumerate(self._heads):
            self._grid.addWidget(head, 0, place)
        self._show_heads()

    def rows(self) -> list[_Row]:
        """Return the rows from the top."""
        return list(self._rows)

    def add_row(self) -> None:
        """Add a row for another person and put the focus into it."""
        row = self._append()
        row.family.set_value(self._family_name())
        row.relation.set_value(Relation.CHILD)
        row.given.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def remove_row(self, row: _Row) -> None:
        """Take a row away."""
        self._rows.remove(row)
        for widget in row.widgets:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._number_rows()
        self._show_heads()
        self.changed.emit()
        self.rows_changed.emit()

    def _append(self) -> _Row:
        row = _Row(self._today)
        self._rows.append(row)
        line = self._grid.rowCount()
        for place, widget in enumerate(row.widgets):
            self._grid.addWidget(widget, line, place)
        for editor in row.editors:
            editor.changed.connect(self.changed)
            editor.finished.connect(self.finished)
        row.remove.clicked.connect(lambda: self.remove_row(row))
        self._number_rows()
        self._show_heads()
        self.rows_changed.emit()
        return row

    def _number_rows(self) -> None:
        for number, row in enumerate(self._rows, start=2):
            note = _("Person {n}").format(n=number)
            for editor, head in zip(row.editors, self._heads, strict=True):
                editor.set_names(head.text(), note)
            row.remove.setAccessibleDescription(note)

    def _show_heads(self) -> None:
        for head in self._heads:
            head.setVisible(bool(self._rows))
        self.setVisible(bool(self._rows))

    def filled(self) -> list[_Row]:
        """Return the rows in which something was typed."""
        return [row for row in self._rows if not row.is_empty()]

    def value(self) -> list[HouseholdRow]:
        return [
            HouseholdRow(
                row.given.value(),
                row.family.value(),
                row.born.value(),
                Relation(row.relation.value() or Relation.OTHER),
            )
            for row in self.filled()
        ]

    def set_value(self, value: list[HouseholdRow] | None) -> None:
        for old in self.rows():
            self.remove_row(old)
        for person in value or ():
            row = self._append()
            row.given.set_value(person.given_name)
            row.family.set_value(person.family_name)
            row.born.set_value(person.date_of_birth)
            row.relation.set_value(person.relation)
        self.changed.emit()

    def draft(self) -> Draft:
        return [json.dumps([editor.draft() for editor in row.editors], ensure_ascii=False) for row in self._rows]

    def restore(self, draft: Draft) -> None:
        for old in self.rows():
            self.remove_row(old)
        for typed in draft if isinstance(draft, list) else ():
            for editor, part in zip(self._append().editors, json.loads(typed), strict=True):
                editor.restore(part)
        self.changed.emit()

    def problem(self) -> str:
        """Return what is wrong with the first date that cannot be read."""
        return next((problem for row in self._rows if (problem := row.born.problem())), "")

    def is_empty(self) -> bool:
        return not self._rows

    def mark_invalid(self, invalid: bool) -> None:
        """Mark the dates that cannot be read; without an error all marks go."""
        for row in self._rows:
            row.born.mark_invalid(invalid and bool(row.born.problem()))
            row.given.mark_invalid(False)

    def editor_at(self, place: int, field_name: str) -> Editor:
        """Return the editor of a filled row that the field name of a person's error means."""
        row = self.filled()[place]
        return row.born if field_name == "date_of_birth" else row.given
