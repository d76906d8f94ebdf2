"""Imports in steps: what a file would change is staged beside the directory, looked at, then written in one go.

Staging rows are no part of the directory: whatever is left of an import that never came to its end is thrown away
when the next one begins. What an applied import changed is kept until the next one, so that it can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from kimdesk.offers.changes import changed_fields
from kimdesk.offers.model import Offer
from kimdesk.offers.record import offer_from_json, offer_to_json
from kimdesk.offers.report import ImportReport, ReadResult, Refusal
from kimdesk.offers.staging import ImportState, Verdict
from kimdesk.storage import offer_writing as store
from kimdesk.storage.offers import get_offer
from kimdesk.storage.tables.cases import measures, referrals, remembered_offers
from kimdesk.storage.tables.offers import offer_gaps, offer_imports, offer_staging, offer_texts, offer_undo, offers


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One line of a preview. `details` are names of changed fields, or the sentence of a refusal and its places."""

    position: int
    verdict: Verdict
    title: str
    details: tuple[str, ...]
    offer_id: UUID | None


@dataclass(frozen=True, slots=True)
class LastImport:
    """The last import that was applied, which can be taken back unless it was already."""

    id: UUID
    origin: str
    applied_at: datetime
    report: dict[str, Any]
    undone: bool


def begin(connection: sa.Connection, origin: str, moment: datetime) -> UUID:
    """Throw away what unfinished imports left and return the id of a new one."""
    left = sa.select(offer_imports.c.id).where(offer_imports.c.state.in_([ImportState.READING, ImportState.READY]))
    connection.execute(offer_imports.delete().where(offer_imports.c.id.in_(left)))
    identifier = uuid4()
    connection.execute(
        offer_imports.insert().values(
            id=identifier, started_at=moment, origin=origin, state=ImportState.READING, applied_at=None, report={}
        )
    )
    return identifier


def discard(connection: sa.Connection, import_id: UUID) -> None:
    """Throw an import away that was not applied."""
    connection.execute(
        offer_imports.delete().where(offer_imports.c.id == import_id, offer_imports.c.applied_at.is_(None))
    )


class Staging:
    """Compares records with the directory and stages them; holds what of the directory it needs to compare."""

    def __init__(self, import_id: UUID) -> None:
        self._import_id = import_id
        self._known = store.KnownOffers()
        self._met: set[UUID] = set()
        self._collections: dict[tuple[str, str], set[str]] = {}
        self._position = 0

    def add(self, connection: sa.Connection, found: Iterable[Offer]) -> None:
        """Stage the next offers."""
        rows = []
        for offer in found:
            self._collections.setdefault((offer.source.value, offer.collection), set()).add(offer.language)
            before = self._known.find(connection, offer)
            verdict, target = Verdict.ADDED, offer.id
            details: tuple[str, ...] = ()
            if before is not None:
                target = before.id
                verdict = Verdict.CHANGED if self._known.differs(before, offer) else Verdict.UNCHANGED
                details = self._details(connection, target, offer) if verdict is Verdict.CHANGED else ()
            self._known.note(offer, before)
            self._met.add(target)
            content = None if verdict is Verdict.UNCHANGED else offer_to_json(offer)
            rows.append(self._row(verdict, offer.title, details, target, content))
        _insert(connection, rows)

    def add_missing(self, connection: sa.Connection) -> None:
        """Stage what is known of the collections met and was not in the file."""
        rows = []
        for (source, collection), languages in self._collections.items():
            if not collection:
                continue
            query = (
                sa.select(offers.c.id, offer_texts.c.title)
                .join(
                    offer_texts, (offer_texts.c.offer_id == offers.c.id) & (offer_texts.c.language == offers.c.language)
                )
                .where(
                    offers.c.source == source,
                    offers.c.collection == collection,
                    offers.c.language.in_(languages),
                    offers.c.removed_at.is_(None),
                )
                .order_by(offer_texts.c.title)
            )
            rows += [
                self._row(Verdict.MISSING, row.title, (), row.id, None)
                for row in connection.execute(query)
                if row.id not in self._met
            ]
        _insert(connection, rows)

    def add_remarks(self, connection: sa.Connection, found: ReadResult) -> None:
        """Stage what was refused, what was empty, and the notices."""
        rows = [self._row(Verdict.EMPTY, name, (), None, None) for name in found.empty]
        for verdict, remarks in ((Verdict.REFUSED, found.refused), (Verdict.NOTICE, found.notices)):
            for remark in remarks:
                details = (remark.reason, *(part for pair in remark.parameters for part in pair))
                rows.append(self._row(verdict, remark.record, details, None, None))
        _insert(connection, rows)

    def _details(self, connection: sa.Connection, target: UUID, offer: Offer) -> tuple[str, ...]:
        before = get_offer(connection, target)
        return changed_fields(before, offer) if before is not None else ()

    def _row(
        self, verdict: Verdict, title: str, details: tuple[str, ...], target: UUID | None, content: Any
    ) -> dict[str, Any]:
        self._position += 1
        return {
            "import_id": self._import_id,
            "position": self._position,
            "offer_id": target,
            "verdict": verdict,
            "title": title,
            "details": details,
            "content": content,
        }


def _insert(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(offer_staging.insert(), rows)


def mark_ready(connection: sa.Connection, import_id: UUID) -> None:
    """Say that everything of the file is staged."""
    connection.execute(offer_imports.update().where(offer_imports.c.id == import_id).values(state=ImportState.READY))


def is_ready(connection: sa.Connection, import_id: UUID) -> bool:
    """Return whether the import waits to be applied."""
    state = connection.execute(
        sa.select(offer_imports.c.state).where(offer_imports.c.id == import_id)
    ).scalar_one_or_none()
    return state is ImportState.READY


def counts(connection: sa.Connection, import_id: UUID) -> dict[Verdict, int]:
    """Return how many records each verdict has."""
    query = (
        sa.select(offer_staging.c.verdict, sa.func.count())
        .where(offer_staging.c.import_id == import_id)
        .group_by(offer_staging.c.verdict)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def staged_rows(
    connection: sa.Connection, import_id: UUID, verdicts: Sequence[Verdict], limit: int = 5_000
) -> tuple[StagedRow, ...]:
    """Return the staged records with one of `verdicts`, in the order of the file."""
    query = (
        sa.select(
            offer_staging.c.position,
            offer_staging.c.verdict,
            offer_staging.c.title,
            offer_staging.c.details,
            offer_staging.c.offer_id,
        )
        .where(offer_staging.c.import_id == import_id, offer_staging.c.verdict.in_(verdicts))
        .order_by(offer_staging.c.position)
        .limit(limit)
    )
    return tuple(
        StagedRow(row.position, row.verdict, row.title, row.details, row.offer_id) for row in connection.execute(query)
    )


def apply(connection: sa.Connection, import_id: UUID, remove: Iterable[UUID], moment: datetime) -> ImportReport:
    """Write what is staged and take those of the missing offers out that `remove` names. Part of one transaction.

    What was there before is kept for `undo`; the same of earlier imports is given up.
    """
    connection.execute(offer_undo.delete())
    wanted = [Verdict.ADDED, Verdict.CHANGED]
    staged = (
        sa.select(offer_staging.c.content)
        .where(offer_staging.c.import_id == import_id, offer_staging.c.verdict.in_(wanted))
        .order_by(offer_staging.c.position)
    )
    keep = _Keeper(connection, import_id)
    written = store.take_in(
        connection,
        ReadResult(tuple(offer_from_json(row.content) for row in connection.execute(staged).all())),
        moment,
        keep=keep,
    )
    absent = staged_rows(connection, import_id, [Verdict.MISSING], limit=1_000_000)
    missing = {row.offer_id for row in absent if row.offer_id is not None}
    gone = missing & set(remove)
    for identifier in gone:
        keep(identifier)
        store.withdraw(connection, identifier, moment)
    found = counts(connection, import_id)
    report = ImportReport(
        added=written.added,
        changed=written.changed,
        unchanged=found.get(Verdict.UNCHANGED, 0) + written.unchanged,
        empty=found.get(Verdict.EMPTY, 0),
        refused=_remarks(connection, import_id, Verdict.REFUSED),
        notices=_remarks(connection, import_id, Verdict.NOTICE),
        missing=len(missing),
        removed=len(gone),
    )
    connection.execute(
        offer_imports.update()
        .where(offer_imports.c.id == import_id)
        .values(state=ImportState.APPLIED, applied_at=moment, report=report.to_json())
    )
    connection.execute(offer_staging.delete().where(offer_staging.c.import_id == import_id))
    return report


def last_import(connection: sa.Connection) -> LastImport | None:
    """Return the import that was applied last."""
    query = (
        sa.select(offer_imports)
        .where(offer_imports.c.applied_at.is_not(None))
        .order_by(offer_imports.c.applied_at.desc(), sa.literal_column("offer_imports.rowid").desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return LastImport(row.id, row.origin, row.applied_at, row.report, row.state is ImportState.UNDONE)


def undo(connection: sa.Connection, import_id: UUID, moment: datetime) -> int:
    """Bring back what the import changed and return how many offers that were. Part of one transaction.

    An offer the import added goes away, unless a case, a referral or a gap names it by now: then it is withdrawn.
    """
    rows = connection.execute(sa.select(offer_undo).where(offer_undo.c.import_id == import_id)).all()
    for row in rows:
        if row.before is None:
            if _is_used(connection, row.offer_id):
                store.withdraw(connection, row.offer_id, moment)
            else:
                store.delete_offer(connection, row.offer_id)
        else:
            store.put_back(connection, row.before)
    connection.execute(offer_undo.delete().where(offer_undo.c.import_id == import_id))
    connection.execute(offer_imports.update().where(offer_imports.c.id == import_id).values(state=ImportState.UNDONE))
    return len(rows)


class _Keeper:
    """Keeps an offer as it was, once per import."""

    def __init__(self, connection: sa.Connection, import_id: UUID) -> None:
        self._connection = connection
        self._import_id = import_id
        self._kept: set[UUID] = set()

    def __call__(self, identifier: UUID) -> None:
        if identifier in self._kept:
            return
        self._kept.add(identifier)
        before = store.whole_record(self._connection, identifier)
        self._connection.execute(
            offer_undo.insert().values(import_id=self._import_id, offer_id=identifier, before=before)
        )


def _is_used(connection: sa.Connection, identifier: UUID) -> bool:
    for table in (measures, referrals, remembered_offers, offer_gaps):
        query = sa.select(sa.literal(1)).select_from(table).where(table.c.offer_id == identifier).limit(1)
        if connection.execute(query).first() is not None:
            return True
    return False


def _remarks(connection: sa.Connection, import_id: UUID, verdict: Verdict) -> tuple[Refusal, ...]:
    return tuple(as_refusal(row) for row in staged_rows(connection, import_id, [verdict], limit=1_000_000))


def as_refusal(row: StagedRow) -> Refusal:
    """Return a staged refusal or notice as the reader gave it."""
    reason, *places = row.details
    return Refusal(row.title, reason, tuple(zip(places[::2], places[1::2], strict=True)))
