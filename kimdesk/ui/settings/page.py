"""The settings: sections at the left, the chosen one at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QWidget

from kimdesk.foundation.clock import Clock
from kimdesk.i18n import _
from kimdesk.services.handout_texts import HandoutTextService
from kimdesk.services.pushes import PushService
from kimdesk.services.settings import SettingsService
from kimdesk.services.vault import VaultService
from kimdesk.services.vault_backups import BackupService
from kimdesk.services.vault_log import LogService
from kimdesk.ui.design import Icon, Space, icon, theme
from kimdesk.ui.files import ask_for_file, ask_for_folder, ask_where_to_save
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.recovery_sheet import PrintSheet, print_recovery_sheet
from kimdesk.ui.settings.appearance_section import AppearanceSection
from kimdesk.ui.settings.backup_section import BackupSection
from kimdesk.ui.settings.coordinator_section import CoordinatorSection
from kimdesk.ui.settings.district_section import DistrictSection
from kimdesk.ui.settings.keys_section import KeysSection
from kimdesk.ui.settings.languages_section import LanguagesSection
from kimdesk.ui.settings.lock_section import LockSection
from kimdesk.ui.settings.log_section import LogSection
from kimdesk.ui.settings.office_section import OfficeSection
from kimdesk.ui.settings.section import Section
from kimdesk.ui.settings.vault_section import VaultSection
from kimdesk.ui.widgets import PageHeader, Scroll, describe, row

OFFICE, DISTRICT, VAULT, LOCK = "office", "district", "vault", "lock"
KEYS, BACKUP = "keys", "backup"
COORDINATOR, APPEARANCE, LANGUAGES, LOG = "coordinator", "appearance", "languages", "log"
_LIST_WIDTH = 210
_ROW_HEIGHT = 34


class SettingsPage(Page):
    """`activate` takes a section's name, such as "coordinator". The callables ask for files and print; tests hand in
    their own."""

    page_id = "settings"
    manual_page = "einstellungen"

    def __init__(
        self,
        settings: SettingsService,
        handout_texts: HandoutTextService,
        vault: VaultService,
        backups: BackupService,
        log: LogService,
        pushes: PushService,
        jobs: Jobs,
        messages: Messages,
        clock: Clock,
        *,
        choose_file: Callable[[QWidget, str, str], Path | None] = ask_for_file,
        choose_folder: Callable[[QWidget, str], Path | None] = ask_for_folder,
        choose_path: Callable[[QWidget, str, str, str], Path | None] = ask_where_to_save,
        print_sheet: PrintSheet = print_recovery_sheet,
    ) -> None:
        super().__init__()
        self.office = OfficeSection(settings, jobs, messages, choose_file)
        self.district = DistrictSection(settings, jobs, messages)
        self.keys = KeysSection(vault, jobs, messages, clock, print_sheet)
        self.backup = BackupSection(backups, jobs, messages, clock, choose_folder)
        self.vault = VaultSection(vault, jobs, messages)
        self.lock = LockSection(settings, jobs, messages)
        self.coordinator = CoordinatorSection(pushes, settings, jobs, messages, clock, choose_file, choose_folder)
        self.appearance = AppearanceSection(jobs, messages)
        self.languages = LanguagesSection(handout_texts, settings, jobs, messages, choose_file, choose_path)
        self.log = LogSection(log, jobs, messages, clock, choose_path)
        self.list = QListWidget()
        self.list.setFixedWidth(theme().px(_LIST_WIDTH) if theme().text_scale < 1.5 else round(_LIST_WIDTH * 1.7))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        describe(self.list, _("Bereiche der Einstellungen"))
        self.stack = QStackedWidget()
        self._sections: list[tuple[str, Section]] = []
        for name, word, symbol, section in (
            (OFFICE, _("Dienststelle"), Icon.PROVIDER, self.office),
            (DISTRICT, _("Kreis"), Icon.PLACE, self.district),
            (KEYS, _("Zugänge"), Icon.KEY, self.keys),
            (BACKUP, _("Sicherung"), Icon.SAVE, self.backup),
            (LOCK, _("Sperre"), Icon.LOCK, self.lock),
            (VAULT, _("Tresor"), Icon.SHIELD, self.vault),
            (COORDINATOR, _("Koordinierende Stelle"), Icon.LINK, self.coordinator),
            (APPEARANCE, _("Darstellung"), Icon.SUN, self.appearance),
            (LANGUAGES, _("Sprachen der Ausdrucke"), Icon.LANGUAGE, self.languages),
            (LOG, _("Protokoll"), Icon.BOOK, self.log),
        ):
            self._sections.append((name, section))
            section.draft_changed.connect(self.draft_changed)
            item = QListWidgetItem(icon(symbol), word)
            item.setToolTip(word)
            item.setSizeHint(QSize(0, theme().px(_ROW_HEIGHT)))
            self.list.addItem(item)
            self.stack.addWidget(section if section is self.log else Scroll(section))
        self.list.setCurrentRow(0)
        self.list.currentRowChanged.connect(self._turn)
        self.body.addWidget(PageHeader(_("Einstellungen")))
        parts = row(self.list, space=Space.M)
        parts.addWidget(self.stack, 1)
        self.body.addLayout(parts, 1)

    @property
    def title(self) -> str:
        return _("Einstellungen")

    @property
    def section(self) -> Section:
        """The section in front."""
        return self._sections[max(self.list.currentRow(), 0)][1]

    def show_section(self, name: str) -> None:
        """Show the section of this name."""
        for place, (known, _section) in enumerate(self._sections):
            if known == name:
                self.list.setCurrentRow(place)

    def help_page(self) -> str:
        name = self._sections[max(self.list.currentRow(), 0)][0]
        return {KEYS: "schluessel", BACKUP: "sicherung", LOG: "protokoll"}.get(name, self.manual_page)

    def activate(self, argument: object = None) -> None:
        if isinstance(argument, str):
            self.show_section(argument)
        self.section.load()

    def refresh(self, areas: frozenset[str]) -> None:
        if areas & self.section.areas:
            self.section.load()

    def _turn(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self.section.load()

    def save(self) -> None:
        self.section.save()

    def focus_filter(self) -> None:
        self.section.focus_filter()

    def draft(self) -> Mapping[str, object] | None:
        drafts = {name: draft for name, section in self._sections if (draft := section.draft()) is not None}
        return drafts or None

    def restore(self, draft: Mapping[str, object]) -> None:
        for name, section in self._sections:
            kept = draft.get(name)
            if isinstance(kept, Mapping):
                section.restore(kept)
