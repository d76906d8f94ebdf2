"""The directory's words in memory: which text holds which word how often and where. Built from the rows of the vault.

Scores are Okapi BM25 over weighted frequencies (BM25F): a word in the title counts several times.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from kimdesk.offers.folding import words_of
from kimdesk.offers.model import OfferText
from kimdesk.offers.vocabulary import Ids, Vocabulary

RECIPE = 1
"""Changes with the way rows are made, so that older ones are made anew."""

TITLE, KEYWORDS, CATEGORY, BODY = 1, 2, 4, 8
_TITLE_WEIGHT, _KEYWORDS_WEIGHT, _CATEGORY_WEIGHT, _BODY_WEIGHT = 3, 2, 1, 1
_MOST = 255
_K1, _B = 1.2, 0.75

Vector = NDArray[np.float32]
Mask = NDArray[np.bool_]


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


class InvertedIndex:
    """Every text has a place, 0 to `size` - 1; `numbers` and `offers` say which text and whose it is."""

    def __init__(self, rows: Iterable[IndexRow], ignored: frozenset[str] = frozenset()) -> None:
        """Read `rows`; words that are `ignored` do not count for the length of a title."""
        known: dict[str, int] = {}
        ids, weights, sizes = array("i"), bytearray(), array("i")
        self.numbers: list[int] = []
        self.offers: list[UUID] = []
        for row in rows:
            words = row.terms.split("\n") if row.terms else []
            ids.extend([known.setdefault(word, len(known)) for word in words])
            weights += row.weights
            sizes.append(len(words))
            self.numbers.append(row.number)
            self.offers.append(row.offer_id)
        self.size = len(self.numbers)
        self.vocabulary = Vocabulary(known)
        sorted_id = np.empty(len(known), np.int32)
        for place, word in enumerate(self.vocabulary.words):
            sorted_id[known[word]] = place
        words_in_order = sorted_id[np.frombuffer(ids, np.int32)] if len(ids) else np.zeros(0, np.int32)
        order = np.argsort(words_in_order, kind="stable")
        texts = np.repeat(np.arange(self.size, dtype=np.int32), np.frombuffer(sizes, np.int32) if self.size else 0)
        pairs = np.frombuffer(bytes(weights), np.uint8).reshape(-1, 2)
        self._texts = texts[order]
        self._counts = pairs[order, 0]
        self._fields = pairs[order, 1]
        self._starts = np.searchsorted(words_in_order[order], np.arange(len(known) + 1)).astype(np.int64)
        lengths = np.bincount(texts, weights=pairs[:, 0], minlength=self.size) if self.size else np.zeros(0)
        mean = float(lengths.mean()) if self.size else 1.0
        self._norms = (_K1 * (1 - _B + _B * lengths / max(mean, 1.0))).astype(np.float32)

        carrying = [place for place, word in enumerate(self.vocabulary.words) if word not in ignored]
        self.title_sizes = np.maximum(self.words_in_title(np.asarray(carrying, np.int32)), 1)

    def words_in_title(self, words: Ids) -> Vector:
        """Return for every text how many of `words` its title has."""
        if len(words) == 0:
            return np.zeros(self.size, np.float32)
        slots, _which = self._slots(words)
        there = (self._fields[slots] & TITLE) > 0
        return np.bincount(self._texts[slots][there], minlength=self.size).astype(np.float32)

    def _slots(self, words: Sequence[int] | NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places in the postings of all of `words`, and for each which of them it is."""
        chosen = np.asarray(words, dtype=np.int64)
        begins, ends = self._starts[chosen], self._starts[chosen + 1]
        sizes = ends - begins
        which = np.repeat(np.arange(len(chosen)), sizes)
        before = np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.arange(int(sizes.sum())) - before + begins[which], which

    def frequencies(
        self, words: Sequence[int] | NDArray[np.int32], weights: Sequence[float] | None = None, *, field: int = 0
    ) -> Vector:
        """Return for every text how often it has any of `words`, each counted by its weight; `field` narrows."""
        if len(words) == 0:
            return np.zeros(self.size, np.float32)
        slots, which = self._slots(words)
        counts = self._counts[slots].astype(np.float32)
        if weights is not None:
            counts *= np.asarray(weights, np.float32)[which]
        if field:
            counts *= (self._fields[slots] & field) > 0
        return np.bincount(self._texts[slots], weights=counts, minlength=self.size).astype(np.float32)

    def rarity(self, texts_with: int) -> float:
        """Return the inverse document frequency of something that so many texts have."""
        return float(np.log(1 + (self.size - texts_with + 0.5) / (texts_with + 0.5)))

    def score(self, frequencies: Vector) -> Vector:
        """Return the BM25 score of one thing searched for, given how often every text has it."""
        texts_with = int(np.count_nonzero(frequencies))
        if not texts_with:
            return frequencies
        scores: Vector = frequencies * (_K1 + 1) / (frequencies + self._norms) * self.rarity(texts_with)
        return scores.astype(np.float32)

    def texts_with(self, word: int) -> int:
        """Return how many texts have the word with this id."""
        return int(self._starts[word + 1] - self._starts[word])
