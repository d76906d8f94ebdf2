"""The log: who looked at what and changed what, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kimdesk.i18n import _
from kimdesk.i18n.formats import moment
from kimdesk.services.log_words import action_word, subject_words
from kimdesk.services.vault import AuditRow, VaultService
from kimdesk.ui.design import Icon
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import Column, DataTable, EmptyState, SectionCard, Text

_MOST = 1000


@dataclass(frozen=True)
class _Entry:
    row: AuditRow
    subject: str


@dataclass(frozen=True)
class _Read:
    rows: tuple[AuditRow, ...]
    case_numbers: Mapping[str, str]


class LogSection(Section):
    """Read only; the filter row finds a case by its number."""

    areas = frozenset({"settings", "cases", "offers", "figures", "releases", "follow_ups"})

    def __init__(self, vault: VaultService, jobs: Jobs, messages: Messages) -> None:
        super().__init__(jobs, messages)
        self._vault = vault
        columns: list[Column[_Entry]] = [
            Column(_("Wann"), lambda entry: moment(entry.row.at), 170, sort=lambda entry: entry.row.number),
            Column(_("Was"), lambda entry: action_word(entry.row.action), 250, strong=True),
            Column(_("Womit"), lambda entry: entry.subject),
            Column(_("Zugang"), lambda entry: entry.row.slot[:8], 110, leave_below=620),
        ]
        self.table: DataTable[_Entry] = DataTable(
            columns,
            name=_("Protokoll"),
            row_height=32,
            empty=EmptyState(Icon.BOOK, _("Noch kein Eintrag"), "", compact=True),
        )
        self.table.filter.setPlaceholderText(_("Fallnummer oder Wort …"))
        card = SectionCard(_("Protokoll"), note=_("die neuesten {n} Einträge").format(n=_MOST))
        explained = _(
            "Jedes Ansehen und Ändern wird hier festgehalten, ohne Namen, und lässt sich nicht nachträglich ändern. "
            "„Zugang“ zeigt, mit welcher Passphrase gearbeitet wurde."
        )
        card.add(Text(explained, "muted", wrap=True))
        card.add(self.table, 1)
        self.body.addWidget(card, 1)

    def load(self) -> None:
        vault = self._vault
        self.jobs.read(
            lambda: _Read(vault.log(limit=_MOST), vault.case_numbers()), self._show, owner=self, latest="log"
        )

    def _show(self, view: _Read) -> None:
        self.table.set_rows([_Entry(row, subject_words(row, view.case_numbers)) for row in view.rows])

    def focus_filter(self) -> None:
        self.table.focus_filter()
