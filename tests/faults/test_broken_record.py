"""A record that cannot be read is a bug of the program: it is said, and nothing of the record is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import Case, Member, Person
from kimdesk.domain.vocabulary import Gender, IntakeOutcome, Relation
from kimdesk.foundation.clock import SystemClock
from kimdesk.services.demo import DEMO_PASSPHRASE
from kimdesk.services.desk import build_desk
from kimdesk.services.vault import make_vault
from tests.cli.support import run_program

NAME = "Zarifullahxq Sternbrück"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A demo vault with one case in which a coded field holds a name, as a damaged import would leave it."""
    clock = SystemClock()
    with make_vault(tmp_path / "Tresor", DEMO_PASSPHRASE, name="Demo", clock=clock, demo=True).vault as vault:
        person = Person(given_name="Rana", family_name="Haddad", gender=Gender.FEMALE)
        day = date(2026, 3, 2)
        case = Case(opened_on=day, intake_on=day, concern="Wohnung", outcome=IntakeOutcome.CASE_MANAGEMENT)
        members = (Member(person=person, relation=Relation.CLIENT),)
        build_desk(vault, clock).cases.record_consultation(ConsultationEntry(case=case, members=members))
        with vault.unit_of_work() as unit:
            unit.connection.exec_driver_sql("UPDATE persons SET gender = ?", (NAME,))
            unit.commit()
    return tmp_path / "Tresor"


def test_a_command_says_where_it_failed_and_not_on_whom(folder: Path) -> None:
    ran = run_program("case", "show", "KIM-2026-001", "--vault", folder)
    assert ran.code == 1
    assert "Fehler des Programms" in ran.err and "Error" in ran.err
    for word in (*NAME.split(), "Haddad", "Traceback"):
        assert word not in ran.out + ran.err
    # The rest of the vault is not held hostage by one record.
    assert "KIM-2026-001" in run_program("case", "list", "--vault", folder).out
