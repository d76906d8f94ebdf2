"""Fault 1 as a case manager meets it: the battery dies in the middle of the work.

What the window said was saved is there, whole; what it had not said is there whole or not at all.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID

import pytest

from kimdesk.domain.views import CaseFile, CaseFilter
from kimdesk.foundation.clock import SystemClock
from kimdesk.services.desk import build_desk
from kimdesk.storage import Check, create_vault, unlock
from tests.faults.case_worker import AREAS, long_text
from tests.faults.conftest import Note
from tests.faults.worker import CHEAP_KDF, PASSPHRASE

ROOT = Path(__file__).resolve().parents[2]
KILLS, KILLS_LONG, VAULTS, KILLS_PLAINTEXT = 5, 500, 20, 40
WORDS = ("Haddad", "Samir", "Rana", "sucht eine Wohnung", "Anrufen", "consultation", "audit_log", "SQLite format")


def work_and_kill(folder: Path, part: int, dice: random.Random) -> list[tuple[str, UUID, UUID, str]]:
    """Let a process work, kill it at any moment, and return what it had acknowledged."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.case_worker", str(folder), f"R{part}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n", "the vault did not open without help"
    lines = [worker.stdout.readline() for _ in range(dice.randint(0, 25))]
    killer = threading.Timer(dice.random() * 0.03, worker.kill)
    killer.start()
    lines += [line for line in worker.stdout if line.endswith("\n")]
    worker.wait()
    killer.join()
    worker.stdout.close()
    saved = []
    for line in lines:
        kind, case_id, record_id, label = line.split()
        saved.append((kind, UUID(case_id), UUID(record_id), label))
    return saved


def assert_whole(file: CaseFile) -> None:
    """Every record of the file is as the worker meant it."""
    label = file.case.concern.partition(",")[0]
    assert file.case.concern == long_text(label)
    assert [member.person.family_name for member in file.members] == [f"Haddad {label}"] * 2
    assert [follow_up.reason for follow_up in file.follow_ups] == [f"Anrufen {label}"]
    for assessment in file.assessments:
        assert {entry.need for entry in assessment.entries} == {f"{label} {area.value}" for area in AREAS}
    assert all(contact.text == long_text(label) for contact in file.contacts)


def kill_again_and_again(folder: Path, kills: int, dice: random.Random) -> int:
    """Return how many acknowledged records were looked for and found."""
    create_vault(folder, PASSPHRASE, name="Fallakten", clock=SystemClock(), kdf=CHEAP_KDF).vault.close()
    found = 0
    for part in range(kills):
        saved = work_and_kill(folder, part, dice)
        # No file is removed, nothing is repaired by hand: it opens.
        with unlock(folder, PASSPHRASE, clock=SystemClock(), kdf=CHEAP_KDF) as vault:
            desk = build_desk(vault, SystemClock())
            listed = desk.cases.list(CaseFilter(status="all"))
            numbers = [case.number for case in listed]
            assert len(set(numbers)) == len(numbers)
            new = [case.id for case in listed if any(f"Haddad R{part}-" in name for name in case.persons)]
            files = {case_id: desk.cases.file(case_id) for case_id in new}
            for file in files.values():
                assert_whole(file)
            for kind, case_id, record_id, _label in saved:
                file = files[case_id]
                there = {
                    "consultation": {file.case.id},
                    "assessment": {assessment.id for assessment in file.assessments},
                    "contact": {contact.id for contact in file.contacts},
                }[kind]
                assert record_id in there, f"an acknowledged {kind} is lost"
                found += 1
    with unlock(folder, PASSPHRASE, clock=SystemClock(), kdf=CHEAP_KDF) as vault:
        findings = {finding.check: finding.is_good for finding in build_desk(vault, SystemClock()).vault.check()}
        assert set(findings) == set(Check) and all(findings.values())
    return found


def test_what_was_saved_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    assert kill_again_and_again(tmp_path / "Tresor", KILLS, random.Random(20)) >= KILLS


@pytest.mark.faults_long
@pytest.mark.fault(1)
def test_what_was_saved_survives_five_hundred_kills(tmp_path: Path, note: Note) -> None:
    dice = random.Random(500)
    # In several vaults: each is checked page by page after every kill, which takes longer the more is in it.
    found = sum(kill_again_and_again(tmp_path / str(part), KILLS_LONG // VAULTS, dice) for part in range(VAULTS))
    assert found >= KILLS_LONG
    note("consultations, assessments, contacts through the services", KILLS_LONG, f"lost 0 of {found} acknowledged")
    note("opening after each of these kills", KILLS_LONG, "manual steps 0", row=12)


@pytest.mark.faults_long
@pytest.mark.fault(18)
def test_a_kill_leaves_no_plaintext_behind(tmp_path: Path, note: Note) -> None:
    """The running window is searched in `test_no_plaintext`; here what a killed process leaves, its log included."""
    folder = tmp_path / "Tresor"
    create_vault(folder, PASSPHRASE, name="Fallakten", clock=SystemClock(), kdf=CHEAP_KDF).vault.close()
    words = [word.encode(code) for word in WORDS for code in ("utf-8", "utf-16-le", "utf-16-be")]
    dice = random.Random(18)
    searched = 0
    for part in range(KILLS_PLAINTEXT):
        work_and_kill(folder, part, dice)
        assert (folder / "vault.db-wal").stat().st_size > 0
        for path in tmp_path.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert not any(word in content for word in words), path.name
                searched += 1
    note("what a killed process leaves: database, write-ahead log, shared memory", searched, "files with plaintext 0")
