"""Fault 6: the disk is full, a real one: whatever was to be written is there whole or not at all, and the user is told.

In every test run a form in the window; in the long run every kind of writing with every little that may be left.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kimdesk.foundation.clock import FixedClock
from kimdesk.offers.readers import OfferFormat
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.prints import NoteText, PdfNotWritten
from kimdesk.services.vault import NoticeKind
from kimdesk.storage import Vault, backups_of, check_vault, create_vault, write_backup
from kimdesk.storage.vault.errors import DiskFull, WrongPassphrase
from kimdesk.storage.vault.reserve import release_reserve
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from tests.faults.conftest import Note
from tests.faults.harness import NOW, Disk, add_case, content_of, open_vault, small_disk, why_no_mounts
from tests.faults.worker import CHEAP_KDF, PASSPHRASE
from tests.services.support import CoordinatingOffice, running_office
from tests.ui.case_file_support import Room, type_into
from tests.ui.conftest import Heard, collected, designed, garbage, heard, jobs, messages

__all__ = ["collected", "designed", "garbage", "heard", "jobs", "messages"]

NO_MOUNTS = why_no_mounts()
pytestmark = [pytest.mark.skipif(NO_MOUNTS is not None, reason=NO_MOUNTS or ""), pytest.mark.fault(6)]

LEFT_KIBIBYTES = (0, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
BEGUN = ("offer_imports", "offer_staging")
"""What an import has read and nobody has taken over yet: no offer of the directory."""
OLD_PDF = b"%PDF what lay there before"
NEW_PASSPHRASE = "Winter Kachel Orgel Mohn"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "Datenträger", 16 * 1024) as disk:
        yield disk


@pytest.fixture
def vault(disk: Disk, clock: FixedClock) -> Iterator[Vault]:
    """Give an open vault on the small disk."""
    place = disk.place / "Tresor"
    with create_vault(place, PASSPHRASE, name="Fallakten", clock=clock, kdf=CHEAP_KDF).vault as vault:
        yield vault
        disk.make_room()


@pytest.mark.expects_log
def test_a_form_keeps_its_text_while_the_disk_is_full(
    disk: Disk, vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, heard: Heard, qtbot: QtBot
) -> None:
    room = Room(vault, clock, jobs, messages, qtbot)
    desk = room.open(room.new_case())
    desk.go("timeline")
    entry = desk.timeline.contact
    type_into(entry.form, "text", "Die Vermieterin hat zugesagt.")
    release_reserve(vault.folder)
    disk.fill()
    desk.click(entry.save_button)
    assert heard.texts and "voll" in heard.texts[-1] and heard.bugs == []
    assert entry.form.editor("text").value() == "Die Vermieterin hat zugesagt."
    assert desk.file().contacts == ()
    disk.make_room()
    desk.click(entry.save_button)
    assert [contact.text for contact in desk.file().contacts] == ["Die Vermieterin hat zugesagt."]


def test_the_form_on_the_screen_is_saved_with_the_reserve(
    disk: Disk, vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, heard: Heard, qtbot: QtBot
) -> None:
    room = Room(vault, clock, jobs, messages, qtbot)
    desk = room.open(room.new_case())
    desk.go("timeline")
    entry = desk.timeline.contact
    type_into(entry.form, "text", "Die Vermieterin hat zugesagt.")
    disk.fill()
    desk.click(entry.save_button)
    assert [contact.text for contact in desk.file().contacts] == ["Die Vermieterin hat zugesagt."]
    assert heard.bugs == []
    told = {notice.kind for notice in build_desk(vault, clock).vault.health()}
    assert NoticeKind.RESERVE_RELEASED in told


def offers_file(place: Path) -> Path:
    """Write a file of 120 offers, in a folder that is not full."""
    path = place / "Angebote.json"
    pages = [
        {
            "id": number,
            "path": f"/kreis/de/{number}/",
            "title": f"Kurs {number}",
            "content": f"<p>{'Montags. ' * 60}</p>",
        }
        for number in range(120)
    ]
    path.write_text(json.dumps(pages), encoding="utf-8")
    return path


class Works:
    """Every kind of writing; each returns normally or raises what the user is told."""

    def __init__(self, vault: Vault, desk: Desk, disk: Disk, outside: Path) -> None:
        self.vault, self.desk, self.disk = vault, desk, disk
        self.outside = outside
        self.quarters = iter([(year, quarter) for year in range(2000, 2026) for quarter in (1, 2, 3, 4)])
        self.quarter = next(self.quarters)
        self.count = 0
        self.passphrase = PASSPHRASE
        self.offers = offers_file(outside)

    def save_case(self) -> None:
        self.count += 1
        add_case(self.desk, f"Haddad {self.count}", text="lang " * 3000)

    def save_draft(self) -> None:
        self.desk.cases.save_draft("case", {"text": "Entwurf " * 3000})

    def import_offers(self) -> None:
        self.desk.offers.import_file(self.offers, OfferFormat.INTEGREAT)

    def change_passphrase(self) -> None:
        wanted = NEW_PASSPHRASE if self.passphrase == PASSPHRASE else PASSPHRASE
        self.vault.change_passphrase(wanted)
        self.passphrase = wanted

    def back_up(self) -> None:
        self.desk.vault.backup()

    def save_pdf(self) -> None:
        printout = self.desk.prints.note(NoteText({}, {"de": "Bitte kommen Sie am Montag. " * 200}), ["de"])
        self.desk.prints.save(printout, self.disk.place / "Mitteilung.pdf")

    def release(self) -> None:
        self.desk.figures.create_release(*self.quarter)
        self.quarter = next(self.quarters)

    def all(self) -> dict[str, Callable[[], None]]:
        return {
            "case file": self.save_case,
            "draft": self.save_draft,
            "import": self.import_offers,
            "keyslots": self.change_passphrase,
            "backup": self.back_up,
            "PDF": self.save_pdf,
            "release": self.release,
        }


def files_of(disk: Disk) -> set[str]:
    """Return the names of what lies on the disk and is meant to stay."""
    passing = ("vault.db-wal", "vault.db-shm", "voll", "reserve.bin")
    found = [path for path in disk.place.rglob("*") if path.is_file() and path.name not in passing]
    return {path.relative_to(disk.place).as_posix() for path in found}


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> Iterator[CoordinatingOffice]:
    with running_office(tmp_path / "office", clock) as office:
        yield office


@pytest.mark.faults_long
@pytest.mark.expects_log
def test_everything_that_writes_on_a_full_disk(
    disk: Disk, vault: Vault, office: CoordinatingOffice, clock: FixedClock, tmp_path: Path, note: Note
) -> None:
    desk = build_desk(vault, clock)
    desk.pushes.enrol(office.invite())
    works = Works(vault, desk, disk, tmp_path)
    add_case(desk, "Haddad 0")
    pdf = disk.place / "Mitteilung.pdf"
    refused: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for left in LEFT_KIBIBYTES:
        for name, work in works.all().items():
            pdf.write_bytes(OLD_PDF)
            desk.figures.preview_release(*works.quarter)  # the year's key is made by the first look
            before, files, backups = content_of(vault), files_of(disk), backups_of(vault.folder)
            disk.fill(leave_kibibytes=left)
            try:
                work()
            except (DiskFull, PdfNotWritten) as error:
                refused[name] += 1
                assert str(error).endswith(".")
                disk.make_room()
                after = content_of(vault)
                if name == "case file":
                    # A consultation is one unit of work, the contact the next: each is whole or not there.
                    assert len(after["contacts"]) <= len(after["cases"]) <= len(before["cases"]) + 1
                elif name != "keyslots":
                    for table in BEGUN if name == "import" else ():
                        assert after.pop(table) is not None and before.pop(table) is not None
                    assert after == before, f"{name} with {left} KiB left"
                assert files_of(disk) == files, f"{name} with {left} KiB left"
                assert backups_of(vault.folder) == backups
                assert pdf.read_bytes() == OLD_PDF
                work()  # with room again the same goes through
            else:
                done[name] += 1
                disk.make_room()
            clock.advance(timedelta(minutes=1))
            content = pdf.read_bytes()
            assert content == OLD_PDF or (content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF"))
            for backup in backups_of(vault.folder):
                open_vault(backup, works.passphrase, clock=clock).close()
                for path in sorted(backup.iterdir()):
                    path.unlink()
                backup.rmdir()
        assert all(finding.is_good for finding in check_vault(vault))
    assert set(refused) == set(works.all())
    waiting = desk.pushes.status().waiting
    assert waiting == len(desk.figures.releases()) == sum(1 for _ in LEFT_KIBIBYTES)
    vault.close()
    open_vault(vault.folder, works.passphrase, clock=clock).close()
    told = ", ".join(f"{name} {number}" for name, number in refused.items())
    note(
        f"a small disk with 0 to {LEFT_KIBIBYTES[-1]} KiB left, {len(works.all())} kinds of writing",
        refused.total() + done.total(),
        f"half written 0; told that the disk is full: {told}; each went through with room again",
    )


@pytest.mark.faults_long
@pytest.mark.expects_log
def test_opening_and_closing_on_a_full_disk(disk: Disk, vault: Vault, clock: FixedClock, note: Note) -> None:
    desk = build_desk(vault, clock)
    dice = random.Random(6)
    told = opened = 0
    for number in range(60):
        add_case(desk, f"Haddad {number}")
        wanted = content_of(vault)
        if number % 2:
            release_reserve(vault.folder)  # it has been used up before
        disk.fill(leave_kibibytes=dice.choice(LEFT_KIBIBYTES[:8]))
        vault.close()
        try:
            vault = open_vault(vault.folder, clock=clock)
            opened += 1
        except DiskFull:
            told += 1
            disk.make_room()
            vault = open_vault(vault.folder, clock=clock)
        disk.make_room()
        desk = build_desk(vault, clock)
        assert content_of(vault) == wanted
    vault.close()
    assert told and opened
    note("closing and opening on a full disk", 60, f"lost 0; told {told} times, opened all the same {opened} times")


@pytest.mark.faults_long
@pytest.mark.expects_log
def test_a_change_of_passphrase_on_a_full_disk_locks_nobody_out(disk: Disk, clock: FixedClock, note: Note) -> None:
    place = disk.place / "Tresor"
    runs = refused = 0
    for left in LEFT_KIBIBYTES[:9]:
        for part in range(4):
            created = create_vault(disk.place / f"{left}.{part}", PASSPHRASE, name="Neu", clock=clock, kdf=CHEAP_KDF)
            place = created.vault.folder
            if part % 2:
                release_reserve(place)
            disk.fill(leave_kibibytes=left)
            words = PASSPHRASE
            try:
                created.vault.change_passphrase(NEW_PASSPHRASE)
                words = NEW_PASSPHRASE
            except DiskFull:
                refused += 1
            created.vault.close()
            disk.make_room()
            try:
                open_vault(place, words, clock=clock).close()
            except WrongPassphrase:
                # The new keyslots were written, the log about it was not: then the new one opens.
                open_vault(place, NEW_PASSPHRASE, clock=clock).close()
            open_vault(place, created.recovery_key, clock=clock).close()
            for path in sorted(place.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            runs += 1
    assert refused
    note("changing the passphrase with 0 to 96 KiB left", runs, f"lock-outs 0; told {refused} times")


@pytest.mark.parametrize("left", [0, 16, 64, 256])
def test_a_backup_on_a_full_disk_says_so_and_leaves_nothing(disk: Disk, vault: Vault, left: int) -> None:
    disk.fill(leave_kibibytes=left)
    with pytest.raises(DiskFull):
        write_backup(vault)
    assert backups_of(vault.folder) == () and list((vault.folder / "backups").iterdir()) == []


def test_no_vault_is_begun_without_room(disk: Disk) -> None:
    disk.fill()
    with pytest.raises(DiskFull):
        create_vault(disk.place / "Neu", PASSPHRASE, name="Neu", clock=FixedClock(NOW), kdf=CHEAP_KDF)
    assert sorted(path.name for path in disk.place.iterdir()) == ["voll"]
