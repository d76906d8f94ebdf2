"""Today: follow-ups overdue, due today and this week, and the dates that come by themselves."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from kimdesk.domain.views import DueItem, HomeView
from kimdesk.foundation.clock import OFFICE_ZONE, Clock
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import long_date
from kimdesk.services.cases import CaseService
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.home.due_list import DueCard
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.widgets import Button, EmptyState, PageHeader, Scroll

_MORNING_UNTIL_HOUR = 11
_EVENING_FROM_HOUR = 17
_COLUMNS = 3


class HomePage(Page):
    """What is due, for the whole caseload, on one screen."""

    page_id = "home"
    manual_page = "heute"

    def __init__(self, cases: CaseService, jobs: Jobs, messages: Messages, clock: Clock) -> None:
        super().__init__()
        self._cases, self._jobs, self._messages, self._clock = cases, jobs, messages, clock
        self.header = PageHeader(
            self._greeting(),
            " ",
            actions=(
                Button(_("Fälle"), symbol=Icon.CASES, on_click=lambda: self.navigate.emit("cases", None)),
                Button(
                    _("Neue Beratung"),
                    "primary",
                    symbol=Icon.ADD,
                    on_click=lambda: self.navigate.emit("consultation", None),
                ),
            ),
        )
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
        self.header.set_title(self._greeting(), f"{long_date(view.today)}  ·  {count}")
        lists = (view.overdue, view.due_today, view.this_week, view.expiring, view.waiting, view.reassessments)
        for card, items in zip(self.cards, lists, strict=True):
            card.show_items(items, view.today)
        is_new = view.open_cases == 0 and not any(lists)
        self._scroll.setVisible(not is_new)
        self.empty.setVisible(is_new)

    def _open(self, item: DueItem) -> None:
        if item.case_id is not None:
            self.navigate.emit("case", item.case_id)

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
            owner=self,
        )
