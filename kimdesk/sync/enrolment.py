"""Joining a coordinating office: invitation, the laptop's answer, the office's confirmation.

The invitation carries a one-time token, which is the seed of a signing key. The token itself never travels back: the
answer is signed with it, over the device's public key, so whoever overhears an answer can neither reuse the token nor
put another key in its place. The office keeps only the public half (`Invitation.verifier`): whoever steals its
database cannot join with it.

An invitation is a file; the same bytes as letters and digits (`invitation_text`) fit into a QR code and can be typed
by a scanner or pasted.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import zlib
from dataclasses import dataclass, field
from datetime import datetime

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from kimdesk.sync.bundle import MAX_SEQUENCE
from kimdesk.sync.errors import BadSignature, DamagedFile, InvitationExpired, TooLarge
from kimdesk.sync.keys import CoordinatorCard, CoordinatorKeys, DeviceIdentity
from kimdesk.sync.wire import (
    KEY_BYTES,
    SIGNATURE_BYTES,
    Fields,
    decode,
    encode,
    parse_object,
    read_document,
    sign_document,
    write_moment,
)

INVITATION_FORMAT = "kimdesk-invitation-2"
_FIRST_INVITATION_FORMAT = "kimdesk-invitation-1"
ANSWER_FORMAT = "kimdesk-enrolment-2"
CONFIRMATION_FORMAT = "kimdesk-enrolled-2"
MAX_DOCUMENT_BYTES = 16_384
TOKEN_BYTES = 32
CERTIFICATE_HASH_BYTES = 32
TEXT_PREFIX = "KIM-EINLADUNG:"
_MAX_ADDRESSES = 5
_MAX_CERTIFICATES = 4


@dataclass(frozen=True)
class Invitation:
    """What a coordinating office gives to one case manager, as a file, so that the laptop can join.

    `certificates` are SHA-256 hashes of the server's certificates (DER). With any, the laptop trusts a server that
    shows one of these and no other; without, it trusts what its system trusts.
    """

    addresses: tuple[str, ...]
    card: CoordinatorCard
    office: str
    district: str
    sender: str
    sender_name: str
    token: bytes = field(repr=False)
    expires_at: datetime
    certificates: tuple[bytes, ...] = ()

    @property
    def verifier(self) -> bytes:
        """The public half of the token, which is all the office keeps of it."""
        return verifier_of(self.token)

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
            "certificates": [encode(certificate) for certificate in self.certificates],
        }
        return sign_document(INVITATION_FORMAT, body, keys.receipt_key)

    def check_valid(self, now: datetime) -> None:
        """Raise `InvitationExpired` once its time has passed."""
        if now > self.expires_at:
            raise InvitationExpired()


_FIRST_INVITATION_NAMES = frozenset(
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
_INVITATION_NAMES = _FIRST_INVITATION_NAMES | {"certificates"}


def read_invitation(data: bytes) -> Invitation:
    """Return the invitation in a file or a pasted text; its signature is checked, its expiry is not (`check_valid`).

    The signature shows damage and careless changes. Whether the office is the right one, only its
    fingerprint can tell, compared on another way. Raises a `SyncError`.
    """
    data = _out_of_text(data)
    if parse_object(data, limit=MAX_DOCUMENT_BYTES).get("format") == _FIRST_INVITATION_FORMAT:
        # A vault keeps the invitation it joined with; one from before certificates could be pinned stays readable.
        document = read_document(data, _FIRST_INVITATION_FORMAT, _FIRST_INVITATION_NAMES, limit=MAX_DOCUMENT_BYTES)
        certificates: tuple[bytes, ...] = ()
    else:
        document = read_document(data, INVITATION_FORMAT, _INVITATION_NAMES, limit=MAX_DOCUMENT_BYTES)
        certificates = _certificates(document.body)
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
        certificates=certificates,
    )


def _certificates(body: Fields) -> tuple[bytes, ...]:
    value = body.values["certificates"]
    if not isinstance(value, list) or len(value) > _MAX_CERTIFICATES:
        raise DamagedFile()
    return tuple(decode(item, CERTIFICATE_HASH_BYTES) for item in value)


def invitation_text(data: bytes) -> str:
    """Return an invitation file as capital letters and digits, for a QR code or for pasting."""
    return TEXT_PREFIX + base64.b32encode(zlib.compress(data, 9)).decode("ascii").rstrip("=")


def _out_of_text(data: bytes) -> bytes:
    """Return the invitation file in a text of `invitation_text`; anything else is returned as it is."""
    if len(data) > MAX_DOCUMENT_BYTES:
        raise TooLarge()
    compact = b"".join(data.removeprefix(b"\xef\xbb\xbf").split()).upper()
    prefix = TEXT_PREFIX.encode("ascii")
    if not compact.startswith(prefix):
        return data
    letters = compact[len(prefix) :].rstrip(b"=")
    try:
        packed = base64.b32decode(letters + b"=" * (-len(letters) % 8))
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(packed, MAX_DOCUMENT_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        raise DamagedFile() from None
    if not unpacker.eof:
        raise DamagedFile()
    return plain


def new_token() -> bytes:
    """Return a random one-time token."""
    return secrets.token_bytes(TOKEN_BYTES)


def verifier_of(token: bytes) -> bytes:
    """Return the public half of a token."""
    return bytes(SigningKey(token).verify_key)


def _proved(sender: str, public_key: bytes) -> bytes:
    return ANSWER_FORMAT.encode() + b"\0" + sender.encode() + b"\0" + public_key


@dataclass(frozen=True)
class EnrolmentAnswer:
    """The laptop's answer to an invitation: its public key and the proof that it holds the token."""

    sender: str
    public_key: bytes
    proof: bytes

    def check_token(self, verifier: bytes) -> bool:
        """Return whether the answer was made with the token whose public half this is."""
        try:
            VerifyKey(verifier).verify(_proved(self.sender, self.public_key), self.proof)
        except (BadSignatureError, ValueError):
            return False
        return True


def answer_invitation(invitation: Invitation, identity: DeviceIdentity, now: datetime) -> bytes:
    """Return the answer file to `invitation`, signed by the device; raises `InvitationExpired`."""
    invitation.check_valid(now)
    body = {
        "sender": invitation.sender,
        "public_key": encode(identity.public_key),
        "proof": encode(SigningKey(invitation.token).sign(_proved(invitation.sender, identity.public_key)).signature),
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
    return EnrolmentAnswer(body.identifier("sender"), public_key, body.octets("proof", SIGNATURE_BYTES))


@dataclass(frozen=True)
class Confirmation:
    """When the office enrolled the device, and the highest number it has of this sender: the next one is above it."""

    enrolled_at: datetime
    last_sequence: int


def confirm_enrolment(answer: EnrolmentAnswer, keys: CoordinatorKeys, now: datetime, last_sequence: int = 0) -> bytes:
    """Return the office's signed confirmation that this key now belongs to this sender."""
    body = {
        "sender": answer.sender,
        "public_key": encode(answer.public_key),
        "enrolled_at": write_moment(now),
        "last_sequence": last_sequence,
    }
    return sign_document(CONFIRMATION_FORMAT, body, keys.receipt_key)


def check_confirmation(data: bytes, invitation: Invitation, identity: DeviceIdentity) -> Confirmation:
    """Return what the office confirmed; raises a `SyncError` if the confirmation is not for this device."""
    names = frozenset({"sender", "public_key", "enrolled_at", "last_sequence"})
    document = read_document(data, CONFIRMATION_FORMAT, names, limit=MAX_DOCUMENT_BYTES)
    document.verify(invitation.card.receipt_key)
    body = document.body
    if body.identifier("sender") != invitation.sender:
        raise BadSignature()
    if body.octets("public_key", KEY_BYTES) != identity.public_key:
        raise BadSignature()
    return Confirmation(body.moment("enrolled_at"), body.number("last_sequence", lowest=0, highest=MAX_SEQUENCE))
