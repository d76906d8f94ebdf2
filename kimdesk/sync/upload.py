"""Transfers that go on where they stopped: the ticket with which a device asks to upload a bundle piece by piece.

Only an enrolled device gets room at the office, which is why the ticket is signed. What is uploaded is the sealed
bundle; it is judged like any other once its last byte is there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from kimdesk.sync.bundle import MAX_BUNDLE_BYTES
from kimdesk.sync.keys import DeviceIdentity
from kimdesk.sync.wire import Fields, SignedDocument, read_document, sign_document, write_moment

TICKET_FORMAT = "kimdesk-upload-1"
MAX_TICKET_BYTES = 2_048
MAX_PIECE_BYTES = 65_536
_NAMES = frozenset({"sender", "hash", "length", "created"})


@dataclass(frozen=True)
class UploadTicket:
    """Who wants to upload what: the SHA-256 of the sealed bundle and its length in bytes."""

    sender: str
    sealed_hash: str
    length: int
    document: SignedDocument

    def verify(self, public_key: bytes) -> None:
        """Raise `BadSignature` unless the sender's device key signed the ticket."""
        self.document.verify(public_key)


def upload_ticket(sender: str, sealed: bytes, identity: DeviceIdentity, now: datetime) -> bytes:
    """Return the signed request for room for `sealed`."""
    body = {
        "sender": sender,
        "hash": hashlib.sha256(sealed).hexdigest(),
        "length": len(sealed),
        "created": write_moment(now),
    }
    return sign_document(TICKET_FORMAT, body, identity.signing_key)


def read_ticket(data: bytes) -> UploadTicket:
    """Return the ticket in `data`, whose signature is still to be verified; raises a `SyncError`."""
    document = read_document(data, TICKET_FORMAT, _NAMES, limit=MAX_TICKET_BYTES)
    body: Fields = document.body
    body.moment("created")
    return UploadTicket(
        sender=body.identifier("sender"),
        sealed_hash=body.hash("hash"),
        length=body.number("length", lowest=1, highest=MAX_BUNDLE_BYTES),
        document=document,
    )
