"""The parts an offer is made of: who provides it, where it is, when it is open, how to reach it.

Each part corresponds to one table of the Open Referral Human Services Data Specification 3.1. `extra` holds, as JSON
text, what a source said about the part beyond the fields here (ids of nested records, logos, tax numbers), so that an
export gives it back; empty where there is nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from kimdesk.foundation.errors import N_


class Weekday(StrEnum):
    """The days of the week under the names of RFC 5545, as HSDS uses them."""

    MONDAY = "MO"
    TUESDAY = "TU"
    WEDNESDAY = "WE"
    THURSDAY = "TH"
    FRIDAY = "FR"
    SATURDAY = "SA"
    SUNDAY = "SU"

    @property
    def number(self) -> int:
        """Return 0 for Monday to 6 for Sunday, as `date.weekday` counts."""
        return list(Weekday).index(self)


class PhoneKind(StrEnum):
    """What answers under a number."""

    VOICE = "voice"
    MOBILE = "cell"
    FAX = "fax"
    TEXT = "text"


class LanguageLevel(StrEnum):
    """Levels of the Common European Framework of Reference; A0 is no knowledge at all."""

    A0 = "A0"
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


class AccessFeature(StrEnum):
    """What makes a place or an offer usable with a disability."""

    WHEELCHAIR = "wheelchair"
    TOILET = "toilet"
    LIFT = "lift"
    INDUCTION_LOOP = "induction_loop"
    SIGN_LANGUAGE = "sign_language"
    EASY_LANGUAGE = "easy_language"
    BLIND = "blind"


ACCESS_FEATURE_WORDS = {
    AccessFeature.WHEELCHAIR: N_("stufenlos, mit Rollstuhl erreichbar"),
    AccessFeature.TOILET: N_("barrierefreies WC"),
    AccessFeature.LIFT: N_("Aufzug"),
    AccessFeature.INDUCTION_LOOP: N_("induktive Höranlage"),
    AccessFeature.SIGN_LANGUAGE: N_("Gebärdensprache"),
    AccessFeature.EASY_LANGUAGE: N_("Leichte Sprache"),
    AccessFeature.BLIND: N_("Orientierung für blinde Menschen"),
}
"""German names of the features."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place to go to; every part may be empty. `note` is the name of the place or the door."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    note: str = ""
    addition: str = ""
    extra: str = ""

    def line(self) -> str:
        """Return the address in one line as it is written in Germany."""
        town = " ".join(part for part in (self.postal_code, self.city) if part)
        return ", ".join(part for part in (self.note, self.street, self.addition, town) if part)


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number as the source writes it, with what it is for and the languages spoken there (codes)."""

    number: str
    label: str = ""
    kind: PhoneKind = PhoneKind.VOICE
    languages: tuple[str, ...] = ()
    extension: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to ask for; `role` is the person's function there."""

    name: str = ""
    role: str = ""
    department: str = ""
    email: str = ""
    phones: tuple[Phone, ...] = ()
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address with what is found there."""

    address: str
    label: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Opening times: on `days`, from `opens` to `closes` (local time), or in words only (`note`).

    `every_weeks` is 2 for every other week; `month_days` counts days within a month (``-1TH`` is the last Thursday)
    and stays as HSDS writes it. `by_appointment` means that nobody is seen at these times without one.
    """

    days: tuple[Weekday, ...] = ()
    opens: time | None = None
    closes: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    every_weeks: int = 1
    month_days: str = ""
    by_appointment: bool = False
    note: str = ""
    remark: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the offer is closed in spite of its schedule, both included."""

    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CostOption:
    """A price with what it is for; `amount` is a decimal number as text ("12.50"), empty where it is in words."""

    option: str = ""
    amount: str = ""
    currency: str = ""
    description: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who provides the offer; `key` is its id in the source."""

    name: str = ""
    key: str = ""
    alternate_name: str = ""
    description: str = ""
    email: str = ""
    web: str = ""
    legal_form: str = ""
    phones: tuple[Phone, ...] = ()
    contacts: tuple[Contact, ...] = ()
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A place where offers are; `key` is its id in the source, `latitude`
    and `longitude` are decimal degrees as text."""

    key: str = ""
    name: str = ""
    description: str = ""
    transport: str = ""
    latitude: str = ""
    longitude: str = ""
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    contacts: tuple[Contact, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    languages: tuple[str, ...] = ()
    accessibility: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """An offer at one location: what holds there only. `communes` are AGS served from there, none means all."""

    location: Location = Location()
    key: str = ""
    description: str = ""
    phones: tuple[Phone, ...] = ()
    contacts: tuple[Contact, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    communes: tuple[str, ...] = ()
    extra: str = ""
