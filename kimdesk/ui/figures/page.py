"""The figures screen with its two views: the exact table, and what leaves the laptop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from kimdesk.domain.views import CaseLine
from kimdesk.foundation.clock import Clock
from kimdesk.i18n import _
from kimdesk.services.figures import FigureService
from kimdesk.services.indicators import ExportFormat
from kimdesk.services.pushes import PushService
from kimdesk.ui.design import Meaning, theme
from kimdesk.ui.figures.cases_behind import CasesBehind
from kimdesk.ui.figures.indicator_view import IndicatorView
from kimdesk.ui.figures.release_view import ReleaseView
from kimdesk.ui.files import ask_for_folder, ask_where_to_save
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.widgets import Banner, PageHeader, describe

_RELEASE = 1
_BOLD_IS_WIDER = 24


class FiguresPage(Page):
    """`activate` takes "release" for what leaves the laptop. `choose_folder(parent, title)` asks for a folder,
    `choose_path(parent, title, name, kinds)` where a file goes."""

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
        choose_path: Callable[[QWidget, str, str, str], Path | None] = ask_where_to_save,
    ) -> None:
        super().__init__()
        self._figures, self._jobs, self._messages = figures, jobs, messages
        self._choose_path = choose_path
        self._form = ExportFormat.XLSX
        self.behind: CasesBehind | None = None
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        describe(self.tabs, _("Ansicht"))
        self.tabs.addTab(_("Genaue Zahlen"))
        self.tabs.addTab(_("Was verlässt den Laptop"))
        self.tabs.setMinimumWidth(self.tabs.sizeHint().width() + theme().px(_BOLD_IS_WIDER))
        self.indicators = IndicatorView(figures, jobs, messages)
        self.indicators.behind_wanted.connect(self._show_behind)
        self.indicators.export_wanted.connect(self._warn_of_export)
        self.warning = Banner(
            _(
                "Die Datei enthält genaue Zahlen und liegt danach unverschlüsselt außerhalb des Tresors. Kleine Zahlen "
                "können einzelne Menschen erkennbar machen. Bitte geben Sie sie nicht weiter."
            ),
            Meaning.ATTENTION,
            action=_("Speicherort wählen …"),
            on_action=self._export,
            closable=True,
        )
        self.warning.hide()
        self.releases = ReleaseView(figures, pushes, jobs, messages, clock, choose_folder)
        self.releases.settings_wanted.connect(lambda: self.navigate.emit("settings", "coordinator"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.indicators)
        self.stack.addWidget(self.releases)
        self.tabs.currentChanged.connect(self._turn)
        self.body.addWidget(PageHeader(_("Kennzahlen"), actions=(self.tabs,)))
        self.body.addWidget(self.warning)
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
        self.warning.hide()
        self._fold_behind()

    def _show_behind(self, name: str, label: str) -> None:
        table = self.indicators.table
        if table is None:
            return
        figures = self._figures

        def show(lines: tuple[CaseLine, ...]) -> None:
            self.behind = CasesBehind(_(label), lines)
            self.behind.opened.connect(lambda case_id: self.navigate.emit("case", case_id))
            self.show_context.emit(_("Fälle hinter der Zahl"), self.behind)

        self._jobs.read(
            lambda: figures.cases_behind(name, table.period, place=table.place), show, owner=self, latest="behind"
        )

    def _fold_behind(self) -> None:
        if self.behind is not None:
            self.behind = None
            self.show_context.emit("", None)

    def _warn_of_export(self, form: ExportFormat) -> None:
        """Say what a file outside the vault means, before asking where it goes."""
        self._form = form
        self.warning.show()
        if self.warning.action is not None:
            self.warning.action.setFocus(Qt.FocusReason.OtherFocusReason)

    def _export(self) -> None:
        form, table = self._form, self.indicators.table
        if table is None:
            return
        name = _("Kennzahlen-{year}").format(year=table.year) + f".{form.value}"
        kinds = {
            ExportFormat.XLSX: _("Excel-Tabelle (*.xlsx)"),
            ExportFormat.CSV: _("CSV-Datei (*.csv)"),
            ExportFormat.PDF: _("PDF-Dateien (*.pdf)"),
        }[form]
        path = self._choose_path(self, _("Kennzahlen exportieren"), name, kinds)
        if path is None:
            return
        self.warning.hide()
        self._jobs.write(
            lambda: self._figures.export_indicators(form, table.period, path, place=table.place),
            lambda _nothing: self._messages.good(
                _("{name} ist gespeichert und liegt unverschlüsselt außerhalb des Tresors.").format(name=path.name)
            ),
            owner=self,
        )

    def _turn(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self._load()

    def _load(self) -> None:
        if self.tabs.currentIndex() == _RELEASE:
            self.releases.load()
        else:
            self.indicators.load()
