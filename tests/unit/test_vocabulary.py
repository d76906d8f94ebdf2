"""Every word of the field has its own label, also where two lists share a value."""

from __future__ import annotations

from enum import StrEnum

import pytest

from kimdesk.domain import vocabulary, work_vocabulary
from kimdesk.domain.vocabulary import (
    AccessPath,
    ClosureReason,
    ContactKind,
    Place,
    ReassessmentTrigger,
    Relation,
    label,
)

LISTS = [
    each
    for module in (vocabulary, work_vocabulary)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, StrEnum) and each is not StrEnum
]


@pytest.mark.parametrize("words", LISTS, ids=lambda each: each.__name__)
def test_every_word_has_a_label_of_its_own(words: type[StrEnum]) -> None:
    labels = [label(term) for term in words]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_equal_values_of_different_lists_keep_their_labels() -> None:
    assert label(AccessPath.OTHER) == "sonstiger Zugang"
    assert label(ClosureReason.OTHER) == "Anderer Grund"
    assert label(Relation.OTHER) == "Andere Person"
    assert label(ReassessmentTrigger.OTHER) == "Anderer Anlass"
    assert (label(Place.PHONE), label(ContactKind.PHONE)) == ("Telefon", "Telefonat")
