"""What became of a measure: a short form for the day's work, beside the full one in the plan."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kimdesk.domain.records import Measure
from kimdesk.domain.vocabulary import MeasureState
from kimdesk.i18n import _
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.words import options
from kimdesk.ui.widgets import ChoiceChips, DateField, Field, FormGrid, SectionCard, Text, TextArea

_FIELDS = ("state", "due_on", "requested_on", "started_on", "ended_on", "result", "obstacle")

_DAY_OF_STATE = {
    MeasureState.REQUESTED.value: "requested_on",
    MeasureState.RUNNING.value: "started_on",
    MeasureState.DONE.value: "ended_on",
    MeasureState.FAILED.value: "ended_on",
}


class MeasureStateForm:
    """`card` holds the form; it always has a measure, never a new one."""

    def __init__(self, desk: CaseDesk) -> None:
        self._desk = desk
        self.entry = Entry(
            desk, "measure_state", self._make, said=_("Der Stand ist gespeichert."), save_word=_("Stand speichern")
        )
        form = self.entry.form
        self.state = ChoiceChips(options(MeasureState), required=True)
        self.what = Text("", "strong", wrap=True)
        grid = FormGrid(2)
        grid.add(form.add("state", Field(_("Stand"), self.state)), span=2)
        self.days = {name: DateField(today=desk.today) for name in ("requested_on", "started_on", "ended_on")}
        grid.add(
            form.add("due_on", Field(_("Bis wann"), DateField(today=desk.today))),
            form.add("requested_on", Field(_("Beantragt am"), self.days["requested_on"])),
            form.add("started_on", Field(_("Begonnen am"), self.days["started_on"])),
            form.add("ended_on", Field(_("Beendet am"), self.days["ended_on"])),
        )
        grid.add(form.add("result", Field(_("Ergebnis"), TextArea(_("Was kam dabei heraus?"), lines=2))), span=2)
        self.obstacle = form.add("obstacle", Field(_("Woran lag es?"), TextArea(lines=2)))
        grid.add(self.obstacle, span=2)
        self.card = SectionCard(_("Stand der Maßnahme"))
        self.card.add(self.what)
        self.card.add(grid)
        self.state.changed.connect(self._show_obstacle)
        self.state.chosen.connect(lambda _state: self._date_the_state())

    def _date_the_state(self) -> None:
        """A state chosen today holds since today, unless another day is there already."""
        day = self.days.get(_DAY_OF_STATE.get(str(self.state.value()), ""))
        if day is not None and day.is_empty():
            day.set_value(self._desk.today())

    def _show_obstacle(self) -> None:
        failed = self.state.value() == MeasureState.FAILED
        self.obstacle.setVisible(failed or not self.obstacle.editor.is_empty())

    def find(self, record_id: UUID | None) -> Measure | None:
        """Return the measure of the file."""
        return next((one for one in self._desk.the_file.measures if one.id == record_id), None)

    def open(self, measure_id: UUID) -> None:
        """Show how a measure stands."""
        measure = self.find(measure_id)
        if measure is not None:
            self.what.setText(measure.text)
            self.entry.open(measure.id, {name: getattr(measure, name) for name in _FIELDS})
            self._show_obstacle()

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        measure = self.find(record_id)
        if measure is None:
            return None
        changed = replace(measure, **values)
        return lambda: self._desk.cases.save_measure(changed)
