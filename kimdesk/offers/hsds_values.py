"""Takes single values out of an HSDS record, strictly enough to be safe and leniently enough to be useful."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from uuid import UUID, uuid5

from kimdesk.foundation.errors import N_
from kimdesk.offers.errors import RecordError
from kimdesk.offers.plain_text import clean, clean_line

MAXIMUM_TEXT = 300_000
_NAMESPACE = UUID("0c0d6b1f-6f5a-4d53-9a53-0a8f7d1f6e21")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::(\d{2}))?")

NUMBERS = frozenset(
    {"latitude", "longitude", "timezone", "count", "interval", "amount", "available", "maximum", "extension",
     "minimum_age", "maximum_age", "year_incorporated"}
)  # fmt: skip
"""The fields HSDS 3.1 has numbers in; all others hold text."""

Record = dict[str, Any]
_T = TypeVar("_T")


def made_id(path: str) -> str:
    """Return the id a nested record gets when its source gave none: always the same one for the same place."""
    return str(uuid5(_NAMESPACE, path))


def is_uuid(text: str) -> bool:
    """Return whether `text` can stand as an id in HSDS."""
    return _UUID.fullmatch(text) is not None


def line(record: Mapping[str, Any], name: str) -> str:
    """Return the field as one cleaned line; a number counts as text. Raises `RecordError` for anything else."""
    value = record.get(name)
    if isinstance(value, (bool, dict, list)):
        raise RecordError(N_("Das Feld „{field}“ enthält keinen Text."), field=name)
    return "" if value is None else clean_line(_limited(str(value)))


def block(record: Mapping[str, Any], name: str) -> str:
    """Return the field as cleaned text with its paragraphs; raises `RecordError` where it is no text."""
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise RecordError(N_("Das Feld „{field}“ enthält keinen Text."), field=name)
    return clean(_limited(value or ""))


def objects(record: Mapping[str, Any], name: str) -> list[Record]:
    """Return the field as a list of records; raises `RecordError` where it is none."""
    value = record.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise RecordError(N_("Das Feld „{field}“ hat die falsche Form."), field=name)
    return value


def one_object(record: Mapping[str, Any], name: str) -> Record:
    """Return the field as a record, empty where there is none; raises `RecordError` for anything else."""
    value = record.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RecordError(N_("Das Feld „{field}“ hat die falsche Form."), field=name)
    return value


def number_text(record: Mapping[str, Any], name: str) -> str:
    """Return a number as decimal text without needless zeros; empty where there is none or it is no number."""
    value = record.get(name)
    if value is None or isinstance(value, (bool, dict, list)) or len(str(value)) > 40:
        return ""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return ""
    if not number.is_finite() or abs(number.adjusted()) > 20:
        return ""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def number_value(text: str) -> int | float:
    """Return the number behind `number_text` as JSON writes it."""
    return float(text) if "." in text else int(text)


def age(record: Mapping[str, Any], name: str) -> int | None:
    """Return an age in full years; raises `RecordError` for what cannot be one."""
    value = record.get(name)
    if value is None or value == "":
        return None
    text = number_text(record, name)
    if not text or not 0 <= float(text) <= 150:
        raise RecordError(N_("Das Feld „{field}“ ist kein Alter in Jahren."), field=name)
    return math.floor(float(text))


def count(record: Mapping[str, Any], name: str) -> int | None:
    """Return a number of places, or None where the field holds no sensible one."""
    text = number_text(record, name)
    return int(float(text)) if text and 0 <= float(text) < 1_000_000 else None


def day(record: Mapping[str, Any], name: str) -> date | None:
    """Return a date; raises `RecordError` for what is none."""
    value = line(record, name)
    if not value:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError as error:
        raise RecordError(N_("Das Feld „{field}“ ist kein Datum."), field=name) from error


def clock(record: Mapping[str, Any], name: str) -> time | None:
    """Return a time of day ("09:00", "9.30", "09:00:00+01:00"); None for none and for 24:00."""
    match = _TIME.match(line(record, name))
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def distinct(values: Iterable[_T]) -> tuple[_T, ...]:
    """Return the values that say something, each once."""
    return tuple(dict.fromkeys(value for value in values if value))


def rest_of(record: Mapping[str, Any], written: Mapping[str, Any], modelled: frozenset[str]) -> str:
    """Return, as JSON text, what `record` says beyond what an export would write; empty where there is nothing."""
    rest = {
        name: _typed(name, value)
        for name, value in record.items()
        if name not in modelled and value not in (None, []) and written.get(name) != value
    }
    return json.dumps(rest, sort_keys=True, separators=(",", ":")) if rest else ""


def _typed(name: str, value: Any) -> Any:
    """Return a value of the type HSDS has for the field, so that what is carried along never spoils an export."""
    if isinstance(value, dict):
        return {key: _typed(key, inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_typed(name, inner) for inner in value if inner is not None]
    if name in NUMBERS:
        text = number_text({name: value}, name)
        return number_value(text) if text else 0
    return value if isinstance(value, str) else str(value)


def with_rest(written: Record, extra: str) -> Record:
    """Return an export's record with what `rest_of` kept."""
    return {**written, **json.loads(extra)} if extra else written


def filled(record: Mapping[str, Any]) -> Record:
    """Return `record` without fields that say nothing."""
    return {name: value for name, value in record.items() if value not in (None, "", [], {})}


def _limited(text: str) -> str:
    if len(text) > MAXIMUM_TEXT:
        raise RecordError(N_("Der Text ist länger als erlaubt ({limit} Zeichen)."), limit=str(MAXIMUM_TEXT))
    return text
