"""The figures screen with its two views: the exact table, and what leaves the laptop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from kimdesk.foundation.clock import Clock
from kimdesk.i18n import _
from kimdesk.services.figures import FigureService
from kimdesk.services.pushes import PushService
from kimdesk.ui.design import theme
from kimdesk.ui.figures.indicator_view import IndicatorView
from kimdesk.ui.figures.release_view import ReleaseView
from kimdesk.ui.files import ask_for_folder
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.widgets import PageHeader, describe

_RELEASE = 1
_BOLD_IS_WIDER = 24


class FiguresPage(Page):
    """`activate` takes "release" for what leaves the laptop. `choose_folder(parent, title)` asks for a folder."""

    page_id = "figures"
    manual_page = "kennzahlen"

    def __init__(
        self,
        figures: FigureService,
        pushes: PushService,
        jobs: Jobs,
        messages: Messages,
        clock: Clock,
        *,
        choose_folder: Callable[[QWidget, str], Path | None] = ask_for_folder,
    ) -> None:
        super().__init__()
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        describe(self.tabs, _("Ansicht"))
        self.tabs.addTab(_("Genaue Zahlen"))
        self.tabs.addTab(_("Was verlässt den Laptop"))
        self.tabs.setMinimumWidth(self.tabs.sizeHint().width() + theme().px(_BOLD_IS_WIDER))
        self.indicators = IndicatorView(figures, jobs, messages)
        self.releases = ReleaseView(figures, pushes, jobs, messages, clock, choose_folder)
        self.releases.settings_wanted.connect(lambda: self.navigate.emit("settings", "coordinator"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.indicators)
        self.stack.addWidget(self.releases)
        self.tabs.currentChanged.connect(self._turn)
        self.body.addWidget(PageHeader(_("Kennzahlen"), actions=(self.tabs,)))
        self.body.addWidget(self.stack, 1)

    @property
    def title(self) -> str:
        return _("Kennzahlen")

    def activate(self, argument: object = None) -> None:
        if argument == "release":
            self.tabs.setCurrentIndex(_RELEASE)
        self._load()

    def refresh(self, areas: frozenset[str]) -> None:
        if areas & {"cases", "figures", "releases", "settings"}:
            self._load()

    def leave(self) -> None:
        self.releases.true_figures.set_value(False)

    def _turn(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self._load()

    def _load(self) -> None:
        if self.tabs.currentIndex() == _RELEASE:
            self.releases.load()
        else:
            self.indicators.load()
