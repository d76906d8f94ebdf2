"""Joining a coordinating office and sending it what was released.

Both have three steps, so that the window can do the one that waits for the network away from the vault's thread:
prepare (reads the vault), carry (touches no vault, any thread), keep (writes what came of it). `enrol` and `send` do
all three in one go.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.services.changes import Written
from kimdesk.storage import releases as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.unit_of_work import UnitOfWork
from kimdesk.storage.vault.vault import Vault
from kimdesk.sync.enrolment import Invitation, answer_invitation, check_confirmation, read_invitation
from kimdesk.sync.errors import CertificateRefused, FolderUnreadable, FolderUnusable, SyncError, error_for_code
from kimdesk.sync.folder import FolderTransport, answer_name
from kimdesk.sync.keys import CoordinatorCard, DeviceIdentity
from kimdesk.sync.outbox import OutboxItem, OutboxState, Transport
from kimdesk.sync.receipt import Receipt
from kimdesk.sync.sender import Sender, SendReport

__all__ = [
    "AlreadyEnrolled",
    "Enrolment",
    "InvitationView",
    "Joining",
    "NotEnrolled",
    "OutboxState",
    "PushService",
    "PushStatus",
    "SendReport",
    "Sending",
    "problem_of",
]

ENROLMENT_KEY = "coordinator"
_ON_THE_WAY = (OutboxState.WAITING.value, OutboxState.DEPOSITED.value)
# What happens on this side only; the office never names these.
_OWN_PROBLEMS = {error.code: error for error in (CertificateRefused, FolderUnusable, FolderUnreadable)}


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
class InvitationView:
    """What an invitation says, to be compared by telephone before anything is joined. `district` is a profile's id."""

    office: str
    district: str
    laptop: str
    fingerprint: str
    addresses: tuple[str, ...]
    expires_at: datetime
    is_expired: bool


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
            if problem is None and state is OutboxState.DEPOSITED:
                # It lies on a stick and has left the laptop; the receipt may take weeks.
                unit.record(AuditEntry(AuditAction.SEND, "release", str(sequence), {"state": state.value}))
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


class _NotedOutbox:
    """Holds what was pending and notes what became of it, so that sending needs no vault."""

    def __init__(self, pending: Sequence[OutboxItem]) -> None:
        self._pending = pending
        self.notes: list[Callable[[_VaultOutbox], None]] = []

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

    def _note(self, note: Callable[[_VaultOutbox], None]) -> None:
        self.notes.append(note)


@dataclass(frozen=True)
class Joining:
    """An answer to an invitation, ready to be carried."""

    enrolment: Enrolment
    invitation: Invitation
    transport: Transport

    def carry(self) -> datetime | None:
        """Hand the answer over; return when the office confirmed it, None if its confirmation is not there yet.

        Takes as long as the network does and touches no vault. Raises a `SyncError`.
        """
        confirmation = self.transport.enrol(self.enrolment.sender, self.enrolment.answer)
        if confirmation is None:
            return None
        return check_confirmation(confirmation, self.invitation, self.enrolment.identity)


@dataclass(frozen=True)
class Sending:
    """What was pending when it was prepared, ready to be carried; `send` runs the sender over `outbox`."""

    outbox: _NotedOutbox = field(repr=False)
    send: Callable[[], SendReport] = field(repr=False)

    def carry(self) -> SendReport:
        """Send it; takes as long as the network does, touches no vault and never raises for what the network does."""
        return self.send()


class PushService:
    """Enrols the laptop and carries its releases to the coordinating office, over the network or a folder."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def read_invitation(self, invitation: bytes) -> InvitationView:
        """Return what the invitation in these bytes says; nothing is joined yet. Raises a `SyncError`."""
        offered = read_invitation(invitation)
        return InvitationView(
            office=offered.office,
            district=offered.district,
            laptop=offered.sender_name,
            fingerprint=offered.card.fingerprint,
            addresses=offered.addresses,
            expires_at=offered.expires_at,
            is_expired=self._clock.now() > offered.expires_at,
        )

    def enrol(self, invitation: bytes, *, folder: Path | None = None) -> Written[PushStatus]:
        """Join the coordinating office of `invitation`, over the network or by files in `folder`.

        Calling again with the same invitation goes on where it stopped. Raises a `KnownError`; an unreachable office
        leaves the laptop prepared, not enrolled.
        """
        joining = self.prepare_joining(invitation, folder=folder)
        return self.keep_joining(joining, joining.carry())

    def prepare_joining(self, invitation: bytes | None = None, *, folder: Path | None = None) -> Joining:
        """Answer `invitation` (None: the one that was read before) and keep the answer.

        The new device key is kept before anything is sent, so that an answer that got lost can be repeated with the
        same key. A new invitation to the same place keeps the key, too: releases may already be signed with it.
        Raises `AlreadyEnrolled`, `NotEnrolled`, or a `SyncError` for an invitation that cannot be used.
        """
        known = self.enrolment()
        if known is not None and known.confirmed_at is not None:
            raise AlreadyEnrolled(office=known.office)
        if invitation is None or (known is not None and known.invitation == invitation):
            if known is None:
                raise NotEnrolled()
            return Joining(known, read_invitation(known.invitation), self._transport(known, folder))
        offered = read_invitation(invitation)
        stays = known is not None and (known.card, known.sender) == (offered.card, offered.sender)
        identity = known.identity if known is not None and stays else DeviceIdentity.generate()
        enrolment = Enrolment(
            addresses=offered.addresses,
            card=offered.card,
            office=offered.office,
            sender=offered.sender,
            identity=identity,
            invitation=invitation,
            answer=answer_invitation(offered, identity, self._clock.now()),
            confirmed_at=None,
        )
        self._keep(enrolment)
        return Joining(enrolment, offered, self._transport(enrolment, folder))

    def keep_joining(self, joining: Joining, confirmed_at: datetime | None) -> Written[PushStatus]:
        """Keep that the office confirmed the answer; with None nothing changes yet."""
        if confirmed_at is not None:
            self._keep(joining.enrolment, confirmed_at=confirmed_at)
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
        sending = self.prepare_sending(folder=folder, force=force)
        return self.keep_sending(sending, sending.carry())

    def prepare_sending(self, *, folder: Path | None = None, force: bool = True) -> Sending:
        """Return what waits with the way it goes. Raises `NotEnrolled`."""
        enrolment = self.require_enrolment()
        outbox = _NotedOutbox(_VaultOutbox(self._vault).list_pending())
        sender = Sender(
            outbox,
            self._transport(enrolment, folder),
            sender=enrolment.sender,
            card=enrolment.card,
            clock=self._clock,
        )
        return Sending(outbox, partial(sender.send_pending, force=force))

    def keep_sending(self, sending: Sending, report: SendReport) -> Written[SendReport]:
        """Keep receipts, notices and failed attempts.

        What is lost between carrying and keeping is fetched by sending again: the office answers the same release
        with the same receipt.
        """
        outbox = _VaultOutbox(self._vault)
        for note in sending.outbox.notes:
            note(outbox)
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
        from kimdesk.sync.transport import HttpTransport  # httpx is only loaded where something is sent

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


def problem_of(code: str) -> SyncError:
    """Return the error with the sentence for a problem kept with a release."""
    own = _OWN_PROBLEMS.get(code)
    return error_for_code(code) if own is None else own()
