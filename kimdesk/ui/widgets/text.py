"""Text on the screen: always plain, never markup from data."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from kimdesk.ui.design import Icon, Meaning, Space, icon, theme
from kimdesk.ui.widgets.base import put

_OVERLONG = re.compile(r"[^\s\u200b]{28}(?=[^\s\u200b]{4})")


class Text(QLabel):
    """A label. Roles: body, strong, muted, meta, label, help, error, overline, section, title, figure.

    `wrap` breaks lines, `elide` shortens with "…" and keeps the whole text as tooltip, `selectable` lets the user
    copy it. Line breaks in the text are kept.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        *,
        wrap: bool = False,
        elide: bool = False,
        selectable: bool = False,
        meaning: Meaning | None = None,
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._elide = elide
        self._breaks_words = wrap and not selectable
        self.setWordWrap(wrap)
        if wrap:
            policy = self.sizePolicy()
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        put(self, role=role, meaning=meaning.value if meaning else "")
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show `text`; where it wraps, a very long word (an address, a compound) may break instead of pushing."""
        self._text = text
        super().setText(_OVERLONG.sub("\\g<0>\u200b", text) if self._breaks_words else text)
        if self._elide:
            self.setToolTip(text)

    def text(self) -> str:
        """Return the text as it was given."""
        return self._text

    def set_meaning(self, meaning: Meaning | None) -> None:
        """Colour the text by what it means; the words must say it too."""
        put(self, meaning=meaning.value if meaning else "")

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(self.fontMetrics().averageCharWidth() * 4, hint.height()) if self._elide else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._elide:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        rect = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width())
        self.style().drawItemText(
            painter, rect, self.alignment(), self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )


class Badge(Text):
    """A short word in a small box: a state, a count, a language. `meaning` colours it; the word says it."""

    def __init__(self, text: str, meaning: Meaning | None = None) -> None:
        super().__init__(text, "badge", meaning=meaning)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


class KeyHint(Text):
    """The keys of a shortcut, small, such as "Strg+K"."""

    def __init__(self, keys: str) -> None:
        super().__init__(keys, "key")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


class IconMark(QLabel):
    """A bare icon of `size` pixels (at 100 % text); beside words only, so a screen reader passes over it."""

    def __init__(self, name: Icon, tone: str = "muted", size: int = 18) -> None:
        super().__init__()
        self._size = size
        self.show_icon(name, tone)

    def show_icon(self, name: Icon, tone: str = "muted") -> None:
        """Show `name` in `tone` (a colour token or a meaning)."""
        self._icon = icon(name, tone)
        side = theme().px(self._size)
        if self._icon.isNull():
            self.hide()
        self.setFixedSize(side, side)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())


class IconLabel(QWidget):
    """An icon with its word."""

    def __init__(self, name: Icon, text: str, *, tone: str = "muted", role: str = "body", wrap: bool = False) -> None:
        super().__init__()
        self.mark = IconMark(name, tone)
        self.text = Text(text, role, wrap=wrap)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.text, 1)

    def set_text(self, text: str) -> None:
        """Change the word."""
        self.text.setText(text)
