"""The checklists of Baustein 3 as data in `resources/checklists`: items in plain words with their exact place."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache

from kimdesk.domain.checklist_hints import HintKind
from kimdesk.domain.work_vocabulary import ChecklistKind
from kimdesk.foundation.resources import resource

AMENDED_ON = date(2026, 6, 12)
"""An amendment took effect on this day that the texts do not contain (DOMAIN § 8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One condition: where it stands, what it says in plain words, what proves it. German source texts."""

    id: str
    reference: str
    text: str
    proof: str
    hint: HintKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistTexts:
    """A checklist's items with the state of the law they follow."""

    kind: ChecklistKind
    law: str
    as_of: date
    for_whom: str
    items: tuple[ChecklistItem, ...]


@cache
def checklist_texts(kind: ChecklistKind) -> ChecklistTexts:
    """Return the items of a checklist in the order of the law."""
    data = tomllib.loads(resource("checklists", f"{kind.value}.toml").read_text(encoding="utf-8"))
    items = tuple(
        ChecklistItem(
            id=entry["id"],
            reference=entry["reference"],
            text=entry["text"],
            proof=entry["proof"],
            hint=HintKind(entry["hint"]) if "hint" in entry else None,
        )
        for entry in data["items"]
    )
    if len({item.id for item in items}) != len(items):
        raise ValueError("an item is listed twice")
    return ChecklistTexts(
        kind=ChecklistKind(data["kind"]), law=data["law"], as_of=data["as_of"], for_whom=data["for_whom"], items=items
    )
