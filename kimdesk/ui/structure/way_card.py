"""The way of an issue up the ladder, and its next step."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kimdesk.domain.issues import StructuralIssue
from kimdesk.domain.vocabulary import LegalDomain, label
from kimdesk.domain.work_vocabulary import IssueState, Rung
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.services.issues import IssueService
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import (
    Button,
    ChoiceField,
    DateField,
    Field,
    Form,
    FormGrid,
    SectionCard,
    Text,
    TextArea,
    Timeline,
    TimelineItem,
    row,
)

_AT_ONCE = frozenset({LegalDomain.AUFENTHG, LegalDomain.SGB_II})
"""Matters of the foreigners authority and the Jobcenter go to the district's project group at once (concept EN)."""


class WayCard(SectionCard):
    """Shows the steps taken and takes the next."""

    def __init__(self, issues: IssueService, jobs: Jobs, messages: Messages, clock: Clock) -> None:
        super().__init__(_("Weg der Meldung"))
        self._issues, self._jobs, self._messages, self._clock = issues, jobs, messages, clock
        self._issue: StructuralIssue | None = None
        self.hint = Text(_("Speichern Sie die Meldung zuerst."), "muted", wrap=True)
        self.at_once = Text(
            _("Angelegenheiten von Ausländerbehörde und Jobcenter gehen sofort in die Projektgruppe des Kreises."),
            "help",
            wrap=True,
        )
        self.steps = Timeline()
        self.form = Form(self)
        form, grid = self.form, FormGrid(2)
        grid.add(
            form.add("rung", Field(_("Nächste Stufe"), ChoiceField(options(Rung), empty=None))),
            form.add("state", Field(_("Ergebnis"), ChoiceField(options(IssueState), empty=None))),
            form.add("moved_on", Field(_("Datum"), DateField(today=clock.today), required=True)),
            form.add("review_on", Field(_("Wieder ansehen am"), DateField(today=clock.today))),
        )
        grid.add(form.add("note", Field(_("Was wurde beschlossen?"), TextArea(lines=2))), span=2)
        self.move_button = Button(_("Schritt festhalten"), symbol=Icon.UP, on_click=self.take_step)
        self._work = QWidget()
        self._work.setLayout(row(None, self.move_button))
        for part in (self.hint, self.at_once, self.steps, grid, self._work):
            self.add(part)
        self._grid = grid

    def show_issue(self, issue: StructuralIssue | None) -> None:
        """Show the way of `issue`; None: it is not stored yet."""
        self._issue = issue
        self.hint.setVisible(issue is None)
        for part in (self.steps, self._grid, self._work):
            part.setVisible(issue is not None)
        self.at_once.setVisible(
            issue is not None and issue.legal_domain in _AT_ONCE and issue.rung in (Rung.COLLECTED, Rung.COMMUNE_GROUP)
        )
        if issue is None:
            return
        self.steps.set_items(
            [
                TimelineItem(
                    short_date(step.moved_on), _(label(step.rung)), step.note, _(label(step.state)), symbol=Icon.UP
                )
                for step in reversed(issue.steps)
            ]
        )
        if not self.form.is_touched:
            self.form.set_values(
                {
                    "rung": issue.rung,
                    "state": issue.state,
                    "moved_on": self._clock.today(),
                    "review_on": issue.review_on,
                    "note": "",
                }
            )

    def take_step(self) -> None:
        """Store the step."""
        issue = self._issue
        if issue is None or not self.form.check():
            return
        values = self.form.values()
        rung, state = Rung(values["rung"]), IssueState(values["state"])
        self._jobs.write(
            lambda: self._issues.move_issue(
                issue.id, rung, state, values["moved_on"], values["note"], values["review_on"]
            ),
            self._moved,
            self._refused,
            owner=self,
            touches={"issues", "cases", "follow_ups"},
        )

    def _moved(self, _result: object) -> None:
        self.form.set_saved()
        self._messages.good(_("Der Schritt ist festgehalten."))

    def _refused(self, error: KnownError) -> None:
        if not self.form.show_error(error):
            self._messages.show_error(error)
