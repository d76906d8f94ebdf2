"""What may be told to whom: a release per recipient, purpose, category and expiry (§ 203 StGB, Art. 6, 7, 9 GDPR)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.network import Consent
from kimdesk.domain.vocabulary import label
from kimdesk.domain.work_vocabulary import ConsentKind, DataCategory, SharedField
from kimdesk.foundation.errors import N_

CATEGORY_OF_FIELD: Final[Mapping[SharedField, DataCategory]] = {
    SharedField.NAME: DataCategory.IDENTITY,
    SharedField.DATE_OF_BIRTH: DataCategory.IDENTITY,
    SharedField.GENDER: DataCategory.IDENTITY,
    SharedField.NATIONALITY: DataCategory.IDENTITY,
    SharedField.LANGUAGES: DataCategory.IDENTITY,
    SharedField.PHONE: DataCategory.CONTACT,
    SharedField.EMAIL: DataCategory.CONTACT,
    SharedField.ADDRESS: DataCategory.CONTACT,
    SharedField.HOUSEHOLD: DataCategory.HOUSEHOLD,
    SharedField.RESIDENCE_STATUS: DataCategory.RESIDENCE,
    SharedField.CONCERN: DataCategory.CONCERN,
    SharedField.SITUATION: DataCategory.SITUATION,
    SharedField.HEALTH: DataCategory.HEALTH,
    SharedField.GOALS: DataCategory.PLAN,
    SharedField.MEASURES: DataCategory.PLAN,
    SharedField.HELPERS: DataCategory.PLAN,
    SharedField.FINANCES: DataCategory.FINANCES,
}
"""Which category of a release lets a field of the form go out [own]."""

MISSING: Final = N_(
    "Für diese Angaben fehlt eine Schweigepflichtentbindung zugunsten dieser Stelle. "
    "Bitte wählen Sie eine aus oder nehmen Sie die Angaben heraus."
)


def same_recipient(one: str, other: str) -> bool:
    """Return whether two spellings name the same recipient: case and spaces do not count."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def needed_categories(fields: Iterable[SharedField]) -> frozenset[DataCategory]:
    """Return the categories a release must name so that `fields` may go out."""
    return frozenset(CATEGORY_OF_FIELD[field] for field in fields)


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between a release and the fields wanted; `message` is a German source text for the user."""

    message: str
    categories: tuple[DataCategory, ...] = ()


def gap(consent: Consent | None, recipient: str, categories: Iterable[DataCategory], day: date) -> Gap | None:
    """Return why `consent` does not let `categories` go to `recipient` on `day`, None where it does."""
    wanted = sorted(set(categories), key=list(DataCategory).index)
    if consent is None:
        return Gap(MISSING, tuple(wanted))
    if consent.kind is not ConsentKind.RELEASE:
        return Gap(N_("Das ist keine Schweigepflichtentbindung. Bitte wählen Sie eine andere."))
    if not same_recipient(consent.recipient, recipient):
        return Gap(
            N_(
                "Diese Schweigepflichtentbindung gilt für eine andere Stelle. "
                "Bitte wählen Sie eine, die auf diese Stelle lautet."
            )
        )
    if consent.withdrawn_on is not None and day >= consent.withdrawn_on:
        return Gap(N_("Diese Schweigepflichtentbindung ist widerrufen. Es darf nichts mehr weitergegeben werden."))
    if day < consent.given_on:
        return Gap(N_("Diese Schweigepflichtentbindung wurde erst später erteilt. Bitte prüfen Sie das Datum."))
    if not consent.holds_on(day):
        return Gap(N_("Diese Schweigepflichtentbindung ist abgelaufen. Bitte holen Sie eine neue ein."))
    missing = tuple(category for category in wanted if category not in consent.categories)
    if missing:
        return Gap(
            N_(
                "Diese Schweigepflichtentbindung deckt nicht alle gewählten Angaben. "
                "Bitte nehmen Sie Angaben heraus oder holen Sie eine weitere ein."
            ),
            missing,
        )
    return None


def ensure_may_share(consent: Consent | None, recipient: str, fields: Iterable[SharedField], day: date) -> None:
    """Raise `RuleBroken` unless `consent` lets `fields` go to `recipient` on `day`; no field needs none."""
    categories = needed_categories(fields)
    if not categories:
        return
    found = gap(consent, recipient, categories, day)
    if found is not None:
        raise RuleBroken(found.message, field_name="shared" if found.categories else "consent_id")


def covering(
    consents: Iterable[Consent], recipient: str, categories: Iterable[DataCategory], day: date
) -> tuple[Consent, ...]:
    """Return the releases that let `categories` go to `recipient` on `day`, the one that lasts longest first."""
    wanted = tuple(categories)
    good = [consent for consent in consents if gap(consent, recipient, wanted, day) is None]
    return tuple(sorted(good, key=lambda consent: consent.expires_on or date.max, reverse=True))


def consent_by_id(consents: Iterable[Consent], consent_id: UUID | None) -> Consent | None:
    """Return the consent with this id, None if there is none."""
    return next((consent for consent in consents if consent.id == consent_id), None)


def category_labels(categories: Iterable[DataCategory]) -> tuple[str, ...]:
    """Return the German source texts of categories in their order."""
    return tuple(label(category) for category in sorted(set(categories), key=list(DataCategory).index))
