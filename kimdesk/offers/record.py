"""An offer's facts as plain JSON and back, and the fingerprints that tell whether something changed."""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date, time
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.offers.model import Offer, OfferFacts, OfferSource, OfferText


def facts_to_json(facts: OfferFacts) -> dict[str, Any]:
    """Return `facts` as JSON without floats, without fields that say nothing."""
    value = _plain(facts)
    assert isinstance(value, dict)
    return value


def facts_from_json(value: Mapping[str, Any]) -> OfferFacts:
    """Return the facts written by `facts_to_json`; unknown fields are a bug and raise `TypeError`."""
    facts = _reader(OfferFacts)(value)
    assert isinstance(facts, OfferFacts)
    return facts


def offer_to_json(offer: Offer) -> dict[str, Any]:
    """Return the whole offer as JSON without floats."""
    return {
        "id": offer.id.hex,
        "source": offer.source.value,
        "source_key": offer.source_key,
        "external_id": offer.external_id,
        "language": offer.language,
        "collection": offer.collection,
        "texts": {language: _plain(text) for language, text in offer.all_texts().items()},
        "facts": facts_to_json(offer.facts),
        "linked_keys": dict(offer.linked_keys),
    }


def offer_from_json(value: Mapping[str, Any]) -> Offer:
    """Return the offer written by `offer_to_json`."""
    texts = {language: text_from_json(text) for language, text in value["texts"].items()}
    return Offer(
        id=UUID(value["id"]),
        source=OfferSource(value["source"]),
        source_key=value["source_key"],
        external_id=value["external_id"],
        text=texts.pop(value["language"]),
        language=value["language"],
        facts=facts_from_json(value["facts"]),
        translations=texts,
        linked_keys=value["linked_keys"],
        collection=value["collection"],
    )


def text_from_json(value: Mapping[str, Any]) -> OfferText:
    """Return the text written by `offer_to_json`."""
    text = _reader(OfferText)(value)
    assert isinstance(text, OfferText)
    return text


def facts_fingerprint(offer: Offer) -> str:
    """Return a fingerprint of everything about `offer` that is not a text."""
    return _digest({"external_id": offer.external_id, "language": offer.language, "facts": facts_to_json(offer.facts)})


def text_fingerprint(text: OfferText) -> str:
    """Return a fingerprint of one text."""
    return _digest(_listed(asdict(text)))


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _listed(entry) for name, entry in value.items()}
    return [_listed(entry) for entry in value] if isinstance(value, tuple) else value


def _plain(value: Any) -> Any:
    """Return `value` as JSON knows it: lists for tuples, ISO dates and times, enum values; defaults left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(entry) for one in fields(value) if (entry := getattr(value, one.name)) != one.default}
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return the function that makes a value of type `kind` from its JSON."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (one for one in get_args(kind) if one is not type(None))
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        read = _reader(get_args(kind)[0])
        return lambda value: tuple(map(read, value))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        readers = {one.name: _reader(hints[one.name]) for one in fields(kind)}
        unknown = _unknown_field(kind)
        return lambda value: kind(**{name: readers.get(name, unknown)(entry) for name, entry in value.items()})
    if kind in (date, time):
        from_iso: Callable[[Any], Any] = kind.fromisoformat
        return from_iso
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return lambda value: value


def _unknown_field(kind: Any) -> Callable[[Any], Any]:
    def refuse(_value: Any) -> Any:
        raise TypeError(f"{kind.__name__} does not know this field")

    return refuse
