"""A sentence in its meaning's colours with an icon, and what one can do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.widgets.base import announce, describe, put
from kimdesk.ui.widgets.buttons import Button, IconButton
from kimdesk.ui.widgets.text import IconMark, Text


def meaning_icon(meaning: Meaning) -> Icon:
    """Return the sign of `meaning`."""
    match meaning:
        case Meaning.INFO:
            return Icon.INFO
        case Meaning.GOOD:
            return Icon.GOOD
        case Meaning.ATTENTION:
            return Icon.ATTENTION
        case Meaning.DANGER:
            return Icon.DANGER


def meaning_word(meaning: Meaning) -> str:
    """Return the word of `meaning` for those who do not see the colour."""
    match meaning:
        case Meaning.INFO:
            return _("Hinweis")
        case Meaning.GOOD:
            return _("Erledigt")
        case Meaning.ATTENTION:
            return _("Achtung")
        case Meaning.DANGER:
            return _("Fehler")


class Banner(QFrame):
    """A message that stays. `closed` when the user closes it; `action` is a button in it."""

    closed = Signal()

    def __init__(
        self,
        text: str,
        meaning: Meaning = Meaning.INFO,
        *,
        title: str = "",
        action: str = "",
        on_action: Callable[[], object] | None = None,
        closable: bool = False,
    ) -> None:
        super().__init__()
        put(self, role="banner")
        self._mark = IconMark(meaning_icon(meaning), meaning.value, 20)
        self.title = Text(title, "strong", wrap=True)
        if not title:  # showing what has no parent yet would open a window of its own for a moment
            self.title.hide()
        self.text = Text(text, wrap=True, selectable=True)
        words = QWidget()
        inner = QVBoxLayout(words)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(2)
        inner.addWidget(self.title)
        inner.addWidget(self.text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.S)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(words, 1)
        self.action = Button(action, "quiet", on_click=on_action) if action else None
        if self.action is not None:
            layout.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter)
        if closable:
            layout.addWidget(
                IconButton(Icon.CLOSE, _("Schließen"), self.close_banner), 0, Qt.AlignmentFlag.AlignVCenter
            )
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._show_meaning(meaning)

    def _show_meaning(self, meaning: Meaning) -> None:
        self.meaning = meaning
        put(self, meaning=meaning.value)
        for label in (self.text, self.title):
            put(label, inside=meaning.value)
        self._mark.show_icon(meaning_icon(meaning), meaning.value)
        describe(self, meaning_word(meaning), ". ".join(part for part in (self.title.text(), self.text.text()) if part))

    def set_text(self, text: str, meaning: Meaning | None = None) -> None:
        """Change the sentence and, if given, its meaning; a screen reader says it."""
        self.text.setText(text)
        self._show_meaning(meaning or self.meaning)
        if text:
            announce(self, text, urgent=self.meaning is Meaning.DANGER)

    def close_banner(self) -> None:
        """Take the banner away and tell so."""
        self.hide()
        self.closed.emit()
