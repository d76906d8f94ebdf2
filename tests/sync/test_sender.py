"""The sender believes nothing but a verified receipt, keeps the order, and loses nothing on the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.sync.folder import FolderTransport, receipt_name, release_name
from kimdesk.sync.outbox import OutboxItem, OutboxState
from kimdesk.sync.protocol import (
    BadSignature,
    CoordinatorKeys,
    CoordinatorUnreachable,
    FolderUnusable,
    HeldBack,
    Receipt,
)
from kimdesk.sync.sender import LONGEST_PAUSE, pause_after
from tests.sync.support import HEAD, NOW, Device, a_release
from tests.sync.test_protocol import an_invitation


class Office:
    """Answers as the coordinating office would, and can be out of reach."""

    def __init__(self, keys: CoordinatorKeys, sender: str) -> None:
        self.keys = keys
        self.sender = sender
        self.reachable = True
        self.held_back: set[int] = set()
        self.seen: list[int] = []

    def deliver(self, item: OutboxItem) -> bytes | None:
        if not self.reachable:
            raise CoordinatorUnreachable()
        self.seen.append(item.sequence)
        receipt = Receipt(
            self.sender, item.sequence, item.content_hash, NOW, HEAD, held_back=item.sequence in self.held_back
        )
        return receipt.to_bytes(self.keys)

    def enrol(self, sender: str, answer: bytes) -> bytes | None:
        raise NotImplementedError


@pytest.fixture
def keys() -> CoordinatorKeys:
    return CoordinatorKeys.generate()


@pytest.fixture
def device(keys: CoordinatorKeys) -> Device:
    laptop = Device(an_invitation(keys).to_bytes(keys), FixedClock(NOW))
    for sequence in (1, 2, 3):
        laptop.queue(a_release(seed=sequence), sequence)
    return laptop


@pytest.fixture
def office(keys: CoordinatorKeys, device: Device) -> Office:
    return Office(keys, device.invitation.sender)


def test_releases_go_in_order_and_their_receipts_are_kept(device: Device, office: Office) -> None:
    report = device.sender(office).send_pending()
    assert report.done
    assert office.seen == [1, 2, 3]
    assert [receipt.sequence for receipt in report.received] == [1, 2, 3]
    assert set(device.outbox.receipts) == {1, 2, 3}
    assert device.outbox.list_pending() == []


def test_an_unreachable_office_leaves_everything_queued(device: Device, office: Office) -> None:
    office.reachable = False
    report = device.sender(office).send_pending()
    assert isinstance(report.problem, CoordinatorUnreachable)
    assert report.waiting == 3
    assert report.next_attempt_at == NOW + timedelta(minutes=1)
    assert [item.attempts for item in device.outbox.list_pending()] == [1, 0, 0]


def test_the_next_attempt_waits_for_its_time_unless_asked(device: Device, office: Office) -> None:
    office.reachable = False
    device.sender(office).send_pending()
    office.reachable = True
    early = device.sender(office).send_pending()
    assert (early.received, early.problem, early.waiting) == ((), None, 3)
    assert early.next_attempt_at == NOW + timedelta(minutes=1)
    assert device.sender(office).send_pending(force=True).done


def test_it_resumes_when_the_time_has_come(device: Device, office: Office) -> None:
    office.reachable = False
    device.sender(office).send_pending()
    office.reachable = True
    device.clock.advance(timedelta(minutes=1))
    assert device.sender(office).send_pending().done


def test_a_clock_that_was_wrong_by_a_year_holds_nothing_back_once_it_is_right(device: Device, office: Office) -> None:
    office.reachable = False
    device.clock.advance(timedelta(days=365))
    device.sender(office).send_pending()
    office.reachable = True
    device.clock.advance(timedelta(days=-365))
    assert device.sender(office).send_pending().done


def test_pauses_grow_to_a_limit() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, 60)]
    assert pauses[0] == timedelta(minutes=1)
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_a_receipt_of_another_office_changes_nothing(device: Device, office: Office) -> None:
    office.keys = CoordinatorKeys.generate()
    report = device.sender(office).send_pending()
    assert isinstance(report.problem, BadSignature)
    assert report.waiting == 3
    assert device.outbox.receipts == {}


def test_a_held_back_release_leaves_the_queue_and_the_rest_goes_on(device: Device, office: Office) -> None:
    office.held_back = {2}
    report = device.sender(office).send_pending()
    assert isinstance(report.problem, HeldBack)
    assert [receipt.sequence for receipt in report.held_back] == [2]
    assert [receipt.sequence for receipt in report.received] == [1, 3]
    assert device.outbox.items[2].state is OutboxState.HELD_BACK
    assert report.waiting == 0


def test_a_stick_carries_releases_there_and_receipts_back(
    device: Device, keys: CoordinatorKeys, tmp_path: Path
) -> None:
    sender = device.invitation.sender
    transport = FolderTransport(tmp_path, sender)
    there = device.sender(transport).send_pending()
    assert there.deposited == 3
    item = device.outbox.items[1]
    assert (tmp_path / release_name(sender, 1, item.content_hash)).read_bytes() == item.sealed
    assert len(list(tmp_path.iterdir())) == 3
    receipt = Receipt(sender, 1, item.content_hash, NOW, HEAD)
    (tmp_path / receipt_name(sender, 1, item.content_hash)).write_bytes(receipt.to_bytes(keys))
    back = device.sender(transport).send_pending(force=True)
    assert [found.sequence for found in back.received] == [1]
    assert back.deposited == 2
    assert [waiting.sequence for waiting in device.outbox.list_pending()] == [2, 3]


def test_a_missing_stick_leaves_everything_queued(device: Device, tmp_path: Path) -> None:
    report = device.sender(FolderTransport(tmp_path / "gone", device.invitation.sender)).send_pending()
    assert isinstance(report.problem, FolderUnusable)
    assert report.waiting == 3


def test_a_damaged_file_on_the_stick_is_written_again(device: Device, tmp_path: Path) -> None:
    transport = FolderTransport(tmp_path, device.invitation.sender)
    item = device.outbox.items[1]
    place = tmp_path / release_name(device.invitation.sender, 1, item.content_hash)
    place.write_bytes(item.sealed[:100])
    transport.deliver(item)
    assert place.read_bytes() == item.sealed
