"""Disclosure control: the only maker of a `Release` (cell-key method, gates)."""

from kimdesk.reporting.disclosure.build import TOTAL, QuarterAlreadyReleased, ReleaseDraft, build_release
from kimdesk.reporting.disclosure.explanation import (
    REASON_LABELS,
    ExplainedFigure,
    ExplainedTable,
    Explanation,
    Reason,
)
from kimdesk.reporting.disclosure.perturbation import perturbation_table
from kimdesk.reporting.disclosure.previous import PreviousRelease, RememberedTable

__all__ = [
    "REASON_LABELS",
    "TOTAL",
    "ExplainedFigure",
    "ExplainedTable",
    "Explanation",
    "PreviousRelease",
    "QuarterAlreadyReleased",
    "Reason",
    "ReleaseDraft",
    "RememberedTable",
    "build_release",
    "perturbation_table",
]
