"""Earlier versions of the plan: what was agreed when, and who signed."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from kimdesk.domain.plan_versions import PlanVersion
from kimdesk.domain.vocabulary import label
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.record_card import RecordCard
from kimdesk.ui.widgets import Text, clear, column


class PlanVersions(QWidget):
    """The versions, the newest first; one of them can be unfolded to read."""

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__()
        self._desk = desk
        self._open = 0
        self.rows = column()
        self.head = Text(_("Fassungen"), "overline")
        outer = column(self.head)
        outer.addLayout(self.rows)
        outer.setContentsMargins(0, 0, 0, 0)
        self.setLayout(outer)

    def show_file(self) -> None:
        """Show the versions of the file in front."""
        versions = self._desk.the_file.work.plan_versions
        self.setVisible(bool(versions))
        clear(self.rows)
        for version in versions:
            self.rows.addWidget(
                RecordCard(
                    _("Fassung {n} vom {day}").format(n=version.number, day=short_date(version.agreed_on)),
                    [(_signed(version), None), (plan_in_words(version) if version.number == self._open else "", None)],
                    selected=version.number == self._open,
                    on_open=partial(self.unfold, version.number),
                )
            )

    def unfold(self, number: int) -> None:
        """Show what a version holds, or fold it again."""
        self._open = 0 if self._open == number else number
        self.show_file()


def _signed(version: PlanVersion) -> str:
    parts = []
    for day, said in (
        (version.signed_by_client_on, _("Klient/in unterschrieb am {day}")),
        (version.signed_by_case_manager_on, _("Fallmanagement unterschrieb am {day}")),
    ):
        if day is not None:
            parts.append(said.format(day=short_date(day)))
    return " · ".join([*parts, version.signature_note] if version.signature_note else parts) or _("ohne Unterschrift")


def plan_in_words(version: PlanVersion) -> str:
    """Return goals and measures of a version, one line each."""
    lines = []
    for goal in version.goals:
        until = _("bis {when}").format(when=short_date(goal.due_on)) if goal.due_on else ""
        lines.append(" · ".join(part for part in (f"{_(label(goal.level))}: {goal.text}", until) if part))
        lines += [f"    – {one.text}" for one in version.measures if one.goal_id == goal.id]
    known = {goal.id for goal in version.goals}
    lines += [f"– {one.text}" for one in version.measures if one.goal_id not in known]
    return "\n".join(lines)
