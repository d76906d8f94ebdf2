"""Editors of text: one line, several lines, a whole number."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, icon
from kimdesk.ui.widgets.editor import Draft, Editor


class TextField(Editor):
    """One line of text; the value is the text without spaces at its ends, empty if there is none."""

    def __init__(
        self, placeholder: str = "", *, symbol: Icon | None = None, role: str = "", longest: int = 500
    ) -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self.line.setPlaceholderText(placeholder)
        self.line.setMaxLength(longest)
        if role:
            self.line.setProperty("role", role)
        if symbol is not None and not (picture := icon(symbol)).isNull():
            self.line.addAction(picture, QLineEdit.ActionPosition.LeadingPosition)
        self.line.textChanged.connect(lambda _text: self.changed.emit())
        self.line.editingFinished.connect(self.finished)
        self.line.editingFinished.connect(self._show_beginning)

    def _show_beginning(self) -> None:
        """Once the focus is elsewhere, show how a text begins that is longer than the line."""
        if not self.line.hasFocus():
            self.line.setCursorPosition(0)

    def value(self) -> str:
        return self.line.text().strip()

    def set_value(self, value: str | None) -> None:
        self.line.setText(value or "")
        self.line.setCursorPosition(0)

    def draft(self) -> Draft:
        return self.line.text()

    def restore(self, draft: Draft) -> None:
        self.line.setText(str(draft or ""))


class _Area(QPlainTextEdit):
    """Plain text whose Tab key leaves the field, as in every other field, and which can grow with its text."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()  # finishes the step, which is the form's matter
            return
        super().keyPressEvent(event)

    def _height(self, lines: int) -> int:
        return self.fontMetrics().lineSpacing() * lines + 18

    def sizeHint(self) -> QSize:
        return QSize(240, self._height(self._lines))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._height(min(self._lines, 2)))


class TextArea(Editor):
    """Several lines of plain text; `lines` is the height it asks for. Tab moves on, Ctrl+Enter is the form's."""

    def __init__(self, placeholder: str = "", *, lines: int = 3) -> None:
        self.area = _Area(lines)
        super().__init__(self.area)
        self.area.setPlaceholderText(placeholder)
        self.area.textChanged.connect(self.changed)

    def value(self) -> str:
        return self.area.toPlainText().strip()

    def set_value(self, value: str | None) -> None:
        self.area.setPlainText(value or "")

    def draft(self) -> Draft:
        return self.area.toPlainText()

    def restore(self, draft: Draft) -> None:
        self.area.setPlainText(str(draft or ""))


class NumberField(Editor):
    """A whole number; the value is None if nothing was entered or it cannot be read."""

    def __init__(self, *, smallest: int = 0, largest: int = 999_999, placeholder: str = "") -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self._smallest, self._largest = smallest, largest
        self.line.setPlaceholderText(placeholder)
        self.line.setMaxLength(12)
        self.line.textChanged.connect(lambda _text: self.changed.emit())
        self.line.editingFinished.connect(self.finished)

    def _read(self) -> int | None:
        text = self.line.text().strip().replace(" ", "").replace(".", "")
        try:
            number = int(text)
        except ValueError:
            return None
        return number if self._smallest <= number <= self._largest else None

    def value(self) -> int | None:
        return self._read()

    def set_value(self, value: int | None) -> None:
        self.line.setText("" if value is None else str(value))

    def is_empty(self) -> bool:
        return not self.line.text().strip()

    def problem(self) -> str:
        if self.is_empty() or self._read() is not None:
            return ""
        return _("Bitte geben Sie eine ganze Zahl von {smallest} bis {largest} ein.").format(
            smallest=self._smallest, largest=self._largest
        )

    def draft(self) -> Draft:
        return self.line.text()

    def restore(self, draft: Draft) -> None:
        self.line.setText(str(draft or ""))
