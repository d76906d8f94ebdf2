"""The editor of a time of day."""

from __future__ import annotations

import re
from datetime import time

from PySide6.QtWidgets import QLineEdit

from kimdesk.i18n import _
from kimdesk.ui.widgets.editor import Draft, Editor

_TIME = re.compile(r"(\d{1,2})(?:\s*[:.,h]?\s*(\d{2}))?(?:\s*uhr)?", re.IGNORECASE)


class TimeField(Editor):
    """A time typed as 9, 9:30, 0930 or 9.30 Uhr; the value is a `time` or None."""

    def __init__(self) -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self.line.setPlaceholderText(_("HH:MM"))
        self.line.setMaxLength(12)
        self.line.textChanged.connect(lambda _text: self.changed.emit())
        self.line.editingFinished.connect(self._normalise)

    def value(self) -> time | None:
        match = _TIME.fullmatch(self.line.text().strip())
        if match is None:
            return None
        hour, minute = int(match[1]), int(match[2] or 0)
        return time(hour, minute) if hour < 24 and minute < 60 else None

    def set_value(self, value: time | None) -> None:
        self.line.setText("" if value is None else f"{value:%H:%M}")

    def is_empty(self) -> bool:
        return not self.line.text().strip()

    def problem(self) -> str:
        if self.is_empty() or self.value() is not None:
            return ""
        return _("Bitte schreiben Sie die Uhrzeit so: 14:30")

    def draft(self) -> Draft:
        return self.line.text()

    def restore(self, draft: Draft) -> None:
        self.line.setText(str(draft or ""))

    def _normalise(self) -> None:
        read = self.value()
        if read is not None:
            self.set_value(read)
        self.finished.emit()
