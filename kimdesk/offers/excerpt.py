"""Shows why an offer was found: the place in its text, and which letters to highlight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kimdesk.offers.folding import Folded
from kimdesk.offers.model import OfferText

if TYPE_CHECKING:
    from kimdesk.offers.ranking import Ranking  # brings numpy, which the first window does not need

Range = tuple[int, int]
Word = tuple[str, int, int]
_EXCERPT_CHARACTERS = 180
_MOST_WORDS = 6


class MatchReason(StrEnum):
    """Where and how the words were found, the strongest first."""

    TITLE = "title"
    KEYWORDS = "keywords"
    TEXT = "text"
    TRANSLATION = "translation"
    SYNONYM = "synonym"
    SPELLING = "spelling"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of an offer's text. `ranges` are half-open character ranges in `text` to highlight."""

    text: str
    ranges: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Why a text matches: the reason, the words of the text that match, the title's ranges, the excerpt.

    `meant` are the typed words (folded) that a translation or a synonym stands for.
    """

    reason: MatchReason
    words: tuple[str, ...]
    title_ranges: tuple[Range, ...]
    excerpt: Excerpt
    meant: str = ""


def explain(text: OfferText, provider: str, found: Ranking) -> Match:
    """Return why `text` was found; `SIMILAR` where only parts of words agree.

    The first kind of words that occurs gives the reason: those typed, translations, parts of compounds typed, synonyms,
    corrected ones. Of the kinds after it nothing is highlighted.
    """
    beside = " · ".join(part for part in (*text.keywords, *text.category, provider, text.access_requirements) if part)
    places = (text.title, beside, " ".join((text.text or text.summary).split()))
    folded = [Folded(place) for place in places]
    needles = found.pattern
    there = [list(place.words_with(needles)) if needles is not None else [] for place in folded]
    translations = found.translations
    for wanted, reasons in (
        (found.own, (MatchReason.TITLE, MatchReason.KEYWORDS, MatchReason.TEXT)),
        (translations, (MatchReason.TRANSLATION,) * 3),
        (found.parts - found.own, (MatchReason.TITLE, MatchReason.KEYWORDS, MatchReason.TEXT)),
        (found.related.keys() - translations, (MatchReason.SYNONYM,) * 3),
        (found.misspelt, (MatchReason.SPELLING,) * 3),
    ):
        some = [[one for one in words if one[0] in wanted] for words in there]
        if any(some):
            reason = next(one for one, words in zip(reasons, some, strict=True) if words)
            ranges = [_ranges(place, words) for place, words in zip(folded[:2], some, strict=False)]
            excerpt = _excerpt(folded[2], places[2], some[2], wanted, found)
            shown = [
                place[start:end]
                for place, found_there in zip(places, ranges, strict=False)
                for start, end in found_there
            ]
            shown += [excerpt.text[start:end] for start, end in excerpt.ranges]
            if not shown:  # the words stand beside the text, or just outside the excerpt
                place = next(number for number, words in enumerate(some) if words)
                shown = [places[place][start:end] for start, end in _ranges(folded[place], some[place][:_MOST_WORDS])]
            meant = ""
            if reason in (MatchReason.TRANSLATION, MatchReason.SYNONYM):
                meant = _meant((word for words in some for word, _start, _end in words), found)
            return Match(reason, tuple(dict.fromkeys(shown))[:_MOST_WORDS], ranges[0], excerpt, meant)
    return Match(MatchReason.SIMILAR, (), (), _cut(places[2], 0)[0])


def _ranges(folded: Folded, words: Iterable[Word]) -> tuple[Range, ...]:
    return tuple((folded.origin(start), folded.origin(end - 1) + 1) for _word, start, end in words)


def _meant(words: Iterable[str], found: Ranking) -> str:
    return next((" ".join(found.related[word][1]) for word in words if word in found.related), "")


def _excerpt(folded: Folded, body: str, words: Sequence[Word], wanted: Set[str], found: Ranking) -> Excerpt:
    """Return the stretch of `body`, which is one line, with the most of `words`, cut at words."""
    if not words or found.pattern is None:
        return _cut(body, 0)[0]
    excerpt, lead, end = _cut(body, folded.origin(_best_start(words)))
    inside = Folded(excerpt.text)
    ranges = _ranges(inside, (word for word in inside.words_with(found.pattern) if word[0] in wanted))
    return Excerpt(excerpt.text, tuple(one for one in ranges if lead <= one[0] and one[1] <= end))


def _cut(body: str, around: int) -> tuple[Excerpt, int, int]:
    """Return a stretch of `body`, and where in it the text begins and ends; outside are only dots."""
    begin = max(0, around - 40)
    if begin > 0:
        begin = body.find(" ", begin) + 1
    end = min(len(body), begin + _EXCERPT_CHARACTERS)
    if end < len(body) and (blank := body.rfind(" ", begin, end)) > begin:
        end = blank
    lead, tail = ("… " if begin else ""), (" …" if end < len(body) else "")
    return Excerpt(lead + body[begin:end] + tail), len(lead), len(lead) + end - begin


def _best_start(words: Sequence[Word]) -> int:
    """Return where the stretch with the most words begins; they are in order."""
    best, best_count, last = words[0][1], 0, 0
    for place, (_word, start, _end) in enumerate(words):
        while last < len(words) and words[last][1] < start + _EXCERPT_CHARACTERS - 40:
            last += 1
        if last - place > best_count:
            best, best_count = start, last - place
    return best
