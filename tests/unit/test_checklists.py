"""The checklists are whole: every condition of the law has its item, with paragraph, sentence and number."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kimdesk.domain.work_vocabulary import ChecklistKind
from kimdesk.services.checklist_data import checklist_texts

PLACE = re.compile(r"§ \d+[a-c]?.*(AufenthG|StAG)$")
# What the law numbers as a condition; a number left out here would be a condition nobody asks about.
CONDITIONS = {
    ChecklistKind.SECTION_25A: ["Abs. 1 Satz 1 AufenthG", *(f"Abs. 1 Satz 1 Nr. {n}" for n in range(1, 6)),
                                "Abs. 1 Satz 2", "Abs. 1 Satz 3", "Abs. 6"],
    ChecklistKind.SECTION_25B: ["Abs. 1 Satz 1", *(f"Abs. 1 Satz 2 Nr. {n}" for n in range(1, 6)),
                                "Abs. 1 Satz 3", "Abs. 2 Nr. 1", "Abs. 2 Nr. 2", "Abs. 3", "Abs. 8"],
    ChecklistKind.SECTION_104C: ["Abs. 1", "Abs. 2 Satz 1", "Abs. 2 Satz 3"],
    ChecklistKind.NATURALISATION: [*(f"Abs. 1 Satz 1 Nr. {n}" for n in ("1 ", "1a", "2", "3", "5", "6", "7")),
                                   "§ 34", "Abs. 2", "Abs. 4a", "Abs. 6", "§ 11"],
}  # fmt: skip


@pytest.mark.parametrize("kind", ChecklistKind)
def test_every_condition_of_the_law_has_its_item(kind: ChecklistKind) -> None:
    texts = checklist_texts(kind)
    assert texts.kind is kind
    assert texts.as_of == date(2026, 4, 29)
    places = [item.reference for item in texts.items]
    for wanted in CONDITIONS[kind]:
        assert any(wanted in place for place in places), wanted
    for item in texts.items:
        assert PLACE.match(item.reference), item.reference
        assert item.text.endswith((".", "?")) and item.proof, item.id


def test_nothing_of_the_repealed_law_is_asked() -> None:
    naturalisation = " ".join(item.text for item in checklist_texts(ChecklistKind.NATURALISATION).items)
    assert "acht Jahre" not in naturalisation and "Aufgabe" not in naturalisation
    assert not any("Nr. 4 " in item.reference for item in checklist_texts(ChecklistKind.NATURALISATION).items)
