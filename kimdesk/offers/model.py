"""What an offer is: its facts, its texts in several languages, where it came from.

The fields follow DOMAIN.md section 6 and carry over from and to the Open Referral Human Services Data
Specification 3.1: `service` is the offer; organisation, locations, schedules, phones, contacts are its `parts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from kimdesk.domain.vocabulary import Gender, LegalDomain, LifeArea, ResidenceStatus
from kimdesk.offers.parts import (
    AccessFeature,
    Address,
    Closure,
    Contact,
    CostOption,
    LanguageLevel,
    Link,
    Organisation,
    Phone,
    PhoneKind,
    Schedule,
    Site,
)
from kimdesk.offers.times import schedule_line

SOURCE_LANGUAGE = "de"
_T = TypeVar("_T")


class OfferSource(StrEnum):
    """Where a record came from; together with `Offer.source_key` it tells whether it is already known."""

    INTEGREAT = "integreat"
    HSDS = "hsds"
    TABLE = "table"
    FEED = "feed"
    OWN = "own"


class OfferStatus(StrEnum):
    """HSDS `service.status` reduced to what a counsellor must know."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


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
    """What holds in every language. Unknown is empty or None, never guessed.

    `phones`, `emails`, `web`, `contacts`, `schedules` and `languages` (codes spoken there) are the offer's own;
    `all_phones` and its like add those of its sites and its organisation. `communes` (AGS), `admitted_statuses` and
    `genders`: none means not limited. `places` are free, `capacity` is how many there are in all; `waiting_weeks` is
    the waiting time as a number where the source's words (`waiting_time`) give one. `alert` is what holds just now.
    """

    organisation: Organisation = Organisation()
    status: OfferStatus = OfferStatus.ACTIVE
    sites: tuple[Site, ...] = ()
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    web: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    contacts: tuple[Contact, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    closures: tuple[Closure, ...] = ()
    closed_on_holidays: bool | None = None
    by_appointment: bool = False
    cost: str = ""
    cost_options: tuple[CostOption, ...] = ()
    languages: tuple[str, ...] = ()
    interpreting: str = ""
    application: str = ""
    required_documents: tuple[str, ...] = ()
    minimum_age: int | None = None
    maximum_age: int | None = None
    genders: tuple[Gender, ...] = ()
    language_level_from: LanguageLevel | None = None
    language_level_to: LanguageLevel | None = None
    communes: tuple[str, ...] = ()
    reach: str = ""
    life_areas: tuple[LifeArea, ...] = ()
    legal_domains: tuple[LegalDomain, ...] = ()
    domain_bound: bool = False
    admitted_statuses: tuple[ResidenceStatus, ...] = ()
    places: int | None = None
    capacity: int | None = None
    waiting_time: str = ""
    waiting_weeks: int | None = None
    childcare: bool | None = None
    accessibility: str = ""
    access_features: tuple[AccessFeature, ...] = ()
    alert: str = ""
    funding: str = ""
    funding_end: date | None = None
    last_verified: date | None = None
    extra: str = ""

    @property
    def provider(self) -> str:
        """Return the organisation's name."""
        return self.organisation.name

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Return the addresses of all sites, each once."""
        found = [(one, site.location.name) for site in self.sites for one in site.location.addresses if one.line()]
        return _distinct(replace(one, note=one.note or name, extra="") for one, name in found)

    @property
    def all_schedules(self) -> tuple[Schedule, ...]:
        """Return the offer's opening times and those of its sites, each once."""
        own = [replace(one, extra="") for one in self.schedules]
        there = [replace(one, extra="") for site in self.sites for one in (*site.schedules, *site.location.schedules)]
        return _distinct((*own, *there))

    @property
    def opening_hours(self) -> tuple[str, ...]:
        """Return the opening times as German lines."""
        return _distinct(line for one in self.all_schedules if (line := schedule_line(one)))

    @property
    def all_contacts(self) -> tuple[Contact, ...]:
        """Return the people to ask for: of the offer and its sites, or else of its organisation."""
        near = [*self.contacts, *(one for site in self.sites for one in (*site.contacts, *site.location.contacts))]
        return _distinct(replace(one, extra="", phones=_bare(one.phones)) for one in near or self.organisation.contacts)

    @property
    def all_phones(self) -> tuple[Phone, ...]:
        """Return every number to call, each once: of the offer and its sites, or else of its organisation; no fax."""
        near = [*self.phones, *(one for site in self.sites for one in (*site.phones, *site.location.phones))]
        near += [phone for contact in self.all_contacts for phone in contact.phones]
        found: dict[str, Phone] = {}
        for phone in near or self.organisation.phones:
            if phone.kind is not PhoneKind.FAX and phone.number:
                number = f"{phone.number}-{phone.extension}" if phone.extension else phone.number
                found.setdefault(number, replace(phone, number=number, extension=""))
        return _bare(found.values())

    @property
    def all_emails(self) -> tuple[str, ...]:
        """Return every e-mail address, each once; the organisation's only where there is no other."""
        near = [*self.emails, *(contact.email for contact in self.all_contacts if contact.email)]
        return _distinct(near or ([self.organisation.email] if self.organisation.email else []))

    @property
    def all_web(self) -> tuple[str, ...]:
        """Return every web address, each once; the organisation's last."""
        return _distinct(
            one for one in (*self.web, *(link.address for link in self.links), self.organisation.web) if one
        )

    @property
    def all_languages(self) -> tuple[str, ...]:
        """Return the codes of every language spoken at the offer, its sites or on its telephones."""
        there = [code for site in self.sites for code in site.location.languages]
        return _distinct((*self.languages, *there, *(code for phone in self.all_phones for code in phone.languages)))

    @property
    def cost_text(self) -> str:
        """Return what it costs, in words and line by line."""
        prices = (
            " ".join(part for part in (one.option, one.amount, one.currency, one.description) if part)
            for one in self.cost_options
        )
        return "\n".join(_distinct(line for line in (self.cost, *prices) if line))

    @property
    def accessibility_text(self) -> str:
        """Return what is said about access with a disability, the offer's own words first."""
        there = (site.location.accessibility for site in self.sites)
        return "\n".join(_distinct(text for text in (self.accessibility, *there) if text))

    @property
    def all_communes(self) -> tuple[str, ...]:
        """Return the AGS of every commune served; none means that the source does not limit it."""
        return _distinct((*self.communes, *(ags for site in self.sites for ags in site.communes)))


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer. `language` is that of `text`; `translations` maps further language codes to their texts.

    `source_key` recognises the record in its source (an Integreat page's path, an HSDS id); `linked_keys` maps
    language codes to the source keys of its translations. `external_id` is the source's own id as text.
    `collection` names the body of records it came with (an Integreat region, the coordinator's directory): only a new
    version of the same collection can say that an offer is no longer there.
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
    collection: str = ""

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


def _bare(phones: Iterable[Phone]) -> tuple[Phone, ...]:
    return tuple(replace(phone, extra="") if phone.extra else phone for phone in phones)


def _distinct(values: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))
