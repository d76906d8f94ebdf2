"""What screens and scripts get to see of the directory; frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from kimdesk.domain.vocabulary import LegalDomain, LifeArea, ResidenceStatus
from kimdesk.offers.excerpt import Excerpt, MatchReason, Range
from kimdesk.offers.fit import Misfit
from kimdesk.offers.model import OfferSource, OfferStatus


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """Narrows a search; None or False leaves a thing open. What a record does not say never excludes it.

    `commune` (AGS) keeps offers that serve it or are not limited to communes; `language` keeps offers where it is
    spoken or that have a text in it; `status` and `age` (years) keep offers that admit them. `day` keeps offers with
    regular hours on its weekday and no closure on it, with `clock` ("HH:MM", local) those open then. `free_places`
    needs a number of free places; `verified_since` counts the source's date and the own office's.
    """

    life_area: LifeArea | None = None
    commune: str | None = None
    language: str | None = None
    status: ResidenceStatus | None = None
    domain: LegalDomain | None = None
    age: int | None = None
    day: date | None = None
    clock: str = ""
    by_appointment: bool = False
    free_places: bool = False
    verified_since: date | None = None


@dataclass(frozen=True, slots=True)
class OfferHit:
    """One result of a search, best first. `language` is that of the text that matched; `title` is the offer's own
    and `title_ranges` highlights it where that is the text that matched. `score` compares within one search only.
    `meant` are the typed words a translation or synonym stands for; `misfits` say why it does not suit a case."""

    id: UUID
    external_id: str
    title: str
    provider: str
    language: str
    score: float
    reason: MatchReason
    matched_words: tuple[str, ...]
    title_ranges: tuple[Range, ...]
    excerpt: Excerpt
    meant: str = ""
    misfits: tuple[Misfit, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the form scripts rely on (DESIGN.md, "Command line")."""
        return {"id": str(self.id), "external_id": self.external_id, "title": self.title, "score": self.score}


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer in a list."""

    id: UUID
    external_id: str
    title: str
    summary: str
    provider: str
    source: OfferSource
    status: OfferStatus
    life_areas: tuple[LifeArea, ...]
    languages_written: tuple[str, ...]
    last_verified: date | None
    misfits: tuple[Misfit, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferPage:
    """A stretch of the whole list, by title, and how many there are in all."""

    rows: tuple[OfferRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OfferAnswer:
    """What a search found: the best `hits`, how many offers there are in `total`, and what may have been meant.

    `suggestion` is the typed text with words nobody uses replaced by the likeliest ones, or empty. `language` is the
    language the question was recognised as, empty where that cannot be told.
    """

    hits: tuple[OfferHit, ...] = ()
    total: int = 0
    suggestion: str = ""
    language: str = ""
