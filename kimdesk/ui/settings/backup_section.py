"""Backups: the plan, the places, the list of what there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, ngettext, render_error
from kimdesk.i18n.formats import moment
from kimdesk.services.vault_backups import (
    BackupInfo,
    BackupOutcome,
    BackupPreview,
    BackupService,
    BackupSettings,
    OutcomeState,
    PlaceCondition,
    PlaceState,
)
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.figures.words import days_ago
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.backup_words import preview_words, reason_word, size_words
from kimdesk.ui.settings.section import Section, reveal
from kimdesk.ui.unlock.passphrase_field import PassphraseField
from kimdesk.ui.widgets import (
    Button,
    ChoiceField,
    Column,
    DataTable,
    EmptyState,
    Field,
    FlowLayout,
    Form,
    FormGrid,
    NumberField,
    ProgressNote,
    SectionCard,
    Text,
    clear,
    column,
    row,
)

_OLD_AFTER_DAYS = 7
_LIST_LINES = 6
_EVERY = ("4", "24", "48", "168")
_KEPT = ("daily", "weekly", "monthly")


@dataclass(frozen=True)
class _Read:
    settings: BackupSettings
    places: tuple[PlaceState, ...]
    backups: tuple[BackupInfo, ...]


class BackupSection(Section):
    """`choose_folder(parent, title)` asks for a place."""

    areas = frozenset({"backups", "settings", "vault"})

    def __init__(
        self,
        backups: BackupService,
        jobs: Jobs,
        messages: Messages,
        clock: Clock,
        choose_folder: Callable[[QWidget, str], Path | None],
    ) -> None:
        super().__init__(jobs, messages)
        self._backups, self._clock, self._choose_folder = backups, clock, choose_folder
        self._second: Path | None = None
        for part in (self._now_card(), self._list_card(), self._plan_card()):
            self.body.addWidget(part)
        self.body.addStretch(1)

    # The parts

    def _now_card(self) -> SectionCard:
        self.last_backup = Text("", "strong", wrap=True)
        self._places = column(space=Space.XS)
        self.backup_button = Button(_("Jetzt sichern"), "primary", symbol=Icon.SAVE, on_click=self.back_up)
        self.elsewhere_button = Button(_("In anderen Ordner sichern …"), on_click=self.back_up_elsewhere)
        self.progress = ProgressNote()
        card = SectionCard(_("Sicherung"))
        card.add(self.last_backup)
        card.add(self._places)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.backup_button, self.elsewhere_button):
            flow.addWidget(button)
        card.add(buttons)
        card.add(self.progress)
        return card

    def _list_card(self) -> SectionCard:
        self.table: DataTable[BackupInfo] = DataTable(
            [
                Column(_("Gesichert am"), lambda info: moment(info.made_at), 170, strong=True),
                Column(_("Anlass"), lambda info: reason_word(info.reason), 130),
                Column(_("Größe"), lambda info: size_words(info.size_bytes), 90, leave_below=520),
                Column(_("Ort"), lambda info: str(info.place)),
            ],
            name=_("Sicherungen"),
            filter_row=False,
            row_height=32,
            empty=EmptyState(Icon.SAVE, _("Noch keine Sicherung"), "", compact=True),
        )
        self.table.setFixedHeight(self.table.view.verticalHeader().defaultSectionSize() * (_LIST_LINES + 1) + 12)
        self.table.selected.connect(lambda _info: self._chosen())
        self.verify_button = Button(_("Prüfen"), symbol=Icon.SHIELD, on_click=self.verify)
        self.look_button = Button(_("Ansehen …"), symbol=Icon.SHOW, on_click=self.open_look)
        self.delete_button = Button(_("Löschen …"), symbol=Icon.DELETE, on_click=self.open_deletion)
        self._look, self._deletion = self._look_part(), self._deletion_part()
        card = SectionCard(_("Vorhandene Sicherungen"))
        card.add(self.table)
        card.add(row(self.verify_button, self.look_button, self.delete_button, None))
        for part in (self._look, self._deletion):
            part.hide()
            card.add(part)
        restoring = _(
            "Wiederhergestellt wird vor dem Entsperren: Sperren Sie (Strg+L) und wählen Sie dort „Sicherung "
            "wiederherstellen“. Der jetzige Tresor bleibt dabei als Ordner erhalten."
        )
        card.add(Text(restoring, "meta", wrap=True))
        return card

    def _look_part(self) -> QWidget:
        self.secret = Field(_("Passphrase vom Tag der Sicherung"), PassphraseField(), required=True)
        self.secret.editor.finished.connect(self.look)
        self.open_button = Button(_("Ansehen"), "primary", on_click=self.look)
        self.contents = Text("", "strong", wrap=True)
        part = QWidget()
        grid = FormGrid(2)
        grid.add(self.secret)
        close = Button(_("Schließen"), "quiet", on_click=self._fold)
        part.setLayout(column(grid, self.contents, row(None, close, self.open_button)))
        return part

    def _deletion_part(self) -> QWidget:
        self.deletion_text = Text("", wrap=True)
        self.confirm_deletion = Button("", "danger", on_click=self.delete)
        close = Button(_("Abbrechen"), "quiet", on_click=self._fold)
        part = QWidget()
        part.setLayout(column(self.deletion_text, row(None, close, self.confirm_deletion)))
        return part

    def _plan_card(self) -> SectionCard:
        self.form = Form(self)
        self.form.changed.connect(self.draft_changed)
        every = [
            ("4", _("alle 4 Stunden")),
            ("24", _("jeden Tag")),
            ("48", _("alle zwei Tage")),
            ("168", _("jede Woche")),
        ]
        grid = FormGrid(4, narrowest=150)
        add = self.form.add
        grid.add(
            add("every_hours", Field(_("Wie oft?"), ChoiceField(every, empty=None))),
            add("daily", Field(_("Tage behalten"), NumberField(smallest=1, largest=100), required=True)),
            add("weekly", Field(_("Wochen behalten"), NumberField(smallest=1, largest=100), required=True)),
            add("monthly", Field(_("Monate behalten"), NumberField(smallest=1, largest=100), required=True)),
        )
        self.save_button = Button(_("Speichern"), "primary", symbol=Icon.SAVE, on_click=self.save)
        self.second_line = Text("", wrap=True)
        self.choose_button = Button(_("Zweiten Ort wählen …"), symbol=Icon.PLACE, on_click=self._choose_second)
        self.forget_button = Button(_("Ohne zweiten Ort"), "quiet", on_click=lambda: self._keep_second(None))
        card = SectionCard(_("Plan"), actions=(self.save_button,))
        card.add(grid)
        explained = _(
            "Von älteren Sicherungen nach Plan bleibt je Tag, Woche und Monat die letzte; von Hand gemachte bleiben, "
            "bis Sie sie löschen. Ein zweiter Ort auf einem anderen Gerät hilft, wenn der Laptop verloren geht."
        )
        card.add(Text(explained, "muted", wrap=True))
        second = row(self.choose_button, self.forget_button, self.second_line)
        second.setStretch(2, 1)
        card.add(second)
        return card

    # Showing

    def load(self) -> None:
        def read() -> _Read:
            return _Read(self._backups.settings(), self._backups.places(), self._backups.list())

        self.jobs.read(read, self._show, owner=self, latest="backups")

    def _show(self, view: _Read) -> None:
        self.table.set_rows(view.backups)
        self._show_last(view.backups)
        clear(self._places)
        for place in view.places:
            self._places.addWidget(Text(place_words(place), "meta", wrap=True, meaning=_place_meaning(place)))
        if not self.form.is_touched:
            kept = {name: getattr(view.settings, name) for name in _KEPT}
            self.form.set_values({**kept, "every_hours": _nearest(view.settings.every_hours)})
        self._second = view.settings.second_place
        self.second_line.setText(str(self._second) if self._second else _("Es ist kein zweiter Ort gewählt."))
        self.second_line.set_meaning(None if self._second else Meaning.ATTENTION)
        self.forget_button.setVisible(self._second is not None)
        self._chosen()

    def _show_last(self, backups: Sequence[BackupInfo]) -> None:
        if not backups:
            self.last_backup.setText(_("Es gibt noch keine Sicherung. Bitte sichern Sie den Tresor jetzt."))
            self.last_backup.set_meaning(Meaning.ATTENTION)
            return
        made_at = backups[0].made_at
        ago = days_ago(made_at, self._clock.today())
        self.last_backup.setText(_("Letzte Sicherung: {moment} ({ago})").format(moment=moment(made_at), ago=ago))
        old = (self._clock.now() - made_at).days >= _OLD_AFTER_DAYS
        self.last_backup.set_meaning(Meaning.ATTENTION if old else Meaning.GOOD)

    def _chosen(self) -> None:
        there = self.table.current() is not None
        for button in (self.verify_button, self.look_button, self.delete_button):
            button.setEnabled(there)
        self._fold()

    def _fold(self) -> None:
        self.secret.editor.clear()
        self.contents.setText("")
        self._look.hide()
        self._deletion.hide()

    # Backing up

    def back_up(self) -> None:
        """Write a backup in every place."""
        self._back_up(None)

    def back_up_elsewhere(self) -> None:
        """Write a backup into a folder the user chooses."""
        place = self._choose_folder(self, _("Wohin soll die Sicherung?"))
        if place is not None:
            self._back_up(place)

    def _back_up(self, place: Path | None) -> None:
        self._begin(_("Die Sicherung wird geschrieben und geprüft …"))
        self.jobs.write(
            lambda: self._backups.back_up_now(place), self._backed_up, owner=self, always=self._end, touches={"backups"}
        )

    def _backed_up(self, outcomes: tuple[BackupOutcome, ...]) -> None:
        made = [outcome for outcome in outcomes if outcome.state is OutcomeState.MADE]
        if made:
            places = ", ".join(str(outcome.place) for outcome in made)
            self.messages.good(_("Die Sicherung ist geschrieben und geprüft: {folder}").format(folder=places))
        for outcome in outcomes:
            if outcome.error is not None:
                self.messages.attention(
                    _("{place}: {problem}").format(place=outcome.place, problem=render_error(outcome.error))
                )

    # One backup

    def verify(self) -> None:
        """Read the chosen backup from end to end."""
        chosen = self.table.current()
        if chosen is None:
            return
        self._begin(_("Die Sicherung wird geprüft …"))
        self.jobs.read(
            lambda: self._backups.verify(chosen.path),
            lambda _nothing: self.messages.good(
                _("Die Sicherung vom {when} ist vollständig und unversehrt.").format(when=moment(chosen.made_at))
            ),
            owner=self,
            always=self._end,
        )

    def open_look(self) -> None:
        """Ask for the passphrase of the chosen backup."""
        self._fold()
        self._look.show()
        self.secret.setFocus()
        reveal(self._look)

    def look(self) -> None:
        """Open the chosen backup and say what is in it; nothing is written."""
        chosen, secret = self.table.current(), self.secret.editor.value()
        if chosen is None or not self.secret.check() or not self.open_button.isEnabled():
            return
        self.open_button.set_busy(True)
        self.jobs.read(
            lambda: self._backups.preview(chosen.path, secret),
            self._show_contents,
            lambda error: self.secret.set_error(render_error(error)),
            owner=self,
            always=lambda: self.open_button.set_busy(False),
        )

    def _show_contents(self, seen: BackupPreview) -> None:
        self.contents.setText(preview_words(seen))

    def open_deletion(self) -> None:
        """Ask before a backup is deleted."""
        chosen = self.table.current()
        if chosen is None:
            return
        self._fold()
        self.deletion_text.setText(_("Die Sicherung wird gelöscht und lässt sich nicht zurückholen."))
        self.confirm_deletion.setText(_("Sicherung vom {when} löschen").format(when=moment(chosen.made_at)))
        self._deletion.show()
        self.confirm_deletion.setFocus()
        reveal(self._deletion)

    def delete(self) -> None:
        """Delete the chosen backup."""
        chosen = self.table.current()
        if chosen is not None:
            self.jobs.write(
                lambda: self._backups.delete(chosen.path),
                lambda _written: self.messages.good(_("Die Sicherung ist gelöscht.")),
                owner=self,
                touches={"backups"},
            )

    # The plan

    def _choose_second(self) -> None:
        place = self._choose_folder(self, _("Wohin sollen die Sicherungen?"))
        if place is not None:
            self._keep_second(place)

    def _keep_second(self, place: Path | None) -> None:
        self._second = place
        self._store()

    def save(self) -> None:
        if self.form.check():
            self._store()

    def _store(self) -> None:
        values = self.form.values()
        if not self.form.check():
            return
        settings = BackupSettings(
            every_hours=int(values["every_hours"]),
            second_place=self._second,
            **{name: values[name] for name in _KEPT},
        )
        self.jobs.write(lambda: self._backups.save_settings(settings), self._stored, self._refused, owner=self)

    def _stored(self, _written: object) -> None:
        self.form.set_saved()
        self.draft_changed.emit()
        self.messages.good(_("Der Plan für Sicherungen ist gespeichert."))

    def _refused(self, error: KnownError) -> None:
        if isinstance(error, RuleBroken) and error.field_name == "second_place":
            self.messages.show_error(error)
            self.load()
        elif not self.form.show_error(error):
            self.messages.show_error(error)

    def _begin(self, text: str) -> None:
        self.progress.start(text)
        for button in (self.backup_button, self.elsewhere_button, self.verify_button):
            button.set_busy(True)

    def _end(self) -> None:
        self.progress.stop()
        for button in (self.backup_button, self.elsewhere_button):
            button.set_busy(False)
        self.verify_button.setEnabled(self.table.current() is not None)

    def draft(self) -> Mapping[str, object] | None:
        return self.form.draft() if self.form.is_touched else None

    def restore(self, draft: Mapping[str, Any]) -> None:
        self.form.restore(draft)


def _nearest(hours: int) -> str:
    """Return the choice that comes closest to what the command line may have set."""
    return min(_EVERY, key=lambda choice: abs(int(choice) - hours))


def place_words(place: PlaceState) -> str:
    """Return where backups go and how it stands there."""
    name = _("Im Ordner des Tresors") if place.is_own else str(place.path)
    count = ngettext("{n} Sicherung", "{n} Sicherungen", place.count).format(n=place.count)
    match place.state:
        case PlaceCondition.ABSENT:
            return _("{place}: nicht erreichbar. Die Sicherung wird nachgeholt, sobald er da ist.").format(place=name)
        case PlaceCondition.NOT_WRITABLE:
            return _("{place}: Dort kann nicht geschrieben werden.").format(place=name)
        case PlaceCondition.READY:
            free = size_words(place.free_bytes) if place.free_bytes is not None else "–"
            return _("{place}: {count}, frei: {free}").format(place=name, count=count, free=free)


def _place_meaning(place: PlaceState) -> Meaning | None:
    return None if place.state is PlaceCondition.READY else Meaning.ATTENTION
