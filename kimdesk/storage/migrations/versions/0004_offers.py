"""The offer directory on the Human Services Data Specification.

A migration imports no project code, because it must still run when the project has moved on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("collection", sa.Text(), False),
    ("provider", sa.Text(), False),
    ("minimum_age", sa.Integer(), True),
    ("maximum_age", sa.Integer(), True),
    ("places", sa.Integer(), True),
    ("waiting_weeks", sa.Integer(), True),
    ("funding_end", sa.Date(), True),
    ("last_verified", sa.Date(), True),
    ("removed_at", sa.DateTime(), True),
)


def upgrade() -> None:
    """Change the schema to this version."""
    for name, kind, empty in _COLUMNS:
        op.add_column("offers", sa.Column(name, kind, nullable=empty, server_default=None if empty else ""))
    op.create_index("ix_offers_collection", "offers", ["source", "collection"])
    _create_traits()
    _create_office()
    _create_imports()
    _create_gaps()
    _rewrite_facts(_structured)
    _fill_columns()
    _create_search()


def downgrade() -> None:
    """Change the schema back to the version before."""
    _drop_search()
    for table in (
        "offer_gaps",
        "offer_undo",
        "offer_staging",
        "offer_imports",
        "offer_twins",
        "offer_office",
        "offer_hours",
        "offer_traits",
    ):
        op.drop_table(table)
    _rewrite_facts(_flat)
    op.drop_index("ix_offers_collection", "offers")
    for name, _kind, _empty in reversed(_COLUMNS):
        op.drop_column("offers", name)


def _of_offer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=f"fk_{table}_offer_id_offers", ondelete="CASCADE")


def _create_traits() -> None:
    op.create_table(
        "offer_traits",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("offer_id", "kind", "value", name="pk_offer_traits"),
        _of_offer("offer_traits"),
    )
    op.create_index("ix_offer_traits_kind", "offer_traits", ["kind", "value"])
    op.create_table(
        "offer_hours",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Text(), nullable=False),
        sa.Column("closes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("offer_id", "weekday", "opens", "closes", name="pk_offer_hours"),
        _of_offer("offer_hours"),
    )


def _create_office() -> None:
    op.create_table(
        "offer_office",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("offer_id", name="pk_offer_office"),
        _of_offer("offer_office"),
    )
    op.create_table(
        "offer_twins",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("first_id", "second_id", name="pk_offer_twins"),
        sa.ForeignKeyConstraint(["first_id"], ["offers.id"], name="fk_offer_twins_first_id_offers", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["second_id"], ["offers.id"], name="fk_offer_twins_second_id_offers", ondelete="CASCADE"
        ),
    )


def _create_imports() -> None:
    op.create_table(
        "offer_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offer_imports"),
    )
    op.create_table(
        "offer_staging",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("import_id", "position", name="pk_offer_staging"),
        sa.ForeignKeyConstraint(
            ["import_id"], ["offer_imports.id"], name="fk_offer_staging_import_id_offer_imports", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "offer_undo",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("import_id", "offer_id", name="pk_offer_undo"),
        sa.ForeignKeyConstraint(
            ["import_id"], ["offer_imports.id"], name="fk_offer_undo_import_id_offer_imports", ondelete="CASCADE"
        ),
    )


def _create_gaps() -> None:
    op.create_table(
        "offer_gaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("life_area", sa.Text(), nullable=True),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("waiting_weeks", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("origin_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_offer_gaps"),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_offer_gaps_offer_id_offers", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_offer_gaps_case_id_cases", ondelete="SET NULL"),
        sa.UniqueConstraint("origin_key", name="uq_offer_gaps_origin_key"),
    )
    op.create_index("ix_offer_gaps_noticed_on", "offer_gaps", ["noticed_on"])
    op.create_index("ix_offer_gaps_case_id", "offer_gaps", ["case_id"])
    op.create_index("ix_offer_gaps_offer_id", "offer_gaps", ["offer_id"])


def _create_search() -> None:
    """The program makes the rows itself, from the texts, when it first searches or imports."""
    op.execute("DROP TABLE offer_pieces")
    op.execute("DROP TABLE offer_words")
    op.create_table(
        "offer_index",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_offer_index"),
        sa.ForeignKeyConstraint(
            ["number"], ["offer_texts.number"], name="fk_offer_index_number_offer_texts", ondelete="CASCADE"
        ),
    )


def _drop_search() -> None:
    """Version 0001 gets its empty full-text tables back and fills them at the next import."""
    op.drop_table("offer_index")
    op.execute(
        "CREATE VIRTUAL TABLE offer_words USING fts5(title, keywords, category, body, content='', "
        "contentless_delete=1, prefix='1 2 3', tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE offer_pieces USING fts5(title, keywords, category, body, content='', "
        "contentless_delete=1, tokenize='trigram')"
    )


def _rewrite_facts(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write every offer's facts in the other form; without a fingerprint the next import compares them itself."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, facts FROM offers")).all()
    for row in rows:
        facts = json.dumps(change(json.loads(row.facts)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        connection.execute(
            sa.text("UPDATE offers SET facts = :facts, fingerprint = '' WHERE id = :id"), {"facts": facts, "id": row.id}
        )


def _structured(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of version 0001 with organisation, sites and schedules as parts of their own."""
    if provider := facts.pop("provider", ""):
        facts["organisation"] = {"name": provider}
    if addresses := facts.pop("addresses", []):
        filled = [{name: part for name, part in one.items() if part} for one in addresses]
        facts["sites"] = [{"location": {"addresses": [one]}} for one in filled]
    if hours := facts.pop("opening_hours", []):
        facts["schedules"] = [{"note": line} for line in hours]
    if phones := facts.get("phones"):
        facts["phones"] = [{name: part for name, part in one.items() if part or name == "number"} for one in phones]
    return facts


_FLAT = (
    "status", "phones", "emails", "web", "by_appointment", "cost", "languages", "interpreting", "application",
    "required_documents", "minimum_age", "maximum_age", "communes", "life_areas", "legal_domains", "domain_bound",
    "admitted_statuses", "places", "waiting_time", "childcare", "accessibility", "funding_end", "last_verified",
)  # fmt: skip


def _flat(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what version 0001 can hold of the facts."""
    flat = {name: facts[name] for name in _FLAT if name in facts}
    if provider := facts.get("organisation", {}).get("name", ""):
        flat["provider"] = provider
    empty = {"street": "", "postal_code": "", "city": "", "note": ""}
    addresses = [one for site in facts.get("sites", []) for one in site.get("location", {}).get("addresses", [])]
    if addresses:
        flat["addresses"] = [{name: one.get(name, "") for name in empty} for one in addresses]
    if hours := [one["note"] for one in facts.get("schedules", []) if one.get("note")]:
        flat["opening_hours"] = hours
    if "phones" in flat:
        flat["phones"] = [{"number": one["number"], "label": one.get("label", "")} for one in flat["phones"]]
    return flat


def _fill_columns() -> None:
    op.execute(
        "UPDATE offers SET provider = COALESCE(json_extract(facts, '$.organisation.name'), ''), "
        "minimum_age = json_extract(facts, '$.minimum_age'), maximum_age = json_extract(facts, '$.maximum_age'), "
        "places = json_extract(facts, '$.places'), funding_end = json_extract(facts, '$.funding_end'), "
        "last_verified = json_extract(facts, '$.last_verified')"
    )
    op.execute(
        "UPDATE offers SET collection = CASE source "
        "WHEN 'integreat' THEN substr(source_key, 2, instr(substr(source_key, 2), '/') - 1) "
        "WHEN 'own' THEN substr(source_key, 1, instr(source_key, '/') - 1) ELSE '' END"
    )
    for kind, field in (("status", "admitted_statuses"), ("language", "languages"), ("domain", "legal_domains")):
        op.execute(
            f"INSERT OR IGNORE INTO offer_traits (offer_id, kind, value) "
            f"SELECT offers.id, '{kind}', j.value FROM offers, json_each(offers.facts, '$.{field}') AS j"
        )
