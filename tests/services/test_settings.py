"""What is set once is there the next time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kimdesk.domain.errors import RuleBroken
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.districts import DistrictUnknown, district_ids
from kimdesk.services.settings import MAX_LOGO_BYTES, Office
from kimdesk.services.vault import Check
from kimdesk.storage import Vault
from kimdesk.storage.vault.errors import PassphraseTooShort
from tests.services.support import add_cases

OFFICE = Office(
    name="Stadt Lünen",
    unit="Kommunales Integrationsmanagement",
    person="Rana Öztürk",
    address="Willy-Brandt-Platz 1\n44532 Lünen",
    phone="02306 104-0",
    email="kim@luenen.de",
    web="www.luenen.de",
    opening_hours="Mo–Fr 8–12 Uhr",
    logo=b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
)


def test_the_letterhead_comes_back(desk: Desk, vault: Vault) -> None:
    assert desk.settings.office() == Office()
    assert desk.settings.save_office(OFFICE).changed == {"settings"}
    again = build_desk(vault, desk.clock).settings
    assert again.office() == OFFICE
    again.save_office(replace(OFFICE, logo=b""))
    assert again.office() == replace(OFFICE, logo=b"")


@pytest.mark.parametrize("logo", [b"GIF89a", b"\x89PNG" + b"\0" * MAX_LOGO_BYTES])
def test_a_logo_that_cannot_be_printed_is_refused_and_the_old_one_stays(desk: Desk, logo: bytes) -> None:
    desk.settings.save_office(OFFICE)
    with pytest.raises(RuleBroken) as refused:
        desk.settings.save_office(replace(OFFICE, name="Stadt Unna", logo=logo))
    assert refused.value.field_name == "logo"
    assert desk.settings.office() == OFFICE


def test_the_subregion_belongs_to_the_district(desk: Desk) -> None:
    assert desk.settings.subregion() is None
    desk.settings.choose_subregion("Nord")
    assert desk.settings.subregion() == "Nord"
    with pytest.raises(RuleBroken):
        desk.settings.choose_subregion("Sauerland")
    desk.settings.choose_profile("coesfeld")
    assert desk.settings.subregion() is None  # Coesfeld names none
    desk.settings.choose_profile("unna")
    desk.settings.choose_subregion(None)
    assert desk.settings.subregion() is None


def test_the_district_is_chosen_and_an_unknown_one_refused(desk: Desk) -> None:
    assert desk.settings.profile().id == "unna"
    for identifier in district_ids():
        desk.settings.choose_profile(identifier)
        assert desk.settings.profile().id == identifier
    with pytest.raises(DistrictUnknown):
        desk.settings.choose_profile("atlantis")
    assert desk.settings.profile().id == district_ids()[-1]


def test_the_lock_cannot_be_switched_off(desk: Desk) -> None:
    assert desk.settings.idle_minutes() == 5
    desk.settings.set_idle_minutes(30)
    for minutes in (0, 31, -1):
        with pytest.raises(RuleBroken):
            desk.settings.set_idle_minutes(minutes)
    assert desk.settings.idle_minutes() == 30


def test_the_passphrase_changes_only_for_who_knows_the_old_one(desk: Desk, passphrase: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        desk.vault.change_passphrase("Winter Kachel Orgel Mohn", current="geraten")
    assert refused.value.field_name == "current"
    with pytest.raises(PassphraseTooShort):
        desk.vault.change_passphrase("kurz", current=passphrase)
    desk.vault.change_passphrase("Winter Kachel Orgel Mohn", current=passphrase)
    with pytest.raises(RuleBroken):
        desk.vault.renew_recovery_key(current=passphrase)
    assert len(desk.vault.renew_recovery_key(current="Winter Kachel Orgel Mohn")) > 30


def test_backup_check_and_log_tell_of_the_vault(desk: Desk) -> None:
    assert desk.vault.last_backup_at() is None
    assert desk.vault.backup().is_dir()
    assert desk.vault.last_backup_at() == desk.clock.now()
    findings = desk.vault.check()
    assert {finding.check for finding in findings} == set(Check)
    assert all(finding.is_good for finding in findings)
    assert desk.vault.log(limit=1)[0].action == "backup"


def test_the_log_names_cases_by_their_number(desk: Desk) -> None:
    add_cases(desk, 1)
    newest = desk.vault.log(limit=1)[0]
    assert desk.vault.case_numbers() == {newest.subject_id: "KIM-2026-001"}
