"""The coordinator's tables. Times are UTC texts of one form (`write_moment`), so that they sort and travel
between SQLite and PostgreSQL unchanged."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

SCHEMA_VERSION = 1

metadata = MetaData()

about = Table("about", metadata, Column("schema_version", Integer, primary_key=True, autoincrement=False))

senders = Table(
    "senders",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(120), nullable=False, unique=True),
    Column("public_key", LargeBinary),
    Column("confirmation", LargeBinary),
    Column("enrolled_at", String(20)),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", ForeignKey("senders.id"), nullable=False, index=True),
    # The token itself: the proof of an answer is an HMAC under it. It is wiped once it has been used.
    Column("token", LargeBinary),
    Column("created_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
    Column("used_at", String(20)),
)

releases = Table(
    "releases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", ForeignKey("senders.id"), nullable=False),
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
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", ForeignKey("senders.id"), nullable=False),
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
    metadata,
    Column("name", String(120), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("created_at", String(20), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    # SHA-256 of the cookie: whoever reads the database (a backup) cannot take over a session.
    Column("token_hash", String(64), primary_key=True),
    Column("user", ForeignKey("users.name"), nullable=False),
    Column("started_at", String(20), nullable=False),
    Column("seen_at", String(20), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(20), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("action", String(40), nullable=False),
    Column("sender", String(36)),
    Column("sequence", Integer),
)
