"""Sending: where releases stand, the buttons that carry them, and the history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import moment
from kimdesk.services.changes import Written
from kimdesk.services.figures import ReleaseSummary
from kimdesk.services.pushes import NotEnrolled, OutboxState, PushService, PushStatus, SendReport, problem_of
from kimdesk.ui.courier import Courier
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.figures.words import push_line, quarter_words, report_words, state_word
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import (
    Badge,
    Button,
    FlowLayout,
    Line,
    ProgressNote,
    Scroll,
    SectionCard,
    Text,
    announce,
    clear,
    column,
    row,
)


class SendPanel(QWidget):
    """`chosen(year, quarter)` when a release of the history is to be looked at; `enrol_wanted` where none is joined."""

    chosen = Signal(int, int)
    enrol_wanted = Signal()

    def __init__(
        self,
        pushes: PushService,
        jobs: Jobs,
        messages: Messages,
        clock: Clock,
        choose_folder: Callable[[QWidget, str], Path | None],
    ) -> None:
        super().__init__()
        self._pushes, self._clock, self._choose_folder = pushes, clock, choose_folder
        self._messages = messages
        self.courier = Courier(jobs, messages, self)
        self.line = Text("", wrap=True)
        self.problem = Text("", "meta", wrap=True, meaning=Meaning.ATTENTION)
        self.send_button = Button(_("Jetzt senden"), symbol=Icon.SEND, on_click=self.send)
        self.folder_button = Button(_("Auf USB-Stick legen …"), "quiet", on_click=self.send_to_folder)
        self.enrol_button = Button(_("Einladung einlesen …"), symbol=Icon.LINK, on_click=self.enrol_wanted.emit)
        self.progress = ProgressNote(on_cancel=self._cancel)
        self.result = Text("", "strong", wrap=True, selectable=True)
        self.result.hide()
        self._history = column(space=Space.S)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.send_button, self.folder_button, self.enrol_button):
            flow.addWidget(button)
        send = SectionCard(_("Senden"))
        for widget in (self.line, self.problem, buttons, self.progress, self.result):
            send.add(widget)
        send.body.addStretch(1)
        inside = QWidget()
        inside.setLayout(column(self._history, None))
        history = SectionCard(_("Bisherige Meldungen"))
        history.add(Scroll(inside), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addWidget(send)
        layout.addWidget(history, 1)

    def show_state(self, status: PushStatus, releases: Sequence[ReleaseSummary]) -> None:
        """Show where pushes stand and what was released."""
        self.line.setText(push_line(status, self._clock.today()))
        self.problem.setText(render_error(problem_of(status.problem)) if status.problem else "")
        self.problem.setVisible(bool(status.problem) and self.result.isHidden())
        self.enrol_button.setVisible(not status.enrolled)
        self.send_button.setVisible(status.enrolled)
        self.folder_button.setVisible(status.enrolled)
        for button in (self.send_button, self.folder_button):
            button.setEnabled(status.waiting > 0 and self.courier.is_idle())
        clear(self._history)
        if not releases:
            nothing = _("Noch keine. Jede Meldung, die Sie freigeben, steht dann hier.")
            self._history.addWidget(Text(nothing, "muted", wrap=True))
        for place, release in enumerate(releases):
            if place:
                self._history.addWidget(Line())
            self._history.addWidget(self._entry(release))

    def _entry(self, release: ReleaseSummary) -> QWidget:
        word, meaning = state_word(release.state)
        name = quarter_words(release.year, release.quarter)
        look = Button(name, "link", on_click=lambda: self.chosen.emit(release.year, release.quarter))
        look.setAccessibleDescription(word)
        when = _("freigegeben {when}").format(when=moment(release.created_at))
        lines: list[QWidget] = [Text(when, "meta")]
        if release.received_at is not None:
            lines.append(Text(_("Quittung vom {when}").format(when=moment(release.received_at)), "meta"))
        if release.state is OutboxState.HELD_BACK and release.problem is not None:
            lines.append(Text(render_error(problem_of(release.problem)), "meta", wrap=True, meaning=meaning))
        entry = QWidget()
        entry.setLayout(column(row(look, None, Badge(word, meaning)), *lines, space=2))
        return entry

    def send(self) -> None:
        """Send what waits over the network."""
        self._go(None)

    def send_to_folder(self) -> None:
        """Put what waits into a folder the user chooses, and fetch receipts that lie there."""
        folder = self._choose_folder(self, _("Ordner auf dem USB-Stick wählen"))
        if folder is not None:
            self._go(folder)

    def _go(self, folder: Path | None) -> None:
        self.result.hide()
        self._set_busy(True)
        self.progress.start(_("Die Meldungen werden übertragen …"))
        self.courier.go(
            lambda: self._pushes.prepare_sending(folder=folder),
            lambda sending: sending.carry(),
            lambda sending, report: self._pushes.keep_sending(sending, report),
            lambda written: self._sent(written, over_folder=folder is not None),
            self._failed,
            self._ended,
        )

    def _sent(self, written: Written[SendReport], *, over_folder: bool) -> None:
        self._say(*report_words(written.value, over_folder=over_folder))

    def _failed(self, error: KnownError) -> None:
        if isinstance(error, NotEnrolled):
            self._messages.attention(
                render_error(error), action=_("Zu den Einstellungen"), on_action=self.enrol_wanted.emit
            )
        else:
            self._say(render_error(error), Meaning.ATTENTION)

    def _say(self, text: str, meaning: Meaning) -> None:
        self.result.setText(text)
        self.result.set_meaning(meaning)
        self.result.show()
        self.problem.hide()
        announce(self.result, text, urgent=meaning is Meaning.DANGER)

    def _cancel(self) -> None:
        self.courier.cancel()
        self._ended()
        self._say(_("Das Senden wurde abgebrochen. Was noch nicht zugestellt ist, wartet weiter."), Meaning.INFO)

    def _ended(self) -> None:
        self.progress.stop()
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        self.send_button.set_busy(busy)
        self.folder_button.set_busy(busy)
