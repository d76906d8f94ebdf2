"""Whether an offer suits the people of a case, and if not, why. An offer that does not suit is marked, never hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kimdesk.domain.vocabulary import ResidenceStatus
from kimdesk.offers.model import OfferFacts, OfferStatus


class Misfit(StrEnum):
    """Why an offer does not suit a case."""

    COMMUNE = "commune"
    STATUS = "status"
    AGE = "age"
    FULL = "full"
    PAUSED = "paused"
    FUNDING = "funding"


@dataclass(frozen=True, slots=True)
class CaseProfile:
    """What about a case decides whether an offer suits it; unknown is None or empty and never excludes.

    `ages` are those of everybody in the household (years): an offer suits if it suits one of them. `today` is local.
    """

    commune: str | None = None
    status: ResidenceStatus | None = None
    ages: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    today: date | None = None


def misfits(facts: OfferFacts, profile: CaseProfile) -> tuple[Misfit, ...]:
    """Return why an offer with `facts` does not suit `profile`, in the order of the enumeration; nothing if it may."""
    reasons = {
        Misfit.COMMUNE: bool(profile.commune and facts.all_communes and profile.commune not in facts.all_communes),
        Misfit.STATUS: bool(
            profile.status and facts.admitted_statuses and profile.status not in facts.admitted_statuses
        ),
        Misfit.AGE: bool(profile.ages) and not any(_admits(facts, age) for age in profile.ages),
        Misfit.FULL: facts.places == 0,
        Misfit.PAUSED: facts.status is not OfferStatus.ACTIVE,
        Misfit.FUNDING: bool(profile.today and facts.funding_end and facts.funding_end < profile.today),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def _admits(facts: OfferFacts, age: int) -> bool:
    return (facts.minimum_age is None or age >= facts.minimum_age) and (
        facts.maximum_age is None or age <= facts.maximum_age
    )
