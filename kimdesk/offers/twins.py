"""Suggests which offers may be the same. A person decides; nothing is ever merged here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kimdesk.offers.folding import fold
from kimdesk.offers.model import OfferSource

_LIKELY = 86
_SURE_CONTACT = 70
_MOST = 200
_LARGEST_BLOCK = 60


@dataclass(frozen=True, slots=True)
class TwinRow:
    """What of an offer is compared: folded title, provider, and telephone numbers, e-mails and streets."""

    id: UUID
    title: str
    provider: str
    source: OfferSource
    folded: str
    contacts: frozenset[str]

    @classmethod
    def of(cls, identifier: UUID, title: str, provider: str, source: OfferSource, facts: Mapping[str, Any]) -> TwinRow:
        """Return the row of an offer with `facts` as they are stored."""
        contacts = [re.sub(r"\D", "", one["number"]) for one in facts.get("phones", [])]
        contacts += [one.lower() for one in facts.get("emails", [])]
        for site in facts.get("sites", []):
            for one in site.get("location", {}).get("addresses", []):
                if one.get("street"):
                    contacts.append(f"{fold(one['street'])} {one.get('postal_code', '')}")
        return cls(identifier, title, provider, source, fold(title), frozenset(one for one in contacts if len(one) > 5))


@dataclass(frozen=True, slots=True)
class Twins:
    """Two offers that may be one; `likeness` is 0 to 100, `shared` what they have in common besides the title."""

    first: TwinRow
    second: TwinRow
    likeness: int
    shared: tuple[str, ...]


def find_twins(rows: Sequence[TwinRow], decided: frozenset[tuple[UUID, UUID]] = frozenset()) -> tuple[Twins, ...]:
    """Return up to 200 pairs that may be one offer, the likeliest first; `decided` pairs are left out.

    Titles are compared by rapidfuzz (word order does not matter). Only offers that share a contact or a rare word of
    their titles are compared at all, so that a directory of 20,000 takes seconds. Titles that differ in their numbers
    or in the town ("Sprachkurs A1", "Sprachkurs A2") are different offers.
    """
    from rapidfuzz import fuzz  # only here: a screen that is seldom opened

    found: list[Twins] = []
    for first, second in _candidates(rows):
        low, high = sorted((first.id, second.id), key=lambda one: one.hex)
        if (low, high) in decided or _numbers(first.folded) != _numbers(second.folded):
            continue
        likeness = round(fuzz.token_sort_ratio(first.folded, second.folded))
        shared = tuple(sorted(first.contacts & second.contacts))
        same_provider = bool(first.provider) and fold(first.provider) == fold(second.provider)
        if likeness >= (_SURE_CONTACT if shared else _LIKELY if same_provider or not first.provider else 92):
            found.append(Twins(first, second, likeness, shared))
    found.sort(key=lambda pair: (-bool(pair.shared), -pair.likeness, pair.first.title, pair.second.title))
    return tuple(found[:_MOST])


def _candidates(rows: Sequence[TwinRow]) -> Iterable[tuple[TwinRow, TwinRow]]:
    blocks: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for key in {*row.contacts, *(f"w:{word[:8]}" for word in re.findall(r"\w{4,}", row.folded))}:
            blocks.setdefault(key, []).append(index)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) > _LARGEST_BLOCK:
            continue  # a word half the directory has tells nothing
        for place, one in enumerate(block):
            for other in block[place + 1 :]:
                if (one, other) not in seen:
                    seen.add((one, other))
                    yield rows[one], rows[other]


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)
