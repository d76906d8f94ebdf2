"""How the fixed texts of handouts are marked for extraction. German is the source; a message id is the German text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Plural:
    """A text with a number in it: its two German forms."""

    one: str
    many: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day to be written with its weekday."""

    date: date


@dataclass(frozen=True, slots=True)
class Counted:
    """A `Plural` with its number, which stands in the text as ``{n}``."""

    text: Plural
    n: int


Place = str | int | date | time | Day | Counted
"""What can stand in a place in braces; dates and numbers are written as the language writes them."""


@dataclass(frozen=True)
class Said:
    """A marked text with what stands in its places in braces."""

    message: str
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))


Words = str | Said | Counted
"""A text of the catalogue ``handouts``, with or without places to fill."""


def H_(message: str) -> str:  # noqa: N802 - the name the extraction of the handout texts knows
    """Mark a text of the catalogue domain ``handouts``; returns it unchanged."""
    return message


def HN_(one: str, many: str) -> Plural:  # noqa: N802 - as above
    """Mark a text with a number; ``{n}`` is the number."""
    return Plural(one, many)


def said(message: str, **places: Place) -> Said:
    """Return a marked text with its places filled."""
    return Said(message, MappingProxyType(places))
