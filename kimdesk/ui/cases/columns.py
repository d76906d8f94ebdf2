"""How a case reads as a row of the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from kimdesk.domain.views import CaseSummary
from kimdesk.domain.vocabulary import Phase, Urgency, label
from kimdesk.i18n import _, isolate
from kimdesk.i18n.formats import relative_day, short_date
from kimdesk.offers.folding import fold
from kimdesk.ui.design import Meaning
from kimdesk.ui.widgets import Column, StepState

_ORDER = {phase: place for place, phase in enumerate(Phase)}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case of the list with its texts, written out once: lists are long and every key typed looks at all rows."""

    case: CaseSummary
    persons: str
    searched: str
    next_step: str
    due: str
    is_overdue: bool


def case_row(case: CaseSummary, today: date) -> CaseRow:
    """Return `case` as a row."""
    if case.closed_on is not None:
        step = _("abgeschlossen am {day}").format(day=short_date(case.closed_on))
    else:
        step = _(case.next_step) if case.next_step else ""
        if case.urgency is Urgency.AT_ONCE:
            step = _("Sofort: {step}").format(step=step)
        elif case.urgency is Urgency.HIGH:
            step = _("Dringend: {step}").format(step=step)
    return CaseRow(
        case=case,
        persons=", ".join(isolate(name) for name in case.persons),
        searched=fold(" ".join((case.number, *case.persons))),
        next_step=step,
        due=relative_day(case.due_on, today) if case.due_on is not None else "",
        is_overdue=case.due_on is not None and case.due_on < today,
    )


def is_found(row: CaseRow, word: str) -> bool:
    """Return whether a word typed occurs in the number or a name, however it is spelt."""
    return fold(word) in row.searched


def _due_meaning(row: CaseRow, today: date) -> Meaning | None:
    if row.is_overdue:
        return Meaning.DANGER
    return Meaning.ATTENTION if row.case.due_on == today else None


def case_columns(today: Callable[[], date]) -> Sequence[Column[CaseRow]]:
    """Return the columns of the list."""
    return (
        Column(_("Nummer"), lambda row: row.case.number, 126, id="number"),
        Column(_("Personen"), lambda row: row.persons, 0, strong=True, id="persons"),
        Column(
            _("Phase"),
            lambda row: _(label(row.case.phase)),
            246,
            sort=lambda row: _ORDER[row.case.phase],
            steps=lambda row: [StepState(state.status.value) for state in row.case.phases],
            id="phase",
        ),
        Column(_("Kommune"), lambda row: row.case.commune_name, 130, leave_below=720, id="commune"),
        Column(
            _("Nächster Schritt"),
            lambda row: row.next_step,
            0,
            leave_below=640,
            meaning=lambda row: Meaning.ATTENTION if _is_at_once(row.case) else None,
            id="next_step",
        ),
        Column(
            _("Fällig"),
            lambda row: row.due,
            118,
            sort=lambda row: row.case.due_on,
            meaning=lambda row: _due_meaning(row, today()),
            id="due",
        ),
    )


def _is_at_once(case: CaseSummary) -> bool:
    return case.closed_on is None and case.urgency is Urgency.AT_ONCE
