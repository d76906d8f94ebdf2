"""What an offer is: its facts, its texts in several languages, where it came from.

The fields follow DOMAIN.md section 6 and carry over from and to the Open Referral Human Services Data
Specification 3.1 (`service` with organisation, locations, schedules, phones, languages, costs flattened into it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from kimdesk.domain.vocabulary import LegalDomain, LifeArea, ResidenceStatus

SOURCE_LANGUAGE = "de"


class OfferSource(StrEnum):
    """Where a record came from; together with `Offer.source_key` it tells whether it is already known."""

    INTEGREAT = "integreat"
    HSDS = "hsds"
    OWN = "own"


class OfferStatus(StrEnum):
    """HSDS `service.status` reduced to what a counsellor must know."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Address:
    """A place to go to; every part may be empty."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    note: str = ""

    def line(self) -> str:
        """Return the address in one line as it is written in Germany."""
        town = " ".join(part for part in (self.postal_code, self.city) if part)
        return ", ".join(part for part in (self.note, self.street, town) if part)


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number as the source writes it, with what it is for."""

    number: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class OfferText:
    """What is said about an offer in one language. `text` holds paragraphs parted by an empty line."""

    title: str
    summary: str = ""
    text: str = ""
    access_requirements: str = ""
    keywords: tuple[str, ...] = ()
    category: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What holds in every language. Unknown is empty or None, never guessed."""

    provider: str = ""
    status: OfferStatus = OfferStatus.ACTIVE
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    web: tuple[str, ...] = ()
    opening_hours: tuple[str, ...] = ()
    by_appointment: bool = False
    cost: str = ""
    languages: tuple[str, ...] = ()
    interpreting: str = ""
    application: str = ""
    required_documents: tuple[str, ...] = ()
    minimum_age: int | None = None
    maximum_age: int | None = None
    communes: tuple[str, ...] = ()
    life_areas: tuple[LifeArea, ...] = ()
    legal_domains: tuple[LegalDomain, ...] = ()
    domain_bound: bool = False
    admitted_statuses: tuple[ResidenceStatus, ...] = ()
    places: int | None = None
    waiting_time: str = ""
    childcare: bool | None = None
    accessibility: str = ""
    funding_end: date | None = None
    last_verified: date | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer. `language` is that of `text`; `translations` maps further language codes to their texts.

    `source_key` recognises the record in its source (an Integreat page's path, an HSDS id); `linked_keys` maps
    language codes to the source keys of its translations. `external_id` is the source's own id as text.
    """

    id: UUID
    source: OfferSource
    source_key: str
    external_id: str
    text: OfferText
    language: str = SOURCE_LANGUAGE
    facts: OfferFacts = OfferFacts()
    translations: Mapping[str, OfferText] = field(default_factory=dict)
    linked_keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return the title in the record's own language."""
        return self.text.title

    def languages_written(self) -> tuple[str, ...]:
        """Return the codes of every language this offer has a text in, its own first."""
        return (self.language, *sorted(code for code in self.translations if code != self.language))

    def text_in(self, language: str) -> tuple[str, OfferText]:
        """Return language code and text closest to `language`: itself, German, or the record's own."""
        for code in (language, SOURCE_LANGUAGE):
            if code == self.language:
                return code, self.text
            if code in self.translations:
                return code, self.translations[code]
        return self.language, self.text

    def all_texts(self) -> dict[str, OfferText]:
        """Return every text by language code, the record's own first."""
        return {self.language: self.text, **{c: t for c, t in self.translations.items() if c != self.language}}

    def with_id(self, identifier: UUID) -> Offer:
        """Return the same offer under another id."""
        return replace(self, id=identifier)
