"""The closed list of release tables: their names, cells and what a case adds to them.

Laptop and coordinator read the same list: the laptop counts by it, the coordinator labels by it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from kimdesk.domain.vocabulary import (
    AccessPath,
    ClosureReason,
    LegalDomain,
    LifeArea,
    ReferralResult,
    ResidenceGroup,
    label,
)
from kimdesk.foundation.errors import N_
from kimdesk.foundation.resources import resource
from kimdesk.reporting.classify import CaseStatus, Period, status_of
from kimdesk.reporting.counts import AGE_GROUPS, CaseCounts
from kimdesk.reporting.release import HIDDEN_UP_TO

UNKNOWN: Final = "unknown"
ELSEWHERE: Final = "elsewhere"


class By(StrEnum):
    """What a table is broken down by."""

    STATUS = "status"
    ACCESS_PATH = "access_path"
    COMMUNE = "commune"
    RESIDENCE_GROUP = "residence_group"
    REFERRAL_DOMAIN = "referral_domain"
    REFERRAL_RESULT = "referral_result"
    CLOSURE_REASON = "closure_reason"
    GOALS = "goals"
    NEED = "need"
    OFFER_GAP = "offer_gap"
    AGE_GROUP = "age_group"


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """One table: `cells` are (name, German label) in the order they are shown; `cap` applies to persons only."""

    name: str
    label: str
    by: By
    cells: tuple[tuple[str, str], ...]
    cap: int | None = None

    @property
    def counts_persons(self) -> bool:
        """Tell whether figures are persons; otherwise they are cases."""
        return self.by is By.AGE_GROUP


@dataclass(frozen=True, slots=True)
class ReleaseRules:
    """The closed list with the parameters of noise and gates."""

    tables: tuple[TableDefinition, ...]
    max_change: int
    variance: float
    hidden_up_to: int
    changed_cases: int
    cases_in_year: int


_STATUS_LABELS = {
    CaseStatus.ONE_OFF: N_("Einmalige Beratung, abgeschlossen"),
    CaseStatus.REFERRAL: N_("Fallverweis an Dritte"),
    CaseStatus.CLOSED: N_("Abgeschlossener Fall"),
    CaseStatus.ONGOING: N_("Laufender Fall"),
    CaseStatus.UNKNOWN: N_("Abgeschlossen, ohne Angabe"),
}
_GOAL_LABELS = {
    "all": N_("alle Ziele erreicht"),
    "some": N_("ein Teil der Ziele erreicht"),
    "none": N_("noch kein Ziel erreicht"),
}
_AGE_LABELS = {
    "0-5": N_("0 bis 5 Jahre"),
    "6-15": N_("6 bis 15 Jahre"),
    "16-17": N_("16 und 17 Jahre"),
    "18-26": N_("18 bis 26 Jahre"),
    "27-64": N_("27 bis 64 Jahre"),
    "65+": N_("65 Jahre und älter"),
    "unknown": N_("ohne Angabe"),
}
_NOT_STATED = N_("ohne Angabe")
_ELSEWHERE_LABEL = N_("andere Kommune")


def load_release_rules(communes: Mapping[str, str]) -> ReleaseRules:
    """Return the rules of `resources/release/tables.toml` for a district with these communes (AGS to name)."""
    return parse_release_rules(resource("release", "tables.toml").read_text(encoding="utf-8"), communes)


def parse_release_rules(text: str, communes: Mapping[str, str]) -> ReleaseRules:
    """Return the rules in the TOML `text`. Raises `ValueError` or `KeyError` where they are incomplete or unsafe."""
    document = tomllib.loads(text)
    noise, gates = document["noise"], document["gates"]
    tables = tuple(_definition(entry, communes) for entry in document["tables"])
    if len({table.name for table in tables}) != len(tables):
        raise ValueError("a release table is listed twice")
    if noise["hidden_up_to"] < HIDDEN_UP_TO:
        raise ValueError("the release format hides more counts than the rules")
    return ReleaseRules(
        tables=tables,
        max_change=noise["max_change"],
        variance=noise["variance"],
        hidden_up_to=noise["hidden_up_to"],
        changed_cases=gates["changed_cases"],
        cases_in_year=gates["cases_in_year"],
    )


def _definition(entry: dict[str, Any], communes: Mapping[str, str]) -> TableDefinition:
    by = By(entry["by"])
    cap = entry.get("cap")
    if (by is By.AGE_GROUP) != (cap is not None) or (cap is not None and cap < 1):
        raise ValueError("a cap of at least 1 belongs to the table of persons and to no other")
    return TableDefinition(entry["name"], entry["label"], by, _cells(by, communes), cap)


def _cells(by: By, communes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    not_stated = (UNKNOWN, _NOT_STATED)
    match by:
        case By.STATUS:
            return tuple((status.value, label) for status, label in _STATUS_LABELS.items())
        case By.ACCESS_PATH:
            return (*_vocabulary(AccessPath), not_stated)
        case By.COMMUNE:
            return (*sorted(communes.items()), (ELSEWHERE, _ELSEWHERE_LABEL), not_stated)
        case By.RESIDENCE_GROUP:
            return _vocabulary(ResidenceGroup)
        case By.REFERRAL_DOMAIN:
            return (*_vocabulary(LegalDomain), not_stated)
        case By.REFERRAL_RESULT:
            return _vocabulary(ReferralResult)
        case By.CLOSURE_REASON:
            return (*_vocabulary(ClosureReason), not_stated)
        case By.GOALS:
            return tuple(_GOAL_LABELS.items())
        case By.NEED | By.OFFER_GAP:
            return _vocabulary(LifeArea)
        case By.AGE_GROUP:
            return tuple((group, _AGE_LABELS[group]) for group in AGE_GROUPS)


def _vocabulary(terms: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    return tuple((term.value, label(term)) for term in terms)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one case adds to a table: units of the total, and units per cell (all above zero)."""

    total: int
    cells: Mapping[str, int]


def contribution(row: CaseCounts, table: TableDefinition, period: Period) -> Contribution | None:
    """Return what a case that counts in the period adds to the table, None where it adds nothing.

    A case adds one to each cell that applies and one to the total, however many cells apply. For persons the total
    is the number of persons in the case; a person in two cases is taken out of the total when cases are added up.
    """
    if table.counts_persons:
        if not row.person_keys:
            return None
        cap = table.cap or 1
        ages = {group: min(cap, number) for group, number in row.person_age_groups.items() if number > 0}
        return Contribution(len(row.person_keys), ages)
    known = {name for name, _ in table.cells}
    cells = {_fallback(cell, table, known) for cell in _CELLS_OF[table.by](row, period)}
    return Contribution(1, dict.fromkeys(sorted(cells), 1)) if cells else None


def _fallback(cell: str | None, table: TableDefinition, known: set[str]) -> str:
    """Return the cell, or where its word is not in the closed list the cell for that."""
    if cell in known and cell is not None:
        return cell
    if table.by is By.COMMUNE and cell:
        return ELSEWHERE
    if UNKNOWN in known:
        return UNKNOWN
    raise ValueError(f"a case holds a word that table {table.name} does not know")


def _status(row: CaseCounts, period: Period) -> list[str | None]:
    return [status_of(row, period).value]


def _closure_reason(row: CaseCounts, period: Period) -> list[str | None]:
    return [] if status_of(row, period) is CaseStatus.ONGOING else [row.closure_reason]


def _goals(row: CaseCounts, period: Period) -> list[str | None]:
    if row.goals_total == 0:
        return []
    if row.goals_reached == row.goals_total:
        return ["all"]
    return ["some" if row.goals_reached else "none"]


_CELLS_OF: dict[By, Callable[[CaseCounts, Period], list[str | None]]] = {
    By.STATUS: _status,
    By.ACCESS_PATH: lambda row, period: [row.access_path],
    By.COMMUNE: lambda row, period: [row.commune],
    By.RESIDENCE_GROUP: lambda row, period: [row.residence_group],
    By.REFERRAL_DOMAIN: lambda row, period: [domain for domain, _ in row.referrals],
    By.REFERRAL_RESULT: lambda row, period: [result for _, result in row.referrals],
    By.CLOSURE_REASON: _closure_reason,
    By.GOALS: _goals,
    By.NEED: lambda row, period: list(row.needs),
    By.OFFER_GAP: lambda row, period: list(row.offer_gaps),
}
