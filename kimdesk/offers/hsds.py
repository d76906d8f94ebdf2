"""Reads and writes files of the Open Referral Human Services Data Specification 3.1 with nested `service` records.

A file is one service, a list of them, an API page with `contents`, or an organisation with its `services`. Tables
(the Tabular Data Package) are put together into the same form by `hsds_tables`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

from kimdesk.foundation.errors import N_
from kimdesk.offers.errors import OfferFileError, RecordError
from kimdesk.offers.hsds_service import read_service, write_service
from kimdesk.offers.hsds_values import Record
from kimdesk.offers.model import SOURCE_LANGUAGE, Offer
from kimdesk.offers.plain_text import clean_line
from kimdesk.offers.report import ReadResult, Refusal

# What a nested record may point at. An organisation's parent and a term's parent are expected elsewhere.
_POINTERS = {
    "organization_id": "organization",
    "program_id": "program",
    "location_id": "location",
    "taxonomy_term_id": "taxonomy_term",
    "taxonomy_id": "taxonomy_detail",
    "unit_id": "unit",
    "service_id": "",
    "service_at_location_id": "",
    "contact_id": "",
    "phone_id": "",
}


def read_hsds(
    value: Any,
    language: str | None = None,
    new_id: Callable[[], UUID] = uuid4,
    progress: Callable[[int, int], None] | None = None,
) -> ReadResult:
    """Return the offers in `value`, parsed JSON of one of the forms above.

    `language` is that of records that do not say their own. Dangling references become notices: the offer is taken
    without them. Raises `OfferFileError` when it is none of these forms.
    """
    services = _services(value)
    present = set(_ids(value))
    offers: list[Offer] = []
    refused: list[Refusal] = []
    notices: list[Refusal] = []
    seen: set[tuple[str, str]] = set()
    for number, service in enumerate(services, start=1):
        name = _record_name(service, number)
        try:
            offer = read_service(service, language or SOURCE_LANGUAGE, new_id)
            if (offer.source, offer.source_key) in seen:
                raise RecordError(N_("Diese Kennung steht mehrfach in der Datei; der erste Eintrag wurde übernommen."))
        except RecordError as error:
            refused.append(Refusal(name, error.reason, error.parameters))
            continue
        seen.add((offer.source, offer.source_key))
        offers.append(offer)
        notices.extend(
            Refusal(
                name,
                N_("„{field}“ verweist auf {key}; das steht nicht in der Datei. Übernommen ohne diese Angabe."),
                (("field", field), ("key", key)),
            )
            for field, key in dict.fromkeys(dangling(service, present))
        )
        if progress is not None:
            progress(number, len(services))
    return ReadResult(tuple(offers), (), tuple(refused), tuple(notices))


def write_hsds(offers: Iterable[Offer]) -> list[Record]:
    """Return the `service` records of `offers`, each valid against the schema of HSDS 3.1."""
    return [write_service(offer) for offer in offers]


def write_hsds_page(offers: Iterable[Offer]) -> Record:
    """Return an API page that holds all of `offers`."""
    contents = write_hsds(offers)
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }


def dangling(record: Any, present: set[str]) -> Iterator[tuple[str, str]]:
    """Yield field and id of every reference in `record` whose target is neither nested there nor in the file."""
    if isinstance(record, list):
        for entry in record:
            yield from dangling(entry, present)
    elif isinstance(record, dict):
        for field, nested in _POINTERS.items():
            target = record.get(field)
            if not isinstance(target, str) or not target:
                continue
            inner = record.get(nested) if nested else None
            inside = isinstance(inner, dict) and inner.get("id") == target
            contradicts = isinstance(inner, dict) and not inside
            if contradicts or (not inside and target not in present):
                yield field, clean_line(target)[:80]
        for entry in record.values():
            if isinstance(entry, (dict, list)):
                yield from dangling(entry, present)


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for entry in value:
            yield from _ids(entry)
    elif isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for entry in value.values():
            if isinstance(entry, (dict, list)):
                yield from _ids(entry)


def _services(value: Any) -> list[Any]:
    if isinstance(value, dict):
        _refuse_other_forms(value)
        if "contents" in value:
            contents = value["contents"]
            if not isinstance(contents, list):
                raise OfferFileError(
                    N_("Unter „contents“ steht keine Liste. Bitte lassen Sie den Export an der Quelle prüfen.")
                )
            return contents
        if "name" in value and ("id" in value or "organization" in value):
            if "services" in value and "status" not in value:
                return _services_of(value)
            return [value]
    if isinstance(value, list):
        records = [entry for entry in value if isinstance(entry, dict)]
        if records and all("path" in entry and "content" in entry for entry in records):
            raise OfferFileError(
                N_("Diese Datei ist von Integreat. Bitte wählen Sie beim Import das Format „integreat“.")
            )
        if not value or any("name" in entry for entry in records):
            return value
    raise OfferFileError(
        N_("Diese Datei enthält keine Angebote im Format HSDS 3. Bitte wählen Sie einen Export der „services“.")
    )


def _refuse_other_forms(value: Mapping[str, Any]) -> None:
    if any(name.endswith(".csv") for name in value):
        raise OfferFileError(
            N_("Diese Datei ist die Tabellenform von HSDS. Bitte wählen Sie beim Import das Format „hsds-tabular“.")
        )
    if isinstance(value.get("resources"), list):
        raise OfferFileError(
            N_(
                "Diese Datei beschreibt ein Datenpaket (datapackage.json). Bitte wählen Sie beim Import das Format "
                "„hsds-tabular“ und dazu den Ordner oder das ZIP-Archiv."
            )
        )


def _services_of(organisation: Mapping[str, Any]) -> list[Any]:
    """Return the services listed under an organisation, each with the organisation put back into it."""
    listed = organisation["services"]
    if not isinstance(listed, list):
        raise OfferFileError(
            N_("Unter „services“ steht keine Liste. Bitte lassen Sie den Export an der Quelle prüfen.")
        )
    own = {name: value for name, value in organisation.items() if name not in ("services", "locations")}
    return [{"organization": own, **one} if isinstance(one, dict) else one for one in listed]


def _record_name(service: Any, number: int) -> str:
    if isinstance(service, dict):
        for name in ("id", "name"):
            value = service.get(name)
            if isinstance(value, (str, int)) and str(value).strip():
                return re.sub(r"\s+", " ", clean_line(str(value)))[:200]
    return f"#{number}"
