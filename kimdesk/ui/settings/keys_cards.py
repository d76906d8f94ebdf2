"""Passphrase and recovery sheet. Both ask for the present passphrase: an open desk is not enough."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.services.vault import RecoverySheet, VaultService, recovery_sheet, suggest_passphrase
from kimdesk.ui.design import Icon
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.recovery_sheet import PrintSheet
from kimdesk.ui.settings.section import reveal
from kimdesk.ui.unlock.passphrase_choice import strength_words
from kimdesk.ui.unlock.passphrase_field import PassphraseField
from kimdesk.ui.unlock.recovery_view import RecoveryView
from kimdesk.ui.unlock.strength import WEAK_BELOW, estimate_bits
from kimdesk.ui.widgets import (
    Button,
    Field,
    Form,
    FormGrid,
    ProgressNote,
    SectionCard,
    Text,
    column,
    row,
)


class PassphraseCard(SectionCard):
    """The fields show on demand and are emptied when they are left."""

    def __init__(self, vault: VaultService, jobs: Jobs, messages: Messages) -> None:
        self.open_button = Button(_("Passphrase ändern …"), symbol=Icon.KEY, on_click=self.open)
        super().__init__(_("Passphrase"))
        self._vault, self._jobs, self._messages = vault, jobs, messages
        self.form = Form(self)
        self.current = self.form.add("current", Field(_("Jetzige Passphrase"), PassphraseField(), required=True))
        self.new = self.form.add(
            "new",
            Field(
                _("Neue Passphrase"),
                PassphraseField(),
                help=_("Am besten sechs Wörter ohne Zusammenhang."),
                required=True,
            ),
        )
        self.repeat = self.form.add("repeat", Field(_("Neue Passphrase zur Probe"), PassphraseField(), required=True))
        self.new.editor.changed.connect(self._show_strength)
        for field in (self.current, self.new, self.repeat):
            field.editor.line.returnPressed.connect(self.change)
        self.strength = Text("", "meta", wrap=True)
        self.suggest = Button(_("Vorschlag einsetzen"), "quiet", symbol=Icon.REFRESH, on_click=self._suggest)
        self.change_button = Button(_("Ändern"), "primary", symbol=Icon.CHECK, on_click=self.change)
        self.cancel_button = Button(_("Abbrechen"), "quiet", on_click=self.close_fields)
        self.progress = ProgressNote()
        grid = FormGrid(3)
        grid.add(self.current, self.new, self.repeat)
        self._fields = QWidget()
        buttons = row(self.suggest, None, self.progress, self.cancel_button, self.change_button)
        self._fields.setLayout(column(grid, self.strength, buttons))
        self._fields.hide()
        explained = _(
            "Die Akten werden dabei nicht neu verschlüsselt. "
            "Alte Sicherungen öffnen sich weiter mit der alten Passphrase."
        )
        self.add(Text(explained, "muted", wrap=True))
        self.add(row(self.open_button, None))
        self.add(self._fields)

    def open(self) -> None:
        """Show the fields."""
        self._fields.show()
        self.open_button.hide()
        self.current.setFocus()
        reveal(self)

    def close_fields(self) -> None:
        """Empty and hide the fields."""
        for field in (self.current, self.new, self.repeat):
            field.editor.clear()
            field.set_error("")
        self.strength.setText("")
        self._fields.hide()
        self.open_button.show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.close_fields()

    def _suggest(self) -> None:
        self.new.editor.set_value(suggest_passphrase())
        self.new.editor.show_text(True)
        self.repeat.setFocus()

    def _show_strength(self) -> None:
        text, meaning = strength_words(self.new.editor.value())
        self.strength.setText(text)
        self.strength.set_meaning(meaning)

    def change(self) -> None:
        """Change the passphrase, if what was typed allows it."""
        if not self.change_button.isEnabled() or not self.form.check():
            return
        current, new = self.current.editor.value(), self.new.editor.value()
        if estimate_bits(new) < WEAK_BELOW:
            self.new.set_error(_("Bitte wählen Sie eine stärkere Passphrase oder nehmen Sie den Vorschlag."))
            self.new.setFocus()
            return
        if self.repeat.editor.value() != new:
            self.repeat.set_error(_("Das stimmt nicht überein. Bitte geben Sie die Passphrase noch einmal ein."))
            self.repeat.setFocus()
            return
        self.change_button.set_busy(True)
        self.progress.start(_("Die Passphrase wird geändert …"))
        self._jobs.write(
            lambda: self._vault.change_passphrase(new, current=current),
            lambda _nothing: self._changed(),
            self._refused,
            owner=self,
            always=self._end,
        )

    def _changed(self) -> None:
        self.close_fields()
        self._messages.good(_("Die Passphrase ist geändert. Ab jetzt gilt die neue."))

    def _refused(self, error: KnownError) -> None:
        if not self.form.show_error(error):
            self._messages.show_error(error)

    def _end(self) -> None:
        self.progress.stop()
        self.change_button.set_busy(False)


class RecoveryCard(SectionCard):
    """Makes a new recovery sheet, shows it once and prints it. The old one ends with it."""

    def __init__(
        self, vault: VaultService, jobs: Jobs, messages: Messages, clock: Clock, print_sheet: PrintSheet
    ) -> None:
        self.open_button = Button(_("Neues Blatt …"), symbol=Icon.KEY, on_click=self.open)
        super().__init__(_("Wiederherstellungsblatt"))
        self._vault, self._jobs, self._messages, self._clock = vault, jobs, messages, clock
        explained = _(
            "Sein Schlüssel öffnet den Tresor, wenn die Passphrase vergessen ist. Machen Sie ein neues, wenn das Blatt "
            "verloren ist oder es jemand gesehen hat, der es nicht sehen sollte."
        )
        self.add(Text(explained, "muted", wrap=True))
        self.add(row(self.open_button, None))
        self._ask = self._asking()
        self.view = RecoveryView(print_sheet)
        self.view.confirmed.connect(self._kept)
        for part in (self._ask, self.view):
            part.hide()
            self.add(part)

    def _asking(self) -> QWidget:
        self.form = Form(self)
        self.current = self.form.add("current", Field(_("Jetzige Passphrase"), PassphraseField(), required=True))
        self.current.editor.line.returnPressed.connect(self.renew)
        self.renew_button = Button(_("Altes Blatt ungültig machen"), "danger", on_click=self.renew)
        self.progress = ProgressNote()
        part = QWidget()
        grid = FormGrid(2)
        grid.add(self.current)
        cancel = Button(_("Abbrechen"), "quiet", on_click=self.close_fields)
        part.setLayout(column(grid, row(None, self.progress, cancel, self.renew_button)))
        return part

    def open(self) -> None:
        """Ask for the present passphrase."""
        self._ask.show()
        self.open_button.hide()
        self.current.setFocus()
        reveal(self)

    def close_fields(self) -> None:
        """Put passphrase and key away."""
        self.view.put_away()
        self.current.editor.clear()
        self.current.set_error("")
        self._ask.hide()
        self.view.hide()
        self.open_button.show()

    def renew(self) -> None:
        """Make the new key."""
        if not self.renew_button.isEnabled() or not self.form.check():
            return
        current = self.current.editor.value()

        def make() -> RecoverySheet:
            key = self._vault.renew_recovery_key(current=current)
            return recovery_sheet(key, vault_name=self._vault.name, made_at=self._clock.now())

        self.renew_button.set_busy(True)
        self.progress.start(_("Der Schlüssel wird erzeugt …"))
        self._jobs.write(make, self._renewed, self._refused, owner=self, always=self._end, touches={"vault"})

    def _renewed(self, sheet: RecoverySheet) -> None:
        self.close_fields()
        self.view.show_sheet(sheet)
        self.open_button.hide()
        self.view.show()
        self.view.setFocus()
        reveal(self)

    def _kept(self) -> None:
        self.close_fields()
        self._messages.good(_("Das neue Blatt gilt. Bitte vernichten Sie das alte."))

    def _refused(self, error: KnownError) -> None:
        if not self.form.show_error(error):
            self._messages.show_error(error)

    def _end(self) -> None:
        self.progress.stop()
        self.renew_button.set_busy(False)
