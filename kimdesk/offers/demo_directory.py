"""Reads the small directory that comes with the program: offers the district's own papers name.

Descriptions are in our own words. Contact data that the papers do not contain are marked as demo values in the text
and use addresses reserved for examples.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from kimdesk.domain.vocabulary import LegalDomain, LifeArea, ResidenceStatus
from kimdesk.foundation.errors import N_
from kimdesk.foundation.resources import resource
from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.model import Offer, OfferFacts, OfferSource, OfferStatus, OfferText
from kimdesk.offers.parts import Address, Location, Organisation, Phone, Schedule, Site
from kimdesk.offers.plain_text import clean, first_sentences
from kimdesk.offers.report import ReadResult

_NAMESPACE = UUID("5a3f0c0e-2b5c-4f0b-9b53-6d2f2c1e7a10")
_DISTRICT = re.compile(r"[a-z][a-z_\-]{0,40}")


def directory_offer_id(district: str, key: str) -> UUID:
    """Return the fixed id of an offer of the shipped directory, so that demo cases can point at it."""
    return uuid5(_NAMESPACE, f"{district}/{key}")


def load_directory(district: str = "unna", folder: Path | None = None) -> ReadResult:
    """Return the offers of ``resources/offers/<district>.toml``.

    Raises `OfferFileError` where there is none. A mistake inside the file is a bug and raises `KeyError`, `TypeError`
    or `ValueError`.
    """
    path = (folder or resource("offers")) / f"{district}.toml"
    if not _DISTRICT.fullmatch(district) or not path.is_file():
        raise OfferFileError(
            N_("Für „{district}“ liegt kein Angebotsverzeichnis bei. Bitte importieren Sie eine Datei."),
            district=district,
        )
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    groups: Mapping[str, list[str]] = content["communes"]
    return ReadResult(tuple(_offer(district, entry, groups) for entry in content["offers"]))


def _offer(district: str, entry: dict[str, Any], groups: Mapping[str, list[str]]) -> Offer:
    entry = dict(entry)
    key = entry.pop("key")
    title, text = entry.pop("title"), clean(entry.pop("text"))
    access = clean(entry.pop("access_requirements", ""))
    keywords = tuple(entry.pop("keywords", ()))
    translations = {
        code: OfferText(one["title"], clean(one["summary"]), clean(one.get("text", "")))
        for code, one in entry.pop("translations", {}).items()
    }
    facts = _facts(entry, groups)
    own = OfferText(title, first_sentences(text), text, access, keywords)
    return Offer(
        id=directory_offer_id(district, key),
        source=OfferSource.OWN,
        source_key=f"{district}/{key}",
        external_id=key,
        text=own,
        facts=facts,
        translations=translations,
        collection=district,
    )


def _facts(entry: dict[str, Any], groups: Mapping[str, list[str]]) -> OfferFacts:
    """Return the facts; a field the model does not know is a mistake in the file and raises `TypeError`."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    communes = [ags for name in entry.get("communes", ()) for ags in groups.get(name, [name])]
    values["communes"] = tuple(dict.fromkeys(communes))
    values["organisation"] = Organisation(values.pop("provider", ""))
    addresses = values.pop("addresses", ())
    values["sites"] = tuple(Site(Location(addresses=(Address(**one),))) for one in addresses)
    values["schedules"] = tuple(Schedule(note=line) for line in values.pop("opening_hours", ()))
    values["phones"] = tuple(Phone(**one) for one in entry.get("phones", ()))
    values["life_areas"] = tuple(LifeArea(one) for one in entry["life_areas"])
    values["legal_domains"] = tuple(LegalDomain(one) for one in entry.get("legal_domains", ()))
    values["admitted_statuses"] = tuple(ResidenceStatus(one) for one in entry.get("admitted_statuses", ()))
    values["status"] = OfferStatus(entry.get("status", OfferStatus.ACTIVE))
    for name in ("funding_end", "last_verified"):
        if name in values and not isinstance(values[name], date):
            raise TypeError(f"{name} is no date")
    return OfferFacts(**values)
