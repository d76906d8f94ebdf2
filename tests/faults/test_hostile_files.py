"""Fault 17: files from outside that mean harm are refused in words and take bounded memory."""

from __future__ import annotations

import gzip
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kimdesk.coordinator import commands
from kimdesk.foundation.clock import FixedClock
from kimdesk.foundation.errors import KnownError
from kimdesk.offers.json_file import MAXIMUM_BYTES
from kimdesk.offers.readers import OfferFormat, read_offers
from kimdesk.services.desk import build_desk
from kimdesk.storage import create_vault, restore_backup, write_backup
from kimdesk.sync.protocol import read_invitation
from tests.faults.conftest import Note
from tests.faults.harness import NOW, ROOT, content_of, make_whole, open_vault, short_and_long
from tests.faults.worker import CHEAP_KDF, PASSPHRASE
from tests.services.support import add_cases, running_office

pytestmark = pytest.mark.fault(17)

FUZZED, FUZZED_IN_ANY_RUN = 3000, 150
NASTY = (
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"NaN", b"Infinity", b"-0", b"1e999", b"9" * 5000),
    *(b"[" * 100, b"{" * 100, b'{"":' * 70, b"]", b"}", b'"', b"\\", b",", b":", b"null", b"true", b"[]", b"{}"),
    *(b"<script>", b"<!--", b"<![CDATA[", b"&#x110000;", b"&lt" * 50, b"=cmd|' /C calc'!A0", b"../../../etc/passwd"),
    *("\u202e".encode(), "\ufeff".encode(), "\u2028".encode(), "e\u0301".encode() * 200, b"%s%n{0.__class__}"),
)


def fuzzed(content: bytes, dice: random.Random) -> bytes:
    """Return the content with a few bits, stretches or words changed."""
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 1, 2, 5, 20))):
        place = dice.randrange(len(changed) + 1)
        length = dice.choice((1, 1, 4, 30, 400))
        match dice.randrange(6):
            case 0 if changed:
                changed[place % len(changed)] ^= 1 << dice.randrange(8)
            case 1:
                del changed[place : place + length]
            case 2:
                changed[place:place] = changed[place : place + length]
            case 3:
                changed[place:place] = dice.choice(NASTY)
            case 4:
                changed[place : place + length] = dice.choice(NASTY)
            case _:
                other = dice.randrange(len(changed) + 1)
                changed[place : place + length] = changed[other : other + length]
        if not changed:
            break
    return bytes(changed)


def integreat() -> bytes:
    pages = [
        {
            "id": number,
            "path": f"/kreis/de/kurs-{number}/",
            "title": f"Sprachkurs {number}",
            "content": "<p>Montags, <b>9 Uhr</b>, Tel. 02303 271110</p><ul><li>Ausweis</li></ul>",
            "parent": {"id": None, "path": None},
            "available_languages": {"en": {"id": 100 + number, "path": f"/kreis/en/course-{number}/"}},
        }
        for number in range(3)
    ]
    return json.dumps(pages, ensure_ascii=False).encode()


def hsds() -> bytes:
    service = {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Beratung",
        "description": "Beratung zum Aufenthalt",
        "status": "active",
        "organization": {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Verein"},
        "phones": [{"number": "02303 271110", "extension": 5}],
        "schedules": [{"byday": "MO,TU", "opens_at": "09:00Z", "closes_at": "12:00Z"}],
        "minimum_age": 18,
        "languages": [{"code": "ar"}],
        "service_at_locations": [{"location": {"addresses": [{"address_1": "Weg 1", "city": "Unna"}]}}],
    }
    return json.dumps({"contents": [service, service]}).encode()


@short_and_long("files", FUZZED_IN_ANY_RUN, FUZZED)
def test_a_fuzzed_directory_never_crashes_the_reader(tmp_path: Path, files: int, note: Note) -> None:
    dice = random.Random(17)
    path = tmp_path / "Angebote.json"
    refused = 0
    with create_vault(tmp_path / "Tresor", PASSPHRASE, name="Neu", clock=FixedClock(NOW), kdf=CHEAP_KDF).vault as vault:
        desk = build_desk(vault, FixedClock(NOW))
        for number in range(files):
            good, kind = dice.choice(((integreat(), OfferFormat.INTEGREAT), (hsds(), OfferFormat.HSDS)))
            path.write_bytes(fuzzed(good, dice))
            count = desk.offers.count()
            try:
                if number % 10:
                    report = read_offers(path, kind)
                    assert len(report.offers) <= 40
                else:  # every tenth into the vault
                    desk.offers.import_file(path, kind)
            except KnownError as error:
                refused += 1
                assert str(error) and desk.offers.count() == count
        for hit in desk.offers.browse(500).rows:
            desk.offers.get(hit.id)
    assert 0 < refused < files
    note("changed Integreat and HSDS files", files, f"crashes 0; {refused} refused as a whole, the rest read in parts")


def a_zip() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("../../Angebote.json", b"[" + b" " * 5_000_000 + b"]")
    return archive.getvalue()


def _filled(start: bytes, piece: bytes, end: bytes) -> bytes:
    number = (MAXIMUM_BYTES - len(start) - len(end)) // len(piece)
    return start + piece * number + end


HOSTILE: dict[str, Callable[[], bytes]] = {
    "an archive": a_zip,
    "a gzip bomb": lambda: gzip.compress(bytes(50_000_000)),
    "XML with entities": lambda: b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
    "CSV with formulas": lambda: b"name;phone\n=HYPERLINK(1);+49\n" * 1000,
    "UTF-16": lambda: integreat().decode().encode("utf-16"),
    "brackets to the limit": lambda: b"[" * MAXIMUM_BYTES,
    "empty lists to the limit": lambda: _filled(b"[[]", b",[]", b"]"),
    "empty objects to the limit": lambda: _filled(b"[{}", b",{}", b"]"),
    "numbers to the limit": lambda: _filled(b"[0", b",0", b"]"),
    "one number to the limit": lambda: b"9" * MAXIMUM_BYTES,
    "one text to the limit": lambda: _filled(b'"', b"x", b'"'),
    "one title to the limit": lambda: _filled(b'[{"path":"/k/de/a/","title":"', b"x", b'"}]'),
    "pages to the limit": lambda: _filled(
        b'[{"path":"/k/de/z/","title":"z","content":"z"}', b',{"path":"/k/de/a/","title":"a","content":"a"}', b"]"
    ),
    "keys to the limit": lambda: (
        b"{" + b",".join(b'"%d":0' % number for number in range((MAXIMUM_BYTES - 2) // 12)) + b"}"
    ),
    "blanks to the limit": lambda: b" " * MAXIMUM_BYTES,
    "escapes to the limit": lambda: _filled(b'"', b"\\u00e4", b'"'),
    "unclosed marks to the limit of a page": lambda: json.dumps(
        [{"path": f"/k/de/{n}/", "title": "a", "content": "<" * 299_000} for n in range(20)]
    ).encode(),
}


@pytest.mark.faults_long
@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process by Linux's means")
@pytest.mark.parametrize("kind", [OfferFormat.INTEGREAT, OfferFormat.HSDS])
def test_the_worst_files_take_a_bounded_memory(tmp_path: Path, note: Note, kind: OfferFormat) -> None:
    whole = make_whole(tmp_path, cases=0)
    path = tmp_path / "Angebote.json"
    peaks: dict[str, int] = {}
    for name, content in HOSTILE.items():
        path.write_bytes(content())
        worker = subprocess.run(
            [sys.executable, "-m", "tests.faults.import_worker", str(whole.folder), str(path), kind.value],
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert worker.returncode == 0, f"{name}: {worker.stderr[-1500:]}"
        said, peak = worker.stdout.splitlines()
        assert said == "OfferFileError" or said.startswith("added "), f"{name}: {said}"
        peaks[name] = int(peak)
    with whole.open() as vault:
        assert build_desk(vault, FixedClock(NOW)).offers.count() <= 22
    worst = max(peaks, key=lambda name: peaks[name])
    note(
        f"the worst files of up to 50 MB as {kind.value}: archives, XML, CSV, endless brackets, numbers, pages, marks",
        len(HOSTILE),
        f"crashes 0; most memory: {peaks[worst]} MiB above the start ({worst})",
    )


@short_and_long("files", FUZZED_IN_ANY_RUN, FUZZED)
def test_fuzzed_invitations_releases_and_backups_never_crash(tmp_path: Path, files: int, note: Note) -> None:
    dice = random.Random(1717)
    clock = FixedClock(NOW)
    whole = make_whole(tmp_path, cases=1)
    with running_office(tmp_path / "office", clock) as office:
        invitation = office.invite()
        with whole.open() as vault:
            desk = build_desk(vault, clock)
            add_cases(desk, 5)
            stick = tmp_path / "Stick"
            stick.mkdir()
            desk.pushes.enrol(invitation)
            desk.figures.create_release(2026, 3)
            desk.pushes.send(folder=stick)
            (release,) = stick.glob("kim-meldung-*.kimdesk")
            good = release.read_bytes()
            release.unlink()
            backup, wanted = write_backup(vault), content_of(vault)
            for _ in range(files):
                changed = fuzzed(invitation, dice)
                if changed != invitation:
                    with pytest.raises(KnownError):
                        read_invitation(changed)
        note("changed invitations", files, "crashes 0, all refused")
        for number in range(files // 3):
            changed = fuzzed(good, dice)
            (stick / f"kim-meldung-{number}.kimdesk").write_bytes(changed if changed != good else b"")
            (stick / f"kim-anmeldung-{number}.json").write_bytes(fuzzed(invitation, dice))
        report = commands.receive(office.folder, stick, clock=clock)
        assert (report.counted, report.held_back, report.enrolled) == (0, 0, [])
        assert len(report.refused) == files // 3 * 2
        note("changed releases and answers on a stick", files // 3 * 2, "crashes 0, all refused, counted 0")
    opened = refused = 0
    kept = {path.name: path.read_bytes() for path in backup.iterdir()}
    for number in range(files // 5):
        name = dice.choice(sorted(kept))
        (backup / name).write_bytes(fuzzed(kept[name], dice))
        place = tmp_path / f"neu {number}"
        try:
            restore_backup(backup, place)
            with open_vault(place, clock=clock) as vault:
                assert content_of(vault) == wanted
            opened += 1
        except KnownError as error:
            refused += 1
            assert str(error)
        (backup / name).write_bytes(kept[name])
    note(
        "changed backups restored and opened",
        files // 5,
        f"crashes 0; {refused} refused, {opened} opened with every row as it was",
    )
