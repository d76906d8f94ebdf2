"""Shows why an offer was found: the place in its text, and which letters to highlight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kimdesk.offers.folding import Folded
from kimdesk.offers.model import OfferText
from kimdesk.offers.query import Relation

if TYPE_CHECKING:
    from kimdesk.offers.ranking import Ranking  # brings numpy, which the first window does not need

Range = tuple[int, int]
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
    translations = {word for word, (relation, _typed) in found.related.items() if relation is Relation.TRANSLATION}
    for wanted, reasons in (
        (found.own, (MatchReason.TITLE, MatchReason.KEYWORDS, MatchReason.TEXT)),
        (translations, (MatchReason.TRANSLATION,) * 3),
        (found.parts - found.own, (MatchReason.TITLE, MatchReason.KEYWORDS, MatchReason.TEXT)),
        (found.related.keys() - translations, (MatchReason.SYNONYM,) * 3),
        (found.misspelt, (MatchReason.SPELLING,) * 3),
    ):
        ranges = [_ranges(place, wanted) for place in folded] if wanted else [(), (), ()]
        if any(ranges):
            reason = next(one for one, there in zip(reasons, ranges, strict=True) if there)
            pairs = zip(places, ranges, strict=True)
            words = dict.fromkeys(place[start:end] for place, there in pairs for start, end in there)
            meant = _meant(folded, found) if reason in (MatchReason.TRANSLATION, MatchReason.SYNONYM) else ""
            return Match(reason, tuple(words)[:_MOST_WORDS], ranges[0], _excerpt(places[2], ranges[2]), meant)
    return Match(MatchReason.SIMILAR, (), (), _excerpt(places[2], ()))


def _ranges(folded: Folded, wanted: Iterable[str]) -> tuple[Range, ...]:
    chosen = wanted if isinstance(wanted, set) else set(wanted)
    return tuple(
        (folded.origin(start), folded.origin(end - 1) + 1) for word, start, end in folded.words() if word in chosen
    )


def _meant(folded: Iterable[Folded], found: Ranking) -> str:
    words = (word for place in folded for word, _start, _end in place.words())
    return next((" ".join(found.related[word][1]) for word in words if word in found.related), "")


def _excerpt(body: str, ranges: tuple[Range, ...]) -> Excerpt:
    """Return the stretch of `body`, which is one line, with the most of its `ranges`, cut at words."""
    begin = max(0, _best_start(ranges) - 40) if ranges else 0
    if begin > 0:
        begin = body.find(" ", begin) + 1
    end = min(len(body), begin + _EXCERPT_CHARACTERS)
    if end < len(body) and (blank := body.rfind(" ", begin, end)) > begin:
        end = blank
    lead, tail = ("… " if begin else ""), (" …" if end < len(body) else "")
    shift = len(lead) - begin
    inside = tuple((start + shift, stop + shift) for start, stop in ranges if start >= begin and stop <= end)
    return Excerpt(lead + body[begin:end] + tail, inside)


def _best_start(ranges: tuple[Range, ...]) -> int:
    """Return where the stretch with the most ranges begins; `ranges` are in order."""
    best, best_count, last = ranges[0][0], 0, 0
    for place, (start, _end) in enumerate(ranges):
        while last < len(ranges) and ranges[last][0] < start + _EXCERPT_CHARACTERS - 40:
            last += 1
        if last - place > best_count:
            best, best_count = start, last - place
    return best
