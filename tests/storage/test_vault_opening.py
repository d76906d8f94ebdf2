"""Creating and opening a vault: passphrase, recovery key, waiting time, one program at a time."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import STANDARD, KeyDerivation, SlotKind, create_vault, read_log, unlock, vault_info
from kimdesk.storage.vault.errors import (
    FolderNotEmpty,
    KeyslotsDamaged,
    LastSlot,
    NotAVault,
    PassphraseTooShort,
    PleaseWait,
    SlotExpired,
    VaultExists,
    VaultInUse,
    WrongPassphrase,
)
from kimdesk.storage.vault.keyslots import read_header
from tests.storage.conftest import SECRET_WORDS, ClosedVault


def test_passphrase_and_recovery_key_open_the_same_data(closed: ClosedVault) -> None:
    for secret in (closed.passphrase, closed.recovery_key):
        with closed.open(secret) as vault:
            assert vault.setting("note") == SECRET_WORDS


def test_a_recovery_key_may_be_typed_carelessly(closed: ClosedVault) -> None:
    key = closed.recovery_key
    for typed in (key.lower(), key.replace("-", " "), key.replace("-", ""), f" {key}\n", key.replace("0", "o")):
        with closed.open(typed) as vault:
            assert vault.setting("note") == SECRET_WORDS


def test_umlauts_count_as_the_same_however_they_are_typed(closed: ClosedVault) -> None:
    decomposed = closed.passphrase.replace("ü", "u\u0308")
    assert decomposed != closed.passphrase
    closed.open(decomposed).close()


def test_wrong_passphrases_make_the_next_try_wait_longer_and_longer(closed: ClosedVault, clock: FixedClock) -> None:
    waits = []
    for _ in range(9):
        with pytest.raises(WrongPassphrase) as error:
            closed.open("ganz falsche Wörter")
        waits.append(error.value.seconds)
        clock.advance(timedelta(seconds=error.value.seconds))
    assert waits == [0, 0, 2, 4, 8, 16, 32, 60, 60]


def test_during_the_waiting_time_even_the_right_passphrase_is_not_tried(closed: ClosedVault, clock: FixedClock) -> None:
    for _ in range(4):
        clock.advance(timedelta(minutes=2))
        with pytest.raises(WrongPassphrase):
            closed.open("ganz falsche Wörter")
    clock.advance(timedelta(seconds=1))
    with pytest.raises(PleaseWait) as error:
        closed.open()
    assert error.value.seconds == 3
    assert vault_info(closed.folder, clock).seconds_to_wait == 3
    clock.advance(timedelta(seconds=3))
    with closed.open() as vault, vault.reader() as connection:
        actions = [row.action for row in read_log(connection)]
    assert actions[:5] == ["unlock"] + ["unlock_failed"] * 4
    assert not (closed.folder / "unlock.json").exists()


def test_a_clock_put_back_locks_nobody_out(closed: ClosedVault, clock: FixedClock) -> None:
    for _ in range(8):
        clock.advance(timedelta(minutes=2))
        with pytest.raises(WrongPassphrase):
            closed.open("ganz falsche Wörter")
    clock.advance(timedelta(days=-365))
    closed.open().close()


def test_failed_unlocks_leave_times_and_nothing_else(closed: ClosedVault) -> None:
    with pytest.raises(WrongPassphrase):
        closed.open("ganz falsche Wörter")
    assert json.loads((closed.folder / "unlock.json").read_text("utf-8")) == {"failed": ["2026-11-20T08:30:00+00:00"]}


def test_a_second_program_is_refused_while_the_first_runs(closed: ClosedVault) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom kimdesk.storage.vault.lock_file import VaultLock\n"
        "lock = VaultLock(Path(sys.argv[1]))\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(closed.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    try:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(VaultInUse):
            closed.open()
    finally:
        other.kill()
        other.communicate()
    # Killed without any chance to tidy up, and no file has to be removed by hand.
    assert (closed.folder / "vault.lock").exists()
    closed.open().close()


def test_the_same_program_cannot_open_it_twice(closed: ClosedVault) -> None:
    with closed.open(), pytest.raises(VaultInUse):
        closed.open()


def test_a_new_vault_touches_nothing_that_is_there(
    closed: ClosedVault, tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    with pytest.raises(VaultExists):
        create_vault(closed.folder, closed.passphrase, name="Neu", clock=clock, kdf=cheap_kdf)
    other = tmp_path / "Papiere"
    other.mkdir()
    (other / "Brief.txt").write_text("wichtig", encoding="utf-8")
    with pytest.raises(FolderNotEmpty):
        create_vault(other, closed.passphrase, name="Neu", clock=clock, kdf=cheap_kdf)
    with pytest.raises(PassphraseTooShort):
        create_vault(tmp_path / "kurz", "kurz", name="Neu", clock=clock, kdf=cheap_kdf)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["Papiere", "Tresor"]
    closed.open().close()


def test_a_folder_without_a_vault_stays_as_it_is(tmp_path: Path, clock: FixedClock) -> None:
    for folder in (tmp_path, tmp_path / "gibt es nicht"):
        with pytest.raises(NotAVault):
            unlock(folder, "irgendein Satz", clock=clock)
        with pytest.raises(NotAVault):
            vault_info(folder, clock)
    assert list(tmp_path.iterdir()) == []


def test_the_programs_own_derivation_refuses_a_vault_with_a_cheaper_one(closed: ClosedVault, clock: FixedClock) -> None:
    with pytest.raises(KeyslotsDamaged):
        unlock(closed.folder, closed.passphrase, clock=clock)
    assert (STANDARD.floor.memory_bytes, STANDARD.floor.passes) == (64 * 2**20, 3)


def test_a_demo_vault_says_so_before_it_is_open(tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation) -> None:
    folder = tmp_path / "Demo"
    with create_vault(folder, "Demo ohne Geheimnis", name="Demo", clock=clock, kdf=cheap_kdf, demo=True).vault as vault:
        assert vault.is_demo
    info = vault_info(folder, clock)
    assert (info.name, info.demo_passphrase) == ("Demo", "Demo ohne Geheimnis")
    assert info.created_at == clock.now()


def test_a_demo_vault_opens_with_the_programs_own_derivation(tmp_path: Path, clock: FixedClock) -> None:
    folder = tmp_path / "Demo"
    create_vault(folder, "Demo ohne Geheimnis", name="Demo", clock=clock, demo=True).vault.close()
    costs = {(slot.cost.memory_bytes, slot.cost.passes) for slot in read_header(folder).slots}
    assert costs == {(64 * 2**20, 3)}
    unlock(folder, "Demo ohne Geheimnis", clock=clock).close()


def test_a_real_vault_keeps_its_passphrase_out_of_every_file(closed: ClosedVault, clock: FixedClock) -> None:
    assert not vault_info(closed.folder, clock).is_demo
    secrets = [closed.passphrase, closed.recovery_key, closed.recovery_key.replace("-", "")]
    for path in closed.folder.rglob("*"):
        if path.is_file():
            assert not any(secret.encode() in path.read_bytes() for secret in secrets), path.name


def test_a_changed_passphrase_replaces_the_old_one(closed: ClosedVault, clock: FixedClock) -> None:
    with closed.open() as vault:
        vault.change_passphrase("Winter Kachel Orgel Mohn")
    with pytest.raises(WrongPassphrase):
        closed.open()
    for secret in ("Winter Kachel Orgel Mohn", closed.recovery_key):
        with closed.open(secret) as vault:
            assert vault.setting("note") == SECRET_WORDS


def test_who_forgot_the_passphrase_sets_a_new_one_with_the_recovery_key(closed: ClosedVault) -> None:
    with closed.open(closed.recovery_key) as vault:
        vault.change_passphrase("Winter Kachel Orgel Mohn")
        assert sorted(access.kind for access in vault.accesses()) == [SlotKind.RECOVERY, SlotKind.USER]
    closed.open("Winter Kachel Orgel Mohn").close()
    closed.open(closed.recovery_key).close()


def test_a_renewed_recovery_key_replaces_the_old_one(closed: ClosedVault) -> None:
    with closed.open() as vault:
        renewed = vault.renew_recovery_key()
    with pytest.raises(WrongPassphrase):
        closed.open(closed.recovery_key)
    closed.open(renewed).close()


def test_a_deputy_has_a_passphrase_of_their_own_until_it_ends(closed: ClosedVault, clock: FixedClock) -> None:
    ends = datetime(2026, 12, 1, tzinfo=UTC)
    words = "Kiesel Hafen Walnuss Tinte"
    with closed.open() as vault:
        access = vault.add_access(words, kind=SlotKind.DEPUTY, label="Vertretung", expires_at=ends)
    with closed.open(words) as vault, vault.reader() as connection:
        assert vault.slot_id == access.id.hex
        assert read_log(connection)[0].slot == access.id.hex
    clock.advance(timedelta(days=30))
    with pytest.raises(SlotExpired):
        closed.open(words)
    with closed.open() as vault:
        vault.remove_access(access.id)
        with pytest.raises(LastSlot):
            vault.remove_access(next(each.id for each in vault.accesses() if each.kind is SlotKind.USER))
    with pytest.raises(WrongPassphrase):
        closed.open(words)
