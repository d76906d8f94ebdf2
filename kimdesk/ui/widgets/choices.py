"""Editors of a choice: a list that opens, chips that all show, a box to tick."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QListView, QPushButton, QSizePolicy, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Space, icon, theme
from kimdesk.ui.design.icons import paint_icon
from kimdesk.ui.widgets.base import put
from kimdesk.ui.widgets.editor import Draft, Editor
from kimdesk.ui.widgets.flow import FlowLayout

Options = Sequence[tuple[str, str]]
"""Pairs of value and the label the user reads."""


class _Combo(QComboBox):
    """A combo box with the house's arrow; the wheel scrolls the form, not a choice passed over by chance."""

    def __init__(self) -> None:
        super().__init__()
        view = QListView()
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setView(view)
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def showPopup(self) -> None:
        """Open the list wide enough for its labels, however narrow the field is."""
        view = self.view()
        view.setMinimumWidth(max(self.width(), view.sizeHintForColumn(0) + view.verticalScrollBar().sizeHint().width()))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = theme().px(14)
        place = QRect(self.width() - side - Space.S, (self.height() - side) // 2, side, side)
        paint_icon(painter, place, Icon.DOWN, theme().colour("muted" if self.isEnabled() else "faint"))


class ChoiceField(Editor):
    """One of several from a list that opens; typing jumps to an entry.

    `value` is None while nothing is chosen; `empty` is what stands there then, and None leaves no way to choose
    nothing.
    """

    def __init__(self, options: Options = (), *, empty: str | None = "") -> None:
        self.combo = _Combo()
        super().__init__(self.combo)
        self._empty = empty
        self._values: list[str | None] = []
        self.set_options(options)
        self.combo.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.combo.activated.connect(lambda _index: self.finished.emit())

    def set_options(self, options: Options) -> None:
        """Offer `options`; a value chosen before stays chosen if it is still among them."""
        before = self.value() if self._values else None
        self.combo.blockSignals(True)
        self.combo.clear()
        self._values = []
        if self._empty is not None:
            self._values.append(None)
            self.combo.addItem(self._empty or _("bitte wählen"))
            self.combo.setItemData(0, theme().colour("muted"), Qt.ItemDataRole.ForegroundRole)
        for value, label in options:
            self._values.append(value)
            self.combo.addItem(label)
        self.combo.setCurrentIndex(self._values.index(before) if before in self._values else 0)
        self.combo.blockSignals(False)

    def value(self) -> str | None:
        index = self.combo.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def set_value(self, value: str | None) -> None:
        """Choose `value`; one that is not offered chooses the first entry."""
        self.combo.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def draft(self) -> Draft:
        value = self.value()
        return None if value is None else str(value)

    def restore(self, draft: Draft) -> None:
        self.set_value(None if draft is None else str(draft))


class _Chip(QPushButton):
    """A chip whose width stays the same whether it is chosen or not; a tick says what the colour says."""

    def __init__(self, label: str) -> None:
        super().__init__(label.replace("&", "&&"))
        put(self, kind="chip")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAccessibleName(label)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        side = theme().px(13)
        self.setIconSize(QSize(side, side))
        self.toggled.connect(self._show_tick)

    def _show_tick(self, chosen: bool) -> None:
        self.setIcon(icon(Icon.CHECK, "accent_text", bold=True) if chosen else QIcon())

    def sizeHint(self) -> QSize:
        bold = self.font()
        bold.setWeight(bold.Weight.DemiBold)
        text = QFontMetrics(bold).horizontalAdvance(self.text().replace("&&", "&"))
        # One height for all scripts: a line of Arabic asks for more, and would stand out in a row of chips.
        height = max(QFontMetrics(bold).height(), self.iconSize().height()) + Space.S
        return QSize(text + self.iconSize().width() + Space.XL + Space.L, height)


class ChoiceChips(Editor):
    """All choices at once as chips; arrows move, Space chooses.

    With `several` the value is a list of values in the order of the options, else one value or None (choosing the
    chosen one again takes it back, unless `required`).
    """

    chosen = Signal(object)

    def __init__(
        self, options: Options = (), *, several: bool = False, required: bool = False, space: int = Space.S
    ) -> None:
        self._box = QWidget()
        super().__init__(self._box)
        self._several, self._required = several, required
        self._flow = FlowLayout(self._box, space=space)
        self._chips: dict[str, _Chip] = {}
        self.set_options(options)

    def set_options(self, options: Options) -> None:
        """Offer `options`; values chosen before stay chosen."""
        before = self._chosen_values()
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._chips = {}
        for value, label in options:
            chip = _Chip(label)
            chip.setChecked(value in before)
            chip.clicked.connect(lambda _checked=False, value=value: self._clicked(value))
            chip.installEventFilter(self)
            self._chips[value] = chip
            self._flow.addWidget(chip)
        self._aim_focus()
        self.updateGeometry()

    def set_label(self, value: str, label: str) -> None:
        """Change the label of one chip, for example when a count in it changes."""
        chip = self._chips[value]
        chip.setText(label.replace("&", "&&"))
        chip.setAccessibleName(label)
        chip.updateGeometry()

    def _aim_focus(self) -> None:
        """Let the focus come to the chosen chip, or to the first."""
        chips = [chip for chip in self._chips.values() if chip.isChecked()] or list(self._chips.values())
        if chips:
            self._box.setFocusProxy(chips[0])

    def chip(self, value: str) -> QPushButton:
        """Return the chip of `value`. Raises `KeyError` where it is not offered."""
        return self._chips[value]

    def _chosen_values(self) -> list[str]:
        return [value for value, chip in self._chips.items() if chip.isChecked()]

    def _clicked(self, value: str) -> None:
        if not self._several:
            if self._required:
                self._chips[value].setChecked(True)
            for other, chip in self._chips.items():
                if other != value:
                    chip.setChecked(False)
        self._aim_focus()
        self.changed.emit()
        self.finished.emit()
        self.chosen.emit(self.value())

    def value(self) -> str | list[str] | None:
        chosen = self._chosen_values()
        if self._several:
            return chosen
        return chosen[0] if chosen else None

    def values(self) -> list[str]:
        """Return the chosen values, whether one or several may be chosen."""
        return self._chosen_values()

    def set_value(self, value: str | Iterable[str] | None) -> None:
        wanted = {value} if isinstance(value, str) else set(value or ())
        for option, chip in self._chips.items():
            chip.setChecked(option in wanted)
        self._aim_focus()
        self.changed.emit()

    def draft(self) -> Draft:
        return [str(value) for value in self._chosen_values()]

    def restore(self, draft: Draft) -> None:
        self.set_value(draft if isinstance(draft, list) else None)

    def set_names(self, name: str, description: str) -> None:
        super().set_names(name, description)
        for chip in self._chips.values():
            chip.setAccessibleDescription(name)

    def mark_invalid(self, invalid: bool) -> None:
        """Chips have no border of their own; the error text below them says it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QKeyEvent.Type.KeyPress:
            step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(
                Qt.Key(event.key())
            )
            chips = list(self._chips.values())
            if step is not None and watched in chips:
                here = next(index for index, chip in enumerate(chips) if chip is watched)
                chips[(here + step) % len(chips)].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False


class _Tick(QCheckBox):
    """A check box drawn in the tokens' colours, with a text that may be long."""

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        side = theme().px(18)
        return QSize(side + Space.S + metrics.horizontalAdvance(self.text()) + 6, max(side, metrics.height()) + Space.S)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(18) + Space.XXL, self.sizeHint().height())

    def hitButton(self, place: QPoint) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = theme()
        side = now.px(18)
        box = QRect(3, (self.height() - side) // 2, side, side)
        on = self.isChecked()
        enabled = self.isEnabled()
        edge = "accent" if on else ("border_hover" if self.underMouse() else "border")
        painter.setPen(QPen(now.colour(edge if enabled else "hairline"), 1.2))
        painter.setBrush(now.colour(("accent" if enabled else "faint") if on else "surface"))
        painter.drawRoundedRect(box, 4, 4)
        if on:
            paint_icon(painter, box.adjusted(2, 2, -2, -2), Icon.CHECK, now.colour("on_accent"), bold=True)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.colour("focus"), 2))
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 5, 5)
        painter.setPen(now.colour("text" if enabled else "faint"))
        words = QRect(box.right() + Space.S, 0, self.width() - box.right() - Space.S, self.height())
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class CheckField(Editor):
    """A statement to tick; its text is the label, so its `Field` needs none. The value is True or False."""

    def __init__(self, text: str) -> None:
        self.tick = _Tick(text)
        super().__init__(self.tick)
        self.tick.setAccessibleName(text)
        self.tick.setToolTip(text)
        self.tick.toggled.connect(lambda _on: self.changed.emit())
        self.tick.clicked.connect(lambda _on: self.finished.emit())

    def value(self) -> bool:
        return self.tick.isChecked()

    def set_value(self, value: bool | None) -> None:
        self.tick.setChecked(bool(value))

    def is_empty(self) -> bool:
        return not self.value()

    def draft(self) -> Draft:
        return self.value()

    def restore(self, draft: Draft) -> None:
        self.set_value(bool(draft))

    def set_names(self, name: str, description: str) -> None:
        self.tick.setAccessibleName(name or self.tick.text())
        self.tick.setAccessibleDescription(description)
