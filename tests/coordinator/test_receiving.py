"""Laptops and a real coordinator: each release counts once, whatever the network does to it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from kimdesk.coordinator import commands
from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.office import open_office
from kimdesk.coordinator.passphrases import PassphraseHasher
from kimdesk.coordinator.server import Server
from kimdesk.coordinator.tables import audit, metadata, releases, senders
from kimdesk.sync.bundle import pack
from kimdesk.sync.folder import FolderTransport, confirmation_name, receipt_name
from kimdesk.sync.outbox import OutboxState
from kimdesk.sync.protocol import (
    CoordinatorKeys,
    CoordinatorUnreachable,
    DamagedFile,
    DeviceIdentity,
    HeldBack,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    NotForThisCoordinator,
    SyncError,
    TablesRefused,
    TooLarge,
    UnknownSender,
    WrongDistrict,
    answer_invitation,
    check_receipt,
    open_bundle,
)
from kimdesk.sync.transport import HttpTransport
from tests.coordinator.conftest import Office
from tests.sync.support import HEAD, NOW, Device, a_release


def counted(office: Office) -> list[tuple[str, int]]:
    """Return (laptop, number) of the releases that are in the sums."""
    engine = open_database(open_office(office.folder).database_url)
    with engine.begin() as connection:
        rows = connection.execute(
            select(senders.c.name, releases.c.sequence)
            .join(senders, senders.c.id == releases.c.sender)
            .order_by(senders.c.name, releases.c.sequence)
        ).all()
    engine.dispose()
    return [(row.name, row.sequence) for row in rows]


def test_a_laptop_joins_and_its_release_is_counted(office: Office) -> None:
    laptop = office.device()
    item = laptop.queue(a_release(), 1)
    report = laptop.sender(office.transport).send_pending()
    assert report.done
    receipt = check_receipt(
        laptop.outbox.receipts[1],
        laptop.invitation.card,
        sender=laptop.invitation.sender,
        sequence=1,
        content_hash=item.content_hash,
    )
    assert (receipt.received_at, receipt.chain_head, receipt.held_back) == (NOW, HEAD, False)
    assert counted(office) == [("Fallmanagement Lünen", 1)]


def test_a_copy_gets_the_same_receipt_and_counts_once(office: Office) -> None:
    laptop = office.device()
    item = laptop.seal(a_release(), 1)
    first = office.transport.deliver(item)
    assert counted(office) == [("Fallmanagement Lünen", 1)]
    office.clock.advance(timedelta(days=3))
    assert office.transport.deliver(item) == first
    # The same tables sealed anew are the same content, too.
    assert office.transport.deliver(laptop.seal(a_release(), 1)) == first
    assert counted(office) == [("Fallmanagement Lünen", 1)]


def test_copies_that_arrive_at_the_same_moment_count_once(office: Office) -> None:
    laptop = office.device()
    item = laptop.seal(a_release(), 1)
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: office.transport.deliver(item), range(16)))
    assert len(set(receipts)) == 1
    assert counted(office) == [("Fallmanagement Lünen", 1)]


def test_another_content_under_the_same_number_is_held_back(office: Office) -> None:
    laptop = office.device()
    first = laptop.seal(a_release(), 1)
    office.transport.deliver(first)
    laptop.queue(a_release(55, seed=5), 1)
    report = laptop.sender(office.transport).send_pending()
    assert isinstance(report.problem, HeldBack)
    assert laptop.outbox.items[1].state is OutboxState.HELD_BACK
    assert counted(office) == [("Fallmanagement Lünen", 1)]
    again = office.transport.deliver(laptop.outbox.items[1])
    assert again == laptop.outbox.receipts[1]
    assert office.transport.deliver(first) != again


def test_releases_may_arrive_out_of_order(office: Office) -> None:
    laptop = office.device()
    for sequence in (2, 1):
        assert office.transport.deliver(laptop.seal(a_release(seed=sequence), sequence)) is not None
    assert counted(office) == [("Fallmanagement Lünen", 1), ("Fallmanagement Lünen", 2)]


def test_a_laptop_that_has_not_joined_is_refused(office: Office) -> None:
    laptop = Device(office.invite(), office.clock)
    with pytest.raises(UnknownSender):
        office.transport.deliver(laptop.seal(a_release(), 1))
    assert counted(office) == []


def test_another_device_cannot_send_in_a_laptops_name(office: Office) -> None:
    laptop = office.device()
    thief = Device(office.invite("Andere"), office.clock)
    thief.invitation = laptop.invitation
    with pytest.raises(SyncError, match="Unterschrift"):
        office.transport.deliver(thief.seal(a_release(), 1))
    assert counted(office) == []


def test_a_tampered_bundle_is_refused_and_the_honest_one_still_counts(office: Office) -> None:
    laptop = office.device()
    item = laptop.queue(a_release(), 1)
    broken = bytearray(item.sealed)
    broken[-1] ^= 1
    answer = httpx.post(office.server.url + "/api/v1/bundles", content=bytes(broken), trust_env=False)
    assert answer.status_code == 400
    assert answer.json()["error"] == NotForThisCoordinator.code
    assert answer.json()["message"].endswith(".")
    assert laptop.sender(office.transport).send_pending().done


def test_an_oversize_bundle_is_refused(office: Office) -> None:
    laptop = office.device()
    item = laptop.seal(a_release(), 1)
    large = replace(item, sealed=item.sealed + bytes(300_000))
    with pytest.raises(TooLarge):
        office.transport.deliver(large)
    assert counted(office) == []


def test_a_release_of_another_district_is_refused(office: Office) -> None:
    laptop = office.device()
    with pytest.raises(WrongDistrict):
        office.transport.deliver(laptop.seal(a_release(district="coesfeld"), 1))
    assert counted(office) == []


def test_figures_that_disclosure_control_did_not_make_are_refused(office: Office) -> None:
    laptop = office.device()
    item = laptop.seal(a_release(), 1)
    honest = a_release().canonical_tables()
    value = json.loads(honest)
    value["tables"][0]["cells"][0][1] = 1
    forged = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    keys = _keys(office)
    envelope = replace(open_bundle(item.sealed, keys).envelope, content_hash=sha256(forged).hexdigest())
    sealed = pack(envelope, forged, laptop.identity, keys.card)
    with pytest.raises(TablesRefused):
        office.transport.deliver(replace(item, sealed=sealed))
    assert counted(office) == []


def _keys(office: Office) -> CoordinatorKeys:
    return open_office(office.folder).keys


def test_an_invitation_works_once(office: Office) -> None:
    invitation = office.invite()
    first = Device(invitation, office.clock)
    confirmation = first.enrol(office.transport)
    second = Device(invitation, office.clock)
    with pytest.raises(InvitationUsed):
        second.enrol(office.transport)
    # The first one, whose answer got lost on the way, asks again and gets the same.
    assert first.enrol(office.transport) == confirmation


def test_an_invitation_ends(office: Office) -> None:
    laptop = Device(office.invite(valid_days=14), office.clock)
    answer = laptop.answer()
    office.clock.advance(timedelta(days=15))
    with pytest.raises(InvitationExpired):
        office.transport.enrol(laptop.invitation.sender, answer)


def test_a_new_invitation_for_the_same_laptop_ends_the_old_one(office: Office) -> None:
    old = Device(office.invite(), office.clock)
    new = Device(office.invite(), office.clock)
    assert new.invitation.sender == old.invitation.sender
    with pytest.raises(InvitationUnknown):
        old.enrol(office.transport)
    assert new.enrol(office.transport) is not None


def test_a_guessed_token_is_refused(office: Office) -> None:
    laptop = Device(office.invite(), office.clock)
    guessed = replace(laptop.invitation, token=bytes(32))
    with pytest.raises(InvitationUnknown):
        office.transport.enrol(
            guessed.sender, answer_invitation(guessed, DeviceIdentity.generate(), office.clock.now())
        )


def test_nonsense_is_answered_with_a_sentence(office: Office) -> None:
    for path in ("/api/v1/enrol", "/api/v1/bundles"):
        answer = httpx.post(office.server.url + path, content=b"nonsense", trust_env=False)
        assert answer.status_code == 400
        assert answer.json()["error"] == DamagedFile.code


def test_an_office_that_comes_back_gets_what_waited(office: Office, hasher: PassphraseHasher) -> None:
    laptop = office.device()
    laptop.queue(a_release(), 1)
    port = office.server.port
    office.server.stop()
    away = laptop.sender(office.transport).send_pending()
    assert isinstance(away.problem, CoordinatorUnreachable)
    assert away.waiting == 1
    with Server(office.folder, port=port, clock=office.clock, hasher=hasher):
        laptop.clock.advance(timedelta(minutes=2))
        assert laptop.sender(office.transport).send_pending().done
    assert counted(office) == [("Fallmanagement Lünen", 1)]


def test_the_next_address_is_tried_when_the_first_does_not_answer(office: Office) -> None:
    laptop = office.device()
    laptop.queue(a_release(), 1)
    transport = HttpTransport(["http://127.0.0.1:9", office.server.url])
    assert laptop.sender(transport).send_pending().done


@pytest.mark.parametrize("page", ["/health", "/login"])
def test_an_address_that_is_no_coordinator_counts_as_unreachable(office: Office, page: str) -> None:
    laptop = office.device()
    laptop.queue(a_release(), 1)
    report = laptop.sender(HttpTransport([office.server.url + page])).send_pending()
    assert isinstance(report.problem, CoordinatorUnreachable)
    assert report.waiting == 1


def test_the_whole_way_over_a_stick(office: Office, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    laptop = Device(office.invite(), office.clock)
    transport = FolderTransport(stick, laptop.invitation.sender)
    assert laptop.enrol(transport) is None
    item = laptop.queue(a_release(), 1)
    assert laptop.sender(transport).send_pending().deposited == 1

    report = commands.receive(office.folder, stick, clock=office.clock)
    assert (report.enrolled, report.counted, report.refused) == (["Fallmanagement Lünen"], 1, [])
    assert (stick / confirmation_name(laptop.invitation.sender)).is_file()

    assert laptop.enrol(transport) is not None
    back = laptop.sender(transport).send_pending(force=True)
    assert back.done
    receipt = (stick / receipt_name(laptop.invitation.sender, 1, item.content_hash)).read_bytes()
    assert laptop.outbox.receipts[1] == receipt
    # The same release over the network afterwards is a copy: the very same receipt.
    assert office.transport.deliver(item) == receipt
    again = commands.receive(office.folder, stick, clock=office.clock)
    assert (again.enrolled, again.counted, again.repeated) == ([], 0, 1)
    assert counted(office) == [("Fallmanagement Lünen", 1)]


def test_what_else_lies_on_the_stick_is_refused_by_name_and_left_alone(office: Office, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "kim-meldung-x.kimdesk").write_bytes(b"nonsense")
    (stick / "kim-anmeldung-x.json").write_bytes(b"{}")
    (stick / "kim-meldung-y.kimdesk").write_bytes(bytes(400_000))
    (stick / "Urlaub.jpg").write_bytes(b"holiday")
    report = commands.receive(office.folder, stick, clock=office.clock)
    assert [name for name, _ in report.refused] == [
        "kim-anmeldung-x.json",
        "kim-meldung-x.kimdesk",
        "kim-meldung-y.kimdesk",
    ]
    assert isinstance(report.refused[2][1], TooLarge)
    assert len(list(stick.iterdir())) == 4


def test_held_back_over_a_stick_reaches_the_laptop(office: Office, tmp_path: Path) -> None:
    laptop = office.device()
    office.transport.deliver(laptop.seal(a_release(), 1))
    laptop.queue(a_release(60, seed=3), 1)
    transport = FolderTransport(tmp_path, laptop.invitation.sender)
    laptop.sender(transport).send_pending()
    assert commands.receive(office.folder, tmp_path, clock=office.clock).held_back == 1
    assert isinstance(laptop.sender(transport).send_pending(force=True).problem, HeldBack)


def test_health_answers(office: Office) -> None:
    answer = httpx.get(office.server.url + "/health", trust_env=False)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_what_happened_is_in_the_log_once(office: Office) -> None:
    laptop = office.device()
    for _ in range(2):
        office.transport.deliver(laptop.seal(a_release(), 1))
        office.transport.deliver(laptop.seal(a_release(60, seed=3), 1))
    engine = open_database(open_office(office.folder).database_url)
    with engine.begin() as connection:
        actions = list(connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars())
    engine.dispose()
    assert actions == ["created", "invited", "enrolled", "received", "held back"]


def test_a_database_that_is_gone_leaves_the_release_queued(office: Office) -> None:
    laptop = office.device()
    laptop.queue(a_release(), 1)
    engine = open_database(open_office(office.folder).database_url)
    metadata.drop_all(engine)
    engine.dispose()
    assert httpx.get(office.server.url + "/health", trust_env=False).status_code == 503
    report = laptop.sender(office.transport).send_pending()
    assert isinstance(report.problem, CoordinatorUnreachable)
    assert report.waiting == 1
