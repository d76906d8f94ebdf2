"""The parts a screen is made of: page header, section card, empty state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from kimdesk.ui.design import Icon, Space, theme
from kimdesk.ui.widgets.base import column, describe, put, row
from kimdesk.ui.widgets.buttons import Button, IconButton
from kimdesk.ui.widgets.text import IconMark, Text


class PageHeader(QWidget):
    """Title, subtitle and the page's actions; with `back` an arrow that leads where the user came from."""

    def __init__(
        self,
        title: str,
        subtitle: str = "",
        *,
        actions: tuple[QWidget, ...] = (),
        back: Callable[[], object] | None = None,
        back_word: str = "",
    ) -> None:
        super().__init__()
        self.title = Text(title, "title", elide=True)
        self.subtitle = Text(subtitle, "muted", wrap=False, elide=True)
        if not subtitle:  # showing what has no parent yet would open a window of its own for a moment
            self.subtitle.hide()
        words = column(self.title, self.subtitle, space=2)
        self.action_row = row(*actions)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        if back is not None:
            layout.addWidget(IconButton(Icon.BACK, back_word, back), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addLayout(self.action_row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        describe(self, title, subtitle)

    def set_title(self, title: str, subtitle: str | None = None) -> None:
        """Change title and, if given, subtitle."""
        self.title.setText(title)
        if subtitle is not None:
            self.subtitle.setText(subtitle)
            self.subtitle.setVisible(bool(subtitle))
        describe(self, title, self.subtitle.text())

    def add_action(self, widget: QWidget) -> None:
        """Add an action at the right end."""
        self.action_row.addWidget(widget)


class SectionCard(QFrame):
    """A white card with an optional heading, a note beside it and actions at its right; content goes into `body`."""

    def __init__(
        self, title: str = "", *, note: str = "", actions: tuple[QWidget, ...] = (), content: QWidget | None = None
    ) -> None:
        super().__init__()
        put(self, role="card")
        describe(self, title, note)
        self.title = Text(title, "section", elide=True)  # a long name must not push the content out of the card
        self.note = Text(note, "meta", elide=True)
        if not note:
            self.note.hide()
        self.body = column(space=Space.M)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.L)
        layout.setSpacing(Space.M)
        self.head = row(self.title, self.note, None, *actions)
        if title or actions:
            layout.addLayout(self.head)
        layout.addLayout(self.body, 1)
        if content is not None:
            self.body.addWidget(content)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Add content below what is there."""
        if isinstance(item, QWidget):
            self.body.addWidget(item, stretch)
        else:
            self.body.addLayout(item, stretch)

    def set_note(self, text: str) -> None:
        """Change the note beside the heading."""
        self.note.setText(text)
        self.note.setVisible(bool(text))


class EmptyState(QWidget):
    """Says kindly what a place is for while nothing is there, and offers the first step; `more` stands below it."""

    def __init__(
        self,
        symbol: Icon,
        title: str,
        sentence: str,
        *,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        compact: bool = False,
        more: tuple[QWidget, ...] = (),
    ) -> None:
        super().__init__()
        describe(self, title, sentence)
        self.title = Text(title, "strong" if compact else "section", wrap=True)
        self.sentence = Text(sentence, "muted", wrap=True)
        self.button = Button(action, "plain" if compact else "primary", on_click=on_action) if action else None
        mark = IconMark(symbol, "faint", 24 if compact else 40)
        inner = QWidget()
        inner.setMaximumWidth(theme().px(440))
        words = QVBoxLayout(inner)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(Space.S)
        words.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        for text in (self.title, self.sentence):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            words.addWidget(text)
        if self.button is not None:
            words.addSpacing(Space.XS)
            words.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        if more:
            words.addLayout(row(None, *more, None))
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inner, 100)
        across.addStretch(1)
        layout = QVBoxLayout(self)
        edge = Space.M if compact else Space.XXL
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.addStretch(1)
        layout.addLayout(across)
        layout.addStretch(1)


class Scroll(QScrollArea):
    """Scrolls its content up and down only; for the inside of a page, never around the frame."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        put(content, role="page")
        self.setWidget(content)
        put(self, role="page")
