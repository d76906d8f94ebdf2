"""The vault: where it lies, backups, checks, passphrase and recovery key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kimdesk.foundation.clock import Clock
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import moment
from kimdesk.services.log_words import check_word
from kimdesk.services.vault import Finding, VaultService
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.figures.words import days_ago
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.keys_cards import PassphraseCard, RecoveryCard
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import Button, FlowLayout, IconLabel, ProgressNote, SectionCard, Text, announce, clear, column

_BACKUP_OLD_AFTER_DAYS = 7


@dataclass(frozen=True)
class _Read:
    name: str
    folder: Path
    last_backup_at: datetime | None


class VaultSection(Section):
    """`choose_folder(parent, title)` asks where else to back up, `print_sheet(name, key)` prints the recovery key."""

    areas = frozenset()

    def __init__(
        self,
        vault: VaultService,
        jobs: Jobs,
        messages: Messages,
        clock: Clock,
        choose_folder: Callable[[QWidget, str], Path | None],
        print_sheet: Callable[[str, str], object],
    ) -> None:
        super().__init__(jobs, messages)
        self._vault, self._clock, self._choose_folder = vault, clock, choose_folder
        self.name = Text("", "strong", elide=True)
        self.folder = Text("", "meta", elide=True)
        self.last_backup = Text("", wrap=True)
        self.backup_button = Button(_("Jetzt sichern"), "primary", symbol=Icon.SAVE, on_click=self.back_up)
        self.elsewhere_button = Button(_("Auf Datenträger sichern …"), "quiet", on_click=self.back_up_elsewhere)
        self.check_button = Button(_("Tresor prüfen"), symbol=Icon.SHIELD, on_click=self.check)
        self.progress = ProgressNote()
        self._findings = column(space=Space.XS)
        card = SectionCard(_("Tresor"))
        card.add(column(self.name, self.folder, self.last_backup, space=Space.XS))
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.backup_button, self.elsewhere_button, self.check_button):
            flow.addWidget(button)
        card.add(buttons)
        card.add(self.progress)
        card.add(self._findings)
        self.passphrase = PassphraseCard(vault, jobs, messages)
        self.recovery = RecoveryCard(vault, jobs, messages, print_sheet)
        for part in (card, self.passphrase, self.recovery):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def load(self) -> None:
        vault = self._vault
        self.jobs.read(
            lambda: _Read(vault.name, vault.folder, vault.last_backup_at()), self._show, owner=self, latest="vault"
        )

    def _show(self, view: _Read) -> None:
        self.name.setText(view.name)
        self.folder.setText(_("Ordner: {folder}").format(folder=view.folder))
        if view.last_backup_at is None:
            self.last_backup.setText(_("Es gibt noch keine Sicherung. Bitte sichern Sie den Tresor jetzt."))
            self.last_backup.set_meaning(Meaning.ATTENTION)
            return
        today = self._clock.today()
        when = _("Letzte Sicherung: {moment} ({ago})").format(
            moment=moment(view.last_backup_at), ago=days_ago(view.last_backup_at, today)
        )
        old = (self._clock.now() - view.last_backup_at).days >= _BACKUP_OLD_AFTER_DAYS
        self.last_backup.setText(when)
        self.last_backup.set_meaning(Meaning.ATTENTION if old else Meaning.GOOD)

    def back_up(self) -> None:
        """Write a backup beside the vault."""
        self._back_up(None)

    def back_up_elsewhere(self) -> None:
        """Write a backup into a folder the user chooses."""
        place = self._choose_folder(self, _("Wohin soll die Sicherung?"))
        if place is not None:
            self._back_up(place)

    def _back_up(self, place: Path | None) -> None:
        self._begin(_("Die Sicherung wird geschrieben und geprüft …"))
        self.jobs.write(lambda: self._vault.backup(place), self._backed_up, owner=self, always=self._end)

    def _backed_up(self, folder: Path) -> None:
        self.messages.good(_("Die Sicherung ist geschrieben und geprüft: {folder}").format(folder=folder))
        self.load()

    def check(self) -> None:
        """Check the vault from end to end."""
        clear(self._findings)
        self._begin(_("Der Tresor wird geprüft …"))
        self.jobs.read(self._vault.check, self._show_findings, owner=self, always=self._end)

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        clear(self._findings)
        bad = [finding for finding in findings if not finding.is_good]
        if bad:
            sum_up = _("Die Prüfung hat etwas gefunden. Bitte überschreiben Sie keine alten Sicherungen.")
        else:
            sum_up = _("Alles in Ordnung.")
        self._findings.addWidget(Text(sum_up, "strong", wrap=True, meaning=Meaning.DANGER if bad else Meaning.GOOD))
        for finding in findings:
            symbol, tone = (Icon.CHECK, "good") if finding.is_good else (Icon.DANGER, "danger")
            words = check_word(finding.check)
            if finding.error is not None:
                words = _("Nicht in Ordnung: {check}. {error}").format(check=words, error=render_error(finding.error))
            self._findings.addWidget(IconLabel(symbol, words, tone=tone, wrap=True))
        announce(self, sum_up, urgent=bool(bad))

    def _begin(self, text: str) -> None:
        self.progress.start(text)
        for button in (self.backup_button, self.elsewhere_button, self.check_button):
            button.set_busy(True)

    def _end(self) -> None:
        self.progress.stop()
        for button in (self.backup_button, self.elsewhere_button, self.check_button):
            button.set_busy(False)
