"""What every section of the settings shares."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from kimdesk.ui.design import Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages


class Section(QWidget):
    """One entry of the list at the left. Build into `body`; read in `load`, which is called each time it is shown.

    `areas` are those after whose change it is read again.
    """

    areas: frozenset[str] = frozenset({"settings"})
    draft_changed = Signal()

    def __init__(self, jobs: Jobs, messages: Messages) -> None:
        super().__init__()
        self.jobs, self.messages = jobs, messages
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(Space.M)

    def load(self) -> None:
        """Read what the section shows."""

    def save(self) -> None:
        """Ctrl+S."""

    def focus_filter(self) -> None:
        """Ctrl+F."""

    def draft(self) -> Mapping[str, object] | None:
        """Return what was typed and not saved, None for nothing."""
        return None

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what `draft` returned."""


def reveal(widget: QWidget) -> None:
    """Scroll the section so that `widget` can be seen whole, once the layout has given it its place."""
    QTimer.singleShot(0, widget, lambda: _scroll_to(widget))


def _scroll_to(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if isinstance(above, QScrollArea):
        above.ensureWidgetVisible(widget, 0, widget.height())
        above.ensureWidgetVisible(widget, 0, 0)
