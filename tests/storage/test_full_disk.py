"""A disk without a free byte, for real: needs the right to mount a small one (root on Linux)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import KeyDerivation, create_vault, unlock
from kimdesk.storage.vault.errors import DiskFull
from kimdesk.storage.vault.reserve import LEAST_BYTES
from kimdesk.storage.vault.vault import OpeningNote
from tests.storage.conftest import SECRET_WORDS, ClosedVault, save_note


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of 12 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root on Linux may mount a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this container may not mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(stopper: Path) -> None:
    """Write a file until not a byte is free."""
    with pytest.raises(OSError, match="No space"), stopper.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_a_save_on_a_disk_that_has_just_filled_up_uses_the_reserve(
    small_disk: Path, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str
) -> None:
    folder = small_disk / "Tresor"
    with create_vault(folder, passphrase, name="Fallakten", clock=clock, kdf=cheap_kdf).vault as vault:
        fill(small_disk / "stopper")
        save_note(vault, "x" * 200_000)
        assert OpeningNote.RESERVE_RELEASED in vault.opening_notes
        assert len(vault.setting("note")) == 200_000
        # What does not fit is refused, and leaves what was there.
        with pytest.raises(DiskFull) as refused:
            save_note(vault, "y" * 3_000_000)
        assert refused.value.message == DiskFull.default_message
        assert len(vault.setting("note")) == 200_000
        (small_disk / "stopper").unlink()
        save_note(vault, "wieder Platz")
    assert (folder / "reserve.bin").exists()
    with unlock(folder, passphrase, clock=clock, kdf=cheap_kdf) as vault:
        assert vault.setting("note") == "wieder Platz"


def test_a_save_that_is_too_large_gives_up_the_reserve_and_fits_at_the_second_try(
    small_disk: Path, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str
) -> None:
    folder = small_disk / "Tresor"
    with create_vault(folder, passphrase, name="Fallakten", clock=clock, kdf=cheap_kdf).vault as vault:
        room = LEAST_BYTES + 200_000
        (small_disk / "stopper").write_bytes(bytes(shutil.disk_usage(small_disk).free - room))
        with pytest.raises(DiskFull) as refused:
            save_note(vault, "x" * (room + 100_000))
        assert refused.value.message == DiskFull.RESERVE_RELEASED
        assert vault.setting("note") is None
        save_note(vault, "x" * (room + 100_000))
        assert len(vault.setting("note")) == room + 100_000


def test_a_vault_on_a_full_disk_says_so_and_opens_when_there_is_room(
    closed: ClosedVault, small_disk: Path, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    folder = small_disk / "Tresor"
    shutil.copytree(closed.folder, folder)
    stopper = small_disk / "stopper"
    (folder / "reserve.bin").unlink()
    fill(stopper)
    with pytest.raises(DiskFull):
        unlock(folder, closed.passphrase, clock=clock, kdf=cheap_kdf)
    assert (folder / "vault.db").read_bytes() == closed.database.read_bytes()
    stopper.unlink()
    with unlock(folder, closed.passphrase, clock=clock, kdf=cheap_kdf) as vault:
        assert vault.setting("note") == SECRET_WORDS


def test_a_full_disk_gives_up_the_reserve_so_that_the_vault_opens_and_a_form_is_kept(
    closed: ClosedVault, small_disk: Path, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    folder = small_disk / "Tresor"
    shutil.copytree(closed.folder, folder)
    fill(small_disk / "stopper")
    with unlock(folder, closed.passphrase, clock=clock, kdf=cheap_kdf) as vault:
        assert OpeningNote.RESERVE_RELEASED in vault.opening_notes
        assert not (folder / "reserve.bin").exists()
        save_note(vault, "noch gespeichert")
        assert vault.setting("note") == "noch gespeichert"
    (small_disk / "stopper").unlink()
    with unlock(folder, closed.passphrase, clock=clock, kdf=cheap_kdf) as vault:
        assert vault.setting("note") == "noch gespeichert"
        assert OpeningNote.RESERVE_RELEASED not in vault.opening_notes
        assert (folder / "reserve.bin").exists()
