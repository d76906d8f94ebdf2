"""Brings an older database to the present schema, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, LargeBinary, String, Table, insert, inspect, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from kimdesk.coordinator import tables
from kimdesk.coordinator.errors import FromNewerVersion
from kimdesk.coordinator.figures import Layout, pack_figures
from kimdesk.coordinator.tables import MOMENT
from kimdesk.reporting.release import read_tables
from kimdesk.sync.protocol import verifier_of


def prepare(connection: Connection) -> None:
    """Make or migrate the tables, in the caller's transaction. Raises `FromNewerVersion`."""
    is_new = not inspect(connection).has_table("about")
    version = None if is_new else connection.execute(select(tables.about.c.schema_version)).scalar()
    if version == tables.SCHEMA_VERSION:
        return
    if version is not None and version > tables.SCHEMA_VERSION:
        raise FromNewerVersion()
    if version == 1:
        _from_first(connection)
    tables.metadata.create_all(connection)
    if version is None:
        connection.execute(insert(tables.about).values(schema_version=tables.SCHEMA_VERSION))
    else:
        connection.execute(update(tables.about).values(schema_version=tables.SCHEMA_VERSION))


def _from_first(connection: Connection) -> None:
    """From the first schema: one key per laptop, tokens as they were, one role, figures in JSON only."""
    operations = Operations(MigrationContext.configure(connection))
    old_senders = connection.execute(text("SELECT id, public_key, enrolled_at FROM senders")).all()
    old_tokens = connection.execute(text("SELECT id, token FROM invitations WHERE token IS NOT NULL")).all()
    old_releases = connection.execute(text("SELECT * FROM releases ORDER BY id")).all()
    for table, column in (
        ("senders", Column("commune", String(8))),
        ("senders", Column("subregion", String(80))),
        ("senders", Column("revoked_at", MOMENT)),
        ("invitations", Column("verifier", LargeBinary)),
        ("users", Column("role", String(10), nullable=False, server_default="admin")),
        ("audit", Column("subject", String(120))),
    ):
        operations.add_column(table, column)
    for table, name in (
        ("senders", "public_key"),
        ("senders", "confirmation"),
        ("invitations", "token"),
        ("quarantine", "tables"),
    ):
        operations.drop_column(table, name)
    operations.drop_table("releases")
    _make(connection, tables.devices, tables.bundles, tables.layouts, tables.releases)
    for sender in old_senders:
        if sender.public_key is not None:
            connection.execute(
                insert(tables.devices).values(
                    sender=sender.id, public_key=sender.public_key, enrolled_at=sender.enrolled_at
                )
            )
    for invitation in old_tokens:
        connection.execute(
            update(tables.invitations)
            .where(tables.invitations.c.id == invitation.id)
            .values(verifier=verifier_of(bytes(invitation.token)))
        )
    for row in old_releases:
        received = read_tables(bytes(row.tables))
        bundle = connection.execute(
            insert(tables.bundles)
            .values(
                sender=row.sender,
                sequence=row.sequence,
                kind="release",
                content_hash=row.content_hash,
                chain_head=row.chain_head,
                created_at=row.created_at,
                received_at=row.received_at,
                receipt=bytes(row.receipt),
            )
            .returning(tables.bundles.c.id)
        ).scalar_one()
        totals = {table.name: table.total for table in received.tables}
        connection.execute(
            insert(tables.releases).values(
                bundle=bundle,
                sender=row.sender,
                sequence=row.sequence,
                year=row.year,
                quarter=row.quarter,
                subregion=row.subregion,
                cases=totals.get("status"),
                persons=totals.get("persons"),
                layout=Layouts().number_of(connection, Layout.of(received)),
                figures=pack_figures(received),
                tables=bytes(row.tables),
            )
        )


def _make(connection: Connection, *made: Table) -> None:
    tables.metadata.create_all(connection, tables=list(made))


class Layouts:
    """The numbers of the layouts, remembered once they are in the database for good."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def number_of(self, connection: Connection, layout: Layout) -> int:
        """Return the number of a layout, keeping it the first time."""
        key = layout.content_hash
        known = self._known.get(key)
        if known is not None:
            return known
        query = select(tables.layouts.c.id).where(tables.layouts.c.content_hash == key)
        number: int | None = connection.execute(query).scalar_one_or_none()
        if number is not None:
            # One made in this transaction is not remembered: it may still be rolled back.
            self._known[key] = number
            return number
        kind = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        # Two laptops of a new version at the same moment: one makes it, both find it.
        connection.execute(
            kind(tables.layouts).values(content_hash=key, content=layout.to_text()).on_conflict_do_nothing()
        )
        made: int = connection.execute(query).scalar_one()
        return made
