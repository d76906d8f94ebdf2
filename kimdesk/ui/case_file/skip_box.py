"""Leaving a phase out, with a reason; and taking it up after all."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kimdesk.domain.vocabulary import Phase, PhaseStatus, label
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.design import Icon
from kimdesk.ui.widgets import Button, Field, Form, Text, TextField, column, row


class SkipBox(QWidget):
    """Says why `phase` was left out, or takes the reason. Not shown once the phase is done."""

    def __init__(self, desk: CaseDesk, phase: Phase, question: str) -> None:
        super().__init__()
        self._desk, self._phase = desk, phase
        self.form = Form(self)
        self.reason = TextField(_("Grund"))
        field = self.form.add("reason", Field(question, self.reason, required=False))
        self.skip_button = Button(_("Phase auslassen"), symbol=Icon.SKIP, on_click=self.skip)
        self.said = Text("", wrap=True)
        self.unskip_button = Button(_("Doch aufnehmen"), "quiet", symbol=Icon.UNDO, on_click=self.unskip)
        self._ask, self._tell = QWidget(), QWidget()
        self._ask.setLayout(row(field, column(None, self.skip_button)))
        self._tell.setLayout(row(self.said, self.unskip_button))
        self.setLayout(column(self._ask, self._tell))

    def show_file(self) -> None:
        """Show what the file says about the phase."""
        state = next(state for state in self._desk.the_file.phases if state.phase is self._phase)
        skipped = state.status is PhaseStatus.SKIPPED
        self._ask.setVisible(state.status in (PhaseStatus.OPEN, PhaseStatus.NOW) and self._desk.is_open)
        self._tell.setVisible(skipped)
        self.unskip_button.setVisible(self._desk.is_open)
        self.said.setText(
            _("{phase} ausgelassen: {reason}").format(phase=_(label(self._phase)), reason=_(state.reason))
            if skipped
            else ""
        )

    def skip(self) -> None:
        """Leave the phase out."""
        desk, phase, reason = self._desk, self._phase, self.reason.value()
        case_id = desk.case.id

        def undo() -> None:
            desk.jobs.write(lambda: desk.cases.unskip_phase(case_id, phase), touches={"cases"})

        def skipped(_done: object) -> None:
            self.form.set_values({"reason": ""})
            desk.messages.good(_("Die Phase ist ausgelassen."), undo=undo)

        def refused(error: KnownError) -> None:
            if not self.form.show_error(error):
                desk.messages.show_error(error)

        desk.jobs.write(
            lambda: desk.cases.skip_phase(case_id, phase, reason), skipped, refused, owner=self, touches={"cases"}
        )

    def unskip(self) -> None:
        """Take the phase up after all."""
        desk, phase, case_id = self._desk, self._phase, self._desk.case.id
        desk.jobs.write(lambda: desk.cases.unskip_phase(case_id, phase), owner=self, touches={"cases"})
