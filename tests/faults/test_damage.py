"""Faults 8, 9 and 10 over the whole of every file: flipped bits, cut ends, old pages and files put back.

Single ones of each kind are in tests/storage in every test run; here every page, every frame and every byte has a turn.
"""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.foundation.errors import KnownError
from kimdesk.services.desk import build_desk
from kimdesk.storage.vault.errors import (
    AnchorAlarm,
    DatabaseDamaged,
    KeyslotsAltered,
    KeyslotsDamaged,
    VaultAlarm,
    VaultTooNew,
)
from tests.faults.conftest import Note
from tests.faults.harness import NOW, PAGE, Whole, add_case, content_of, make_whole
from tests.faults.worker import PASSPHRASE

pytestmark = pytest.mark.faults_long

# Of each page: the first bytes (the first page's are the file's salt), text, the nonce, the MAC.
PLACES_IN_A_PAGE = (0, 15, 16, 2000, 4015, 4016, 4031, 4032, 4095)
FRAME = 24 + PAGE
WAL_HEAD = 32
WORDS = "Kiesel Hafen Walnuss Tinte"


def refusal(whole: Whole, secret: str = PASSPHRASE) -> KnownError | None:
    """Return what the program says instead of opening the vault, None where it opens. Anything else is a crash."""
    try:
        whole.open(secret).close()
    except KnownError as error:
        return error
    return None


def flipped(content: bytes, position: int, bit: int) -> bytes:
    changed = bytearray(content)
    changed[position] ^= 1 << bit
    return bytes(changed)


@pytest.mark.fault(8)
def test_a_flipped_bit_in_any_page_of_the_database_is_refused(tmp_path: Path, note: Note) -> None:
    whole = make_whole(tmp_path)
    content = (whole.kept / "vault.db").read_bytes()
    dice = random.Random(8)
    tried = 0
    for start in range(0, len(content), PAGE):
        for place in PLACES_IN_A_PAGE:
            whole.again()
            changed = flipped(content, start + place, dice.randrange(8))
            (whole.folder / "vault.db").write_bytes(changed)
            assert isinstance(refusal(whole), DatabaseDamaged), f"byte {start + place}"
            assert (whole.folder / "vault.db").read_bytes() == changed
            tried += 1
    whole.again()
    assert refusal(whole) is None
    note(f"vault.db, {len(PLACES_IN_A_PAGE)} places in each of {len(content) // PAGE} pages", tried, "refused 100 %")


@pytest.mark.fault(8)
def test_a_flipped_bit_in_the_write_ahead_log_is_refused(tmp_path: Path, note: Note) -> None:
    whole = make_whole(tmp_path, crashed=True)
    path = whole.folder / "vault.db-wal"
    content = (whole.kept / path.name).read_bytes()
    dice = random.Random(88)
    heads = [WAL_HEAD + frame for frame in range(0, len(content) - WAL_HEAD, FRAME)]
    positions = [*range(WAL_HEAD), *(head + dice.randrange(FRAME) for head in heads), *(head + 2 for head in heads)]
    for position in positions:
        whole.again()
        path.write_bytes(flipped(content, position, dice.randrange(8)))
        assert isinstance(refusal(whole), (AnchorAlarm, DatabaseDamaged)), f"byte {position}"
    whole.again()
    assert refusal(whole) is None
    note(f"the write-ahead log after a kill, its head and {len(heads)} frames", len(positions), "refused 100 %")


@pytest.mark.fault(8)
def test_a_flipped_bit_in_any_byte_of_the_keyslots_is_healed_or_refused(tmp_path: Path, note: Note) -> None:
    whole = make_whole(tmp_path, cases=1)
    content = (whole.kept / "keyslots.json").read_bytes()
    dice = random.Random(888)
    for position in range(len(content)):
        whole.again()
        (whole.folder / "keyslots.json").write_bytes(flipped(content, position, dice.randrange(8)))
        assert refusal(whole) is None, f"byte {position}"
        assert (whole.folder / "keyslots.json").read_bytes() == content
    note("each byte of keyslots.json, with its copy", len(content), "opened and healed 100 %")

    own_key = json.loads(content)["slots"][0]
    first, last = content.index(own_key["key"].encode()), content.index(own_key["key"].encode()) + len(own_key["key"])
    refused = harmless = other_opened = 0
    for position in range(len(content)):
        whole.again()
        (whole.folder / "keyslots.json.bak").unlink()
        (whole.folder / "keyslots.json").write_bytes(flipped(content, position, dice.randrange(8)))
        said = refusal(whole)
        if said is None:
            # Only a check sum against damage was hit; the MAC vouches for the rest.
            harmless += 1
            assert (whole.folder / "keyslots.json").read_bytes() == content, f"byte {position}"
            continue
        assert isinstance(said, (KeyslotsDamaged, KeyslotsAltered, VaultTooNew)), f"byte {position}: {said!r}"
        refused += 1
        if first <= position < last:
            # A flip that makes the whole file no JSON any more takes every slot with it; hence the copy.
            try:
                whole.open(whole.recovery_key, despite_alarm=True).close()
            except KeyslotsDamaged:
                continue
            other_opened += 1
    assert other_opened > (last - first) // 2
    note(
        "each byte of keyslots.json, its copy gone",
        len(content),
        f"refused {refused}, healed {harmless} (only a check sum was hit); with one slot hit "
        f"the other opened {other_opened} of {last - first} times, else the file was no JSON any more",
    )


@pytest.mark.fault(8)
def test_a_flipped_bit_in_any_byte_of_the_anchor_raises_the_alarm(tmp_path: Path, note: Note) -> None:
    whole = make_whole(tmp_path, cases=1)
    content = (whole.kept / "anchor.json").read_bytes()
    alarms = 0
    for position in range(len(content)):
        for bit in range(8):
            whole.again()
            changed = flipped(content, position, bit)
            (whole.folder / "anchor.json").write_bytes(changed)
            said = refusal(whole)
            if said is None:
                # A letter of a number in base 16 became a capital one, which is the same number.
                assert changed.lower() == content.lower(), f"byte {position}, bit {bit}"
                continue
            assert isinstance(said, AnchorAlarm)
            alarms += 1
    same = len(content) * 8 - alarms
    note("each bit of anchor.json", len(content) * 8, f"alarm {alarms}; {same} only made a letter a capital one")


@pytest.mark.fault(9)
def test_a_cut_end_is_noticed_wherever_it_is_cut(tmp_path: Path, note: Note) -> None:
    whole = make_whole(tmp_path)
    size = (whole.kept / "vault.db").stat().st_size
    dice = random.Random(9)
    borders = list(range(0, size, PAGE))
    cuts = {*borders, *(border + 1 for border in borders), *(dice.randrange(size) for _ in range(100)), size - 1}
    for cut in sorted(cuts):
        whole.again()
        with (whole.folder / "vault.db").open("r+b") as file:
            file.truncate(cut)
        assert isinstance(refusal(whole), DatabaseDamaged), f"cut to {cut} bytes"
    note(f"vault.db, at each of {len(borders)} page borders, beside them and anywhere", len(cuts), "noticed 100 %")

    tried = 0
    for name in ("keyslots.json", "anchor.json"):
        length = (whole.kept / name).stat().st_size
        for cut in range(0, length, 3):
            whole.again()
            (whole.folder / "keyslots.json.bak").unlink()
            with (whole.folder / name).open("r+b") as file:
                file.truncate(cut)
            assert isinstance(refusal(whole), (KeyslotsDamaged, AnchorAlarm)), f"{name} cut to {cut} bytes"
            tried += 1
    note("keyslots.json (its copy gone) and anchor.json, every third byte", tried, "noticed 100 %")


@pytest.mark.fault(9)
def test_a_cut_write_ahead_log_is_noticed(tmp_path: Path, note: Note) -> None:
    whole = make_whole(tmp_path, crashed=True)
    size = (whole.kept / "vault.db-wal").stat().st_size
    borders = list(range(WAL_HEAD, size, FRAME))
    cuts = {0, 1, *borders, *(border + FRAME // 2 for border in borders), size - 1}
    for cut in sorted(cuts):
        whole.again()
        with (whole.folder / "vault.db-wal").open("r+b") as file:
            file.truncate(cut)
        assert isinstance(refusal(whole), (AnchorAlarm, DatabaseDamaged)), f"cut to {cut} bytes"
    note(f"the write-ahead log after a kill, at each of {len(borders)} frame borders", len(cuts), "noticed 100 %")


def grown(tmp_path: Path, states: int, *, crashed: bool) -> tuple[Whole, list[Path]]:
    """Return a vault with copies of all its earlier closed states; the last session may end in a kill."""
    whole = make_whole(tmp_path)
    copies = []
    for number in range(states):
        copies.append(tmp_path / f"Stand {number}")
        shutil.copytree(whole.folder, copies[-1])
        with whole.open() as vault:
            add_case(build_desk(vault, FixedClock(NOW)), f"später {number}")
            vault.change_passphrase(PASSPHRASE)
            if crashed and number == states - 1:
                shutil.rmtree(whole.kept)
                shutil.copytree(whole.folder, whole.kept)
    if not crashed:
        shutil.rmtree(whole.kept)
        shutil.copytree(whole.folder, whole.kept)
    return whole, copies


@pytest.mark.fault(10)
def test_any_old_page_and_any_old_file_put_back_raise_the_alarm(tmp_path: Path, note: Note) -> None:
    whole, copies = grown(tmp_path, 6, crashed=False)
    new = (whole.kept / "vault.db").read_bytes()
    pages = 0
    for copy in copies:
        old = (copy / "vault.db").read_bytes()
        for start in range(0, min(len(old), len(new)), PAGE):
            if old[start : start + PAGE] != new[start : start + PAGE]:
                whole.again()
                (whole.folder / "vault.db").write_bytes(new[:start] + old[start : start + PAGE] + new[start + PAGE :])
                assert isinstance(refusal(whole), (AnchorAlarm, DatabaseDamaged)), (
                    f"page {start // PAGE} of {copy.name}"
                )
                pages += 1
    note("an old page into the closed file, every page that changed, from 6 earlier days", pages, "noticed 100 %")

    files = 0
    for copy in copies:
        for names in (("vault.db",), ("anchor.json",), ("keyslots.json",), ("keyslots.json", "keyslots.json.bak")):
            whole.again()
            for name in names:
                shutil.copy(copy / name, whole.folder / name)
            said = refusal(whole)
            assert isinstance(said, (VaultAlarm, DatabaseDamaged)), f"{names} of {copy.name}: {said!r}"
            files += 1
    note("a whole old vault.db, anchor.json, keyslots.json", files, "noticed 100 %")


@pytest.mark.fault(10)
def test_how_many_old_pages_are_noticed_after_a_kill(tmp_path: Path, note: Note) -> None:
    """A file that was not closed has no seal: what its log and structure do not show stays unseen (decision 031)."""
    whole, copies = grown(tmp_path, 6, crashed=True)
    new = (whole.kept / "vault.db").read_bytes()
    with_log = (whole.kept / "vault.db-wal").read_bytes()
    whole.again()
    with whole.open() as vault:
        wanted = content_of(vault)
    noticed = without_effect = unseen = 0
    for copy in copies[:-1]:
        old = (copy / "vault.db").read_bytes()
        for start in range(0, min(len(old), len(new)), PAGE):
            if old[start : start + PAGE] == new[start : start + PAGE]:
                continue
            whole.again()
            assert (whole.folder / "vault.db-wal").read_bytes() == with_log
            (whole.folder / "vault.db").write_bytes(new[:start] + old[start : start + PAGE] + new[start + PAGE :])
            try:
                with whole.open() as vault:
                    same = content_of(vault) == wanted
            except KnownError:
                noticed += 1
            else:
                without_effect += same
                unseen += not same
    note(
        "an old page into a file left by a kill (no seal, stated limit)",
        noticed + without_effect + unseen,
        f"noticed {noticed}, without effect {without_effect} (newer one in the write-ahead log), unseen {unseen}",
    )
