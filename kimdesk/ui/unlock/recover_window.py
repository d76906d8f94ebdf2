"""After opening with the recovery key: a new passphrase and a new sheet, before anything else."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.services.vault import RecoverySheet
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.recovery_sheet import PrintSheet, print_recovery_sheet
from kimdesk.ui.unlock.brand import Threshold
from kimdesk.ui.unlock.passphrase_choice import PassphraseChoice
from kimdesk.ui.unlock.recovery_view import RecoveryView
from kimdesk.ui.widgets import Banner, Button, ProgressNote, SectionCard, Text, row, size_within_screen


class RecoverWindow(Threshold):
    """`recover(passphrase)` sets the passphrase and returns the new sheet; `done` once that is confirmed.

    `abandoned` when the window is closed before: the vault is to be closed then. The next unlocking asks again.
    """

    done = Signal()
    abandoned = Signal()

    def __init__(
        self,
        recover: Callable[[str], RecoverySheet],
        suggest: Callable[[], str],
        jobs: Jobs,
        *,
        print_sheet: PrintSheet = print_recovery_sheet,
        probe: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        super().__init__(is_demo=False, width=720)
        self._recover, self._jobs = recover, jobs
        self._is_done = False
        self.banner = Banner("", Meaning.DANGER)
        self.banner.hide()
        self.choice = PassphraseChoice(suggest)
        self.choice.finished.connect(self._set)
        self.set_button = Button(_("Passphrase setzen"), "primary", symbol=Icon.KEY, on_click=self._set)
        self.progress = ProgressNote()
        self.recovery = RecoveryView(print_sheet, probe=probe)
        self.recovery.confirmed.connect(self._confirmed)
        self._first, self._second = self._passphrase_card(), self._sheet_card()
        for part in (self.banner, self._first, self._second):
            self.middle.addWidget(part)
        self.middle.addStretch(2)
        self._second.hide()
        self.choice.setFocus()
        size_within_screen(self, 900, 700)

    def _passphrase_card(self) -> QWidget:
        card = SectionCard(_("Neue Passphrase"))
        explained = _(
            "Der Tresor ist mit dem Wiederherstellungsschlüssel geöffnet; der ist damit verbraucht. Setzen Sie jetzt "
            "eine neue Passphrase. Danach bekommen Sie ein neues Blatt."
        )
        card.add(Text(explained, "muted", wrap=True))
        card.add(self.choice)
        card.add(row(None, self.progress, self.set_button))
        return card

    def _sheet_card(self) -> QWidget:
        card = SectionCard(_("Neues Wiederherstellungsblatt"))
        card.add(Text(_("Die neue Passphrase gilt. Vernichten Sie das alte Blatt."), "muted", wrap=True))
        card.add(self.recovery)
        return card

    def _set(self) -> None:
        passphrase = self.choice.take()
        if passphrase is None or not self.set_button.isEnabled():
            return
        self.banner.hide()
        self.set_button.set_busy(True)
        self.progress.start(_("Die Passphrase wird gesetzt …"))
        self._jobs.read(
            lambda: self._recover(passphrase), self._show_sheet, self._refused, owner=self, always=self._end
        )

    def _end(self) -> None:
        self.progress.stop()
        self.set_button.set_busy(False)

    def _refused(self, error: KnownError) -> None:
        self.banner.set_text(render_error(error))
        self.banner.show()

    def _show_sheet(self, sheet: RecoverySheet) -> None:
        self.choice.clear()
        self._first.hide()
        self._second.show()
        self.recovery.show_sheet(sheet)
        self.recovery.setFocus()

    def _confirmed(self) -> None:
        self.recovery.put_away()
        self._is_done = True
        self.done.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not self._is_done:
            self._is_done = True
            self.abandoned.emit()
