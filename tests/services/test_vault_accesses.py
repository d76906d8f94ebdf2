"""Deputies, the recovery key, and revoking: as somebody at the desk does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.clock import FixedClock
from kimdesk.i18n import _, render_error
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.vault import (
    DeputyMayNot,
    NewVault,
    NoticeKind,
    OldBackups,
    make_vault,
    open_vault,
    recovery_sheet,
    unknown_recovery_words,
)
from kimdesk.services.vault_backups import BackupSettings
from kimdesk.storage import KeyDerivation
from kimdesk.storage.vault.errors import SlotExpired, WrongPassphrase

PASSPHRASE = "Apfel Brücke Segel Laterne"
DEPUTY = "Kompass Regen Birne Tinte"


@dataclass(frozen=True)
class Office:
    """A closed vault and how to sit down at it."""

    folder: Path
    recovery_key: str
    clock: FixedClock
    sit_down: Callable[..., Desk]


@pytest.fixture
def made(tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation) -> NewVault:
    new = make_vault(tmp_path / "Tresor", PASSPHRASE, name="Fallakten", clock=clock, kdf=cheap_kdf)
    new.vault.close()
    return new


@pytest.fixture
def office(made: NewVault, tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation) -> Office:
    folder = tmp_path / "Tresor"

    def sit_down(secret: str = PASSPHRASE) -> Desk:
        return build_desk(open_vault(folder, secret, clock=clock, kdf=cheap_kdf), clock)

    return Office(folder, made.recovery_key, clock, sit_down)


def kinds(desk: Desk) -> list[NoticeKind]:
    return [notice.kind for notice in desk.vault.health()]


def test_a_deputy_stands_in_the_log_by_name_even_when_the_access_is_gone(office: Office) -> None:
    desk = office.sit_down()
    deputy = desk.vault.add_deputy(DEPUTY, label="Vertretung 1", current=PASSPHRASE)
    desk.close()
    office.sit_down(DEPUTY).close()
    desk = office.sit_down()
    desk.vault.remove_access(deputy.id)
    unlocks = [row for row in desk.vault.log() if row.action == "unlock"]
    assert [desk.vault.access_names()[row.slot] for row in unlocks] == [
        "Eigene Passphrase",
        "Vertretung: Vertretung 1",
        "Eigene Passphrase",
        "Eigene Passphrase",
    ]
    desk.close()


def test_an_ended_access_is_refused_with_its_day_and_no_clock_brings_it_back(office: Office) -> None:
    desk = office.sit_down()
    ends = office.clock.now() + timedelta(days=10)
    desk.vault.add_deputy(DEPUTY, label="Urlaub", expires_at=ends)
    assert NoticeKind.ACCESS_ENDS_SOON not in kinds(desk)
    desk.close()
    office.clock.advance(timedelta(days=9))
    desk = office.sit_down(DEPUTY)
    assert NoticeKind.ACCESS_ENDS_SOON in kinds(desk)
    desk.close()
    office.clock.advance(timedelta(days=2))
    with pytest.raises(SlotExpired) as refused:
        office.sit_down(DEPUTY)
    assert "30.11.2026" in render_error(refused.value)
    desk = office.sit_down()  # the log now knows that this day has come
    assert NoticeKind.ACCESS_EXPIRED in kinds(desk)
    desk.close()
    office.clock.advance(timedelta(days=-8))
    with pytest.raises(SlotExpired):
        office.sit_down(DEPUTY)
    desk = office.sit_down()
    assert NoticeKind.CLOCK_BEHIND in kinds(desk)
    desk.close()


def test_an_access_is_extended_with_its_own_passphrase(office: Office) -> None:
    desk = office.sit_down()
    deputy = desk.vault.add_deputy(DEPUTY, label="Urlaub", expires_at=office.clock.now() + timedelta(days=1))
    office.clock.advance(timedelta(days=2))
    later = office.clock.now() + timedelta(days=20)
    with pytest.raises(RuleBroken) as wrong:
        desk.vault.extend_deputy(deputy.id, "irgendetwas anderes", expires_at=later)
    assert wrong.value.field_name == "passphrase"
    with pytest.raises(RuleBroken):
        desk.vault.extend_deputy(deputy.id, DEPUTY, expires_at=office.clock.now())
    assert desk.vault.extend_deputy(deputy.id, DEPUTY, expires_at=later).expires_at == later
    desk.close()
    office.sit_down(DEPUTY).close()


def test_a_deputy_does_not_manage_accesses_but_changes_the_own_passphrase(office: Office) -> None:
    desk = office.sit_down()
    deputy = desk.vault.add_deputy(DEPUTY, label="Vertretung 1")
    owner = next(access.id for access in desk.vault.accesses() if access.is_current)
    desk.close()
    desk = office.sit_down(DEPUTY)
    with pytest.raises(DeputyMayNot):
        desk.vault.add_deputy("noch jemand anderes", label="x")
    with pytest.raises(DeputyMayNot):
        desk.vault.remove_access(owner)
    with pytest.raises(DeputyMayNot):
        desk.vault.renew_recovery_key(current=DEPUTY)
    with pytest.raises(DeputyMayNot):
        desk.vault.rotate(DEPUTY, drop={owner})
    desk.vault.change_passphrase("Winter Kachel Orgel Mohn", current=DEPUTY)
    assert deputy.label in {access.label for access in desk.vault.accesses()}
    desk.close()
    office.sit_down("Winter Kachel Orgel Mohn").close()
    with pytest.raises(WrongPassphrase):
        office.sit_down(DEPUTY)


def test_a_used_recovery_key_is_replaced_together_with_the_passphrase(office: Office) -> None:
    desk = office.sit_down(office.recovery_key)
    assert desk.vault.opened_with_recovery_key and desk.vault.recovery_key_is_used()
    assert kinds(desk)[0] is NoticeKind.RECOVERY_KEY_USED
    desk.close()
    # Who closes the window without replacing it is not locked out, and is told again.
    desk = office.sit_down()
    assert NoticeKind.RECOVERY_KEY_USED in kinds(desk)
    desk.close()
    desk = office.sit_down(office.recovery_key)
    before = len(desk.vault.log())
    new_key = desk.vault.recover("Winter Kachel Orgel Mohn")
    assert len(desk.vault.log()) > before
    assert NoticeKind.RECOVERY_KEY_USED not in kinds(desk)
    desk.close()
    for secret in (PASSPHRASE, office.recovery_key):
        with pytest.raises(WrongPassphrase):
            office.sit_down(secret)
    office.sit_down("Winter Kachel Orgel Mohn").close()
    office.sit_down(new_key).close()


def test_a_renewed_recovery_key_ends_the_notice_too(office: Office) -> None:
    office.sit_down(office.recovery_key).close()
    desk = office.sit_down()
    desk.vault.renew_recovery_key(current=PASSPHRASE)
    assert NoticeKind.RECOVERY_KEY_USED not in kinds(desk)
    desk.close()


def test_the_sheet_s_words_its_groups_and_its_code_all_open_the_vault(office: Office, made: NewVault) -> None:
    sheet = recovery_sheet(office.recovery_key, vault_name="Fallakten", made_at=office.clock.now())
    assert sheet.key == made.recovery_key and len(sheet.words) == 14 and len(sheet.groups) == 9
    written = [
        " ".join(sheet.words),
        ", ".join(sheet.words).title(),
        "\n".join(sheet.words),
        "-".join(sheet.groups).lower(),
        sheet.qr_text,
    ]
    for text in written:
        office.sit_down(text).close()
    swapped = [sheet.words[1], sheet.words[0], *sheet.words[2:]]
    if sheet.words[0] != sheet.words[1]:
        with pytest.raises(WrongPassphrase):
            office.sit_down(" ".join(swapped))
    misspelt = [*sheet.words[:4], "xylofonn", *sheet.words[5:]]
    assert unknown_recovery_words(" ".join(misspelt)) == (5,)
    assert unknown_recovery_words(" ".join(sheet.words)) == ()
    assert unknown_recovery_words(PASSPHRASE) == ()
    assert sheet.key not in repr(sheet) and sheet.words[0] not in repr(sheet)


def test_rotation_says_what_it_will_do_and_what_it_did(office: Office, tmp_path: Path) -> None:
    stick = tmp_path / "Stick"
    stick.mkdir()
    desk = office.sit_down()
    deputy = desk.vault.add_deputy(DEPUTY, label="Vertretung 1")
    desk.backups.save_settings(BackupSettings(second_place=stick))
    desk.backups.run_due()
    stick.rename(tmp_path / "abgezogen")
    plan = desk.vault.rotation_plan(drop={deputy.id})
    assert ([access.label for access in plan.dropped], plan.must_be_reissued, plan.backups) == (["Vertretung 1"], (), 1)
    assert plan.free_bytes > plan.needed_bytes > 0
    with pytest.raises(RuleBroken) as wrong:
        desk.vault.rotate("das ist sie nicht", drop={deputy.id})
    assert wrong.value.field_name == "current"
    result = desk.vault.rotate(PASSPHRASE, drop={deputy.id}, old_backups=OldBackups.REENCRYPT)
    assert [access.label for access in result.dropped] == ["Vertretung 1"]
    assert (result.backups_reencrypted, result.backups_deleted, result.backups_left) == (1, 0, (stick,))
    assert NoticeKind.ROTATION_UNFINISHED in kinds(desk)
    (tmp_path / "abgezogen").rename(stick)
    finished = desk.vault.finish_rotation()
    assert (finished.backups_reencrypted, finished.backups_left) == (1, ())
    assert NoticeKind.ROTATION_UNFINISHED not in kinds(desk)
    assert all(finding.is_good for finding in desk.vault.check())
    desk.close()
    with pytest.raises(WrongPassphrase):
        office.sit_down(DEPUTY)


def test_every_notice_is_whole_in_words(office: Office) -> None:
    from kimdesk.services.vault_health import _WORDS

    assert set(_WORDS) == set(NoticeKind)
    for _severity, *texts in _WORDS.values():
        assert all(_(text) for text in texts)
