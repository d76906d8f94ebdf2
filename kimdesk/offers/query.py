"""What somebody types becomes terms and concepts.

There is no syntax to learn: words, in any spelling, inflected or as a whole question, in German or another language.
Quotation marks, stars and brackets are ordinary separators, so no input can fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kimdesk.offers.folding import words_of
from kimdesk.offers.lexicon import GERMAN, LATIN, Found, Lexicon, Phrase
from kimdesk.offers.stemming import stem

MAXIMUM_CHARACTERS = 400
MAXIMUM_TERMS = 16
TITLES_ONLY_BELOW = 3
QUESTION_FROM_WORDS = 4
_WEAK = 0.35
_TELLING_WORDS = 3


class Relation(StrEnum):
    """How other words belong to what was typed."""

    SYNONYM = "synonym"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True)
class Term:
    """One word to look for: folded as typed, its German stem, how much it counts (0 to 1), and whether it may be
    the beginning of a word that is still being typed."""

    word: str
    stem: str
    weight: float = 1.0
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """German phrases that mean what was typed. `typed` are the words they stand for."""

    typed: Phrase
    relation: Relation
    phrases: tuple[Phrase, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for. Without terms there is nothing to search. `is_question` tells a sentence from keywords.

    `typed` are all words in their order (folded), also those without meaning. `language` is the language it was
    recognised as, empty where a few words do not tell.
    """

    terms: tuple[Term, ...] = ()
    related: tuple[Related, ...] = ()
    is_question: bool = False
    typed: Phrase = ()
    language: str = ""

    @property
    def titles_only(self) -> bool:
        """Return whether so little was typed that only titles are searched (DESIGN.md decision 7)."""
        return sum(len(term.word) for term in self.terms) < TITLES_ONLY_BELOW

    @property
    def is_foreign(self) -> bool:
        """Return whether it was asked in another language than German."""
        return self.language not in ("", GERMAN)


def parse_query(text: str, lexicon: Lexicon) -> SearchQuery:
    """Return the query behind `text`; any text is allowed, what is beyond 400 characters or 16 terms is left out."""
    shown = text[:MAXIMUM_CHARACTERS]
    typed = tuple(words_of(shown))
    if not typed:
        return SearchQuery()
    language = guess_language(typed, lexicon)
    spoken = _spoken(typed, language)
    ignored = lexicon.stopwords.get(language or GERMAN, frozenset()) | lexicon.stopwords.get(GERMAN, frozenset())
    words = list(dict.fromkeys(typed))
    meaningful = [word for word in words if word not in ignored] or words
    unfinished = typed[-1] if not shown[-1:].isspace() else ""
    terms = tuple(
        Term(word, stem(word), _WEAK if stem(word) in lexicon.weak else 1.0, word == unfinished)
        for word in meaningful[:MAXIMUM_TERMS]
    )
    related = tuple(_related(typed, spoken, ignored, lexicon))
    return SearchQuery(terms, related[:MAXIMUM_TERMS], len(words) >= QUESTION_FROM_WORDS, typed, language)


def guess_language(words: Iterable[str], lexicon: Lexicon) -> str:
    """Return the language of `words` by their letters and their small words; nothing where they do not tell."""
    distinct = set(words)
    letters = "".join(distinct)
    if sum("\u0400" <= letter <= "\u04ff" for letter in letters) * 2 > len(letters):
        return _most(distinct, ("uk", "ru"), lexicon) or "uk"
    if sum("\u0600" <= letter <= "\u06ff" for letter in letters) * 2 > len(letters):
        return _most(distinct, ("ar", "fa"), lexicon) or "ar"
    return _most(distinct, LATIN, lexicon) if len(distinct) >= _TELLING_WORDS else ""


def _most(words: set[str], languages: tuple[str, ...], lexicon: Lexicon) -> str:
    counts = {code: len(words & lexicon.stopwords.get(code, frozenset())) for code in languages}
    best = max(languages, key=lambda code: counts[code])  # of equals the first
    return best if counts[best] else ""


def _spoken(words: Phrase, language: str) -> tuple[str, ...]:
    """Return the languages to look words up in, the likeliest first."""
    if language in ("uk", "ru"):
        return (language, "ru" if language == "uk" else "uk", GERMAN)
    if language in ("ar", "fa"):
        return (language, "fa" if language == "ar" else "ar", GERMAN)
    if language == GERMAN:
        return (GERMAN,)
    return (language, GERMAN) if language else LATIN


def _related(typed: Phrase, spoken: tuple[str, ...], ignored: frozenset[str], lexicon: Lexicon) -> Iterator[Related]:
    """Yield what means the same; a word explained in one language is not looked up in the next."""
    explained: set[int] = set()
    for language in spoken:
        newly: set[int] = set()
        by_span: dict[tuple[int, int], list[Found]] = {}
        for found in lexicon.glossary.find(typed, language):
            places = set(range(found.begin, found.end))
            if places & explained or all(typed[place] in ignored for place in places):
                continue
            newly |= places
            by_span.setdefault((found.begin, found.end), []).append(found)
        explained |= newly
        for (begin, end), several in sorted(by_span.items()):
            yield from _of_span(typed[begin:end], several, language, lexicon)


def _of_span(words: Phrase, several: list[Found], language: str, lexicon: Lexicon) -> Iterator[Related]:
    """Yield the synonyms of all concepts as one, translations one by one: only one of them is meant."""
    if language == GERMAN:
        german = dict.fromkeys(phrase for found in several for phrase in found.concept.phrases[GERMAN])
        if others := tuple(phrase for phrase in german if _stems(phrase) != _stems(words)):
            yield Related(words, Relation.SYNONYM, others)
        return
    for found in several:
        german_phrases = found.concept.phrases[GERMAN]
        is_weak = all(stem(word) in lexicon.weak for word in german_phrases[0])
        yield Related(words, Relation.TRANSLATION, german_phrases, (_WEAK if is_weak else 1.0) / len(several))


def _stems(phrase: Phrase) -> Phrase:
    return tuple(stem(word) for word in phrase)
