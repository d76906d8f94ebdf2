"""The curated words behind the search: words without meaning, words of little meaning, and what means the same.

`resources/offers/stopwords.toml` holds the first two by language. `resources/offers/glossary/*.txt` holds the field's
concepts, one per line, with the words of every language in a column of its own; the German words of a line are
synonyms, those of other languages lead to the German ones. `synonyms.toml` holds further German synonyms.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kimdesk.foundation.resources import resource
from kimdesk.offers.folding import words_of
from kimdesk.offers.stemming import forms

Phrase = tuple[str, ...]
GERMAN = "de"
LATIN = (GERMAN, "en", "fr", "tr")
_COLUMN, _ENTRY = "|", ","


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing of the field: its phrases by language, the most usual first; phrases are folded words."""

    phrases: Mapping[str, tuple[Phrase, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """A concept in a text: the half-open range of words, how many of them stand there exactly as in the list."""

    begin: int
    end: int
    exact: int
    concept: Concept


class Glossary:
    """Finds concepts in the words of a text, in whatever grammatical form."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        self._by_first: dict[str, dict[str, list[tuple[Phrase, Concept]]]] = {}
        for concept in self.concepts:
            for language, phrases in concept.phrases.items():
                known = self._by_first.setdefault(language, {})
                for phrase in phrases:
                    for form in _known_forms(phrase[0], language):
                        known.setdefault(form, []).append((phrase, concept))

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the codes of the languages with words in it."""
        return tuple(self._by_first)

    def find(self, words: Sequence[str], language: str) -> list[Found]:
        """Return the concepts in `words`, the longest phrases first, none inside the words of another.

        Several concepts that share a word as it is written are all returned.
        """
        known: dict[tuple[int, int, int], Found] = {}
        for begin in range(len(words)):
            for one in self._at(words, begin, language):
                same = known.setdefault((one.begin, one.end, id(one.concept)), one)
                if one.exact > same.exact:
                    known[one.begin, one.end, id(one.concept)] = one
        found = list(known.values())
        found.sort(key=lambda one: (one.begin - one.end, one.end - one.begin - one.exact, one.begin))
        taken: dict[int, tuple[int, int, int]] = {}
        kept = []
        for one in found:
            span = (one.begin, one.end, one.exact)
            if all(taken.get(place, span) == span for place in range(one.begin, one.end)):
                taken.update(dict.fromkeys(range(one.begin, one.end), span))
                kept.append(one)
        return kept

    def _at(self, words: Sequence[str], begin: int, language: str) -> Iterator[Found]:
        known = self._by_first.get(language, {})
        for form in forms(words[begin], language):
            for phrase, concept in known.get(form, ()):
                end = begin + len(phrase)
                pairs = tuple(zip(words[begin:end], phrase, strict=False))
                if end <= len(words) and all(_same(word, other, language) for word, other in pairs):
                    exact = sum(word == other for word, other in pairs)
                    yield Found(begin, end, exact, concept)


def _same(word: str, known: str, language: str) -> bool:
    return word == known or not set(forms(word, language)).isdisjoint(_known_forms(known, language))


@lru_cache(maxsize=65_536)
def _known_forms(word: str, language: str) -> Phrase:
    """Return the forms a word of the list is filed under; Turkish and Arabic words are cut in the query instead."""
    if language == "tr":
        return (word,)
    if language == "ar":
        bare = word[2:] if word.startswith("ال") and len(word) > 4 else word
        return tuple(dict.fromkeys((word, bare, bare[:-1] if bare.endswith("ه") and len(bare) > 3 else bare)))
    return forms(word, language)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Stop words by language, German words of little meaning, and the concepts."""

    stopwords: Mapping[str, frozenset[str]] = field(default_factory=dict)
    weak: frozenset[str] = frozenset()
    glossary: Glossary = field(default_factory=lambda: Glossary(()))


def load_lexicon(folder: Path | None = None) -> Lexicon:
    """Return the lexicon in `folder`, by default the one that comes with the program (``resources/offers``).

    A mistake in a file is a bug and raises `ValueError` or `KeyError`.
    """
    return _load(folder or resource("offers"))


@lru_cache(maxsize=2)
def _load(place: Path) -> Lexicon:
    lists = tomllib.loads((place / "stopwords.toml").read_text(encoding="utf-8"))
    groups = tomllib.loads((place / "synonyms.toml").read_text(encoding="utf-8"))["groups"]
    concepts = [Concept({GERMAN: _phrases(group)}) for group in groups]
    for path in sorted((place / "glossary").glob("*.txt")):
        concepts += read_glossary(path.read_text(encoding="utf-8"))
    stopwords = {language: frozenset(words_of(text)) for language, text in lists["stopwords"].items()}
    weak = frozenset(forms(word, GERMAN)[-1] for word in words_of(lists["weak"]["de"]))
    return Lexicon(stopwords, weak, Glossary(concepts))


def read_glossary(text: str) -> list[Concept]:
    """Return the concepts of a list: the first line names the columns, "#" begins a remark, commas part words."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    languages = [name.strip() for name in lines[0].split(_COLUMN)]
    concepts = []
    for line in lines[1:]:
        cells = line.split(_COLUMN)
        if len(cells) > len(languages):
            raise ValueError(f"too many columns: {line}")
        found = {
            language: _phrases(cell.split(_ENTRY))
            for language, cell in zip(languages, cells, strict=False)
            if cell.strip()
        }
        if GERMAN not in found:
            raise ValueError(f"no German word: {line}")
        concepts.append(Concept(found))
    return concepts


def _phrases(entries: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(dict.fromkeys(phrase for entry in entries if (phrase := tuple(words_of(entry)))))
