"""The same fields once per language of the handout; what was typed for a language stays while another is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.documents.languages import handout_language
from kimdesk.i18n import _
from kimdesk.ui.design import Space
from kimdesk.ui.widgets import Field, TextArea, TextField

TextEditor = TextField | TextArea


class LanguageFields(QWidget):
    """One field per language. `word` names it, `make` builds its editor, `help` stands below the first one."""

    changed = Signal()

    def __init__(self, word: str, make: Callable[[], TextEditor], *, help: str = "") -> None:
        super().__init__()
        self._word, self._make, self._help = word, make, help
        self.fields: dict[str, Field[TextEditor]] = {}
        self._shown: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)

    def show_languages(self, codes: Sequence[str]) -> None:
        """Show the fields of `codes` in this order and hide the others."""
        self._shown = tuple(codes)
        for field in self.fields.values():
            field.hide()
            self._column.removeWidget(field)
        for place, code in enumerate(codes):
            field = self._field(code)
            field.set_label(self._label(code) if len(codes) > 1 else self._word)
            field.set_help(self._help if place == len(codes) - 1 else "")
            self._column.addWidget(field)
            field.show()

    def _label(self, code: str) -> str:
        return _("{field} auf {language}").format(field=self._word, language=_(handout_language(code).name))

    def _field(self, code: str) -> Field[TextEditor]:
        if code not in self.fields:
            editor = self._make()
            if handout_language(code).right_to_left:
                editor.entry.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            field: Field[TextEditor] = Field(self._word, editor)
            editor.changed.connect(self.changed)
            self.fields[code] = field
        return self.fields[code]

    def values(self) -> dict[str, str]:
        """Return what was typed by language, also for languages not shown now."""
        return {code: text for code, field in self.fields.items() if (text := field.editor.value())}

    def set_values(self, texts: Mapping[str, str]) -> None:
        """Show `texts` by language code."""
        for code, text in texts.items():
            self._field(code).editor.set_value(text)
        self.show_languages(self._shown)
