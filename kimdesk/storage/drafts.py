"""Half-filled forms, kept in the vault so that they are encrypted and survive a lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from kimdesk.storage.tables.cases import drafts


def put_draft(connection: sa.Connection, key: str, data: dict[str, Any], at: datetime) -> None:
    """Keep the fields of a form under its key, over what was kept before."""
    statement = insert(drafts).values(key=key, data=data, saved_at=at)
    new = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"data": new.data, "saved_at": new.saved_at})
    )


def draft(connection: sa.Connection, key: str) -> dict[str, Any] | None:
    """Return the fields kept under `key`, None without a draft."""
    return connection.execute(sa.select(drafts.c.data).where(drafts.c.key == key)).scalar_one_or_none()


def drop_draft(connection: sa.Connection, key: str) -> None:
    """Forget a draft; nothing happens where there is none."""
    connection.execute(drafts.delete().where(drafts.c.key == key))


def draft_keys(connection: sa.Connection) -> tuple[str, ...]:
    """Return the keys of all drafts, the newest first."""
    return tuple(connection.execute(sa.select(drafts.c.key).order_by(drafts.c.saved_at.desc(), drafts.c.key)).scalars())
