"""Shows why an offer was found: the place in its text, and which letters to highlight."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kimdesk.offers.folding import fold_with_places
from kimdesk.offers.model import OfferText
from kimdesk.offers.query import SearchQuery

Range = tuple[int, int]
_EXCERPT_CHARACTERS = 180
_SHORTEST_INSIDE = 4


class MatchReason(StrEnum):
    """Where the words were found, the strongest place first."""

    TITLE = "title"
    KEYWORDS = "keywords"
    TEXT = "text"
    SYNONYM = "synonym"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of an offer's text. `ranges` are half-open character ranges in `text` to highlight."""

    text: str
    ranges: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Why a text matches: the reason, the words of the text that match, the title's ranges, the excerpt."""

    reason: MatchReason
    words: tuple[str, ...]
    title_ranges: tuple[Range, ...]
    excerpt: Excerpt


def highlight(text: str, query: SearchQuery) -> tuple[Range, ...]:
    """Return the half-open ranges of `text` where a term of `query` begins or continues a word."""
    return _ranges(text, _pattern([term.stem for term in query.terms]))


def explain(text: OfferText, provider: str, query: SearchQuery) -> Match:
    """Return why `text` answers `query`; `SIMILAR` where only parts of words agree."""
    own = _pattern([term.stem for term in query.terms])
    same = _pattern([synonym for term in query.terms for synonym in term.synonyms])
    body = text.text or text.summary
    beside = " · ".join(part for part in (*text.keywords, *text.category, provider, text.access_requirements) if part)
    found = MatchReason.SIMILAR
    for reason, place in ((MatchReason.TITLE, text.title), (MatchReason.KEYWORDS, beside), (MatchReason.TEXT, body)):
        if _ranges(place, own):
            found = reason
            break
    pattern = own
    if found is MatchReason.SIMILAR and any(_ranges(place, same) for place in (text.title, beside, body)):
        found, pattern = MatchReason.SYNONYM, same
    title_ranges = _ranges(text.title, pattern)
    excerpt = _excerpt(body, pattern)
    places = ((text.title, title_ranges), (excerpt.text, excerpt.ranges), (beside, _ranges(beside, pattern)))
    words = dict.fromkeys(place[start:end] for place, ranges in places for start, end in ranges)
    return Match(found, tuple(words)[:6], title_ranges, excerpt)


def _pattern(needles: list[str]) -> re.Pattern[str] | None:
    """Return an expression for folded text: a needle at the start of a word, or inside one if it is long enough."""
    parts = []
    for needle in sorted({needle for needle in needles if needle}, key=len, reverse=True):
        start = "" if len(needle) >= _SHORTEST_INSIDE else r"(?<![^\W_])"
        parts.append(start + re.escape(needle).replace(r"\ ", r"[\W_]+"))
    return re.compile("(?:" + "|".join(parts) + r")[^\W_]*") if parts else None


def _ranges(text: str, pattern: re.Pattern[str] | None) -> tuple[Range, ...]:
    if pattern is None or not text:
        return ()
    folded, places = fold_with_places(text)
    found = []
    for match in pattern.finditer(folded):
        if match.end() > match.start():
            start = places[match.start()]
            # The character after the last folded one may be the second half of an "ä": go on to the next origin.
            end = places[match.end() - 1] + 1
            found.append((start, end))
    return tuple(found)


def _excerpt(body: str, pattern: re.Pattern[str] | None) -> Excerpt:
    """Return the stretch of `body` with the most matches, in one line, cut at words."""
    flat = " ".join(body.split())
    ranges = _ranges(flat, pattern)
    begin = _best_start(ranges) if ranges else 0
    begin = max(0, begin - 40)
    if begin > 0:
        begin = flat.find(" ", begin) + 1
    end = min(len(flat), begin + _EXCERPT_CHARACTERS)
    if end < len(flat):
        end = max(flat.rfind(" ", begin, end), begin + 1) if " " in flat[begin:end] else end
    lead, tail = ("… " if begin else ""), (" …" if end < len(flat) else "")
    shift = len(lead) - begin
    inside = tuple((start + shift, stop + shift) for start, stop in ranges if start >= begin and stop <= end)
    return Excerpt(lead + flat[begin:end] + tail, inside)


def _best_start(ranges: tuple[Range, ...]) -> int:
    def matches_after(start: int) -> int:
        return sum(start <= other < start + _EXCERPT_CHARACTERS - 40 for other, _end in ranges)

    return max((start for start, _end in ranges), key=lambda start: (matches_after(start), -start))
