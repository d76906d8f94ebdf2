"""What every editor of a form can do, so that fields, forms and drafts treat all alike."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.ui.widgets.base import put

Draft = str | int | bool | list[str] | None


class Editor(QWidget):
    """Base of the editors: holds one input widget, tells when its value changed.

    `changed` is sent for every change by the user or by `set_value`; `finished` when the user is done with it
    (Enter, leaving the field). A draft is what the user typed, valid or not, in a form that fits into JSON.
    """

    changed = Signal()
    finished = Signal()

    def __init__(self, entry: QWidget) -> None:
        super().__init__()
        self.entry = entry
        self.setFocusProxy(entry)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(entry)

    def value(self) -> Any:
        """Return the value; what an empty editor returns is said by each editor."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show `value`."""
        raise NotImplementedError

    def draft(self) -> Draft:
        """Return what was typed, for the draft store."""
        raise NotImplementedError

    def restore(self, draft: Draft) -> None:
        """Show what `draft` returned."""
        raise NotImplementedError

    def problem(self) -> str:
        """Return why what was typed cannot be read, or an empty text."""
        return ""

    def is_empty(self) -> bool:
        """Return whether nothing was entered."""
        return self.value() in (None, "", [], ())

    def mark_invalid(self, invalid: bool) -> None:
        """Show the border of an error, or take it away."""
        put(self.entry, invalid=invalid)

    def set_names(self, name: str, description: str) -> None:
        """Give the input the name and description a screen reader says."""
        self.entry.setAccessibleName(name)
        self.entry.setAccessibleDescription(description)
