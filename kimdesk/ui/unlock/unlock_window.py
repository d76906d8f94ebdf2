"""The window that opens a vault."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from enum import Enum

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, ngettext, render_error
from kimdesk.services.vault import explain_alarm, unknown_recovery_words
from kimdesk.ui.alarm import AlarmPanel
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
    TextArea,
    column,
    row,
    size_within_screen,
)

_WORDS, _SYMBOLS = 14, 36
Link = tuple[str, Callable[[], object]]


class Way(Enum):
    """Which secret the window asks for."""

    OWN = "own"
    DEPUTY = "deputy"
    RECOVERY = "recovery"


class UnlockWindow(Threshold):
    """Asks for the passphrase, for a deputy's, or for the recovery key.

    `open_with(secret, despite_alarm)` runs in the worker and returns the open vault, which `unlocked` carries on, or
    raises a `KnownError`; one with an attribute `seconds` greater than 0 makes the next try wait that long. Where
    `may_override(error)` is true the user may open the vault all the same. `problem` is why the vault cannot be
    opened at all; then no passphrase is asked for. `deputies` are sentences about deputies' accesses; without one
    there is no way in for a deputy. `links` are quiet ways elsewhere (restore), `notice` says what happened before.
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
        deputies: Sequence[str] = (),
        notice: str = "",
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
        self.notice = Banner(notice, Meaning.GOOD)
        self.notice.setVisible(bool(notice))
        self.card.add(self.notice)
        self.banner = Banner("", Meaning.DANGER)
        self.banner.hide()
        self.card.add(self.banner)
        self.alarm = AlarmPanel()
        self.alarm.hide()
        self.card.add(self.alarm)
        self.passphrase = Field(_("Passphrase"), PassphraseField())
        self.deputy_lines = Text("\n".join(deputies), "muted", wrap=True)
        self.recovery = Field(
            _("Wiederherstellungsschlüssel"),
            TextArea(lines=3),
            help=_("Die 14 Wörter oder die Gruppen vom Blatt. Groß und klein, Striche und Zeilen spielen keine Rolle."),
        )
        self.override = Button(_("Trotzdem öffnen"), "danger", on_click=lambda: self._try(despite_alarm=True))
        self.override.hide()
        self.open_button = Button(_("Entsperren"), "primary", symbol=Icon.UNLOCK, on_click=self._try)
        self.open_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.progress = ProgressNote()
        self._has_deputies = bool(deputies)
        self.deputy_link = Button(_("Vertretung"), "link", on_click=lambda: self.ask_for(Way.DEPUTY))
        self.recovery_link = Button(_("Wiederherstellung"), "link", on_click=lambda: self.ask_for(Way.RECOVERY))
        self.passphrase_link = Button(_("Zurück zur Passphrase"), "link", on_click=lambda: self.ask_for(Way.OWN))
        self._build(demo_passphrase, problem, last_backup, links)
        self.passphrase.editor.finished.connect(self._try)
        self.passphrase.editor.caps_lock_changed.connect(self._caps_lock)
        self.passphrase.editor.changed.connect(self._typed)
        self.recovery.editor.changed.connect(self._recovery_typed)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.tick)
        self.ask_for(Way.OWN)
        size_within_screen(self, 760, 600)
        if seconds_to_wait:
            self._wait(seconds_to_wait)

    def _build(
        self, demo_passphrase: str | None, problem: KnownError | None, last_backup: str, links: Sequence[Link]
    ) -> None:
        if problem is not None:
            self._show_problem(problem)
        else:
            if demo_passphrase:
                self.card.add(self._demo_box(demo_passphrase))
            self.card.add(self.deputy_lines)
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
            foot.addWidget(self.deputy_link)
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

    def ask_for(self, way: Way) -> None:
        """Ask for one's own passphrase, a deputy's, or the recovery key."""
        self.way = way
        usable = self._problem is None
        self.deputy_link.setVisible(usable and way is not Way.DEPUTY and self._has_deputies)
        self.recovery_link.setVisible(usable and way is not Way.RECOVERY)
        self.passphrase_link.setVisible(usable and way is not Way.OWN)
        self.passphrase.set_label(_("Passphrase der Vertretung") if way is Way.DEPUTY else _("Passphrase"))
        if usable:
            self.deputy_lines.setVisible(way is Way.DEPUTY)
            self.passphrase.setVisible(way is not Way.RECOVERY)
            self.recovery.setVisible(way is Way.RECOVERY)
        self._field().set_error("")
        self._field().setFocus()

    def _field(self) -> Field[PassphraseField] | Field[TextArea]:
        return self.recovery if self.way is Way.RECOVERY else self.passphrase

    def _try(self, *, despite_alarm: bool = False) -> None:
        if self._busy or self.seconds_left():
            return
        secret = str(self._field().editor.value())
        if not secret:
            self._field().set_error(
                _("Bitte geben Sie den Wiederherstellungsschlüssel ein.")
                if self.way is Way.RECOVERY
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
            self.alarm.hide()
            self.notice.hide()
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
        if seconds is None:
            self._show_problem(error)
            self.override.setVisible(self._may_override(error))
        else:
            self._field().set_error(self._what_was_wrong(error))
            self.passphrase.editor.line.selectAll()
            if seconds > 0:
                self._wait(int(seconds))

    def _what_was_wrong(self, error: KnownError) -> str:
        """Return the error's sentence; of a recovery key also the words of it that cannot be right."""
        if self.way is not Way.RECOVERY:
            return render_error(error)
        unknown = unknown_recovery_words(self.recovery.editor.value())
        places = ", ".join(f"{place}." for place in unknown)
        slip = ngettext(
            "Das {places} Wort steht in keinem Schlüssel.",
            "Diese Wörter stehen in keinem Schlüssel: {places}",
            len(unknown),
        )
        words = _("Dieser Schlüssel öffnet den Tresor nicht. Bitte vergleichen Sie ihn mit dem Blatt.")
        return f"{words} {slip.format(places=places)}" if unknown else words

    def _show_problem(self, error: KnownError) -> None:
        alarm = explain_alarm(error)
        if alarm is not None:
            self.alarm.show_alarm(alarm)
            self.alarm.show()
        else:
            self.banner.set_text(render_error(error), Meaning.DANGER)
            self.banner.show()

    def _typed(self) -> None:
        self.override.hide()

    def _recovery_typed(self) -> None:
        self._typed()
        text = self.recovery.editor.area.toPlainText()
        # Enter after a whole key, as a scanner sends it, is meant as "open"; between words it is a new line.
        if text.endswith("\n") and (len(text.split()) >= _WORDS or sum(map(str.isalnum, text)) == _SYMBOLS):
            self._try()

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
