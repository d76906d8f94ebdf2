"""A card with dates: what is due, for whom, and the way to the case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.domain.views import DueItem, DueKind
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import relative_day, short_date
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.widgets import Button, IconButton, Line, SectionCard, Text, clear, column, describe, put, row

_SHOWN = 6


class DueRow(QWidget):
    """One date. The row opens the case (click, Enter); a follow-up can be ticked off."""

    def __init__(
        self,
        item: DueItem,
        today: date,
        *,
        on_open: Callable[[DueItem], object],
        on_done: Callable[[DueItem], object] | None,
    ) -> None:
        super().__init__()
        self.item, self._on_open = item, on_open
        put(self, role="row")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        when = relative_day(item.due_on, today)
        meaning = Meaning.DANGER if item.due_on < today else None
        who = " · ".join(part for part in (item.client, item.case_number) if part)
        head = row(Text(who or _("Ohne Fall"), "strong", elide=True), space=Space.S)
        date_text = Text(when, "meta", meaning=meaning)
        date_text.setToolTip(short_date(item.due_on))
        head.addStretch(1)
        head.addWidget(date_text)
        words = column(head, Text(item.text, "muted", wrap=True), space=2)
        layout = row(words, space=Space.S, margin=0)
        layout.setContentsMargins(Space.S, Space.S, Space.XS, Space.S)
        if on_done is not None and item.kind is DueKind.FOLLOW_UP:
            done = IconButton(Icon.CHECK, _("Erledigt"), lambda: on_done(item))
            layout.addWidget(done, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)
        if item.case_id is not None:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        describe(self, f"{who}, {when}", item.text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._on_open(self.item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._on_open(self.item)
            return
        super().keyPressEvent(event)


class DueCard(SectionCard):
    """A card of dates with a heading, a count and a kind word when there are none."""

    def __init__(
        self,
        title: str,
        nothing: str,
        *,
        on_open: Callable[[DueItem], object],
        on_done: Callable[[DueItem], object] | None = None,
    ) -> None:
        super().__init__(title)
        self._nothing, self._on_open, self._on_done = nothing, on_open, on_done
        self._all = False
        self._items: Sequence[DueItem] = ()
        self._today = date.min
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        self.add(self.rows)
        self.body.addStretch(1)

    def show_items(self, items: Sequence[DueItem], today: date) -> None:
        """Show the first few dates; the rest comes with one click."""
        self._items, self._today = items, today
        self._fill()

    def due_rows(self) -> list[DueRow]:
        """Return the rows on the screen."""
        found = (self.rows.itemAt(place) for place in range(self.rows.count()))
        widgets = (item.widget() for item in found if item is not None)
        return [widget for widget in widgets if isinstance(widget, DueRow)]

    def _fill(self) -> None:
        clear(self.rows)
        self.set_note(str(len(self._items)) if self._items else "")
        if not self._items:
            self.rows.addWidget(Text(self._nothing, "muted", wrap=True))
            return
        shown = self._items if self._all else self._items[:_SHOWN]
        for place, item in enumerate(shown):
            if place:
                self.rows.addWidget(Line())
            self.rows.addWidget(DueRow(item, self._today, on_open=self._on_open, on_done=self._on_done))
        rest = len(self._items) - len(shown)
        if rest:
            from_here = ngettext("{n} weitere anzeigen", "{n} weitere anzeigen", rest).format(n=rest)
            self.rows.addWidget(Button(from_here, "link", on_click=self._show_all))

    def _show_all(self) -> None:
        self._all = True
        self._fill()
