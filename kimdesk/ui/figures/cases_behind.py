"""The cases behind a figure, in the panel at the right."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.domain.views import CaseLine
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.widgets import Column, DataTable, EmptyState, Text


class CasesBehind(QWidget):
    """A table of cases; Enter or a double click emits `opened` with the case's id."""

    opened = Signal(object)

    def __init__(self, row_label: str, lines: Sequence[CaseLine]) -> None:
        super().__init__()
        columns: tuple[Column[CaseLine], ...] = (
            Column(_("Fall"), lambda line: line.number, note=lambda line: line.client or _("ohne Namen")),
            Column(_("seit"), lambda line: short_date(line.opened_on)),
        )
        empty = EmptyState(Icon.CASES, _("Kein Fall"), _("Hinter dieser Zahl steht kein Fall dieses Tresors."))
        self.table: DataTable[CaseLine] = DataTable(columns, name=_("Fälle hinter der Zahl"), empty=empty)
        self.table.set_rows(lines)
        self.table.opened.connect(lambda line: self._open(line.case_id))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(Text(row_label, "strong", wrap=True))
        layout.addWidget(self.table, 1)
        self.table.setMinimumHeight(360)

    def _open(self, case_id: UUID) -> None:
        self.opened.emit(case_id)
