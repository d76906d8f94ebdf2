"""What a screen of the main window is: a page with an id, a title and a manual page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.ui.design import Icon, Space
from kimdesk.ui.widgets.base import put


class Page(QWidget):
    """Base of the screens. Build the widgets in ``__init__`` into `self.body`; read data in `activate`.

    Signals: `navigate(page_id, argument)` asks the frame to go elsewhere; `show_context(title, widget)` puts a widget
    into the panel at the right (None folds it); `draft_changed` tells that `draft` would return something new.
    """

    navigate = Signal(str, object)
    show_context = Signal(str, object)
    draft_changed = Signal()

    page_id: ClassVar[str] = ""
    manual_page: ClassVar[str] = "index"

    def __init__(self) -> None:
        super().__init__()
        put(self, role="page")
        # So that the frame can put the focus on the page itself: the first Tab then leads to its first field.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        self.body.setSpacing(Space.M)

    @property
    def title(self) -> str:
        """The page's title for window and history; never personal data."""
        return ""

    def help_page(self) -> str:
        """Return the page of the manual F1 opens."""
        return self.manual_page

    def activate(self, argument: object = None) -> None:
        """Called each time the page comes to the front, with what the caller wants shown (a case id …)."""

    def leave(self) -> None:
        """Called when another page comes to the front. Never asks: what was typed is kept as a draft."""

    def refresh(self, areas: frozenset[str]) -> None:
        """Called after a write, while the page is in front, with the areas touched: read again what they concern."""

    def save(self) -> None:
        """Ctrl+S."""

    def print_out(self) -> None:
        """Ctrl+P."""

    def focus_filter(self) -> None:
        """Ctrl+F."""

    def finish_step(self) -> None:
        """Ctrl+Enter."""

    def step_phase(self, direction: int) -> None:
        """Alt+Left (-1) and Alt+Right (+1)."""

    def draft(self) -> Mapping[str, object] | None:
        """Return what was typed and not saved, fit for JSON, or None; it is stored encrypted at the lock."""
        return None

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what `draft` returned before the lock."""


@dataclass(frozen=True)
class PageFactory:
    """A page the frame can build when it is first wanted. `word` is its word in the navigation."""

    page_id: str
    word: str
    symbol: Icon
    build: Callable[[], Page]
    in_navigation: bool = True
    at_foot: bool = False
    area_of: str = ""
    """The page whose navigation entry is marked while this one is in front (a case file belongs to the cases)."""
