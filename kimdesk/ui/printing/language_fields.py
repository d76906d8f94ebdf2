"""The same fields once per language of the handout; what was typed for a language stays while another is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.documents.languages import HANDOUT_LANGUAGES
from kimdesk.i18n import _
from kimdesk.ui.design import Space
from kimdesk.ui.widgets import Field, TextArea, TextField

TextEditor = TextField | TextArea


class LanguageFields(QWidget):
    """One field per language, German first. `word` names it, `make` builds its editor, `help` stands below the last
    one shown."""

    changed = Signal()

    def __init__(self, word: str, make: Callable[[], TextEditor], *, help: str = "") -> None:
        super().__init__()
        self._word, self._help = word, help
        self.fields: dict[str, Field[TextEditor]] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        # All of them at once, so that the Tab key follows the order on the screen.
        for code, language in HANDOUT_LANGUAGES.items():
            editor = make()
            if language.right_to_left:
                editor.entry.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            field: Field[TextEditor] = Field(word, editor)
            field.hide()
            editor.changed.connect(self.changed)
            layout.addWidget(field)
            self.fields[code] = field

    def show_languages(self, codes: Sequence[str]) -> None:
        """Show the fields of `codes` and hide the others."""
        shown = [code for code in self.fields if code in codes]
        for code, field in self.fields.items():
            field.setVisible(code in shown)
            several = _("{field} auf {language}").format(field=self._word, language=_(HANDOUT_LANGUAGES[code].name))
            field.set_label(several if len(shown) > 1 else self._word)
            field.set_help(self._help if shown and code == shown[-1] else "")

    def values(self) -> dict[str, str]:
        """Return what was typed by language, also for languages not shown now."""
        return {code: text for code, field in self.fields.items() if (text := field.editor.value())}

    def set_values(self, texts: Mapping[str, str]) -> None:
        """Show `texts` by language code; languages not named keep theirs."""
        for code, text in texts.items():
            self.fields[code].editor.set_value(text)
