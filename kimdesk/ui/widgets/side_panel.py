"""The panel at the right that shows what belongs to the work, and folds."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Space, theme
from kimdesk.ui.widgets.base import describe, put, row
from kimdesk.ui.widgets.buttons import IconButton
from kimdesk.ui.widgets.page_parts import Scroll
from kimdesk.ui.widgets.text import Text


class SidePanel(QFrame):
    """Heading, close button, content that scrolls. Esc or the button folds it; `folded` tells so."""

    folded = Signal()

    def __init__(self, title: str = "", content: QWidget | None = None, *, width: int = 300) -> None:
        super().__init__()
        put(self, role="sidepanel")
        self._content: QWidget | None = None
        self._scroll: Scroll | None = None
        self.title = Text(title, "section", elide=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.L, Space.M, Space.S, Space.S)
        self._column.setSpacing(Space.S)
        self._column.addLayout(row(self.title, IconButton(Icon.CLOSE, _("Schließen"), self.fold)))
        self.setFixedWidth(theme().px(width) if theme().text_scale < 1.5 else round(width * 1.5))
        if content is not None:
            self.show_content(title, content)

    def show_content(self, title: str, content: QWidget) -> None:
        """Replace what is shown; the content belongs to the panel from now on."""
        self.title.setText(title)
        describe(self, title)
        if self._scroll is not None:
            self._column.removeWidget(self._scroll)
            self._scroll.hide()
            self._scroll.deleteLater()
        self._content = content
        self._scroll = Scroll(content)
        self._column.addWidget(self._scroll, 1)

    def content(self) -> QWidget | None:
        """Return what is shown."""
        return self._content

    def fold(self) -> None:
        """Hide the panel and tell so."""
        self.hide()
        self.folded.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.fold()
            return
        super().keyPressEvent(event)
