"""Where the directory comes from: the office's signed one, files, the last import and how to take it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.foundation.files import write_atomically
from kimdesk.i18n import _, ngettext, render_error
from kimdesk.i18n.formats import moment, number, short_date
from kimdesk.services.desk import Desk
from kimdesk.services.offer_feed import FeedState, FeedUpdate
from kimdesk.services.offer_imports import ImportPreview, LastImport
from kimdesk.services.offers import ImportReport, OfferFormat
from kimdesk.ui.courier import Courier
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.files import ask_for_file, ask_where_to_save
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.offers.review import ReportView, ReviewView
from kimdesk.ui.widgets import (
    Banner,
    Button,
    MenuButton,
    ProgressNote,
    SectionCard,
    Text,
    column,
    put,
    row,
    size_within_screen,
)

AskFile = Callable[[QWidget, str, str], Path | None]
AskWhere = Callable[[QWidget, str, str, str], Path | None]
_EXPORTS = (
    (OfferFormat.XLSX, "Angebote.xlsx", "Excel (*.xlsx)"),
    (OfferFormat.CSV, "Angebote.csv", "CSV (*.csv)"),
    (OfferFormat.HSDS, "Angebote.json", "HSDS 3.1 (*.json)"),
)


@dataclass(frozen=True)
class _State:
    """What the view shows, read in one go."""

    count: int
    feed: FeedState
    enrolled: bool
    last: LastImport | None


class UpdatingView(QWidget):
    """The state of the directory and the ways to a newer one. `ask_file` and `ask_where` stand for the system's
    dialogs."""

    def __init__(
        self,
        desk: Desk,
        jobs: Jobs,
        messages: Messages,
        *,
        ask_file: AskFile = ask_for_file,
        ask_where: AskWhere = ask_where_to_save,
    ) -> None:
        super().__init__()
        self._desk, self._jobs, self._messages = desk, jobs, messages
        self._ask_file, self._ask_where = ask_file, ask_where
        self.courier = Courier(jobs, messages, self)
        self.dialog: UpdateDialog | None = None
        self.held = Text("", "body", wrap=True)
        self.export = MenuButton(_("Exportieren"), symbol=Icon.EXPORT)
        for file_format, name, kinds in _EXPORTS:
            self.export.add(kinds, partial(self._export, file_format, name, kinds))
        directory = SectionCard(_("Das Verzeichnis"))
        directory.add(self.held)
        directory.body.addLayout(row(self.export, None))

        self.feed_state = Text("", "body", wrap=True)
        self.fetch_button = Button(_("Aktuelles Verzeichnis holen"), symbol=Icon.CLOUD, on_click=self.fetch)
        self.stick_button = Button(_("Von Datei oder Stick …"), symbol=Icon.IMPORT, on_click=self.take_file)
        self.progress = ProgressNote(_("Das Verzeichnis wird geholt …"), on_cancel=self.courier.cancel)
        feed = SectionCard(_("Verzeichnis der koordinierenden Stelle"))
        feed.add(self.feed_state)
        feed.body.addLayout(row(self.fetch_button, self.stick_button, self.progress, None))

        self.last_import = Text("", "body", wrap=True)
        self.undo_button = Button(_("Import zurücknehmen"), symbol=Icon.UNDO, on_click=self.undo)
        history = SectionCard(_("Der letzte Import"))
        history.add(self.last_import)
        history.body.addLayout(row(self.undo_button, None))
        self.setLayout(column(directory, feed, history, None, space=Space.M))

    def read(self) -> None:
        """Read the state again."""
        self._jobs.read(self._state, self._show, owner=self, latest="state")

    def _state(self) -> _State:
        desk = self._desk
        return _State(
            desk.offers.count(), desk.offer_feed.state(), desk.pushes.enrolment() is not None, desk.offer_imports.last()
        )

    def _show(self, state: _State) -> None:
        self.held.setText(
            ngettext(
                "Ein Angebot steht im Verzeichnis.", "{count} Angebote stehen im Verzeichnis.", state.count
            ).format(count=number(state.count))
        )
        self.export.setEnabled(state.count > 0)
        self.feed_state.setText(_feed_sentence(state))
        for button in (self.fetch_button, self.stick_button):
            button.setEnabled(state.enrolled)
        last = state.last
        self.undo_button.setVisible(last is not None and not last.undone)
        self.last_import.setText(_import_sentence(last))

    def fetch(self) -> None:
        """Fetch the office's directory over the net and show the difference."""
        self.fetch_button.set_busy(True)
        self.progress.start()
        feed = self._desk.offer_feed
        self.courier.go(
            feed.prepare_fetch,
            lambda way: way.run(),
            lambda _way, data: feed.begin(data),
            self._review,
            self._messages.show_error,
            self._fetched,
        )

    def _fetched(self) -> None:
        self.progress.stop()
        self.fetch_button.set_busy(False)

    def take_file(self) -> None:
        """Take the office's directory from a file and show the difference."""
        path = self._ask_file(self, _("Verzeichnis der koordinierenden Stelle wählen"), "*.kimdesk")
        if path is None:
            return
        feed = self._desk.offer_feed
        self._jobs.write(lambda: feed.begin(feed.read(path)), self._review, owner=self)

    def _review(self, update: FeedUpdate) -> None:
        self.dialog = UpdateDialog(self, self._desk, self._jobs, update)
        self.dialog.finished.connect(self.read)
        self.dialog.open()

    def undo(self) -> None:
        """Take the last import back."""
        self.undo_button.set_busy(True)
        self._jobs.write(
            self._desk.offer_imports.undo,
            self._undone,
            owner=self,
            always=lambda: self.undo_button.set_busy(False),
            touches={"offers"},
        )

    def _undone(self, count: int) -> None:
        self._messages.good(
            ngettext(
                "Der letzte Import ist zurückgenommen: ein Angebot.",
                "Der letzte Import ist zurückgenommen: {count} Angebote.",
                count,
            ).format(count=number(count))
        )
        self.read()

    def _export(self, file_format: OfferFormat, name: str, kinds: str) -> None:
        path = self._ask_where(self, _("Verzeichnis exportieren"), name, kinds)
        if path is not None:
            self._jobs.write(
                lambda: write_atomically(path, self._desk.offer_exports.export(file_format)),
                lambda _nothing: self._messages.good(
                    _("Das Verzeichnis ist exportiert. Eigene Notizen sind nicht dabei.")
                ),
                owner=self,
            )


class UpdateDialog(QDialog):
    """Shows what the office's directory would change, and applies it in one step."""

    def __init__(self, parent: QWidget, desk: Desk, jobs: Jobs, update: FeedUpdate) -> None:
        super().__init__(parent)
        put(self, role="window")
        self.setWindowTitle(_("Verzeichnis der koordinierenden Stelle"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._jobs, self._update = desk, jobs, update
        self._missing: frozenset[UUID] = frozenset()
        head = update.head
        self.about = Banner(
            _("Unterschrift geprüft. Ausgestellt am {day}, gültig bis {end}, {count} Angebote.").format(
                day=short_date(head.issued_at.date()), end=short_date(head.expires_at.date()), count=number(head.offers)
            ),
            Meaning.GOOD,
        )
        self.problem = Banner("", Meaning.DANGER)
        self.problem.hide()
        self.review, self.report = ReviewView(), ReportView()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.review)
        self.stack.addWidget(self.report)
        self.progress = ProgressNote(_("Die Änderungen werden verglichen …"))
        self.close_button = Button(_("Abbrechen"), on_click=self.reject)
        self.apply_button = Button(_("Übernehmen"), "primary", symbol=Icon.IMPORT, on_click=self.apply)
        self.apply_button.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        layout.setSpacing(Space.M)
        layout.addWidget(Text(_("Verzeichnis der koordinierenden Stelle"), "title"))
        layout.addWidget(self.about)
        layout.addWidget(self.problem)
        layout.addWidget(self.stack, 1)
        layout.addLayout(row(self.progress, None, self.close_button, self.apply_button))
        size_within_screen(self, 860, 600)
        self.progress.start()
        self._next()

    def _next(self) -> None:
        self._jobs.write(self._update.steps.step, self._stepped, self._refused, owner=self)

    def _stepped(self, preview: ImportPreview | None) -> None:
        if preview is None:
            done, total = self._update.steps.progress
            self.progress.set_share(done / max(total, 1))
            self._next()
            return
        self.progress.stop()
        self._missing = frozenset(preview.missing)
        self.review.show_preview(preview, remove=True)
        self.apply_button.setEnabled(True)
        self.apply_button.setFocus()

    def apply(self) -> None:
        """Apply the directory."""
        keep = [one for one in self._missing if one not in self.review.leaving()]
        self.apply_button.set_busy(True)
        self.progress.start(_("Die Änderungen werden geschrieben …"))
        self._jobs.write(
            lambda: self._desk.offer_feed.apply(self._update, keep),
            self._applied,
            self._refused,
            owner=self,
            always=self.progress.stop,
            touches={"offers"},
        )

    def _applied(self, report: ImportReport) -> None:
        self.report.show_report(report)
        self.stack.setCurrentWidget(self.report)
        self.apply_button.hide()
        self.close_button.setText(_("Schließen"))
        self.close_button.setFocus()

    def reject(self) -> None:
        """Close; what was not applied is thrown away."""
        if self.stack.currentWidget() is self.review:
            identifier = self._update.steps.id
            self._jobs.write(lambda: self._desk.offer_imports.discard(identifier))
        super().reject()

    def _refused(self, error: KnownError) -> None:
        self.progress.stop()
        self.apply_button.set_busy(False)
        self.problem.set_text(render_error(error), Meaning.DANGER)
        self.problem.show()


def _feed_sentence(state: _State) -> str:
    if not state.enrolled:
        return _(
            "Dieser Tresor ist mit keiner koordinierenden Stelle verbunden. "
            "Verbinden können Sie ihn in den Einstellungen."
        )
    feed = state.feed
    if feed.issued_at is None or feed.expires_at is None or feed.applied_at is None:
        return _("Von Ihrer koordinierenden Stelle wurde noch kein Verzeichnis übernommen.")
    return _("Stand vom {day}, gültig bis {end}, übernommen am {applied}.").format(
        day=short_date(feed.issued_at.date()),
        end=short_date(feed.expires_at.date()),
        applied=short_date(feed.applied_at.date()),
    )


def _import_sentence(last: LastImport | None) -> str:
    if last is None:
        return _("Es wurde noch nichts importiert.")
    report = last.report
    sentence = _("{moment}: {added} neu, {changed} geändert, {removed} herausgenommen.").format(
        moment=moment(last.applied_at),
        added=number(int(report.get("added", 0))),
        changed=number(int(report.get("changed", 0))),
        removed=number(int(report.get("removed", 0))),
    )
    return sentence + " " + _("Er ist zurückgenommen.") if last.undone else sentence
