"""What happens to an enrolment answer or a bundle, whichever way it came."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from kimdesk.coordinator import store
from kimdesk.coordinator.office import Office
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.reporting.release import ReceivedTables, read_tables
from kimdesk.sync.protocol import (
    Envelope,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    OpenedBundle,
    Receipt,
    TablesRefused,
    UnknownSender,
    WrongDistrict,
    confirm_enrolment,
    open_bundle,
    read_answer,
)


@dataclass(frozen=True)
class Reply:
    """The office's signed answer to a bundle: a receipt, or a notice that it was held back."""

    envelope: Envelope
    answer: bytes
    held_back: bool
    repeated: bool


@dataclass(frozen=True)
class Enrolled:
    """A laptop that has joined, with its confirmation."""

    sender: str
    sender_name: str
    confirmation: bytes
    repeated: bool


class Intake:
    """Checks what comes in, counts it once and answers. Safe to call from several threads."""

    def __init__(self, office: Office, engine: Engine, clock: Clock) -> None:
        self._office = office
        self._engine = engine
        self._clock = clock

    def enrol(self, data: bytes) -> Enrolled:
        """Take the answer to an invitation; the same answer again gets the same confirmation. Raises a `SyncError`."""
        answer = read_answer(data)
        with self._engine.begin() as connection:
            sender = store.find_sender(connection, answer.sender)
            if sender is None:
                raise InvitationUnknown()
            invitation = store.latest_invitation(connection, answer.sender)
            if sender.public_key == answer.public_key and sender.confirmation is not None:
                return Enrolled(sender.id, sender.name, sender.confirmation, repeated=True)
            if invitation is None or invitation.token is None:
                raise InvitationUsed()
            if not answer.check_token(invitation.token):
                raise InvitationUnknown()
            now = self._clock.now()
            if now > invitation.expires_at:
                raise InvitationExpired()
            if not store.use_invitation(connection, invitation.id, now):
                raise InvitationUsed()
            confirmation = confirm_enrolment(answer, self._office.keys, now)
            store.enrol_sender(
                connection, answer.sender, public_key=answer.public_key, confirmation=confirmation, at=now
            )
            store.note(connection, "enrolled", actor="device", at=now, sender=answer.sender)
            return Enrolled(sender.id, sender.name, confirmation, repeated=False)

    def receive(self, data: bytes) -> Reply:
        """Take a bundle: count it, or repeat its receipt, or hold it back. Raises a `SyncError`.

        Each (sender, sequence) is counted once. A copy gets the receipt of the first one, byte for byte;
        another content under the same number goes into quarantine and changes no sum.
        """
        bundle = open_bundle(data, self._office.keys)
        envelope = bundle.envelope
        with self._engine.begin() as connection:
            sender = store.find_sender(connection, envelope.sender)
            if sender is None or sender.public_key is None:
                raise UnknownSender()
            bundle.verify(sender.public_key)
            tables = _read(bundle, self._office.district)
            counted = store.find_release(connection, envelope.sender, envelope.sequence)
            if counted is None:
                new = self._stored(bundle, tables, held_back=False)
                if store.add_release(connection, new):
                    self._note(connection, "received", envelope)
                    return Reply(envelope, new.answer, held_back=False, repeated=False)
                counted = store.find_release(connection, envelope.sender, envelope.sequence)
                assert counted is not None  # the unique constraint said so
            if counted.content_hash == envelope.content_hash:
                return Reply(envelope, counted.receipt, held_back=False, repeated=True)
            return self._hold_back(connection, bundle, tables)

    def _hold_back(self, connection: Connection, bundle: OpenedBundle, tables: ReceivedTables) -> Reply:
        envelope = bundle.envelope
        new = self._stored(bundle, tables, held_back=True)
        if store.add_to_quarantine(connection, new):
            self._note(connection, "held back", envelope)
            return Reply(envelope, new.answer, held_back=True, repeated=False)
        notice = store.find_notice(connection, envelope.sender, envelope.sequence, envelope.content_hash)
        assert notice is not None  # the unique constraint said so
        return Reply(envelope, notice, held_back=True, repeated=True)

    def _stored(self, bundle: OpenedBundle, tables: ReceivedTables, *, held_back: bool) -> store.NewRelease:
        envelope = bundle.envelope
        now = self._clock.now()
        answer = Receipt(
            sender=envelope.sender,
            sequence=envelope.sequence,
            content_hash=envelope.content_hash,
            received_at=now,
            chain_head=envelope.chain_head,
            held_back=held_back,
        )
        return store.NewRelease(
            sender=envelope.sender,
            sequence=envelope.sequence,
            content_hash=envelope.content_hash,
            chain_head=envelope.chain_head,
            created_at=envelope.created,
            received_at=now,
            year=tables.year,
            quarter=tables.quarter,
            subregion=tables.subregion,
            tables=bundle.tables,
            answer=answer.to_bytes(self._office.keys),
        )

    def _note(self, connection: Connection, action: str, envelope: Envelope) -> None:
        store.note(
            connection,
            action,
            actor="device",
            at=self._clock.now(),
            sender=envelope.sender,
            sequence=envelope.sequence,
        )


def _read(bundle: OpenedBundle, district: str) -> ReceivedTables:
    try:
        tables = read_tables(bundle.tables)
    except KnownError:
        raise TablesRefused() from None
    if tables.district != district:
        raise WrongDistrict()
    return tables
