"""The form of a goal, with help for making an outcome goal SMART."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from kimdesk.domain.records import Goal
from kimdesk.domain.vocabulary import GoalLevel, GoalState, LifeArea, label
from kimdesk.i18n import _
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.words import options
from kimdesk.ui.widgets import ChoiceChips, ChoiceField, DateField, Field, FormGrid, SectionCard, Text, TextArea


class GoalForm:
    """`card` holds the form, `entry` its life."""

    def __init__(self, desk: CaseDesk) -> None:
        self._desk = desk
        self.entry = Entry(desk, "goal", self._make, said=_("Das Ziel ist gespeichert."), save_word=_("Ziel speichern"))
        form = self.entry.form
        self.level = ChoiceChips(options(GoalLevel), required=True)
        self.area = ChoiceField(options(LifeArea), empty=_("ohne"))
        self.text = TextArea(_("Was soll erreicht sein? Als Zustand, nicht als Absicht."), lines=2)
        self.measured_by, self.due_on = TextArea(lines=2), DateField(today=desk.today)
        self.need = Text("", "meta", wrap=True)
        self.smart = Text("", "muted", wrap=True)
        self.area_field = form.add("life_area", Field(_("Lebensbereich"), self.area))
        grid = FormGrid(2)
        grid.add(form.add("level", Field(_("Art des Ziels"), self.level)), span=2)
        grid.add(form.add("text", Field(_("Ziel"), self.text, required=True)), span=2)
        grid.add(form.add("measured_by", Field(_("Woran messen wir es?"), self.measured_by)), span=2)
        grid.add(
            form.add("due_on", Field(_("Bis wann?"), self.due_on)),
            form.add("state", Field(_("Stand"), ChoiceField(options(GoalState), empty=None))),
        )
        grid.add(self.area_field, span=2)
        self.parent = ChoiceField([], empty=_("keinem"))
        self.parent_field = form.add("parent_id", Field(_("Gehört zu welchem Ziel?"), self.parent))
        grid.add(self.parent_field, span=2)
        self.card = SectionCard(_("Neues Ziel"))
        self.card.add(grid)
        self.card.add(self.smart)
        for editor in (self.level, self.text, self.measured_by, self.due_on):
            editor.changed.connect(self._help)
        self.area.changed.connect(self._show_need)
        self.level.chosen.connect(lambda _level: self._show_parents())
        self.entry.opened.connect(self._show_heading)

    def _show_heading(self) -> None:
        self.card.title.setText(_("Ziel bearbeiten") if self.entry.record_id else _("Neues Ziel"))
        self._help()
        self._show_need()
        self._show_parents()

    def _show_parents(self) -> None:
        """Offer the goals of the levels above; a guiding goal has none."""
        if self._desk.file is None:
            return
        order = list(GoalLevel)
        level = order.index(GoalLevel(str(self.level.value() or GoalLevel.OUTCOME)))
        above = [one for one in self._desk.file.goals if order.index(one.level) < level]
        self.parent.set_options([(str(one.id), f"{_(label(one.level))}: {one.text}") for one in above])
        self.parent_field.setVisible(bool(above))

    def _help(self) -> None:
        """Say what is still needed for SMART, ticked as it is typed; the other levels need none of it."""
        if self.level.value() != GoalLevel.OUTCOME:
            self.smart.setText(_("Grundsatz- und Rahmenziele geben die Richtung vor und müssen nicht messbar sein."))
            return
        done, open_ = "✓", "○"
        parts = (
            (bool(self.text.value()), _("konkret beschrieben")),
            (bool(self.measured_by.value()), _("messbar")),
            (self.due_on.value() is not None, _("mit Termin")),
        )
        ticks = "   ".join(f"{done if is_done else open_} {word}" for is_done, word in parts)
        self.smart.setText(
            _("SMART: {ticks}\nFragen Sie auch: Will die Person es selbst? Ist es in der Zeit zu schaffen?").format(
                ticks=ticks
            )
        )

    def _show_need(self) -> None:
        """Remind of the need the assessment found in the chosen life area."""
        if self._desk.file is None:
            return
        known = sorted(self._desk.file.assessments, key=lambda one: one.held_on)
        entries = known[-1].entries if known else ()
        need = next((entry.need for entry in entries if entry.life_area == self.area.value()), "")
        self.area_field.set_help(_("Bedarf laut Assessment: {need}").format(need=need) if need else "")

    def blank(self) -> Values:
        """Return an empty outcome goal."""
        return {
            "level": GoalLevel.OUTCOME,
            "text": "",
            "measured_by": "",
            "due_on": None,
            "state": GoalState.OPEN,
            "life_area": None,
            "parent_id": None,
        }

    def _find(self, record_id: UUID | None) -> Goal | None:
        return next((goal for goal in self._desk.the_file.goals if goal.id == record_id), None)

    def open(self, record_id: UUID | None) -> None:
        """Show a goal, or an empty form."""
        goal = self._find(record_id)
        self.parent.set_options([(str(one.id), one.text) for one in self._desk.the_file.goals])
        self.entry.open(goal.id if goal else None, goal_values(goal) if goal else self.blank())

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        typed: dict[str, Any] = dict(values)
        parent = values["parent_id"]
        typed["parent_id"] = UUID(parent) if parent and values["level"] != GoalLevel.GUIDING else None
        known = self._find(record_id)
        case_id = self._desk.case.id
        if known:
            goal = replace(known, **typed)
        else:
            position = max((one.position for one in self._desk.the_file.goals), default=-1) + 1
            goal = Goal(case_id=case_id, position=position, **typed)
        return lambda: self._desk.cases.save_goal(goal)


def goal_values(goal: Goal) -> Values:
    """Return the form values of a goal."""
    return {
        "level": goal.level,
        "text": goal.text,
        "measured_by": goal.measured_by,
        "due_on": goal.due_on,
        "state": goal.state,
        "life_area": goal.life_area,
        "parent_id": str(goal.parent_id) if goal.parent_id else None,
    }
