"""The outbox in the vault as the sender sees it, and a copy of it that is carried while the vault is busy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from kimdesk.services.enrolments import Enrolment
from kimdesk.storage import releases as store
from kimdesk.storage.audit import AuditAction, AuditEntry, knows_head
from kimdesk.storage.unit_of_work import UnitOfWork
from kimdesk.storage.vault import state as vault_state
from kimdesk.storage.vault.vault import Vault
from kimdesk.sync.bundle import BundleKind, Envelope, pack
from kimdesk.sync.outbox import OutboxItem, OutboxState
from kimdesk.sync.receipt import Receipt

ON_THE_WAY = (OutboxState.WAITING.value, OutboxState.DEPOSITED.value)


class VaultOutbox:
    """The outbox in the vault; every method is one transaction."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def list_pending(self) -> Sequence[OutboxItem]:
        with self._vault.reader() as connection:
            rows = store.list_outbox(connection, ON_THE_WAY)
        return [
            OutboxItem(
                sequence=row.sequence,
                sealed=row.sealed,
                content_hash=row.content_hash,
                created_at=row.created_at,
                attempts=row.attempts,
                next_attempt_at=row.next_attempt_at,
                state=OutboxState(row.state),
            )
            for row in rows
        ]

    def mark_attempt(
        self, sequence: int, *, at: datetime, next_attempt_at: datetime, state: OutboxState, problem: str | None
    ) -> None:
        with self._vault.unit_of_work() as unit:
            store.note_attempt(
                unit.connection, sequence, next_attempt_at=next_attempt_at, state=state.value, problem=problem
            )
            if problem is None and state is OutboxState.DEPOSITED:
                # It lies on a stick and has left the laptop; the receipt may take weeks.
                unit.record(AuditEntry(AuditAction.SEND, "release", str(sequence), {"state": state.value}))
            unit.commit()

    def mark_received(self, sequence: int, *, receipt: Receipt, receipt_bytes: bytes) -> None:
        self._keep(sequence, OutboxState.RECEIVED, receipt, receipt_bytes, None)

    def mark_held_back(self, sequence: int, *, receipt: Receipt, receipt_bytes: bytes) -> None:
        self._keep(sequence, OutboxState.HELD_BACK, receipt, receipt_bytes, OutboxState.HELD_BACK.value)

    def _keep(
        self, sequence: int, state: OutboxState, receipt: Receipt, receipt_bytes: bytes, problem: str | None
    ) -> None:
        with self._vault.unit_of_work() as unit:
            store.note_answer(
                unit.connection, sequence, at=unit.moment, state=state.value, receipt=receipt_bytes, problem=problem
            )
            is_known = knows_head(unit.connection, bytes.fromhex(receipt.chain_head))
            if state is OutboxState.HELD_BACK or not is_known:
                # The office had another release under this number, or saw a log this vault does not have: an older
                # vault was put in its place (decision 037).
                unit.change_setting(vault_state.HEAD_UNKNOWN, {"at": unit.moment.isoformat(), "sequence": sequence})
            if state is OutboxState.RECEIVED:
                store.note_issue_arrived(unit.connection, sequence, unit.moment)
            unit.record(AuditEntry(AuditAction.SEND, "release", str(sequence), {"state": state.value}))
            unit.commit()


class NotedOutbox:
    """Holds what was pending and notes what became of it, so that sending needs no vault."""

    def __init__(self, pending: Sequence[OutboxItem]) -> None:
        self._pending = pending
        self.notes: list[Callable[[VaultOutbox], None]] = []

    def list_pending(self) -> Sequence[OutboxItem]:
        return self._pending

    def mark_attempt(
        self, sequence: int, *, at: datetime, next_attempt_at: datetime, state: OutboxState, problem: str | None
    ) -> None:
        self._note(
            lambda outbox: outbox.mark_attempt(
                sequence, at=at, next_attempt_at=next_attempt_at, state=state, problem=problem
            )
        )

    def mark_received(self, sequence: int, *, receipt: Receipt, receipt_bytes: bytes) -> None:
        self._note(lambda outbox: outbox.mark_received(sequence, receipt=receipt, receipt_bytes=receipt_bytes))

    def mark_held_back(self, sequence: int, *, receipt: Receipt, receipt_bytes: bytes) -> None:
        self._note(lambda outbox: outbox.mark_held_back(sequence, receipt=receipt, receipt_bytes=receipt_bytes))

    def _note(self, note: Callable[[VaultOutbox], None]) -> None:
        self.notes.append(note)


def sign_anew(unit: UnitOfWork, enrolment: Enrolment, chain_head: str) -> None:
    """Sign and seal what waits with the key the office now knows; number and content stay.

    An office that took a new key refuses what the old one signed. What it has counted already it recognises by its
    content and answers with the receipt it gave before.
    """
    for row, content in store.list_pending_content(unit.connection, ON_THE_WAY):
        if hashlib.sha256(content).hexdigest() != row.content_hash:
            raise ValueError("what waits is not what was released")
        kind = BundleKind.ISSUE if row.release_id is None else BundleKind.RELEASE
        envelope = Envelope(
            enrolment.sender, enrolment.card.key_id, row.sequence, row.content_hash, chain_head, row.created_at
        )
        sealed = pack(envelope, content, enrolment.identity, enrolment.card, kind)
        store.replace_sealed(unit.connection, row.sequence, sealed)
