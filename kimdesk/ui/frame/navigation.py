"""The areas of the program at the left, each a picture with its word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Space, TypeSize, theme
from kimdesk.ui.design.icons import paint_icon
from kimdesk.ui.page import PageFactory
from kimdesk.ui.widgets.base import describe, put


class _Entry(QPushButton):
    """One area: icon over word, a bar at the left when it is the present one."""

    def __init__(self, symbol: Icon, word: str, keys: str) -> None:
        super().__init__()
        self._symbol, self._word = symbol, word
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"{word} ({keys})" if keys else word)
        describe(self, word, _("Bereich öffnen"))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme().font(TypeSize.META, bold=True))
        return QSize(metrics.horizontalAdvance(self._word) + Space.M, theme().px(22) + metrics.height() + Space.L + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        here = self.isChecked()
        ground = self.rect().adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if here or self.underMouse():
            painter.setBrush(now.colour("selection" if here else "hover"))
            painter.drawRoundedRect(ground, 6, 6)
        if here:
            painter.setBrush(now.colour("accent"))
            painter.drawRoundedRect(QRect(1, ground.top() + 8, 3, ground.height() - 16), 1.5, 1.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.colour("focus"), 2))
            painter.drawRoundedRect(ground, 6, 6)
        colour = now.colour("accent_text" if here else "text" if self.underMouse() else "muted")
        side = now.px(22)
        paint_icon(painter, QRect((self.width() - side) // 2, Space.S, side, side), self._symbol, colour)
        painter.setFont(now.font(TypeSize.META, bold=here))
        painter.setPen(colour)
        words = QRect(0, Space.S + side + 2, self.width(), self.height() - side - Space.S - 2)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._word)


class Navigation(QFrame):
    """`chosen(page_id)` when an area is picked; arrows move between the areas."""

    chosen = Signal(str)

    def __init__(self, pages: Sequence[PageFactory]) -> None:
        super().__init__()
        put(self, role="navigation")
        describe(self, _("Bereiche"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XS + 2, Space.S, Space.XS + 2, Space.S)
        layout.setSpacing(Space.XS)
        self.entries: dict[str, _Entry] = {}
        shown = [page for page in pages if page.in_navigation]
        for number, page in enumerate(shown, start=1):
            keys = _("Strg+{number}").format(number=number) if number <= 7 else ""
            entry = _Entry(page.symbol, page.word, keys)
            entry.clicked.connect(lambda _checked=False, page_id=page.page_id: self._picked(page_id))
            self.entries[page.page_id] = entry
        for page in shown:
            if not page.at_foot:
                layout.addWidget(self.entries[page.page_id])
        layout.addStretch(1)
        for page in shown:
            if page.at_foot:
                layout.addWidget(self.entries[page.page_id])
        widest = max((entry.sizeHint().width() for entry in self.entries.values()), default=0)
        self.setFixedWidth(max(widest + 2 * Space.S, theme().px(84)))
        self._here = ""

    def _picked(self, page_id: str) -> None:
        self.show_here(self._here)  # a click toggles; what is shown follows the page, not the click
        self.chosen.emit(page_id)

    def show_here(self, page_id: str) -> None:
        """Mark the area that is in front."""
        self._here = page_id
        for name, entry in self.entries.items():
            entry.setChecked(name == page_id)
            entry.setAccessibleDescription(_("aktueller Bereich") if name == page_id else _("Bereich öffnen"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        entries = list(self.entries.values())
        here = next((place for place, entry in enumerate(entries) if entry.hasFocus()), None)
        if step is None or here is None:
            super().keyPressEvent(event)
            return
        entries[(here + step) % len(entries)].setFocus(Qt.FocusReason.TabFocusReason)
