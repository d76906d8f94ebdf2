"""Chooses the reader for a format and hands it the file."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid4

from kimdesk.foundation.errors import N_
from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.hsds import read_hsds
from kimdesk.offers.integreat import read_integreat
from kimdesk.offers.json_file import read_json_file
from kimdesk.offers.report import ReadResult


class OfferFormat(StrEnum):
    """The file formats that can be read, under the names the command line uses."""

    INTEGREAT = "integreat"
    HSDS = "hsds"
    HSDS_PAGE = "hsds-page"


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
    path: Path, file_format: OfferFormat, language: str | None = None, new_id: Callable[[], UUID] = uuid4
) -> ReadResult:
    """Return everything in the file at `path`; raises `OfferFileError` with a sentence that says what to do."""
    value = read_json_file(path)
    if file_format is OfferFormat.INTEGREAT:
        return read_integreat(value, language, new_id)
    return read_hsds(value, language, new_id)
