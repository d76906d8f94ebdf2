"""A laptop that is lost, broken or given back: revoked, or replaced by another one without counting twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from kimdesk.coordinator import commands
from kimdesk.coordinator.errors import NameTaken, NoSuchLaptop
from kimdesk.sync.folder import FolderTransport
from kimdesk.sync.protocol import DeviceRevoked, check_confirmation
from tests.coordinator.browsing import log_in, row, text_of
from tests.coordinator.conftest import Office
from tests.coordinator.test_receiving import counted
from tests.sync.support import Device, a_release

LUENEN = "Fallmanagement Lünen"


def replacement(office: Office) -> tuple[Device, int]:
    """Return the laptop that takes the place, and the number it was told to go on above."""
    laptop = Device(office.invite(LUENEN, replace=True), office.clock)
    confirmation = laptop.enrol(office.transport)
    assert confirmation is not None
    return laptop, check_confirmation(confirmation, laptop.invitation, laptop.identity).last_sequence


def test_another_laptop_goes_on_where_the_old_one_stopped_and_nothing_counts_twice(office: Office) -> None:
    old = office.device(LUENEN)
    office.transport.deliver(old.seal(a_release(40, quarter=1), 1))
    office.transport.deliver(old.seal(a_release(50, quarter=2), 2))
    new, last = replacement(office)
    assert (new.invitation.sender, last) == (old.invitation.sender, 2)
    office.transport.deliver(new.seal(a_release(60, quarter=3), 3))
    assert counted(office) == [(LUENEN, 1), (LUENEN, 2), (LUENEN, 3)]
    with office.browser() as browser:
        log_in(office, browser)
        page = text_of(browser.get("/").text)
    assert "Laptops in der Summe 1 von 1" in page
    assert "aus 1 Laptop" in page


def test_the_old_laptop_is_refused_by_name_and_keeps_what_waits(office: Office) -> None:
    old = office.device(LUENEN)
    waiting = old.queue(a_release(), 1)
    new, _ = replacement(office)
    report = old.sender(office.transport).send_pending()
    assert isinstance(report.problem, DeviceRevoked) and report.waiting == 1
    assert "neue Einladung" in str(report.problem)
    # The same content signed by the new one is taken.
    assert office.transport.deliver(new.seal(a_release(), 1)) is not None
    assert counted(office) == [(LUENEN, 1)]
    with pytest.raises(DeviceRevoked):
        office.transport.deliver(waiting)


def test_the_old_laptop_stays_until_the_new_one_has_joined(office: Office) -> None:
    old = office.device(LUENEN)
    office.invite(LUENEN, replace=True)
    assert office.transport.deliver(old.seal(a_release(), 1)) is not None


def test_an_old_device_does_not_join_again_with_its_old_answer(office: Office) -> None:
    old = office.device(LUENEN)
    replacement(office)
    with pytest.raises(DeviceRevoked):
        old.enrol(office.transport)


def test_a_revoked_laptop_is_refused_and_its_figures_stay(office: Office) -> None:
    laptop = office.device(LUENEN)
    office.device("Andere")
    office.transport.deliver(laptop.seal(a_release(40), 1))
    commands.revoke(office.folder, LUENEN, clock=office.clock)
    with pytest.raises(DeviceRevoked):
        office.transport.deliver(laptop.seal(a_release(50, seed=2), 2))
    assert counted(office) == [(LUENEN, 1)]
    with office.browser() as browser:
        log_in(office, browser)
        assert "aus 1 Laptop" in text_of(browser.get("/").text)
        assert "abgemeldet" in row(browser.get("/laptops").text, LUENEN)


def test_a_revoked_laptop_is_not_missed_and_may_come_back(office: Office) -> None:
    office.device(LUENEN)
    commands.revoke(office.folder, LUENEN, clock=office.clock)
    with office.browser() as browser:
        log_in(office, browser)
        assert "Es fehlen" not in browser.get("/").text
    again, _ = replacement(office)
    assert office.transport.deliver(again.seal(a_release(), 1)) is not None


def test_revoking_ends_an_open_invitation(office: Office) -> None:
    laptop = Device(office.invite(LUENEN), office.clock)
    commands.revoke(office.folder, LUENEN, clock=office.clock)
    with pytest.raises(Exception, match="Einladung"):
        laptop.enrol(office.transport)


def test_replacing_has_to_be_said(office: Office) -> None:
    office.device(LUENEN)
    with pytest.raises(NameTaken):
        office.invite(LUENEN)
    for unknown in (
        lambda: office.invite("Niemand", replace=True),
        lambda: commands.revoke(office.folder, "Niemand", clock=office.clock),
    ):
        with pytest.raises(NoSuchLaptop):
            unknown()


def test_a_stick_that_comes_late_from_the_old_laptop_is_refused_and_said(office: Office, tmp_path: Path) -> None:
    old = office.device(LUENEN)
    old.queue(a_release(), 1)
    old.sender(FolderTransport(tmp_path, old.invitation.sender)).send_pending()
    replacement(office)
    report = commands.receive(office.folder, tmp_path, clock=office.clock)
    assert (report.counted, [type(error) for _, error in report.refused]) == (0, [DeviceRevoked])
