"""Finds the tables of a Tabular Data Package in a ZIP archive, a folder or a JSON file, and parses CSV."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

from kimdesk.foundation.errors import N_
from kimdesk.offers.archive import read_archive
from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.json_file import MAXIMUM_BYTES, parse_json, read_bytes, read_json_file

MAXIMUM_ROWS = 200_000
MAXIMUM_COLUMNS = 200
MAXIMUM_CELL = 300_000


def read_package(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every table by its file name; raises `OfferFileError` with what is wrong."""
    if path.is_dir():
        return _folder(path)
    if path.name.lower() == "datapackage.json" or path.suffix.lower() == ".csv":
        return _folder(path.parent)
    if _is_archive(path):
        content = read_archive(path, lambda name: name.lower().endswith(".csv") or name.lower() == "datapackage.json")
        _check_description(content.pop("datapackage.json", None))
        return _tables(content)
    value = read_json_file(path)
    if isinstance(value, dict) and value and all(name.endswith(".csv") for name in value):
        for name, rows in value.items():
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise OfferFileError(N_("Die Tabelle „{name}“ hat die falsche Form."), name=name[:80])
        return value
    raise OfferFileError(
        N_("Diese Datei ist kein Datenpaket nach HSDS. Erwartet wird ein ZIP-Archiv oder ein Ordner mit CSV-Dateien.")
    )


def parse_csv(data: bytes, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return heading and numbered rows of a CSV file (UTF-8 or Windows-1252; comma, semicolon or tabulator).

    Raises `OfferFileError` for more than 200,000 rows or 200 columns, for endless cells and for no heading.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise OfferFileError(N_("Die Tabelle „{name}“ ist keine CSV-Datei."), name=name[:80])
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    rows: list[tuple[int, list[str]]] = []
    try:
        csv.field_size_limit(MAXIMUM_CELL)
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
            if len(rows) > MAXIMUM_ROWS or len(row) > MAXIMUM_COLUMNS:
                raise OfferFileError(
                    N_("Die Tabelle „{name}“ ist zu groß. Erlaubt sind {rows} Zeilen und {columns} Spalten."),
                    name=name[:80],
                    rows=MAXIMUM_ROWS,
                    columns=MAXIMUM_COLUMNS,
                )
    except csv.Error as error:
        raise OfferFileError(N_("Die Tabelle „{name}“ ist keine lesbare CSV-Datei."), name=name[:80]) from error
    if not rows:
        raise OfferFileError(N_("Die Tabelle „{name}“ ist leer."), name=name[:80])
    return [cell.strip() for cell in rows[0][1]], rows[1:]


def _folder(folder: Path) -> dict[str, list[dict[str, Any]]]:
    content: dict[str, bytes] = {}
    room = MAXIMUM_BYTES
    for file in sorted(folder.glob("*.csv"))[:100]:
        content[file.name] = read_bytes(file, room)
        room -= len(content[file.name])
    description = folder / "datapackage.json"
    _check_description(read_bytes(description, MAXIMUM_BYTES) if description.is_file() else None)
    return _tables(content)


def _tables(content: dict[str, bytes]) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for name, data in content.items():
        heading, rows = parse_csv(data, name) if data.strip() else ([], [])
        found[name] = [dict(zip(heading, row, strict=False)) for _number, row in rows]
    if not found:
        raise OfferFileError(
            N_(
                "Diese Datei ist kein Datenpaket nach HSDS. "
                "Erwartet wird ein ZIP-Archiv oder ein Ordner mit CSV-Dateien."
            )
        )
    return found


def _check_description(data: bytes | None) -> None:
    """Raise `OfferFileError` when the package says itself that it is of an old version."""
    value = parse_json(data) if data is not None else {}
    if not isinstance(value, dict):
        return
    # The plain "version" is that of the data, except in the specification's own packages of that time.
    own = "human" in str(value.get("name") or "").lower() or "hsds" in str(value.get("name") or "").lower()
    version = str(value.get("hsds_version") or (value.get("version") if own else "") or "")
    if version[:2] in ("1.", "2."):
        raise OfferFileError(
            N_(
                "Dieses Datenpaket nennt Fassung {version}. Eingelesen wird HSDS 3. "
                "Bitte bitten Sie die Quelle um einen Export nach HSDS 3.1."
            ),
            version=version[:20],
        )


def _is_archive(path: Path) -> bool:
    try:
        return zipfile.is_zipfile(path)
    except OSError:
        return False
