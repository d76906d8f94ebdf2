"""Reads Integreat's `locations` API answer: places with address, opening hours and contact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import time
from typing import Any
from uuid import UUID, uuid4

from kimdesk.foundation.errors import N_
from kimdesk.offers import integreat as pages
from kimdesk.offers.errors import OfferFileError, RecordError
from kimdesk.offers.hsds_values import distinct, number_text
from kimdesk.offers.model import SOURCE_LANGUAGE, Offer, OfferFacts, OfferSource, OfferStatus, OfferText
from kimdesk.offers.parts import AccessFeature, Address, Location, Organisation, Phone, Schedule, Site, Weekday
from kimdesk.offers.plain_text import clean_line, first_sentences, html_to_text
from kimdesk.offers.report import ReadResult, Refusal


def read_locations(
    value: Any,
    language: str | None = None,
    new_id: Callable[[], UUID] = uuid4,
    progress: Callable[[int, int], None] | None = None,
) -> ReadResult:
    """Return the offers in `value`, the parsed JSON of a `locations` answer, one per place.

    A place is recognised by its path, as a page is. Raises `OfferFileError` when this is no such answer.
    """
    if not isinstance(value, list) or (
        value and not any(isinstance(one, dict) and "path" in one and "location" in one for one in value)
    ):
        raise OfferFileError(
            N_("Diese Datei enthält keine Integreat-Orte. Bitte wählen Sie die Antwort der Schnittstelle „locations“.")
        )
    offers: list[Offer] = []
    refused: list[Refusal] = []
    seen: set[str] = set()
    for number, record in enumerate(value, start=1):
        name = pages.record_name(record, number)
        try:
            offer = _offer(record, language, new_id)
            if offer.source_key in seen:
                raise RecordError(N_("Dieser Ort steht mehrfach in der Datei; der erste wurde übernommen."))
            seen.add(offer.source_key)
            offers.append(offer)
        except RecordError as error:
            refused.append(Refusal(name, error.reason, error.parameters))
        if progress is not None:
            progress(number, len(value))
    return ReadResult(tuple(offers), (), tuple(refused))


def _offer(record: Any, language: str | None, new_id: Callable[[], UUID]) -> Offer:
    if not isinstance(record, dict):
        raise RecordError(N_("Der Eintrag ist kein Ort."))
    path = pages.text(record, "path")
    if not path.strip() or len(path) > pages.MAXIMUM_PATH:
        raise RecordError(N_("Der Seite fehlt ein brauchbarer Pfad, an dem sie wiedererkannt wird."))
    title = clean_line(html_to_text(pages.text(record, "title")[: pages.MAXIMUM_TITLE * 2]))
    if not title or len(title) > pages.MAXIMUM_TITLE:
        raise RecordError(N_("Die Seite hat keinen brauchbaren Titel."))
    markup = pages.text(record, "content")
    if len(markup) > pages.MAXIMUM_TEXT:
        raise RecordError(N_("Der Text ist länger als erlaubt ({limit} Zeichen)."), limit=str(pages.MAXIMUM_TEXT))
    body = html_to_text(markup)
    summary = html_to_text(pages.text(record, "meta_description")[:2_000])
    return Offer(
        id=new_id(),
        source=OfferSource.INTEGREAT,
        source_key=path,
        external_id=pages.identifier(record) or path,
        language=pages.language_of(path) or (pages.language_code(language) if language else SOURCE_LANGUAGE),
        text=OfferText(title, summary or first_sentences(body), body, category=_category(record)),
        facts=_facts(record),
        linked_keys=pages.linked(record),
        collection=f"{pages.region(path)}/locations",
    )


def _facts(record: dict[str, Any]) -> OfferFacts:
    place = record.get("location")
    if place is not None and not isinstance(place, dict):
        raise RecordError(N_("Das Feld „{field}“ hat die falsche Form."), field="location")
    place = place or {}
    town = clean_line(pages.text(place, "town"))
    address = Address(clean_line(pages.text(place, "address")), clean_line(pages.text(place, "postcode")), town)
    name = clean_line(pages.text(place, "name"))
    location = Location(
        name="" if name == clean_line(pages.text(record, "title")) else name,
        latitude=number_text(place, "latitude"),
        longitude=number_text(place, "longitude"),
        addresses=(address,) if address.line() else (),
    )
    schedules = tuple(_schedules(record.get("opening_hours")))
    booking = clean_line(pages.text(record, "appointment_url"))
    return OfferFacts(
        organisation=Organisation(pages.provider(record)),
        status=OfferStatus.PAUSED if record.get("temporarily_closed") is True else OfferStatus.ACTIVE,
        sites=(Site(location),) if location != Location() else (),
        phones=tuple(Phone(one) for one in distinct([clean_line(pages.text(record, "phone_number"))])),
        emails=distinct([clean_line(pages.text(record, "email"))]),
        web=distinct([clean_line(pages.text(record, "website"))]),
        schedules=schedules,
        by_appointment=bool(schedules) and all(one.by_appointment for one in schedules),
        application=booking,
        access_features=(AccessFeature.WHEELCHAIR,) if record.get("barrier_free") is True else (),
    )


def _category(record: dict[str, Any]) -> tuple[str, ...]:
    category = record.get("category")
    name = category.get("name") if isinstance(category, dict) else category
    return distinct([clean_line(name)]) if isinstance(name, str) else ()


def _schedules(value: Any) -> Iterator[Schedule]:
    """Yield the times of the seven days, Monday first; days with the same times become one schedule."""
    if value is None:
        return
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise RecordError(N_("Das Feld „{field}“ hat die falsche Form."), field="opening_hours")
    found: dict[tuple[time | None, time | None, bool], list[Weekday]] = {}
    for weekday, entry in zip(Weekday, value, strict=False):
        if entry.get("closed") is True:
            continue
        appointment = entry.get("appointmentOnly") is True
        slots = entry.get("timeSlots")
        spans = [_span(slot) for slot in slots] if isinstance(slots, list) else []
        if entry.get("allDay") is True:
            spans = [(time(0), None)]
        for span in [one for one in spans if one is not None] or ([(None, None)] if appointment else []):
            found.setdefault((*span, appointment), []).append(weekday)
    for (opens, closes, appointment), days in found.items():
        yield Schedule(days=tuple(days), opens=opens, closes=closes, by_appointment=appointment)


def _span(slot: Any) -> tuple[time | None, time | None] | None:
    try:
        first, last = time.fromisoformat(slot["start"]), time.fromisoformat(slot["end"])
    except (TypeError, KeyError, ValueError):
        return None
    return first.replace(tzinfo=None), last.replace(tzinfo=None)
