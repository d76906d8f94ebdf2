"""Checklists of Baustein 3: what is known about each item, without a verdict and without a score.

The items themselves are data (`resources/checklists/*.toml`), with paragraph, sentence and number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kimdesk.domain.records import new_id
from kimdesk.domain.work_vocabulary import ChecklistKind, ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """What is known about one item; `item` is its id in the checklist's data."""

    item: str
    state: ItemState | None = None
    proof: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """A checklist begun for one person of a case; `entries` only for items with something recorded."""

    id: UUID = field(default_factory=new_id)
    case_id: UUID
    person_id: UUID
    kind: ChecklistKind
    begun_on: date
    note: str = ""
    entries: tuple[ItemEntry, ...] = ()
