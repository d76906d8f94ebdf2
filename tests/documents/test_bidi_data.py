"""The derived tables say what the Unicode files of the system say."""

from __future__ import annotations

from pathlib import Path

import pytest

from kimdesk.documents import bidi_data

_FOLDER = Path("/usr/share/unicode")


def _rows(name: str) -> list[list[str]]:
    path = _FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not here: install the package unicode-data")
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [[field.strip() for field in line.split(";")] for line in lines if line]


def test_brackets_and_their_partners() -> None:
    expected = {
        chr(int(code, 16)): chr(int(other, 16)) for code, other, kind in _rows("BidiBrackets.txt") if kind == "o"
    }
    assert expected == bidi_data.OPENING
    assert frozenset(expected.values()) == bidi_data.CLOSING


def test_mirror_images() -> None:
    expected = {chr(int(code, 16)): chr(int(other, 16)) for code, other in _rows("BidiMirroring.txt")}
    assert expected == bidi_data.MIRRORED


def test_class_of_every_assigned_character() -> None:
    wrong = []
    for codes, expected in _rows("extracted/DerivedBidiClass.txt"):
        first, _, last = codes.partition("..")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            if bidi_data.bidi_class(chr(code)) != expected:
                wrong.append(f"{code:04X} {expected} {bidi_data.bidi_class(chr(code))}")
    assert not wrong[:10]
