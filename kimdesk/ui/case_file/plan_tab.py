"""Plan: goals as cards with their measures; goal, measure and agreement in the form beside them."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kimdesk.domain.records import Goal, Measure
from kimdesk.domain.vocabulary import GoalLevel, GoalState, MeasureState, Phase, label
from kimdesk.i18n import _, ngettext
from kimdesk.ui.case_file.agreement_form import AgreementForm
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.goal_form import GoalForm
from kimdesk.ui.case_file.measure_form import MeasureForm
from kimdesk.ui.case_file.record_card import Line, RecordCard
from kimdesk.ui.case_file.removals import remove_goal, remove_measure
from kimdesk.ui.case_file.tab import CaseTab, FormPane, Stacked, TwoPanes
from kimdesk.ui.case_file.words import due_words
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.widgets import Button, ChoiceChips, EmptyState, IconButton, SectionCard, Text, clear, column

GOAL, MEASURE, AGREEMENT = "goal", "measure", "agreement"
_ORDER = list(GoalLevel)
STATE_MEANING: dict[GoalState | MeasureState, Meaning | None] = {
    GoalState.OPEN: None,
    GoalState.REACHED: Meaning.GOOD,
    GoalState.PARTLY_REACHED: Meaning.INFO,
    GoalState.DROPPED: None,
    MeasureState.PLANNED: None,
    MeasureState.REQUESTED: Meaning.INFO,
    MeasureState.RUNNING: Meaning.INFO,
    MeasureState.DONE: Meaning.GOOD,
    MeasureState.FAILED: Meaning.ATTENTION,
}


class PlanTab(CaseTab):
    """The integration plan."""

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__(desk)
        self.add_button = Button(_("Ziel hinzufügen"), symbol=Icon.ADD, on_click=self.new_goal)
        self.list = SectionCard(_("Ziele und Maßnahmen"), actions=(self.add_button,))
        self.cards = column()
        self.list.add(self.cards)
        self.goal, self.measure, self.agreement = GoalForm(desk), MeasureForm(desk), AgreementForm(desk)
        self.entries = [self.goal.entry, self.measure.entry, self.agreement.entry]
        self.which = ChoiceChips(
            [(GOAL, _("Ziel")), (MEASURE, _("Maßnahme")), (AGREEMENT, _("Zielvereinbarung"))], required=True
        )
        self.which.set_names(_("Was Sie bearbeiten"), "")
        self.which.chosen.connect(lambda value: self._show_form(str(value)))
        self.pane = FormPane(self.which)
        self.pane.add(GOAL, self.goal.card, self.goal.entry.foot)
        self.pane.add(MEASURE, self.measure.card, self.measure.entry.foot)
        self.pane.add(AGREEMENT, self.agreement.card, self.agreement.entry.foot)
        self.panes = TwoPanes(Stacked(self.list), self.pane, shares=(6, 5))
        self.column.addWidget(self.panes)
        self._show_form(GOAL)
        desk.drafts.changed.connect(self._show_cards)
        self.goal.entry.saved.connect(self._goal_saved)
        self.measure.entry.saved.connect(self._measure_saved)

    def _show_form(self, which: str) -> None:
        self.which.set_value(which)
        self.pane.show_form(which)
        if which == AGREEMENT and self.desk.file is not None:
            self.agreement.show_file()

    def show_file(self) -> None:
        self.goal.open(self.goal.entry.record_id)
        self.measure.show_file(self.measure.entry.record_id)
        self.agreement.show_file()
        self._show_cards()
        for entry in self.entries:
            entry.set_enabled(self.desk.is_open)
        self.add_button.setEnabled(self.desk.is_open)

    def open_phase(self, phase: Phase) -> None:
        if phase is Phase.AGREEMENT:
            self._show_form(AGREEMENT)
            self.agreement.agreed_on.setFocus(Qt.FocusReason.OtherFocusReason)
        elif phase is Phase.GOALS:
            vague = [goal for goal in self.desk.the_file.goals if is_vague(goal)]
            if vague and not self.goal.entry.is_draft:
                self.edit_goal(vague[0].id)
            else:
                self._show_form(GOAL)

    def _show_cards(self) -> None:
        file = self.desk.file
        if file is None:
            return
        clear(self.cards)
        goals = sorted(file.goals, key=lambda goal: (_ORDER.index(goal.level), goal.position))
        for goal in goals:
            measures = [one for one in file.measures if one.goal_id == goal.id]
            self.cards.addWidget(self._goal_card(goal, measures))
        loose = [one for one in file.measures if one.goal_id not in {goal.id for goal in goals}]
        if loose:
            self.cards.addWidget(Text(_("Maßnahmen ohne Ziel"), "overline"))
            for measure in loose:
                self.cards.addWidget(self._measure_card(measure))
        if not goals and not loose:
            has_assessment = bool(file.assessments)
            self.cards.addWidget(
                EmptyState(
                    Icon.GOAL,
                    _("Noch keine Ziele"),
                    _("Ziele entstehen aus dem, was im Assessment fehlt. Beginnen Sie mit einem Ergebnisziel.")
                    if has_assessment
                    else _("Ziele entstehen aus dem Assessment. Beschreiben Sie zuerst einen Lebensbereich."),
                    compact=True,
                )
            )
        reached = sum(goal.state is GoalState.REACHED for goal in goals)
        self.list.set_note(
            ngettext("{done} von {n} Ziel erreicht", "{done} von {n} Zielen erreicht", len(goals)).format(
                done=reached, n=len(goals)
            )
            if goals
            else ""
        )

    def _goal_card(self, goal: Goal, measures: list[Measure]) -> RecordCard:
        is_open = goal.state is GoalState.OPEN
        due, meaning = due_words(goal.due_on, self.desk.today()) if is_open else ("", None)
        lines: list[Line] = [
            (_("Messbar an: {text}").format(text=goal.measured_by) if goal.measured_by else "", None),
            (_("Bis {when}").format(when=due) if due else "", meaning),
        ]
        above = next((one.text for one in self.desk.the_file.goals if one.id == goal.parent_id), "")
        if above:
            lines.insert(0, (_("Gehört zu: {goal}").format(goal=above), None))
        if is_vague(goal):
            lines.append((_("Es fehlt noch: woran gemessen wird und bis wann."), Meaning.ATTENTION))
        badges: list[Line] = [(_(label(goal.level)), None)]
        if goal.life_area:
            badges.append((_(label(goal.life_area)), None))
        if goal.state is not GoalState.OPEN:
            badges.append((_(label(goal.state)), STATE_MEANING[goal.state]))
        add = IconButton(Icon.ADD, _("Maßnahme zu diesem Ziel"), partial(self.new_measure, goal.id))
        delete = IconButton(Icon.DELETE, _("Ziel löschen"), partial(remove_goal, self.desk, goal, tuple(measures)))
        for button in (add, delete):
            button.setEnabled(self.desk.is_open)
        card = RecordCard(
            goal.text,
            lines,
            badges=badges,
            is_draft=self.desk.drafts.get(GOAL, goal.id) is not None,
            selected=self.which.value() == GOAL and goal.id == self.goal.entry.record_id,
            on_open=partial(self.edit_goal, goal.id),
            actions=(add, delete),
        )
        for measure in measures:
            card.inner.addSpacing(Space.XS)
            card.inner.addWidget(self._measure_card(measure))
        return card

    def _measure_card(self, measure: Measure) -> RecordCard:
        over = measure.state in (MeasureState.DONE, MeasureState.FAILED)
        due, meaning = ("", None) if over else due_words(measure.due_on, self.desk.today())
        when = _("bis {when}").format(when=due) if due else ""
        line = " · ".join(part for part in (_(label(measure.actor)), measure.provider, when) if part)
        delete = IconButton(Icon.DELETE, _("Maßnahme löschen"), partial(remove_measure, self.desk, measure))
        delete.setEnabled(self.desk.is_open)
        return RecordCard(
            measure.text,
            [(line, meaning)],
            badges=[(_(label(measure.state)), STATE_MEANING[measure.state])],
            is_draft=self.desk.drafts.get(MEASURE, measure.id) is not None,
            selected=self.which.value() == MEASURE and measure.id == self.measure.entry.record_id,
            on_open=partial(self.edit_measure, measure.id),
            actions=(delete,),
        )

    # What is done

    def new_goal(self) -> None:
        """Show an empty goal."""
        self.goal.open(None)
        self._bring(GOAL, self.goal.text)

    def edit_goal(self, goal_id: UUID) -> None:
        """Bring a goal into the form."""
        self.goal.open(goal_id)
        self._bring(GOAL, self.goal.text)

    def new_measure(self, goal_id: UUID | None) -> None:
        """Show an empty measure of a goal."""
        self.measure.open(None, goal_id)
        self._bring(MEASURE, self.measure.text)

    def begin_with_offer(self, offer_id: UUID, title: str, provider: str) -> None:
        """Show an empty measure with an offer, unless one is being written."""
        if not self.measure.entry.is_draft:
            self.new_measure(None)
            self.measure.offer.take(offer_id, title, provider)

    def edit_measure(self, measure_id: UUID) -> None:
        """Bring a measure into the form."""
        self.measure.open(measure_id)
        self._bring(MEASURE, self.measure.text)

    def _bring(self, which: str, focus: QWidget) -> None:
        self._show_form(which)
        self._show_cards()
        focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _goal_saved(self, _record_id: UUID | None) -> None:
        self.goal.open(None)

    def _measure_saved(self, _record_id: UUID | None) -> None:
        self.measure.open(None)


def is_vague(goal: Goal) -> bool:
    """Return whether an outcome goal still lacks its measure or its date."""
    return goal.level is GoalLevel.OUTCOME and not (goal.measured_by and goal.due_on)
