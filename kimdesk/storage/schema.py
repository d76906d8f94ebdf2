"""Runs the migrations from inside the program, on an encrypted connection."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

SCHEMA_HEAD = "0001"
"""The newest revision; named here so that an up-to-date vault opens without importing Alembic."""

_SCRIPTS = Path(__file__).parent / "migrations"


def revision_of(connection: sa.Connection) -> str | None:
    """Return the schema revision of a vault, None for an empty file."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def known_revisions() -> set[str]:
    """Return every revision this program can migrate from."""
    from alembic.script import ScriptDirectory  # imported late: a vault of today's schema never needs it

    return {script.revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions()}


def migrate(engine: sa.Engine, revision: str = SCHEMA_HEAD, *, down: bool = False) -> None:
    """Bring the schema to `revision` in one transaction: all of it or nothing.

    Foreign keys are off meanwhile, because a table that is rebuilt is dropped for a moment, and are checked before
    the transaction commits. Raises `sqlalchemy.exc.DBAPIError`; then the file is as before.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                (command.downgrade if down else command.upgrade)(config, revision)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"the migration to {revision} left {len(broken)} rows without their parent")
        finally:
            raw.execute("PRAGMA foreign_keys = ON")
