"""The words of one text as the vault keeps them for the search."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kimdesk.offers.folding import words_of
from kimdesk.offers.model import OfferText

RECIPE = 1
"""Changes with the way rows are made, so that older ones are made anew."""

TITLE, KEYWORDS, CATEGORY, BODY = 1, 2, 4, 8
_TITLE_WEIGHT, _KEYWORDS_WEIGHT, _CATEGORY_WEIGHT, _BODY_WEIGHT = 3, 2, 1, 1
_MOST = 255


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One text's words, one per line, and two bytes for each: its weighted frequency and the fields it stands in."""

    number: int
    offer_id: UUID
    terms: str
    weights: bytes


def terms_of(text: OfferText, provider: str) -> tuple[str, bytes]:
    """Return the words of a text and their weights, as an `IndexRow` holds them."""
    counts: dict[str, int] = {}
    fields: dict[str, int] = {}
    for field, weight, content in (
        (TITLE, _TITLE_WEIGHT, text.title),
        (KEYWORDS, _KEYWORDS_WEIGHT, " ".join((*text.keywords, provider))),
        (CATEGORY, _CATEGORY_WEIGHT, " ".join(text.category)),
        (BODY, _BODY_WEIGHT, "\n".join((text.text or text.summary, text.access_requirements))),
    ):
        for word in words_of(content):
            counts[word] = counts.get(word, 0) + weight
            fields[word] = fields.get(word, 0) | field
    weights = bytearray()
    for word, count in counts.items():
        weights += bytes((min(count, _MOST), fields[word]))
    return "\n".join(counts), bytes(weights)
