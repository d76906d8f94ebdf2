"""Backups on a schedule and by hand, in two places, and what happens when one of them is away."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.clock import FixedClock
from kimdesk.i18n import render_error
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.vault import NoticeKind, explain_alarm, open_vault
from kimdesk.services.vault_backups import (
    BackupReason,
    BackupSettings,
    OutcomeState,
    PlaceCondition,
    backups_in,
    discard_kept,
    preview_backup,
    restore_vault,
)
from kimdesk.storage import KeyDerivation, Vault, vault_exists
from kimdesk.storage.vault import crash
from kimdesk.storage.vault.errors import (
    AnchorAlarm,
    BackupOfAnotherVault,
    DatabaseDamaged,
    FolderNotEmpty,
    NotAVault,
    VaultInUse,
    WrongPassphrase,
)
from tests.services.support import CoordinatingOffice, add_cases

RESTORE_POINTS = tuple(point for point in crash.POINTS if point.startswith("restore."))
BACKUP_POINTS = tuple(point for point in crash.POINTS if point.startswith("backup."))


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def kill_at() -> Iterator[list[str]]:
    """Give a list; the program dies at the point that is put into it."""
    points: list[str] = []

    def kill(passed: str) -> None:
        if passed in points:
            raise Killed

    crash.hook = kill
    yield points
    crash.hook = None


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "Stick"
    place.mkdir()
    return place


def states(outcomes: tuple[object, ...]) -> list[object]:
    return [outcome.state for outcome in outcomes]  # type: ignore[attr-defined]


def test_the_schedule_fills_both_places_with_the_same_state_and_waits_a_day(
    desk: Desk, vault: Vault, stick: Path, clock: FixedClock
) -> None:
    desk.backups.save_settings(BackupSettings(second_place=stick))
    assert desk.backups.is_due()
    own, second = desk.backups.run_due()
    assert states((own, second)) == [OutcomeState.MADE, OutcomeState.MADE]
    assert own.backup is not None and second.backup is not None
    assert (own.backup / "vault.db").read_bytes() == (second.backup / "vault.db").read_bytes()
    assert not desk.backups.is_due()
    assert states(desk.backups.run_due()) == [OutcomeState.NOT_DUE, OutcomeState.NOT_DUE]
    for info in desk.backups.list():
        desk.backups.verify(info.path)
        assert (info.reason, info.vault_id, info.made_at) == (BackupReason.SCHEDULED, vault.id, clock.now())
    clock.advance(timedelta(hours=25))
    assert desk.backups.is_due()


def test_an_absent_stick_is_a_state_and_no_failure(desk: Desk, tmp_path: Path, stick: Path, clock: FixedClock) -> None:
    desk.backups.save_settings(BackupSettings(second_place=stick))
    desk.backups.run_due()
    stick.rename(tmp_path / "abgezogen")
    clock.advance(timedelta(days=2))
    assert states(desk.backups.run_due()) == [OutcomeState.MADE, OutcomeState.ABSENT]
    assert not stick.exists()
    own, second = desk.backups.places()
    assert (own.state, own.count, second.state, second.count) == (PlaceCondition.READY, 2, PlaceCondition.ABSENT, 0)
    assert NoticeKind.BACKUP_PLACE_MISSING in {notice.kind for notice in desk.vault.health()}
    assert not desk.backups.is_due()
    (tmp_path / "abgezogen").rename(stick)
    assert desk.backups.is_due()
    assert states(desk.backups.run_due()) == [OutcomeState.NOT_DUE, OutcomeState.MADE]


def test_old_scheduled_backups_make_way_and_those_made_by_hand_stay(desk: Desk, stick: Path, clock: FixedClock) -> None:
    desk.backups.save_settings(BackupSettings(second_place=stick, daily=2, weekly=1, monthly=1))
    by_hand = desk.backups.back_up_now()[0].backup
    for _ in range(4):
        clock.advance(timedelta(days=1))
        desk.backups.run_due()
    for place in desk.backups.places():
        assert place.count == 3
    assert by_hand in {info.path for info in desk.backups.list()}


def test_no_backup_for_a_week_is_told(desk: Desk, clock: FixedClock) -> None:
    assert NoticeKind.BACKUP_OLD not in {notice.kind for notice in desk.vault.health()}
    clock.advance(timedelta(days=8))
    assert NoticeKind.BACKUP_OLD in {notice.kind for notice in desk.vault.health()}
    desk.backups.run_due()
    assert NoticeKind.BACKUP_OLD not in {notice.kind for notice in desk.vault.health()}


def test_settings_that_make_no_sense_are_refused(desk: Desk, vault: Vault) -> None:
    for settings, field in (
        (BackupSettings(every_hours=0), "every_hours"),
        (BackupSettings(daily=0), "daily"),
        (BackupSettings(second_place=vault.folder / "backups"), "second_place"),
    ):
        with pytest.raises(RuleBroken) as refused:
            desk.backups.save_settings(settings)
        assert refused.value.field_name == field
    assert desk.backups.settings() == BackupSettings()


def test_only_own_backups_are_deleted(desk: Desk, vault: Vault, tmp_path: Path) -> None:
    backup = desk.backups.back_up_now()[0].backup
    assert backup is not None
    for other in (vault.folder, tmp_path, tmp_path / "nichts"):
        with pytest.raises(BackupOfAnotherVault):
            desk.backups.delete(other)
    desk.backups.delete(backup)
    assert desk.backups.list() == ()


@pytest.mark.parametrize("point", BACKUP_POINTS)
def test_killed_at_any_point_the_backup_before_is_kept_and_nothing_half_counts(
    desk: Desk, stick: Path, clock: FixedClock, kill_at: list[str], point: str
) -> None:
    desk.backups.save_settings(BackupSettings(second_place=stick, daily=1, weekly=1, monthly=1))
    for _ in range(3):
        desk.backups.run_due()
        clock.advance(timedelta(days=2))
    before = {info.path for info in desk.backups.list()}
    newest = {place.last_at for place in desk.backups.places()}
    kill_at.append(point)
    with pytest.raises(Killed):
        desk.backups.run_due()
    kill_at.clear()
    for info in desk.backups.list():
        desk.backups.verify(info.path)
    assert newest <= {info.made_at for info in desk.backups.list() if info.path in before}
    clock.advance(timedelta(days=2))
    desk.backups.run_due()
    assert not [path for place in desk.backups.places() for path in place.path.iterdir() if path.name.startswith(".")]


# --- bringing one back ------------------------------------------------------------------------------------------------


def test_a_preview_says_what_is_in_a_backup_and_writes_nothing(
    desk: Desk, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str, stick: Path
) -> None:
    add_cases(desk, 3)
    (made,) = desk.backups.back_up_now(stick)
    (info,) = backups_in(stick)
    assert info.path == made.backup and backups_in(info.path) == (info,)
    before = {path.name: path.read_bytes() for path in info.path.iterdir()}
    seen = preview_backup(info.path, passphrase, clock=clock, kdf=cheap_kdf)
    assert (seen.cases, seen.persons, seen.info.made_at, seen.info.schema) == (
        3,
        seen.persons,
        clock.now(),
        seen.schema,
    )
    with pytest.raises(WrongPassphrase):
        preview_backup(info.path, "das ist sie nicht", clock=clock, kdf=cheap_kdf)
    assert {path.name: path.read_bytes() for path in info.path.iterdir()} == before
    (info.path / "vault.db").write_bytes(before["vault.db"][:-4096])
    with pytest.raises(DatabaseDamaged):
        preview_backup(info.path, passphrase, clock=clock, kdf=cheap_kdf)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs root to mount a read-only stick")
def test_a_backup_on_a_read_only_stick_is_looked_into_and_restored(
    desk: Desk, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str, stick: Path, tmp_path: Path
) -> None:
    (made,) = desk.backups.back_up_now(stick)
    assert made.backup is not None
    for path in (*made.backup.iterdir(), made.backup):
        path.chmod(path.stat().st_mode & ~0o222)
    before = sorted(path.name for path in made.backup.iterdir())
    assert preview_backup(made.backup, passphrase, clock=clock, kdf=cheap_kdf).cases == 0
    restore_vault(made.backup, tmp_path / "Neu", passphrase, clock=clock, kdf=cheap_kdf)
    open_vault(tmp_path / "Neu", passphrase, clock=clock, kdf=cheap_kdf).close()
    assert sorted(path.name for path in made.backup.iterdir()) == before


def test_restoring_over_a_vault_keeps_it_aside_until_it_is_thrown_away(
    desk: Desk, vault: Vault, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str, stick: Path
) -> None:
    desk.cases.save_draft("page:x", {"stand": "gesichert"})
    (made,) = desk.backups.back_up_now(stick)
    desk.cases.save_draft("page:x", {"stand": "danach"})
    assert made.backup is not None
    with pytest.raises(VaultInUse):
        restore_vault(made.backup, vault.folder, passphrase, clock=clock, kdf=cheap_kdf, replace=True)
    desk.close()
    with pytest.raises(WrongPassphrase):
        restore_vault(made.backup, vault.folder, "falsch geraten!", clock=clock, kdf=cheap_kdf, replace=True)
    restored = restore_vault(made.backup, vault.folder, passphrase, clock=clock, kdf=cheap_kdf, replace=True)
    assert restored.kept_aside is not None
    again = build_desk(open_vault(vault.folder, passphrase, clock=clock, kdf=cheap_kdf), clock)
    assert again.cases.load_draft("page:x") == {"stand": "gesichert"}
    assert all(finding.is_good for finding in again.vault.check())
    again.close()
    aside = build_desk(open_vault(restored.kept_aside, passphrase, clock=clock, kdf=cheap_kdf), clock)
    assert aside.cases.load_draft("page:x") == {"stand": "danach"}
    aside.close()
    with pytest.raises(NotAVault):
        discard_kept(vault.folder)
    discard_kept(restored.kept_aside)
    assert not restored.kept_aside.exists() and vault_exists(vault.folder)
    papers = stick / "Papiere"
    papers.mkdir()
    (papers / "Brief.txt").write_text("wichtig", encoding="utf-8")
    with pytest.raises(FolderNotEmpty):
        restore_vault(made.backup, papers, passphrase, clock=clock, kdf=cheap_kdf, replace=True)
    assert (papers / "Brief.txt").exists()


@pytest.mark.parametrize("point", RESTORE_POINTS)
def test_killed_at_any_point_of_restoring_the_old_or_the_new_vault_is_there(
    desk: Desk,
    vault: Vault,
    clock: FixedClock,
    cheap_kdf: KeyDerivation,
    passphrase: str,
    stick: Path,
    kill_at: list[str],
    point: str,
) -> None:
    desk.cases.save_draft("page:x", {"stand": "gesichert"})
    (made,) = desk.backups.back_up_now(stick)
    desk.cases.save_draft("page:x", {"stand": "danach"})
    desk.close()
    kill_at.append(point)
    assert made.backup is not None
    with pytest.raises(Killed):
        restore_vault(made.backup, vault.folder, passphrase, clock=clock, kdf=cheap_kdf, replace=True)
    kill_at.clear()
    assert vault_exists(vault.folder)
    again = build_desk(open_vault(vault.folder, passphrase, clock=clock, kdf=cheap_kdf), clock)
    restored = point in ("restore.aside", "restore.placed")
    assert again.cases.load_draft("page:x") == {"stand": "gesichert" if restored else "danach"}
    assert all(finding.is_good for finding in again.vault.check())
    again.close()


# --- an old folder put back -------------------------------------------------------------------------------------------


def test_the_whole_folder_put_back_is_noticed_by_the_stick_and_explained(
    desk: Desk, vault: Vault, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str, stick: Path, tmp_path: Path
) -> None:
    desk.backups.save_settings(BackupSettings(second_place=stick))
    desk.close()
    shutil.copytree(vault.folder, tmp_path / "alt")

    def sit_down(*, despite_alarm: bool = False) -> Desk:
        opened = open_vault(vault.folder, passphrase, clock=clock, kdf=cheap_kdf, despite_alarm=despite_alarm)
        return build_desk(opened, clock)

    again = sit_down()
    add_cases(again, 2)
    again.backups.run_due()
    again.close()
    shutil.rmtree(vault.folder)
    shutil.copytree(tmp_path / "alt", vault.folder)
    with pytest.raises(AnchorAlarm) as noticed:
        sit_down()
    assert "20.11.2026" in render_error(noticed.value)
    explained = explain_alarm(noticed.value)
    assert explained is not None and explained.title and explained.meaning and explained.todo
    clock.advance(timedelta(minutes=1))
    forced = sit_down(despite_alarm=True)
    assert forced.vault.health()[0].kind is NoticeKind.ALARM_OVERRULED
    forced.close()
    sit_down().close()  # it was decided once; from here on the vault goes its own way


def test_a_vault_that_was_restored_on_purpose_raises_no_alarm(
    desk: Desk, vault: Vault, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str, stick: Path
) -> None:
    desk.backups.save_settings(BackupSettings(second_place=stick))
    first = desk.backups.run_due()[1].backup
    clock.advance(timedelta(days=2))
    add_cases(desk, 2)
    desk.backups.run_due()
    desk.close()
    clock.advance(timedelta(hours=1))
    assert first is not None
    restore_vault(first, vault.folder, passphrase, clock=clock, kdf=cheap_kdf, replace=True)
    again = build_desk(open_vault(vault.folder, passphrase, clock=clock, kdf=cheap_kdf), clock)
    assert all(finding.is_good for finding in again.vault.check())
    assert "restore" in {row.action for row in again.vault.log()}
    again.close()


def test_the_whole_folder_put_back_is_noticed_by_the_coordinating_office(
    desk: Desk,
    vault: Vault,
    office: CoordinatingOffice,
    clock: FixedClock,
    cheap_kdf: KeyDerivation,
    passphrase: str,
    tmp_path: Path,
) -> None:
    """No stick was ever plugged in; but the office already has another release under the number."""
    add_cases(desk, 30)
    desk.pushes.enrol(office.invite())
    desk.close()
    shutil.copytree(vault.folder, tmp_path / "alt")

    def release() -> Desk:
        again = build_desk(open_vault(vault.folder, passphrase, clock=clock, kdf=cheap_kdf), clock)
        again.cases.save_draft("page:x", {})
        again.figures.preview_release(2026, 3)
        again.figures.create_release(2026, 3)
        again.pushes.send()
        return again

    again = release()
    assert NoticeKind.OFFICE_KNOWS_MORE not in {notice.kind for notice in again.vault.health()}
    again.close()
    shutil.rmtree(vault.folder)
    shutil.copytree(tmp_path / "alt", vault.folder)
    clock.advance(timedelta(hours=1))
    again = release()
    assert again.vault.health()[0].kind is NoticeKind.OFFICE_KNOWS_MORE
    again.vault.office_notice_is_read()
    assert NoticeKind.OFFICE_KNOWS_MORE not in {notice.kind for notice in again.vault.health()}
    again.close()
