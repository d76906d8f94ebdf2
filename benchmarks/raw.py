"""The same work as the program's, with `sqlcipher3` and statements written by hand: nothing between but conversions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from kimdesk.domain.deadlines import reassessment_due
from kimdesk.domain.phases import CaseFacts
from kimdesk.domain.records import (
    AreaEntry,
    Assessment,
    Case,
    Contact,
    FollowUp,
    Goal,
    Measure,
    Member,
    Person,
    Referral,
    SkippedPhase,
)
from kimdesk.domain.views import CaseFilter, CaseSummary
from kimdesk.domain.vocabulary import AccessLevel, ClosureReason, IntakeOutcome, Phase, Relation
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.storage import Vault, case_list
from kimdesk.storage.audit import _mac
from kimdesk.storage.case_facts import facts_of
from kimdesk.storage.case_records import shared_names
from kimdesk.storage.cases import StoredFile, file_of
from kimdesk.storage.tables import cases as tables
from kimdesk.storage.tables.base import Moment, TextList, WordList, Words
from kimdesk.storage.vault.anchor import Anchor, Head, write_anchor
from kimdesk.storage.vault.key import Purpose

Convert = Callable[[Any], Any]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _converter(column: sa.Column[Any]) -> Convert | None:
    """Return what makes a stored value of the column a value of the record, None where it is one."""
    match column.type:
        case sa.Uuid():
            return UUID
        case sa.Date():
            return date.fromisoformat
        case sa.Boolean():
            return bool
        case Moment():
            return _moment
        case Words(kind=kind):
            return kind
        case WordList(kind=kind):
            return lambda text: tuple(kind(word) for word in json.loads(text))
        case TextList():
            return lambda text: tuple(json.loads(text))
        case _:
            return None


@dataclass(frozen=True)
class _Shape:
    """How rows of one statement become records."""

    sql: str
    kind: type[Any]
    names: tuple[str, ...]
    converters: tuple[tuple[int, Convert], ...]

    def records(self, rows: Sequence[Sequence[Any]], skip: int = 0) -> list[Any]:
        found = []
        for row in rows:
            values = list(row[skip:])
            for place, convert in self.converters:
                if values[place] is not None:
                    values[place] = convert(values[place])
            found.append(self.kind(**dict(zip(self.names, values, strict=True))))
        return found


def _shape(kind: type[Any], table: sa.Table, rest: str, before: str = "") -> _Shape:
    names = shared_names(kind, table)
    converters = tuple(
        (place, convert) for place, name in enumerate(names) if (convert := _converter(table.c[name])) is not None
    )
    columns = ", ".join(f'{table.name}."{name}"' for name in names)
    return _Shape(f"SELECT {before}{columns} FROM {rest}", kind, names, converters)


def _children(kind: type[Any], table: sa.Table, order: str) -> _Shape:
    return _shape(kind, table, f"{table.name} WHERE case_id = ? ORDER BY {order}")


_CASE = _shape(Case, tables.cases, "cases WHERE id = ?")
_PERSONS = _shape(
    Person,
    tables.persons,
    "case_members JOIN persons ON persons.id = case_members.person_id WHERE case_id = ? ORDER BY position",
    "relation, ",
)
_ASSESSMENTS = _children(Assessment, tables.assessments, "held_on, rowid")
_ENTRIES = _shape(
    AreaEntry,
    tables.area_entries,
    "area_entries JOIN assessments ON assessments.id = assessment_id WHERE case_id = ? ORDER BY position",
    "assessment_id, ",
)
_LISTS = {
    "goals": _children(Goal, tables.goals, "position, rowid"),
    "measures": _children(Measure, tables.measures, "due_on NULLS LAST, rowid"),
    "referrals": _children(Referral, tables.referrals, "sent_on DESC, rowid"),
    "contacts": _children(Contact, tables.contacts, '"at" DESC, rowid'),
    "follow_ups": _children(FollowUp, tables.follow_ups, "due_on, rowid"),
    "skipped": _children(SkippedPhase, tables.skipped_phases, "rowid"),
}
_OFFERS = "SELECT offer_id FROM remembered_offers WHERE case_id = ? ORDER BY remembered_at, rowid"
_COUNTS = (
    "SELECT access_level, intake_on, outcome, consent_on, agreed_on, closed_on, closure_reason, s.persons, "
    "s.assessments, s.reassessments, s.last_assessment_on, s.needs, s.outcome_goals, s.vague_outcome_goals, "
    "s.measures, s.open_measures, s.referrals, s.unanswered_referrals, s.last_sent_on, s.last_answered_on, "
    "s.contacts, s.last_contact_at FROM cases JOIN case_sums s ON s.case_id = cases.id WHERE cases.id = ?"
)
_LIST = str(case_list._LIST.compile(dialect=sa.dialects.sqlite.dialect(), compile_kwargs={"literal_binds": True}))


class RawVault:
    """A vault's own database connection, without the program's layers around it."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        with vault.reader() as connection:
            found = connection.exec_driver_sql("SELECT id FROM cases WHERE closed_on IS NULL").scalars()
            self.open_cases = [UUID(case_id) for case_id in found]
        # The comparison is worth nothing unless both give the same.
        with vault.reader() as connection:
            for case_id in self.open_cases[:3]:
                wanted = file_of(connection, case_id), facts_of(connection, case_id)
                assert self._file(self._driver(connection), case_id.hex) == wanted
            listed = case_list.list_cases(connection, CaseFilter(), {})
            assert self._list(self._driver(connection)) == listed

    def __enter__(self) -> RawVault:
        return self

    def __exit__(self, *_: object) -> None:
        self.open_cases = []

    @staticmethod
    def _driver(connection: sa.Connection) -> dbapi2.Connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        return raw  # type: ignore[return-value]

    @contextmanager
    def _connection(self) -> Iterator[dbapi2.Connection]:
        borrowed = self._vault.engine.raw_connection()
        try:
            yield borrowed.dbapi_connection  # type: ignore[misc]
        finally:
            borrowed.close()

    def file(self, case_id: UUID) -> tuple[StoredFile, CaseFacts]:
        """Return the records and facts of a case."""
        with self._connection() as raw:
            raw.execute("BEGIN")
            try:
                return self._file(raw, case_id.hex)
            finally:
                raw.execute("ROLLBACK")

    def _file(self, raw: dbapi2.Connection, case_id: str) -> tuple[StoredFile, CaseFacts]:
        def rows(sql: str) -> list[Any]:
            return raw.execute(sql, (case_id,)).fetchall()

        (case,) = _CASE.records(rows(_CASE.sql))
        people = rows(_PERSONS.sql)
        persons = _PERSONS.records(people, 1)
        entries: dict[UUID, list[AreaEntry]] = {}
        found = rows(_ENTRIES.sql)
        for row, entry in zip(found, _ENTRIES.records(found, 1), strict=True):
            entries.setdefault(UUID(row[0]), []).append(entry)
        lists = {name: tuple(shape.records(rows(shape.sql))) for name, shape in _LISTS.items()}
        assessments = []
        names = _ASSESSMENTS.names
        for row in rows(_ASSESSMENTS.sql):
            values = list(row)
            for place, convert in _ASSESSMENTS.converters:
                if values[place] is not None:
                    values[place] = convert(values[place])
            fields = dict(zip(names, values, strict=True))
            assessments.append(Assessment(**fields, entries=tuple(entries.get(fields["id"], ()))))
        stored = StoredFile(
            case=case,
            members=tuple(
                Member(person=person, relation=Relation(row[0])) for row, person in zip(people, persons, strict=True)
            ),
            assessments=tuple(assessments),
            remembered_offers=tuple(UUID(offer) for (offer,) in rows(_OFFERS)),
            **lists,
        )
        skipped = {left_out.phase: left_out.reason for left_out in stored.skipped}
        return stored, _facts(rows(_COUNTS)[0], skipped)

    def list_open(self) -> tuple[CaseSummary, ...]:
        """Return the open cases as the list has them."""
        with self._connection() as raw:
            return self._list(raw)

    def _list(self, raw: dbapi2.Connection) -> tuple[CaseSummary, ...]:
        return case_list.summaries(raw.execute(f"{_LIST} WHERE closed_on IS NULL").fetchall(), self._skipped(raw), {})

    @staticmethod
    def _skipped(raw: dbapi2.Connection) -> dict[str, dict[Phase, str]]:
        found: dict[str, dict[Phase, str]] = {}
        sql = "SELECT case_id, phase, reason FROM skipped_phases ORDER BY case_id, phase"
        for key, phase, reason in raw.execute(sql).fetchall():
            found.setdefault(key, {})[Phase(phase)] = reason
        return found

    def save_contact(self, contact: Contact) -> None:
        """Store a contact with its row in the audit log and the anchor, as durable as the program does."""
        vault = self._vault
        with self._connection() as raw:
            raw.execute("BEGIN IMMEDIATE")
            key = contact.case_id.hex
            assert raw.execute("SELECT closed_on FROM cases WHERE id = ?", (key,)).fetchone() == (None,)
            raw.execute(
                'INSERT INTO contacts (id, case_id, "at", kind, partner, text, minutes, interpreter, '
                "hidden_from_household) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(contact.id.hex, key, contact.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")),
                    *(contact.kind.value, contact.partner, contact.text, contact.minutes, contact.interpreter, 0),
                ),
            )
            raw.execute("UPDATE cases SET revision = revision + 1 WHERE id = ?", (key,))
            number, mac = raw.execute("SELECT number, mac FROM audit_log ORDER BY number DESC LIMIT 1").fetchone()
            values = {
                "number": number + 1,
                "at": vault.clock.now().astimezone(UTC),
                "slot": vault.slot_id,
                "action": "create",
                "subject_kind": "case",
                "subject_id": str(contact.case_id),
                "detail": {"part": "contact", "record": contact.id.hex},
            }
            head = Head(number + 1, _mac(vault.ring.key.derive(Purpose.AUDIT), mac, values))
            stored = {**values, "at": values["at"].strftime("%Y-%m-%d %H:%M:%S.%f"), "mac": head.mac}
            stored["detail"] = json.dumps(values["detail"], separators=(",", ":"))
            raw.execute(
                f"INSERT INTO audit_log ({', '.join(f'{chr(34)}{name}{chr(34)}' for name in stored)}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                tuple(stored.values()),
            )
            raw.execute("COMMIT")
        write_anchor(vault.folder, vault.id, vault.ring.key, Anchor(head))


def _facts(row: Sequence[Any], skipped: dict[Phase, str]) -> CaseFacts:
    def day(text: str | None) -> date | None:
        return None if text is None else date.fromisoformat(text)

    level, intake, outcome, consent, agreed, closed, reason, persons, assessed, reassessed, held, *counts = row
    needs, outcomes, vague, planned, running, referred, waiting, sent, answered, contacted, last = counts
    held_on, contact_at = day(held), None if last is None else _moment(last)
    contact_on = None if contact_at is None else contact_at.astimezone(OFFICE_ZONE).date()
    days = (held_on, day(sent), day(answered), contact_on, day(agreed))
    runs = closed is None and outcome == IntakeOutcome.CASE_MANAGEMENT.value and Phase.REASSESSMENT not in skipped
    return CaseFacts(
        access_level=AccessLevel(level),
        intake_on=day(intake),
        outcome=None if outcome is None else IntakeOutcome(outcome),
        consent_on=day(consent),
        persons=persons,
        assessments=assessed,
        needs=needs,
        outcome_goals=outcomes,
        vague_outcome_goals=vague,
        agreed_on=day(agreed),
        measures=planned,
        open_measures=running,
        contacts=contacted,
        referrals=referred,
        unanswered_referrals=waiting,
        reassessments=reassessed,
        reassessment_due_on=reassessment_due(held_on) if runs and held_on is not None else None,
        closed_on=day(closed),
        closure_reason=None if reason is None else ClosureReason(reason),
        latest_record_on=max((one for one in days if one is not None), default=None),
        skipped=skipped,
    )
