"""The editor of a passphrase: hidden unless shown, with a hint when the caps lock is on."""

from __future__ import annotations

import ctypes
import sys

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, icon
from kimdesk.ui.widgets.base import announce
from kimdesk.ui.widgets.editor import Draft, Editor

_CAPITAL_KEY = 0x14
_LONGEST = 1024


def caps_lock_state() -> bool | None:
    """Return whether the caps lock is on, None where the system does not say (all but Windows)."""
    if sys.platform == "win32":
        return bool(ctypes.windll.user32.GetKeyState(_CAPITAL_KEY) & 1)
    return None


def caps_lock_guess(text: str, shift: bool) -> bool | None:
    """Return whether a typed letter shows that the caps lock is on, None if it shows nothing."""
    if len(text) != 1 or not text.isalpha() or text.upper() == text.lower():
        return None
    return text.isupper() != shift


class PassphraseField(Editor):
    """The value is the text exactly as typed. It is never part of a draft."""

    caps_lock_changed = Signal(bool)

    def __init__(self, placeholder: str = "") -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self._caps_lock = False
        self.line.setProperty("role", "passphrase")
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setPlaceholderText(placeholder)
        self.line.setMaxLength(_LONGEST)
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.line.textChanged.connect(lambda _text: self.changed.emit())
        self.line.returnPressed.connect(self.finished)
        self.line.installEventFilter(self)
        self._toggle = QAction(self.line)
        self._toggle.triggered.connect(lambda: self.show_text(not self.is_shown()))
        self.line.addAction(self._toggle, QLineEdit.ActionPosition.TrailingPosition)
        self.show_text(False)

    def show_text(self, shown: bool) -> None:
        """Show or hide what was typed."""
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._toggle.setIcon(icon(Icon.HIDE if shown else Icon.SHOW))
        self._toggle.setText(_("Passphrase verbergen") if shown else _("Passphrase anzeigen"))
        self._toggle.setToolTip(self._toggle.text())

    def is_shown(self) -> bool:
        """Return whether the passphrase can be read."""
        return self.line.echoMode() is QLineEdit.EchoMode.Normal

    def value(self) -> str:
        return self.line.text()

    def set_value(self, value: str | None) -> None:
        self.line.setText(value or "")

    def draft(self) -> Draft:
        return None

    def restore(self, draft: Draft) -> None:
        """Nothing to restore: a passphrase is never kept."""

    def clear(self) -> None:
        """Empty the field and hide the text again."""
        self.line.clear()
        self.show_text(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if event.key() == Qt.Key.Key_CapsLock:
                self._set_caps_lock(False)  # what follows shows how it stands now
            else:
                state = caps_lock_state()
                self._set_caps_lock(state if state is not None else caps_lock_guess(event.text(), shift))
        return super().eventFilter(watched, event)

    def _set_caps_lock(self, on: bool | None) -> None:
        if on is None or on == self._caps_lock:
            return
        self._caps_lock = on
        self.caps_lock_changed.emit(on)
        if on:
            announce(self.line, _("Die Feststelltaste ist an."), urgent=True)
