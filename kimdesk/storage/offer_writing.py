"""Writes offers into the directory: what an import brings, what an undo brings back, what leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kimdesk.offers.model import SOURCE_LANGUAGE, Offer, OfferFacts, OfferSource, OfferText
from kimdesk.offers.record import facts_fingerprint, facts_to_json, offer_from_json, offer_to_json, text_fingerprint
from kimdesk.offers.report import ImportReport, ReadResult
from kimdesk.offers.staging import Trait
from kimdesk.offers.times import regular_hours
from kimdesk.storage.offers import get_offer
from kimdesk.storage.offers_index import write_stale
from kimdesk.storage.tables.offers import (
    offer_communes,
    offer_hours,
    offer_keys,
    offer_life_areas,
    offer_texts,
    offer_traits,
    offers,
)


@dataclass(slots=True)
class KnownOffer:
    """What the directory holds of an offer: enough to see whether something changed. `texts` are fingerprints."""

    id: UUID
    language: str
    source_key: str
    fingerprint: str
    texts: dict[str, str]
    removed: bool = False


class KnownOffers:
    """What the directory holds of the sources met, enough to tell new from known and changed from unchanged."""

    def __init__(self) -> None:
        self._sources: dict[OfferSource, tuple[dict[UUID, KnownOffer], dict[str, UUID]]] = {}

    def find(self, connection: sa.Connection, offer: Offer) -> KnownOffer | None:
        """Return what is known of the offer that `offer` is a version or a translation of."""
        if offer.source not in self._sources:
            self._sources[offer.source] = _load_known(connection, offer.source)
        by_id, by_key = self._sources[offer.source]
        if offer.source_key in by_key:
            return by_id[by_key[offer.source_key]]
        german_first = sorted(offer.linked_keys.items(), key=lambda item: item[0] != SOURCE_LANGUAGE)
        for _language, key in german_first:
            if key in by_key and offer.language not in by_id[by_key[key]].texts:
                return by_id[by_key[key]]
        return None

    def differs(self, known: KnownOffer, offer: Offer) -> bool:
        """Return whether writing `offer` would change anything."""
        return known.removed or base_differs(known, offer) or bool(new_texts(known, offer))

    def note(self, offer: Offer, known: KnownOffer | None) -> list[str]:
        """Take note that `offer`, which was looked for, is written or as good as that; return the keys nobody had."""
        by_id, by_key = self._sources[offer.source]
        if known is None:
            known = by_id[offer.id] = KnownOffer(offer.id, offer.language, "", "", {})
        if is_base(known, offer):
            known.language, known.source_key = offer.language, offer.source_key
            known.fingerprint = facts_fingerprint(offer)
        known.texts |= {language: text_fingerprint(text) for language, text in offer.all_texts().items()}
        known.removed = False
        fresh = []
        for key in dict.fromkeys((offer.source_key, *offer.linked_keys.values())):
            if key not in by_key:
                by_key[key] = known.id
                fresh.append(key)
        return fresh


def is_base(known: KnownOffer, offer: Offer) -> bool:
    """Return whether `offer` brings the facts, and not only a translation."""
    return offer.language in (known.language, SOURCE_LANGUAGE)


def base_differs(known: KnownOffer, offer: Offer) -> bool:
    """Return whether the facts would change."""
    return is_base(known, offer) and facts_fingerprint(offer) != known.fingerprint


def new_texts(known: KnownOffer, offer: Offer) -> dict[str, OfferText]:
    """Return the texts that would be added or changed, by language."""
    return {
        language: text
        for language, text in offer.all_texts().items()
        if known.texts.get(language) != text_fingerprint(text)
    }


def take_in(
    connection: sa.Connection, found: ReadResult, moment: datetime, keep: Callable[[UUID], None] | None = None
) -> ImportReport:
    """Write everything a reader found and return the counts. Part of the caller's transaction.

    A record is known by its own key, or by the key of a translation the vault does not hold yet in its language; so
    a file in a second language adds texts to the offers of the first one. Facts come from the German record where
    there is one, otherwise from the first that came. Nothing is ever deleted here. `keep` is called with the id of
    each offer before it is written.
    """
    added = changed = unchanged = 0
    known = KnownOffers()
    for offer in found.offers:
        before = known.find(connection, offer)
        if before is None:
            if keep is not None:
                keep(offer.id)
            _add(connection, offer, moment, moment)
            added += 1
        elif known.differs(before, offer):
            if keep is not None:
                keep(before.id)
            _change(connection, before, offer, moment)
            changed += 1
        else:
            unchanged += 1
        identifier = before.id if before is not None else offer.id
        for key in known.note(offer, before):
            connection.execute(offer_keys.insert().values(source=offer.source, key=key, offer_id=identifier))
    write_stale(connection)
    return ImportReport(added, changed, unchanged, len(found.empty), found.refused, found.notices)


def withdraw(connection: sa.Connection, identifier: UUID, moment: datetime) -> None:
    """Take an offer out of the directory; its row stays, so that measures and referrals can still name it."""
    connection.execute(offers.update().where(offers.c.id == identifier).values(removed_at=moment, changed_at=moment))


def bring_back(connection: sa.Connection, identifier: UUID, moment: datetime) -> bool:
    """Put a withdrawn offer back into the directory; return whether it was one."""
    statement = offers.update().where(offers.c.id == identifier, offers.c.removed_at.is_not(None))
    return connection.execute(statement.values(removed_at=None, changed_at=moment)).rowcount > 0


def whole_record(connection: sa.Connection, identifier: UUID) -> dict[str, Any] | None:
    """Return everything the shared record says, as JSON, for `put_back`; None for an offer there is not."""
    offer = get_offer(connection, identifier)
    if offer is None:
        return None
    row = connection.execute(
        sa.select(offers.c.added_at, offers.c.changed_at, offers.c.removed_at).where(offers.c.id == identifier)
    ).one()
    keys = connection.execute(sa.select(offer_keys.c.key).where(offer_keys.c.offer_id == identifier)).scalars()
    return {
        "offer": offer_to_json(offer),
        "added_at": row.added_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "removed_at": row.removed_at.isoformat() if row.removed_at is not None else None,
        "keys": sorted(keys),
    }


def put_back(connection: sa.Connection, record: dict[str, Any]) -> None:
    """Make an offer exactly what `whole_record` returned; the office's own notes stay."""
    offer = offer_from_json(record["offer"])
    added, changed = datetime.fromisoformat(record["added_at"]), datetime.fromisoformat(record["changed_at"])
    removed = record["removed_at"]
    connection.execute(offer_texts.delete().where(offer_texts.c.offer_id == offer.id))
    connection.execute(offer_keys.delete().where(offer_keys.c.offer_id == offer.id))
    values = {**_base_values(offer), "added_at": added, "changed_at": changed}
    connection.execute(offers.update().where(offers.c.id == offer.id).values(**values))
    _write_areas(connection, offer.id, offer)
    _write_texts(connection, offer.id, offer.all_texts())
    connection.execute(
        offer_keys.insert(), [{"source": offer.source, "key": key, "offer_id": offer.id} for key in record["keys"]]
    )
    if removed is not None:
        withdraw(connection, offer.id, datetime.fromisoformat(removed))
        connection.execute(offers.update().where(offers.c.id == offer.id).values(changed_at=changed))


def delete_offer(connection: sa.Connection, identifier: UUID) -> None:
    """Delete an offer with everything that hangs on it; only for one that nothing refers to."""
    connection.execute(offers.delete().where(offers.c.id == identifier))


def _load_known(connection: sa.Connection, source: OfferSource) -> tuple[dict[UUID, KnownOffer], dict[str, UUID]]:
    columns = (offers.c.id, offers.c.language, offers.c.source_key, offers.c.fingerprint, offers.c.removed_at)
    by_id = {}
    for row in connection.execute(sa.select(*columns).where(offers.c.source == source)).all():
        fingerprint = row.fingerprint
        if not fingerprint:  # a migration gave the facts another form
            offer = get_offer(connection, row.id)
            fingerprint = facts_fingerprint(offer) if offer is not None else ""
        by_id[row.id] = KnownOffer(row.id, row.language, row.source_key, fingerprint, {}, row.removed_at is not None)
    texts = sa.select(offer_texts.c.offer_id, offer_texts.c.language, offer_texts.c.fingerprint).join(
        offers, offers.c.id == offer_texts.c.offer_id
    )
    for text in connection.execute(texts.where(offers.c.source == source)):
        by_id[text.offer_id].texts[text.language] = text.fingerprint
    keys = sa.select(offer_keys.c.key, offer_keys.c.offer_id).where(offer_keys.c.source == source)
    return by_id, {one.key: one.offer_id for one in connection.execute(keys)}


def _add(connection: sa.Connection, offer: Offer, added: datetime, changed: datetime) -> None:
    connection.execute(offers.insert().values(id=offer.id, added_at=added, changed_at=changed, **_base_values(offer)))
    _write_areas(connection, offer.id, offer)
    _write_texts(connection, offer.id, offer.all_texts())


def _change(connection: sa.Connection, known: KnownOffer, offer: Offer, moment: datetime) -> None:
    """Write what differs."""
    texts = new_texts(known, offer)
    base_changed = base_differs(known, offer)
    if base_changed:
        values = {**_base_values(offer), "changed_at": moment}
        connection.execute(offers.update().where(offers.c.id == known.id).values(**values))
        _write_areas(connection, known.id, offer)
    else:
        values = {"changed_at": moment, "removed_at": None}
        connection.execute(offers.update().where(offers.c.id == known.id).values(**values))
    _write_texts(connection, known.id, texts)


def _base_values(offer: Offer) -> dict[str, Any]:
    facts = offer.facts
    return {
        "source": offer.source,
        "source_key": offer.source_key,
        "external_id": offer.external_id,
        "language": offer.language,
        "status": facts.status,
        "facts": facts_to_json(facts),
        "linked_keys": dict(offer.linked_keys),
        "fingerprint": facts_fingerprint(offer),
        "collection": offer.collection,
        "provider": facts.provider,
        "minimum_age": facts.minimum_age,
        "maximum_age": facts.maximum_age,
        "places": facts.places,
        "waiting_weeks": facts.waiting_weeks,
        "funding_end": facts.funding_end,
        "last_verified": facts.last_verified,
        "removed_at": None,
    }


def _write_areas(connection: sa.Connection, identifier: UUID, offer: Offer) -> None:
    rows: list[dict[str, Any]]
    pairs: tuple[tuple[sa.Table, str, Iterable[str]], ...] = (
        (offer_life_areas, "life_area", offer.facts.life_areas),
        (offer_communes, "ags", offer.facts.all_communes),
    )
    for table, column, values in pairs:
        connection.execute(table.delete().where(table.c.offer_id == identifier))
        rows = [{"offer_id": identifier, column: str(value)} for value in dict.fromkeys(values)]
        if rows:
            connection.execute(table.insert(), rows)
    traits: dict[tuple[Trait, str], None] = dict.fromkeys(_traits(offer.facts))
    hours = set(regular_hours(offer.facts.all_schedules))
    for table, rows in (
        (offer_traits, [{"offer_id": identifier, "kind": kind, "value": value} for kind, value in traits]),
        (offer_hours, [{"offer_id": identifier, "weekday": d, "opens": o, "closes": c} for d, o, c in sorted(hours)]),
    ):
        connection.execute(table.delete().where(table.c.offer_id == identifier))
        if rows:
            connection.execute(table.insert(), rows)


def _traits(facts: OfferFacts) -> Iterable[tuple[Trait, str]]:
    """Yield what the offer can be filtered by besides life area and commune."""
    for kind, values in (
        (Trait.STATUS, facts.admitted_statuses),
        (Trait.LANGUAGE, facts.all_languages),
        (Trait.DOMAIN, facts.legal_domains),
        (Trait.GENDER, facts.genders),
        (Trait.FEATURE, facts.access_features),
    ):
        yield from ((kind, str(value)) for value in values)


def _write_texts(connection: sa.Connection, identifier: UUID, texts: dict[str, OfferText]) -> None:
    """Write `texts`, each in place of the one in its language."""
    there = {
        row.language: row.number
        for row in connection.execute(
            sa.select(offer_texts.c.language, offer_texts.c.number).where(offer_texts.c.offer_id == identifier)
        )
    }
    for language, text in texts.items():
        values: dict[str, Any] = {
            "title": text.title,
            "summary": text.summary,
            "text": text.text,
            "access_requirements": text.access_requirements,
            "keywords": text.keywords,
            "category": text.category,
            "fingerprint": text_fingerprint(text),
        }
        if language in there:
            connection.execute(offer_texts.update().where(offer_texts.c.number == there[language]).values(**values))
        else:
            connection.execute(offer_texts.insert().values(offer_id=identifier, language=language, **values))
