"""What the sender needs of the outbox. The vault keeps it; this module only says how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kimdesk.sync.receipt import Receipt


class OutboxState(StrEnum):
    """Where a release stands on its way."""

    WAITING = "waiting"
    DEPOSITED = "deposited"  # lies on a stick, the office's receipt is not here yet
    RECEIVED = "received"
    HELD_BACK = "held_back"  # the office holds another content under this number


@dataclass(frozen=True)
class OutboxItem:
    """One sealed release in the outbox; written in the same transaction as the release itself."""

    sequence: int
    sealed: bytes = field(repr=False)
    content_hash: str
    created_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    state: OutboxState


class Outbox(Protocol):
    """The vault's outbox. Every method is one transaction of its own."""

    def list_pending(self) -> Sequence[OutboxItem]:
        """Return the items in state waiting or deposited, by ascending sequence."""
        ...

    def mark_attempt(
        self, sequence: int, *, at: datetime, next_attempt_at: datetime, state: OutboxState, problem: str | None
    ) -> None:
        """Count one attempt; `state` is waiting or deposited, `problem` a `SyncError.code` or None."""
        ...

    def mark_received(self, sequence: int, *, receipt: Receipt, receipt_bytes: bytes) -> None:
        """Keep the verified receipt and take the item off the queue."""
        ...

    def mark_held_back(self, sequence: int, *, receipt: Receipt, receipt_bytes: bytes) -> None:
        """Keep the verified notice and take the item off the queue."""
        ...


class Transport(Protocol):
    """A way to the coordinating office."""

    def deliver(self, item: OutboxItem) -> bytes | None:
        """Hand the sealed release over; return the office's answer (unverified), None if there is none yet.

        Raises a `SyncError` that says what the user can do.
        """
        ...

    def enrol(self, sender: str, answer: bytes) -> bytes | None:
        """Hand the answer to an invitation over; return the confirmation (unverified), None if there is none yet."""
        ...
