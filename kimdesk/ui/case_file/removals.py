"""Deleting goals and measures at once, with the way back in the message."""

from __future__ import annotations

from kimdesk.domain.records import Goal, Measure
from kimdesk.i18n import _
from kimdesk.ui.case_file.desk import CaseDesk


def remove_goal(desk: CaseDesk, goal: Goal, measures: tuple[Measure, ...]) -> None:
    """Delete `goal`; the way back restores it with the measures that belonged to it."""

    def bring_back() -> object:
        result = desk.cases.save_goal(goal)
        for measure in measures:
            desk.cases.save_measure(measure)
        return result

    def undo() -> None:
        desk.jobs.write(bring_back, touches={"cases"})

    desk.jobs.write(
        lambda: desk.cases.delete_goal(goal.id),
        lambda _done: desk.messages.good(_("Das Ziel ist gelöscht."), undo=undo),
        owner=desk.page,
        touches={"cases"},
    )


def remove_measure(desk: CaseDesk, measure: Measure) -> None:
    """Delete `measure` with the way back."""

    def undo() -> None:
        desk.jobs.write(lambda: desk.cases.save_measure(measure), touches={"cases"})

    desk.jobs.write(
        lambda: desk.cases.delete_measure(measure.id),
        lambda _done: desk.messages.good(_("Die Maßnahme ist gelöscht."), undo=undo),
        owner=desk.page,
        touches={"cases"},
    )
