"""A card with dates: what is due, for whom, and the way to the case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.domain.views import DueItem, DueKind
from kimdesk.domain.vocabulary import label
from kimdesk.i18n import _, isolate, ngettext
from kimdesk.i18n.formats import relative_day, short_date
from kimdesk.ui.design import Icon, Meaning, Space, theme
from kimdesk.ui.widgets import Button, IconButton, Line, SectionCard, Text, clear, column, describe, row

ROW_HEIGHT = 55
"""Height of one date with its line, in pixels at 100 % text."""
_LINE_HEIGHT = 20


def what_is_due(item: DueItem) -> str:
    """Return in words what the date is about, without whom it concerns unless that is not the client."""
    match item.kind:
        case DueKind.RESIDENCE_EXPIRY:
            title = _(label(item.residence_status)) if item.residence_status else _("Aufenthaltstitel")
            if item.text in ("", item.client):
                return title
            return _("{title} von {name}").format(title=title, name=isolate(item.text))
        case DueKind.REFERRAL_ANSWER:
            return _("Antwort von {receiver}").format(receiver=isolate(item.text))
        case DueKind.REASSESSMENT:
            return _("Lebensbereiche noch einmal gemeinsam ansehen")
        case DueKind.REVIEW:
            return _("Zielvereinbarung überprüfen")
        case DueKind.FOLLOW_UP | DueKind.MEASURE:
            return item.text
        case DueKind.NOTIFICATION:
            return _("Antwort auf die Fallmeldung von {notifier}").format(notifier=isolate(item.text))
        case DueKind.CONFERENCE:
            return _("Fallkonferenz: {occasion}").format(occasion=isolate(item.text))
        case DueKind.INTERPRETER:
            return _("Termin mit Sprachmittlung {name}").format(name=isolate(item.text)).rstrip()
        case DueKind.CHILD_PROTECTION:
            return _("Kinderschutz: nächster Schritt")
        case DueKind.ISSUE:
            return _("Strukturmeldung: {title}").format(title=isolate(item.text))
        case DueKind.CONSENT_EXPIRY:
            return _("Schweigepflichtentbindung für {receiver}").format(receiver=isolate(item.text))
        case DueKind.OPPORTUNITY_END:
            return _("Chancen-Aufenthalt läuft aus: §§ 25a/25b vorbereiten")


def leads_somewhere(item: DueItem) -> bool:
    """Return whether there is something to open: a case, a notification or a structural issue."""
    return item.case_id is not None or item.kind in (DueKind.NOTIFICATION, DueKind.ISSUE)


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
        self.item, self._on_open, self._on_done = item, on_open, on_done
        when = relative_day(item.due_on, today)
        what = what_is_due(item)
        date_text = Text(when, "meta", meaning=Meaning.DANGER if item.due_on < today else None)
        date_text.setToolTip(short_date(item.due_on))
        name = Text(item.client or what, "strong", elide=True)
        number = Text(item.case_number, "meta")
        head = row(name, number, None, date_text, space=Space.S)
        below = Text(what if item.client else _("ohne Fall"), "muted", elide=True)
        for text in (name, below):
            text.setFixedHeight(theme().px(_LINE_HEIGHT))  # a font for another script must not make the row higher
        layout = row(column(head, below, space=2), space=Space.S)
        layout.setContentsMargins(Space.S, Space.S - 2, Space.XS, Space.S - 2)
        self.tick: IconButton | None = None
        if on_done is not None and item.kind is DueKind.FOLLOW_UP:
            self.tick = IconButton(Icon.CHECK, _("Erledigt"), self._ticked)
            self.tick.setAccessibleDescription(what)
            layout.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(layout)
        if leads_somewhere(item):
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        described = ", ".join(part for part in (item.client, item.case_number, when) if part)
        describe(self, described, what)

    def _ticked(self) -> None:
        """Tick off once, however often it is clicked; the list is read again when it is done."""
        if self._on_done is not None:
            done, self._on_done = self._on_done, None
            done(self.item)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._on_open(self.item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._on_open(self.item)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        if not (self.hasFocus() or (self.underMouse() and self.item.case_id is not None)):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(now.colour("hover") if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), Space.XS, Space.XS)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()


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
        self._cap = 4
        self._items: Sequence[DueItem] = ()
        self._today = date.min
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        self.add(self.rows)
        self.body.addStretch(1)
        self.more: Button | None = None

    def show_items(self, items: Sequence[DueItem], today: date) -> None:
        """Show the first few dates; the rest comes with one click."""
        self._items, self._today = items, today
        self._fill()

    def set_cap(self, rows: int) -> None:
        """Say how many rows there is room for."""
        if rows != self._cap:
            self._cap = rows
            self._fill()

    def count(self) -> int:
        """Return how many dates there are, shown or not."""
        return len(self._items)

    def due_rows(self) -> list[DueRow]:
        """Return the rows on the screen."""
        found = (self.rows.itemAt(place) for place in range(self.rows.count()))
        widgets = (item.widget() for item in found if item is not None)
        return [widget for widget in widgets if isinstance(widget, DueRow)]

    def _fill(self) -> None:
        focused = self._row_in_focus()
        clear(self.rows)
        self.more = None
        self.set_note(str(len(self._items)) if self._items else "")
        if not self._items:
            self.rows.addWidget(Text(self._nothing, "muted", wrap=True))
            return
        shown = self._items if self._all else self._items[: self._cap]
        for place, item in enumerate(shown):
            if place:
                self.rows.addWidget(Line())
            self.rows.addWidget(DueRow(item, self._today, on_open=self._on_open, on_done=self._on_done))
        rest = len(self._items) - len(shown)
        if rest:
            words = ngettext("{n} weitere anzeigen", "{n} weitere anzeigen", rest).format(n=rest)
            self.more = Button(words, "link", on_click=self._show_all)
            self.rows.addWidget(self.more)
        if focused is not None:
            self._focus_row(focused)

    def _row_in_focus(self) -> int | None:
        here = self.window().focusWidget()
        rows = self.due_rows()
        return next(
            (place for place, one in enumerate(rows) if here is one or (here is not None and one.isAncestorOf(here))),
            None,
        )

    def _focus_row(self, place: int) -> None:
        """Keep the keyboard where it was when the list is read again, for example after ticking off."""
        rows = self.due_rows()
        target = rows[min(place, len(rows) - 1)]
        (target.tick or target).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_all(self) -> None:
        self._all = True
        shown = len(self.due_rows())
        self._fill()
        self._focus_row(shown)
