"""Runs the migrations from inside the program, on an encrypted connection."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from kimdesk.storage import case_sums


@dataclass(frozen=True, slots=True)
class Schema:
    """A folder of Alembic scripts and its newest revision.

    The revision is named, so that an up-to-date vault opens without importing Alembic.
    """

    scripts: Path
    head: str

    def knows(self, revision: str) -> bool:
        """Return whether a vault of `revision` can be opened."""
        if revision == self.head:
            return True
        from alembic.script import ScriptDirectory  # imported late: a vault of today's schema never needs it

        return revision in {script.revision for script in ScriptDirectory(str(self.scripts)).walk_revisions()}

    def migrate(self, engine: sa.Engine, revision: str | None = None, *, down: bool = False) -> None:
        """Bring the schema to `revision` (the head by default) in one transaction: all of it or nothing.

        Foreign keys are off meanwhile, because a table that is rebuilt is dropped for a moment, and are checked before
        the transaction commits; the triggers of `case_sums` are off too, and every case is counted anew. Raises
        `sqlalchemy.exc.DBAPIError`; then the file is as before.
        """
        from alembic import command  # imported late, as above
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(self.scripts).replace("%", "%%"))
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    config.attributes["connection"] = connection
                    case_sums.take_off(connection)
                    (command.downgrade if down else command.upgrade)(config, revision or self.head)
                    case_sums.put_on_where_possible(connection)
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                    if broken:
                        raise RuntimeError(f"the migration left {len(broken)} rows without their parent")
            finally:
                raw.execute("PRAGMA foreign_keys = ON")


SCHEMA = Schema(Path(__file__).parent / "migrations", "0007")
"""The schema of this program; `tests/migrations` holds it against the scripts and the tables."""


def revision_of(connection: sa.Connection) -> str | None:
    """Return the schema revision of a vault, None for an empty file."""
    if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").scalar():
        return None
    revision: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return revision
