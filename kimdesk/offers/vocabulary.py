"""All words of the directory in one sorted list: by beginning, by letters inside, by parts of compounds, misspelt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kimdesk.offers.stemming import stem, with_umlaut

Ids = NDArray[np.int32]
_LAST = "\U0010ffff"
_SHORTEST_PART = 4
_LINKING = "s"
_ONE_ERROR_FROM, _TWO_ERRORS_FROM = 4, 8
_MOST_SIMILAR = 8


class Vocabulary:
    """The distinct folded words, sorted; a word's place in the list is its id."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words: Sequence[str] = sorted(words)
        self._joined = "\n" + "\n".join(self.words) + "\n"
        lengths = np.fromiter((len(word) + 1 for word in self.words), np.int64, len(self.words))
        self._starts = np.concatenate(([0], np.cumsum(lengths)[:-1])) if len(self.words) else np.zeros(0, np.int64)
        self._lengths = lengths - 1
        self.known_stem = lru_cache(maxsize=20_000)(self._known_stem)
        self.parts = lru_cache(maxsize=20_000)(self._parts)

    def __len__(self) -> int:
        return len(self.words)

    def starting(self, letters: str) -> range:
        """Return the ids of the words that begin with `letters`."""
        return range(bisect_left(self.words, letters), bisect_left(self.words, letters + _LAST))

    def exactly(self, word: str) -> list[int]:
        """Return the id of `word`, or nothing."""
        place = bisect_left(self.words, word)
        return [place] if place < len(self.words) and self.words[place] == word else []

    def places(self, letters: str) -> tuple[Ids, Ids, Ids]:
        """Return every place where `letters` stand: the word's id, how many letters come before, how many after."""
        found: list[int] = []
        find, place = self._joined.find, self._joined.find(letters)
        while place >= 0:
            found.append(place)
            place = find(letters, place + 1)
        begins = np.asarray(found, dtype=np.int64) - 1
        ids = np.searchsorted(self._starts, begins, side="right") - 1
        before = begins - self._starts[ids]
        after = self._lengths[ids] - before - len(letters)
        return ids.astype(np.int32), before.astype(np.int32), after.astype(np.int32)

    def containing(self, letters: str) -> Ids:
        """Return the ids of the words with `letters` in them. A line end stands for the edge of a word."""
        inner = letters.strip("\n")
        ids, before, after = self.places(inner)
        keep = np.ones(len(ids), np.bool_)
        if letters.startswith("\n"):
            keep &= before == 0
        if letters.endswith("\n"):
            keep &= after == 0
        return np.unique(ids[keep])

    def of_stem(self, wanted: str) -> list[int]:
        """Return the ids of the words whose German stem is `wanted`, also with the umlaut of a plural."""
        found = [number for number in self.starting(wanted) if stem(self.words[number]) == wanted]
        if changed := with_umlaut(wanted):
            found += [number for number in self.starting(changed) if stem(self.words[number]) == changed]
        return found

    def _known_stem(self, wanted: str) -> bool:
        return any(stem(self.words[number]) == wanted for number in self.starting(wanted))

    def compounds_with(self, first: str, word: str) -> list[int]:
        """Return the ids of compounds whose first part has the stem `first`, but which do not begin with `word`.

        "schul" is in "schulanmeldung" for "schule", not in "schuldner".
        """
        if first == word:
            return []
        whole = self.starting(word)
        near = (number for number in self.starting(first) if number not in whole)
        return [number for number in near if self.parts(self.words[number])[:1] == (first,)]

    def _parts(self, word: str) -> tuple[str, ...]:
        """Return the stems of the words a German compound is made of, or nothing where it is none.

        Every part must be a word of this directory itself; of several ways the one with the fewest parts is taken.
        """
        size = len(word)
        if size < 2 * _SHORTEST_PART:
            return ()
        best: list[tuple[str, ...] | None] = [None] * (size + 1)
        best[0] = ()
        for begin in range(size - _SHORTEST_PART + 1):
            before = best[begin]
            if before is None:
                continue
            for end in range(begin + _SHORTEST_PART, size + 1):
                if end - begin < size and (part := self._part(word[begin:end], is_last=end == size)):
                    after = best[end]
                    if after is None or len(before) + 1 < len(after):
                        best[end] = (*before, part)
        return best[size] or ()

    def _part(self, piece: str, *, is_last: bool) -> str:
        for form in (piece, piece[:-1] if piece.endswith(_LINKING) and not is_last else ""):
            if len(form) >= _SHORTEST_PART and self.known_stem(stem(form)):
                return stem(form)
        return ""

    def similar(self, word: str, *, is_beginning: bool = False) -> list[tuple[int, int]]:
        """Return (id, number of typing errors) of the words closest to `word`, the closest first.

        One error is forgiven from four letters on, two from eight on. With `is_beginning` only as many letters of a
        longer word are compared as were typed.
        """
        size = len(word)
        allowed = 2 if size >= _TWO_ERRORS_FROM else 1 if size >= _ONE_ERROR_FROM else 0
        if not allowed or word.isdigit():
            return []
        longest = self._lengths.max(initial=0) if is_beginning else size + allowed
        near = np.nonzero((self._lengths >= size - allowed) & (self._lengths <= longest))[0].tolist()
        compared = [self.words[number][:size] if is_beginning else self.words[number] for number in near]
        found = process.extract(word, compared, scorer=OSA.distance, score_cutoff=allowed, limit=_MOST_SIMILAR)
        return [(near[place], int(errors)) for _word, errors, place in found]
