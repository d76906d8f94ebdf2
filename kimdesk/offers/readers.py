"""Chooses the reader for a format and hands it the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid4

from kimdesk.foundation.errors import N_
from kimdesk.offers.columns import Column, guess_columns
from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.hsds import read_hsds
from kimdesk.offers.hsds_tables import read_tables
from kimdesk.offers.integreat import read_integreat
from kimdesk.offers.integreat_locations import read_locations
from kimdesk.offers.json_file import read_json_file
from kimdesk.offers.package import read_package
from kimdesk.offers.report import ReadResult
from kimdesk.offers.sheet import Sheet, read_sheet
from kimdesk.offers.table_reader import read_table

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all; an exception it raises ends the work."""


class OfferFormat(StrEnum):
    """The file formats, under the names the command line uses."""

    INTEGREAT = "integreat"
    INTEGREAT_LOCATIONS = "integreat-locations"
    HSDS = "hsds"
    HSDS_PAGE = "hsds-page"
    HSDS_TABULAR = "hsds-tabular"
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def is_table(self) -> bool:
        """Return whether the format is a table whose columns have to be named."""
        return self in (OfferFormat.CSV, OfferFormat.XLSX)

    @property
    def can_be_written(self) -> bool:
        """Return whether the directory can be exported in it."""
        return self in (OfferFormat.HSDS, OfferFormat.HSDS_PAGE, OfferFormat.CSV, OfferFormat.XLSX)


def parse_format(name: str) -> OfferFormat:
    """Return the format called `name`; raises `OfferFileError` for one that cannot be read."""
    try:
        return OfferFormat(name.strip().lower())
    except ValueError as error:
        raise OfferFileError(
            N_("Dieses Format kann nicht eingelesen werden. Möglich sind: {formats}."),
            formats=", ".join(OfferFormat),
        ) from error


def read_offers(
    path: Path,
    file_format: OfferFormat,
    language: str | None = None,
    new_id: Callable[[], UUID] = uuid4,
    *,
    collection: str = "",
    columns: Sequence[Column | None] | None = None,
    communes: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> ReadResult:
    """Return everything in the file at `path`; raises `OfferFileError` with a sentence that says what to do.

    `columns` and `communes` (folded name → AGS) are for tables; without `columns` they are guessed from the heading.
    """
    match file_format:
        case OfferFormat.INTEGREAT:
            return read_integreat(read_json_file(path), language, new_id)
        case OfferFormat.INTEGREAT_LOCATIONS:
            return read_locations(read_json_file(path), language, new_id, progress)
        case OfferFormat.HSDS | OfferFormat.HSDS_PAGE:
            return read_hsds(read_json_file(path), language, new_id, progress)
        case OfferFormat.HSDS_TABULAR:
            return read_tables(read_package(path), language, new_id, progress)
        case OfferFormat.CSV | OfferFormat.XLSX:
            sheet: Sheet = read_sheet(path)
            return read_table(
                sheet,
                columns or guess_columns(sheet.heading),
                collection=collection or path.stem,
                communes=communes or {},
                language=language,
                new_id=new_id,
                progress=progress,
            )
