"""One offer from and to an HSDS 3.1 `service` record with everything nested in it.

What HSDS has no field for stands in attributes of our own vocabulary (`hsds_terms`); what the model has no field for
is carried along in `extra`. So an import and an export give back what was there, and the other way round.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from kimdesk.domain.vocabulary import Gender, LegalDomain, LifeArea, ResidenceStatus
from kimdesk.foundation.errors import N_
from kimdesk.offers import hsds_parts as parts
from kimdesk.offers.errors import RecordError
from kimdesk.offers.hsds_terms import attribute, is_own, own_attributes
from kimdesk.offers.hsds_values import (
    Record,
    age,
    block,
    count,
    day,
    distinct,
    filled,
    is_uuid,
    line,
    made_id,
    objects,
    one_object,
    rest_of,
    with_rest,
)
from kimdesk.offers.model import Offer, OfferFacts, OfferSource, OfferStatus, OfferText
from kimdesk.offers.parts import AccessFeature, Closure, LanguageLevel, Link
from kimdesk.offers.plain_text import clean, clean_line, first_sentences
from kimdesk.offers.waiting import weeks_in

MAXIMUM_TITLE = 400
MAXIMUM_RECORD = 2_000_000
_STATUS = {
    "active": OfferStatus.ACTIVE,
    "temporarily closed": OfferStatus.PAUSED,
    "inactive": OfferStatus.ENDED,
    "defunct": OfferStatus.ENDED,
}
_WRITTEN_STATUS = {
    OfferStatus.ACTIVE: "active",
    OfferStatus.PAUSED: "temporarily closed",
    OfferStatus.ENDED: "inactive",
}
_NEVER = "1970-01-01"
_MODELLED = frozenset(
    {
        "id", "name", "description", "url", "email", "interpretation_services", "application_process",
        "fees_description", "wait_time", "eligibility_description", "assured_date", "alert", "attributes",
    }
)  # fmt: skip
_Said = dict[str, list[tuple[str, str]]]
_E = TypeVar("_E", bound=StrEnum)


def read_service(service: Any, language: str, new_id: Callable[[], UUID]) -> Offer:
    """Return the offer in an HSDS `service`; raises `RecordError` with what is wrong with it."""
    if not isinstance(service, dict):
        raise RecordError(N_("Der Eintrag ist kein Angebot."))
    if len(json.dumps(service)) > MAXIMUM_RECORD:
        raise RecordError(
            N_("Der Eintrag ist größer als erlaubt ({limit} MB)."), limit=str(MAXIMUM_RECORD // 1_000_000)
        )
    identifier = line(service, "id")
    if not identifier or len(identifier) > 200:
        raise RecordError(N_("Dem Angebot fehlt eine brauchbare Kennung („id“)."))
    title = line(service, "name")
    if not title or len(title) > MAXIMUM_TITLE:
        raise RecordError(N_("Dem Angebot fehlt ein brauchbarer Name."))
    said = own_attributes(objects(service, "attributes"))
    source, source_key = _origin(said, identifier)
    description = block(service, "description")
    return Offer(
        id=new_id(),
        source=source,
        source_key=source_key,
        external_id=_first(said, "external-id", identifier),
        language=_first(said, "language", language),
        text=OfferText(
            title=title,
            summary=clean(_first(said, "summary", first_sentences(description))),
            text=description,
            access_requirements=block(service, "eligibility_description"),
            keywords=_values(said, "keyword") or _keywords(service),
            category=_values(said, "category"),
        ),
        facts=_read_facts(service, said, identifier),
        translations=_read_translations(said),
        linked_keys={label: value for value, label in said.get("linked-key", []) if label},
        collection=_first(said, "collection", ""),
    )


def write_service(offer: Offer) -> Record:
    """Return the HSDS `service` of `offer`, valid against the schema of version 3.1."""
    path = export_id(offer)
    facts, text = offer.facts, offer.text
    written = {
        **_written_facts(facts, path),
        "id": path,
        "name": text.title,
        "description": text.text,
        "eligibility_description": text.access_requirements,
    }
    own = [attribute(path, code, value, label) for code, value, label in _attributes(offer, path)]
    whole = with_rest(filled(written), facts.extra)
    foreign = whole.pop("foreign_attributes", [])
    return {**whole, **filled({"attributes": [*own, *foreign]})}


def export_id(offer: Offer) -> str:
    """Return the id an export gives the offer: the source's own where HSDS allows it, otherwise this program's."""
    return offer.source_key if is_uuid(offer.source_key) else str(offer.id)


def _origin(said: _Said, identifier: str) -> tuple[OfferSource, str]:
    """Return source and key. Nothing in a file can claim to be the coordinator's signed directory."""
    try:
        source = OfferSource(_first(said, "source", OfferSource.HSDS))
    except ValueError:
        source = OfferSource.HSDS
    if source is OfferSource.FEED:
        source = OfferSource.HSDS
    key = clean_line(_first(said, "source-key", identifier))
    return source, key if 0 < len(key) <= 2_000 else identifier


def _read_facts(service: Record, said: _Said, path: str) -> OfferFacts:
    links = [
        Link(line(one, "url"), line(one, "label")) for one in objects(service, "additional_urls") if line(one, "url")
    ]
    application, schedules = (
        block(service, "application_process"),
        _each(service, "schedules", path, parts.read_schedule),
    )
    waiting = line(service, "wait_time")
    minimum, maximum = age(service, "minimum_age"), age(service, "maximum_age")
    capacity = next(iter(objects(service, "capacities")), {})
    values: dict[str, Any] = {
        "organisation": parts.read_organisation(one_object(service, "organization"), f"{path}/organization"),
        "status": _STATUS.get(line(service, "status").lower(), OfferStatus.ACTIVE),
        "sites": _each(service, "service_at_locations", path, parts.read_site),
        "phones": _each(service, "phones", path, parts.read_phone),
        "emails": distinct([line(service, "email"), *_values(said, "email")]),
        "web": distinct([line(service, "url"), *(link.address for link in links if not link.label)]),
        "links": tuple(link for link in links if link.label),
        "contacts": _each(service, "contacts", path, parts.read_contact),
        "schedules": schedules,
        "closures": tuple(_closures(_values(said, "closure"))),
        "closed_on_holidays": _flag(said, "closed-on-holidays"),
        "cost": block(service, "fees_description") or block(service, "fees"),
        "cost_options": _each(service, "cost_options", path, parts.read_cost),
        "languages": parts.read_languages(service),
        "interpreting": block(service, "interpretation_services"),
        "application": application,
        "required_documents": distinct(line(one, "document") for one in objects(service, "required_documents")),
        "minimum_age": minimum,
        "maximum_age": maximum,
        "genders": _members(said, "gender", Gender),
        "language_level_from": next(iter(_members(said, "language-level-from", LanguageLevel)), None),
        "language_level_to": next(iter(_members(said, "language-level-to", LanguageLevel)), None),
        "communes": parts.read_communes(service),
        "reach": "\n".join(_reaches(service)),
        "life_areas": _members(said, "life-area", LifeArea),
        "legal_domains": _members(said, "legal-domain", LegalDomain),
        "domain_bound": _flag(said, "domain-bound") is True,
        "admitted_statuses": _members(said, "admitted-status", ResidenceStatus),
        "places": count(capacity, "available"),
        "capacity": count(capacity, "maximum") if "maximum" in capacity else _number(said, "capacity"),
        "waiting_time": waiting,
        "waiting_weeks": _number(said, "waiting-weeks") if "waiting-weeks" in said else weeks_in(waiting),
        "childcare": _flag(said, "childcare"),
        "accessibility": clean(_first(said, "accessibility", "")),
        "access_features": _members(said, "access-feature", AccessFeature),
        "alert": block(service, "alert"),
        "funding": "\n".join(distinct(block(one, "source") for one in objects(service, "funding"))),
        "funding_end": next(iter(_dates(_values(said, "funding-end"))), None),
        "last_verified": day(service, "assured_date"),
    }
    flag = _flag(said, "by-appointment")
    values["by_appointment"] = _guessed_appointment(values) if flag is None else flag
    facts = OfferFacts(**values)
    foreign = [one for one in objects(service, "attributes") if not is_own(one)]
    record = {**service, "foreign_attributes": foreign}
    extra = rest_of(record, _written_facts(facts, path), _MODELLED)
    return OfferFacts(**values, extra=extra)


def _written_facts(facts: OfferFacts, path: str) -> Record:
    """Return everything of the facts that HSDS has a field for."""
    organisation = parts.write_organisation(facts.organisation, f"{path}/organization")
    areas = parts.write_communes(facts.communes, path)
    areas += [{"id": made_id(f"{path}/reach/{one}"), "name": one} for one in facts.reach.split("\n") if one]
    links = [{"id": made_id(f"{path}/url/{one}"), "url": one} for one in facts.web[1:]]
    links += [{"id": made_id(f"{path}/url/{o.address}"), "label": o.label, "url": o.address} for o in facts.links]
    funding = [{"id": made_id(f"{path}/funding/{one}"), "source": one} for one in facts.funding.split("\n") if one]
    documents = [{"id": made_id(f"{path}/document/{one}"), "document": one} for one in facts.required_documents]
    ages = {
        name: value
        for name, value in (("minimum_age", facts.minimum_age), ("maximum_age", facts.maximum_age))
        if value is not None
    }
    written = {
        "organization": organisation if facts.organisation != type(facts.organisation)() else None,
        "url": facts.web[0] if facts.web else None,
        "additional_urls": links,
        "email": facts.emails[0] if facts.emails else None,
        "status": _WRITTEN_STATUS[facts.status],
        "interpretation_services": facts.interpreting,
        "application_process": facts.application,
        "fees_description": facts.cost,
        "wait_time": facts.waiting_time,
        "assured_date": facts.last_verified.isoformat() if facts.last_verified else None,
        "alert": facts.alert,
        "phones": parts.write_each(facts.phones, "phones", path, parts.write_phone),
        "schedules": parts.write_each(facts.schedules, "schedules", path, parts.write_schedule),
        "service_areas": areas,
        "service_at_locations": parts.write_each(facts.sites, "service_at_locations", path, parts.write_site),
        "languages": parts.write_languages(facts.languages, path),
        "funding": funding,
        "cost_options": parts.write_each(facts.cost_options, "cost_options", path, parts.write_cost),
        "required_documents": documents,
        "contacts": parts.write_each(facts.contacts, "contacts", path, parts.write_contact),
        "capacities": _capacities(facts, path),
    }
    return {**filled(written), **ages}


def _capacities(facts: OfferFacts, path: str) -> list[Record]:
    if facts.places is None:
        return []
    one = {
        "id": made_id(f"{path}/capacity"),
        "available": facts.places,
        "updated": f"{(facts.last_verified or date.fromisoformat(_NEVER)).isoformat()}T00:00:00Z",
        "unit": {"id": made_id("unit/places"), "name": "Plätze"},
    }
    return [one if facts.capacity is None else {**one, "maximum": facts.capacity}]


def _attributes(offer: Offer, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield code, value and label of every attribute the offer needs."""
    yield from ((code, value, "") for code, value in _record_attributes(offer, path))
    yield from ((code, value, "") for code, value in _fact_attributes(offer.facts))
    yield from (("linked-key", key, language) for language, key in sorted(offer.linked_keys.items()))
    for language, text in sorted(offer.translations.items()):
        yield "translation.title", text.title, language
        for code, value in (("summary", text.summary), ("text", text.text), ("access", text.access_requirements)):
            if value:
                yield f"translation.{code}", value, language
        yield from (("translation.keyword", word, language) for word in text.keywords)
        yield from (("translation.category", word, language) for word in text.category)


def _record_attributes(offer: Offer, path: str) -> Iterator[tuple[str, str]]:
    key = offer.source_key if offer.source is not OfferSource.FEED else path
    plain = offer.source in (OfferSource.HSDS, OfferSource.FEED)
    for code, value, usual in (
        ("source", "hsds" if plain else offer.source.value, "hsds"),
        ("source-key", key, path),
        ("external-id", offer.external_id, path),
        ("collection", offer.collection, ""),
        ("language", offer.language, ""),
        ("summary", offer.text.summary, first_sentences(offer.text.text)),
    ):
        if value != usual:
            yield code, value
    carried = json.loads(offer.facts.extra) if offer.facts.extra else {}
    if offer.text.keywords != _keywords({**carried, "attributes": carried.get("foreign_attributes", [])}):
        yield from (("keyword", word) for word in offer.text.keywords)
    yield from (("category", word) for word in offer.text.category)


def _fact_attributes(facts: OfferFacts) -> Iterator[tuple[str, str]]:
    yield from (("email", one) for one in facts.emails[1:])
    guessed = {"application": facts.application, "schedules": facts.schedules, "sites": facts.sites}
    if facts.by_appointment != _guessed_appointment(guessed):
        yield "by-appointment", _said(facts.by_appointment)
    for closure in facts.closures:
        yield "closure", f"{closure.first.isoformat()}/{closure.last.isoformat()} {closure.reason}".strip()
    flags = (("closed-on-holidays", facts.closed_on_holidays), ("childcare", facts.childcare))
    yield from ((code, _said(flag)) for code, flag in flags if flag is not None)
    if facts.domain_bound:
        yield "domain-bound", _said(True)
    members: tuple[tuple[str, Iterable[str]], ...] = (
        ("gender", facts.genders),
        ("language-level-from", filter(None, [facts.language_level_from])),
        ("language-level-to", filter(None, [facts.language_level_to])),
        ("life-area", facts.life_areas),
        ("legal-domain", facts.legal_domains),
        ("admitted-status", facts.admitted_statuses),
        ("access-feature", facts.access_features),
    )
    yield from ((code, str(value)) for code, values in members for value in values)
    if facts.capacity is not None and facts.places is None:
        yield "capacity", str(facts.capacity)
    if facts.waiting_weeks != weeks_in(facts.waiting_time):
        yield "waiting-weeks", "" if facts.waiting_weeks is None else str(facts.waiting_weeks)
    if facts.accessibility:
        yield "accessibility", facts.accessibility
    if facts.funding_end is not None:
        yield "funding-end", facts.funding_end.isoformat()


def _read_translations(said: _Said) -> dict[str, OfferText]:
    def values(code: str, language: str) -> list[str]:
        return [clean(value) for value, label in said.get(f"translation.{code}", []) if label == language]

    found = {}
    for title, language in said.get("translation.title", []):
        if language and clean_line(title):
            found[language] = OfferText(
                title=clean_line(title)[:MAXIMUM_TITLE],
                summary=next(iter(values("summary", language)), ""),
                text=next(iter(values("text", language)), ""),
                access_requirements=next(iter(values("access", language)), ""),
                keywords=distinct(values("keyword", language)),
                category=distinct(values("category", language)),
            )
    return found


def _keywords(service: Record) -> tuple[str, ...]:
    terms = (one_object(one, "taxonomy_term") for one in objects(service, "attributes") if not is_own(one))
    return distinct([line(service, "alternate_name"), *(line(term, "name") for term in terms)])


def _guessed_appointment(values: dict[str, Any]) -> bool:
    schedules = [*values["schedules"], *(one for site in values["sites"] for one in site.schedules)]
    spoken = (values["application"], *(one.note for one in schedules if not one.days))
    return any(parts.APPOINTMENT.search(words) for words in spoken)


def _reaches(service: Record) -> tuple[str, ...]:
    areas = [one for one in objects(service, "service_areas") if line(one, "extent_type") != "ags"]
    return distinct(line(one, "name") or line(one, "description") for one in areas)


def _closures(values: Iterable[str]) -> Iterator[Closure]:
    for value in values:
        span, _blank, reason = value.partition(" ")
        first, _slash, last = span.partition("/")
        days = _dates([first, last])
        if len(days) == 2 and days[0] <= days[1]:
            yield Closure(days[0], days[1], reason)


def _dates(values: Iterable[str]) -> list[date]:
    found = []
    for value in values:
        try:
            found.append(date.fromisoformat(value))
        except ValueError:
            continue
    return found


def _each(service: Record, name: str, path: str, read: Callable[[Record, str], Any]) -> tuple[Any, ...]:
    return parts.read_each(service, name, path, read)


def _first(said: _Said, code: str, otherwise: str) -> str:
    return said[code][0][0] if said.get(code) else otherwise


def _values(said: _Said, code: str) -> tuple[str, ...]:
    return distinct(clean(value) for value, _label in said.get(code, []))


def _flag(said: _Said, code: str) -> bool | None:
    return {"true": True, "false": False}.get(_first(said, code, ""))


def _number(said: _Said, code: str) -> int | None:
    text = _first(said, code, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _members(said: _Said, code: str, kind: type[_E]) -> tuple[_E, ...]:
    known = {member.value: member for member in kind}
    return distinct(known[value] for value, _label in said.get(code, []) if value in known)


def _said(flag: bool) -> str:
    return "true" if flag else "false"
