"""An offer's facts as plain JSON and back, and the fingerprints that tell whether something changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from kimdesk.domain.vocabulary import LegalDomain, LifeArea, ResidenceStatus
from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.offers.model import Address, Offer, OfferFacts, OfferStatus, OfferText, Phone


def facts_to_json(facts: OfferFacts) -> dict[str, Any]:
    """Return `facts` as JSON without floats, without fields that say nothing."""
    defaults = asdict(OfferFacts())
    return {name: _plain(value) for name, value in asdict(facts).items() if value != defaults[name]}


def facts_from_json(value: Mapping[str, Any]) -> OfferFacts:
    """Return the facts written by `facts_to_json`; unknown fields are a bug and raise `TypeError`."""
    fields = dict(value)
    converted: dict[str, Any] = {
        name: tuple(entry) if isinstance(entry, list) else entry for name, entry in fields.items()
    }
    if "status" in fields:
        converted["status"] = OfferStatus(fields["status"])
    if "addresses" in fields:
        converted["addresses"] = tuple(Address(**entry) for entry in fields["addresses"])
    if "phones" in fields:
        converted["phones"] = tuple(Phone(**entry) for entry in fields["phones"])
    if "life_areas" in fields:
        converted["life_areas"] = tuple(LifeArea(entry) for entry in fields["life_areas"])
    if "legal_domains" in fields:
        converted["legal_domains"] = tuple(LegalDomain(entry) for entry in fields["legal_domains"])
    if "admitted_statuses" in fields:
        converted["admitted_statuses"] = tuple(ResidenceStatus(entry) for entry in fields["admitted_statuses"])
    for name in ("funding_end", "last_verified"):
        if name in fields:
            converted[name] = date.fromisoformat(fields[name])
    return OfferFacts(**converted)


def facts_fingerprint(offer: Offer) -> str:
    """Return a fingerprint of everything about `offer` that is not a text."""
    return _digest({"external_id": offer.external_id, "language": offer.language, "facts": facts_to_json(offer.facts)})


def text_fingerprint(text: OfferText) -> str:
    """Return a fingerprint of one text."""
    return _digest(_plain(asdict(text)))


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _plain(value: Any) -> Any:
    """Return `value` as JSON knows it: lists for tuples, ISO dates, enum values."""
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(entry) for entry in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
