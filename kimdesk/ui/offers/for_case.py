"""What a case says about the offers that suit it."""

from __future__ import annotations

from datetime import date

from kimdesk.domain.views import CaseFile
from kimdesk.offers.fit import CaseProfile


def profile_of(file: CaseFile, today: date) -> CaseProfile:
    """Return commune, the client's status and languages, and the ages of everybody in the household."""
    client = file.client
    born = [member.person.date_of_birth for member in file.members]
    return CaseProfile(
        commune=file.case.commune or None,
        status=client.person.residence_status if client is not None else None,
        ages=tuple(_age(day, today) for day in born if day is not None),
        languages=client.person.languages if client is not None else (),
        today=today,
    )


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
