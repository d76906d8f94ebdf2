"""Parts side by side where there is room, below each other where there is not."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from kimdesk.ui.design import Space, theme

_UNLIMITED = 16_777_215


class Beside(QWidget):
    """`main` takes the room, `side` is `side_width` pixels wide (at 100 % text), 0 for what it asks for.

    Below `narrowest` pixels (at 100 %) they form a column. The side stands last unless `side_first`.
    """

    def __init__(
        self, main: QWidget, side: QWidget, *, narrowest: int, side_width: int = 0, side_first: bool = False
    ) -> None:
        super().__init__()
        self._main, self._narrowest, self._side, self._side_width = main, narrowest, side, side_width
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.M)
        self._box.addWidget(main, 1)
        self._box.insertWidget(0 if side_first else 1, side)
        self._arrange(wide=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= theme().px(self._narrowest)
        if wide is not (self._box.direction() is QBoxLayout.Direction.LeftToRight):
            self._arrange(wide=wide)

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of a column only, so that the place around can become narrow enough for one."""
        hint = super().minimumSizeHint()
        return QSize(max(self._main.minimumSizeHint().width(), self._side.minimumSizeHint().width()), hint.height())

    def _arrange(self, *, wide: bool) -> None:
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        if self._side_width:
            self._side.setMinimumWidth(theme().px(self._side_width) if wide else 0)
            self._side.setMaximumWidth(theme().px(self._side_width) if wide else _UNLIMITED)
