"""The official conformance tests of UAX #9, from the Debian package unicode-data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from kimdesk.documents.bidi import Base, levels, visual_order

_FOLDERS = (Path("/usr/share/unicode"), Path("/usr/share/unicode/ucd"))
_BASES: dict[str, Base] = {"0": "ltr", "1": "rtl", "2": "auto"}
_BITS: dict[int, Base] = {1: "auto", 2: "ltr", 4: "rtl"}

# One character of each class, for the test that is written in classes; none is a bracket.
_SAMPLE = {
    "L": "A", "R": "\u05d0", "AL": "\u0627", "EN": "1", "AN": "\u0661", "ES": "+", "ET": "$", "CS": ",",
    "NSM": "\u0300", "BN": "\u00ad", "B": "\u2029", "S": "\t", "WS": " ", "ON": "!",
    "LRE": "\u202a", "RLE": "\u202b", "PDF": "\u202c", "LRO": "\u202d", "RLO": "\u202e",
    "LRI": "\u2066", "RLI": "\u2067", "FSI": "\u2068", "PDI": "\u2069",
}  # fmt: skip


def _lines(name: str) -> Iterator[str]:
    path = next((folder / name for folder in _FOLDERS if (folder / name).is_file()), None)
    if path is None:
        pytest.skip(f"{name} is not here: install the package unicode-data")
    with path.open(encoding="utf-8") as file:
        yield from file


def _agrees(text: str, base: Base, expected: list[str], order: list[int]) -> bool:
    """Return whether levels and order agree; ``x`` marks characters the algorithm removes."""
    _, found = levels(text, base)
    if any(want != "x" and want != str(have) for want, have in zip(expected, found, strict=True)):
        return False
    return [index for index in visual_order(found) if expected[index] != "x"] == order


# Every how-manieth case is tried in an ordinary run; a number without common divisors with the files' own patterns.
_SPREAD = 37


def _every_character_case(step: int) -> tuple[int, list[str]]:
    """Return how many cases were tried and the lines of those that went wrong."""
    cases, wrong = 0, []
    lines = (line for line in _lines("BidiCharacterTest.txt") if line.strip() and not line.startswith("#"))
    for line in islice(lines, None, None, step):
        codes, base, paragraph, expected, order = line.strip().split(";")
        text = "".join(chr(int(code, 16)) for code in codes.split())
        cases += 1
        right = levels(text, _BASES[base])[0] == int(paragraph)
        if not right or not _agrees(text, _BASES[base], expected.split(), [int(place) for place in order.split()]):
            wrong.append(line)
    return cases, wrong


def test_a_spread_of_the_character_test() -> None:
    cases, wrong = _every_character_case(_SPREAD)
    assert not wrong[:5], f"{len(wrong)} of {cases} cases"
    assert cases >= 91_707 // _SPREAD


@pytest.mark.documents_long
def test_every_case_of_the_character_test() -> None:
    cases, wrong = _every_character_case(1)
    assert not wrong[:5], f"{len(wrong)} of {cases} cases"
    assert cases >= 91_707


def _class_cases() -> Iterator[tuple[str, Base, list[str], list[int]]]:
    expected: list[str] = []
    order: list[int] = []
    for line in _lines("BidiTest.txt"):
        if line.startswith("@Levels:"):
            expected = line.split(":")[1].split()
        elif line.startswith("@Reorder:"):
            order = [int(place) for place in line.split(":")[1].split()]
        elif line.strip() and line[0] not in "#@":
            classes, bits = line.split(";")
            text = "".join(_SAMPLE[name] for name in classes.split())
            for bit, base in _BITS.items():
                if int(bits, 16) & bit:
                    yield text, base, expected, order


def _class_cases_wrong(step: int) -> tuple[int, list[str]]:
    cases, wrong = 0, []
    for text, base, expected, order in islice(_class_cases(), None, None, step):
        cases += 1
        if not _agrees(text, base, expected, order):
            wrong.append(f"{ascii(text)} {base} {expected} {order}")
    return cases, wrong


def test_a_spread_of_the_class_test() -> None:
    cases, wrong = _class_cases_wrong(_SPREAD)
    assert not wrong[:5], f"{len(wrong)} of {cases} cases"
    assert cases >= 770_241 // _SPREAD


@pytest.mark.documents_long
def test_every_case_of_the_class_test() -> None:
    cases, wrong = _class_cases_wrong(1)
    assert not wrong[:5], f"{len(wrong)} of {cases} cases"
    assert cases >= 770_241
