"""Dates computed from what is recorded, shown beside the items of a checklist as hints. They decide nothing.

Rules: §§ 25a, 25b, 104c AufenthG, §§ 10, 34 StAG as of 29.04.2026. The day of entry stands for the beginning of the
stay, although the law counts only certain times: the hint says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kimdesk.domain.deadlines import add_months, age_on
from kimdesk.domain.records import Member, Person
from kimdesk.domain.vocabulary import Relation, ResidenceStatus
from kimdesk.foundation.errors import N_

OPPORTUNITY_NOTICE_MONTHS = 6
"""So long before a title under § 104c ends the home page reminds of it [own: the proofs take months]."""


class HintKind(StrEnum):
    """What can be computed for an item."""

    STATUS = "status"
    THREE_YEARS = "three_years"
    SIX_OR_FOUR_YEARS = "six_or_four_years"
    FIVE_YEARS = "five_years"
    BEFORE_27 = "before_27"
    SIXTEEN = "sixteen"
    CHILDREN = "children"
    TITLE_END = "title_end"
    APPLY_BEFORE_END = "apply_before_end"


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint: a German source text, the day it speaks of (for ``{day}``) and a number (for ``{n}``)."""

    text: str
    day: date | None = None
    n: int | None = None
    status: ResidenceStatus | None = None


def hints_for(kind: HintKind, person: Person, household: Iterable[Member], today: date) -> tuple[Hint, ...]:
    """Return what the recorded dates say about an item; what is not recorded is said too."""
    match kind:
        case HintKind.STATUS:
            return _status(person)
        case HintKind.THREE_YEARS:
            return _years_of_stay(person, (3,), today)
        case HintKind.SIX_OR_FOUR_YEARS:
            minor = any(_is_minor_child(member, today) for member in household)
            with_child = (Hint(N_("Im Haushalt ist ein minderjähriges Kind eingetragen: vier Jahre genügen.")),)
            return _years_of_stay(person, (4, 6) if minor else (6,), today) + (with_child if minor else ())
        case HintKind.FIVE_YEARS:
            return _years_of_stay(person, (5,), today)
        case HintKind.BEFORE_27:
            return _birthday(person, 27, N_("Der 27. Geburtstag ist am {day}: Der Antrag muss vorher gestellt sein."))
        case HintKind.SIXTEEN:
            return _birthday(person, 16, N_("Der 16. Geburtstag ist am {day}."))
        case HintKind.CHILDREN:
            children = sum(_is_minor_child(member, today) for member in household)
            return (Hint(N_("Minderjährige Kinder im Haushalt laut Eintrag: {n}."), n=children),)
        case HintKind.TITLE_END:
            return _title_end(person)
        case HintKind.APPLY_BEFORE_END:
            if person.residence_expires_on is None:
                return _title_end(person)
            early = add_months(person.residence_expires_on, -OPPORTUNITY_NOTICE_MONTHS)
            return (Hint(N_("Nachweise am besten ab dem {day} sammeln, sechs Monate vor dem Ablauf."), early),)


def _status(person: Person) -> tuple[Hint, ...]:
    if person.residence_status is None:
        return (Hint(N_("Es ist kein Aufenthaltsstatus eingetragen.")),)
    return (Hint(N_("Eingetragen ist: {status}."), status=person.residence_status),)


def _years_of_stay(person: Person, years: tuple[int, ...], today: date) -> tuple[Hint, ...]:
    entered = person.entered_germany_on
    if entered is None:
        return (Hint(N_("Es ist nicht eingetragen, seit wann die Person in Deutschland ist.")),)
    found = []
    for count in years:
        day = add_months(entered, 12 * count)
        ahead = N_("Ab Einreise gerechnet sind {n} Jahre am {day} erreicht. Nicht jede Zeit zählt.")
        reached = N_("Ab Einreise gerechnet waren {n} Jahre am {day} erreicht. Nicht jede Zeit zählt.")
        found.append(Hint(ahead if day > today else reached, day, count))
    return tuple(found)


def _birthday(person: Person, age: int, text: str) -> tuple[Hint, ...]:
    born = person.date_of_birth
    if born is None:
        return (Hint(N_("Es ist kein Geburtsdatum eingetragen.")),)
    # Who is born on 29 February completes a year with the end of 28 February (§§ 187, 188 BGB).
    return (Hint(text, add_months(born, 12 * age)),)


def _title_end(person: Person) -> tuple[Hint, ...]:
    if person.residence_expires_on is None:
        return (Hint(N_("Es ist nicht eingetragen, wann der Titel abläuft.")),)
    return (Hint(N_("Der Titel läuft laut Eintrag am {day} ab."), person.residence_expires_on),)


def _is_minor_child(member: Member, today: date) -> bool:
    born = member.person.date_of_birth
    return member.relation is Relation.CHILD and born is not None and age_on(born, today) < 18


def opportunity_reminder(person: Person) -> date | None:
    """Return from when the home page reminds of a running title under § 104c, None where there is none."""
    if person.residence_status is not ResidenceStatus.OPPORTUNITY_RESIDENCE or person.residence_expires_on is None:
        return None
    return add_months(person.residence_expires_on, -OPPORTUNITY_NOTICE_MONTHS)
