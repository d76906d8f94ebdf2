"""Tables that leave the program as CSV or XLSX, with every cell a spreadsheet would run made harmless.

A text that begins with ``= + - @``, a tab or a carriage return may be taken for a formula by the program that opens
the file (SECURITY, "Files that come in"). It gets an apostrophe before it; numbers and dates stay what they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | float | Decimal | date | datetime | bool | None

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST_COLUMN = 60
_LONGEST_TITLE = 31
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def harmless(text: str) -> str:
    """Return `text` with an apostrophe before it if a spreadsheet would read it as a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def csv_bytes(rows: Iterable[Sequence[Cell]], *, mark: bool = True) -> bytes:
    """Return `rows` as CSV the way German spreadsheets read it: semicolons, UTF-8 with its mark, CRLF.

    Numbers keep their decimal point, because the file is read by programs too; dates are written 2026-11-20. Without
    `mark` the bytes are for another program, such as the one behind a pipe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_as_text(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig" if mark else "utf-8")


def _as_text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return harmless(cell)
        case bool():
            return "1" if cell else "0"
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def xlsx_bytes(sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]]) -> bytes:
    """Return a workbook of `sheets` (title, rows); the first row of each is its heading and stays in sight.

    Times are written without a zone, because the format has none; give them in local time. Characters that XML cannot
    hold are left out. Raises `ValueError` without a sheet.
    """
    # Imported late: the window and most commands never write a workbook.
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets:
        # A colon, a slash or more than 31 characters in a title make a file that Excel has to repair.
        sheet = book.create_sheet(title.translate(_NOT_IN_TITLES)[:_LONGEST_TITLE] or "1")
        widths: dict[int, int] = {}
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row, start=1):
                target = sheet.cell(number, place)
                match cell:
                    case str():
                        target.value = harmless(ILLEGAL_CHARACTERS_RE.sub("", cell))
                        target.data_type = "s"
                    case datetime():
                        target.value = cell.replace(tzinfo=None)
                    case _:
                        target.value = cell
                if number == 1:
                    target.font = Font(bold=True)
                widths[place] = min(max(widths.get(place, 8), len(str(cell or "")) + 2), _WIDEST_COLUMN)
        for place, width in widths.items():
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.freeze_panes = "A2"
    if not book.worksheets:
        raise ValueError("a workbook needs a sheet")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
