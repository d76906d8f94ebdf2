"""The fields of a document that can be written by hand; what stays empty comes from the case file, or stays open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.documents.blanks import BRING_ITEMS, Blank, BlankKind, blanks_of
from kimdesk.i18n import _
from kimdesk.services.paper_orders import Filled
from kimdesk.ui.design import Space
from kimdesk.ui.printing.language_fields import LanguageFields
from kimdesk.ui.widgets import CheckField, ChoiceChips, DateField, Editor, Field, TextArea, TextField


class TimeField(TextField):
    """A time as ``14:30``."""

    def value(self) -> str:
        return super().value()

    def moment(self) -> time | None:
        """Return the time typed, None where there is none or it is no time."""
        try:
            hour, minute = (int(part) for part in self.value().replace(".", ":").split(":"))
            return time(hour, minute)
        except ValueError:
            return None

    def problem(self) -> str:
        if self.value() and self.moment() is None:
            return _("Bitte schreiben Sie die Zeit so: 14:30")
        return super().problem()


class BlankFields(QWidget):
    """Shows the blanks of one document at a time; what was typed for another document stays for it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.S)
        self._document = ""
        self._languages: tuple[str, ...] = ("de",)
        self._typed: dict[str, dict[str, Any]] = {}
        self.editors: dict[str, Editor | LanguageFields] = {}

    def show_document(self, document: str) -> None:
        """Show the blanks of `document`."""
        if document == self._document:
            return
        self._keep()
        self._document = document
        while (item := self._layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.editors = {}
        for blank in blanks_of(document):
            self._add(blank)
        for name, value in self._typed.get(document, {}).items():
            self._set(name, value)

    def _add(self, blank: Blank) -> None:
        label = _(blank.label)
        if blank.kind is BlankKind.TEXT:
            fields = LanguageFields(label, lambda: TextArea(lines=2))
            fields.show_languages(self._languages)
            fields.changed.connect(self.changed)
            self.editors[blank.name] = fields
            self._layout.addWidget(fields)
            return
        editor = _editor(blank)
        editor.changed.connect(self.changed)
        self.editors[blank.name] = editor
        shown: QWidget = editor if blank.kind is BlankKind.TICK else Field(label, editor)
        self._layout.addWidget(shown)

    def show_languages(self, codes: Sequence[str]) -> None:
        """Show the fields of the languages on the page."""
        self._languages = tuple(codes)
        for editor in self.editors.values():
            if isinstance(editor, LanguageFields):
                editor.show_languages(codes)

    def filled(self, languages: Sequence[str]) -> dict[str, Filled]:
        """Return what was written, by the name of the blank; texts only in `languages`."""
        found: dict[str, Filled] = {}
        for name, editor in self.editors.items():
            match editor:
                case LanguageFields():
                    texts = {code: text for code, text in editor.values().items() if code in languages and text.strip()}
                    if texts:
                        found[name] = texts
                case TimeField():
                    if (moment := editor.moment()) is not None:
                        found[name] = moment
                case ChoiceChips():
                    if chosen := editor.values():
                        found[name] = tuple(chosen)
                case _:
                    value = editor.value()
                    if isinstance(value, (str, bool, date)) and value:
                        found[name] = value
        return found

    def clear(self) -> dict[str, dict[str, Any]]:
        """Empty every field of every document; returns what was typed, for `put_back`."""
        self._keep()
        typed, self._typed = self._typed, {}
        for name in self.editors:
            self._set(name, None)
        return {document: values for document, values in typed.items() if values}

    def put_back(self, typed: Mapping[str, Mapping[str, Any]]) -> None:
        """Show again what `clear` or `draft` returned."""
        self._typed = {str(document): dict(values) for document, values in typed.items()}
        for name, value in self._typed.get(self._document, {}).items():
            self._set(name, value)

    def draft(self) -> dict[str, dict[str, Any]]:
        """Return what is typed for every document, fit to be kept."""
        self._keep()
        return {document: values for document, values in self._typed.items() if values}

    def _keep(self) -> None:
        values: dict[str, Any] = {}
        for name, editor in self.editors.items():
            if isinstance(editor, LanguageFields):
                if typed := editor.values():
                    values[name] = typed
            elif not editor.is_empty():
                values[name] = editor.draft()
        if self._document:
            self._typed[self._document] = values

    def _set(self, name: str, value: Any) -> None:
        editor = self.editors.get(name)
        if isinstance(editor, LanguageFields):
            texts = value if isinstance(value, Mapping) else dict.fromkeys(editor.values(), "")
            editor.set_values({code: str(text) for code, text in texts.items() if code in editor.fields})
        elif editor is not None and value is None:
            editor.set_value(None)
        elif editor is not None:
            editor.restore(value)


def _editor(blank: Blank) -> Editor:
    match blank.kind:
        case BlankKind.LINES:
            return TextArea(lines=2)
        case BlankKind.DATE:
            return DateField()
        case BlankKind.TIME:
            return TimeField()
        case BlankKind.TICK:
            return CheckField(_(blank.label))
        case BlankKind.ITEMS:
            return ChoiceChips([(token, _(word)) for token, word in BRING_ITEMS.items()], several=True, space=Space.XS)
        case _:
            return TextField()
