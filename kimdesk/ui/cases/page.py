"""The case list: find a case by name or number, see what it waits for, open it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt

from kimdesk.domain.views import CaseFile, CaseFilter, CaseSummary
from kimdesk.foundation.clock import Clock, SystemClock
from kimdesk.i18n import _, ngettext
from kimdesk.services.cases import CaseService
from kimdesk.ui.cases.columns import CaseRow, case_columns, case_row, is_found
from kimdesk.ui.cases.filters import CaseFilters
from kimdesk.ui.cases.preview import CasePreview
from kimdesk.ui.design import Icon, theme
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.widgets import Button, DataTable, EmptyState, PageHeader

_FILTER_WIDTH = 220
_Read = tuple[tuple[CaseSummary, ...], tuple[tuple[str, str], ...]]


class CasesPage(Page):
    """Enter opens a case, Space shows it in the panel at the right, Ctrl+F filters by names and numbers."""

    page_id = "cases"
    manual_page = "faelle"

    def __init__(self, cases: CaseService, jobs: Jobs, messages: Messages, clock: Clock | None = None) -> None:
        super().__init__()
        self._cases, self._jobs, self._messages = cases, jobs, messages
        self._clock = clock or SystemClock()
        self._previewed: UUID | None = None
        self.filters = CaseFilters()
        self.empty = EmptyState(
            Icon.CASES,
            _("Noch kein Fall"),
            " ",
            action=_("Erste Beratung aufnehmen"),
            on_action=lambda: self.navigate.emit("consultation", None),
        )
        self.table: DataTable[CaseRow] = DataTable(
            case_columns(self._clock.today), name=_("Fallliste"), empty=self.empty, searched=is_found, filter_row=False
        )
        self.table.filter.setPlaceholderText(_("Name oder Nummer"))
        self.table.filter.setMinimumWidth(theme().px(_FILTER_WIDTH))
        self.notified = Button(
            _("Fallmeldungen"), symbol=Icon.MAIL, on_click=lambda: self.navigate.emit("notifications", None)
        )
        self.header = PageHeader(_("Fälle"), " ", actions=(self.table.count, self.table.filter, self.notified))
        self.body.addWidget(self.header)
        self.body.addWidget(self.filters)
        self.body.addWidget(self.table, 1)
        self.table.opened.connect(lambda row: self._open(row.case.id))
        self.table.previewed.connect(lambda row: self._preview(row.case.id))
        self.table.filter_cleared.connect(self.filters.clear)
        self.table.filter.returnPressed.connect(self._to_rows)
        self.filters.status_changed.connect(self._read)
        self.filters.changed.connect(self._filter)

    @property
    def title(self) -> str:
        return _("Fälle")

    def activate(self, argument: object = None) -> None:
        self._read()
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        self._close_preview()

    def refresh(self, areas: frozenset[str]) -> None:
        if areas & {"cases", "follow_ups", "settings"}:
            self._read()

    def focus_filter(self) -> None:
        self.table.focus_filter()

    def _read(self) -> None:
        status = self.filters.status.value()
        wanted = CaseFilter(status="closed" if status == "closed" else "all" if status == "all" else "open")
        self._jobs.read(
            lambda: (self._cases.list(wanted), self._cases.communes()), self._show, owner=self, latest="list"
        )

    def _show(self, read: _Read) -> None:
        summaries, communes = read
        today = self._clock.today()
        chosen = self.table.current()
        rows = [case_row(case, today) for case in summaries]
        self.filters.offer(communes, rows)
        self._explain_empty()
        self.table.set_rows(rows)
        if chosen is None or not self.table.choose(lambda row: row.case.id == chosen.case.id):
            self.table.view.selectRow(0)
        self._say_how_many(rows, today)

    def _say_how_many(self, rows: list[CaseRow], today: date) -> None:
        overdue = sum(row.is_overdue for row in rows)
        due_today = sum(row.case.due_on == today for row in rows)
        parts = [
            ngettext("{n} Fall mit überfälliger Frist", "{n} Fälle mit überfälliger Frist", overdue).format(n=overdue)
            if overdue
            else _("keine Frist überfällig"),
            _("{n} heute fällig").format(n=due_today) if due_today else "",
        ]
        self.header.set_title(_("Fälle"), "  ·  ".join(part for part in parts if part))

    def _explain_empty(self) -> None:
        if self.filters.status.value() == "closed":
            title = _("Noch kein abgeschlossener Fall")
            sentence = _("Hier stehen Fälle, die mit Grund und Datum abgeschlossen wurden, bis zu ihrer Löschung.")
        else:
            title = _("Kein laufender Fall")
            sentence = _("Jeder Fall beginnt mit einer Beratung. Danach steht er hier mit seinem nächsten Schritt.")
        self.empty.title.setText(title)
        self.empty.sentence.setText(sentence)

    def _filter(self) -> None:
        wanted = self.filters.wanted()
        self.table.set_condition(wanted.lets_through)
        self.table.view.selectRow(0)

    def _to_rows(self) -> None:
        """Enter in the filter leads to the first row that was found."""
        if self.table.model.rowCount():
            self.table.view.selectRow(0)
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, case_id: UUID) -> None:
        self.navigate.emit("case", case_id)

    # The look at a case beside the list

    def _preview(self, case_id: UUID) -> None:
        self._previewed = case_id
        self._jobs.read(lambda: self._cases.file(case_id), self._show_preview, owner=self, latest="preview")

    def _show_preview(self, file: CaseFile) -> None:
        case_id = file.case.id
        if case_id == self._previewed:
            look = CasePreview(file, self._clock.today(), lambda: self._open(case_id))
            self.show_context.emit(file.case.number, look)

    def _close_preview(self) -> None:
        if self._previewed is not None:
            self._previewed = None
            self.show_context.emit("", None)
