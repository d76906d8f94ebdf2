"""Keeps telephone numbers, times, dates, amounts, addresses and names in one piece inside running text.

Without isolates "02307 9248872" inside Arabic is shown as "9248872 02307", as the standard demands. The rules here
find what must keep its own order in text nobody prepared; templates isolate their own places besides.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LRI, _RLI, _PDI = "\u2066", "\u2067", "\u2069"
_NO_BREAK_SPACE, _WORD_JOINER = "\u00a0", "\u2060"

_ALREADY = r"[\u2066-\u2068][^\u2069]*\u2069"
_URL = r"(?:https?://|www\.)[^\s<>\u0600-\u06ff]+[^\s<>.,;:!?)\]}»”\u0600-\u06ff]"
_MAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
_DASH = r"[-\u2010-\u2014\u2212]"
_CLOCK = r"(?:[01]?\d|2[0-4])[:.][0-5]\d"
_TIME = rf"{_CLOCK}(?!\.?\d)(?:\s?(?:{_DASH}|bis)\s?(?:{_CLOCK}(?!\d)|\d{{1,2}}(?=\s?Uhr)))?(?:\s?Uhr\b)?"
_HOURS = rf"\d{{1,2}}\s?{_DASH}\s?(?:{_CLOCK}|\d{{1,2}})\s?Uhr\b|\d{{1,2}}\s?Uhr\b"
_DATE = r"\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4}|\s?\d{2}(?!\d))?|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}"
_AMOUNT = r"(?:€\s?)?\d+(?:[.\u00a0 ]\d{3})*(?:,(?:\d{1,2}|-|–))?\s?(?:€|EUR\b|Euro\b|%)|€\s?\d+(?:[.,]\d+)*"
_PARAGRAPH = r"\d+[a-z]?(?:\s?(?:Abs\.|Satz|Nr\.)\s?\d+[a-z]?)*"
_SECTION = rf"§{{1,2}}\s?{_PARAGRAPH}(?:(?:,\s?|\s?{_DASH}\s?|\s(?:und|oder|bis)\s){_PARAGRAPH}(?!\w))*"
# A telephone number: an area code or +49 and groups of digits; at least six digits in all.
_PHONE = r"(?:\+\d{1,3}|\(0\d{1,5}\)|0\d{1,5})(?:[ \u00a0]?[-/\u2010-\u2014.]?[ \u00a0]?\(?\d{1,}\)?){1,6}(?:-\d+)?"

_WORD = r"[A-Za-zÀ-ɏ](?:[A-Za-zÀ-ɏ0-9’'&/*_+\u00ad-]|\.(?=[A-Za-zÀ-ɏ]))*"
# Words in Latin letters in a row, with what belongs to them: abbreviations, a house number, a bracket, a § before.
# A number is not part of a name where hours or an amount begin with it ("Mo–Fr 8–12 Uhr").
_NO_OTHER_NUMBER = rf"(?!{_DASH}\d|[:.,/]?\d|\s?(?:€|Euro|Uhr)|\s(?:{_DASH}|bis)\s\d)"
_NAME_PART = rf"(?:{_WORD}(?:\.(?=\s?[A-Za-zÀ-ɏ\d]))?|(?!0)\d+[a-z]?{_NO_OTHER_NUMBER})"
_NAME = (
    rf"(?:(?:{_SECTION}|\d{{5}})\s)?{_WORD}(?:\.(?=\s?[A-Za-zÀ-ɏ\d]))?"
    rf"(?:\se\.\s?V\.|(?:\s|,\s|\s?[–&/]\s?){_NAME_PART}(?=\W|$)|\s\([A-Za-zÀ-ɏ0-9 .&/-]+\))*"
)

_KEPT_TOGETHER = frozenset({"phone", "time", "hours", "amount", "section", "date"})
_BREAKABLE_SIGN = re.compile(rf"{_DASH}|[/)]")
_PATTERN = re.compile(
    "|".join(
        [
            f"(?P<already>{_ALREADY})",
            f"(?P<url>{_URL})",
            f"(?P<mail>{_MAIL})",
            rf"(?P<date>(?<![\w.]){_DATE})",
            rf"(?P<phone>(?<![\w.]){_PHONE})",
            rf"(?P<time>(?<![\w:]){_TIME})",
            rf"(?P<hours>(?<![\w:]){_HOURS})",
            rf"(?P<amount>(?<![\w.,]){_AMOUNT})",
            f"(?P<name>{_NAME})",
            f"(?P<section>{_SECTION})",
        ]
    )
)
_RIGHT_TO_LEFT_WORDS = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:[ \u00a0\u200c،؛-]+[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*"
)
_TOO_SHORT = 6


@lru_cache(maxsize=4096)
def protect(text: str, *, right_to_left: bool) -> str:
    """Return `text` with isolates around what has its own direction, and no line break inside numbers.

    Text that already holds isolates keeps them. In left-to-right text only right-to-left words are isolated.
    """

    def wrap(match: re.Match[str]) -> str:
        kind, found = match.lastgroup or "", match.group()
        if kind == "already":
            return found
        if kind == "phone" and sum(char.isdigit() for char in found) < _TOO_SHORT:
            return found
        if kind in _KEPT_TOGETHER:
            found = _BREAKABLE_SIGN.sub(rf"\g<0>{_WORD_JOINER}", found.replace(" ", _NO_BREAK_SPACE))
        return f"{_LRI}{found}{_PDI}" if right_to_left else found

    protected = _PATTERN.sub(wrap, text)
    if right_to_left:
        return protected
    return _RIGHT_TO_LEFT_WORDS.sub(lambda match: f"{_RLI}{match.group()}{_PDI}", protected)
