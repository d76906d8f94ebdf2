"""Forms: fields in columns, and one place that reads, fills, checks and drafts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import render_error
from kimdesk.ui.design import Space, theme
from kimdesk.ui.widgets.base import announce
from kimdesk.ui.widgets.editor import Draft, Editor
from kimdesk.ui.widgets.field import E, Field

_NARROWEST_COLUMN = 220


class FormGrid(QWidget):
    """Fields in one to `columns` columns, as many as the width allows; the reading order is the order of adding.

    `narrowest` is what a column needs in pixels at 100 % text; less where fields are short or span several columns.
    """

    def __init__(self, columns: int = 2, *, narrowest: int = _NARROWEST_COLUMN) -> None:
        super().__init__()
        self._most = columns
        self._narrowest = narrowest
        self._now = 0
        self._items: list[tuple[QWidget, int]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.M)

    def add(self, *widgets: QWidget, span: int = 1) -> None:
        """Add widgets one after the other; each takes `span` columns (where there are fewer, the whole row)."""
        for widget in widgets:
            self._items.append((widget, span))
        self._arrange(self._now or self._most)

    def columns(self) -> int:
        """Return how many columns there are at the present width."""
        return self._now

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of one column only, so that the place around can become narrow enough for it."""
        widest = max((widget.minimumSizeHint().width() for widget, _span in self._items), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = max(1, min(self._most, event.size().width() // theme().px(self._narrowest)))
        if wanted != self._now:
            self._arrange(wanted)

    def _arrange(self, columns: int) -> None:
        self._now = columns
        row = place = 0
        growing: set[int] = set()
        for widget, asked in self._items:
            span = min(asked, columns)
            if place + span > columns:
                row, place = row + 1, 0
            self._grid.removeWidget(widget)
            self._grid.addWidget(widget, row, place, 1, span)
            if isinstance(widget, Field) and widget.grows:
                growing.add(row)
            place += span
        for number in range(self._grid.rowCount()):  # spare height goes to texts, not between lines of short fields
            self._grid.setRowStretch(number, 1 if number in growing else 0)
        for number in range(self._most):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)
            self._grid.setColumnMinimumWidth(number, 0)


class Form(QObject):
    """The fields of a screen by name. Names are those of the command's parameters, so that a rule that is broken
    (`RuleBroken.field_name`) finds its field.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fields: dict[str, Field[Any]] = {}
        self._quiet = False
        self._touched = False

    def add(self, name: str, field: Field[E]) -> Field[E]:
        """Know `field` under `name`; returns it."""
        self._fields[name] = field
        field.editor.changed.connect(self._on_change)
        return field

    def __getitem__(self, name: str) -> Field[Any]:
        return self._fields[name]

    def editor(self, name: str) -> Editor:
        """Return the editor of a field."""
        editor: Editor = self._fields[name].editor
        return editor

    def _on_change(self) -> None:
        if not self._quiet:
            self._touched = True
            self.changed.emit()

    @property
    def is_touched(self) -> bool:
        """Whether something was typed since the form was filled or saved."""
        return self._touched

    def set_saved(self) -> None:
        """Say that what stands in the form is what is stored."""
        self._touched = False

    def values(self) -> dict[str, Any]:
        """Return each field's value by name."""
        return {name: field.editor.value() for name, field in self._fields.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill the fields that `values` names; this is no change by the user."""
        self._quiet = True
        try:
            for name, value in values.items():
                if name in self._fields:
                    self._fields[name].editor.set_value(value)
                    self._fields[name].set_error("")
        finally:
            self._quiet = False
        self._touched = False

    def draft(self) -> dict[str, Draft]:
        """Return what was typed, valid or not, fit for JSON."""
        return {name: field.editor.draft() for name, field in self._fields.items()}

    def restore(self, draft: Mapping[str, Draft]) -> None:
        """Show what `draft` returned; counts as typed."""
        self._quiet = True
        try:
            for name, typed in draft.items():
                if name in self._fields:
                    self._fields[name].editor.restore(typed)
        finally:
            self._quiet = False
        self._touched = True
        self.changed.emit()

    def check(self) -> bool:
        """Check every field, show the errors, put the focus on the first; returns whether all are fine."""
        wrong = [field for field in self._fields.values() if not field.check()]
        if wrong:
            wrong[0].setFocus()
        return not wrong

    def clear_errors(self) -> None:
        """Take all errors away."""
        for field in self._fields.values():
            field.set_error("")

    def show_error(self, error: KnownError) -> bool:
        """Show `error` at the field its `field_name` names; returns False if it names none of this form."""
        field = self._fields.get(getattr(error, "field_name", ""))
        if field is None:
            return False
        field.set_error(render_error(error))
        field.setFocus()
        announce(field, render_error(error), urgent=True)
        return True
