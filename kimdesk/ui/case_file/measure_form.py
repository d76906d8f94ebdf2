"""The form of a measure: who does what by when, with which offer, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from kimdesk.domain.records import Measure
from kimdesk.domain.vocabulary import Actor, LegalDomain, MeasureState
from kimdesk.i18n import _
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.offer_field import OfferField
from kimdesk.ui.case_file.words import options
from kimdesk.ui.widgets import ChoiceField, DateField, Field, FormGrid, SectionCard, TextArea, TextField

_FIELDS = (
    "goal_id",
    "text",
    "actor",
    "due_on",
    "provider",
    "offer_id",
    "legal_domain",
    "state",
    "result",
    "obstacle",
)


class MeasureForm:
    """`card` holds the form, `entry` its life. Planning and outcome of a measure are one form in both tabs."""

    def __init__(self, desk: CaseDesk, kind: str = "measure") -> None:
        self._desk = desk
        self._goal_id: UUID | None = None
        self.entry = Entry(
            desk, kind, self._make, said=_("Die Maßnahme ist gespeichert."), save_word=_("Maßnahme speichern")
        )
        form = self.entry.form
        self.text = TextArea(_("Wer tut was? Zum Beispiel: zum Sprachkurs anmelden"), lines=2)
        self.provider = TextField()
        self.goal = ChoiceField([], empty=_("ohne Ziel"))
        self.state = ChoiceField(options(MeasureState), empty=None)
        self.offer = OfferField(desk, self._picked)
        grid = FormGrid(2)
        grid.add(form.add("text", Field(_("Maßnahme"), self.text, required=True)), span=2)
        grid.add(
            form.add("actor", Field(_("Wer"), ChoiceField(options(Actor), empty=None))),
            form.add("due_on", Field(_("Bis wann"), DateField(today=desk.today))),
        )
        grid.add(form.add("goal_id", Field(_("Zum Ziel"), self.goal)), span=2)
        grid.add(form.add("offer_id", Field(_("Angebot aus dem Verzeichnis"), self.offer)), span=2)
        grid.add(
            form.add("provider", Field(_("Anbieter"), self.provider)),
            form.add(
                "legal_domain", Field(_("Rechtskreis"), ChoiceField(options(LegalDomain), empty=_("ohne Angabe")))
            ),
            form.add("state", Field(_("Stand"), self.state)),
            form.add("result", Field(_("Ergebnis"), TextField())),
        )
        self.obstacle = form.add("obstacle", Field(_("Woran lag es?"), TextField()))
        grid.add(self.obstacle, span=2)
        self.card = SectionCard(_("Neue Maßnahme"))
        self.card.add(grid)
        self.state.changed.connect(self._show_obstacle)
        self.entry.opened.connect(self._show_heading)

    def _show_heading(self) -> None:
        self.card.title.setText(_("Maßnahme bearbeiten") if self.entry.record_id else _("Neue Maßnahme"))
        self._show_obstacle()

    def _show_obstacle(self) -> None:
        """Ask for the obstacle where a measure failed; it is evidence for structural reports."""
        failed = self.state.value() == MeasureState.FAILED
        self.obstacle.setVisible(failed or not self.obstacle.editor.is_empty())

    def _picked(self, title: str, provider: str) -> None:
        self.provider.set_value(provider or title)
        if not self.text.value():
            self.text.set_value(title)

    def _find(self, record_id: UUID | None) -> Measure | None:
        return next((one for one in self._desk.the_file.measures if one.id == record_id), None)

    def open(self, record_id: UUID | None, goal_id: UUID | None = None) -> None:
        """Show a measure, or an empty form for one of the goal `goal_id`."""
        self._goal_id = goal_id
        self.show_file(record_id)

    def show_file(self, record_id: UUID | None) -> None:
        """Show what the file says of the measure in the form; a new one keeps its goal."""
        self.show_goals()
        measure = self._find(record_id)
        self.entry.open(measure.id if measure else None, _values(measure) if measure else _blank(self._goal_id))
        self.offer.show_remembered()

    def show_goals(self) -> None:
        """Offer the goals of the file."""
        self.goal.set_options([(str(goal.id), goal.text) for goal in self._desk.the_file.goals])

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        typed: dict[str, Any] = {**values, "goal_id": UUID(values["goal_id"]) if values["goal_id"] else None}
        known = self._find(record_id)
        case_id = self._desk.case.id
        measure = replace(known, **typed) if known else Measure(case_id=case_id, **typed)
        return lambda: self._desk.cases.save_measure(measure)


def _blank(goal_id: UUID | None) -> Values:
    return {
        "goal_id": str(goal_id) if goal_id else None,
        "text": "",
        "actor": Actor.TOGETHER,
        "due_on": None,
        "provider": "",
        "offer_id": None,
        "legal_domain": None,
        "state": MeasureState.PLANNED,
        "result": "",
        "obstacle": "",
    }


def _values(measure: Measure) -> Values:
    values: Values = {name: getattr(measure, name) for name in _FIELDS}
    values["goal_id"] = str(measure.goal_id) if measure.goal_id else None
    return values
