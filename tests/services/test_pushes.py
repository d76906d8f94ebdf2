"""A laptop and its coordinating office, with nothing between them but a socket or a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from kimdesk.coordinator import commands
from kimdesk.foundation.clock import FixedClock
from kimdesk.foundation.errors import KnownError
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.pushes import (
    AlreadyEnrolled,
    BadProxy,
    NetworkChoice,
    NotEnrolled,
    OutboxState,
    ProxyMode,
    problem_of,
)
from kimdesk.storage import KeyDerivation, Vault, create_vault
from kimdesk.storage import releases as store
from kimdesk.sync.errors import (
    CertificateRefused,
    CoordinatorUnreachable,
    DamagedFile,
    DeviceRevoked,
    FolderUnusable,
    InvitationExpired,
    SyncError,
)
from tests.services.support import CoordinatingOffice, add_cases, running_office


def outbox(vault: Vault) -> tuple[store.OutboxRow, ...]:
    with vault.reader() as connection:
        return store.list_outbox(connection)


def test_an_invitation_tells_what_to_compare_before_anything_is_joined(desk: Desk, office: CoordinatingOffice) -> None:
    view = desk.pushes.read_invitation(office.invite())
    assert (view.office, view.district, view.laptop) == ("KI Kreis Unna", "unna", "Fallmanagement Lünen")
    assert view.fingerprint == office.fingerprint
    assert not view.is_expired
    assert desk.pushes.status().enrolled is False


def test_reading_something_else_says_so(desk: Desk) -> None:
    with pytest.raises(DamagedFile):
        desk.pushes.read_invitation(b"Sehr geehrte Damen und Herren")


def test_a_release_arrives_and_its_receipt_is_kept(desk: Desk, vault: Vault, office: CoordinatingOffice) -> None:
    add_cases(desk, 30)
    status = desk.pushes.enrol(office.invite()).value
    assert status.confirmed and status.office == "KI Kreis Unna" and status.fingerprint == office.fingerprint
    desk.figures.create_release(2026, 3)
    assert desk.pushes.status().waiting == 1

    report = desk.pushes.send().value

    assert report.done and len(report.received) == 1
    (row,) = outbox(vault)
    assert row.state == OutboxState.RECEIVED and row.receipt is not None and row.last_contact_at is not None
    (release,) = desk.figures.releases()
    assert release.state is OutboxState.RECEIVED and release.received_at == row.last_contact_at
    assert (release.year, release.quarter) == (2026, 3)
    assert desk.pushes.status().waiting == 0


def test_sending_again_does_nothing(desk: Desk, vault: Vault, office: CoordinatingOffice) -> None:
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 3)
    desk.pushes.send()
    before = outbox(vault)
    report = desk.pushes.send().value
    assert report.done and not report.received
    assert outbox(vault) == before


def test_nothing_is_made_for_nobody(desk: Desk, vault: Vault) -> None:
    with pytest.raises(NotEnrolled):
        desk.figures.create_release(2026, 3)
    with pytest.raises(NotEnrolled):
        desk.pushes.send()
    assert outbox(vault) == ()


def test_an_unreachable_office_leaves_the_release_waiting_and_it_goes_later(
    desk: Desk, vault: Vault, tmp_path: Path, clock: FixedClock
) -> None:
    with running_office(tmp_path / "office", clock) as office:
        desk.pushes.enrol(office.invite())
        address = office.server.url
    desk.figures.create_release(2026, 3)

    report = desk.pushes.send().value

    assert isinstance(report.problem, CoordinatorUnreachable) and report.waiting == 1
    status = desk.pushes.status()
    assert (status.waiting, status.problem) == (1, "unreachable")
    (release,) = desk.figures.releases()
    assert (release.state, release.problem) == (OutboxState.WAITING, "unreachable")
    assert desk.pushes.send(force=False).value.next_attempt_at is not None  # not before its time

    port = int(address.rsplit(":", 1)[1])
    with commands.run_in_thread(tmp_path / "office", port=port, clock=clock):
        assert desk.pushes.send().value.done
    (row,) = outbox(vault)
    assert (row.state, row.problem, row.attempts) == (OutboxState.RECEIVED, None, 2)


def test_a_receipt_that_was_lost_on_the_way_into_the_vault_comes_again(
    desk: Desk, vault: Vault, office: CoordinatingOffice
) -> None:
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 3)
    assert desk.pushes.prepare_sending().carry().done  # the laptop is switched off before it keeps the receipt
    assert desk.pushes.status().waiting == 1
    assert desk.pushes.send().value.done
    (row,) = outbox(vault)
    assert row.state == OutboxState.RECEIVED


def test_a_folder_goes_there_and_back(desk: Desk, vault: Vault, office: CoordinatingOffice, tmp_path: Path) -> None:
    stick = tmp_path / "Stick"
    stick.mkdir()
    invitation = office.invite()
    assert desk.pushes.enrol(invitation, folder=stick).value.confirmed is False
    commands.receive(office.folder, stick, clock=office.clock)
    assert desk.pushes.enrol(invitation, folder=stick).value.confirmed is True

    desk.figures.create_release(2026, 3)
    report = desk.pushes.send(folder=stick).value
    assert (report.deposited, report.waiting) == (1, 0)
    assert outbox(vault)[0].state == OutboxState.DEPOSITED
    assert desk.pushes.status().waiting == 1
    commands.receive(office.folder, stick, clock=office.clock)

    assert desk.pushes.send(folder=stick).value.done
    assert outbox(vault)[0].state == OutboxState.RECEIVED


def test_a_folder_that_is_gone_is_one_sentence_and_nothing_is_lost(
    desk: Desk, vault: Vault, office: CoordinatingOffice, tmp_path: Path
) -> None:
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 3)
    report = desk.pushes.send(folder=tmp_path / "weg").value
    assert isinstance(report.problem, FolderUnusable)
    assert outbox(vault)[0].state == OutboxState.WAITING


def test_an_enrolment_that_found_nobody_goes_on_later_with_the_same_key(
    desk: Desk, tmp_path: Path, clock: FixedClock
) -> None:
    with running_office(tmp_path / "office", clock) as office:
        invitation, port = office.invite(), int(office.server.url.rsplit(":", 1)[1])
    with pytest.raises(CoordinatorUnreachable):
        desk.pushes.enrol(invitation)
    status = desk.pushes.status()
    assert (status.enrolled, status.confirmed) == (True, False)
    first = desk.pushes.require_enrolment().identity.public_key

    with commands.run_in_thread(tmp_path / "office", port=port, clock=clock):
        joining = desk.pushes.prepare_joining()
        assert desk.pushes.keep_joining(joining, joining.carry()).value.confirmed
    assert desk.pushes.require_enrolment().identity.public_key == first


def test_a_new_invitation_of_the_same_office_keeps_the_key_releases_are_signed_with(
    desk: Desk, vault: Vault, office: CoordinatingOffice, tmp_path: Path, clock: FixedClock
) -> None:
    stick = tmp_path / "Stick"
    stick.mkdir()
    desk.pushes.enrol(office.invite(), folder=stick)  # the stick gets lost
    desk.figures.create_release(2026, 3)
    desk.pushes.enrol(office.invite())
    assert desk.pushes.send().value.done


def test_a_laptop_joins_one_office_only(desk: Desk, office: CoordinatingOffice) -> None:
    desk.pushes.enrol(office.invite())
    with pytest.raises(AlreadyEnrolled) as refused:
        desk.pushes.enrol(office.invite("Fallmanagement Bergkamen"))
    assert "KI Kreis Unna" in str(refused.value)


def test_an_expired_invitation_is_refused_and_nothing_is_kept(
    desk: Desk, office: CoordinatingOffice, vault: Vault
) -> None:
    late = FixedClock(
        office.clock.now() + (desk.pushes.read_invitation(office.invite()).expires_at - desk.clock.now()) * 2
    )
    pushes = build_desk(vault, late).pushes
    invitation = office.invite()
    assert pushes.read_invitation(invitation).is_expired
    with pytest.raises(InvitationExpired):
        pushes.enrol(invitation)
    assert not pushes.status().enrolled


def test_the_enrolment_outlives_the_desk(desk: Desk, vault: Vault, office: CoordinatingOffice) -> None:
    desk.pushes.enrol(office.invite())
    again = build_desk(vault, desk.clock).pushes
    assert again.status() == desk.pushes.status()
    assert again.require_enrolment().addresses == (office.server.url,)


@pytest.mark.parametrize("error", [CertificateRefused(), FolderUnusable(), CoordinatorUnreachable(), DamagedFile()])
def test_a_problem_that_was_kept_reads_as_it_did_when_it_happened(error: SyncError) -> None:
    assert type(problem_of(error.code)) is type(error)
    assert isinstance(problem_of("?"), KnownError)


def test_a_laptop_that_takes_anothers_place_goes_on_above_its_numbers(
    desk: Desk, vault: Vault, office: CoordinatingOffice, tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    add_cases(desk, 30)
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 1)
    desk.figures.create_release(2026, 2)
    assert desk.pushes.send().value.done
    with create_vault(tmp_path / "Neu", "Apfel Brücke Segel", name="Neu", clock=clock, kdf=cheap_kdf).vault as other:
        new = build_desk(other, clock)
        add_cases(new, 30)
        new.pushes.enrol(replacing(office))
        assert new.pushes.require_enrolment().last_sequence == 2
        new.figures.create_release(2026, 3)
        assert new.figures.releases()[0].sequence == 3
        assert new.pushes.send().value.done
    desk.figures.create_release(2026, 3)
    report = desk.pushes.send().value
    assert isinstance(report.problem, DeviceRevoked) and report.waiting == 1
    assert desk.pushes.status().problem == "revoked"


def test_what_waits_is_signed_with_the_new_key_of_a_laptop_invited_again(
    desk: Desk, vault: Vault, office: CoordinatingOffice
) -> None:
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 2)
    before = outbox(vault)[0]
    assert desk.pushes.read_invitation(replacing(office)).replaces
    desk.pushes.enrol(replacing(office))
    after = outbox(vault)[0]
    assert after.sealed != before.sealed
    assert (after.sequence, after.content_hash) == (before.sequence, before.content_hash)
    assert desk.pushes.send().value.done


def replacing(office: CoordinatingOffice) -> bytes:
    """Return an invitation for the device that takes the laptop's place."""
    return commands.invite(
        office.folder, "Fallmanagement Lünen", addresses=[office.server.url], replace=True, clock=office.clock
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "proxy:3128",
        "http://proxy",
        "https://proxy:3128",
        "http://proxy:0x",
        "http://p:1/x",
        "http://ü:1",
        "x" * 400,
    ],
)
def test_a_proxy_nobody_can_use_is_refused_and_nothing_changes(desk: Desk, address: str) -> None:
    desk.pushes.choose_network(NetworkChoice(ProxyMode.NONE))
    with pytest.raises(BadProxy):
        desk.pushes.choose_network(NetworkChoice(ProxyMode.OWN, address))
    assert desk.pushes.network() == NetworkChoice(ProxyMode.NONE)


def test_an_own_proxy_is_asked(desk: Desk, office: CoordinatingOffice) -> None:
    desk.pushes.choose_network(NetworkChoice(ProxyMode.OWN, "http://127.0.0.1:9"))
    far = commands.invite(office.folder, "Fern", addresses=["http://ki.example.org"], clock=office.clock)
    with pytest.raises(CoordinatorUnreachable):
        desk.pushes.enrol(far)
    assert desk.pushes.network().proxy == "http://127.0.0.1:9"
