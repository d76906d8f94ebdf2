"""The coordinator's tables. Times are UTC texts of one form (`write_moment`), so that they sort and travel
between SQLite and PostgreSQL unchanged.

What a thief of this database gets [own rule]: the figures the office shows, and public keys. Passphrases are Argon2id
hashes, sessions and invitations are kept as hashes or public halves, a held-back content as its hash only, and what is
still being uploaded is sealed to a key that lies in another file.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

SCHEMA_VERSION = 2
MOMENT = String(20)

metadata = MetaData()

about = Table("about", metadata, Column("schema_version", Integer, primary_key=True, autoincrement=False))

senders = Table(
    "senders",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(120), nullable=False, unique=True),
    # Where the laptop works, as the office knows it; a subregion in its releases comes first.
    Column("commune", String(8)),
    Column("subregion", String(80)),
    Column("enrolled_at", MOMENT),
    Column("revoked_at", MOMENT),
)

devices = Table(
    "devices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", ForeignKey("senders.id"), nullable=False, index=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("enrolled_at", MOMENT, nullable=False),
    # Set when another device took its place or the laptop was revoked: what it signs is refused from then on.
    Column("ended_at", MOMENT),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", ForeignKey("senders.id"), nullable=False, index=True),
    # The public half of the token: it checks an answer and cannot make one. Wiped once it has been used.
    Column("verifier", LargeBinary),
    Column("created_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("used_at", MOMENT),
)

bundles = Table(
    "bundles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", ForeignKey("senders.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("chain_head", String(64), nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("received_at", MOMENT, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    UniqueConstraint("sender", "sequence"),
)

layouts = Table(
    "layouts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("content_hash", String(64), nullable=False, unique=True),
    Column("content", Text, nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("bundle", ForeignKey("bundles.id"), primary_key=True, autoincrement=False),
    Column("sender", ForeignKey("senders.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("quarter", Integer, nullable=False),
    Column("subregion", String(80)),
    # The two totals the trend is drawn from, and all figures in the order of the layout (see `figures`).
    Column("cases", Integer),
    Column("persons", Integer),
    Column("layout", ForeignKey("layouts.id"), nullable=False),
    Column("figures", LargeBinary, nullable=False),
    # The very text that was signed.
    Column("tables", LargeBinary, nullable=False),
    Index("ix_releases_period", "year", "sender", "quarter", "sequence"),
)

issues = Table(
    "issues",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", ForeignKey("senders.id"), nullable=False),
    Column("issue", String(36), nullable=False),
    Column("bundle", ForeignKey("bundles.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("commune", String(8)),
    Column("subregion", String(80)),
    Column("first_received_at", MOMENT, nullable=False),
    Column("received_at", MOMENT, nullable=False),
    # Where the issue stands at the office; at first where its sender put it.
    Column("rung", String(20), nullable=False, index=True),
    Column("state", String(20), nullable=False),
    UniqueConstraint("sender", "issue"),
)

issue_steps = Table(
    "issue_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue", ForeignKey("issues.id"), nullable=False, index=True),
    Column("at", MOMENT, nullable=False),
    # None for the laptop itself.
    Column("user", String(120)),
    Column("rung", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("note", Text, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", ForeignKey("senders.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("received_at", MOMENT, nullable=False),
    Column("notice", LargeBinary, nullable=False),
    Column("settled_at", MOMENT),
    Column("settled_by", String(120)),
    UniqueConstraint("sender", "sequence", "content_hash"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sender", ForeignKey("senders.id"), nullable=False),
    Column("sealed_hash", String(64), nullable=False),
    Column("length", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("touched_at", MOMENT, nullable=False, index=True),
    # What the office answered when the last byte was there; then the content is wiped.
    Column("answer", LargeBinary),
    Column("status", Integer),
    UniqueConstraint("sender", "sealed_hash"),
)

publications = Table(
    "publications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("role", String(10), nullable=False),
    Column("created_at", MOMENT, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    # SHA-256 of the cookie: whoever reads the database (a backup) cannot take over a session.
    Column("token_hash", String(64), primary_key=True),
    Column("user", ForeignKey("users.name"), nullable=False, index=True),
    Column("started_at", MOMENT, nullable=False),
    Column("seen_at", MOMENT, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("action", String(40), nullable=False),
    Column("sender", String(36)),
    Column("sequence", Integer),
    Column("subject", String(120)),
)
