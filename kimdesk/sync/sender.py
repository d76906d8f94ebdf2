"""Sends what is in the outbox, in order, and believes nothing but a verified receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kimdesk.foundation.clock import Clock
from kimdesk.sync.errors import HeldBack, SyncError
from kimdesk.sync.keys import CoordinatorCard
from kimdesk.sync.outbox import Outbox, OutboxItem, OutboxState, Transport
from kimdesk.sync.receipt import Receipt, check_receipt

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after that many attempts: 1, 4, 16, 64, 256 minutes, then 6 hours."""
    return min(FIRST_PAUSE * (1 << 2 * min(max(attempts - 1, 0), 10)), LONGEST_PAUSE)


@dataclass(frozen=True)
class SendReport:
    """What one run did. `problem` is the first trouble met; what comes after it in the queue was not tried."""

    received: tuple[Receipt, ...] = ()
    held_back: tuple[Receipt, ...] = ()
    deposited: int = 0
    waiting: int = 0
    problem: SyncError | None = None
    next_attempt_at: datetime | None = None

    @property
    def done(self) -> bool:
        """True when nothing is left in the queue and nothing was held back."""
        return self.problem is None and not self.waiting and not self.deposited


class Sender:
    """Carries an enrolled device's outbox to its coordinating office over one transport."""

    def __init__(
        self, outbox: Outbox, transport: Transport, *, sender: str, card: CoordinatorCard, clock: Clock
    ) -> None:
        self._outbox = outbox
        self._transport = transport
        self._sender = sender
        self._card = card
        self._clock = clock

    def send_pending(self, *, force: bool = False) -> SendReport:
        """Send every pending release whose time has come, lowest sequence first, and return what happened.

        Stops at the first trouble, so that releases arrive in order; the item stays queued with its next
        attempt after a growing pause. With `force` (the user asked for it) pauses are ignored. Never sleeps and
        never raises for what the environment does; that is `SendReport.problem`.
        """
        received: list[Receipt] = []
        held_back: list[Receipt] = []
        deposited = 0
        problem: SyncError | None = None
        next_attempt: datetime | None = None
        pending = list(self._outbox.list_pending())
        done = 0
        for item in pending:
            if not force and self._has_to_wait(item):
                next_attempt = item.next_attempt_at
                break
            try:
                answer = self._transport.deliver(item)
                receipt = None if answer is None else self._check(item, answer)
            except SyncError as error:
                problem = error
                next_attempt = self._postpone(item, item.state, error.code)
                break
            if answer is None or receipt is None:
                deposited += 1
                self._postpone(item, OutboxState.DEPOSITED, None)
            elif receipt.held_back:
                self._outbox.mark_held_back(item.sequence, receipt=receipt, receipt_bytes=answer)
                held_back.append(receipt)
                problem = problem or HeldBack()
            else:
                self._outbox.mark_received(item.sequence, receipt=receipt, receipt_bytes=answer)
                received.append(receipt)
            done += 1
        return SendReport(
            received=tuple(received),
            held_back=tuple(held_back),
            deposited=deposited,
            waiting=len(pending) - done,
            problem=problem,
            next_attempt_at=next_attempt,
        )

    def _has_to_wait(self, item: OutboxItem) -> bool:
        """Return whether the item's pause is not over; one longer than there is any was set by a wrong clock."""
        if item.next_attempt_at is None:
            return False
        return timedelta(0) < item.next_attempt_at - self._clock.now() <= LONGEST_PAUSE

    def _check(self, item: OutboxItem, answer: bytes) -> Receipt:
        return check_receipt(
            answer, self._card, sender=self._sender, sequence=item.sequence, content_hash=item.content_hash
        )

    def _postpone(self, item: OutboxItem, state: OutboxState, problem: str | None) -> datetime:
        now = self._clock.now()
        next_attempt = now + pause_after(item.attempts + 1)
        self._outbox.mark_attempt(item.sequence, at=now, next_attempt_at=next_attempt, state=state, problem=problem)
        return next_attempt
