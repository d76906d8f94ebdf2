"""Brings a backup back, onto an empty machine or in place of a damaged vault, after showing what is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import moment
from kimdesk.services.vault_backups import BackupInfo, BackupPreview, Restored
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.files import ask_for_folder
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.settings.backup_words import preview_words, reason_word, size_words
from kimdesk.ui.unlock.brand import Threshold
from kimdesk.ui.unlock.passphrase_field import PassphraseField
from kimdesk.ui.widgets import (
    Banner,
    Button,
    Column,
    DataTable,
    EmptyState,
    Field,
    Panel,
    ProgressNote,
    SectionCard,
    Text,
    column,
    row,
    size_within_screen,
)


class RestoreWindow(Threshold):
    """`find(folder)` lists backups, `preview(backup, secret)` looks into one, `restore(backup, secret)` puts it in
    place; all three run in the worker. `restored` carries what the last one returned, `left` when the user goes back.
    `replaces` names the vault that is there, empty for an empty machine; `look_first` is where backups may lie.
    """

    restored = Signal(object)
    left = Signal()

    def __init__(
        self,
        find: Callable[[Path], tuple[BackupInfo, ...]],
        preview: Callable[[Path, str], BackupPreview],
        restore: Callable[[Path, str], Restored],
        jobs: Jobs,
        *,
        replaces: str = "",
        look_first: Path | None = None,
        choose_folder: Callable[[QWidget, str], Path | None] = ask_for_folder,
    ) -> None:
        super().__init__(is_demo=False, width=760)
        self._find, self._preview, self._restore, self._jobs = find, preview, restore, jobs
        self._replaces, self._choose_folder = replaces, choose_folder
        self._seen: BackupPreview | None = None
        self._secret = ""
        self.banner = Banner("", Meaning.DANGER)
        self.banner.hide()
        self.middle.addWidget(self.banner)
        self.middle.addWidget(self._card(), 1)
        self.middle.addStretch(1)
        size_within_screen(self, 940, 700)
        if look_first is not None:
            self.look(look_first)
        self.folder_button.setFocus()

    def _card(self) -> QWidget:
        self.folder_button = Button(_("Ordner oder Stick wählen …"), symbol=Icon.SAVE, on_click=self._choose)
        self.table: DataTable[BackupInfo] = DataTable(
            [
                Column(_("Gesichert am"), lambda info: moment(info.made_at), 170, strong=True),
                Column(_("Tresor"), lambda info: info.vault_name),
                Column(_("Anlass"), lambda info: reason_word(info.reason), 170, leave_below=560),
                Column(_("Größe"), lambda info: size_words(info.size_bytes), 90, leave_below=560),
            ],
            name=_("Gefundene Sicherungen"),
            filter_row=False,
            row_height=32,
            empty=EmptyState(
                Icon.SAVE,
                _("Noch keine Sicherung gewählt"),
                _("Wählen Sie den Ordner, in dem Ihre Sicherungen liegen, zum Beispiel den USB-Stick."),
                compact=True,
            ),
        )
        self.table.setMinimumHeight(150)
        self.table.selected.connect(lambda _row: self._forget_preview())
        self.secret = Field(
            _("Passphrase oder Wiederherstellungsschlüssel vom Tag der Sicherung"), PassphraseField(), required=True
        )
        self.secret.editor.finished.connect(self.look_inside)
        self.secret.editor.changed.connect(self._forget_preview)
        self.look_button = Button(_("Ansehen"), symbol=Icon.SHOW, on_click=self.look_inside)
        self.summary = Text("", "strong", wrap=True)
        self.consequence = Text("", wrap=True)
        self.result = Panel("well", column(self.summary, self.consequence, margin=Space.M, space=Space.XS))
        self.result.hide()
        kind = "danger" if self._replaces else "primary"
        self.restore_button = Button(_("Wiederherstellen"), kind, symbol=Icon.UNDO, on_click=self.restore)
        self.restore_button.setEnabled(False)
        self.back_button = Button(_("Zurück"), "quiet", on_click=self.left.emit)
        self.progress = ProgressNote()
        card = SectionCard(_("Sicherung wiederherstellen"), actions=(self.folder_button,))
        explained = _("Nichts wird ersetzt, bevor Sie gesehen haben, was die Sicherung enthält.")
        card.add(Text(explained, "muted", wrap=True))
        card.add(self.table, 1)
        asking = row(self.secret, self.look_button)
        asking.setStretch(0, 1)
        card.add(asking)
        card.add(self.result)
        card.add(row(self.back_button, None, self.progress, self.restore_button))
        return card

    # Finding

    def _choose(self) -> None:
        folder = self._choose_folder(self, _("Wo liegen die Sicherungen?"))
        if folder is not None:
            self.look(folder)

    def look(self, folder: Path) -> None:
        """List the backups in `folder`."""
        self._jobs.read(lambda: self._find(folder), self._show_found, self._refused, owner=self, latest="find")

    def _show_found(self, found: tuple[BackupInfo, ...]) -> None:
        self.table.set_rows(found)
        self._forget_preview()
        if found:
            self.banner.hide()
            self.table.view.selectRow(0)
            self.secret.setFocus()
        elif self.isVisible():
            self.banner.set_text(_("In diesem Ordner liegt keine Sicherung von KIM Desk."), Meaning.ATTENTION)
            self.banner.show()

    # Looking inside

    def look_inside(self) -> None:
        """Open the chosen backup and say what is in it."""
        chosen, secret = self.table.current(), self.secret.editor.value()
        if chosen is None:
            self.banner.set_text(_("Bitte wählen Sie zuerst eine Sicherung aus der Liste."), Meaning.ATTENTION)
            self.banner.show()
            return
        if not self.secret.check() or not self.look_button.isEnabled():
            return
        self._begin(_("Die Sicherung wird geöffnet …"))
        self._jobs.read(
            lambda: self._preview(chosen.path, secret),
            lambda seen: self._show_preview(seen, secret),
            self._refused,
            owner=self,
            always=self._end,
        )

    def _show_preview(self, seen: BackupPreview, secret: str) -> None:
        self._seen, self._secret = seen, secret
        when = moment(seen.info.made_at)
        self.summary.setText(preview_words(seen))
        if self._replaces:
            fate = _(
                "Der Tresor „{name}“ wird dadurch ersetzt. Sein Ordner wird umbenannt und bleibt, bis Sie ihn löschen."
            ).format(name=self._replaces)
            self.restore_button.setText(_("Tresor durch Sicherung vom {when} ersetzen").format(when=when))
        else:
            fate = _("Sie wird auf diesem Laptop eingerichtet und öffnet sich mit den Zugängen von damals.")
        self.consequence.setText(fate)
        self.result.show()
        self.restore_button.setEnabled(True)
        self.restore_button.setFocus()

    def _forget_preview(self) -> None:
        self._seen, self._secret = None, ""
        self.result.hide()
        self.restore_button.setEnabled(False)

    # Bringing back

    def restore(self) -> None:
        """Put the backup that was looked at in place."""
        seen, secret = self._seen, self._secret
        if seen is None:
            return
        self._begin(_("Die Sicherung wird zurückgespielt und geprüft …"))
        self._jobs.read(
            lambda: self._restore(seen.info.path, secret), self._done, self._refused, owner=self, always=self._end
        )

    def _done(self, restored: Restored) -> None:
        self.secret.editor.clear()
        self.restored.emit(restored)

    def _begin(self, text: str) -> None:
        self.banner.hide()
        self.progress.start(text)
        for button in (self.folder_button, self.look_button, self.restore_button, self.back_button):
            button.set_busy(True)

    def _end(self) -> None:
        self.progress.stop()
        for button in (self.folder_button, self.look_button, self.restore_button, self.back_button):
            button.set_busy(False)
        self.restore_button.setEnabled(self._seen is not None)

    def _refused(self, error: KnownError) -> None:
        self.banner.set_text(render_error(error), Meaning.DANGER)
        self.banner.show()
        self.secret.setFocus()
