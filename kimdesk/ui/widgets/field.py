"""A field of a form: label above, help and error below."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Space
from kimdesk.ui.widgets.base import announce, row
from kimdesk.ui.widgets.editor import Editor
from kimdesk.ui.widgets.text import Text

E = TypeVar("E", bound=Editor)


class Field(QWidget, Generic[E]):
    """Wraps an editor; `editor` keeps its own type, so ``Field(_("Ort"), TextField()).editor.value()`` is a `str`.

    `help` stands below in small type, an error takes its place. `required` marks the field in words.
    """

    def __init__(self, label: str, editor: E, *, help: str = "", required: bool = False) -> None:
        super().__init__()
        self.editor = editor
        self.required = required
        self._label_text = label
        self._help_text = help
        self.label = Text(label, "label")
        self.label.setBuddy(editor.entry)
        self.help = Text(help, "help", wrap=True)
        self.error = Text("", "error", wrap=True)
        self.error.hide()
        if not help:  # showing what has no parent yet would open a window of its own for a moment
            self.help.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        if label:
            head = row(self.label, space=Space.XS)
            if required:
                head.addWidget(Text(_("· Pflichtangabe"), "meta"))
            head.addStretch(1)
            layout.addLayout(head)
        self.grows = editor.entry.sizePolicy().verticalPolicy() is QSizePolicy.Policy.Expanding
        layout.addWidget(editor, 1 if self.grows else 0)
        layout.addWidget(self.help)
        layout.addWidget(self.error)
        if not self.grows:
            layout.addStretch(1)
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setFocusProxy(editor)
        self._name_editor()
        editor.finished.connect(self._left)
        editor.changed.connect(self._changed)

    def _name_editor(self) -> None:
        notes = [self._help_text]
        if self.required:
            notes.insert(0, _("Pflichtangabe"))
        if not self.error.isHidden():
            notes.insert(0, self.error.text())
        self.editor.set_names(self._label_text, ". ".join(note for note in notes if note))

    def set_label(self, text: str) -> None:
        """Change the label."""
        self._label_text = text
        self.label.setText(text)
        self._name_editor()

    def set_help(self, text: str) -> None:
        """Change the help below the editor."""
        self._help_text = text
        self.help.setText(text)
        self.help.setVisible(bool(text) and self.error.isHidden())
        self._name_editor()

    def set_error(self, text: str) -> None:
        """Show `text` as the field's error; an empty text takes it away."""
        if text == self.error.text() and bool(text) != self.error.isHidden():
            return
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.help.setVisible(bool(self._help_text) and not text)
        self.editor.mark_invalid(bool(text))
        self._name_editor()
        if text:
            announce(self.editor.entry, text, urgent=True)

    def check(self) -> bool:
        """Return whether the field can be saved as it stands, and show why not."""
        problem = self.editor.problem()
        if not problem and self.required and self.editor.is_empty():
            problem = _("Bitte füllen Sie dieses Feld aus.")
        self.set_error(problem)
        return not problem

    def _left(self) -> None:
        """On leaving a field, say what cannot be read; a missing entry is only said on saving.

        What was refused on saving stays until it is changed: Enter both saves and leaves a line.
        """
        if problem := self.editor.problem():
            self.set_error(problem)

    def _changed(self) -> None:
        if not self.error.isHidden() and not self.editor.problem():
            self.set_error("")
