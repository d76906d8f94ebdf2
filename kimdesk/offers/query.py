"""The query grammar: what somebody types becomes terms, and terms become safe full-text expressions.

There is no syntax to learn: words, in any spelling, inflected or as a whole question. Quotation marks, stars,
brackets and the engine's keywords are ordinary separators, so no input can fail. Each word becomes a term with a
light stem (German endings cut, so that a prefix match finds the other forms) and with the curated words that mean
the same.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kimdesk.foundation.resources import resource
from kimdesk.offers.folding import fold

MAXIMUM_CHARACTERS = 400
MAXIMUM_TERMS = 16
TITLES_ONLY_BELOW = 3
QUESTION_FROM_WORDS = 4
_PIECE = 5
_SHORTEST_PIECE = 3
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("innen", "ungen", "chen", "ern", "est", "en", "er", "es", "em", "in", "e", "n", "s")
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: the folded `word` as typed, its `stem`, and `synonyms` (folded, maybe several words)."""

    word: str
    stem: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for. Without terms there is nothing to search. `is_question` tells a sentence from keywords.

    `typed` are all words in their order (folded), also those without meaning.
    """

    terms: tuple[Term, ...] = ()
    is_question: bool = False
    typed: tuple[str, ...] = ()

    @property
    def titles_only(self) -> bool:
        """Return whether so little was typed that only titles are searched (DESIGN.md decision 7)."""
        return sum(len(term.word) for term in self.terms) < TITLES_ONLY_BELOW

    def word_expression(self) -> str:
        """Return the expression for the word index: any stem as beginning of a word."""
        return " OR ".join(dict.fromkeys(_quoted(term.stem) + "*" for term in self.terms))

    def synonym_expression(self) -> str:
        """Return the expression for the word index that finds what means the same; empty when nothing is known."""
        synonyms = dict.fromkeys(synonym for term in self.terms for synonym in term.synonyms)
        return " OR ".join(_quoted(synonym) + ("*" if len(synonym) >= _SHORTEST_STEM else "") for synonym in synonyms)

    def piece_expression(self) -> str:
        """Return the expression for the trigram index; empty when nothing is long enough for it.

        Keywords must stand in a word whole, which finds them inside compounds. The words of a question are cut into
        pieces of five letters: German questions and answers share parts of compounds more often than whole words.
        """
        if self.titles_only:
            return ""
        pieces: dict[str, None] = {}
        for term in self.terms:
            if self.is_question and len(term.word) >= _PIECE:
                starts = range(len(term.word) - _PIECE + 1)
                pieces.update(dict.fromkeys(term.word[start : start + _PIECE] for start in starts))
            elif not self.is_question and len(term.stem) >= _SHORTEST_PIECE:
                pieces[term.stem] = None
        return " OR ".join(_quoted(piece) for piece in pieces)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The curated words behind the grammar: stop words and, by folded word or phrase, what means the same."""

    stopwords: frozenset[str] = frozenset()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def load_lexicon(folder: Path | None = None) -> Lexicon:
    """Return the lexicon in `folder`, by default the one that comes with the program (``resources/offers``)."""
    place = folder or resource("offers")
    stopwords = tomllib.loads((place / "stopwords.toml").read_text(encoding="utf-8"))["stopwords"]
    groups = tomllib.loads((place / "synonyms.toml").read_text(encoding="utf-8"))["groups"]
    synonyms: dict[str, tuple[str, ...]] = {}
    for group in groups:
        folded = [" ".join(_words(entry)) for entry in group]
        for entry in folded:
            known = synonyms.get(entry, ())
            synonyms[entry] = tuple(dict.fromkeys((*known, *(other for other in folded if other != entry))))
    return Lexicon(frozenset(word for text in stopwords.values() for word in _words(text)), synonyms)


def parse_query(text: str, lexicon: Lexicon) -> SearchQuery:
    """Return the query behind `text`; any text is allowed, what is beyond 400 characters or 16 terms is left out."""
    typed = tuple(_words(text[:MAXIMUM_CHARACTERS]))
    words = list(dict.fromkeys(typed))
    meaningful = [word for word in words if word not in lexicon.stopwords] or words
    terms = tuple(_term(word, lexicon) for word in meaningful[:MAXIMUM_TERMS])
    return SearchQuery(terms, is_question=len(words) >= QUESTION_FROM_WORDS, typed=typed)


def title_share(title: str, query: SearchQuery) -> float:
    """Return between 0 and 1 how much of a title the query covers, and the title of the query."""
    words = _words(title)
    if not words or not query.terms:
        return 0.0
    covered = sum(any(word.startswith(term.stem) for term in query.terms) for word in words) / len(words)
    asked = sum(any(word.startswith(term.stem) for word in words) for term in query.terms) / len(query.terms)
    return covered * asked


def is_title(title: str, query: SearchQuery) -> bool:
    """Return whether the title itself was typed, in whatever spelling."""
    return bool(query.typed) and tuple(_words(title)) == query.typed


def stem(word: str) -> str:
    """Return `word` without a German ending where enough is left of it; an imprecise but predictable cut."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            if ending == "s" and word[-2] not in "aeiouy":
                continue  # "Kurs" keeps its s, "Kitas" does not
            return word[: -len(ending)] + ("ung" if ending == "ungen" else "")
    return word


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _term(word: str, lexicon: Lexicon) -> Term:
    synonyms = lexicon.synonyms.get(word)
    if synonyms is None:
        synonyms = next((lexicon.synonyms[form] for form in _singulars(word) if form in lexicon.synonyms), ())
    return Term(word, stem(word), synonyms)


def _singulars(word: str) -> Iterable[str]:
    """Yield forms without a plural ending, to look a word up in the synonyms."""
    for ending in ("en", "e", "n", "s", "es", "er"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            yield word[: -len(ending)]


def _quoted(words: str) -> str:
    """Return `words`, which are letters, digits and blanks only, as one string of the engine's grammar."""
    return f'"{words}"'
