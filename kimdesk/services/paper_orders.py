"""What is to be printed, and the values of blanks written by hand, read from text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType
from uuid import UUID

from kimdesk.documents.blanks import BRING_ITEMS, Blank, BlankKind, blanks_of
from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.errors import N_

Filled = str | bool | date | time | tuple[str, ...] | Mapping[str, str]
"""What a blank holds: a text, a tick, a day, a time, tokens of papers, or a text by language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOrder:
    """One document wanted. `record_id` names a referral, conference, consent or issue; `filled` what was written by
    hand, by the name of the blank."""

    document: str
    case_id: UUID | None = None
    offer_id: UUID | None = None
    record_id: UUID | None = None
    filled: Mapping[str, Filled] = field(default_factory=lambda: MappingProxyType({}))


def read_blank(document: str, name: str, text: str) -> Filled:
    """Return the value of a blank written as text, such as ``on``, ``30.11.2026``. Raises `RuleBroken`."""
    blank = next((blank for blank in blanks_of(document) if blank.name == name), None)
    if blank is None:
        raise RuleBroken(N_("Dieses Dokument hat keine Angabe mit diesem Namen."), field_name=name)
    try:
        return _read(blank, text.strip())
    except ValueError:
        raise RuleBroken(
            N_("Die Angabe ist nicht lesbar. Bitte schreiben Sie Tage wie 30.11.2026 und Zeiten wie 14:30."),
            field_name=name,
        ) from None


def _read(blank: Blank, text: str) -> Filled:
    match blank.kind:
        case BlankKind.DATE:
            day, month, year = (int(part) for part in text.split("."))
            return date(year, month, day)
        case BlankKind.TIME:
            hour, minute = (int(part) for part in text.split(":"))
            return time(hour, minute)
        case BlankKind.TICK:
            if text not in ("ja", "nein"):
                raise ValueError(text)
            return text == "ja"
        case BlankKind.ITEMS:
            tokens = tuple(part.strip() for part in text.split(",") if part.strip())
            if not set(tokens) <= set(BRING_ITEMS):
                raise ValueError(text)
            return tokens
        case BlankKind.TEXT:
            return {"de": text}
        case _:
            return text
