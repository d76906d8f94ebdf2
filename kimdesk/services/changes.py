"""What a write hands back: its value and the areas it touched, so that views know what to read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Written(Generic[T_co]):
    """The result of a committed write.

    `changed` names the areas touched: "cases", "follow_ups", "notifications", "issues", "offers", "figures",
    "releases", "settings".
    """

    value: T_co
    changed: frozenset[str]
