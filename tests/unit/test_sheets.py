"""Tables that leave: what a spreadsheet would run is made harmless, everything else arrives as it was."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kimdesk.foundation.sheets import Cell, csv_bytes, harmless, xlsx_bytes

_FORMULAS = ("=1+1", "+49 2303 27", "-2", "@SUM(A1)", "\t=1", "\r=1")


def read_csv(data: bytes) -> list[list[str]]:
    """Return the cells as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(data: bytes, sheet: int = 0) -> list[tuple[object, ...]]:
    """Return the values of one sheet."""
    return list(load_workbook(io.BytesIO(data)).worksheets[sheet].iter_rows(values_only=True))


@pytest.mark.parametrize("text", _FORMULAS)
def test_a_cell_never_starts_a_formula(text: str) -> None:
    assert read_csv(csv_bytes([[text]])) == [["'" + text]]
    book = load_workbook(io.BytesIO(xlsx_bytes([("Liste", [[text]])])))
    cell = book.worksheets[0]["A1"]
    assert cell.data_type == "s"
    # XML folds a carriage return into a line feed; what counts is that the apostrophe comes first.
    assert str(cell.value).startswith("'")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=5))
def test_every_text_comes_back_from_csv(texts: list[str]) -> None:
    back = read_csv(csv_bytes([texts]))
    assert back == [[harmless(text) for text in texts]]
    assert [cell.removeprefix("'") for cell in back[0]] == [text.removeprefix("'") for text in texts]


def test_numbers_and_dates_stay_numbers_and_dates() -> None:
    cells: list[Cell] = [-3, Decimal("2.4"), date(2026, 11, 20), datetime(2026, 11, 20, 9, 30, tzinfo=UTC), True, None]
    data = xlsx_bytes([("Kennzahlen", [["a", "b", "c", "d", "e", "f"], cells])])
    number, ratio, day, moment, *others = read_xlsx(data)[1]
    assert (number, ratio, others) == (-3, 2.4, [True, None])
    assert (str(day), str(moment)) == ("2026-11-20 00:00:00", "2026-11-20 09:30:00")
    assert read_csv(csv_bytes([cells[:3]])) == [["-3", "2.4", "2026-11-20"]]


def test_titles_and_texts_that_the_format_does_not_allow_still_make_a_file() -> None:
    data = xlsx_bytes([("Fälle: 2022/2023 [alle] mit einem sehr langen Titel", [["ein\x0bText"]]), ("", [["b"]])])
    book = load_workbook(io.BytesIO(data))
    assert [len(name) <= 31 for name in book.sheetnames] == [True, True]
    assert read_xlsx(data) == [("einText",)]
    with pytest.raises(ValueError, match="needs a sheet"):
        xlsx_bytes([])
