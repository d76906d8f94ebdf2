"""The search over everything: type, arrow down, Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kimdesk.i18n import _, ngettext
from kimdesk.ui.design import Icon, Space, icon, theme
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.widgets.base import announce, describe, put
from kimdesk.ui.widgets.text import IconMark, Text

_PAUSE_MILLISECONDS = 120
_LONGEST_LIST = 9


@dataclass(frozen=True)
class SearchHit:
    """One answer: what it is called, what kind of thing it is, and the page that shows it."""

    title: str
    detail: str
    page_id: str
    argument: object = None
    symbol: Icon = Icon.CASE


class _HitRow(QWidget):
    def __init__(self, hit: SearchHit) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.S, 0, Space.S, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(IconMark(hit.symbol))
        layout.addWidget(Text(hit.title, "strong", elide=True), 3)
        layout.addWidget(Text(hit.detail, "meta", elide=True), 2)


class SearchBox(QLineEdit):
    """A line that asks `search` in the worker after each pause and lists the answers below. `chosen(SearchHit)`."""

    chosen = Signal(object)

    def __init__(self, search: Callable[[str], Sequence[SearchHit]], jobs: Jobs) -> None:
        super().__init__()
        self._search, self._jobs = search, jobs
        self._hits: list[SearchHit] = []
        put(self, role="search")
        self.setPlaceholderText(_("Suchen in Fällen, Personen, Angeboten …"))
        self.setClearButtonEnabled(True)
        self.setToolTip(_("Suchen (Strg+K)"))
        describe(self, _("Suchen in Fällen, Personen und Angeboten"), _("Pfeil nach unten führt zu den Treffern."))
        picture = icon(Icon.SEARCH)
        if not picture.isNull():
            self.addAction(picture, QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._ask)
        self.textEdited.connect(self._typed)
        self._popup = QFrame()
        put(self._popup, role="popup")
        self.list = QListWidget()
        put(self.list, role="plain")
        describe(self.list, _("Treffer"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(self._open)
        self.list.itemClicked.connect(self._open)
        self.list.installEventFilter(self)
        self._nothing = Text(_("Nichts gefunden. Versuchen Sie ein anderes Wort oder den Anfang des Namens."), "muted")
        layout = QVBoxLayout(self._popup)
        layout.setContentsMargins(Space.XS, Space.XS, Space.XS, Space.XS)
        layout.addWidget(self.list)
        layout.addWidget(self._nothing)
        self._popup.hide()

    def _typed(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self.close_list()

    def _ask(self) -> None:
        text = self.text().strip()
        if text:
            self._jobs.read(lambda: tuple(self._search(text)), self._show, owner=self, latest="search")

    def _show(self, hits: tuple[SearchHit, ...]) -> None:
        if not self.text().strip():
            return
        self._hits = list(hits[:30])
        self.list.clear()
        height = theme().px(34)
        for hit in self._hits:
            item = QListWidgetItem()
            item.setSizeHint(QSize(0, height))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.title}, {hit.detail}")
            self.list.addItem(item)
            self.list.setItemWidget(item, _HitRow(hit))
        self.list.setVisible(bool(self._hits))
        self._nothing.setVisible(not self._hits)
        self._place(max(1, min(len(self._hits), _LONGEST_LIST)) * height + 2 * Space.XS + 2)
        self.list.doItemsLayout()  # the rows were set before the list had its width
        found = ngettext("{n} Treffer", "{n} Treffer", len(self._hits)).format(n=len(self._hits))
        announce(self, found if self._hits else self._nothing.text())

    def _place(self, height: int) -> None:
        window = self.window()
        self._popup.setParent(window)
        self._popup.move(self.mapTo(window, QPoint(0, self.height() + 2)))
        self._popup.resize(max(self.width(), theme().px(480)), height)
        self._popup.show()
        self._popup.raise_()

    def close_list(self) -> None:
        """Take the list of answers away."""
        self._popup.hide()

    def hits(self) -> Sequence[SearchHit]:
        """Return the answers listed."""
        return tuple(self._hits)

    def _open(self, item: QListWidgetItem) -> None:
        hit = self._hits[self.list.row(item)]
        self.close_list()
        self.clear()
        self.chosen.emit(hit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        listed = self._popup.isVisible() and self.list.count() > 0
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
            self.clear()
        elif event.key() == Qt.Key.Key_Down and listed:
            self.list.setFocus()
            self.list.setCurrentRow(0)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and listed:
            self._open(self.list.item(0))
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            back = event.key() == Qt.Key.Key_Up and self.list.currentRow() == 0
            if event.key() == Qt.Key.Key_Escape or back:
                if not back:
                    self.close_list()
                self.setFocus()
                return True
        if watched is self.list and event.type() is QEvent.Type.FocusOut and not self.hasFocus():
            self.close_list()
        return super().eventFilter(watched, event)
