"""What happens to an enrolment answer or a bundle, whichever way it came."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from kimdesk.coordinator import issue_store, laptops, people, store
from kimdesk.coordinator.figures import Layout, pack_figures
from kimdesk.coordinator.office import Office
from kimdesk.coordinator.schema import Layouts
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.reporting.release import ReceivedTables, read_tables
from kimdesk.sync.protocol import (
    BadSignature,
    BundleKind,
    DeviceRevoked,
    Envelope,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    IssueText,
    OpenedBundle,
    Receipt,
    TablesRefused,
    UnknownSender,
    WrongDistrict,
    confirm_enrolment,
    open_bundle,
    read_answer,
    read_issue,
)


@dataclass(frozen=True)
class Reply:
    """The office's signed answer to a bundle: a receipt, or a notice that it was held back."""

    envelope: Envelope
    answer: bytes
    held_back: bool
    repeated: bool
    kind: BundleKind


@dataclass(frozen=True)
class Enrolled:
    """A laptop that has joined, with its confirmation; `replaced` tells that it took another device's place."""

    sender: str
    sender_name: str
    confirmation: bytes
    repeated: bool
    replaced: bool = False


class Intake:
    """Checks what comes in, counts it once and answers. Safe to call from several threads and processes."""

    def __init__(self, office: Office, engine: Engine, clock: Clock) -> None:
        self._office = office
        self._engine = engine
        self._clock = clock
        self._layouts = Layouts()

    def enrol(self, data: bytes) -> Enrolled:
        """Take the answer to an invitation; the same answer again gets its confirmation again. Raises a `SyncError`.

        From then on the laptop's earlier device is refused; the new one is told the highest number that was counted.
        """
        answer = read_answer(data)
        with self._engine.begin() as connection:
            sender = laptops.find_sender(connection, answer.sender)
            if sender is None:
                raise InvitationUnknown()
            last = store.last_sequence(connection, sender.id)
            for device in laptops.list_devices(connection, sender.id):
                if device.public_key == answer.public_key:
                    if device.ended:
                        raise DeviceRevoked()
                    confirmation = confirm_enrolment(answer, self._office.keys, device.enrolled_at, last)
                    return Enrolled(sender.id, sender.name, confirmation, repeated=True)
            invitation = laptops.latest_invitation(connection, answer.sender)
            if invitation is None or invitation.verifier is None:
                raise InvitationUsed()
            if not answer.check_token(invitation.verifier):
                raise InvitationUnknown()
            now = self._clock.now()
            if now > invitation.expires_at:
                raise InvitationExpired()
            if not laptops.use_invitation(connection, invitation.id, now):
                raise InvitationUsed()
            replaced = laptops.enrol_device(connection, sender.id, public_key=answer.public_key, at=now)
            action = "replaced" if replaced else "enrolled"
            people.note(connection, action, actor="device", at=now, sender=sender.id)
            confirmation = confirm_enrolment(answer, self._office.keys, now, last)
            return Enrolled(sender.id, sender.name, confirmation, repeated=False, replaced=replaced)

    def receive(self, data: bytes) -> Reply:
        """Take a bundle: count it, or repeat its receipt, or hold it back. Raises a `SyncError`.

        Each (sender, sequence) is counted once, whatever it carries. A copy gets the receipt of the first one, byte
        for byte; another content under the same number is held back and changes no sum.
        """
        bundle = open_bundle(data, self._office.keys)
        envelope = bundle.envelope
        with self._engine.begin() as connection:
            self._verify(connection, bundle)
            content = self._read(bundle)
            new = self._stored(bundle, held_back=False)
            number = store.add_bundle(connection, new)
            if number is not None:
                self._keep(connection, number, bundle, content)
                self._note(connection, "received", bundle)
                return Reply(envelope, new.answer, held_back=False, repeated=False, kind=bundle.kind)
            counted = store.find_bundle(connection, envelope.sender, envelope.sequence)
            assert counted is not None  # the unique constraint said so
            if counted.content_hash == envelope.content_hash:
                return Reply(envelope, counted.receipt, held_back=False, repeated=True, kind=bundle.kind)
            return self._hold_back(connection, bundle)

    def _verify(self, connection: Connection, bundle: OpenedBundle) -> None:
        """Raise unless the device that speaks for the sender now signed the bundle.

        What an earlier device signed is refused by name, so that its user learns why.
        """
        keys = laptops.list_devices(connection, bundle.envelope.sender)
        if not keys:
            raise UnknownSender()
        if not keys[0].ended and _signed_by(bundle, keys[0].public_key):
            return
        if any(_signed_by(bundle, device.public_key) for device in keys if device.ended):
            raise DeviceRevoked()
        raise BadSignature()

    def _keep(
        self, connection: Connection, number: int, bundle: OpenedBundle, content: ReceivedTables | IssueText
    ) -> None:
        envelope = bundle.envelope
        if isinstance(content, IssueText):
            issue_store.keep_issue(connection, envelope.sender, number, content, bundle.content, self._clock.now())
            return
        totals = {table.name: table.total for table in content.tables}
        store.add_release(
            connection,
            {
                "bundle": number,
                "sender": envelope.sender,
                "sequence": envelope.sequence,
                "year": content.year,
                "quarter": content.quarter,
                "subregion": content.subregion,
                "cases": totals.get("status"),
                "persons": totals.get("persons"),
                "layout": self._layouts.number_of(connection, Layout.of(content)),
                "figures": pack_figures(content),
                "tables": bundle.content,
            },
        )

    def _hold_back(self, connection: Connection, bundle: OpenedBundle) -> Reply:
        envelope = bundle.envelope
        new = self._stored(bundle, held_back=True)
        if store.add_to_quarantine(connection, new):
            self._note(connection, "held back", bundle)
            return Reply(envelope, new.answer, held_back=True, repeated=False, kind=bundle.kind)
        notice = store.find_notice(connection, envelope.sender, envelope.sequence, envelope.content_hash)
        assert notice is not None  # the unique constraint said so
        return Reply(envelope, notice, held_back=True, repeated=True, kind=bundle.kind)

    def _stored(self, bundle: OpenedBundle, *, held_back: bool) -> store.NewBundle:
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
        return store.NewBundle(
            sender=envelope.sender,
            sequence=envelope.sequence,
            kind=bundle.kind.name.lower(),
            content_hash=envelope.content_hash,
            chain_head=envelope.chain_head,
            created_at=envelope.created,
            received_at=now,
            answer=answer.to_bytes(self._office.keys),
        )

    def _note(self, connection: Connection, action: str, bundle: OpenedBundle) -> None:
        people.note(
            connection,
            action,
            actor="device",
            at=self._clock.now(),
            sender=bundle.envelope.sender,
            sequence=bundle.envelope.sequence,
        )

    def _read(self, bundle: OpenedBundle) -> ReceivedTables | IssueText:
        """Return what is in a bundle, of this district."""
        content: ReceivedTables | IssueText
        if bundle.kind is BundleKind.ISSUE:
            content = read_issue(bundle.content)
        else:
            try:
                content = read_tables(bundle.content)
            except KnownError:
                raise TablesRefused() from None
        if content.district != self._office.district:
            raise WrongDistrict()
        return content


def device_key(connection: Connection, sender: str) -> bytes:
    """Return the key that speaks for a laptop now; raises `UnknownSender` or `DeviceRevoked`."""
    keys = laptops.list_devices(connection, sender)
    if not keys:
        raise UnknownSender()
    if keys[0].ended:
        raise DeviceRevoked()
    return keys[0].public_key


def _signed_by(bundle: OpenedBundle, key: bytes) -> bool:
    try:
        bundle.verify(key)
    except BadSignature:
        return False
    return True
