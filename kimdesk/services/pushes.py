"""Joining a coordinating office and sending it what was released."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.services.changes import Written
from kimdesk.storage import releases as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.unit_of_work import UnitOfWork
from kimdesk.storage.vault.vault import Vault
from kimdesk.sync.enrolment import answer_invitation, check_confirmation, read_invitation
from kimdesk.sync.folder import FolderTransport, answer_name
from kimdesk.sync.keys import CoordinatorCard, DeviceIdentity
from kimdesk.sync.outbox import OutboxItem, OutboxState, Transport
from kimdesk.sync.receipt import Receipt
from kimdesk.sync.sender import Sender, SendReport
from kimdesk.sync.transport import HttpTransport

ENROLMENT_KEY = "coordinator"
_ON_THE_WAY = (OutboxState.WAITING.value, OutboxState.DEPOSITED.value)


class NotEnrolled(KnownError):
    """The laptop has not joined a coordinating office yet."""

    default_message = N_(
        "Dieser Laptop ist noch mit keiner koordinierenden Stelle verbunden. "
        "Bitte lesen Sie zuerst unter „Einstellungen“ die Einladung ein, die Sie von ihr bekommen haben."
    )


class AlreadyEnrolled(KnownError):
    """The laptop has joined a coordinating office before."""

    default_message = N_(
        "Dieser Laptop ist bereits mit „{office}“ verbunden. "
        "Bitte wenden Sie sich an die koordinierende Stelle, wenn er neu verbunden werden soll."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What the vault keeps of its coordinating office. `confirmed_at` is None until the office has answered."""

    addresses: tuple[str, ...]
    card: CoordinatorCard
    office: str
    sender: str
    identity: DeviceIdentity
    invitation: bytes
    answer: bytes
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PushStatus:
    """What the user is told: "3 Meldungen warten, letzter Kontakt vor 12 Tagen"."""

    enrolled: bool
    confirmed: bool
    office: str
    fingerprint: str
    waiting: int
    received: int
    held_back: int
    last_contact_at: datetime | None
    problem: str | None


class _VaultOutbox:
    """The outbox in the vault as the sender sees it; every method is one transaction."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def list_pending(self) -> Sequence[OutboxItem]:
        with self._vault.reader() as connection:
            rows = store.list_outbox(connection, _ON_THE_WAY)
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
            unit.commit()

    def mark_received(self, sequence: int, *, receipt: Receipt, receipt_bytes: bytes) -> None:
        self._keep(sequence, OutboxState.RECEIVED, receipt_bytes, None)

    def mark_held_back(self, sequence: int, *, receipt: Receipt, receipt_bytes: bytes) -> None:
        self._keep(sequence, OutboxState.HELD_BACK, receipt_bytes, OutboxState.HELD_BACK.value)

    def _keep(self, sequence: int, state: OutboxState, receipt_bytes: bytes, problem: str | None) -> None:
        with self._vault.unit_of_work() as unit:
            store.note_answer(
                unit.connection, sequence, at=unit.moment, state=state.value, receipt=receipt_bytes, problem=problem
            )
            unit.record(AuditEntry(AuditAction.SEND, "release", str(sequence), {"state": state.value}))
            unit.commit()


class PushService:
    """Enrols the laptop and carries its releases to the coordinating office, over the network or a folder."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def enrol(self, invitation: bytes, *, folder: Path | None = None) -> Written[PushStatus]:
        """Join the coordinating office of `invitation`, over the network or by files in `folder`.

        The new device key is kept before anything is sent, so that an answer that got lost can be repeated with the
        same key: calling again with the same invitation goes on where it stopped. Raises a `KnownError`; an
        unreachable office leaves the laptop prepared, not enrolled.
        """
        offered = read_invitation(invitation)
        enrolment = self.enrolment()
        if enrolment is not None and (enrolment.confirmed_at is not None or enrolment.invitation != invitation):
            if enrolment.confirmed_at is not None:
                raise AlreadyEnrolled(office=enrolment.office)
            enrolment = None
        if enrolment is None:
            identity = DeviceIdentity.generate()
            answer = answer_invitation(offered, identity, self._clock.now())
            enrolment = Enrolment(
                addresses=offered.addresses,
                card=offered.card,
                office=offered.office,
                sender=offered.sender,
                identity=identity,
                invitation=invitation,
                answer=answer,
                confirmed_at=None,
            )
            self._keep(enrolment)
        confirmation = self._transport(enrolment, folder).enrol(enrolment.sender, enrolment.answer)
        if confirmation is not None:
            confirmed_at = check_confirmation(confirmation, offered, enrolment.identity)
            self._keep(enrolment, confirmed_at=confirmed_at)
        return Written(self.status(), frozenset({"releases", "settings"}))

    def enrolment(self) -> Enrolment | None:
        """Return what the vault keeps of its coordinating office, None before an invitation was read."""
        value: dict[str, Any] | None = self._vault.setting(ENROLMENT_KEY)
        if value is None:
            return None
        invitation = base64.b64decode(value["invitation"])
        offered = read_invitation(invitation)
        confirmed = value["confirmed_at"]
        return Enrolment(
            addresses=offered.addresses,
            card=offered.card,
            office=offered.office,
            sender=offered.sender,
            identity=DeviceIdentity(base64.b64decode(value["seed"])),
            invitation=invitation,
            answer=base64.b64decode(value["answer"]),
            confirmed_at=None if confirmed is None else datetime.fromisoformat(confirmed),
        )

    def require_enrolment(self) -> Enrolment:
        """Return the enrolment; raises `NotEnrolled` where there is none."""
        enrolment = self.enrolment()
        if enrolment is None:
            raise NotEnrolled()
        return enrolment

    def send(self, *, folder: Path | None = None, force: bool = True) -> Written[SendReport]:
        """Send what waits, over the network or into `folder`; never raises for what the network does."""
        enrolment = self.require_enrolment()
        sender = Sender(
            _VaultOutbox(self._vault),
            self._transport(enrolment, folder),
            sender=enrolment.sender,
            card=enrolment.card,
            clock=self._clock,
        )
        report = sender.send_pending(force=force)
        return Written(report, frozenset({"releases"}))

    def status(self) -> PushStatus:
        """Return where pushes stand."""
        enrolment = self.enrolment()
        with self._vault.reader() as connection:
            rows = store.list_outbox(connection)
        contacts = [row.last_contact_at for row in rows if row.last_contact_at is not None]
        if enrolment is not None and enrolment.confirmed_at is not None:
            contacts.append(enrolment.confirmed_at)
        states = [row.state for row in rows]
        return PushStatus(
            enrolled=enrolment is not None,
            confirmed=enrolment is not None and enrolment.confirmed_at is not None,
            office="" if enrolment is None else enrolment.office,
            fingerprint="" if enrolment is None else enrolment.card.fingerprint,
            waiting=sum(state in _ON_THE_WAY for state in states),
            received=states.count(OutboxState.RECEIVED.value),
            held_back=states.count(OutboxState.HELD_BACK.value),
            last_contact_at=max(contacts, default=None),
            problem=next((row.problem for row in rows if row.problem and row.state in _ON_THE_WAY), None),
        )

    def answer_file(self) -> tuple[str, bytes]:
        """Return name and bytes of the answer to the invitation, for an office that is reached by files only."""
        enrolment = self.require_enrolment()
        return answer_name(enrolment.sender), enrolment.answer

    def _transport(self, enrolment: Enrolment, folder: Path | None) -> Transport:
        if folder is not None:
            return FolderTransport(folder, enrolment.sender)
        return HttpTransport(enrolment.addresses)

    def _keep(self, enrolment: Enrolment, confirmed_at: datetime | None = None) -> None:
        value = {
            "invitation": base64.b64encode(enrolment.invitation).decode("ascii"),
            "answer": base64.b64encode(enrolment.answer).decode("ascii"),
            "seed": base64.b64encode(enrolment.identity.seed).decode("ascii"),
            "confirmed_at": None if confirmed_at is None else confirmed_at.isoformat(),
        }
        with self._vault.unit_of_work() as unit:
            self._change(unit, value)
            unit.commit()

    def _change(self, unit: UnitOfWork, value: dict[str, Any]) -> None:
        unit.change_setting(ENROLMENT_KEY, value)
        unit.record(AuditEntry(AuditAction.ENROL, "coordinator", "", {"confirmed": value["confirmed_at"] is not None}))
