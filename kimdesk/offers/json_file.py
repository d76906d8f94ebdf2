"""Opens a JSON file from outside, with limits, and says in one sentence what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from kimdesk.foundation.errors import N_
from kimdesk.offers.errors import OfferFileError

MAXIMUM_BYTES = 50_000_000
MAXIMUM_DEPTH = 60
_MEGABYTE = 1_000_000


def read_json_file(path: Path) -> Any:
    """Return the content of the UTF-8 JSON file at `path`.

    Raises `OfferFileError` when it is missing, larger than 50 MB, not UTF-8, not JSON or nested more than 60 deep.
    """
    return parse_json(read_bytes(path))


def read_bytes(path: Path, limit: int = MAXIMUM_BYTES) -> bytes:
    """Return the bytes of the file at `path`; raises `OfferFileError` when it is missing, unreadable or too large."""
    try:
        size, data = path.stat().st_size, b""
        if size <= limit:
            # Not every path tells its size (a device, a file that still grows): never more than this is read.
            with path.open("rb") as file:
                data = file.read(limit + 1)
            size = max(size, len(data))
        if size > limit:
            raise OfferFileError(
                N_(
                    "Die Datei ist mit {size} MB zu groß. Erlaubt sind {limit} MB. "
                    "Bitte teilen Sie den Export in mehrere Dateien auf."
                ),
                size=size // _MEGABYTE,
                limit=limit // _MEGABYTE,
            )
    except FileNotFoundError as error:
        raise OfferFileError(N_("Diese Datei gibt es nicht. Bitte wählen Sie eine vorhandene Datei.")) from error
    except (IsADirectoryError, PermissionError) as error:
        raise OfferFileError(
            N_("Die Datei lässt sich nicht öffnen. Bitte wählen Sie eine Datei, die Sie lesen dürfen.")
        ) from error
    except OSError as error:
        raise OfferFileError(
            N_("Die Datei lässt sich nicht lesen. Bitte prüfen Sie den Datenträger und versuchen Sie es noch einmal.")
        ) from error
    return data


def parse_json(data: bytes) -> Any:
    """Return the JSON value in `data`; raises `OfferFileError` as `read_json_file` does."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OfferFileError(
            N_("Die Datei ist nicht als UTF-8 gespeichert. Bitte speichern Sie sie in der Kodierung UTF-8.")
        ) from error
    if not text.strip():
        raise OfferFileError(N_("Die Datei ist leer. Bitte wählen Sie eine andere Datei."))
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise _too_deep() from error
    except json.JSONDecodeError as error:
        raise OfferFileError(
            N_(
                "Die Datei ist kein vollständiges JSON (Fehler in Zeile {line}). "
                "Bitte laden Sie sie noch einmal herunter oder wählen Sie eine andere Datei."
            ),
            line=error.lineno,
        ) from error
    except ValueError as error:  # a number with thousands of digits, or NaN
        raise OfferFileError(
            N_("Die Datei enthält eine ungültige Zahl. Bitte lassen Sie den Export an der Quelle prüfen.")
        ) from error
    if _deeper_than(value, MAXIMUM_DEPTH):
        raise _too_deep()
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _too_deep() -> OfferFileError:
    return OfferFileError(
        N_(
            "Die Datei ist tiefer verschachtelt als erlaubt ({limit} Ebenen). Bitte prüfen Sie, ob es die richtige ist."
        ),
        limit=MAXIMUM_DEPTH,
    )


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _level in range(limit):
        containers = [item for item in level if isinstance(item, (dict, list))]
        if not containers:
            return False
        level = [child for item in containers for child in (item.values() if isinstance(item, dict) else item)]
    return any(isinstance(item, (dict, list)) for item in level)
