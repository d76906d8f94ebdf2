"""What the long runs share: a worker that is killed, a small disk, a vault to break."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import Case, Contact, Member, Person
from kimdesk.domain.vocabulary import IntakeOutcome, Relation
from kimdesk.foundation.clock import Clock, FixedClock, SystemClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage import Vault, create_vault, unlock
from tests.faults.worker import CHEAP_KDF, PASSPHRASE

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
PAGE = 4096


def short_and_long(name: str, short: int, long: int) -> pytest.MarkDecorator:
    """Give a test a number, a small one in every run and the one of the table in the long run."""
    return pytest.mark.parametrize(name, [short, pytest.param(long, marks=pytest.mark.faults_long)])


def open_vault(
    folder: Path, secret: str = PASSPHRASE, *, clock: Clock | None = None, despite_alarm: bool = False
) -> Vault:
    """Open a vault that was made with the tests' cheap key derivation."""
    return unlock(folder, secret, clock=clock or SystemClock(), kdf=CHEAP_KDF, despite_alarm=despite_alarm)


def kill_at_any_moment(arguments: list[str], dice: random.Random, *, lines: int, within_seconds: float) -> list[str]:
    """Run a worker, read up to `lines` lines, kill it within that time, and return all whole lines it said."""
    worker = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert worker.stdin is not None and worker.stdout is not None
    said = [worker.stdout.readline() for _ in range(lines)]
    assert all(said), "the worker ended by itself"
    killer = threading.Timer(dice.random() * within_seconds, worker.kill)
    killer.start()
    said += [line for line in worker.stdout if line.endswith("\n")]
    worker.wait()
    killer.join()
    worker.stdin.close()
    worker.stdout.close()
    return [line.rstrip("\n") for line in said]


def add_case(desk: Desk, name: str, *, text: str = "Die Wohnung ist feucht.") -> Contact:
    """Store a first consultation with a follow-up and a contact; return the contact."""
    today = desk.clock.today()
    case = Case(
        opened_on=today,
        intake_on=today,
        commune="05978024",
        concern=f"{text} ({name})",
        outcome=IntakeOutcome.CASE_MANAGEMENT,
    )
    person = Person(given_name="Samir", family_name=name)
    case_id = desk.cases.record_consultation(
        ConsultationEntry(
            case=case,
            members=(Member(person=person, relation=Relation.CLIENT),),
            follow_up_on=today + timedelta(days=7),
            follow_up_reason=f"Anrufen {name}",
        )
    ).value
    contact = Contact(case_id=case_id, at=desk.clock.now(), text=f"{name}: {text}")
    desk.cases.save_contact(contact)
    return contact


def content_of(vault: Vault) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but the log, to be compared."""
    connection = vault.fresh_connection()
    try:
        listing = "SELECT name FROM sqlite_master WHERE type = 'table'"
        names = [name for (name,) in connection.execute(listing).fetchall()]
        tables = [name for name in names if name != "audit_log"]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in tables}
    finally:
        connection.close()


@dataclass(frozen=True)
class Whole:
    """A closed vault with some cases, kept as a copy to start from again and again."""

    folder: Path
    kept: Path
    recovery_key: str

    def again(self) -> Path:
        """Put the whole vault back and return its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.kept, self.folder)
        return self.folder

    def open(self, secret: str = PASSPHRASE, *, despite_alarm: bool = False) -> Vault:
        return open_vault(self.folder, secret, clock=FixedClock(NOW), despite_alarm=despite_alarm)


def make_whole(place: Path, *, cases: int = 12, crashed: bool = False) -> Whole:
    """Return a vault with `cases` cases, closed in order or as a kill leaves it (with its write-ahead log)."""
    folder = place / "Tresor"
    clock = FixedClock(NOW)
    created = create_vault(folder, PASSPHRASE, name="Fallakten", clock=clock, kdf=CHEAP_KDF)
    with created.vault as vault:
        desk = build_desk(vault, clock)
        for number in range(cases):
            add_case(desk, f"Haddad {number}")
        if crashed:
            shutil.copytree(folder, place / "heil")
    if not crashed:
        shutil.copytree(folder, place / "heil")
    return Whole(folder, place / "heil", created.recovery_key)


def why_no_mounts() -> str | None:
    """Return why no file system can be mounted here, None where it can."""
    if sys.platform != "linux":
        return "needs Linux to mount a small file system"
    if os.geteuid() != 0:
        return "needs root to mount a small file system"
    if shutil.which("mount") is None or shutil.which("umount") is None:
        return "there is no mount command"
    return None


class Disk:
    """A small file system that can be filled, made read-only, pulled out and plugged in again with what it held."""

    def __init__(self, place: Path, kibibytes: int) -> None:
        self.place = place
        self._inside = place.with_name(f"{place.name}.innen")
        self._inside.mkdir()
        options = f"size={kibibytes}k,mode=700"
        if not _mount("-t", "tmpfs", "-o", options, "tmpfs", str(self._inside)):
            pytest.skip("no file system can be mounted here")
        self.plug_in()

    def plug_in(self) -> None:
        self.place.mkdir()
        assert _mount("--bind", str(self._inside), str(self.place))

    def make_read_only(self) -> None:
        """Until it is pulled out and plugged in again, as with the switch on a stick."""
        assert _mount("-o", "remount,bind,ro", str(self.place))

    def pull_out(self) -> None:
        """Its folder is gone with it, as a drive letter is."""
        subprocess.run(["umount", "--lazy", str(self.place)], check=True, capture_output=True)
        self.place.rmdir()

    def end(self) -> None:
        for each in (self.place, self._inside):
            subprocess.run(["umount", "--lazy", str(each)], capture_output=True, check=False)

    def fill(self, *, leave_kibibytes: int = 0) -> None:
        """Fill it up but for so much, in whole pages of 4 KiB."""
        self.make_room()
        with (self.place / "voll").open("wb", buffering=0) as file:
            try:
                while self.free_bytes() > leave_kibibytes * 1024:
                    file.write(bytes(PAGE))
            except OSError:
                return

    def make_room(self) -> None:
        (self.place / "voll").unlink(missing_ok=True)

    def free_bytes(self) -> int:
        status = os.statvfs(self.place)
        return status.f_bavail * status.f_frsize


@contextmanager
def small_disk(place: Path, kibibytes: int) -> Iterator[Disk]:
    """Mount a small disk at `place` (a new folder) for as long as the block runs."""
    disk = Disk(place, kibibytes)
    try:
        yield disk
    finally:
        disk.end()


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0
