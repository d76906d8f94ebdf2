"""Opens CSV and XLSX files of offers, with limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from kimdesk.foundation.errors import N_
from kimdesk.offers.archive import refuse_bomb
from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.json_file import read_bytes
from kimdesk.offers.package import MAXIMUM_CELL, MAXIMUM_COLUMNS, parse_csv

MAXIMUM_SHEET_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text: its heading, and the rows below with their number in the file."""

    heading: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(path: Path) -> Sheet:
    """Return the (first) table of the CSV or XLSX file at `path`.

    Raises `OfferFileError` for a file that is missing, too large, damaged or made to do harm.
    """
    data = read_bytes(path)  # also refuses what is missing or too large
    if data[:4] == b"PK\x03\x04":
        return _read_workbook(path)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise OfferFileError(
            N_("Diese Datei ist im alten Format von Excel (.xls). Bitte speichern Sie sie als .xlsx oder CSV.")
        )
    if not data.strip():
        raise OfferFileError(N_("Die Datei ist leer. Bitte wählen Sie eine andere Datei."))
    heading, rows = parse_csv(data, path.name)
    return Sheet(
        tuple(heading),
        tuple((number, tuple(harmful_prefix_removed(cell) for cell in row)) for number, row in rows),
    )


def harmful_prefix_removed(cell: str) -> str:
    """Return a cell without the apostrophe that an export put before what looks like a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell


def _read_workbook(path: Path) -> Sheet:
    refuse_bomb(path)
    from openpyxl import DEFUSEDXML, load_workbook  # only here: it takes a third of a second

    if not DEFUSEDXML:
        raise RuntimeError("openpyxl reads XML without defusedxml")
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets errors of zip, XML and its own through, dozens of kinds
        raise _damaged() from error
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for number, cells in enumerate(
            book.worksheets[0].iter_rows(values_only=True, max_col=MAXIMUM_COLUMNS), start=1
        ):
            texts = tuple(harmful_prefix_removed(_text(cell)) for cell in cells)
            if any(texts):
                rows.append((number, texts))
            if len(rows) > MAXIMUM_SHEET_ROWS:
                raise OfferFileError(
                    N_("Die Tabelle hat zu viele Zeilen. Erlaubt sind {rows}."), rows=MAXIMUM_SHEET_ROWS
                )
            if number > 1_000_000:
                break
    except OfferFileError:
        raise
    except Exception as error:  # as above
        raise _damaged() from error
    finally:
        book.close()
    if not rows:
        raise OfferFileError(N_("Die Datei ist leer. Bitte wählen Sie eine andere Datei."))
    heading = [cell.strip() for cell in rows[0][1]]
    while heading and not heading[-1]:
        heading.pop()
    return Sheet(tuple(heading), tuple((number, cells[: len(heading)]) for number, cells in rows[1:]))


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "ja" if cell else "nein"
        case datetime():
            return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell)
        case _:
            return str(cell)[:MAXIMUM_CELL]


def _damaged() -> OfferFileError:
    return OfferFileError(
        N_("Die Arbeitsmappe lässt sich nicht lesen. Bitte speichern Sie sie in Ihrer Tabellenkalkulation noch einmal.")
    )
