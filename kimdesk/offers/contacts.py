"""Finds telephone numbers, e-mail and web addresses in running text.

Only what is unambiguous becomes a field: a page that lists many offices keeps its numbers in the text, where it
says whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import phonenumbers

from kimdesk.offers.parts import Phone

_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,5}")
_WEB = re.compile(r"https?://[^\s<>\"()]{4,500}")
_FAX = re.compile(r"(?i)fax\W*$")
_PICTURE = re.compile(r"(?i)\.(png|jpe?g|gif|svg|webp)$")
# A longer text is a list of many offices, and looking through it would take seconds.
_LONGEST_TEXT = 40_000
_MOST_PHONES = 2
_MOST_EMAILS = 2
_MOST_WEB = 3


def find_phones(text: str) -> tuple[Phone, ...]:
    """Return up to two valid German numbers in national form, faxes left out; none where there are more."""
    found: dict[str, Phone] = {}
    if len(text) > _LONGEST_TEXT:
        return ()
    for match in phonenumbers.PhoneNumberMatcher(text, "DE", leniency=phonenumbers.Leniency.VALID):
        if _FAX.search(text[max(0, match.start - 12) : match.start]):
            continue
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.NATIONAL)
        if match.number.country_code != 49:
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        found.setdefault(number, Phone(number))
    return tuple(found.values()) if len(found) <= _MOST_PHONES else ()


def find_emails(text: str) -> tuple[str, ...]:
    """Return up to two e-mail addresses; none where there are more."""
    return _few((match.rstrip(".") for match in _EMAIL.findall(text)), _MOST_EMAILS)


def find_web_addresses(text: str) -> tuple[str, ...]:
    """Return up to three web addresses without pictures; none where there are more."""
    links = (match.rstrip(".,;:!?") for match in _WEB.findall(text))
    return _few((link for link in links if not _PICTURE.search(link)), _MOST_WEB)


def _few(values: Iterable[str], most: int) -> tuple[str, ...]:
    distinct: dict[str, str] = {}
    for value in values:
        distinct.setdefault(value.lower(), value)
    return tuple(distinct.values()) if len(distinct) <= most else ()
