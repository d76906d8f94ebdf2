"""Looking after the directory: where it comes from, what to verify, what may be double, what is missing."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from kimdesk.i18n import _
from kimdesk.services.desk import Desk
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.offers.care_lists import StaleList, TwinList
from kimdesk.ui.offers.gap_list import GapList
from kimdesk.ui.offers.updating import UpdatingView
from kimdesk.ui.page import Page
from kimdesk.ui.widgets import ChoiceChips, PageHeader, Scroll

UPDATE, STALE, TWINS, GAPS = "update", "stale", "twins", "gaps"


class OfferCarePage(Page):
    """Four views of the directory; the argument names the one to begin with."""

    page_id: ClassVar[str] = "offer_care"
    manual_page: ClassVar[str] = "angebote-pflegen"

    def __init__(self, desk: Desk, jobs: Jobs, messages: Messages) -> None:
        super().__init__()
        self.updating = UpdatingView(desk, jobs, messages)
        self.stale = StaleList(desk.offer_care, jobs, messages)
        self.twins = TwinList(desk.offer_care, jobs, messages)
        self.gaps = GapList(desk.offer_gaps, desk.offer_care, jobs, messages)
        self.choice = ChoiceChips(
            [
                (UPDATE, _("Aktualisieren")),
                (STALE, _("Zu prüfen")),
                (TWINS, _("Doppelt?")),
                (GAPS, _("Lücken")),
            ],
            required=True,
        )
        self.choice.set_names(_("Was möchten Sie tun?"), "")
        self.choice.set_value(UPDATE)
        self.choice.changed.connect(self._turn)
        self.stack = QStackedWidget()
        self._updating = Scroll(self.updating)
        for view in (self._updating, self.stale, self.twins, self.gaps):
            self.stack.addWidget(view)
        self.body.addWidget(
            PageHeader(
                _("Verzeichnis pflegen"),
                back=lambda: self.navigate.emit("offers", None),
                back_word=_("Zurück zu den Angeboten"),
            )
        )
        self.body.addWidget(self.choice)
        self.body.addWidget(self.stack, 1)
        for listed in (self.stale, self.twins):
            listed.offer_wanted.connect(self._open)

    @property
    def title(self) -> str:
        return _("Verzeichnis pflegen")

    def activate(self, argument: object = None) -> None:
        if argument in (UPDATE, STALE, TWINS, GAPS):
            self.choice.set_value(argument)
        self._turn()

    def refresh(self, areas: frozenset[str]) -> None:
        if areas & {"offers", "offer_gaps", "cases"}:
            self._read()

    def _turn(self) -> None:
        views: dict[str, QWidget] = {UPDATE: self._updating, STALE: self.stale, TWINS: self.twins, GAPS: self.gaps}
        self.stack.setCurrentWidget(views[str(self.choice.value())])
        self._read()

    def _read(self) -> None:
        match self.choice.value():
            case "stale":
                self.stale.read()
            case "twins":
                self.twins.read()
            case "gaps":
                self.gaps.read()
            case _:
                self.updating.read()

    def _open(self, offer_id: UUID) -> None:
        self.navigate.emit("offers", offer_id)
