"""Vaults as earlier versions of the program wrote them: they open, are migrated, and nothing of them is lost."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic.script import ScriptDirectory

from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import build_desk
from kimdesk.storage import KeyDerivation, Vault, backups_of, check_vault, read_log, unlock
from kimdesk.storage.schema import SCHEMA, Schema, revision_of
from tests.migrations.test_schema import schema_of

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("schema-*"))
REVISIONS = [script.revision for script in ScriptDirectory(str(SCHEMA.scripts)).walk_revisions()][::-1]


@dataclass(frozen=True)
class Fixture:
    """A copy of one fixture and what must be found in it."""

    folder: Path
    revision: str
    facts: dict[str, Any]

    def open(self, clock: FixedClock, kdf: KeyDerivation, secret: str = "passphrase", schema: Schema = SCHEMA) -> Vault:
        return unlock(self.folder, self.facts[secret], clock=clock, kdf=kdf, schema=schema)


@pytest.fixture(params=FIXTURES, ids=[path.name for path in FIXTURES])
def fixture(request: pytest.FixtureRequest, tmp_path: Path) -> Fixture:
    """Give a copy of each fixture in turn."""
    original: Path = request.param
    folder = tmp_path / "Tresor"
    shutil.copytree(original, folder)
    facts = json.loads((folder / "facts.json").read_text("utf-8"))
    (folder / "facts.json").unlink()
    return Fixture(folder, original.name.removeprefix("schema-"), facts)


SEARCH_OF_0001 = ("offer_words", "offer_pieces")
"""Version 0001 kept the words of the offers in full-text tables; they hold nothing the offers' texts do not."""


def rows_of(vault: Vault) -> dict[str, int]:
    with vault.reader() as connection:
        listing = "SELECT name FROM sqlite_master WHERE type = 'table'"
        names = connection.exec_driver_sql(listing).scalars().all()
        return {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in names}


def test_there_is_a_fixture_of_the_first_version() -> None:
    assert "schema-0001" in {path.name for path in FIXTURES}


def test_a_vault_of_an_earlier_version_opens_and_loses_nothing(
    fixture: Fixture, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    with fixture.open(clock, cheap_kdf) as vault:
        found = rows_of(vault)
        grown = {"audit_log", "meta"}
        for table, count in fixture.facts["rows"].items():
            if table.startswith(SEARCH_OF_0001):
                continue  # the search makes its own index anew
            assert found[table] >= count if table in grown else found[table] == count, table
        assert all(finding.is_good for finding in check_vault(vault))
        desk = build_desk(vault, clock)
        case_file = desk.cases.file(UUID(fixture.facts["case"]))
        assert case_file.case.concern == "Wohnung"
        assert [row.title for row in desk.offers.browse(5).rows] == ["Sprachkurs am Abend"]
        assert [hit.title for hit in desk.offers.search("sprachk")] == ["Sprachkurs am Abend"]
        assert desk.settings.office().name == "Stadt Lünen"
        if fixture.revision != SCHEMA.head:
            with vault.reader() as connection:
                assert "migrate" in {row.action for row in read_log(connection)}
    if fixture.revision != SCHEMA.head:
        (copy,) = backups_of(fixture.folder)
        with unlock(copy, fixture.facts["passphrase"], clock=clock, kdf=cheap_kdf, schema=_at(fixture.revision)) as old:
            assert rows_of(old)["cases"] == fixture.facts["rows"]["cases"]


@pytest.mark.parametrize("secret", ["deputy_passphrase", "recovery_key"])
def test_its_other_ways_in_still_open_it(
    fixture: Fixture, clock: FixedClock, cheap_kdf: KeyDerivation, secret: str
) -> None:
    with fixture.open(clock, cheap_kdf, secret) as vault:
        assert len(vault.accesses()) == 3
    with fixture.open(clock, cheap_kdf) as vault:
        assert all(finding.is_good for finding in check_vault(vault))


def definitions(vault: Vault) -> list[tuple[str, str]]:
    """Return every object's definition; SQLite puts the name of a table that was rebuilt into quotes."""
    return [(name, sql.replace('"', "")) for name, sql in schema_of(vault.engine)]


def _at(revision: str) -> Schema:
    return Schema(SCHEMA.scripts, revision)


@pytest.mark.parametrize(("lower", "upper"), list(zip(REVISIONS, REVISIONS[1:], strict=False)))
def test_each_step_goes_up_and_down_with_data_and_leaves_the_schema_alone(
    fixture: Fixture, clock: FixedClock, cheap_kdf: KeyDerivation, lower: str, upper: str
) -> None:
    if fixture.revision > lower:
        return  # that step lies behind this vault
    with fixture.open(clock, cheap_kdf, schema=_at(lower)) as vault:
        before, rows = definitions(vault), rows_of(vault)
        SCHEMA.migrate(vault.engine, upper)
        above = definitions(vault)
        SCHEMA.migrate(vault.engine, lower, down=True)
        assert definitions(vault) == before
        rows.pop("meta")  # a step may leave a note of its own there
        kept = [name for name in rows if not name.startswith(SEARCH_OF_0001)]
        assert {name: rows_of(vault)[name] for name in kept} == {name: rows[name] for name in kept}
        SCHEMA.migrate(vault.engine, upper)
        assert definitions(vault) == above
        with vault.reader() as connection:
            assert revision_of(connection) == upper
            vault.chain.verify(connection)
