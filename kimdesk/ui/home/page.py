"""Today: follow-ups overdue, due today and this week, and the dates that come by themselves."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kimdesk.domain.views import DueItem, DueKind, HomeView
from kimdesk.foundation.clock import OFFICE_ZONE, Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import long_date, relative_day
from kimdesk.services.cases import CaseService
from kimdesk.ui.design import Icon, Space, theme
from kimdesk.ui.home.due_list import ROW_HEIGHT, DueCard
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.widgets import EmptyState, PageHeader, Scroll

_MORNING_UNTIL_HOUR = 11
_EVENING_FROM_HOUR = 17
_COLUMNS = 3
_CARD_FRAME = 86
_NARROWEST_BOARD = 760


class HomePage(Page):
    """What is due, for the whole caseload, on one screen."""

    page_id = "home"
    manual_page = "heute"

    def __init__(self, cases: CaseService, jobs: Jobs, messages: Messages, clock: Clock) -> None:
        super().__init__()
        self._cases, self._jobs, self._messages, self._clock = cases, jobs, messages, clock
        self.header = PageHeader(self._greeting(), " ")
        self.body.addWidget(self.header)
        self.overdue = self._card(_("Überfällig"), _("Nichts ist liegen geblieben."), can_tick=True)
        self.due_today = self._card(_("Heute"), _("Für heute steht nichts an."), can_tick=True)
        self.this_week = self._card(_("Diese Woche"), _("Diese Woche ist noch frei."), can_tick=True)
        self.expiring = self._card(_("Läuft ab"), _("In den nächsten 60 Tagen läuft kein Aufenthaltstitel ab."))
        self.waiting = self._card(_("Wartet auf Antwort"), _("Kein Fallverweis wartet auf Antwort."))
        self.reassessments = self._card(_("Re-Assessment fällig"), _("Kein Re-Assessment ist fällig."))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(Space.M)
        self.cards = (
            self.overdue,
            self.due_today,
            self.this_week,
            self.expiring,
            self.waiting,
            self.reassessments,
        )
        for place, card in enumerate(self.cards):
            grid.addWidget(card, place // _COLUMNS, place % _COLUMNS)
        for number in range(_COLUMNS):
            grid.setColumnStretch(number, 1)
        grid.setRowStretch(2, 1)
        self._grid = grid
        self._board = QWidget()
        self._board.setLayout(grid)
        self._scroll = Scroll(self._board)
        self.body.addWidget(self._scroll, 1)
        self.empty = EmptyState(
            Icon.TALK,
            _("Willkommen an Ihrem Schreibtisch"),
            _(
                "Hier sehen Sie jeden Morgen, was ansteht: Wiedervorlagen, ablaufende Titel und offene Antworten. "
                "Beginnen Sie mit der ersten Beratung."
            ),
            action=_("Erste Beratung aufnehmen"),
            on_action=lambda: self.navigate.emit("consultation", None),
        )
        self.empty.hide()
        self.body.addWidget(self.empty, 1)

    @property
    def title(self) -> str:
        return _("Heute")

    def activate(self, argument: object = None) -> None:
        self._jobs.read(self._cases.home, self._show, owner=self, latest="home")

    def refresh(self, areas: frozenset[str]) -> None:
        if areas & {"cases", "follow_ups"}:
            self.activate()

    def _card(self, title: str, nothing: str, *, can_tick: bool = False) -> DueCard:
        return DueCard(title, nothing, on_open=self._open, on_done=self._done if can_tick else None)

    def _greeting(self) -> str:
        hour = self._clock.now().astimezone(OFFICE_ZONE).hour
        if hour < _MORNING_UNTIL_HOUR:
            return _("Guten Morgen")
        return _("Guten Abend") if hour >= _EVENING_FROM_HOUR else _("Guten Tag")

    def _show(self, view: HomeView) -> None:
        count = ngettext("{n} laufender Fall", "{n} laufende Fälle", view.open_cases).format(n=view.open_cases)
        parts = [long_date(view.today), count, self._backup_words(view)]
        self.header.set_title(self._greeting(), "  ·  ".join(part for part in parts if part))
        lists = (view.overdue, view.due_today, view.this_week, view.expiring, view.waiting, view.reassessments)
        for card, items in zip(self.cards, lists, strict=True):
            card.show_items(items, view.today)
        self._share_height()
        is_new = view.open_cases == 0 and not any(lists)
        self._scroll.setVisible(not is_new)
        self.empty.setVisible(is_new)

    @staticmethod
    def _backup_words(view: HomeView) -> str:
        if view.last_backup_at is None:
            return _("noch keine Sicherung") if view.open_cases else ""
        day = view.last_backup_at.astimezone(OFFICE_ZONE).date()
        return _("letzte Sicherung {when}").format(when=relative_day(day, view.today))

    def _share_height(self) -> None:
        """Give the cards as many rows as the window has room for: at the least four above and two below."""
        room = self._scroll.viewport().height() - 2 * theme().px(_CARD_FRAME) - Space.M
        rows = room // theme().px(ROW_HEIGHT)
        below = min(max(2, rows // 3), max(card.count() for card in self.cards[_COLUMNS:]))
        above = max(4, rows - below)
        for place, card in enumerate(self.cards):
            card.set_cap(above if place < _COLUMNS else max(below, 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()
        self._arrange()

    def _arrange(self) -> None:
        """Set the cards side by side where there is room for it."""
        columns = _COLUMNS if self.width() >= theme().px(_NARROWEST_BOARD) else 1
        for place, card in enumerate(self.cards):
            self._grid.removeWidget(card)
            self._grid.addWidget(card, place // columns, place % columns)
        for number in range(_COLUMNS):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)
        self._grid.setRowStretch(2, 1 if columns > 1 else 0)

    def _open(self, item: DueItem) -> None:
        if item.case_id is not None:
            self.navigate.emit("case", item.case_id)
        elif item.kind is DueKind.NOTIFICATION:
            self.navigate.emit("notifications", item.record_id)
        elif item.kind is DueKind.ISSUE:
            self.navigate.emit("structure", item.record_id)

    def _done(self, item: DueItem) -> None:
        follow_up = item.record_id
        if follow_up is None:
            return
        self._jobs.write(
            lambda: self._cases.complete_follow_up(follow_up),
            lambda _written: self._messages.good(
                _("Die Wiedervorlage ist erledigt."),
                undo=lambda: self._jobs.write(lambda: self._cases.reopen_follow_up(follow_up), owner=self),
            ),
            self._not_done,
            owner=self,
        )

    def _not_done(self, error: KnownError) -> None:
        """Say why it could not be ticked off, and show the list as it stands."""
        self._messages.show_error(error)
        self.activate()
