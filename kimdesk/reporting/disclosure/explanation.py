"""What leaves, figure by figure, for the eyes of the case manager. Holds true counts, so it never leaves itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kimdesk.foundation.errors import N_
from kimdesk.reporting.release import TableState


class Reason(StrEnum):
    """Why a figure is published as it is."""

    PERTURBED = "perturbed"
    HIDDEN_SMALL_COUNT = "hidden_small_count"
    ZERO = "zero"
    REPEATED = "repeated"
    WITHHELD = "withheld"


REASON_LABELS: dict[Reason, str] = {
    Reason.PERTURBED: N_("Zufällig verändert, damit niemand erkennbar wird."),
    Reason.HIDDEN_SMALL_COUNT: N_("Kleine Zahl: 1 und 2 werden nie gemeldet, sondern durch eine andere Zahl ersetzt."),
    Reason.ZERO: N_("Null bleibt null."),
    Reason.REPEATED: N_("Zu wenige Änderungen seit der letzten Meldung: Die letzten Zahlen werden wiederholt."),
    Reason.WITHHELD: N_("Zu wenige Fälle im Jahr: Es werden nur Summen gemeldet."),
}


@dataclass(frozen=True, slots=True)
class ExplainedFigure:
    """One figure: the true count stays here, `published` leaves (None: not published)."""

    name: str
    label: str
    true_count: int
    published: int | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class ExplainedTable:
    """One table. `changed_cases` counts the cases that changed since its figures were last made anew; None where
    there is nothing to compare with."""

    name: str
    label: str
    counts_persons: bool
    state: TableState
    changed_cases: int | None
    total: ExplainedFigure
    cells: tuple[ExplainedFigure, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole release, explained. `cases_in_year` is the true number of cases of the period."""

    cases_in_year: int
    tables: tuple[ExplainedTable, ...]
