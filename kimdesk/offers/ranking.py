"""Scores every text of the directory for a query: words, parts of compounds, related words, letters, titles.

For every word typed, the words of the directory that agree with it are collected (the same stem, compounds, a
beginning, a typing error) and count as one word in BM25. In questions, runs of four letters count besides: German
questions and answers share parts of words more often than whole ones. The weights were chosen on one half of the
questions of OMoS-QA and checked on the other (decision 058).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from kimdesk.offers.index_rows import TITLE
from kimdesk.offers.inverted import InvertedIndex, Vector
from kimdesk.offers.lexicon import Phrase
from kimdesk.offers.query import Related, Relation, SearchQuery, Term
from kimdesk.offers.stemming import stem, with_umlaut
from kimdesk.offers.vocabulary import Ids

_BEGINNING, _END = 0.8, 0.8
_INSIDE = 0.3
_LONGEST_INFLECTION = 2
_SHORTEST_INSIDE, _SHORTEST_PART = 3, 4
_PART, _PART_OF_KNOWN = 0.6, 0.2
_SYNONYM, _TRANSLATION = 0.3, 1.0
_SYNONYM_IN_TITLE = 0.7
_FOREIGN_WORD = 0.3
_LATER_PHRASE = 0.6
_TYPING_ERROR = 0.5
_LETTERS = 4
_LETTERS_OF_TRANSLATION = 1.0
_WORDS_IN_QUESTION = 0.5
_TITLE_BONUS = 1.0
_MISSING_WORD = 0.35


@dataclass(frozen=True, slots=True)
class Agreement:
    """Words of the directory (ids) that agree with something typed, and how well (0 to 1)."""

    ids: Ids
    weights: Vector

    def __bool__(self) -> bool:
        return len(self.ids) > 0


@dataclass
class Ranking:
    """What was found. `scores` is above 0 for every text found; the words that led there tell why.

    `own`, `parts` (of compounds typed), `related` (word to what was typed) and `misspelt` hold folded words of the
    directory; `better` maps a typed word nobody uses to the word probably meant. `needles` are the letters they share.
    """

    scores: Vector
    own: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    related: dict[str, tuple[Relation, Phrase]] = field(default_factory=dict)
    misspelt: set[str] = field(default_factory=set)
    better: dict[str, str] = field(default_factory=dict)
    needles: set[str] = field(default_factory=set)

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Return an expression for folded text that finds something in every word that led there."""
        parts = sorted((re.escape(needle) for needle in self.needles if needle), key=len, reverse=True)
        return re.compile("|".join(parts)) if parts else None

    @cached_property
    def translations(self) -> set[str]:
        """Return the words that translate what was typed."""
        return {word for word, (relation, _typed) in self.related.items() if relation is Relation.TRANSLATION}


class _Collector:
    """Adds up one query."""

    def __init__(self, index: InvertedIndex, query: SearchQuery) -> None:
        self.index, self.query = index, query
        self.result = Ranking(np.zeros(index.size, np.float32))
        self.words = np.zeros(index.size, np.float32)
        self.letters = np.zeros(index.size, np.float32)
        self.asked = np.zeros(index.size, np.float32)
        self.asked_in_title = np.zeros(index.size, np.float32)
        self.asked_at_all = 0.0
        self.in_title = np.zeros(len(index.vocabulary), np.float32)

    def add(self, frequencies: Vector, weight: float) -> bool:
        """Count something with the given frequencies; returns whether any text has it."""
        scores = self.index.score(frequencies)
        if not scores.any():
            return False
        self.words += weight * scores
        return True

    def cover(self, agreement: Agreement) -> None:
        """Note that words of titles are covered by the query."""
        self.in_title[agreement.ids] = np.maximum(self.in_title[agreement.ids], agreement.weights)

    def ask(self, frequencies: Vector, title: Vector, weight: float) -> None:
        """Note which texts have a word that was asked for, and which have it in their title."""
        rarity = weight * self.index.rarity(int(np.count_nonzero(frequencies)))
        self.asked_at_all += rarity
        self.asked += rarity * (frequencies > 0)
        self.asked_in_title += rarity * (title > 0)


def rank(index: InvertedIndex, query: SearchQuery) -> Ranking:
    """Return the scores of all texts for `query`; a query without terms finds nothing."""
    collector = _Collector(index, query)
    if not index.size or not query.terms:
        return collector.result
    if query.titles_only:
        return _titles(collector)
    explained = {word for related in query.related for word in related.typed}
    for term in query.terms:
        is_translated = query.is_foreign and term.word in explained
        _add_term(collector, term, _FOREIGN_WORD if is_translated else 1.0, is_explained=term.word in explained)
    for related in query.related:
        _add_related(collector, related)
    _add_letters(collector)
    return _total(collector)


def _titles(collector: _Collector) -> Ranking:
    """One or two letters: words of titles that begin with them."""
    index, result = collector.index, collector.result
    for term in collector.query.terms:
        ids = list(index.vocabulary.starting(term.word))
        result.scores += index.score(index.frequencies(ids, field=TITLE))
        result.scores += index.score(index.frequencies(index.vocabulary.exactly(term.word), field=TITLE))
        result.own.update(index.vocabulary.words[number] for number in ids)
        result.needles.add(term.word)
    return result


def _beginnings(of_stem: str) -> Iterable[str]:
    """Return the letters a word with this stem has: the stem itself and with the umlaut of a plural."""
    return filter(None, (of_stem, with_umlaut(of_stem)))


def _add_term(collector: _Collector, term: Term, weight: float, *, is_explained: bool) -> None:
    index, result, query = collector.index, collector.result, collector.query
    weight *= term.weight
    agreement = _agreement(index, term)
    parts = index.vocabulary.parts(term.word) if len(term.word) > 2 * _SHORTEST_PART else ()
    inside = _inside(index, term, is_question=query.is_question)
    if agreement or len(inside):
        scores = np.maximum(_scored(index, agreement), _INSIDE * index.score(index.frequencies(inside)))
        collector.words += weight * scores
        titles = index.frequencies(np.union1d(agreement.ids, inside), field=TITLE)
        collector.ask(scores, titles, weight)
        collector.cover(agreement)
        result.own.update(map(index.vocabulary.words.__getitem__, (*agreement.ids.tolist(), *inside.tolist())))
        result.needles.update((term.word, *_beginnings(term.stem)))
    share = _PART if query.is_question or not agreement else _PART_OF_KNOWN
    for part in parts:
        _add_part(collector, part, weight * share)
    if not agreement and not len(inside) and not parts and not is_explained:
        _add_similar(collector, term, weight)


def _add_part(collector: _Collector, part: str, weight: float) -> None:
    index = collector.index
    agreement = _agreement(index, Term(part, part))
    collector.add(index.frequencies(agreement.ids, agreement.weights), weight)
    collector.cover(agreement)
    collector.result.parts.update(map(index.vocabulary.words.__getitem__, agreement.ids.tolist()))
    collector.result.needles.update(_beginnings(part))


def _add_similar(collector: _Collector, term: Term, weight: float) -> None:
    index, result = collector.index, collector.result
    similar = index.vocabulary.similar(term.word, is_beginning=term.is_open)
    if not similar:
        return
    fewest = similar[0][1]
    ids = [number for number, errors in similar if errors == fewest]
    best = max(ids, key=lambda number: (index.texts_with(number), -len(index.vocabulary.words[number])))
    result.better[term.word] = index.vocabulary.words[best]
    result.misspelt.update(index.vocabulary.words[number] for number in ids)
    result.needles.update(result.misspelt)
    frequencies = index.frequencies(ids)
    collector.add(frequencies, weight * _TYPING_ERROR)
    collector.ask(frequencies, index.frequencies(ids, field=TITLE), weight)


def _scored(index: InvertedIndex, agreement: Agreement) -> Vector:
    return index.score(index.frequencies(agreement.ids, agreement.weights))


def _inside(index: InvertedIndex, term: Term, *, is_question: bool) -> Ids:
    """Return the words with the typed letters anywhere; in questions only what may still be in the making."""
    if len(term.word) < _SHORTEST_INSIDE or (is_question and not term.is_open):
        return np.zeros(0, np.int32)
    return index.vocabulary.containing(term.word)


def _agreement(index: InvertedIndex, term: Term) -> Agreement:
    """Return the words that are `term` in another form, or compounds that begin or end with it."""
    vocabulary = index.vocabulary
    weights = np.zeros(len(vocabulary), np.float32)
    if len(term.stem) >= _SHORTEST_PART:
        ids, before, after = vocabulary.places(term.stem)
        weights[ids[(after <= _LONGEST_INFLECTION) & (before > 0)]] = _END
    if len(term.stem) >= _SHORTEST_INSIDE:
        weights[vocabulary.compounds_with(term.stem, term.word)] = _BEGINNING
        beginning = vocabulary.starting(term.word)
        weights[beginning.start : beginning.stop] = _BEGINNING
    weights[vocabulary.of_stem(term.stem)] = 1.0
    weights[vocabulary.exactly(term.word)] = 1.0
    chosen = np.nonzero(weights)[0].astype(np.int32)
    return Agreement(chosen, weights[chosen])


def _add_related(collector: _Collector, related: Related) -> None:
    """Several phrases that mean the same count as one thing; the first of a list is the most usual."""
    index, result = collector.index, collector.result
    is_translation = related.relation is Relation.TRANSLATION
    weight = related.weight * (_TRANSLATION if is_translation else _SYNONYM)
    frequencies = np.zeros(index.size, np.float32)
    titles = np.zeros(index.size, np.float32)
    for place, phrase in enumerate(related.phrases):
        found = [_agreement(index, Term(word, stem(word))) for word in phrase]
        if not all(found):
            continue
        share = 1.0 if place == 0 or not is_translation else _LATER_PHRASE
        every = [index.frequencies(one.ids, one.weights) for one in found]
        frequencies += share * np.minimum.reduce(every)
        titles += np.minimum.reduce([index.frequencies(one.ids, field=TITLE) for one in found])
        for one in found:
            collector.cover(one if is_translation else Agreement(one.ids, one.weights * np.float32(_SYNONYM_IN_TITLE)))
            for number in one.ids.tolist():
                result.related.setdefault(index.vocabulary.words[number], (related.relation, related.typed))
        result.needles.update(beginning for word in phrase for beginning in _beginnings(stem(word)))
    collector.add(frequencies, weight)
    if is_translation:
        collector.ask(frequencies, titles, weight)
    elif len(collector.query.terms) == 1:
        likely = np.float32(_SYNONYM_IN_TITLE * collector.asked_at_all) * (titles > 0)
        collector.asked_in_title = np.maximum(collector.asked_in_title, likely)


def _add_letters(collector: _Collector) -> None:
    """Count runs of letters of the words of a question; edges of words are letters too."""
    index, query = collector.index, collector.query
    if not query.is_question:
        return
    explained = {word for related in query.related for word in related.typed if query.is_foreign}
    asked = [(term.word, term.weight) for term in query.terms if term.word not in explained]
    for related in query.related:
        if related.relation is Relation.TRANSLATION:
            asked += [(word, related.weight * _LETTERS_OF_TRANSLATION) for word in related.phrases[0]]
    weights: dict[str, float] = {}
    for word, weight in asked:
        for run in _runs(word):
            weights[run] = max(weight, weights.get(run, 0.0))
    for run, weight in weights.items():
        ids = index.vocabulary.containing(run)
        collector.letters += weight * index.score(index.frequencies(ids))


def _runs(word: str) -> Iterable[str]:
    edged = f"\n{word}\n"
    if len(edged) <= _LETTERS:
        return (edged,)
    return dict.fromkeys(edged[begin : begin + _LETTERS] for begin in range(len(edged) - _LETTERS + 1))


def _total(collector: _Collector) -> Ranking:
    query, result = collector.query, collector.result
    scores = collector.words
    if collector.letters.any():
        scores = _to_one(collector.letters) + _WORDS_IN_QUESTION * _to_one(collector.words)
    elif len(query.terms) > 1 and collector.asked_at_all:
        scores = scores * (_MISSING_WORD + (1 - _MISSING_WORD) * collector.asked / collector.asked_at_all)
    scores = scores * (1 + _TITLE_BONUS * _title_share(collector))
    # Whoever types a title means that offer, however often another one repeats its words.
    scores = scores + _is_title(collector) * (scores.max(initial=0.0) + 1)
    result.scores = scores.astype(np.float32)
    return result


def _title_share(collector: _Collector) -> Vector:
    """Return between 0 and 1 how much of each title the query covers, times how much of the query is in the title."""
    index = collector.index
    if not collector.asked_at_all:
        return np.zeros(index.size, np.float32)
    ids = np.nonzero(collector.in_title)[0].astype(np.int32)
    covered = np.minimum(index.words_in_title(ids, collector.in_title[ids]) / index.title_sizes, 1)
    share: Vector = covered * np.minimum(collector.asked_in_title / np.float32(collector.asked_at_all), 1)
    return share


def _is_title(collector: _Collector) -> Vector:
    """Return 1 for texts whose title was typed, in whatever order and spelling, else 0."""
    index, typed = collector.index, set(collector.query.typed)
    ids = [number for word in typed for number in index.vocabulary.exactly(word)]
    there = (index.words_in_title(ids) == len(typed)) & (index.whole_titles == len(typed))
    return np.asarray(there, np.float32)


def _to_one(scores: Vector) -> Vector:
    best = float(scores.max(initial=0.0))
    return scores / np.float32(best) if best else scores
