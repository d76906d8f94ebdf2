"""Any offer the model can hold, for property tests."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

from hypothesis import strategies as st

from kimdesk.domain.vocabulary import Gender, LegalDomain, LifeArea, ResidenceStatus
from kimdesk.offers.model import Offer, OfferFacts, OfferSource, OfferStatus, OfferText
from kimdesk.offers.parts import (
    AccessFeature,
    Address,
    Closure,
    Contact,
    CostOption,
    LanguageLevel,
    Link,
    Location,
    Organisation,
    Phone,
    PhoneKind,
    Schedule,
    Site,
    Weekday,
)
from kimdesk.offers.plain_text import clean, clean_line

_ALPHABET = st.sampled_from("abcÄöß é7-–.,:;/@()'\"=+<&?漢ئשЖ\U0001f600 ")
LINES = st.text(_ALPHABET, max_size=24).map(clean_line)
WORDS = LINES.filter(bool)
BLOCKS = st.text(st.one_of(_ALPHABET, st.just("\n")), max_size=60).map(clean)
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
CODES = st.sampled_from(["de", "ar", "uk", "fa_AF", "ckb", "ti", "Romanes"])
AGS = st.integers(0, 99_999_999).map(lambda number: f"{number:08d}")
KEYS = st.one_of(st.just(""), st.uuids().map(str), st.just("haus/7"))
COUNTS = st.one_of(st.none(), st.integers(0, 999))


_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)


def several(inner: st.SearchStrategy[_T], most: int = 2) -> st.SearchStrategy[tuple[_T, ...]]:
    """Return tuples of distinct values."""
    return st.lists(inner, max_size=most, unique=True).map(tuple)


def members(kind: type[_E]) -> st.SearchStrategy[tuple[_E, ...]]:
    """Return tuples of distinct members."""
    return several(st.sampled_from(list(kind)), 3)


PHONES = st.builds(
    Phone,
    number=WORDS.map(lambda text: text.strip('" ')).filter(bool),
    label=LINES,
    kind=st.sampled_from(PhoneKind),
    languages=several(CODES),
    extension=st.sampled_from(["", "0", "117"]),
)
CONTACTS = st.builds(Contact, LINES, LINES, LINES, LINES, several(PHONES, 1))
ADDRESSES = st.builds(Address, LINES, LINES, LINES, LINES, LINES)
TIMES = st.one_of(st.none(), st.times().map(lambda moment: moment.replace(microsecond=0)))
MAYBE_DAYS = st.one_of(st.none(), DAYS)
WEEKDAYS = st.lists(st.sampled_from(list(Weekday)), unique=True).map(
    lambda days: tuple(sorted(days, key=lambda day: day.number))
)
SCHEDULES = st.one_of(
    st.builds(
        Schedule,
        days=WEEKDAYS,
        opens=TIMES,
        closes=TIMES,
        valid_from=MAYBE_DAYS,
        valid_to=MAYBE_DAYS,
        every_weeks=st.integers(1, 4),
        by_appointment=st.booleans(),
        note=BLOCKS,
        remark=BLOCKS,
    ),
    st.builds(Schedule, opens=TIMES, closes=TIMES, month_days=st.sampled_from(["1MO", "-1TH", "2TU,4TU", "15"])),
)
LOCATIONS = st.builds(
    Location,
    key=KEYS,
    name=LINES,
    description=BLOCKS,
    transport=BLOCKS,
    latitude=st.sampled_from(["", "51.5385", "-7", "0"]),
    longitude=st.sampled_from(["", "7.68891"]),
    addresses=several(ADDRESSES, 1),
    phones=several(PHONES, 1),
    contacts=several(CONTACTS, 1),
    schedules=several(SCHEDULES, 1),
    languages=several(CODES),
    accessibility=BLOCKS,
)
SITES = st.builds(
    Site,
    location=LOCATIONS,
    key=KEYS,
    description=BLOCKS,
    phones=several(PHONES, 1),
    contacts=several(CONTACTS, 1),
    schedules=several(SCHEDULES, 1),
    communes=several(AGS),
)
ORGANISATIONS = st.builds(
    Organisation,
    name=LINES,
    key=KEYS,
    alternate_name=LINES,
    description=BLOCKS,
    email=LINES,
    web=LINES,
    legal_form=LINES,
    phones=several(PHONES, 1),
    contacts=several(CONTACTS, 1),
)
COSTS = st.builds(CostOption, LINES, st.sampled_from(["", "0", "12.5", "50", "-3.75"]), LINES, BLOCKS)
CLOSURES = st.tuples(DAYS, DAYS, LINES).map(lambda one: Closure(min(one[:2]), max(one[:2]), one[2]))
FLAGS = st.sampled_from([None, True, False])
LEVELS = st.one_of(st.none(), st.sampled_from(list(LanguageLevel)))
FACTS = st.builds(
    OfferFacts,
    organisation=ORGANISATIONS,
    status=st.sampled_from(OfferStatus),
    sites=several(SITES, 1),
    phones=several(PHONES),
    emails=several(WORDS),
    web=several(WORDS),
    links=several(st.builds(Link, WORDS, WORDS)),
    contacts=several(CONTACTS, 1),
    schedules=several(SCHEDULES),
    closures=several(CLOSURES),
    closed_on_holidays=FLAGS,
    by_appointment=st.booleans(),
    cost=BLOCKS,
    cost_options=several(COSTS, 1),
    languages=several(CODES),
    interpreting=BLOCKS,
    application=BLOCKS,
    required_documents=several(WORDS),
    minimum_age=st.one_of(st.none(), st.integers(0, 150)),
    maximum_age=st.one_of(st.none(), st.integers(0, 150)),
    genders=members(Gender),
    language_level_from=LEVELS,
    language_level_to=LEVELS,
    communes=several(AGS),
    reach=several(WORDS.filter(lambda text: not any(letter.isdigit() for letter in text))).map("\n".join),
    life_areas=members(LifeArea),
    legal_domains=members(LegalDomain),
    domain_bound=st.booleans(),
    admitted_statuses=members(ResidenceStatus),
    places=COUNTS,
    capacity=COUNTS,
    waiting_time=st.one_of(LINES, st.sampled_from(["4 bis 6 Wochen", "3 Monate"])),
    waiting_weeks=COUNTS,
    childcare=FLAGS,
    accessibility=BLOCKS,
    access_features=members(AccessFeature),
    alert=BLOCKS,
    funding=several(WORDS).map("\n".join),
    funding_end=MAYBE_DAYS,
    last_verified=MAYBE_DAYS,
)
TEXTS = st.builds(OfferText, WORDS, BLOCKS, BLOCKS, BLOCKS, several(WORDS), several(WORDS))
OFFERS = st.builds(
    Offer,
    id=st.uuids(),
    source=st.sampled_from([OfferSource.HSDS, OfferSource.INTEGREAT, OfferSource.OWN, OfferSource.TABLE]),
    source_key=st.one_of(st.uuids().map(str), WORDS),
    external_id=WORDS,
    text=TEXTS,
    language=st.sampled_from(["de", "en"]),
    facts=FACTS,
    translations=st.dictionaries(st.sampled_from(["ar", "uk", "de_simple"]), TEXTS, max_size=2),
    linked_keys=st.dictionaries(st.sampled_from(["ar", "uk"]), WORDS, max_size=2),
    collection=LINES,
)
