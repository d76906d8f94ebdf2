"""What narrows the directory, as conditions in SQL. Unknown never excludes: an offer without ages is for every age."""

from __future__ import annotations

from typing import Any

from kimdesk.offers.views import OfferFilter

_OPEN = (
    "EXISTS (SELECT 1 FROM offer_hours h WHERE h.offer_id = offers.id AND h.weekday = :weekday{clock}) "
    "AND NOT EXISTS (SELECT 1 FROM json_each(offers.facts, '$.closures') k "
    "WHERE :day BETWEEN json_extract(k.value, '$.first') AND json_extract(k.value, '$.last'))"
)
_TRAIT = "EXISTS (SELECT 1 FROM offer_traits t WHERE t.offer_id = offers.id AND t.kind = '{kind}'{value})"


def filter_conditions(narrow: OfferFilter) -> list[str]:
    """Return SQL conditions on `offers` for `narrow`; their values are `filter_parameters`."""
    conditions = []
    if narrow.life_area is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM offer_life_areas a WHERE a.offer_id = offers.id AND a.life_area = :life_area)"
        )
    if narrow.commune is not None:
        conditions.append(
            "(EXISTS (SELECT 1 FROM offer_communes c WHERE c.offer_id = offers.id AND c.ags = :commune) "
            "OR NOT EXISTS (SELECT 1 FROM offer_communes c WHERE c.offer_id = offers.id))"
        )
    if narrow.language is not None:
        conditions.append(
            "(EXISTS (SELECT 1 FROM offer_texts l WHERE l.offer_id = offers.id AND l.language = :language) OR "
            + _TRAIT.format(kind="language", value=" AND t.value = :language")
            + ")"
        )
    if narrow.status is not None:
        has, any_at_all = (_TRAIT.format(kind="status", value=value) for value in (" AND t.value = :status", ""))
        conditions.append(f"({has} OR NOT {any_at_all})")
    if narrow.domain is not None:
        conditions.append(_TRAIT.format(kind="domain", value=" AND t.value = :domain"))
    if narrow.age is not None:
        conditions.append(
            "(offers.minimum_age IS NULL OR offers.minimum_age <= :age) "
            "AND (offers.maximum_age IS NULL OR offers.maximum_age >= :age)"
        )
    if narrow.day is not None:
        clock = " AND h.opens <= :clock AND h.closes > :clock" if narrow.clock else ""
        conditions.append(_OPEN.format(clock=clock))
    if narrow.by_appointment:
        conditions.append("json_extract(offers.facts, '$.by_appointment')")
    if narrow.free_places:
        conditions.append("offers.places > 0")
    if narrow.verified_since is not None:
        conditions.append(
            "(offers.last_verified >= :verified_since OR EXISTS (SELECT 1 FROM offer_office v "
            "WHERE v.offer_id = offers.id AND v.verified_on >= :verified_since))"
        )
    return conditions


def filter_parameters(narrow: OfferFilter) -> dict[str, Any]:
    """Return the values for `filter_conditions`."""
    values: dict[str, Any] = {
        "life_area": narrow.life_area.value if narrow.life_area is not None else None,
        "commune": narrow.commune,
        "language": narrow.language,
        "status": narrow.status.value if narrow.status is not None else None,
        "domain": narrow.domain.value if narrow.domain is not None else None,
        "age": narrow.age,
        "day": narrow.day.isoformat() if narrow.day is not None else None,
        "weekday": narrow.day.weekday() if narrow.day is not None else None,
        "clock": narrow.clock if narrow.day is not None and narrow.clock else None,
        "verified_since": narrow.verified_since.isoformat() if narrow.verified_since is not None else None,
    }
    return {name: value for name, value in values.items() if value is not None}
