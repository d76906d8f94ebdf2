"""Writes offers as the rows of a table, under the headings that an import recognises by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from kimdesk.domain.vocabulary import label
from kimdesk.foundation.sheets import Cell
from kimdesk.offers.columns import COLUMN_NAMES, Column
from kimdesk.offers.model import Offer, OfferStatus

_STATUS = {OfferStatus.ACTIVE: "aktiv", OfferStatus.PAUSED: "pausiert", OfferStatus.ENDED: "beendet"}


def table_rows(offers: Iterable[Offer], communes: Mapping[str, str]) -> Iterator[list[Cell]]:
    """Yield the heading and one row per offer; `communes` maps AGS to names.

    A table holds the base text and one address per offer; everything else the model knows needs HSDS.
    """
    yield [COLUMN_NAMES[column] for column in Column]
    for offer in offers:
        row = _row(offer, communes)
        yield [row[column] for column in Column]


def _row(offer: Offer, communes: Mapping[str, str]) -> dict[Column, Cell]:
    facts, text = offer.facts, offer.text
    address = next(iter(facts.addresses), None)
    contact = next(iter(facts.all_contacts), None)
    return {
        Column.KEY: offer.external_id,
        Column.TITLE: text.title,
        Column.PROVIDER: facts.provider,
        Column.SUMMARY: text.summary,
        Column.TEXT: text.text,
        Column.ACCESS_REQUIREMENTS: text.access_requirements,
        Column.STATUS: _STATUS[facts.status],
        Column.LIFE_AREAS: _list(label(one) for one in facts.life_areas),
        Column.LEGAL_DOMAINS: _list(label(one) for one in facts.legal_domains),
        Column.DOMAIN_BOUND: _flag(facts.domain_bound),
        Column.ADMITTED_STATUSES: _list(label(one) for one in facts.admitted_statuses),
        Column.COMMUNES: _list(communes.get(ags, ags) for ags in facts.all_communes),
        Column.PLACE: address.note if address else "",
        Column.STREET: ", ".join(part for part in (address.street, address.addition) if part) if address else "",
        Column.POSTAL_CODE: address.postal_code if address else "",
        Column.CITY: address.city if address else "",
        Column.PHONE: _list(phone.number for phone in facts.all_phones),
        Column.EMAIL: _list(facts.all_emails),
        Column.WEB: _list(facts.all_web),
        Column.CONTACT: contact.name if contact else "",
        Column.OPENING_HOURS: "\n".join(facts.opening_hours),
        Column.BY_APPOINTMENT: _flag(facts.by_appointment),
        Column.COST: facts.cost_text,
        Column.LANGUAGES: _list(facts.all_languages),
        Column.INTERPRETING: facts.interpreting,
        Column.APPLICATION: facts.application,
        Column.REQUIRED_DOCUMENTS: _list(facts.required_documents),
        Column.MINIMUM_AGE: facts.minimum_age,
        Column.MAXIMUM_AGE: facts.maximum_age,
        Column.GENDERS: _list(label(one) for one in facts.genders),
        Column.LEVEL_FROM: facts.language_level_from,
        Column.LEVEL_TO: facts.language_level_to,
        Column.PLACES: facts.places,
        Column.CAPACITY: facts.capacity,
        Column.WAITING_TIME: facts.waiting_time,
        Column.CHILDCARE: _flag(facts.childcare),
        Column.ACCESSIBILITY: facts.accessibility_text,
        Column.FUNDING_END: _day(facts.funding_end),
        Column.LAST_VERIFIED: _day(facts.last_verified),
        Column.KEYWORDS: _list(text.keywords),
        Column.ALERT: facts.alert,
    }


def _list(values: Iterable[str]) -> str:
    return "; ".join(values)


def _flag(flag: bool | None) -> str:
    return {True: "ja", False: "nein", None: ""}[flag]


def _day(day: date | None) -> date | None:
    return day
