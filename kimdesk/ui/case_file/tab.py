"""What the tabs of the case file share."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from kimdesk.domain.vocabulary import Phase
from kimdesk.i18n import _
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry
from kimdesk.ui.design import Space, theme
from kimdesk.ui.widgets import Scroll

_SIDE_BY_SIDE_FROM = 720
_LARGE_FROM = 1.4


def is_large() -> bool:
    """Return whether the text is so large that what stands side by side goes one below the other."""
    return theme().text_scale >= _LARGE_FROM


class CaseTab(QWidget):
    """A tab: shows the file, saves what was typed in it."""

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__()
        self.desk = desk
        self.entries: list[Entry] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.M)

    def show_file(self) -> None:
        """Show `desk.file`; forms in which something is being typed keep it."""

    def open_phase(self, phase: Phase) -> None:
        """Bring the part for `phase` into view."""

    def save(self, done: Callable[[], object] | None = None) -> None:
        """Save every form of this tab that holds a draft, one after the other; then call `done`."""
        waiting = [entry for entry in self.entries if entry.is_draft]
        if not waiting:
            if done is not None:
                done()
            else:
                self.desk.messages.info(_("Hier ist alles gespeichert."))
            return
        self._save_next(waiting, done)

    def _save_next(self, waiting: list[Entry], done: Callable[[], object] | None) -> None:
        first, *rest = waiting
        if rest:
            first.save(lambda: self._save_next(rest, done))
        else:
            first.save(done)


class FormPane(QWidget):
    """Forms of which one is shown: it scrolls, its foot with draft mark and save button stays in sight."""

    def __init__(self, *above: QWidget) -> None:
        super().__init__()
        self._forms: dict[str, tuple[QWidget, QWidget]] = {}
        self._cards = Stacked()
        self._scroll = Scroll(self._cards)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        for widget in above:
            self._column.addWidget(widget)
        self._column.addWidget(self._scroll, 1)

    def add(self, name: str, card: QWidget, foot: QWidget) -> None:
        """Add a form; the first is shown."""
        self._forms[name] = (card, foot)
        self._cards.column.insertWidget(len(self._forms) - 1, card)
        self._column.addWidget(foot)
        self.show_form(next(iter(self._forms)))

    def show_form(self, name: str) -> None:
        """Show one of the forms."""
        for known, (card, foot) in self._forms.items():
            card.setVisible(known == name)
            foot.setVisible(known == name)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(240), theme().px(200))


class TwoPanes(QWidget):
    """A list and its form side by side; one below the other where there is no room."""

    def __init__(self, left: QWidget, right: FormPane, *, shares: tuple[int, int] = (1, 1)) -> None:
        super().__init__()
        self._panes: tuple[QWidget, QWidget] = (Scroll(left), right)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(Space.L)
        for pane, share in zip(self._panes, shares, strict=True):
            self._line.addWidget(pane, share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = event.size().width() >= theme().px(_SIDE_BY_SIDE_FROM)
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(240), theme().px(200))


class Stacked(QWidget):
    """A plain column of widgets with room at its foot."""

    def __init__(self, *widgets: QWidget, space: int = Space.M) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, Space.S)
        self.column.setSpacing(space)
        for widget in widgets:
            self.column.addWidget(widget)
        self.column.addStretch(1)
