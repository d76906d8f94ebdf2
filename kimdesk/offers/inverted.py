"""The directory's words in memory: which text holds which word how often and where. Built from the rows of the vault.

Scores are Okapi BM25 over weighted frequencies (BM25F): a word in the title counts several times.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from kimdesk.offers.index_rows import TITLE, IndexRow
from kimdesk.offers.vocabulary import Ids, Vocabulary

_K1, _B = 1.2, 0.75

Vector = NDArray[np.float32]
Mask = NDArray[np.bool_]


class InvertedIndex:
    """Every text has a place, 0 to `size` - 1; `numbers` and `offers` say which text and whose it is,
    `owners` the latter as small numbers."""

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
        owners: dict[UUID, int] = {}
        numbered = (owners.setdefault(one, len(owners)) for one in self.offers)
        self.owners: Ids = np.fromiter(numbered, np.int32, self.size)
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

        everything = np.arange(len(known), dtype=np.int32)
        self.whole_titles = self.words_in_title(everything)
        carrying = np.asarray([word not in ignored for word in self.vocabulary.words], np.bool_)
        self.title_sizes: Vector = np.maximum(self.words_in_title(everything[carrying]), 1).astype(np.float32)

    def words_in_title(self, words: Sequence[int] | NDArray[np.int32], weights: Vector | None = None) -> Vector:
        """Return for every text how many of `words` its title has, each counted by its weight."""
        if len(words) == 0:
            return np.zeros(self.size, np.float32)
        slots, which = self._slots(words)
        there = ((self._fields[slots] & TITLE) > 0).astype(np.float32)
        if weights is not None:
            there *= weights[which]
        return np.bincount(self._texts[slots], weights=there, minlength=self.size).astype(np.float32)

    def _slots(self, words: Sequence[int] | NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places in the postings of all of `words`, and for each which of them it is."""
        chosen = np.asarray(words, dtype=np.int64)
        begins, ends = self._starts[chosen], self._starts[chosen + 1]
        sizes = ends - begins
        which = np.repeat(np.arange(len(chosen)), sizes)
        before = np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.arange(int(sizes.sum())) - before + begins[which], which

    def frequencies(
        self, words: Sequence[int] | NDArray[np.int32], weights: Vector | None = None, *, field: int = 0
    ) -> Vector:
        """Return for every text how often it has any of `words`, each counted by its weight; `field` narrows."""
        if len(words) == 0:
            return np.zeros(self.size, np.float32)
        slots, which = self._slots(words)
        counts = self._counts[slots].astype(np.float32)
        if weights is not None:
            counts *= weights[which]
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
        scores = frequencies * (_K1 + 1) / (frequencies + self._norms) * self.rarity(texts_with)
        return np.asarray(scores, np.float32)

    def texts_with(self, word: int) -> int:
        """Return how many texts have the word with this id."""
        return int(self._starts[word + 1] - self._starts[word])
