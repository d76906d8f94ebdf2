"""A laptop as far as sync sees it: identity, invitation, and an outbox in memory."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.reporting.disclosure import build_release
from kimdesk.reporting.release import Release
from kimdesk.reporting.tables import load_release_rules
from kimdesk.sync.outbox import OutboxItem, OutboxState, Transport
from kimdesk.sync.protocol import (
    DeviceIdentity,
    Invitation,
    Receipt,
    answer_invitation,
    check_confirmation,
    read_invitation,
    seal_release,
)
from kimdesk.sync.sender import Sender
from tests.reporting.caseload import COMMUNES, EPOCH_KEY, laptop

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HEAD = "ab" * 32


def a_release(size: int = 40, *, seed: int = 1, year: int = 2026, quarter: int = 3, district: str = "unna") -> Release:
    """Return a real release of a made-up laptop with `size` cases."""
    return build_release(
        laptop(size, seed, year),
        rules=load_release_rules(COMMUNES),
        epoch_key=EPOCH_KEY,
        year=year,
        quarter=quarter,
        district=district,
        subregion="Nord",
        previous=None,
    ).release


@dataclass
class MemoryOutbox:
    """Keeps items and what became of them."""

    items: dict[int, OutboxItem] = field(default_factory=dict)
    receipts: dict[int, bytes] = field(default_factory=dict)
    problems: list[str | None] = field(default_factory=list)

    def list_pending(self) -> Sequence[OutboxItem]:
        pending = (OutboxState.WAITING, OutboxState.DEPOSITED)
        return [item for _, item in sorted(self.items.items()) if item.state in pending]

    def mark_attempt(
        self, sequence: int, *, at: datetime, next_attempt_at: datetime, state: OutboxState, problem: str | None
    ) -> None:
        item = self.items[sequence]
        self.items[sequence] = replace(item, attempts=item.attempts + 1, next_attempt_at=next_attempt_at, state=state)
        self.problems.append(problem)

    def mark_received(self, sequence: int, *, receipt: Receipt, receipt_bytes: bytes) -> None:
        self.items[sequence] = replace(self.items[sequence], state=OutboxState.RECEIVED)
        self.receipts[sequence] = receipt_bytes

    def mark_held_back(self, sequence: int, *, receipt: Receipt, receipt_bytes: bytes) -> None:
        self.items[sequence] = replace(self.items[sequence], state=OutboxState.HELD_BACK)
        self.receipts[sequence] = receipt_bytes


class Device:
    """A case manager's laptop that holds an invitation."""

    def __init__(self, invitation_file: bytes, clock: FixedClock, identity: DeviceIdentity | None = None) -> None:
        self.invitation: Invitation = read_invitation(invitation_file)
        self.identity = identity or DeviceIdentity.generate()
        self.clock = clock
        self.outbox = MemoryOutbox()

    def answer(self) -> bytes:
        return answer_invitation(self.invitation, self.identity, self.clock.now())

    def enrol(self, transport: Transport) -> bytes | None:
        confirmation = transport.enrol(self.invitation.sender, self.answer())
        if confirmation is not None:
            check_confirmation(confirmation, self.invitation, self.identity)
        return confirmation

    def seal(self, release: Release, sequence: int) -> OutboxItem:
        bundle = seal_release(
            release,
            identity=self.identity,
            sender=self.invitation.sender,
            card=self.invitation.card,
            sequence=sequence,
            chain_head=HEAD,
            created=self.clock.now(),
        )
        return OutboxItem(sequence, bundle.sealed, bundle.content_hash, self.clock.now(), 0, None, OutboxState.WAITING)

    def queue(self, release: Release, sequence: int) -> OutboxItem:
        item = self.seal(release, sequence)
        self.outbox.items[sequence] = item
        return item

    def sender(self, transport: Transport) -> Sender:
        return Sender(
            self.outbox, transport, sender=self.invitation.sender, card=self.invitation.card, clock=self.clock
        )


def make_certificate(folder: Path) -> Path:
    """Write a self-signed certificate for 127.0.0.1 (``cert.pem``, ``key.pem``) into `folder` and return it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not there to make a certificate")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*command.split(), *names], cwd=folder, check=True, capture_output=True)
    return folder
