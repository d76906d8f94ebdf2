"""Tab follows reading order: the order of the layouts as they stand now.

Qt's own order is the one in which widgets were made. Lists that are filled again and parts that are put elsewhere at
large text would leave it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QScrollArea, QWidget


def focus_next(window: QWidget, *, forward: bool) -> bool:
    """Put the focus on the next (or previous) widget of `window` in reading order; return whether there is one."""
    order = list(_in_reading_order(window))
    here = window.focusWidget()
    start = order.index(here) if here in order else -1 if forward else 0
    step = 1 if forward else -1
    for distance in range(1, len(order) + 1):
        target = order[(start + step * distance) % len(order)]
        if target is not here and _takes_tab(target, window):
            target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
            _show(target)
            return True
    return False


def _takes_tab(widget: QWidget, window: QWidget) -> bool:
    policy = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(policy) and widget.focusProxy() is None and widget.isEnabled() and widget.isVisibleTo(window)


def _in_reading_order(parent: QWidget) -> Iterator[QWidget]:
    """Yield everything in `parent` that can be seen, itself first: what lies in its layout, then what lies freely."""
    yield parent
    inner = parent.layout()
    laid_out = list(_laid_out(inner)) if inner is not None else []
    known = set(laid_out)
    free = [one for one in parent.children() if isinstance(one, QWidget) and one not in known and not one.isWindow()]
    for child in (*laid_out, *sorted(free, key=lambda one: (one.y(), one.x()))):
        if not child.isHidden():
            yield from _in_reading_order(child)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        places.sort(key=partial(_cell, layout))
    for place in places:
        item = layout.itemAt(place)
        widget = item.widget() if item is not None else None
        inner = item.layout() if item is not None else None
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def _cell(grid: QGridLayout, place: int) -> tuple[int, int]:
    position = grid.getItemPosition(place)
    assert isinstance(position, tuple)  # row, column, spans; the stub says object
    return int(position[0]), int(position[1])


def _show(target: QWidget) -> None:
    """Scroll to `target` in everything it lies in."""
    around = target.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(target)
        around = around.parentWidget()
