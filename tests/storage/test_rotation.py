"""Changing the vault's key: what is revoked opens nothing any more, the rest opens everything, killed or not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import (
    KeyDerivation,
    SlotKind,
    Vault,
    backups_of,
    check_vault,
    read_log,
    restore_backup,
    unlock,
    write_backup,
)
from kimdesk.storage.vault import crash, state
from kimdesk.storage.vault.errors import AnchorAlarm, DatabaseDamaged, KeyslotsAltered, WrongPassphrase
from kimdesk.storage.vault.keyslots import read_header
from kimdesk.storage.vault.rotation import OldBackups, RotationStep, finish_backups, rotate_key
from kimdesk.storage.vault.slot import carried_over
from tests.storage.conftest import SECRET_WORDS, ClosedVault, save_note

DEPUTY = "Kompass Regen Birne Tinte"
SECOND = "Kiesel Hafen Walnuss Mohn"
ROTATION_POINTS = tuple(point for point in crash.POINTS if point.startswith("rotation."))


class Killed(BaseException):
    """Stands for the end of the process; nothing of the program catches it."""


@dataclass(frozen=True)
class Shared:
    """A closed vault with two deputies and a backup from when both could open it."""

    closed: ClosedVault
    backup: Path
    deputy: str

    @property
    def folder(self) -> Path:
        return self.closed.folder

    def slot_id(self, vault: Vault, label: str) -> set[object]:
        return {access.id for access in vault.accesses() if access.label == label}

    def rotate(self, vault: Vault, old_backups: OldBackups = OldBackups.REENCRYPT) -> None:
        drop = {access.id for access in vault.accesses() if access.label == "Vertretung 1"}
        rotate_key(vault, self.closed.passphrase, drop=drop, old_backups=old_backups)
        finish_backups(vault)


@pytest.fixture
def shared_vault(closed: ClosedVault) -> Shared:
    with closed.open() as vault:
        vault.add_access(DEPUTY, kind=SlotKind.DEPUTY, label="Vertretung 1")
        vault.add_access(SECOND, kind=SlotKind.DEPUTY, label="Vertretung 2")
        backup = write_backup(vault)
        save_note(vault, "nach der Sicherung")
    return Shared(closed, backup, DEPUTY)


@pytest.fixture
def no_hook() -> Iterator[None]:
    yield
    crash.hook = None


def test_a_revoked_access_opens_neither_the_vault_nor_its_backups_and_all_others_open_both(
    shared_vault: Shared, tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    closed = shared_vault.closed
    with closed.open() as vault:
        shared_vault.rotate(vault)
        save_note(vault, "danach")
        assert all(finding.is_good for finding in check_vault(vault))
    with pytest.raises(WrongPassphrase):
        closed.open(DEPUTY)
    for secret in (closed.passphrase, SECOND, closed.recovery_key):
        with closed.open(secret) as vault:
            assert vault.setting("note") == "danach"
            with vault.reader() as connection:
                vault.chain.verify(connection)
    (backup,) = backups_of(closed.folder)
    for number, secret in enumerate((closed.passphrase, SECOND, closed.recovery_key)):
        place = tmp_path / f"anderswo {number}"
        restore_backup(backup, place)
        with unlock(place, secret, clock=clock, kdf=cheap_kdf) as restored:
            assert restored.setting("note") == SECRET_WORDS
            assert all(finding.is_good for finding in check_vault(restored))
    restore_backup(backup, tmp_path / "fremd")
    with pytest.raises(WrongPassphrase):
        unlock(tmp_path / "fremd", DEPUTY, clock=clock, kdf=cheap_kdf)


def test_the_old_key_is_in_no_file_of_the_vault_any_more(shared_vault: Shared) -> None:
    with shared_vault.closed.open() as vault:
        old = vault.ring.key.raw()
        shared_vault.rotate(vault)
        assert vault.ring.key.raw() != old
        assert vault.setting(state.ROTATION) is None
    names = {path.name for path in shared_vault.folder.rglob("*") if path.is_file()}
    assert names == {
        "vault.db",
        "keyslots.json",
        "keyslots.json.bak",
        "anchor.json",
        "vault.lock",
        "reserve.bin",
        "manifest.json",
    }


def test_old_backups_are_deleted_where_that_was_asked_for(shared_vault: Shared) -> None:
    with shared_vault.closed.open() as vault:
        shared_vault.rotate(vault, OldBackups.DELETE)
    assert backups_of(shared_vault.folder) == ()


def test_the_log_goes_on_under_the_new_key_and_names_the_revoked_access(shared_vault: Shared) -> None:
    with shared_vault.closed.open() as vault:
        with vault.reader() as connection:
            before = read_log(connection, limit=10_000)
            heads = vault.chain.head(connection)
        shared_vault.rotate(vault)
        shared_vault.rotate(vault)
    with shared_vault.closed.open() as vault, vault.reader() as connection:
        after = read_log(connection, limit=10_000)
        assert after[-len(before) :] == before
        assert [row.action for row in after].count("key_rotated") == 2
        vault.chain.verify(connection)
        vault.chain.verify(connection, anchor=heads)  # a head kept elsewhere since before still fits
    with shared_vault.closed.open() as vault:
        assert "Vertretung 1" in {entry["label"] for entry in vault.setting(state.FORMER_ACCESSES).values()}


def test_a_slot_wraps_the_key_itself_again_as_soon_as_it_has_opened_the_vault(shared_vault: Shared) -> None:
    with shared_vault.closed.open() as vault:
        shared_vault.rotate(vault)

    def boxed() -> set[str]:
        content = json.loads((shared_vault.folder / "keyslots.json").read_text("utf-8"))
        return {slot["label"] or slot["kind"] for slot in content["slots"] if slot["boxed"]}

    assert boxed() == {"Vertretung 2", "recovery"}
    shared_vault.closed.open(SECOND).close()
    assert boxed() == {"recovery"}


def test_somebody_without_the_vault_s_sender_cannot_box_a_key_of_their_own(
    shared_vault: Shared, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    """Else a thief could put a vault of their own in the place of this one, and read what is written into it."""
    header = read_header(shared_vault.folder)
    with shared_vault.closed.open() as vault:
        forged = carried_over(header.slots[0], vault.ring.key, PrivateKey.generate())
    path = shared_vault.folder / "keyslots.json"
    content = json.loads(path.read_text("utf-8"))
    content["slots"][0].update(key="", nonce="", boxed=forged.boxed.hex())
    from tests.storage.test_keyslots import change_header

    change_header(shared_vault.folder, lambda found: found["slots"][0].update(content["slots"][0]))
    with pytest.raises(WrongPassphrase):
        shared_vault.closed.open()


def test_the_wrong_passphrase_changes_nothing(shared_vault: Shared) -> None:
    with shared_vault.closed.open() as vault:
        before = (shared_vault.folder / "keyslots.json").read_bytes()
        with pytest.raises(WrongPassphrase):
            rotate_key(vault, DEPUTY, drop=(), old_backups=OldBackups.DELETE)
        assert (shared_vault.folder / "keyslots.json").read_bytes() == before
        save_note(vault, "weiter")
    shared_vault.closed.open(DEPUTY).close()


def test_progress_is_told_in_the_order_of_the_steps(shared_vault: Shared) -> None:
    told: list[tuple[RotationStep, float]] = []
    with shared_vault.closed.open() as vault:
        rotate_key(
            vault,
            shared_vault.closed.passphrase,
            drop=(),
            old_backups=OldBackups.REENCRYPT,
            progress=lambda step, share: told.append((step, share)),
        )
        finish_backups(vault, lambda step, share: told.append((step, share)))
    steps = [step for step, _ in told]
    assert list(dict.fromkeys(steps)) == list(RotationStep)
    assert steps == sorted(steps, key=list(RotationStep).index)
    assert all(0 <= share <= 1 for _, share in told)


def test_an_access_that_has_ended_is_not_carried_over(shared_vault: Shared, clock: FixedClock) -> None:
    with shared_vault.closed.open() as vault:
        vault.add_access(
            "Orgel Distel Fjord Kerze", kind=SlotKind.DEPUTY, label="x", expires_at=clock.now() + timedelta(1)
        )
        clock.advance(timedelta(days=2))
        shared_vault.rotate(vault)
        assert {access.label for access in vault.accesses()} == {"", "Vertretung 2"}


@pytest.mark.usefixtures("no_hook")
@pytest.mark.parametrize(
    ("point", "old_backups"),
    [(point, OldBackups.REENCRYPT) for point in ROTATION_POINTS]
    + [(point, OldBackups.DELETE) for point in ("rotation.swapped", "rotation.backup", "rotation.backups")],
)
def test_killed_at_any_point_every_kept_access_opens_and_the_next_unlock_settles_it(
    shared_vault: Shared, point: str, old_backups: OldBackups
) -> None:
    closed = shared_vault.closed

    def kill(passed: str) -> None:
        if passed == point:
            raise Killed

    vault = closed.open()
    crash.hook = kill
    with pytest.raises(Killed):
        shared_vault.rotate(vault, old_backups)
    crash.hook = None
    # What a killed process leaves: nothing is closed, only the lock is gone.
    vault.release_lock()
    done = (shared_vault.folder / "rotation" / "ready").exists() or point.startswith(
        ("rotation.swapped", "rotation.backup")
    )
    with closed.open() as again:
        assert again.setting("note") == "nach der Sicherung"
        finish_backups(again)
        assert all(finding.is_good for finding in check_vault(again))
        assert again.setting(state.ROTATION) is None
    assert not (shared_vault.folder / "rotation").exists()
    for secret in (SECOND, closed.recovery_key):
        closed.open(secret).close()
    if done:
        with pytest.raises(WrongPassphrase):
            closed.open(DEPUTY)
    else:
        closed.open(DEPUTY).close()
    expected = 0 if done and old_backups is OldBackups.DELETE else 1
    assert len(backups_of(shared_vault.folder)) == expected
    assert not [path for path in (shared_vault.folder / "backups").iterdir() if path.name.startswith(".")] or not done


def test_a_planted_rotation_folder_with_foreign_files_raises_an_alarm(shared_vault: Shared, tmp_path: Path) -> None:
    planted = shared_vault.folder / "rotation"
    planted.mkdir()
    shutil.copy(shared_vault.backup / "vault.db", planted / "vault.db")
    (planted / "ready").touch()
    with pytest.raises((AnchorAlarm, DatabaseDamaged, KeyslotsAltered)):
        shared_vault.closed.open()
