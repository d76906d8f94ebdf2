"""Reading and writing the files kept with a case."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from kimdesk.domain.attachments import Attachment
from kimdesk.storage.tables.attachments import attachment_contents, attachments


def list_of(connection: sa.Connection, case_id: UUID) -> tuple[Attachment, ...]:
    """Return the files of a case without their content, newest first."""
    statement = sa.select(attachments).where(attachments.c.case_id == case_id)
    rows = connection.execute(statement.order_by(attachments.c.added_at.desc(), attachments.c.id))
    return tuple(Attachment(**row._mapping) for row in rows)


def one(connection: sa.Connection, attachment_id: UUID) -> Attachment | None:
    """Return what is known of a file, None if it is not there."""
    row = connection.execute(sa.select(attachments).where(attachments.c.id == attachment_id)).one_or_none()
    return None if row is None else Attachment(**row._mapping)


def content(connection: sa.Connection, attachment_id: UUID) -> bytes:
    """Return a file's bytes; a missing one is a bug."""
    statement = sa.select(attachment_contents.c.data).where(attachment_contents.c.attachment_id == attachment_id)
    data: bytes = connection.execute(statement).scalar_one()
    return data


def put(connection: sa.Connection, attachment: Attachment, data: bytes) -> None:
    """Store a new file."""
    values = {name: getattr(attachment, name) for name in Attachment.__dataclass_fields__}
    connection.execute(attachments.insert().values(values))
    connection.execute(attachment_contents.insert().values(attachment_id=attachment.id, data=data))


def describe(connection: sa.Connection, attachment_id: UUID, *, name: str, note: str, person_id: UUID | None) -> None:
    """Change what stands beside a file."""
    statement = attachments.update().where(attachments.c.id == attachment_id)
    connection.execute(statement.values(name=name, note=note, person_id=person_id))


def drop(connection: sa.Connection, attachment_id: UUID) -> None:
    """Delete a file with its content."""
    connection.execute(attachments.delete().where(attachments.c.id == attachment_id))
