"""Joining a coordinating office: invitation, the laptop's answer, the office's confirmation.

The invitation carries a one-time token. The token itself never travels back: the answer proves
it by an HMAC over the device's public key, so whoever overhears an answer can neither reuse the
token nor put another key in its place.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from kimdesk.sync.errors import BadSignature, DamagedFile, InvitationExpired
from kimdesk.sync.keys import CoordinatorCard, CoordinatorKeys, DeviceIdentity
from kimdesk.sync.wire import KEY_BYTES, encode, read_document, sign_document, write_moment

INVITATION_FORMAT = "kimdesk-invitation-1"
ANSWER_FORMAT = "kimdesk-enrolment-1"
CONFIRMATION_FORMAT = "kimdesk-enrolled-1"
MAX_DOCUMENT_BYTES = 16_384
TOKEN_BYTES = 32
_MAX_ADDRESSES = 5


@dataclass(frozen=True)
class Invitation:
    """What a coordinating office gives to one case manager, as a file, so that the laptop can join."""

    addresses: tuple[str, ...]
    card: CoordinatorCard
    office: str
    district: str
    sender: str
    sender_name: str
    token: bytes = field(repr=False)
    expires_at: datetime

    def to_bytes(self, keys: CoordinatorKeys) -> bytes:
        """Return the invitation file, signed by the office's own key."""
        body = {
            "addresses": list(self.addresses),
            "sealing_key": encode(self.card.sealing_key),
            "receipt_key": encode(self.card.receipt_key),
            "office": self.office,
            "district": self.district,
            "sender": self.sender,
            "sender_name": self.sender_name,
            "token": encode(self.token),
            "expires_at": write_moment(self.expires_at),
        }
        return sign_document(INVITATION_FORMAT, body, keys.receipt_key)

    def check_valid(self, now: datetime) -> None:
        """Raise `InvitationExpired` once its time has passed."""
        if now > self.expires_at:
            raise InvitationExpired()


_INVITATION_NAMES = frozenset(
    {
        "addresses",
        "sealing_key",
        "receipt_key",
        "office",
        "district",
        "sender",
        "sender_name",
        "token",
        "expires_at",
    }
)


def read_invitation(data: bytes) -> Invitation:
    """Return the invitation in a file; its own signature is checked, its expiry is not (see `check_valid`).

    The signature shows damage and careless changes. Whether the office is the right one, only its
    fingerprint can tell, compared on another way. Raises a `SyncError`.
    """
    document = read_document(data, INVITATION_FORMAT, _INVITATION_NAMES, limit=MAX_DOCUMENT_BYTES)
    body = document.body
    card = CoordinatorCard(body.octets("sealing_key", KEY_BYTES), body.octets("receipt_key", KEY_BYTES))
    document.verify(card.receipt_key)
    addresses = body.texts("addresses", most=_MAX_ADDRESSES)
    if not all(address.startswith(("https://", "http://")) for address in addresses):
        raise DamagedFile()
    return Invitation(
        addresses=addresses,
        card=card,
        office=body.text("office"),
        district=body.text("district", limit=64),
        sender=body.identifier("sender"),
        sender_name=body.text("sender_name"),
        token=body.octets("token", TOKEN_BYTES),
        expires_at=body.moment("expires_at"),
    )


def new_token() -> bytes:
    """Return a random one-time token."""
    return secrets.token_bytes(TOKEN_BYTES)


def _token_proof(token: bytes, sender: str, public_key: bytes) -> bytes:
    return hmac.digest(token, ANSWER_FORMAT.encode() + b"\0" + sender.encode() + b"\0" + public_key, "sha256")


@dataclass(frozen=True)
class EnrolmentAnswer:
    """The laptop's answer to an invitation: its public key and the proof that it holds the token."""

    sender: str
    public_key: bytes
    proof: bytes

    def check_token(self, token: bytes) -> bool:
        """Return whether the answer was made with this token (compared in constant time)."""
        return hmac.compare_digest(self.proof, _token_proof(token, self.sender, self.public_key))


def answer_invitation(invitation: Invitation, identity: DeviceIdentity, now: datetime) -> bytes:
    """Return the answer file to `invitation`, signed by the device; raises `InvitationExpired`."""
    invitation.check_valid(now)
    body = {
        "sender": invitation.sender,
        "public_key": encode(identity.public_key),
        "proof": encode(_token_proof(invitation.token, invitation.sender, identity.public_key)),
        "created": write_moment(now),
    }
    return sign_document(ANSWER_FORMAT, body, identity.signing_key)


def read_answer(data: bytes) -> EnrolmentAnswer:
    """Return an answer whose signature belongs to the key in it; raises a `SyncError`."""
    names = frozenset({"sender", "public_key", "proof", "created"})
    document = read_document(data, ANSWER_FORMAT, names, limit=MAX_DOCUMENT_BYTES)
    body = document.body
    body.moment("created")
    public_key = body.octets("public_key", KEY_BYTES)
    document.verify(public_key)
    return EnrolmentAnswer(body.identifier("sender"), public_key, body.octets("proof", hashlib.sha256().digest_size))


def confirm_enrolment(answer: EnrolmentAnswer, keys: CoordinatorKeys, now: datetime) -> bytes:
    """Return the office's signed confirmation that this key now belongs to this sender."""
    body = {
        "sender": answer.sender,
        "public_key": encode(answer.public_key),
        "enrolled_at": write_moment(now),
    }
    return sign_document(CONFIRMATION_FORMAT, body, keys.receipt_key)


def check_confirmation(data: bytes, invitation: Invitation, identity: DeviceIdentity) -> datetime:
    """Return when the office enrolled this device; raises a `SyncError` if the confirmation is not for it."""
    names = frozenset({"sender", "public_key", "enrolled_at"})
    document = read_document(data, CONFIRMATION_FORMAT, names, limit=MAX_DOCUMENT_BYTES)
    document.verify(invitation.card.receipt_key)
    body = document.body
    if body.identifier("sender") != invitation.sender:
        raise BadSignature()
    if body.octets("public_key", KEY_BYTES) != identity.public_key:
        raise BadSignature()
    return body.moment("enrolled_at")
