"""Reads `service` records of the Open Referral Human Services Data Specification 3.1: one, a list, or an API page.

HSDS 3 has no `eligibility` table (there are `eligibility_description`, `minimum_age`, `maximum_age`) and no texts per
language. Nested organisations and locations are flattened into the offer; the same telephone number given for
service, location and contact is kept once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4

from kimdesk.foundation.errors import N_
from kimdesk.offers.errors import OfferFileError, RecordError
from kimdesk.offers.model import (
    SOURCE_LANGUAGE,
    Offer,
    OfferFacts,
    OfferSource,
    OfferStatus,
    OfferText,
)
from kimdesk.offers.parts import Address, Location, Organisation, Phone, Schedule, Site
from kimdesk.offers.plain_text import clean, clean_line, first_sentences
from kimdesk.offers.report import ReadResult, Refusal

MAXIMUM_TEXT = 300_000
MAXIMUM_TITLE = 400
_AGS = re.compile(r"(?<!\d)\d{8}(?!\d)")
_APPOINTMENT = re.compile(r"(?i)nach (vereinbarung|absprache|anmeldung)|terminvereinbarung|by appointment")
_DAYS = {"MO": "Mo", "TU": "Di", "WE": "Mi", "TH": "Do", "FR": "Fr", "SA": "Sa", "SU": "So"}
_STATUS = {
    "active": OfferStatus.ACTIVE,
    "temporarily closed": OfferStatus.PAUSED,
    "inactive": OfferStatus.ENDED,
    "defunct": OfferStatus.ENDED,
}

Record = dict[str, Any]
_T = TypeVar("_T")


def read_hsds(value: Any, language: str | None = None, new_id: Callable[[], UUID] = uuid4) -> ReadResult:
    """Return the offers in `value`, parsed JSON of one service, a list of them or an API page with `contents`.

    Raises `OfferFileError` when it is none of these.
    """
    services = _services(value)
    offers: list[Offer] = []
    empty: list[str] = []
    refused: list[Refusal] = []
    seen: set[str] = set()
    for number, service in enumerate(services, start=1):
        name = _record_name(service, number)
        try:
            offer = _offer(service, language or SOURCE_LANGUAGE, new_id)
            if offer.source_key in seen:
                raise RecordError(N_("Diese Kennung steht mehrfach in der Datei; der erste Eintrag wurde übernommen."))
            seen.add(offer.source_key)
        except RecordError as error:
            refused.append(Refusal(name, error.reason, error.parameters))
            continue
        offers.append(offer)
    return ReadResult(tuple(offers), tuple(empty), tuple(refused))


def _services(value: Any) -> list[Any]:
    if isinstance(value, dict):
        if any(name.endswith(".csv") for name in value):
            raise OfferFileError(
                N_(
                    "Diese Datei ist die Tabellenform von HSDS (hsds-tabular), die noch nicht eingelesen wird. "
                    "Bitte wählen Sie einen Export als JSON mit „services“."
                )
            )
        if "contents" in value:
            contents = value["contents"]
            if not isinstance(contents, list):
                raise OfferFileError(
                    N_("Unter „contents“ steht keine Liste. Bitte lassen Sie den Export an der Quelle prüfen.")
                )
            return contents
        if "name" in value and ("id" in value or "organization" in value):
            if "services" in value and "status" not in value:
                raise OfferFileError(
                    N_("Diese Datei beschreibt eine Organisation. Bitte wählen Sie den Export der „services“.")
                )
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


def _offer(service: Any, language: str, new_id: Callable[[], UUID]) -> Offer:
    if not isinstance(service, dict):
        raise RecordError(N_("Der Eintrag ist kein Angebot."))
    identifier = _line(service, "id")
    if not identifier or len(identifier) > 200:
        raise RecordError(N_("Dem Angebot fehlt eine brauchbare Kennung („id“)."))
    title = _line(service, "name")
    if not title or len(title) > MAXIMUM_TITLE:
        raise RecordError(N_("Dem Angebot fehlt ein brauchbarer Name."))
    description = _block(service, "description")
    alert = _block(service, "alert")
    return Offer(
        id=new_id(),
        source=OfferSource.HSDS,
        source_key=identifier,
        external_id=identifier,
        language=language,
        text=OfferText(
            title=title,
            summary=first_sentences(description),
            text="\n\n".join(part for part in (description, alert) if part),
            access_requirements=_block(service, "eligibility_description"),
            keywords=tuple(_distinct([_line(service, "alternate_name"), *_taxonomy_names(service)])),
        ),
        facts=_facts(service),
    )


def _facts(service: Record) -> OfferFacts:
    places = _objects(service, "service_at_locations")
    locations = [location for place in places if (location := _object(place, "location"))]
    organization = _object(service, "organization")
    contacts = [contact for owner in (service, *places, *locations) for contact in _objects(owner, "contacts")]
    schedules = [entry for owner in (service, *places, *locations) for entry in _objects(owner, "schedules")]
    phones = [phone for owner in (service, *places, *locations, *contacts) for phone in _objects(owner, "phones")]
    if not phones:
        phones = _objects(organization, "phones")
    hours = tuple(_distinct(_hours(entry) for entry in schedules))
    application = _block(service, "application_process")
    areas = [area for owner in (service, *places) for area in _objects(owner, "service_areas")]
    return OfferFacts(
        organisation=Organisation(_line(organization, "name")),
        status=_STATUS.get(_line(service, "status").lower(), OfferStatus.ACTIVE),
        sites=tuple(Site(Location(addresses=(one,))) for one in _distinct(_addresses(locations))),
        phones=tuple(_distinct_phones(phones)),
        emails=tuple(
            _distinct(email for owner in (service, *contacts, organization) if "@" in (email := _line(owner, "email")))
        ),
        web=tuple(_distinct(_web(service, organization))),
        schedules=tuple(Schedule(note=line) for line in hours),
        by_appointment=any(_APPOINTMENT.search(line) for line in (*hours, application)),
        cost=clean(
            "\n".join(
                _distinct([_block(service, "fees_description"), *(_cost(o) for o in _objects(service, "cost_options"))])
            )
        ),
        languages=tuple(
            _distinct(
                _line(entry, "code").lower() or _line(entry, "name")
                for owner in (service, *locations, *phones)
                for entry in _objects(owner, "languages")
            )
        ),
        interpreting=_block(service, "interpretation_services"),
        application=application,
        required_documents=tuple(
            _distinct(_line(entry, "document") for entry in _objects(service, "required_documents"))
        ),
        minimum_age=_age(service, "minimum_age"),
        maximum_age=_age(service, "maximum_age"),
        communes=tuple(
            _distinct(ags for area in areas for field in ("extent", "name") for ags in _AGS.findall(_line(area, field)))
        ),
        places=_capacity(service),
        waiting_time=_line(service, "wait_time"),
        accessibility=clean(
            "\n".join(
                _distinct(
                    _block(entry, "description") for place in locations for entry in _objects(place, "accessibility")
                )
            )
        ),
        last_verified=_date(service, "assured_date"),
    )


def _line(record: Record, name: str) -> str:
    value = record.get(name)
    if isinstance(value, (bool, dict, list)):
        raise RecordError(N_("Das Feld „{field}“ enthält keinen Text."), field=name)
    return "" if value is None else clean_line(_limited(str(value)))


def _block(record: Record, name: str) -> str:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise RecordError(N_("Das Feld „{field}“ enthält keinen Text."), field=name)
    return clean(_limited(value or ""))


def _limited(text: str) -> str:
    if len(text) > MAXIMUM_TEXT:
        raise RecordError(N_("Der Text ist länger als erlaubt ({limit} Zeichen)."), limit=str(MAXIMUM_TEXT))
    return text


def _objects(record: Record, name: str) -> list[Record]:
    value = record.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise RecordError(N_("Das Feld „{field}“ hat die falsche Form."), field=name)
    return value


def _object(record: Record, name: str) -> Record:
    value = record.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RecordError(N_("Das Feld „{field}“ hat die falsche Form."), field=name)
    return value


def _age(service: Record, name: str) -> int | None:
    value = service.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 150:
        raise RecordError(N_("Das Feld „{field}“ ist kein Alter in Jahren."), field=name)
    return int(value)


def _date(service: Record, name: str) -> date | None:
    value = _line(service, name)
    if not value:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError as error:
        raise RecordError(N_("Das Feld „{field}“ ist kein Datum."), field=name) from error


def _capacity(service: Record) -> int | None:
    """Return the free places where the record counts them; `available` of the first capacity entry."""
    for entry in _objects(service, "capacities"):
        value = entry.get("available")
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1_000_000:
            return int(value)
    return None


def _addresses(locations: Iterable[Record]) -> Iterator[Address]:
    for location in locations:
        for entry in _objects(location, "addresses"):
            street = ", ".join(part for part in (_line(entry, "address_1"), _line(entry, "address_2")) if part)
            yield Address(street, _line(entry, "postal_code"), _line(entry, "city"), _line(location, "name"))


def _distinct_phones(entries: Iterable[Record]) -> Iterator[Phone]:
    seen: set[str] = set()
    for entry in entries:
        number = _line(entry, "number").strip('" ')
        if not number or _line(entry, "type").lower() == "fax":
            continue
        extension = _line(entry, "extension")
        full = f"{number}-{extension}" if extension else number
        if full not in seen:
            seen.add(full)
            yield Phone(full, _line(entry, "description"))


def _web(service: Record, organization: Record) -> Iterator[str]:
    yield _line(service, "url")
    for entry in _objects(service, "additional_urls"):
        yield _line(entry, "url")
    yield _line(organization, "website")


def _hours(schedule: Record) -> str:
    """Return a schedule as a line: days and times where given, then its own words."""
    days = ", ".join(
        _DAYS.get(day.strip()[-2:].upper(), day.strip()) for day in _line(schedule, "byday").split(",") if day.strip()
    )
    times = "–".join(value[:5] for name in ("opens_at", "closes_at") if (value := _line(schedule, name)))
    head = " ".join(part for part in (days, times) if part)
    return ": ".join(part for part in (head, _line(schedule, "description")) if part)


def _cost(option: Record) -> str:
    amount, currency = option.get("amount"), _line(option, "currency")
    price = f"{amount} {currency}".strip() if isinstance(amount, (int, float)) and not isinstance(amount, bool) else ""
    return " ".join(part for part in (_line(option, "option"), price, _line(option, "amount_description")) if part)


def _taxonomy_names(service: Record) -> Iterator[str]:
    for attribute in _objects(service, "attributes"):
        yield _line(_object(attribute, "taxonomy_term"), "name")


def _distinct(values: Iterable[_T]) -> Iterator[_T]:
    return iter(dict.fromkeys(value for value in values if value))


def _record_name(service: Any, number: int) -> str:
    if isinstance(service, dict):
        for name in ("id", "name"):
            value = service.get(name)
            if isinstance(value, (str, int)) and str(value).strip():
                return clean_line(str(value))[:200]
    return f"#{number}"
