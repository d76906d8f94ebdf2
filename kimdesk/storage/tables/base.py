"""The one `MetaData` of the vault and the column types every table uses.

Tables are Core tables (no ORM classes: records are frozen dataclasses, decision 003). Migrations
spell the same columns with SQLAlchemy's own types and import nothing from here:

=================  =====================  =========================================
here               in a migration         in Python
=================  =====================  =========================================
`Identifier()`     ``sa.Uuid()``          `uuid.UUID`
`Moment()`         ``sa.DateTime()``      aware `datetime` in UTC
`sa.Date()`        ``sa.Date()``          `date`
`Words(Enum)`      ``sa.Text()``          a member of a `str`-valued enum, or None
`TextList()`       ``sa.Text()``          `tuple[str, ...]`
`WordList(Enum)`   ``sa.Text()``          a tuple of members of a `str`-valued enum
`Structure()`      ``sa.Text()``          what JSON knows, written canonically
=================  =====================  =========================================

Give every table its own module and import it in ``tables/__init__.py``.
"""

from __future__ import annotations

import enum
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from kimdesk.foundation.canonical_json import canonical_bytes

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def Identifier() -> sa.Uuid[Any]:  # noqa: N802 - reads as a type where a column is declared
    """Return the type of a random UUID, stored as 32 hexadecimal digits."""
    return sa.Uuid()


class Moment(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC without zone in the file. A naive moment is a bug."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` in UTC without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must be aware")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment as an aware one."""
        return None if value is None else value.replace(tzinfo=UTC)


class Words(TypeDecorator[enum.Enum]):
    """A member of an enum with text values, stored as its value, so that renaming a member is no migration."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: type[enum.Enum]) -> None:
        self.kind = kind
        super().__init__()

    def process_bind_param(self, value: enum.Enum | str | None, dialect: Dialect) -> str | None:
        """Return the member's value; a text that is no value of the enum is a bug."""
        return None if value is None else str(self.kind(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> enum.Enum | None:
        """Return the member."""
        return None if value is None else self.kind(value)


class TextList(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts, stored as a JSON list; None reads as the empty tuple."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        """Return the texts as a JSON list."""
        return json.dumps(list(value or ()), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Return the stored texts."""
        return tuple(json.loads(value)) if value else ()


class WordList(TypeDecorator[tuple[enum.Enum, ...]]):
    """A tuple of members of an enum with text values, stored as a JSON list of the values."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: type[enum.Enum]) -> None:
        self.kind = kind
        super().__init__()

    def process_bind_param(self, value: tuple[enum.Enum, ...] | None, dialect: Dialect) -> str:
        """Return the members' values as a JSON list; a text that is no value of the enum is a bug."""
        return json.dumps([str(self.kind(member).value) for member in value or ()])

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[enum.Enum, ...]:
        """Return the members."""
        return tuple(self.kind(member) for member in json.loads(value)) if value else ()


class Structure(TypeDecorator[Any]):
    """Any JSON value without floats, stored as canonical JSON."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return canonical JSON, or None for None."""
        return None if value is None else canonical_bytes(value).decode("utf-8")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return the stored value."""
        return None if value is None else json.loads(value)
