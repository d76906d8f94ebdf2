"""A record in a list beside its form: a heading, some lines, what it means, a draft mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Meaning, Space
from kimdesk.ui.widgets import Badge, Text, describe, put, row

Line = tuple[str, Meaning | None]


class RecordCard(QFrame):
    """Opens its record in the form by click, Enter or Space. Empty lines are left out."""

    def __init__(
        self,
        title: str,
        lines: Sequence[Line] = (),
        *,
        badges: Sequence[Line] = (),
        is_draft: bool = False,
        selected: bool = False,
        on_open: Callable[[], object] | None = None,
        actions: Sequence[QWidget] = (),
    ) -> None:
        super().__init__()
        self._on_open = on_open
        put(self, role="card", clickable=on_open is not None, selected=selected)
        shown = [(text, meaning) for text, meaning in lines if text]
        words = [*(text for text, _meaning in badges), *(text for text, _meaning in shown)]
        describe(self, title, ". ".join([*words, *([_("Entwurf")] if is_draft else [])]))
        if on_open is not None:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        head = row(space=Space.S)
        head.addWidget(Text(title, "strong", wrap=True), 1)
        for text, meaning in badges:
            head.addWidget(Badge(text, meaning), 0, Qt.AlignmentFlag.AlignTop)
        if is_draft:
            head.addWidget(Badge(_("Entwurf"), Meaning.INFO), 0, Qt.AlignmentFlag.AlignTop)
        for action in actions:
            head.addWidget(action, 0, Qt.AlignmentFlag.AlignTop)
        self.inner = QVBoxLayout(self)
        self.inner.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        self.inner.setSpacing(2)
        self.inner.addLayout(head)
        for text, meaning in shown:
            self.inner.addWidget(Text(text, "meta", wrap=True, meaning=meaning))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._on_open and event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self._on_open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if self._on_open and pressed and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._on_open()
            return
        super().keyPressEvent(event)
