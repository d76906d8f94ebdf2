"""An alarm in three parts: what it is, what it means, what to do."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.widgets import IconMark, Text, announce, column, describe, put


class Words(Protocol):
    """Message ids and what is filled into them, as `kimdesk.services.vault` gives them."""

    @property
    def title(self) -> str: ...
    @property
    def meaning(self) -> str: ...
    @property
    def todo(self) -> str: ...
    @property
    def parameters(self) -> dict[str, object]: ...


class AlarmPanel(QFrame):
    """Shows one alarm in its meaning's colours. What is to be pressed comes below, by `add_below`."""

    def __init__(self, meaning: Meaning = Meaning.DANGER) -> None:
        super().__init__()
        put(self, role="banner", meaning=meaning.value)
        symbol = Icon.DANGER if meaning is Meaning.DANGER else Icon.ATTENTION
        self.title = Text("", "section", wrap=True)
        self.meaning = Text("", wrap=True)
        self.todo = Text("", "strong", wrap=True)
        for label in (self.title, self.meaning, self.todo):
            put(label, inside=meaning.value)
        self._words = column(self.title, self.meaning, self.todo, space=Space.XS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        layout.setSpacing(Space.M)
        layout.addWidget(IconMark(symbol, meaning.value, 24), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self._words, 1)

    def show_alarm(self, alarm: Words) -> None:
        """Show `alarm` and have it read out."""
        self.title.setText(_(alarm.title).format(**alarm.parameters))
        self.meaning.setText(_(alarm.meaning).format(**alarm.parameters))
        self.todo.setText(_("Was zu tun ist: {todo}").format(todo=_(alarm.todo).format(**alarm.parameters)))
        describe(self, self.title.text(), f"{self.meaning.text()} {self.todo.text()}")
        announce(self, self.title.text(), urgent=True)

    def add_below(self, layout: QLayout) -> None:
        """Put buttons below the words."""
        self._words.addLayout(layout)
