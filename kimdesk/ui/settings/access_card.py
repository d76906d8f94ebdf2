"""Who can open the vault: the list, a deputy's own access, and taking one away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.clock import OFFICE_ZONE, Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.services.vault import Access, SlotKind, VaultService
from kimdesk.ui.design import Icon
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.access_words import end_words, kind_word, name_of, office_day, state_word
from kimdesk.ui.settings.section import reveal
from kimdesk.ui.unlock.passphrase_choice import PassphraseChoice
from kimdesk.ui.unlock.passphrase_field import PassphraseField
from kimdesk.ui.widgets import (
    Button,
    Column,
    DataTable,
    DateField,
    Field,
    Form,
    FormGrid,
    ProgressNote,
    SectionCard,
    Text,
    TextField,
    column,
    row,
)

_LONGEST_NAME = 60


class AccessCard(SectionCard):
    """`changed` after a write, `revoke_wanted` carries the id of an access to be taken away for good."""

    changed = Signal()
    revoke_wanted = Signal(object)
    draft_changed = Signal()

    def __init__(
        self, vault: VaultService, jobs: Jobs, messages: Messages, clock: Clock, suggest: Callable[[], str]
    ) -> None:
        super().__init__(_("Wer den Tresor öffnen kann"))
        self._vault, self._jobs, self._messages, self._clock = vault, jobs, messages, clock
        columns: list[Column[Access]] = [
            Column(_("Name"), name_of, strong=True),
            Column(_("Art"), lambda access: kind_word(access.kind), 180, leave_below=520),
            Column(_("Seit"), lambda access: office_day(access.created_at), 110, leave_below=620),
            Column(_("Gültig bis"), end_words, 120),
            Column(_("Zustand"), state_word, 150),
        ]
        self.table: DataTable[Access] = DataTable(columns, name=_("Zugänge"), filter_row=False, row_height=32)
        self.table.selected.connect(lambda _access: self._show_buttons())
        self.add_button = Button(_("Vertretung einrichten …"), symbol=Icon.ADD, on_click=self.open_new)
        self.extend_button = Button(_("Frist ändern …"), symbol=Icon.CALENDAR, on_click=self.open_extension)
        self.remove_button = Button(_("Entfernen …"), symbol=Icon.DELETE, on_click=self.open_removal)
        self.add(self.table)
        self.add(row(self.add_button, self.extend_button, self.remove_button, None))
        self._new, self._extension, self._removal = (
            self._new_part(suggest),
            self._extension_part(),
            self._removal_part(),
        )
        for part in (self._new, self._extension, self._removal):
            part.hide()
            self.add(part)

    # The parts that open below the list

    def _new_part(self, suggest: Callable[[], str]) -> QWidget:
        self.form = Form(self)
        self.form.changed.connect(self.draft_changed)
        self.name = self.form.add(
            "label",
            Field(
                _("Name der Vertretung"),
                TextField(longest=_LONGEST_NAME),
                help=_("Er steht unverschlüsselt neben dem Tresor und im Protokoll."),
                required=True,
            ),
        )
        self.ends_on = self.form.add(
            "expires_at",
            Field(_("Letzter Tag"), DateField(today=self._clock.today), help=_("Leer: ohne Ende.")),
        )
        self.current = Field(_("Ihre eigene Passphrase"), PassphraseField(), required=True)
        self.choice = PassphraseChoice(suggest)
        self.add_progress = ProgressNote()
        self.save_new = Button(_("Vertretung einrichten"), "primary", symbol=Icon.KEY, on_click=self.add_deputy)
        grid = FormGrid(3)
        grid.add(self.name, self.ends_on, self.current)
        explained = _(
            "Die Vertretung bekommt eine eigene Passphrase. Am besten wählt und tippt sie sie selbst; Ihre eigene "
            "geben Sie nicht weiter. Alles, was sie öffnet, steht mit ihrem Namen im Protokoll."
        )
        cancel = Button(_("Abbrechen"), "quiet", on_click=self.close_parts)
        part = QWidget()
        part.setLayout(
            column(
                Text(explained, "muted", wrap=True),
                grid,
                self.choice,
                row(None, self.add_progress, cancel, self.save_new),
            )
        )
        return part

    def _extension_part(self) -> QWidget:
        self.new_end = Field(_("Neuer letzter Tag"), DateField(today=self._clock.today), help=_("Leer: ohne Ende."))
        self.deputy_passphrase = Field(_("Passphrase der Vertretung"), PassphraseField(), required=True)
        self.current_for_end = Field(_("Ihre eigene Passphrase"), PassphraseField(), required=True)
        self.save_end = Button(_("Frist ändern"), "primary", on_click=self.extend)
        self.end_progress = ProgressNote()
        grid = FormGrid(3)
        grid.add(self.new_end, self.deputy_passphrase, self.current_for_end)
        cancel = Button(_("Abbrechen"), "quiet", on_click=self.close_parts)
        part = QWidget()
        part.setLayout(column(grid, row(None, self.end_progress, cancel, self.save_end)))
        return part

    def _removal_part(self) -> QWidget:
        self.removal_text = Text("", wrap=True)
        self.current_for_removal = Field(_("Ihre eigene Passphrase"), PassphraseField(), required=True)
        self.remove_progress = ProgressNote()
        self.confirm_removal = Button("", "danger", on_click=self.remove)
        self.revoke_button = Button(_("Wirklich entziehen …"), symbol=Icon.KEY, on_click=self._revoke)
        cancel = Button(_("Abbrechen"), "quiet", on_click=self.close_parts)
        grid = FormGrid(2)
        grid.add(self.current_for_removal)
        part = QWidget()
        part.setLayout(
            column(
                self.removal_text,
                grid,
                row(None, self.remove_progress, cancel, self.revoke_button, self.confirm_removal),
            )
        )
        return part

    # Showing

    def show_accesses(self, accesses: Sequence[Access], *, may_change: bool) -> None:
        """Show the list; a deputy may look only."""
        self._may_change = may_change
        self.table.set_rows(accesses)
        lines = max(len(accesses), 2) + 1
        self.table.setFixedHeight(self.table.view.verticalHeader().defaultSectionSize() * lines + 12)
        self.set_note("" if may_change else _("Als Vertretung können Sie Zugänge nicht ändern."))
        self._show_buttons()

    def _show_buttons(self) -> None:
        chosen = self.table.current()
        self.add_button.setEnabled(self._may_change)
        self.extend_button.setEnabled(self._may_change and chosen is not None and chosen.kind is SlotKind.DEPUTY)
        removable = chosen is not None and chosen.kind is not SlotKind.RECOVERY and not chosen.is_current
        self.remove_button.setEnabled(self._may_change and removable)

    _may_change = True

    def _open(self, part: QWidget, focus: QWidget) -> None:
        self.close_parts()
        part.show()
        focus.setFocus()
        reveal(self)

    def open_new(self) -> None:
        """Ask for a deputy's name, end and passphrase."""
        self._open(self._new, self.name)
        self.choice.new_suggestion()

    def open_extension(self) -> None:
        """Ask for another end of the chosen access."""
        chosen = self.table.current()
        if chosen is not None:
            self._open(self._extension, self.new_end)

    def open_removal(self) -> None:
        """Say what removing does, and what it does not."""
        chosen = self.table.current()
        if chosen is None:
            return
        self.removal_text.setText(
            _(
                "„{name}“ öffnet diesen Tresor dann nicht mehr. Wer eine alte Kopie des Ordners oder eine alte "
                "Sicherung hat, kommt damit aber weiter hinein. Ganz entzogen ist der Zugang erst, wenn der Schlüssel "
                "gewechselt ist."
            ).format(name=name_of(chosen))
        )
        self.confirm_removal.setText(_("Zugang „{name}“ entfernen").format(name=name_of(chosen)))
        self._open(self._removal, self.current_for_removal)

    def close_parts(self) -> None:
        """Fold what is open and empty every passphrase."""
        for part in (self._new, self._extension, self._removal):
            part.hide()
        self.choice.clear()
        for field in (self.current, self.deputy_passphrase, self.current_for_end, self.current_for_removal):
            field.editor.clear()
            field.set_error("")

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.close_parts()

    # Doing

    def add_deputy(self) -> None:
        """Set the deputy's access up, if what was typed allows it."""
        if not self.save_new.isEnabled() or not self.form.check() or not self.current.check():
            return
        passphrase = self.choice.take()
        if passphrase is None:
            return
        label, ends, current = (
            self.name.editor.value(),
            end_of(self.ends_on.editor.value()),
            self.current.editor.value(),
        )
        self._run(
            lambda: self._vault.add_deputy(passphrase, label=label, expires_at=ends, current=current),
            lambda: self._done_new(label),
            self.save_new,
            self.add_progress,
            {"current": self.current, "expires_at": self.ends_on},
        )

    def _done_new(self, label: str) -> None:
        self.form.set_values({"label": "", "expires_at": None})
        self.draft_changed.emit()
        self._messages.good(_("„{name}“ kann den Tresor jetzt mit einer eigenen Passphrase öffnen.").format(name=label))

    def extend(self) -> None:
        """Let the chosen access end at another day."""
        chosen = self.table.current()
        fields = (self.new_end, self.deputy_passphrase, self.current_for_end)
        wrong = [field for field in fields if not field.check()]  # every one shows what it lacks
        if chosen is None or not self.save_end.isEnabled() or wrong:
            return
        passphrase, current = self.deputy_passphrase.editor.value(), self.current_for_end.editor.value()
        ends = end_of(self.new_end.editor.value())
        self._run(
            lambda: self._vault.extend_deputy(chosen.id, passphrase, expires_at=ends, current=current),
            lambda: self._messages.good(_("Die Frist von „{name}“ ist geändert.").format(name=name_of(chosen))),
            self.save_end,
            self.end_progress,
            {"passphrase": self.deputy_passphrase, "current": self.current_for_end, "expires_at": self.new_end},
        )

    def remove(self) -> None:
        """Remove the chosen access."""
        chosen = self.table.current()
        if chosen is None or not self.confirm_removal.isEnabled() or not self.current_for_removal.check():
            return
        current = self.current_for_removal.editor.value()
        self._run(
            lambda: self._vault.remove_access(chosen.id, current=current),
            lambda: self._messages.good(_("Der Zugang „{name}“ ist entfernt.").format(name=name_of(chosen))),
            self.confirm_removal,
            self.remove_progress,
            {"current": self.current_for_removal},
        )

    def _revoke(self) -> None:
        chosen = self.table.current()
        self.close_parts()
        if chosen is not None:
            self.revoke_wanted.emit(chosen.id)

    def _run(
        self,
        work: Callable[[], object],
        said: Callable[[], object],
        button: Button,
        progress: ProgressNote,
        fields: Mapping[str, Field[Any]],
    ) -> None:
        def done(_result: object) -> None:
            self.close_parts()
            said()
            self.changed.emit()

        def refused(error: KnownError) -> None:
            field = fields.get(error.field_name) if isinstance(error, RuleBroken) and error.field_name else None
            if field is None:
                self._messages.show_error(error)
                return
            field.set_error(_(error.message).format(**error.parameters))
            field.setFocus()

        def end() -> None:
            progress.stop()
            button.set_busy(False)

        button.set_busy(True)
        progress.start(_("Der Zugang wird geändert …"))
        self._jobs.write(work, done, refused, owner=self, always=end, touches={"vault"})

    # Drafts: a name and a day, never a passphrase

    def draft(self) -> dict[str, object] | None:
        """Return what was typed of a new deputy."""
        typed: dict[str, object] = dict(self.form.draft())
        return typed if self.form.is_touched and any(typed.values()) else None

    def restore(self, draft: Mapping[str, Any]) -> None:
        """Show what `draft` returned, with the part for a new deputy open."""
        self.form.restore(draft)
        self._new.show()


def end_of(day: date | None) -> datetime | None:
    """Return the moment an access ends whose last day is `day`: midnight after it in the office's zone, as UTC."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), OFFICE_ZONE).astimezone(UTC) - timedelta(seconds=1)
