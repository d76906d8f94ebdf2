"""Shows why an offer was found: the place in its text, and which letters to highlight."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kimdesk.offers.folding import Folded
from kimdesk.offers.model import OfferText
from kimdesk.offers.query import SearchQuery

Range = tuple[int, int]
_EXCERPT_CHARACTERS = 180
_SHORTEST_INSIDE = 3


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
    beside = " · ".join(part for part in (*text.keywords, *text.category, provider, text.access_requirements) if part)
    body = " ".join((text.text or text.summary).split())
    match = Match(MatchReason.SIMILAR, (), (), _excerpt(body, ()))
    for pattern, reasons in (
        (own, (MatchReason.TITLE, MatchReason.KEYWORDS, MatchReason.TEXT)),
        (same, (MatchReason.SYNONYM,) * 3),
    ):
        ranges = [_ranges(place, pattern) for place in (text.title, beside, body)]
        found = [reason for reason, there in zip(reasons, ranges, strict=True) if there]
        if found:
            places = zip((text.title, beside, body), ranges, strict=True)
            words = dict.fromkeys(place[start:end] for place, there in places for start, end in there)
            match = Match(found[0], tuple(words)[:6], ranges[0], _excerpt(body, ranges[2]))
            break
    return match


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
    folded = Folded(text)
    return tuple(
        (folded.origin(match.start()), folded.origin(match.end() - 1) + 1) for match in pattern.finditer(folded.text)
    )


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
    def matches_after(start: int) -> int:
        return sum(start <= other < start + _EXCERPT_CHARACTERS - 40 for other, _end in ranges)

    return max((start for start, _end in ranges), key=lambda start: (matches_after(start), -start))
