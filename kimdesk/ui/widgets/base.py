"""What every widget of the house shares: looks by property, accessible names, plain layouts."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from kimdesk.ui.design import Space, theme


def put(widget: QWidget, **properties: object) -> None:
    """Set style properties (`role`, `kind`, `meaning` …) and let the style sheet look again."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def describe(widget: QWidget, name: str, description: str = "") -> None:
    """Give `widget` the name a screen reader says, and what it is for."""
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(description)


def size_within_screen(window: QWidget, width: int, height: int) -> None:
    """Give `window` its size (pixels at 100 % text), less where the screen is smaller."""
    room = window.screen().availableSize() - QSize(2 * Space.XXL, 3 * Space.XXL)
    window.resize(QSize(theme().px(width), theme().px(height)).boundedTo(room))


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say `text`, because something changed where the focus is not."""
    event = QAccessibleAnnouncementEvent(widget, text)
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)


def _fill(layout: QBoxLayout, items: tuple[QWidget | QLayout | int | None, ...]) -> None:
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


def row(*items: QWidget | QLayout | int | None, space: int = Space.S, margin: int = 0) -> QHBoxLayout:
    """Return a horizontal layout of widgets and layouts; a number is a gap in pixels, None stretches."""
    layout = QHBoxLayout()
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(space)
    _fill(layout, items)
    return layout


def column(*items: QWidget | QLayout | int | None, space: int = Space.S, margin: int = 0) -> QVBoxLayout:
    """Return a vertical layout of widgets and layouts; a number is a gap in pixels, None stretches."""
    layout = QVBoxLayout()
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(space)
    _fill(layout, items)
    return layout


def clear(layout: QLayout) -> None:
    """Remove everything from `layout`; its widgets are deleted when the event loop next runs."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


class Line(QFrame):
    """A hairline between two things, lying or (`upright`) standing."""

    def __init__(self, *, upright: bool = False) -> None:
        super().__init__()
        put(self, role="rule" if upright else "line")


class Panel(QFrame):
    """A plain frame with a `role` of the style sheet and a layout."""

    def __init__(self, role: str, layout: QLayout) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        put(self, role=role)
        self.setLayout(layout)
