"""Buttons: one primary per view, plain ones beside it, quiet ones for what is rarely needed, danger with its object."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy

from kimdesk.ui.design import Icon, icon, icon_size, theme
from kimdesk.ui.widgets.base import describe, put

_TONES = {
    "primary": "on_accent",
    "danger": "danger",
    "quiet": "accent_text",
    "link": "accent_text",
    "plain": "muted",
    "icon": "muted",
}


class Button(QPushButton):
    """A button with a word and, if given, an icon before it.

    `kind`: plain, primary, quiet, danger, link. `on_click` is called without arguments.
    """

    def __init__(
        self,
        text: str,
        kind: str = "plain",
        *,
        symbol: Icon | None = None,
        on_click: Callable[[], object] | None = None,
        description: str = "",
        shortcut: str = "",
    ) -> None:
        super().__init__(text.replace("&", "&&"))
        put(self, kind=kind)
        describe(self, text, description)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(kind == "primary")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if symbol is not None:
            self.setIcon(icon(symbol, _TONES.get(kind, "muted")))
            self.setIconSize(icon_size())
        if shortcut:
            self.setShortcut(shortcut)
            self.setToolTip(self.shortcut().toString(self.shortcut().SequenceFormat.NativeText))
        if on_click is not None:
            self.clicked.connect(lambda: on_click())

    def set_busy(self, busy: bool) -> None:
        """Switch the button off while what it started is running."""
        self.setEnabled(not busy)


class IconButton(QPushButton):
    """A small button with an icon only; its word is the tooltip and the accessible name."""

    def __init__(
        self, symbol: Icon, word: str, on_click: Callable[[], object] | None = None, *, tone: str = "muted"
    ) -> None:
        super().__init__()
        put(self, kind="icon")
        describe(self, word)
        self.setToolTip(word)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.show_icon(symbol, tone)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())

    def show_icon(self, symbol: Icon, tone: str = "muted") -> None:
        """Show another icon; without an icon font the word stands in the button."""
        picture = icon(symbol, tone)
        if picture.isNull():
            self.setText(self.toolTip())
            return
        self.setIcon(picture)
        side = theme().px(16)
        self.setIconSize(QSize(side, side))


class MenuButton(Button):
    """A button that opens a menu of further actions; fill it with `add`."""

    def __init__(self, text: str, kind: str = "plain", *, symbol: Icon | None = Icon.DOWN) -> None:
        super().__init__(text, kind, symbol=symbol)
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def add(self, text: str, on_click: Callable[[], object], symbol: Icon | None = None) -> None:
        """Add an action."""
        action = self._menu.addAction(text.replace("&", "&&"))
        if symbol is not None:
            action.setIcon(icon(symbol))
        action.triggered.connect(lambda: on_click())
