"""What screens and scripts get to see of the directory; frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from kimdesk.domain.vocabulary import LifeArea
from kimdesk.offers.excerpt import Excerpt, MatchReason, Range
from kimdesk.offers.model import OfferSource, OfferStatus


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """Narrows a search; None leaves a thing open.

    `commune` (AGS) keeps offers that serve it or are not limited to communes; `language` keeps offers where it is
    spoken or that have a text in it.
    """

    life_area: LifeArea | None = None
    commune: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class OfferHit:
    """One result of a search, best first. `language` is that of the text that matched; `title` is the offer's own
    and `title_ranges` highlights it where that is the text that matched. `score` compares within one search only."""

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


@dataclass(frozen=True, slots=True)
class OfferPage:
    """A stretch of the whole list, by title, and how many there are in all."""

    rows: tuple[OfferRow, ...]
    total: int
