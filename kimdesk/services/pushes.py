"""Joining a coordinating office and sending it what was released.

Both have three steps, so that the window can do the one that waits for the network away from the vault's thread:
prepare (reads the vault), carry (touches no vault, any thread), keep (writes what came of it). `enrol` and `send` do
all three in one go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.services.changes import Written
from kimdesk.services.enrolments import BadProxy, Enrolment, InvitationView, NetworkChoice, ProxyMode
from kimdesk.services.outbox import ON_THE_WAY, NotedOutbox, VaultOutbox, sign_anew
from kimdesk.storage import releases as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.vault.vault import Vault
from kimdesk.sync.enrolment import Confirmation, Invitation, answer_invitation, check_confirmation, read_invitation
from kimdesk.sync.errors import (
    CertificateRefused,
    CoordinatorBusy,
    FolderUnreadable,
    FolderUnusable,
    SyncError,
    error_for_code,
)
from kimdesk.sync.folder import FolderTransport, answer_name
from kimdesk.sync.keys import DeviceIdentity
from kimdesk.sync.outbox import OutboxState, Transport
from kimdesk.sync.sender import Sender, SendReport

if TYPE_CHECKING:
    from kimdesk.sync.transport import HttpTransport

__all__ = [
    "AlreadyEnrolled",
    "BadProxy",
    "Enrolment",
    "InvitationView",
    "Joining",
    "NetworkChoice",
    "NotEnrolled",
    "OutboxState",
    "ProxyMode",
    "PushService",
    "PushStatus",
    "SendReport",
    "Sending",
    "problem_of",
]

ENROLMENT_KEY = "coordinator"
NETWORK_KEY = "coordinator_network"
# What happens on this side only; the office never names these.
_OWN_PROBLEMS = {error.code: error for error in (CertificateRefused, CoordinatorBusy, FolderUnusable, FolderUnreadable)}


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


@dataclass(frozen=True)
class Joining:
    """An answer to an invitation, ready to be carried."""

    enrolment: Enrolment
    invitation: Invitation
    transport: Transport

    def carry(self) -> Confirmation | None:
        """Hand the answer over; return what the office confirmed, None if its confirmation is not there yet.

        Takes as long as the network does and touches no vault. Raises a `SyncError`.
        """
        confirmation = self.transport.enrol(self.enrolment.sender, self.enrolment.answer)
        if confirmation is None:
            return None
        return check_confirmation(confirmation, self.invitation, self.enrolment.identity)


@dataclass(frozen=True)
class Sending:
    """What was pending when it was prepared, ready to be carried; `send` runs the sender over `outbox`."""

    outbox: NotedOutbox = field(repr=False)
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
            pins_certificate=bool(offered.certificates),
            replaces=_is_same_place(self.enrolment(), offered),
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
        same key. A new invitation to the same place keeps the key, too, while no office has confirmed it: releases may
        already be signed with it. Once it was confirmed, a new invitation to the same place means a new key, and what
        waits is signed with that as soon as the office has confirmed it.

        Raises `AlreadyEnrolled`, `NotEnrolled`, or a `SyncError` for an invitation that cannot be used.
        """
        known = self.enrolment()
        repeats = invitation is None or (known is not None and known.invitation == invitation)
        if known is not None and known.confirmed_at is not None:
            if repeats or not _is_same_place(known, read_invitation(invitation or b"")):
                raise AlreadyEnrolled(office=known.office)
        elif repeats:
            if known is None:
                raise NotEnrolled()
            return Joining(known, read_invitation(known.invitation), self._transport(known, folder))
        offered = read_invitation(invitation or b"")
        keeps = known is not None and known.confirmed_at is None and _is_same_place(known, offered)
        identity = known.identity if known is not None and keeps else DeviceIdentity.generate()
        enrolment = Enrolment(
            addresses=offered.addresses,
            card=offered.card,
            office=offered.office,
            sender=offered.sender,
            identity=identity,
            invitation=invitation or b"",
            answer=answer_invitation(offered, identity, self._clock.now()),
            confirmed_at=None,
            certificates=offered.certificates,
            last_sequence=0 if known is None else known.last_sequence,
        )
        self._keep(enrolment)
        return Joining(enrolment, offered, self._transport(enrolment, folder))

    def keep_joining(self, joining: Joining, confirmation: Confirmation | None) -> Written[PushStatus]:
        """Keep that the office confirmed the answer and sign what waits with the key it knows; None changes nothing."""
        if confirmation is not None:
            self._keep(
                replace(
                    joining.enrolment,
                    confirmed_at=confirmation.enrolled_at,
                    last_sequence=max(confirmation.last_sequence, joining.enrolment.last_sequence),
                )
            )
        return Written(self.status(), frozenset({"releases", "settings"}))

    def enrolment(self) -> Enrolment | None:
        """Return what the vault keeps of its coordinating office, None before an invitation was read."""
        value: dict[str, Any] | None = self._vault.setting(ENROLMENT_KEY)
        return None if value is None else Enrolment.from_json(value)

    def network(self) -> NetworkChoice:
        """Return the way into the net that was chosen."""
        return NetworkChoice.from_json(self._vault.setting(NETWORK_KEY))

    def choose_network(self, choice: NetworkChoice) -> Written[NetworkChoice]:
        """Keep the way into the net. Raises `BadProxy`."""
        choice.check()
        with self._vault.unit_of_work() as unit:
            unit.change_setting(NETWORK_KEY, choice.to_json())
            unit.record(AuditEntry(AuditAction.CHANGE, "setting", NETWORK_KEY, {"mode": choice.mode.value}))
            unit.commit()
        return Written(choice, frozenset({"settings"}))

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
        outbox = NotedOutbox(VaultOutbox(self._vault).list_pending())
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
        outbox = VaultOutbox(self._vault)
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
            waiting=sum(state in ON_THE_WAY for state in states),
            received=states.count(OutboxState.RECEIVED.value),
            held_back=states.count(OutboxState.HELD_BACK.value),
            last_contact_at=max(contacts, default=None),
            problem=next((row.problem for row in rows if row.problem and row.state in ON_THE_WAY), None),
        )

    def answer_file(self) -> tuple[str, bytes]:
        """Return name and bytes of the answer to the invitation, for an office that is reached by files only."""
        enrolment = self.require_enrolment()
        return answer_name(enrolment.sender), enrolment.answer

    def office_transport(self) -> HttpTransport:
        """Return the way to the office over the net, to fetch what it publishes; raises `NotEnrolled`."""
        return self._network_transport(self.require_enrolment())

    def _transport(self, enrolment: Enrolment, folder: Path | None) -> Transport:
        if folder is not None:
            return FolderTransport(folder, enrolment.sender)
        return self._network_transport(enrolment)

    def _network_transport(self, enrolment: Enrolment) -> HttpTransport:
        from kimdesk.sync.transport import Device, HttpTransport  # httpx is only loaded where something is sent

        network = self.network()
        return HttpTransport(
            enrolment.addresses,
            certificates=enrolment.certificates,
            proxies_from_environment=network.mode is ProxyMode.SYSTEM,
            proxy=network.proxy if network.mode is ProxyMode.OWN else None,
            device=Device(enrolment.sender, enrolment.identity),
            clock=self._clock,
        )

    def _keep(self, enrolment: Enrolment) -> None:
        confirmed = enrolment.confirmed_at is not None
        with self._vault.unit_of_work() as unit:
            unit.change_setting(ENROLMENT_KEY, enrolment.to_json())
            if confirmed:
                sign_anew(unit, enrolment, self._vault.chain.head(unit.connection).mac.hex())
            unit.record(AuditEntry(AuditAction.ENROL, "coordinator", "", {"confirmed": confirmed}))
            unit.commit()


def _is_same_place(known: Enrolment | None, offered: Invitation) -> bool:
    """Tell whether an invitation is to the office and the place the laptop has."""
    return known is not None and (known.card, known.sender) == (offered.card, offered.sender)


def problem_of(code: str) -> SyncError:
    """Return the error with the sentence for a problem kept with a release."""
    own = _OWN_PROBLEMS.get(code)
    return error_for_code(code) if own is None else own()
