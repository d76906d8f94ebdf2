"""Frozen records to rows and back: a record's field and a table's column share their name (decision 003).

Column types convert (`kimdesk.storage.tables.base`), so the mapper only pairs names. Records inside a record (a
member's person, an assessment's entries) are the caller's business.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

T = TypeVar("T")
_DIALECT = sqlite.dialect()
_names: dict[tuple[type[Any], str], tuple[str, ...]] = {}


class HasId(Protocol):
    """A record with a random id."""

    @property
    def id(self) -> UUID: ...


def shared_names(kind: type[Any], table: sa.Table) -> tuple[str, ...]:
    """Return the names a record's fields and a table's columns have in common, in the record's order."""
    names = _names.get((kind, table.name))
    if names is None:
        names = tuple(field.name for field in dataclasses.fields(kind) if field.name in table.c)
        _names[kind, table.name] = names
    return names


def columns_of(kind: type[Any], table: sa.Table) -> tuple[sa.Column[Any], ...]:
    """Return the columns to select for a record of `kind`."""
    return tuple(table.c[name] for name in shared_names(kind, table))


def values_of(record: object, table: sa.Table) -> dict[str, Any]:
    """Return the column values of `record`."""
    return {name: getattr(record, name) for name in shared_names(type(record), table)}


def record_of(kind: type[T], table: sa.Table, row: Sequence[Any], **further: Any) -> T:
    """Return the record in a row selected with `columns_of`; `further` gives fields that are no columns."""
    return kind(**dict(zip(shared_names(kind, table), row, strict=True)), **further)


def records(connection: sa.Connection, kind: type[T], table: sa.Table, statement: sa.Select[Any]) -> tuple[T, ...]:
    """Return the records that `statement`, a select of `columns_of`, finds."""
    return tuple(record_of(kind, table, row) for row in connection.execute(statement))


class Prepared(Generic[T]):
    """A select of one parameter, an id, that is compiled once and run by the driver.

    SQLAlchemy needs a quarter of a millisecond to find out again and again that a statement is the one it was; a case
    file is two dozen of them (decision 087). Values are converted by the same types.
    """

    def __init__(self, statement: sa.Select[Any], kind: type[T], names: Sequence[str], *, skip: int = 0) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        if len(compiled.positiontup or ()) != 1:
            raise ValueError("a prepared select has one parameter")
        self._sql, self._kind, self._names, self._skip = str(compiled), kind, tuple(names), skip
        self._processors = tuple(
            (place, process)
            for place, column in enumerate(statement.selected_columns)
            if (process := column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)) is not None
        )

    def rows(self, connection: sa.Connection, wanted: UUID) -> list[list[Any]]:
        """Return the rows with that id, converted."""
        raw = connection.connection.dbapi_connection
        assert raw is not None
        found = [list(row) for row in raw.execute(self._sql, (wanted.hex,)).fetchall()]
        for row in found:
            for place, process in self._processors:
                row[place] = process(row[place])
        return found

    def record(self, row: Sequence[Any], **further: Any) -> T:
        """Return a row as its record, without the first `skip` columns."""
        return self._kind(**dict(zip(self._names, row[self._skip :], strict=True)), **further)

    def records(self, connection: sa.Connection, wanted: UUID) -> tuple[T, ...]:
        """Return the records with that id."""
        return tuple([self.record(row) for row in self.rows(connection, wanted)])


def wanted_id(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that makes `column` the parameter of a `Prepared`."""
    return column == sa.bindparam("wanted", type_=column.type)


def prepared(kind: type[T], table: sa.Table, statement: sa.Select[Any] | None = None, *order: Any) -> Prepared[T]:
    """Return a prepared select of the records of a case in that order, or of `statement`."""
    if statement is None:
        statement = sa.select(*columns_of(kind, table)).where(wanted_id(table.c.case_id)).order_by(*order)
    names = shared_names(kind, table)
    return Prepared(statement, kind, names, skip=len(statement.selected_columns) - len(names))


def save(connection: sa.Connection, table: sa.Table, record: HasId, **further: Any) -> bool:
    """Write a record over the one with its id, or as a new one; return whether it is new.

    A record never moves to another case: one with the id of another case's record is a bug (`IntegrityError`).
    """
    values = {**values_of(record, table), **further}
    same = table.c.id == record.id
    if "case_id" in table.c:
        same &= table.c.case_id.is_not_distinct_from(values["case_id"])
    if connection.execute(table.update().where(same).values(values)).rowcount:
        return False
    connection.execute(table.insert().values(values))
    return True


def insert_all(connection: sa.Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert many rows in one statement."""
    if batch := list(rows):
        connection.execute(table.insert(), batch)
