"""Names of countries and languages as CLDR writes them, completed while typing; other names stay as typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QListView

from kimdesk.i18n.formats import locale_for
from kimdesk.ui.widgets import TextField

_OFTEN_SPOKEN = (
    *("uk", "ar", "fa", "fa_AF", "ku", "ckb", "tr", "ro", "bg", "ru", "ti", "sq", "en", "fr", "pl", "ps"),
    *("so", "am", "sr", "bs", "hr", "mk", "rom", "ur", "hy", "ka", "az", "es", "it", "pt", "el", "vi", "zh", "de"),
)
_OFTEN_HELD = (
    *("SY", "UA", "AF", "IQ", "IR", "TR", "ER", "SO", "NG", "GN", "RO", "BG", "PL", "RS", "MK", "AL", "XK", "BA"),
    *("GE", "AM", "AZ", "RU", "LB", "PS", "MA", "DZ", "TN", "EG", "ET", "GH", "PK", "BD", "LK", "IN", "VN", "DE"),
)
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "UM", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
_MOST_SHOWN = 8


def _sorting(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(sign))


def _with_first(first: Sequence[str], names: dict[str, str]) -> list[str]:
    """Return the names of the codes in `first`, then all others by the alphabet, each once."""
    front = [names[code] for code in first if code in names]
    return list(dict.fromkeys([*front, *sorted(names.values(), key=_sorting)]))


def language_list() -> list[str]:
    """Return the names of languages, those often spoken in consultations first."""
    return _with_first(_OFTEN_SPOKEN, {str(code): str(name) for code, name in locale_for().languages.items()})


def country_list() -> list[str]:
    """Return the names of countries, those often heard in consultations first."""
    names = {
        str(code): str(name)
        for code, name in locale_for().territories.items()
        if len(str(code)) == 2 and str(code) not in _NO_COUNTRIES
    }
    return _with_first(_OFTEN_HELD, names)


class _Completer(QCompleter):
    """Completes the name the cursor is in; with `several` that is the part after the last comma."""

    def __init__(self, names: Sequence[str], line: QLineEdit, *, several: bool) -> None:
        super().__init__(list(names), line)
        self._line, self._several = line, several
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchStartsWith)
        self.setMaxVisibleItems(_MOST_SHOWN)
        line.setCompleter(self)
        self.list = QListView()
        self.setPopup(self.list)
        self.list.installEventFilter(self)  # after the completer's own filter, so that this one is asked first

    def splitPath(self, path: str) -> list[str]:
        return [path.rpartition(",")[2].strip() if self._several else path.strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """Return what the line is to hold once the name at `index` is taken."""
        name = str(index.data())
        before, comma, _last = self._line.text().rpartition(",")
        return f"{before}{comma} {name}" if self._several and comma else name

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab and Enter take the first name where none was picked with the arrow keys; Esc keeps what was typed."""
        if watched is not self.list or not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            chosen = self.list.currentIndex()
            self._line.setText(self.pathFromIndex(chosen if chosen.isValid() else self.completionModel().index(0, 0)))
            self.list.hide()
            if event.key() == Qt.Key.Key_Tab:
                QApplication.sendEvent(self._line, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, event.modifiers()))
            return True
        return super().eventFilter(watched, event)


class NameField(TextField):
    """A line of text that completes names from a list; with `several` names stand with commas between."""

    def __init__(self, names: Sequence[str], placeholder: str = "", *, several: bool = False) -> None:
        super().__init__(placeholder)
        self._written = {name.casefold(): name for name in names}
        self._several = several
        self.completer = _Completer(names, self.line, several=several)
        self.line.editingFinished.connect(self._write_as_listed)

    def _write_as_listed(self) -> None:
        """Write known names as the list does, so that "syrien" and "Syrien" do not become two."""
        parts = self.line.text().split(",") if self._several else [self.line.text()]
        written = ", ".join(self._written.get(part.strip().casefold(), part.strip()) for part in parts if part.strip())
        if written != self.line.text().strip():
            self.line.setText(written)
