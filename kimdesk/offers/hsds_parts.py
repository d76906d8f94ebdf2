"""Organisation, location, site, phone, contact, schedule, price: from and to their HSDS records.

Each pair of functions agrees: what `write_…` writes, `read_…` reads back as the same part. `path` names the place of
the record inside its offer and makes the ids of records that have none of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from kimdesk.offers.hsds_terms import attribute, own_attributes
from kimdesk.offers.hsds_values import (
    Record,
    block,
    clock,
    day,
    distinct,
    filled,
    is_uuid,
    line,
    made_id,
    number_text,
    number_value,
    objects,
    one_object,
    rest_of,
    with_rest,
)
from kimdesk.offers.parts import (
    Address,
    Contact,
    CostOption,
    Location,
    Organisation,
    Phone,
    PhoneKind,
    Schedule,
    Site,
    Weekday,
)

AGS = re.compile(r"(?<!\d)\d{8}(?!\d)")
APPOINTMENT = re.compile(
    r"(?i)nach (vereinbarung|absprache|anmeldung)|(nur )?mit termin|terminvereinbarung|by appointment"
)
_CODE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,8})?|de_simple")
_PHONE_KINDS = {
    "voice": PhoneKind.VOICE, "cell": PhoneKind.MOBILE, "mobile": PhoneKind.MOBILE, "fax": PhoneKind.FAX,
    "text": PhoneKind.TEXT, "sms": PhoneKind.TEXT, "textphone": PhoneKind.TEXT,
}  # fmt: skip
_T = TypeVar("_T")


def read_each(record: Record, name: str, path: str, read: Callable[[Record, str], _T]) -> tuple[_T, ...]:
    """Return every record of the list `name` read by `read`."""
    return tuple(read(one, f"{path}/{name}/{number}") for number, one in enumerate(objects(record, name)))


def write_each(parts: Sequence[_T], name: str, path: str, write: Callable[[_T, str], Record]) -> list[Record]:
    """Return the records of `parts` for the list `name`."""
    return [write(one, f"{path}/{name}/{number}") for number, one in enumerate(parts)]


def read_phone(record: Record, path: str) -> Phone:
    """Return the number; quotation marks some exports put around it are left out."""
    phone = Phone(
        number=line(record, "number").strip('" '),
        label=line(record, "description"),
        kind=_PHONE_KINDS.get(line(record, "type").lower(), PhoneKind.VOICE),
        languages=read_languages(record),
        extension=number_text(record, "extension"),
    )
    modelled = frozenset({"number", "description", "extension"})
    return replace(phone, extra=rest_of(record, write_phone(phone, path), modelled))


def write_phone(phone: Phone, path: str) -> Record:
    """Return the HSDS `phone`."""
    written = {
        "id": made_id(path),
        "number": phone.number,
        "extension": number_value(phone.extension) if phone.extension else None,
        "type": phone.kind.value,
        "description": phone.label,
        "languages": write_languages(phone.languages, path),
    }
    return with_rest({**filled(written), "number": phone.number}, phone.extra)


def read_contact(record: Record, path: str) -> Contact:
    """Return somebody to ask for."""
    contact = Contact(
        name=line(record, "name"),
        role=line(record, "title"),
        department=line(record, "department"),
        email=line(record, "email"),
        phones=read_each(record, "phones", path, read_phone),
    )
    modelled = frozenset({"name", "title", "department", "email"})
    return replace(contact, extra=rest_of(record, write_contact(contact, path), modelled))


def write_contact(contact: Contact, path: str) -> Record:
    """Return the HSDS `contact`."""
    written = {
        "id": made_id(path),
        "name": contact.name,
        "title": contact.role,
        "department": contact.department,
        "email": contact.email,
        "phones": write_each(contact.phones, "phones", path, write_phone),
    }
    return with_rest(filled(written), contact.extra)


def read_schedule(record: Record, path: str) -> Schedule:
    """Return the schedule; weekly and monthly rules are understood, what else RFC 5545 knows is carried along."""
    monthly = line(record, "freq").upper() == "MONTHLY"
    tokens = [token.strip().upper() for token in line(record, "byday").split(",") if token.strip()]
    days = tuple(Weekday(token) for token in dict.fromkeys(tokens) if token in set(Weekday))
    numbered = [token for token in tokens if token not in set(Weekday)] if monthly else []
    if monthly and not tokens:
        numbered = [token.strip() for token in line(record, "bymonthday").split(",") if token.strip()]
    note = block(record, "description")
    interval = number_text(record, "interval")
    own = own_attributes(objects(record, "attributes")).get("by-appointment", [])
    schedule = Schedule(
        days=tuple(sorted(days, key=lambda one: one.number)),
        opens=clock(record, "opens_at"),
        closes=clock(record, "closes_at"),
        valid_from=day(record, "valid_from"),
        valid_to=day(record, "valid_to"),
        every_weeks=int(interval) if interval.isdigit() and not monthly and 1 <= int(interval) <= 52 else 1,
        month_days=",".join(numbered),
        by_appointment=own[0][0] == "true" if own else APPOINTMENT.search(note) is not None,
        note=note,
        remark=block(record, "notes"),
    )
    modelled = frozenset({"opens_at", "closes_at", "valid_from", "valid_to", "description", "notes"})
    return replace(schedule, extra=rest_of(record, write_schedule(schedule, path), modelled))


def write_schedule(schedule: Schedule, path: str) -> Record:
    """Return the HSDS `schedule`."""
    by_date = bool(schedule.month_days) and not any(letter.isalpha() for letter in schedule.month_days)
    days = ",".join([*schedule.days, *([schedule.month_days] if schedule.month_days and not by_date else [])])
    guessed = APPOINTMENT.search(schedule.note) is not None
    said = "true" if schedule.by_appointment else "false"
    written = {
        "id": made_id(path),
        "valid_from": schedule.valid_from.isoformat() if schedule.valid_from else None,
        "valid_to": schedule.valid_to.isoformat() if schedule.valid_to else None,
        "freq": ("MONTHLY" if schedule.month_days else "WEEKLY") if days or by_date else None,
        "interval": schedule.every_weeks if schedule.every_weeks > 1 else None,
        "byday": days,
        "bymonthday": schedule.month_days if by_date else None,
        "opens_at": schedule.opens.isoformat("seconds") if schedule.opens else None,
        "closes_at": schedule.closes.isoformat("seconds") if schedule.closes else None,
        "description": schedule.note,
        "notes": schedule.remark,
        "attributes": [attribute(path, "by-appointment", said)] if guessed != schedule.by_appointment else [],
    }
    return with_rest(filled(written), schedule.extra)


def read_cost(record: Record, path: str) -> CostOption:
    """Return a price."""
    cost = CostOption(
        option=line(record, "option"),
        amount=number_text(record, "amount"),
        currency=line(record, "currency"),
        description=block(record, "amount_description"),
    )
    modelled = frozenset({"option", "currency", "amount_description"})
    return replace(cost, extra=rest_of(record, write_cost(cost, path), modelled))


def write_cost(cost: CostOption, path: str) -> Record:
    """Return the HSDS `cost_option`."""
    written = {
        "id": made_id(path),
        "option": cost.option,
        "currency": cost.currency,
        "amount": number_value(cost.amount) if cost.amount else None,
        "amount_description": cost.description,
    }
    return with_rest(filled(written), cost.extra)


def read_address(record: Record, path: str) -> Address:
    """Return the address."""
    address = Address(
        street=line(record, "address_1"),
        postal_code=line(record, "postal_code"),
        city=line(record, "city"),
        note=line(record, "attention"),
        addition=line(record, "address_2"),
    )
    modelled = frozenset({"address_1", "address_2", "city", "postal_code", "attention"})
    return replace(address, extra=rest_of(record, write_address(address, path), modelled))


def write_address(address: Address, path: str) -> Record:
    """Return the HSDS `address`; what it demands and a source did not say is Germany and North Rhine-Westphalia."""
    demanded = {
        "id": made_id(path),
        "address_1": address.street,
        "city": address.city,
        "state_province": "Nordrhein-Westfalen",
        "postal_code": address.postal_code,
        "country": "DE",
        "address_type": "physical",
    }
    return with_rest({**demanded, **filled({"attention": address.note, "address_2": address.addition})}, address.extra)


def read_languages(record: Record) -> tuple[str, ...]:
    """Return the codes of a list of languages, or their names where they have none."""
    found = []
    for entry in objects(record, "languages"):
        code = line(entry, "code")
        found.append((code if code == "de_simple" else _plain_code(code)) or line(entry, "name"))
    return distinct(found)


def write_languages(codes: Iterable[str], path: str) -> list[Record]:
    """Return HSDS `language` records."""
    return [
        {"id": made_id(f"{path}/languages/{code}"), "code" if _CODE.fullmatch(code) else "name": code} for code in codes
    ]


def read_communes(record: Record) -> tuple[str, ...]:
    """Return the AGS named in a list of service areas."""
    areas = objects(record, "service_areas")
    return distinct(ags for one in areas for field in ("extent", "name") for ags in AGS.findall(line(one, field)))


def write_communes(communes: Iterable[str], path: str) -> list[Record]:
    """Return one HSDS `service_area` per commune."""
    return [
        {"id": made_id(f"{path}/service_areas/{ags}"), "name": ags, "extent": ags, "extent_type": "ags"}
        for ags in communes
    ]


def read_organisation(record: Record, path: str) -> Organisation:
    """Return the organisation."""
    organisation = Organisation(
        name=line(record, "name"),
        key=_read_key(record, path),
        alternate_name=line(record, "alternate_name"),
        description=block(record, "description"),
        email=line(record, "email"),
        web=line(record, "website"),
        legal_form=line(record, "legal_status"),
        phones=read_each(record, "phones", path, read_phone),
        contacts=read_each(record, "contacts", path, read_contact),
    )
    modelled = frozenset({"id", "name", "alternate_name", "description", "email", "website", "legal_status"})
    return replace(organisation, extra=rest_of(record, write_organisation(organisation, path), modelled))


def write_organisation(organisation: Organisation, path: str) -> Record:
    """Return the HSDS `organization`."""
    written = {
        "alternate_name": organisation.alternate_name,
        "email": organisation.email,
        "website": organisation.web,
        "legal_status": organisation.legal_form,
        "phones": write_each(organisation.phones, "phones", path, write_phone),
        "contacts": write_each(organisation.contacts, "contacts", path, write_contact),
    }
    demanded = {"name": organisation.name, "description": organisation.description}
    return _with_key({**demanded, **filled(written)}, organisation.key, organisation.extra, path)


def read_location(record: Record, path: str) -> Location:
    """Return the location."""
    location = Location(
        key=_read_key(record, path),
        name=line(record, "name"),
        description=block(record, "description"),
        transport=block(record, "transportation"),
        latitude=number_text(record, "latitude"),
        longitude=number_text(record, "longitude"),
        addresses=read_each(record, "addresses", path, read_address),
        phones=read_each(record, "phones", path, read_phone),
        contacts=read_each(record, "contacts", path, read_contact),
        schedules=read_each(record, "schedules", path, read_schedule),
        languages=read_languages(record),
        accessibility="\n".join(distinct(block(one, "description") for one in objects(record, "accessibility"))),
    )
    modelled = frozenset({"id", "name", "description", "transportation"})
    return replace(location, extra=rest_of(record, write_location(location, path), modelled))


def write_location(location: Location, path: str) -> Record:
    """Return the HSDS `location`."""
    accessible = {"id": made_id(f"{path}/accessibility"), "description": location.accessibility}
    written = {
        "name": location.name,
        "description": location.description,
        "transportation": location.transport,
        "languages": write_languages(location.languages, path),
        "addresses": write_each(location.addresses, "addresses", path, write_address),
        "contacts": write_each(location.contacts, "contacts", path, write_contact),
        "accessibility": [accessible] if location.accessibility else [],
        "phones": write_each(location.phones, "phones", path, write_phone),
        "schedules": write_each(location.schedules, "schedules", path, write_schedule),
    }
    where = {
        name: number_value(text)
        for name, text in (("latitude", location.latitude), ("longitude", location.longitude))
        if text
    }
    return _with_key({"location_type": "physical", **filled(written), **where}, location.key, location.extra, path)


def read_site(record: Record, path: str) -> Site:
    """Return the service at a location."""
    site = Site(
        location=read_location(one_object(record, "location"), f"{path}/location"),
        key=_read_key(record, path),
        description=block(record, "description"),
        phones=read_each(record, "phones", path, read_phone),
        contacts=read_each(record, "contacts", path, read_contact),
        schedules=read_each(record, "schedules", path, read_schedule),
        communes=read_communes(record),
    )
    modelled = frozenset({"id", "description"})
    return replace(site, extra=rest_of(record, write_site(site, path), modelled))


def write_site(site: Site, path: str) -> Record:
    """Return the HSDS `service_at_location`."""
    written = {
        "description": site.description,
        "service_areas": write_communes(site.communes, path),
        "contacts": write_each(site.contacts, "contacts", path, write_contact),
        "phones": write_each(site.phones, "phones", path, write_phone),
        "schedules": write_each(site.schedules, "schedules", path, write_schedule),
        "location": write_location(site.location, f"{path}/location"),
    }
    return _with_key(filled(written), site.key, site.extra, path)


def _read_key(record: Record, path: str) -> str:
    """Return the source's own id; one that an export made up counts as none."""
    own = own_attributes(objects(record, "attributes")).get("key", [])
    if own:
        return own[0][0]
    key = line(record, "id")
    return "" if key == made_id(path) else key


def _with_key(written: Record, key: str, extra: str, path: str) -> Record:
    """Return the record with its id, the key as an attribute where it cannot be an id, and what was carried along."""
    attributes = [attribute(path, "key", key)] if key and not is_uuid(key) else []
    own = {"id": key if is_uuid(key) else made_id(path), **written, **filled({"attributes": attributes})}
    return with_rest(own, extra)


def _plain_code(code: str) -> str:
    """Return a language code as this program writes it: ``de-AT`` is ``de_AT``, upper case alone is not kept."""
    head, _mark, tail = code.replace("-", "_").partition("_")
    return f"{head.lower()}_{tail}" if tail else head.lower()
