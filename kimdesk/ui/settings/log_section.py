"""The log: who looked at what and changed what, filtered, summed up per case, handed out, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.files import write_atomically
from kimdesk.i18n import _
from kimdesk.i18n.formats import moment, number
from kimdesk.services.changes import Written
from kimdesk.services.log_words import action_word, subject_words
from kimdesk.services.vault import AuditAction, AuditRow, explain_alarm
from kimdesk.services.vault_log import LogFilter, LogForm, LogPage, LogService, Viewer
from kimdesk.ui.alarm import AlarmPanel
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import (
    Button,
    ChoiceField,
    Column,
    DataTable,
    DateField,
    EmptyState,
    Field,
    FormGrid,
    MenuButton,
    ProgressNote,
    SectionCard,
    Text,
    TextField,
    column,
    row,
)

_AT_A_TIME = 200
_HANDED_OUT = frozenset(
    {
        AuditAction.EXPORT,
        AuditAction.PRINT,
        AuditAction.DISCLOSE,
        AuditAction.HAND_OVER,
        AuditAction.RELEASE,
        AuditAction.SEND,
    }
)
_DOORS = frozenset(
    {
        AuditAction.UNLOCK,
        AuditAction.UNLOCK_FAILED,
        AuditAction.LOCK,
        AuditAction.SLOT_ADDED,
        AuditAction.SLOT_CHANGED,
        AuditAction.SLOT_REMOVED,
        AuditAction.KEY_ROTATED,
        AuditAction.ALARM_OVERRULED,
    }
)
_GROUPS = {"handed_out": _HANDED_OUT, "doors": _DOORS}


class NotWritten(KnownError):
    """The file of the log cannot be written."""

    default_message = N_(
        "Die Datei ließ sich nicht schreiben. Bitte prüfen Sie, ob am gewählten Ort Platz ist und geschrieben werden "
        "darf."
    )


@dataclass(frozen=True)
class _Entry:
    row: AuditRow
    subject: str
    access: str


@dataclass(frozen=True)
class _Read:
    page: LogPage
    viewers: tuple[Viewer, ...]
    names: Mapping[str, str]
    numbers: Mapping[str, str]
    actions: tuple[AuditAction, ...]


class LogSection(Section):
    """Read only. `choose_path(parent, title, name, kinds)` asks where the log is to be saved."""

    areas = frozenset({"settings", "cases", "offers", "figures", "releases", "follow_ups", "vault", "backups", "log"})

    def __init__(
        self,
        log: LogService,
        jobs: Jobs,
        messages: Messages,
        clock: Clock,
        choose_path: Callable[[QWidget, str, str, str], Path | None],
    ) -> None:
        super().__init__(jobs, messages)
        self._log, self._clock, self._choose_path = log, clock, choose_path
        self._numbers: Mapping[str, str] = {}
        self._names: Mapping[str, str] = {}
        self._entries: list[_Entry] = []
        self._next: int | None = None
        self.alarm = AlarmPanel()
        self.alarm.hide()
        self.verify_button = Button(_("Protokoll prüfen"), symbol=Icon.SHIELD, on_click=self.verify)
        self.export_button = MenuButton(_("Ausgeben"), symbol=Icon.EXPORT)
        self.export_button.add(_("Als Tabelle (CSV) …"), lambda: self.export(LogForm.CSV))
        self.export_button.add(_("Vollständig (JSON) …"), lambda: self.export(LogForm.JSON))
        self.progress = ProgressNote()
        card = SectionCard(_("Protokoll"), actions=(self.progress, self.verify_button, self.export_button))
        explained = _(
            "Jedes Ansehen und Ändern wird hier festgehalten, ohne Namen von Klientinnen und Klienten, und lässt sich "
            "nicht nachträglich ändern."
        )
        card.add(Text(explained, "muted", wrap=True))
        card.add(self.alarm)
        card.add(self._filters())
        card.add(self._viewers_table())
        card.add(self._rows_table(), 1)
        self.body.addWidget(card, 1)

    def _filters(self) -> QWidget:
        self.case = Field(_("Fallnummer"), TextField(_("alle Fälle"), longest=40))
        self.action = Field(_("Was?"), ChoiceField(_action_choices(()), empty=None))
        self.action.editor.set_value("")
        self.access = Field(_("Wer?"), ChoiceField([("", _("alle Zugänge"))], empty=None))
        self.access.editor.set_value("")
        self.since = Field(_("Von"), DateField(today=self._clock.today))
        self.until = Field(_("Bis"), DateField(today=self._clock.today))
        self.case.editor.finished.connect(self.load)
        for field in (self.since, self.until):
            field.editor.line.editingFinished.connect(self.load)
        for choice in (self.action, self.access):
            choice.editor.changed.connect(self._choice_changed)
        grid = FormGrid(5, narrowest=120)
        grid.add(self.case, self.action, self.access, self.since, self.until)
        return grid

    def _viewers_table(self) -> QWidget:
        self.viewers: DataTable[Viewer] = DataTable(
            [
                Column(_("Wer hat diesen Fall gesehen?"), lambda viewer: viewer.name, strong=True),
                Column(_("Zuerst"), lambda viewer: moment(viewer.first_at), 150, leave_below=620),
                Column(_("Zuletzt"), lambda viewer: moment(viewer.last_at), 150),
                Column(_("Angesehen"), lambda viewer: number(viewer.views), 100),
                Column(_("Geändert"), lambda viewer: number(viewer.changes), 100),
            ],
            name=_("Wer diesen Fall gesehen hat"),
            filter_row=False,
            row_height=30,
        )
        self.viewers.hide()
        return self.viewers

    def _rows_table(self) -> QWidget:
        columns: list[Column[_Entry]] = [
            Column(_("Wann"), lambda entry: moment(entry.row.at), 150, sort=lambda entry: entry.row.number),
            Column(_("Was"), lambda entry: action_word(entry.row.action), 210, strong=True),
            Column(_("Womit"), lambda entry: entry.subject),
            Column(_("Wer"), lambda entry: entry.access, 160, leave_below=560),
        ]
        self.table: DataTable[_Entry] = DataTable(
            columns,
            name=_("Protokoll"),
            row_height=30,
            empty=EmptyState(Icon.BOOK, _("Kein Eintrag"), _("Zu diesem Filter gibt es keinen Eintrag."), compact=True),
        )
        self.table.filter.setPlaceholderText(_("In diesen Zeilen suchen …"))
        self.more_button = Button(_("Ältere laden"), "link", on_click=self.load_more)
        self.total = Text("", "meta")
        whole = QWidget()
        layout = column(space=Space.XS)
        layout.addWidget(self.table, 1)
        layout.addLayout(row(self.more_button, None, self.total))
        whole.setLayout(layout)
        return whole

    # Reading

    def narrow(self) -> LogFilter | None:
        """Return the filter as it stands, None where a field cannot be read (it says so then)."""
        typed = self.case.editor.value().casefold()
        by_number = {number_.casefold(): case_id for case_id, number_ in self._numbers.items()}
        found = by_number.get(typed)
        if found is None and typed:  # "014" is enough where only one case ends like this
            ending = [case_id for name, case_id in by_number.items() if name.endswith(typed)]
            found = ending[0] if len(ending) == 1 else None
        if typed and found is None:
            self.case.set_error(_("Diese Nummer kennt das Protokoll nicht."))
            return None
        self.case.set_error("")
        if not self.since.check() or not self.until.check():
            return None
        chosen = str(self.action.editor.value() or "")
        actions = _GROUPS.get(chosen) or (frozenset({AuditAction(chosen)}) if chosen else frozenset())
        return LogFilter(
            case_id=found,
            actions=actions,
            since=self.since.editor.value(),
            until=self.until.editor.value(),
            slot=str(self.access.editor.value() or "") or None,
        )

    def load(self) -> None:
        narrow = self.narrow() if self._numbers or not self.case.editor.value() else LogFilter()
        if narrow is None:
            return
        log = self._log

        def read() -> _Read:
            viewers = log.viewers(narrow.case_id) if narrow.case_id is not None else ()
            page = log.page(narrow, limit=_AT_A_TIME)
            return _Read(page, viewers, log.access_names(), log.case_numbers(), log.actions_in_use())

        self.jobs.read(read, self._show, owner=self, latest="log")

    def _show(self, view: _Read) -> None:
        self._numbers, self._names = view.numbers, view.names
        self._set_options(self.action, _action_choices(view.actions))
        self._set_options(self.access, [("", _("alle Zugänge")), *sorted(view.names.items(), key=lambda pair: pair[1])])
        self.viewers.setVisible(bool(view.viewers))
        self.viewers.set_rows(view.viewers)
        height = self.viewers.view.verticalHeader().defaultSectionSize()
        self.viewers.setFixedHeight(height * (min(len(view.viewers), 3) + 1) + 12)
        self._entries = []
        self._add(view.page)

    def _set_options(self, field: Field[ChoiceField], options: list[tuple[str, str]]) -> None:
        chosen = field.editor.value()
        field.editor.blockSignals(True)
        field.editor.set_options(options)
        field.editor.set_value(chosen if chosen in {value for value, _word in options} else "")
        field.editor.blockSignals(False)

    def _choice_changed(self) -> None:
        self.load()

    def _add(self, page: LogPage) -> None:
        self._entries += [
            _Entry(each, subject_words(each, self._numbers), self._names.get(each.slot, each.slot[:8]))
            for each in page.rows
        ]
        self._next = page.next_before
        self.table.set_rows(self._entries)
        self.more_button.setVisible(self._next is not None)
        shown, total = number(len(self._entries)), number(page.total)
        self.total.setText(_("{shown} von {total} Einträgen").format(shown=shown, total=total))

    def load_more(self) -> None:
        """Read the next older rows."""
        narrow, before = self.narrow(), self._next
        if narrow is not None and before is not None:
            self.jobs.read(
                lambda: self._log.page(narrow, before=before, limit=_AT_A_TIME), self._add, owner=self, latest="more"
            )

    # Checking and handing out

    def verify(self) -> None:
        """Check the chain of the log from its first row."""
        self.alarm.hide()
        self.verify_button.set_busy(True)
        self.progress.start(_("Das Protokoll wird geprüft …"))
        self.jobs.read(self._log.verify, self._verified, owner=self, always=self._end)

    def _verified(self, alarm: KnownError | None) -> None:
        words = explain_alarm(alarm) if alarm is not None else None
        if words is not None:
            self.alarm.show_alarm(words)
            self.alarm.show()
        elif alarm is not None:
            self.messages.show_error(alarm)
        else:
            self.messages.good(_("Das Protokoll ist vollständig: Jede Zeile schließt an die vorige an."))

    def _end(self) -> None:
        self.progress.stop()
        self.verify_button.set_busy(False)

    def export(self, form: LogForm) -> None:
        """Save the rows that pass the filter; that goes into the log too."""
        narrow = self.narrow()
        if narrow is None:
            return
        kinds = _("Tabelle (*.csv)") if form is LogForm.CSV else _("JSON-Datei (*.json)")
        name = _("protokoll-{day}").format(day=f"{self._clock.today():%Y-%m-%d}")
        path = self._choose_path(self, _("Protokoll ausgeben"), f"{name}.{form.value}", kinds)
        if path is None:
            return

        def write() -> Written[bytes]:
            written = self._log.export(narrow, form)
            try:
                write_atomically(path, written.value)
            except OSError:
                raise NotWritten() from None
            return written

        self.jobs.write(
            write,
            lambda _written: self.messages.good(
                _("Das Protokoll ist gespeichert: {path}. Außerhalb des Tresors ist es nicht verschlüsselt.").format(
                    path=path
                )
            ),
            owner=self,
        )

    def focus_filter(self) -> None:
        self.case.setFocus()


def _action_choices(in_use: tuple[AuditAction, ...]) -> list[tuple[str, str]]:
    groups = [("", _("alles")), ("handed_out", _("Ausgegeben und gedruckt")), ("doors", _("Öffnen und Zugänge"))]
    return groups + [(action.value, action_word(action.value)) for action in in_use]
