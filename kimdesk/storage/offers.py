"""The offer directory in the vault: taking in what a reader found, and reading it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kimdesk.offers.folding import fold
from kimdesk.offers.model import SOURCE_LANGUAGE, Offer, OfferFacts, OfferSource, OfferText
from kimdesk.offers.record import facts_fingerprint, facts_from_json, facts_to_json, text_fingerprint
from kimdesk.offers.report import ImportReport, ReadResult
from kimdesk.offers.staging import Trait
from kimdesk.offers.times import regular_hours
from kimdesk.offers.views import OfferFilter, OfferPage, OfferRow
from kimdesk.storage.tables.offers import (
    INDEX_COLUMNS,
    PIECE_INDEX,
    WORD_INDEX,
    offer_communes,
    offer_hours,
    offer_keys,
    offer_life_areas,
    offer_texts,
    offer_traits,
    offers,
)


@dataclass(slots=True)
class _Known:
    """What the vault holds of an offer before the import: enough to see what changed."""

    id: UUID
    language: str
    source_key: str
    fingerprint: str
    texts: dict[str, tuple[int, str]]


def take_in(connection: sa.Connection, found: ReadResult, moment: datetime) -> ImportReport:
    """Write everything a reader found and return the counts. Part of the caller's transaction.

    A record is known by its own key, or by the key of a translation the vault does not hold yet in its language; so
    a file in a second language adds texts to the offers of the first one. Facts come from the German record where
    there is one, otherwise from the first that came. Nothing is ever deleted by an import.
    """
    added = changed = unchanged = 0
    known: dict[OfferSource, tuple[dict[UUID, _Known], dict[str, UUID]]] = {}
    for offer in found.offers:
        if offer.source not in known:
            known[offer.source] = _load_known(connection, offer.source)
        by_id, by_key = known[offer.source]
        before = _recognise(offer, by_id, by_key)
        if before is None:
            before = _add(connection, offer, moment)
            by_id[before.id] = before
            added += 1
        elif _change(connection, before, offer, moment):
            changed += 1
        else:
            unchanged += 1
        for key in (offer.source_key, *offer.linked_keys.values()):
            if key not in by_key:
                by_key[key] = before.id
                connection.execute(offer_keys.insert().values(source=offer.source, key=key, offer_id=before.id))
    return ImportReport(added, changed, unchanged, len(found.empty), found.refused)


def get_offer(connection: sa.Connection, identifier: UUID) -> Offer | None:
    """Return the offer with all its texts, or None."""
    row = connection.execute(sa.select(offers).where(offers.c.id == identifier)).one_or_none()
    if row is None:
        return None
    texts = {
        text.language: OfferText(
            text.title, text.summary, text.text, text.access_requirements, text.keywords, text.category
        )
        for text in connection.execute(sa.select(offer_texts).where(offer_texts.c.offer_id == identifier))
    }
    return Offer(
        id=row.id,
        source=row.source,
        source_key=row.source_key,
        external_id=row.external_id,
        text=texts.pop(row.language),
        language=row.language,
        facts=facts_from_json(row.facts),
        translations=texts,
        linked_keys=row.linked_keys,
        collection=row.collection,
    )


def offer_moments(connection: sa.Connection, identifier: UUID) -> tuple[datetime, datetime]:
    """Return when the offer was added and last changed, in UTC."""
    row = connection.execute(sa.select(offers.c.added_at, offers.c.changed_at).where(offers.c.id == identifier)).one()
    return row.added_at, row.changed_at


def count_offers(connection: sa.Connection) -> int:
    """Return how many offers the directory holds."""
    return connection.execute(
        sa.select(sa.func.count()).select_from(offers).where(offers.c.removed_at.is_(None))
    ).scalar_one()


def list_offers(connection: sa.Connection, narrow: OfferFilter, limit: int, offset: int = 0) -> OfferPage:
    """Return offers by title with the total of those that pass the filter."""
    own_text = sa.and_(offer_texts.c.offer_id == offers.c.id, offer_texts.c.language == offers.c.language)
    conditions = [sa.text(condition) for condition in ("offers.removed_at IS NULL", *filter_conditions(narrow))]
    parameters = filter_parameters(narrow)
    chosen = (
        sa.select(offers, offer_texts.c.title, offer_texts.c.summary).join(offer_texts, own_text).where(*conditions)
    )
    total = connection.execute(sa.select(sa.func.count()).select_from(chosen.subquery()), parameters).scalar_one()
    rows = connection.execute(
        chosen.order_by(sa.func.lower(offer_texts.c.title), offers.c.id).limit(limit).offset(offset), parameters
    ).all()
    written = _languages_written(connection, [row.id for row in rows])
    return OfferPage(tuple(_row(row, written.get(row.id, ())) for row in rows), total)


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
            "(EXISTS (SELECT 1 FROM offer_texts l WHERE l.offer_id = offers.id AND l.language = :language) "
            "OR EXISTS (SELECT 1 FROM offer_traits t WHERE t.offer_id = offers.id AND t.kind = 'language' "
            "AND t.value = :language))"
        )
    return conditions


def filter_parameters(narrow: OfferFilter) -> dict[str, Any]:
    """Return the values for `filter_conditions`."""
    values: dict[str, Any] = {}
    if narrow.life_area is not None:
        values["life_area"] = narrow.life_area.value
    if narrow.commune is not None:
        values["commune"] = narrow.commune
    if narrow.language is not None:
        values["language"] = narrow.language
    return values


def _row(row: Any, languages: tuple[str, ...]) -> OfferRow:
    facts = facts_from_json(row.facts)
    return OfferRow(
        id=row.id,
        external_id=row.external_id,
        title=row.title,
        summary=row.summary,
        provider=facts.provider,
        source=row.source,
        status=row.status,
        life_areas=facts.life_areas,
        languages_written=languages,
        last_verified=facts.last_verified,
    )


def _languages_written(connection: sa.Connection, identifiers: list[UUID]) -> dict[UUID, tuple[str, ...]]:
    query = (
        sa.select(offer_texts.c.offer_id, offer_texts.c.language)
        .where(offer_texts.c.offer_id.in_(identifiers))
        .order_by(offer_texts.c.language)
    )
    written: dict[UUID, list[str]] = {}
    for row in connection.execute(query):
        written.setdefault(row.offer_id, []).append(row.language)
    return {identifier: tuple(languages) for identifier, languages in written.items()}


def _load_known(connection: sa.Connection, source: OfferSource) -> tuple[dict[UUID, _Known], dict[str, UUID]]:
    by_id = {
        row.id: _Known(row.id, row.language, row.source_key, row.fingerprint, {})
        for row in connection.execute(
            sa.select(offers.c.id, offers.c.language, offers.c.source_key, offers.c.fingerprint).where(
                offers.c.source == source
            )
        )
    }
    texts = sa.select(
        offer_texts.c.number, offer_texts.c.offer_id, offer_texts.c.language, offer_texts.c.fingerprint
    ).join(offers, offers.c.id == offer_texts.c.offer_id)
    for row in connection.execute(texts.where(offers.c.source == source)):
        by_id[row.offer_id].texts[row.language] = (row.number, row.fingerprint)
    keys = sa.select(offer_keys.c.key, offer_keys.c.offer_id).where(offer_keys.c.source == source)
    return by_id, {row.key: row.offer_id for row in connection.execute(keys)}


def _recognise(offer: Offer, by_id: dict[UUID, _Known], by_key: dict[str, UUID]) -> _Known | None:
    if offer.source_key in by_key:
        return by_id[by_key[offer.source_key]]
    german_first = sorted(offer.linked_keys.items(), key=lambda item: item[0] != SOURCE_LANGUAGE)
    for _language, key in german_first:
        if key in by_key and offer.language not in by_id[by_key[key]].texts:
            return by_id[by_key[key]]
    return None


def _add(connection: sa.Connection, offer: Offer, moment: datetime) -> _Known:
    fingerprint = facts_fingerprint(offer)
    connection.execute(
        offers.insert().values(id=offer.id, added_at=moment, changed_at=moment, **_base_values(offer, fingerprint))
    )
    _write_areas(connection, offer.id, offer)
    known = _Known(offer.id, offer.language, offer.source_key, fingerprint, {})
    for language, text in offer.all_texts().items():
        known.texts[language] = _write_text(connection, known, language, text)
    _index(connection, known, offer.facts.provider, offer.all_texts())
    return known


def _change(connection: sa.Connection, known: _Known, offer: Offer, moment: datetime) -> bool:
    """Write what differs and return whether anything did."""
    is_base = offer.language == known.language or offer.language == SOURCE_LANGUAGE
    fingerprint = facts_fingerprint(offer)
    base_changed = is_base and fingerprint != known.fingerprint
    texts = {
        language: text
        for language, text in offer.all_texts().items()
        if known.texts.get(language, (0, ""))[1] != text_fingerprint(text)
    }
    if not base_changed and not texts:
        return False
    for language, text in texts.items():
        known.texts[language] = _write_text(connection, known, language, text)
    if base_changed:
        connection.execute(
            offers.update().where(offers.c.id == known.id).values(changed_at=moment, **_base_values(offer, fingerprint))
        )
        _write_areas(connection, known.id, offer)
        known.language, known.source_key, known.fingerprint = offer.language, offer.source_key, fingerprint
    else:
        connection.execute(offers.update().where(offers.c.id == known.id).values(changed_at=moment))
    whole = get_offer(connection, known.id)
    assert whole is not None
    # The provider is part of every text's index row.
    _index(connection, known, whole.facts.provider, whole.all_texts() if base_changed else texts)
    return True


def _base_values(offer: Offer, fingerprint: str) -> dict[str, Any]:
    return {
        "source": offer.source,
        "source_key": offer.source_key,
        "external_id": offer.external_id,
        "language": offer.language,
        "status": offer.facts.status,
        "facts": facts_to_json(offer.facts),
        "linked_keys": dict(offer.linked_keys),
        "fingerprint": fingerprint,
        "collection": offer.collection,
        "provider": offer.facts.provider,
        "minimum_age": offer.facts.minimum_age,
        "maximum_age": offer.facts.maximum_age,
        "places": offer.facts.places,
        "waiting_weeks": offer.facts.waiting_weeks,
        "funding_end": offer.facts.funding_end,
        "last_verified": offer.facts.last_verified,
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


def _write_text(connection: sa.Connection, known: _Known, language: str, text: OfferText) -> tuple[int, str]:
    fingerprint = text_fingerprint(text)
    values: dict[str, Any] = {
        "title": text.title,
        "summary": text.summary,
        "text": text.text,
        "access_requirements": text.access_requirements,
        "keywords": text.keywords,
        "category": text.category,
        "fingerprint": fingerprint,
    }
    if language in known.texts:
        number = known.texts[language][0]
        connection.execute(offer_texts.update().where(offer_texts.c.number == number).values(**values))
        return number, fingerprint
    result = connection.execute(offer_texts.insert().values(offer_id=known.id, language=language, **values))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0]), fingerprint


_DELETE = {index: sa.text(f"DELETE FROM {index} WHERE rowid = :number") for index in (WORD_INDEX, PIECE_INDEX)}
_INSERT = {
    index: sa.text(
        f"INSERT INTO {index}(rowid, {', '.join(INDEX_COLUMNS)}) VALUES (:number, :title, :keywords, :category, :body)"
    )
    for index in (WORD_INDEX, PIECE_INDEX)
}


def _index(connection: sa.Connection, known: _Known, provider: str, texts: dict[str, OfferText]) -> None:
    """Put `texts` into both indexes, in place of what stood there."""
    for language, text in texts.items():
        number = known.texts[language][0]
        row = {
            "number": number,
            "title": fold(text.title),
            "keywords": fold("\n".join((*text.keywords, provider))),
            "category": fold("\n".join(text.category)),
            "body": fold("\n".join((text.text or text.summary, text.access_requirements))),
        }
        for index in (WORD_INDEX, PIECE_INDEX):
            connection.execute(_DELETE[index], {"number": number})
            connection.execute(_INSERT[index], row)


def offers_by_id(connection: sa.Connection, identifiers: list[UUID]) -> dict[UUID, Any]:
    """Return the rows of `offers` for `identifiers`."""
    rows = connection.execute(sa.select(offers).where(offers.c.id.in_(identifiers)))
    return {row.id: row for row in rows}


def texts_by_number(connection: sa.Connection, numbers: list[int]) -> dict[int, Any]:
    """Return the rows of `offer_texts` for `numbers`."""
    rows = connection.execute(sa.select(offer_texts).where(offer_texts.c.number.in_(numbers)))
    return {row.number: row for row in rows}
