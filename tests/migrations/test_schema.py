"""Migrations on encrypted files: they match the tables, run both ways, and all of one runs or nothing."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import AuditAction, AuditEntry, KeyDerivation, Vault, backups_of, create_vault, read_log, unlock
from kimdesk.storage.schema import SCHEMA, Schema, revision_of
from kimdesk.storage.tables import metadata

_NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{previous}", None, None


def upgrade() -> None:
    op.create_table("next_table", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO meta (key, value) VALUES ('half', '1')")
    {last_step}


def downgrade() -> None:
    op.drop_table("next_table")
    op.execute("DELETE FROM meta WHERE key = 'half'")
"""


def tables_outside_metadata(connection: sa.Connection) -> set[str]:
    """Return the full-text tables with what SQLite keeps for them; they are no part of the metadata."""
    rows = connection.exec_driver_sql("SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')")
    return {name for (name,) in rows}


def schema_of(engine: sa.Engine) -> list[tuple[str, str]]:
    """Return every object's name and definition."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version' ORDER BY name"
        )
        return [(row.name, row.sql) for row in rows]


@pytest.fixture
def next_schema(tmp_path: Path) -> Schema:
    """Return this program's migrations with one more, as a later version has them."""
    scripts = tmp_path / "migrations"
    shutil.copytree(SCHEMA.scripts, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    script = _NEXT.format(previous=SCHEMA.head, last_step="pass")
    (scripts / "versions" / "9999_next.py").write_text(script, encoding="utf-8")
    return Schema(scripts, "9999")


def break_migration(schema: Schema) -> None:
    """Let the last step of the additional migration fail."""
    script = _NEXT.format(previous=SCHEMA.head, last_step="op.execute('INSERT INTO gibt_es_nicht VALUES (1)')")
    (schema.scripts / "versions" / "9999_next.py").write_text(script, encoding="utf-8")


def test_the_named_head_is_the_scripts_head() -> None:
    assert ScriptDirectory(str(SCHEMA.scripts)).get_heads() == [SCHEMA.head]


def test_migrations_import_no_project_code() -> None:
    for path in SCHEMA.scripts.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not any(name.split(".")[0] == "kimdesk" for name in names), path.name


def test_a_new_vault_has_exactly_the_tables_of_the_metadata(vault: Vault) -> None:
    with vault.engine.connect() as connection:
        outside = tables_outside_metadata(connection)
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _parents: kind != "table" or name not in outside,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_constraints_are_named_as_the_convention_names_them(vault: Vault) -> None:
    inspector = sa.inspect(vault.engine)
    with vault.engine.connect() as connection:
        outside = tables_outside_metadata(connection)
    assert set(inspector.get_table_names()) - outside == {*metadata.tables, "alembic_version"}
    for name, table in metadata.tables.items():
        assert inspector.get_pk_constraint(name)["name"] == f"pk_{name}"
        wanted = {str(key.name) for key in table.foreign_key_constraints}
        assert {key["name"] for key in inspector.get_foreign_keys(name)} == wanted, name


def test_down_leaves_nothing_and_up_again_the_same(vault: Vault) -> None:
    before = schema_of(vault.engine)
    SCHEMA.migrate(vault.engine, "base", down=True)
    assert schema_of(vault.engine) == []
    SCHEMA.migrate(vault.engine)
    assert schema_of(vault.engine) == before


def test_a_step_up_and_down_keeps_schema_and_data(vault: Vault, next_schema: Schema) -> None:
    with vault.unit_of_work() as uow:
        uow.change_setting("office", {"name": "Amt"})
        uow.record(AuditEntry(AuditAction.SETTINGS, "office"))
        uow.commit()
    before = schema_of(vault.engine)
    next_schema.migrate(vault.engine)
    assert len(schema_of(vault.engine)) == len(before) + 1
    next_schema.migrate(vault.engine, SCHEMA.head, down=True)
    assert schema_of(vault.engine) == before
    assert vault.setting("office") == {"name": "Amt"}
    with vault.reader() as connection:
        vault.chain.verify(connection)


def test_a_migration_that_fails_half_way_changes_nothing(vault: Vault, next_schema: Schema) -> None:
    break_migration(next_schema)
    before = schema_of(vault.engine)
    with pytest.raises(sa.exc.OperationalError):
        next_schema.migrate(vault.engine)
    assert schema_of(vault.engine) == before
    assert vault.setting("half") is None
    with vault.reader() as connection:
        assert revision_of(connection) == SCHEMA.head
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_a_migration_that_leaves_rows_without_their_parent_changes_nothing(vault: Vault, next_schema: Schema) -> None:
    orphan = (
        "op.execute('CREATE TABLE child (parent INTEGER REFERENCES next_table (id))'); "
        "op.execute('INSERT INTO child VALUES (7)')"
    )
    script = _NEXT.format(previous=SCHEMA.head, last_step=orphan)
    (next_schema.scripts / "versions" / "9999_next.py").write_text(script, encoding="utf-8")
    before = schema_of(vault.engine)
    with pytest.raises(RuntimeError, match="without their parent"):
        next_schema.migrate(vault.engine)
    assert schema_of(vault.engine) == before
    assert vault.setting("half") is None


def test_a_newer_program_migrates_at_unlock_after_a_verified_copy(
    tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str, next_schema: Schema
) -> None:
    folder = tmp_path / "Tresor"
    create_vault(folder, passphrase, name="Alt", clock=clock, kdf=cheap_kdf).vault.close()
    with unlock(folder, passphrase, clock=clock, kdf=cheap_kdf, schema=next_schema) as vault:
        assert vault.setting("half") == 1
        with vault.reader() as connection:
            assert [row.action for row in read_log(connection)][:2] == ["unlock", "migrate"]
    (copy,) = backups_of(folder)
    with unlock(copy, passphrase, clock=clock, kdf=cheap_kdf) as vault, vault.reader() as connection:
        assert revision_of(connection) == SCHEMA.head


def test_the_seal_is_off_before_anything_is_written(
    tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str, next_schema: Schema
) -> None:
    """Otherwise a kill between the first write and the next anchor would raise a false alarm."""
    folder = tmp_path / "Tresor"
    create_vault(folder, passphrase, name="Alt", clock=clock, kdf=cheap_kdf).vault.close()
    seen = tmp_path / "seen.json"
    assert json.loads((folder / "anchor.json").read_text("utf-8"))["seal"] is not None
    look = f"__import__('shutil').copy({str(folder / 'anchor.json')!r}, {str(seen)!r})"
    script = _NEXT.format(previous=SCHEMA.head, last_step=look)
    (next_schema.scripts / "versions" / "9999_next.py").write_text(script, encoding="utf-8")
    unlock(folder, passphrase, clock=clock, kdf=cheap_kdf, schema=next_schema).close()
    assert json.loads(seen.read_text("utf-8"))["seal"] is None


def test_a_failing_migration_at_unlock_leaves_the_old_vault(
    tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str, next_schema: Schema
) -> None:
    folder = tmp_path / "Tresor"
    create_vault(folder, passphrase, name="Alt", clock=clock, kdf=cheap_kdf).vault.close()
    break_migration(next_schema)
    with pytest.raises(sa.exc.OperationalError):
        unlock(folder, passphrase, clock=clock, kdf=cheap_kdf, schema=next_schema)
    with unlock(folder, passphrase, clock=clock, kdf=cheap_kdf) as vault:
        assert vault.setting("half") is None
