"""Makes the fixture vault of one schema version: every table of it holds something, all of it invented.

Run it with the program of that version, from the root of its checkout::

    git worktree add ../old COMMIT
    PYTHONPATH=../old:. python tests/migrations/make_fixture.py tests/migrations/fixtures

Without a worktree it makes the fixture of the present version. It writes ``schema-NNNN/``: the closed vault (without
its lock file) and ``facts.json`` with what a test must find again after migrating. The key derivation is the tests'
cheap one, so the program itself does not open these vaults.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import (
    AreaEntry,
    Assessment,
    Case,
    Contact,
    FollowUp,
    Goal,
    Measure,
    Member,
    Person,
    Referral,
)
from kimdesk.domain.vocabulary import AccessPath, ClosureReason, IntakeOutcome, LifeArea, Phase, Relation
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.settings import Office
from kimdesk.storage import Cost, KeyDerivation, SlotKind, create_vault
from kimdesk.storage.schema import SCHEMA
from tests.services.support import running_office

PASSPHRASE = "Apfel Brücke Segel Laterne"
DEPUTY_PASSPHRASE = "Kompass Regen Birne Tinte"
_CHEAPEST = Cost(1024 * 1024, 1)
KDF = KeyDerivation(_CHEAPEST, _CHEAPEST, Cost(64 * 1024 * 1024, 3), calibrated=False)
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
TODAY = date(2026, 11, 20)
INTAKE = TODAY - timedelta(days=200)
_OFFERS = [
    {
        "id": 4711,
        "url": "https://example.org/unna/de/deutsch/sprachkurs/",
        "path": "/unna/de/deutsch/sprachkurs/",
        "title": "Sprachkurs am Abend",
        "modified_gmt": "2026-01-01T10:00:00.000Z",
        "excerpt": "Kurs für Mütter",
        "content": "<p>Kurs für Mütter, montags 18 Uhr</p>",
        "parent": {"id": 0, "url": None, "path": None},
        "order": 1,
        "available_languages": {},
        "thumbnail": None,
        "hash": None,
    }
]
FILES = ("vault.db", "keyslots.json", "keyslots.json.bak", "anchor.json")


def make(target: Path) -> Path:
    """Write the fixture below `target` and return its folder."""
    clock = FixedClock(NOW)
    folder = target / f"schema-{SCHEMA.head}"
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as place:
        closed = Path(place) / "Tresor"
        created = create_vault(closed, PASSPHRASE, name="Fallakten", clock=clock, kdf=KDF)
        with created.vault as vault:
            desk = build_desk(vault, clock)
            vault.add_access(DEPUTY_PASSPHRASE, kind=SlotKind.DEPUTY, label="Vertretung 1")
            case_id = fill(desk, Path(place), clock)
            connection = vault.fresh_connection()
            listing = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            names = [name for (name,) in connection.execute(listing).fetchall()]
            rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
            connection.close()
        folder.mkdir(parents=True)
        for name in FILES:
            shutil.copy(closed / name, folder / name)
    facts = {
        "passphrase": PASSPHRASE,
        "deputy_passphrase": DEPUTY_PASSPHRASE,
        "recovery_key": created.recovery_key,
        "case": str(case_id),
        "rows": rows,
    }
    (folder / "facts.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder


def fill(desk: Desk, place: Path, clock: FixedClock) -> UUID:
    """Drive every area once; return the id of the case that has everything."""
    desk.settings.save_office(Office(name="Stadt Lünen", person="Erika Beispiel"))
    desk.settings.choose_profile("unna")
    offers = place / "offers.json"
    offers.write_text(json.dumps(_OFFERS), encoding="utf-8")
    desk.offers.import_file(offers, "integreat", "de")
    cases = [desk.cases.record_consultation(entry).value for entry in entries()]
    case_id = cases[0]
    entry = AreaEntry(life_area=LifeArea.LANGUAGE, need="Kurs", scale=2)
    desk.cases.skip_phase(case_id, Phase.AGREEMENT, "eilt")
    desk.cases.save_assessment(Assessment(case_id=case_id, held_on=INTAKE, entries=(entry,)))
    goal = Goal(case_id=case_id, text="B1", measured_by="Zertifikat", due_on=TODAY)
    desk.cases.save_goal(goal)
    desk.cases.agree_goals(case_id, TODAY, "ar", "lernt jeden Tag", None)
    desk.cases.save_measure(Measure(case_id=case_id, goal_id=goal.id, text="Kurs suchen"))
    desk.cases.save_referral(Referral(case_id=case_id, receiver="Jobcenter", sent_on=TODAY))
    desk.cases.save_contact(Contact(case_id=case_id, at=clock.now(), text="Gespräch über die Wohnung"))
    desk.cases.save_follow_up(FollowUp(case_id=case_id, due_on=TODAY, reason="Nachfragen"))
    desk.cases.remember_offer(case_id, desk.offers.browse(1).rows[0].id)
    desk.cases.close_case(cases[1], TODAY, ClosureReason.CONTACT_LOST)
    desk.cases.save_draft("page:consultation", {"concern": "Wohnung"})
    desk.figures.save_manual(2026, "b3_foreigners_authority_unna", 3)
    with running_office(place / "KI", clock) as office:
        desk.pushes.enrol(office.invite())
        desk.figures.preview_release(2026, 3)
        desk.figures.create_release(2026, 3)
        desk.pushes.send()
    desk.vault.backup(place / "Sicherungen")
    return case_id


def entries() -> list[ConsultationEntry]:
    """Return three first consultations; a case of the third quarter is among them."""
    return [
        ConsultationEntry(
            case=Case(
                opened_on=INTAKE + timedelta(days=days),
                intake_on=INTAKE + timedelta(days=days),
                commune="05978024",
                access_path=AccessPath.VOLUNTEERS,
                language="ar",
                concern=concern,
                outcome=IntakeOutcome.CASE_MANAGEMENT,
            ),
            members=(Member(person=Person(given_name=given, family_name="Haddad"), relation=Relation.CLIENT),),
            follow_up_on=TODAY,
            follow_up_reason="Anrufen",
        )
        for days, given, concern in ((0, "Samir", "Wohnung"), (70, "Mariam", "Sprachkurs"), (100, "Yusuf", "Schule"))
    ]


def main() -> None:
    """Write where the one argument says."""
    (target,) = sys.argv[1:]
    folder: Any = make(Path(target))
    sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()
