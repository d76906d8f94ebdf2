"""Passphrase and recovery key. Both ask for the present passphrase: an open desk is not enough."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.services.vault import VaultService, suggest_passphrase
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.section import reveal
from kimdesk.ui.unlock.passphrase_field import PassphraseField
from kimdesk.ui.unlock.strength import STRONG_FROM, WEAK_BELOW, estimate_bits
from kimdesk.ui.widgets import (
    Banner,
    Button,
    Field,
    Form,
    FormGrid,
    Panel,
    ProgressNote,
    SectionCard,
    Text,
    column,
    row,
)

_GROUPS_IN_A_ROW = 4


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
        typed = self.new.editor.value()
        bits = estimate_bits(typed)
        if not typed:
            text, meaning = "", None
        elif bits < WEAK_BELOW:
            text = _("Schwach: Sie wäre zu erraten. Fügen Sie Wörter hinzu, die nicht zusammengehören.")
            meaning = Meaning.DANGER
        elif bits < STRONG_FROM:
            text, meaning = _("Brauchbar: Ein Wort mehr macht sie stark."), Meaning.ATTENTION
        else:
            text, meaning = _("Stark."), Meaning.GOOD
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
    """Makes a new recovery key, shows it once and prints it. The old one ends with it."""

    def __init__(
        self, vault: VaultService, jobs: Jobs, messages: Messages, print_sheet: Callable[[str, str], object]
    ) -> None:
        self.open_button = Button(_("Neuer Schlüssel …"), symbol=Icon.KEY, on_click=self.open)
        super().__init__(_("Wiederherstellungsschlüssel"))
        self._vault, self._jobs, self._messages, self._print_sheet = vault, jobs, messages, print_sheet
        self._key = ""
        explained = _(
            "Er öffnet den Tresor, wenn die Passphrase vergessen ist. Machen Sie einen neuen, wenn das Blatt verloren "
            "ist oder es jemand gesehen hat, der es nicht sehen sollte."
        )
        self.add(Text(explained, "muted", wrap=True))
        self.add(row(self.open_button, None))
        self._ask = self._asking()
        self._show = self._showing()
        for part in (self._ask, self._show):
            part.hide()
            self.add(part)

    def _asking(self) -> QWidget:
        self.form = Form(self)
        self.current = self.form.add("current", Field(_("Jetzige Passphrase"), PassphraseField(), required=True))
        self.current.editor.line.returnPressed.connect(self.renew)
        self.renew_button = Button(_("Alten Schlüssel ungültig machen"), "danger", on_click=self.renew)
        self.progress = ProgressNote()
        part = QWidget()
        grid = FormGrid(2)
        grid.add(self.current)
        cancel = Button(_("Abbrechen"), "quiet", on_click=self.close_fields)
        part.setLayout(column(grid, row(None, self.progress, cancel, self.renew_button)))
        return part

    def _showing(self) -> QWidget:
        self._groups = QGridLayout()
        self._groups.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._groups.setHorizontalSpacing(Space.XL)
        self.print_button = Button(_("Drucken …"), symbol=Icon.PRINT, on_click=self._print)
        self.done_button = Button(_("Ich habe ihn sicher verwahrt"), "primary", on_click=self.close_fields)
        part = QWidget()
        warning = Banner(
            _(
                "Er wird nur jetzt gezeigt. Drucken Sie ihn aus oder schreiben Sie ihn ab, und vernichten Sie das alte "
                "Blatt."
            ),
            Meaning.ATTENTION,
        )
        part.setLayout(column(warning, Panel("well", self._groups), row(None, self.print_button, self.done_button)))
        return part

    @property
    def shown_key(self) -> str:
        """The key on the screen, empty once it is put away."""
        return self._key

    def open(self) -> None:
        """Ask for the present passphrase."""
        self._ask.show()
        self.open_button.hide()
        self.current.setFocus()
        reveal(self)

    def close_fields(self) -> None:
        """Put passphrase and key away."""
        self._key = ""
        self.current.editor.clear()
        self.current.set_error("")
        while (item := self._groups.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._ask.hide()
        self._show.hide()
        self.open_button.show()

    def renew(self) -> None:
        """Make the new key."""
        if not self.renew_button.isEnabled() or not self.form.check():
            return
        current = self.current.editor.value()
        self.renew_button.set_busy(True)
        self.progress.start(_("Der Schlüssel wird erzeugt …"))
        self._jobs.write(
            lambda: self._vault.renew_recovery_key(current=current),
            self._renewed,
            self._refused,
            owner=self,
            always=self._end,
        )

    def _renewed(self, key: str) -> None:
        self.close_fields()
        self._key = key
        for place, group in enumerate(key.split("-")):
            text = Text(group, "section", selectable=True)
            self._groups.addWidget(text, place // _GROUPS_IN_A_ROW, place % _GROUPS_IN_A_ROW)
        self.open_button.hide()
        self._show.show()
        self.print_button.setFocus()
        reveal(self)

    def _refused(self, error: KnownError) -> None:
        if not self.form.show_error(error):
            self._messages.show_error(error)

    def _end(self) -> None:
        self.progress.stop()
        self.renew_button.set_busy(False)

    def _print(self) -> None:
        self._print_sheet(self._vault.name, self._key)
