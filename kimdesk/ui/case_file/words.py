"""Word lists as options of a form, and a person's data in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from kimdesk.domain.deadlines import EXPIRY_NOTICE_DAYS, age_on
from kimdesk.domain.records import Member, Person
from kimdesk.domain.vocabulary import Relation, label
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import locale_for, relative_day, short_date
from kimdesk.ui.design import Meaning


def options(terms: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return each term with its label, for a choice; the choice gives the term itself back."""
    return [(term, _(label(term))) for term in terms]


def age_in_words(date_of_birth: date, today: date) -> str:
    """Return the age at `today`, for babies in months; empty for a date of birth that lies ahead."""
    if date_of_birth > today:
        return ""
    years = age_on(date_of_birth, today)
    if years >= 2:
        return ngettext("{n} Jahr", "{n} Jahre", years).format(n=years)
    months = (today.year - date_of_birth.year) * 12 + today.month - date_of_birth.month
    months -= 1 if today.day < date_of_birth.day else 0
    return ngettext("{n} Monat", "{n} Monate", months).format(n=months)


def member_note(member: Member, today: date) -> str:
    """Return relation and age of `member`, such as "Kind, 7 Jahre"."""
    born = member.person.date_of_birth
    parts = [_(label(member.relation)), age_in_words(born, today) if born else ""]
    return ", ".join(part for part in parts if part)


def in_reading_order(members: Iterable[Member]) -> list[Member]:
    """Return the client first, then partner, children from the eldest, then the others as they were entered."""
    order = list(Relation)
    return sorted(members, key=lambda member: (order.index(member.relation), member.person.date_of_birth or date.max))


def language_names(codes_or_names: Iterable[str]) -> str:
    """Return languages by name with commas between; a code such as "ar" becomes "Arabisch"."""
    return ", ".join(language_name(entry) for entry in codes_or_names)


def language_name(code_or_name: str) -> str:
    """Return the name of a language; what is no known code stays as it was written."""
    known = locale_for().languages.get(code_or_name)
    return str(known) if known else code_or_name


def language_entry(name: str) -> str:
    """Return how a language is kept: by its code where it has one, else as written."""
    wanted = name.strip().casefold()
    for code, known in locale_for().languages.items():
        if wanted in (str(known).casefold(), code.casefold()) and len(code) <= 3:
            return str(code)
    return name.strip()


def language_entries(names: str) -> tuple[str, ...]:
    """Return the languages of a text with commas or semicolons between, each once."""
    parts = [language_entry(part) for part in names.replace(";", ",").split(",") if part.strip()]
    return tuple(dict.fromkeys(parts))


def status_words(person: Person, today: date) -> tuple[str, Meaning | None]:
    """Return residence status with its expiry and what that means: attention within 60 days, danger once past."""
    if person.residence_status is None and person.residence_expires_on is None:
        return "", None
    words = _(label(person.residence_status)) if person.residence_status else _("Status ohne Angabe")
    expires = person.residence_expires_on
    if expires is None:
        return words, None
    when = short_date(expires)
    if expires < today:
        return _("{status}, abgelaufen am {day}").format(status=words, day=when), Meaning.DANGER
    words = _("{status}, gültig bis {day}").format(status=words, day=when)
    if (expires - today).days < EXPIRY_NOTICE_DAYS:
        return f"{words} ({relative_day(expires, today)})", Meaning.ATTENTION
    return words, None


def due_words(due_on: date | None, today: date) -> tuple[str, Meaning | None]:
    """Return a due date with its distance and what that means: attention today, danger once past."""
    if due_on is None:
        return "", None
    words = f"{short_date(due_on)} ({relative_day(due_on, today)})"
    if due_on < today:
        return words, Meaning.DANGER
    return words, Meaning.ATTENTION if due_on == today else None
