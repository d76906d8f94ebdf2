"""The window that opens a vault."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.ui.design import Icon, Meaning, Space, theme
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.unlock.brand import Threshold
from kimdesk.ui.unlock.passphrase_field import PassphraseField
from kimdesk.ui.widgets import (
    Banner,
    Button,
    Field,
    Panel,
    ProgressNote,
    SectionCard,
    Text,
    TextField,
    column,
    row,
    size_within_screen,
)

Link = tuple[str, Callable[[], object]]


class UnlockWindow(Threshold):
    """Asks for the passphrase, or for the recovery key.

    `open_with(secret, despite_alarm)` runs in the worker and returns the open vault, which `unlocked` carries on, or
    raises a `KnownError`; one with an attribute `seconds` greater than 0 makes the next try wait that long. Where
    `may_override(error)` is true the user may open the vault all the same. `problem` is why the vault cannot be
    opened at all; then no passphrase is asked for. `links` are quiet ways elsewhere (another vault, restore).
    """

    unlocked = Signal(object)

    def __init__(
        self,
        vault_name: str,
        open_with: Callable[[str, bool], object],
        jobs: Jobs,
        *,
        demo_passphrase: str | None = None,
        seconds_to_wait: int = 0,
        last_backup: str = "",
        problem: KnownError | None = None,
        may_override: Callable[[KnownError], bool] = lambda error: False,
        links: Sequence[Link] = (),
        seconds_now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(is_demo=demo_passphrase is not None, width=460)
        self._open_with, self._jobs, self._now = open_with, jobs, seconds_now
        self._may_override, self._problem = may_override, problem
        self._wait_until = 0.0
        self._busy = False
        self.card = SectionCard()
        self.card.body.setSpacing(Space.L)
        self.card.add(column(Text(_("Tresor"), "overline"), Text(vault_name, "section", wrap=True), space=2))
        self.banner = Banner("", Meaning.DANGER)
        self.banner.hide()
        self.card.add(self.banner)
        self.passphrase = Field(_("Passphrase"), PassphraseField())
        self.recovery = Field(
            _("Wiederherstellungsschlüssel"),
            TextField("XXXX-XXXX-XXXX-…"),
            help=_("Er steht auf dem Blatt, das beim Anlegen des Tresors gedruckt wurde."),
        )
        self.override = Button(_("Trotzdem öffnen"), "danger", on_click=lambda: self._try(despite_alarm=True))
        self.override.hide()
        self.open_button = Button(_("Entsperren"), "primary", symbol=Icon.UNLOCK, on_click=self._try)
        self.open_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.progress = ProgressNote()
        self.recovery_link = Button(_("Wiederherstellung"), "link", on_click=lambda: self.ask_for_recovery(True))
        self.passphrase_link = Button(_("Zurück zur Passphrase"), "link", on_click=lambda: self.ask_for_recovery(False))
        self._build(demo_passphrase, problem, last_backup, links)
        self.passphrase.editor.finished.connect(self._try)
        self.passphrase.editor.caps_lock_changed.connect(self._caps_lock)
        self.passphrase.editor.changed.connect(self._typed)
        self.recovery.editor.line.returnPressed.connect(self._try)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.tick)
        self.ask_for_recovery(False)
        size_within_screen(self, 760, 600)
        if seconds_to_wait:
            self._wait(seconds_to_wait)

    def _build(
        self, demo_passphrase: str | None, problem: KnownError | None, last_backup: str, links: Sequence[Link]
    ) -> None:
        if problem is not None:
            self.banner.set_text(render_error(problem))
            self.banner.show()
        else:
            if demo_passphrase:
                self.card.add(self._demo_box(demo_passphrase))
            self.card.add(self.passphrase)
            self.card.add(self.recovery)
            self.card.add(self.open_button)
            self.card.add(self.override)
            keep = QWidget()  # the progress has its place, so that nothing moves when it appears
            keep.setFixedHeight(theme().px(20))
            inner = QVBoxLayout(keep)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.addWidget(self.progress)
            self.card.add(keep)
        self.middle.addWidget(self.card)
        foot = row(space=Space.M)
        if problem is None:
            foot.addWidget(self.recovery_link)
            foot.addWidget(self.passphrase_link)
        for word, call in links:
            foot.addWidget(Button(word, "link", on_click=call))
        foot.addStretch(1)
        self.middle.addLayout(foot)
        if last_backup:
            self.middle.addWidget(Text(last_backup, "meta", wrap=True))
        self.middle.addStretch(2)

    def say(self, text: str) -> None:
        """Show a sentence above the field, until the next try."""
        self.banner.set_text(text)
        self.banner.show()

    def _demo_box(self, demo_passphrase: str) -> Panel:
        fill = Button(_("Einsetzen"), on_click=lambda: self._fill_in(demo_passphrase))
        fill.setAccessibleDescription(_("Setzt die Passphrase der Demo in das Feld ein."))
        self.fill_button = fill
        words = column(
            Text(_("Passphrase der Demo"), "overline"),
            Text(demo_passphrase, "strong", wrap=True, selectable=True),
            space=2,
        )
        layout = row(space=Space.M, margin=Space.M)
        layout.addLayout(words, 1)
        layout.addWidget(fill)
        return Panel("well", layout)

    def _fill_in(self, demo_passphrase: str) -> None:
        self.passphrase.editor.set_value(demo_passphrase)
        self.passphrase.editor.show_text(True)
        self.open_button.setFocus()

    def ask_for_recovery(self, recovery: bool) -> None:
        """Ask for the recovery key instead of the passphrase, or back."""
        self._recovery = recovery
        self.recovery_link.setVisible(not recovery and self._problem is None)
        self.passphrase_link.setVisible(recovery)
        if self._problem is None:
            self.passphrase.setVisible(not recovery)
            self.recovery.setVisible(recovery)
        self._field().set_error("")
        self._field().setFocus()

    def _field(self) -> Field[PassphraseField] | Field[TextField]:
        return self.recovery if self._recovery else self.passphrase

    def _try(self, *, despite_alarm: bool = False) -> None:
        if self._busy or self.seconds_left():
            return
        secret = str(self._field().editor.value())
        if not secret:
            self._field().set_error(
                _("Bitte geben Sie den Wiederherstellungsschlüssel ein.")
                if self._recovery
                else _("Bitte geben Sie Ihre Passphrase ein.")
            )
            self._field().setFocus()
            return
        self._set_busy(True)
        self._jobs.read(
            lambda: self._open_with(secret, despite_alarm),
            self._opened,
            self._refused,
            owner=self,
            always=lambda: self._set_busy(False),
        )

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.open_button.set_busy(busy or self.seconds_left() > 0)
        self.override.set_busy(busy)
        self._field().editor.setEnabled(not busy)
        if busy:
            self.banner.hide()
            self._field().set_error("")
            self.progress.start(_("Der Tresor wird geöffnet …"))
        else:
            self.progress.stop()
            if self.isVisible():
                self._field().setFocus()

    def _opened(self, vault: object) -> None:
        self.passphrase.editor.clear()
        self.recovery.editor.set_value("")
        self.unlocked.emit(vault)

    def _refused(self, error: KnownError) -> None:
        seconds = getattr(error, "seconds", None)
        if self._may_override(error):
            self.banner.set_text(render_error(error))
            self.banner.show()
            self.override.show()
        elif seconds is None:
            self.banner.set_text(render_error(error))
            self.banner.show()
        else:
            self._field().set_error(render_error(error))
            self.passphrase.editor.line.selectAll()
            if seconds > 0:
                self._wait(int(seconds))

    def _typed(self) -> None:
        self.override.hide()

    def _caps_lock(self, on: bool) -> None:
        self.passphrase.set_help(_("Die Feststelltaste ist an.") if on else "")

    # The growing delay after wrong passphrases

    def seconds_left(self) -> int:
        """Return how many seconds the next try must wait."""
        return max(0, round(self._wait_until - self._now()))

    def _wait(self, seconds: int) -> None:
        self._wait_until = self._now() + seconds
        self._second.start()
        self.tick()

    def tick(self) -> None:
        """Look at the clock; called every second while a try must wait."""
        left = self.seconds_left()
        if left:
            self.open_button.setText(_("Entsperren (noch {n} s)").format(n=left))
        else:
            self._second.stop()
            self.open_button.setText(_("Entsperren"))
            self._field().set_error("")
        self.open_button.setEnabled(not left and not self._busy)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._field().setFocus()
