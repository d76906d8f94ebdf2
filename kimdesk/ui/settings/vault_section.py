"""The vault: where it lies, and whether everything about it is in order."""

from __future__ import annotations

from collections.abc import Sequence

from kimdesk.i18n import _, render_error
from kimdesk.services.log_words import check_word
from kimdesk.services.vault import Finding, VaultService
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import Button, IconLabel, ProgressNote, SectionCard, Text, announce, clear, column, row


class VaultSection(Section):
    """Checks on demand; nothing here changes anything."""

    areas = frozenset()

    def __init__(self, vault: VaultService, jobs: Jobs, messages: Messages) -> None:
        super().__init__(jobs, messages)
        self._vault = vault
        self.name = Text("", "strong", elide=True)
        self.folder = Text("", "meta", wrap=True, selectable=True)
        self.check_button = Button(_("Tresor prüfen"), "primary", symbol=Icon.SHIELD, on_click=self.check)
        self.progress = ProgressNote()
        self._findings = column(space=Space.XS)
        card = SectionCard(_("Tresor"))
        explained = _(
            "Die Prüfung liest jede Seite der Datei, das ganze Protokoll, die Zugänge und die Sicherungen. Sie dauert "
            "bei großen Tresoren einige Sekunden; Sie können so lange weiterarbeiten."
        )
        card.add(column(self.name, self.folder, space=Space.XS))
        card.add(Text(explained, "muted", wrap=True))
        checking = row(self.check_button, self.progress)
        checking.setStretch(1, 1)
        card.add(checking)
        card.add(self._findings)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def load(self) -> None:
        self.name.setText(self._vault.name)
        self.folder.setText(_("Ordner: {folder}").format(folder=self._vault.folder))

    def check(self) -> None:
        """Check the vault from end to end."""
        clear(self._findings)
        self.progress.start(_("Der Tresor wird geprüft …"))
        self.check_button.set_busy(True)
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

    def _end(self) -> None:
        self.progress.stop()
        self.check_button.set_busy(False)
