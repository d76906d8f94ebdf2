"""A database of the first schema opens, keeps every figure and every laptop, and loses its secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    insert,
    inspect,
    select,
)

from kimdesk.coordinator import commands, tables
from kimdesk.coordinator.dashboard import BoardReader
from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.errors import FromNewerVersion
from kimdesk.coordinator.office import create_office, open_office
from kimdesk.coordinator.passphrases import PassphraseHasher
from kimdesk.foundation.clock import FixedClock
from kimdesk.reporting.release import read_tables
from kimdesk.sync.enrolment import Invitation, new_token
from kimdesk.sync.protocol import Receipt
from kimdesk.sync.transport import HttpTransport
from tests.sync.support import HEAD, NOW, Device, a_release

first = MetaData()
about = Table("about", first, Column("schema_version", Integer, primary_key=True, autoincrement=False))
senders = Table(
    "senders",
    first,
    Column("id", String(36), primary_key=True),
    Column("name", String(120), nullable=False, unique=True),
    Column("public_key", LargeBinary),
    Column("confirmation", LargeBinary),
    Column("enrolled_at", String(20)),
)
invitations = Table(
    "invitations",
    first,
    Column("id", Integer, primary_key=True),
    Column("sender", String(36), nullable=False),
    Column("token", LargeBinary),
    Column("created_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
    Column("used_at", String(20)),
)
releases = Table(
    "releases",
    first,
    Column("id", Integer, primary_key=True),
    Column("sender", String(36), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("chain_head", String(64), nullable=False),
    Column("created_at", String(20), nullable=False),
    Column("received_at", String(20), nullable=False),
    Column("year", Integer, nullable=False, index=True),
    Column("quarter", Integer, nullable=False),
    Column("subregion", String(80)),
    Column("tables", LargeBinary, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    UniqueConstraint("sender", "sequence"),
)
quarantine = Table(
    "quarantine",
    first,
    Column("id", Integer, primary_key=True),
    Column("sender", String(36), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("received_at", String(20), nullable=False),
    Column("tables", LargeBinary, nullable=False),
    Column("notice", LargeBinary, nullable=False),
    Column("settled_at", String(20)),
    Column("settled_by", String(120)),
    UniqueConstraint("sender", "sequence", "content_hash"),
)
users = Table(
    "users",
    first,
    Column("name", String(120), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("created_at", String(20), nullable=False),
)
audit = Table(
    "audit",
    first,
    Column("id", Integer, primary_key=True),
    Column("at", String(20), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("action", String(40), nullable=False),
    Column("sender", String(36)),
    Column("sequence", Integer),
)
AT = "2026-11-01T08:00:00Z"
LUENEN, UNNA = "3f2b8c1e-9d5a-4f53-8a1b-0c6d7e8f9a0b", "11111111-9d5a-4f53-8a1b-0c6d7e8f9a0b"


@pytest.fixture
def folder(tmp_path: Path, database_url: str | None) -> Path:
    create_office(tmp_path / "office", url="http://127.0.0.1", name="KI", district="unna", database_url=database_url)
    return tmp_path / "office"


def raw_engine(folder: Path) -> Engine:
    return create_engine(open_office(folder).database_url.replace("postgresql://", "postgresql+psycopg://"))


def test_the_first_schema_is_brought_to_the_present_one(folder: Path, hasher: PassphraseHasher) -> None:
    office, clock, token = open_office(folder), FixedClock(NOW), new_token()
    invitation = Invitation(("http://x",), office.keys.card, "KI", "unna", LUENEN, "Lünen", new_token(), NOW)
    laptop = Device(invitation.to_bytes(office.keys), clock)
    item = laptop.seal(a_release(60), 1)
    receipt = Receipt(LUENEN, 1, item.content_hash, NOW, HEAD).to_bytes(office.keys)
    engine = raw_engine(folder)
    with engine.begin() as connection:
        first.create_all(connection)
        connection.execute(insert(about).values(schema_version=1))
        for values in (
            {"id": LUENEN, "name": "Lünen", "public_key": laptop.identity.public_key, "enrolled_at": AT},
            {"id": UNNA, "name": "Unna", "public_key": None, "enrolled_at": None},
        ):
            connection.execute(insert(senders).values(values))
        open_one = {"sender": UNNA, "token": token, "created_at": AT, "expires_at": "2026-12-01T08:00:00Z"}
        connection.execute(insert(invitations).values(open_one))
        stored = {
            "sender": LUENEN,
            "sequence": 1,
            "content_hash": item.content_hash,
            "chain_head": HEAD,
            "created_at": AT,
            "received_at": AT,
            "year": 2026,
            "quarter": 3,
            "subregion": "Nord",
            "tables": a_release(60).canonical_tables(),
            "receipt": receipt,
        }
        connection.execute(insert(releases).values(stored))
        held = {"sender": LUENEN, "sequence": 1, "content_hash": "0" * 64, "received_at": AT}
        connection.execute(insert(quarantine).values(tables=b"hidden", notice=b"notice", **held))
        connection.execute(insert(users).values(name="leitung", password_hash=hasher.hash("wort"), created_at=AT))
        connection.execute(insert(audit).values(at=AT, actor="device", action="received", sender=LUENEN, sequence=1))
    engine.dispose()

    with commands.run_in_thread(folder, clock=clock, hasher=hasher) as server:
        transport = HttpTransport([server.url])
        assert transport.deliver(item) == receipt
        assert transport.deliver(laptop.seal(a_release(70, seed=2), 2)) is not None
        open_invitation = Invitation(
            (server.url,), office.keys.card, "KI", "unna", UNNA, "Unna", token, NOW.replace(year=2027)
        )
        assert Device(open_invitation.to_bytes(office.keys), clock).enrol(transport) is not None
    engine = open_database(open_office(folder).database_url)
    board = BoardReader(office, engine, clock).read(2026, None)
    published = next(table.total for table in read_tables(a_release(70, seed=2).canonical_tables()).tables)
    assert board.cases is not None and board.cases.value == published
    assert [point.value for point in board.trend][-1] == published
    assert len(board.held_back) == 1
    with engine.begin() as connection:
        assert connection.execute(select(tables.users.c.role)).scalars().all() == ["admin"]
        assert {column["name"] for column in inspect(connection).get_columns("senders")} == set(tables.senders.c.keys())
        for table in tables.metadata.sorted_tables:
            there = {column["name"] for column in inspect(connection).get_columns(table.name)}
            assert there == set(table.c.keys()), table.name
    engine.dispose()


def test_a_newer_schema_is_left_alone(folder: Path) -> None:
    open_database(open_office(folder).database_url).dispose()
    engine = raw_engine(folder)
    with engine.begin() as connection:
        connection.execute(tables.about.update().values(schema_version=99))
    engine.dispose()
    with pytest.raises(FromNewerVersion):
        open_database(open_office(folder).database_url)
