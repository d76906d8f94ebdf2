"""Faults 2, 5, 7 and 11: killed while migrating or restoring, a disk that reports errors, two programs at once."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from kimdesk.domain.views import CaseFilter
from kimdesk.foundation.clock import SystemClock
from kimdesk.services.desk import build_desk
from kimdesk.storage import check_vault, unlock, write_backup
from kimdesk.storage.schema import SCHEMA, Schema, revision_of
from kimdesk.storage.vault.errors import VaultTooNew
from tests.faults.conftest import Note
from tests.faults.harness import ROOT, content_of, kill_at_any_moment, make_whole, open_vault, short_and_long
from tests.faults.worker import CHEAP_KDF, PASSPHRASE

WORKER = "tests.faults.upkeep_worker"
MIGRATIONS, RESTORES, PROGRAMS, CALLS = 100, 100, 12, 20
FEW = 4
CALLS_OF_ANY_RUN = ("pwrite64", "fdatasync")
CALLS_OF_THE_LONG_RUN = ("pwrite64", "pread64", "fdatasync", "fsync", "rename", "ftruncate", "unlink")

_NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{previous}", None, None


def upgrade() -> None:
    op.create_table("next_table", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", sa.Text()))
    for number in range(3000):
        op.execute(sa.text("INSERT INTO next_table (text) VALUES (:text)").bindparams(text=f"{{number}} " * 30))
    op.execute("INSERT INTO meta (key, value) VALUES ('moved', '1')")


def downgrade() -> None:
    op.drop_table("next_table")
    op.execute("DELETE FROM meta WHERE key = 'moved'")
"""


@pytest.mark.fault(2)
@short_and_long("kills", FEW, MIGRATIONS)
def test_killed_while_migrating_the_old_or_the_new_schema_opens(tmp_path: Path, kills: int, note: Note) -> None:
    whole = make_whole(tmp_path)
    scripts = tmp_path / "migrations"
    shutil.copytree(SCHEMA.scripts, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_next.py").write_text(_NEXT.format(previous=SCHEMA.head), encoding="utf-8")
    later = Schema(scripts, "9999")
    dice = random.Random(2)
    found: Counter[str] = Counter()
    for _ in range(kills):
        folder = whole.again()
        said = kill_at_any_moment(
            [WORKER, "migrate", str(folder), str(scripts), "9999"], dice, lines=1, within_seconds=0.5
        )
        try:
            with open_vault(folder) as vault:
                assert "migrated" not in said
                assert all(finding.is_good for finding in check_vault(vault))
                assert "next_table" not in content_of(vault)
            found["old"] += 1
        except VaultTooNew:
            found["new"] += 1
        with unlock(folder, PASSPHRASE, clock=SystemClock(), kdf=CHEAP_KDF, schema=later) as vault:
            with vault.reader() as connection:
                assert revision_of(connection) == "9999"
                assert connection.exec_driver_sql("SELECT count(*) FROM next_table").scalar_one() == 3000
            assert vault.setting("moved") == 1
            assert len(build_desk(vault, SystemClock()).cases.list(CaseFilter(status="all"))) == 12
    assert found.total() == kills
    assert kills == FEW or (found["old"] and found["new"])
    note(
        "a made-up next version with 3,000 rows to move",
        kills,
        f"opened {found.total()} of {kills}: {found['old']} with the old, {found['new']} with the new schema",
    )


@pytest.mark.fault(5)
@short_and_long("kills", FEW, RESTORES)
def test_killed_while_restoring_there_is_a_whole_vault_or_none(tmp_path: Path, kills: int, note: Note) -> None:
    whole = make_whole(tmp_path)
    with whole.open() as vault:
        backup = write_backup(vault)
        wanted = content_of(vault)
    before = {path: path.read_bytes() for path in backup.iterdir()}
    dice = random.Random(55)
    opened = 0
    for kill in range(kills):
        place = tmp_path / f"neu {kill}"
        said = kill_at_any_moment([WORKER, "restore", str(backup), str(place)], dice, lines=2, within_seconds=0.02)
        made = [each for each in place.iterdir() if not each.name.startswith(".")]
        assert len(made) >= int(said[-1])
        for each in (made[0], made[-1]):
            with open_vault(each) as vault:
                assert content_of(vault) == wanted
            opened += 1
        shutil.rmtree(place)
    assert {path: path.read_bytes() for path in backup.iterdir()} == before
    note("restoring a backup over and over", kills, f"half vaults 0 of {opened} opened, the backup untouched")


def why_no_strace() -> str | None:
    """Return why system calls cannot be made to fail here."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        return "needs Linux with strace, which makes system calls fail"
    answer = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False
    )
    return None if answer.returncode == 0 else "tracing processes is not allowed here"


@pytest.mark.fault(7)
@short_and_long("calls", 1, CALLS)
def test_a_disk_that_reports_an_error_is_never_silent(tmp_path: Path, calls: int, note: Note) -> None:
    reason = why_no_strace()
    if reason is not None:
        pytest.skip(reason)
    whole = make_whole(tmp_path, cases=2)
    trace = tmp_path / "trace"
    injected = refused = saved_at_all = runs = 0
    for call in CALLS_OF_ANY_RUN if calls == 1 else CALLS_OF_THE_LONG_RUN:
        for number in range(1, calls + 1):
            faults = 0
            for until_the_end in ("", "+"):
                folder = whole.again()
                command = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", str(trace), "-e", f"trace={call}"]
                command += ["-e", f"inject={call}:error=EIO:when={number}{until_the_end}"]
                command += [sys.executable, "-m", WORKER, "work on", str(folder), "Nachher"]
                answer = subprocess.run(
                    command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
                )
                said = answer.stdout.splitlines()
                # Closed, or told why it was not opened: anything else were a crash.
                assert answer.returncode == 0 and said, f"{call} {number}{until_the_end}: {answer.stderr[-2000:]}"
                runs += 1
                faults += trace.read_text(encoding="utf-8").count("(INJECTED)")
                refused += sum(not line.startswith(("saved ", "closed")) for line in said)
                saved = {line.removeprefix("saved ") for line in said if line.startswith("saved ")}
                saved_at_all += len(saved)
                with open_vault(folder) as vault:
                    desk = build_desk(vault, SystemClock())
                    listed = desk.cases.list(CaseFilter(status="all"))
                    files = {case.persons[0].removeprefix("Samir "): desk.cases.file(case.id) for case in listed}
                    assert saved | {"Haddad 0", "Haddad 1"} <= files.keys()
                    assert all(len(files[name].contacts) == 1 for name in saved)
                    assert all(finding.is_good for finding in check_vault(vault))
            injected += faults
            if not faults:  # the work makes fewer calls of this kind
                break
    assert injected and refused
    note(
        f"EIO from {', '.join(CALLS_OF_THE_LONG_RUN)}: the 1st to {calls}th, once or from then on",
        runs,
        f"silent 0: of {injected} errors none lost any of {saved_at_all} acknowledged; {refused} refusals in words",
    )


@pytest.mark.fault(11)
@short_and_long("rounds", 1, 5)
def test_of_many_programs_at_once_one_works_and_the_others_are_told(tmp_path: Path, rounds: int, note: Note) -> None:
    whole = make_whole(tmp_path, cases=0)
    refused, programs = 0, PROGRAMS if rounds > 1 else 4
    for part in range(rounds):
        folder = whole.again()
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", WORKER, "work on", str(folder), f"P{part}.{number}"],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            for number in range(programs)
        ]
        said = [worker.communicate()[0].splitlines() for worker in workers]
        assert all(worker.returncode == 0 for worker in workers)
        turned_away = [lines for lines in said if lines == ["not opened: VaultInUse"]]
        refused += len(turned_away)
        saved = [line.removeprefix("saved ") for lines in said for line in lines if line.startswith("saved ")]
        with open_vault(folder) as vault:
            listed = build_desk(vault, SystemClock()).cases.list(CaseFilter(status="all"))
            assert sorted(case.persons[0].removeprefix("Samir ") for case in listed) == sorted(saved)
            assert len({case.number for case in listed}) == len(saved)
            assert all(finding.is_good for finding in check_vault(vault))
        assert len(saved) == 3 * (programs - len(turned_away))
    assert refused or rounds == 1
    note(
        f"{programs} programs opening one vault at the same moment",
        rounds * programs,
        f"double writes 0; {refused} were told that it is in use, the others came after one another",
    )
