"""Gaps in what there is: what was needed and could not be had, by life area, commune, status and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from kimdesk.domain.vocabulary import LifeArea, ResidenceStatus
from kimdesk.foundation.errors import N_


class GapKind(StrEnum):
    """How a gap shows."""

    SEARCH = "search"
    REFERRAL = "referral"
    WAITING = "waiting"


GAP_WORDS = {
    GapKind.SEARCH: N_("nichts Passendes gefunden"),
    GapKind.REFERRAL: N_("Verweis ohne Erfolg"),
    GapKind.WAITING: N_("Wartezeit zu lang"),
}
"""German words for the kinds."""


@dataclass(frozen=True, slots=True)
class GapSubject:
    """What was looked for; None or empty where it is not known. `language` is a code, `commune` an AGS."""

    life_area: LifeArea | None = None
    commune: str = ""
    status: ResidenceStatus | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """One recorded gap. It holds no name and no text; `case_id` is emptied when the case is erased."""

    id: UUID
    kind: GapKind
    noticed_on: date
    subject: GapSubject
    waiting_weeks: int | None = None
    offer_id: UUID | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class GapCount:
    """How often a combination was missing, and in how many cases (gaps outside a case count one each)."""

    subject: GapSubject
    kinds: tuple[tuple[GapKind, int], ...]
    total: int
    latest: date


def count_gaps(gaps: Iterable[Gap]) -> tuple[GapCount, ...]:
    """Return the gaps counted by life area, commune, status and language, the most frequent first."""
    found: dict[GapSubject, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.subject, []).append(gap)
    counts = [
        GapCount(subject, _kinds(rows), len(rows), max(gap.noticed_on for gap in rows))
        for subject, rows in found.items()
    ]
    return tuple(sorted(counts, key=lambda count: (-count.total, _order(count.subject))))


def count_by_life_area(gaps: Iterable[Gap]) -> dict[LifeArea | None, int]:
    """Return how many gaps each life area has; None stands for gaps without one."""
    return dict(Counter(gap.subject.life_area for gap in gaps))


def _kinds(gaps: list[Gap]) -> tuple[tuple[GapKind, int], ...]:
    counted = Counter(gap.kind for gap in gaps)
    return tuple((kind, counted[kind]) for kind in GapKind if counted[kind])


def _order(subject: GapSubject) -> tuple[str, str, str, str]:
    return (subject.life_area or "~", subject.commune or "~", subject.status or "~", subject.language or "~")
