"""Finds the persons of the vault in a text that is to hold no personal data: names, dates of birth, case numbers.

Careful rather than clever [own]: a surname or given name of at least three letters counts when it stands as a word
with a capital letter (or in a script without capitals), a genitive s or not, alone or as part of a compound with a
hyphen. Words that German needs anyway ("Nur", "Can" at the start of a sentence) and the names of the district's
communes count only beside the rest of the name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CASE_NUMBER: Final = re.compile(r"\bKIM-\d{4}-\d{3,}\b")
_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_MONTHS: Final = (
    "januar", "februar", "märz", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "dezember",
)  # fmt: skip
_IN_WORDS: Final = re.compile(r"(?<!\d)(\d{1,2})\.?\s+(" + "|".join(_MONTHS) + r")\s+(\d{4})", re.IGNORECASE)
SHORTEST_NAME: Final = 3


@dataclass(frozen=True, slots=True)
class Named:
    """The names and the date of birth of one person of the vault."""

    given_name: str
    family_name: str
    date_of_birth: date | None = None


def folded(text: str) -> str:
    """Return `text` without case and marks, so that "Özdemir" and "OZDEMIR" are the same word."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """Return the words of a text as written."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def dates_in(text: str) -> frozenset[date]:
    """Return every day a text names in the ways common in German."""
    found: set[date] = set()
    for day, month, year in _DAY_FIRST.findall(text):
        for full in _years(year):
            _keep(found, full, int(month), int(day))
    for year, month, day in _YEAR_FIRST.findall(text):
        _keep(found, int(year), int(month), int(day))
    for day, word, year in _IN_WORDS.findall(text):
        _keep(found, int(year), _MONTHS.index(word.casefold()) + 1, int(day))
    return frozenset(found)


def _years(year: str) -> Iterator[int]:
    if len(year) == 4:
        yield int(year)
    else:
        yield from (1900 + int(year), 2000 + int(year))


def _keep(found: set[date], year: int, month: int, day: int) -> None:
    try:
        found.add(date(year, month, day))
    except ValueError:
        return  # not a day, such as a paragraph "12.34.56"


def find_persons(text: str, persons: Iterable[Named], harmless: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the words, dates and case numbers of `text` that belong to a person of the vault, as they stand in it.

    `harmless` are folded words that count only beside the other name of the same person.
    """
    words = words_of(text)
    keys = [folded(word) for word in words]
    pairs = set(zip(keys, keys[1:], strict=False))
    places: dict[str, str] = {}
    for word, key in zip(words, keys, strict=True):
        if word[0].isupper() or not word[0].islower():
            places.setdefault(key, word)
            if key.endswith("s") and len(key) > SHORTEST_NAME:
                places.setdefault(key[:-1], word)
    spelled = {key: word for word, key in zip(words, keys, strict=True)}
    days = dates_in(text)
    found: dict[str, None] = dict.fromkeys(_CASE_NUMBER.findall(text))
    for person in persons:
        given, family = ([folded(word) for word in words_of(name)] for name in (person.given_name, person.family_name))
        for name in (*given, *family):
            if len(name) >= SHORTEST_NAME and name not in harmless and name in places:
                found[places[name]] = None
        for first in given:
            for last in family:
                if (first, last) in pairs or (last, first) in pairs:
                    found[f"{spelled[first]} {spelled[last]}"] = None
        if person.date_of_birth in days and person.date_of_birth is not None:
            found[f"{person.date_of_birth:%d.%m.%Y}"] = None
    return tuple(found)
