"""The board: one column per rung of the ladder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.domain.issues import StructuralIssue
from kimdesk.domain.vocabulary import label
from kimdesk.domain.work_vocabulary import IssueState, Rung
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import short_date
from kimdesk.ui.case_file.record_card import RecordCard
from kimdesk.ui.design import Meaning, Space
from kimdesk.ui.widgets import FormGrid, Scroll, Text, clear, column, describe

STATE_MEANING: dict[IssueState, Meaning | None] = {
    IssueState.OPEN: Meaning.INFO,
    IssueState.ACCEPTED: Meaning.ATTENTION,
    IssueState.SOLVED: Meaning.GOOD,
    IssueState.REJECTED: None,
}
_COLUMN = 196


class Board(QWidget):
    """Five columns side by side (fewer where there is no room), each with its issues, the newest on top."""

    def __init__(self, on_open: Callable[[UUID], object]) -> None:
        super().__init__()
        self._on_open = on_open
        self.columns: dict[Rung, QVBoxLayout] = {}
        self.heads: dict[Rung, Text] = {}
        grid = FormGrid(len(Rung), narrowest=_COLUMN)
        for rung in Rung:
            place = QWidget()
            stack = QVBoxLayout(place)
            stack.setContentsMargins(0, 0, 0, Space.S)
            stack.setSpacing(Space.S)
            head = Text(_(label(rung)), "section", wrap=True)
            describe(place, _(label(rung)))
            self.heads[rung], self.columns[rung] = head, column()
            stack.addWidget(head)
            stack.addLayout(self.columns[rung])
            stack.addStretch(1)
            grid.add(place)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(Scroll(grid))

    def show_issues(self, issues: Iterable[StructuralIssue], selected: UUID | None) -> None:
        """Show the issues, each on its rung."""
        known = list(issues)
        for rung, place in self.columns.items():
            clear(place)
            here = [issue for issue in known if issue.rung is rung]
            self.heads[rung].setText(f"{_(label(rung))} ({len(here)})")
            for issue in here:
                place.addWidget(self._card(issue, selected=issue.id == selected))
            if not here:
                place.addWidget(Text(_("nichts auf dieser Stufe"), "muted", wrap=True))

    def _card(self, issue: StructuralIssue, *, selected: bool) -> RecordCard:
        count = len(issue.case_ids)
        since = short_date(issue.steps[-1].moved_on if issue.steps else issue.noticed_on)
        return RecordCard(
            issue.title,
            [
                (_(label(issue.kind)), None),
                (_("seit {day}").format(day=since), None),
                (ngettext("{n} Fall", "{n} Fälle", count).format(n=count) if count else "", None),
            ],
            badges=[(_(label(issue.state)), STATE_MEANING[issue.state])],
            selected=selected,
            on_open=partial(self._on_open, issue.id),
        )
