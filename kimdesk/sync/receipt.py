"""What the office answers to a bundle: a signed receipt, or a signed notice that it was held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kimdesk.sync.bundle import MAX_SEQUENCE
from kimdesk.sync.errors import BadSignature
from kimdesk.sync.keys import CoordinatorCard, CoordinatorKeys
from kimdesk.sync.wire import parse_object, read_document, sign_document, write_moment

RECEIPT_FORMAT = "kimdesk-receipt-1"
NOTICE_FORMAT = "kimdesk-held-back-1"
MAX_RECEIPT_BYTES = 4_096
_NAMES = frozenset({"sender", "sequence", "hash", "received_at", "head"})


@dataclass(frozen=True)
class Receipt:
    """The office's answer to one bundle.

    `chain_head` is the head of the sender's audit chain as the office first saw it under this number:
    the vault can hold it against its own chain. `held_back` is true for the notice that another
    content already stands under this number.
    """

    sender: str
    sequence: int
    content_hash: str
    received_at: datetime
    chain_head: str
    held_back: bool = False

    def to_bytes(self, keys: CoordinatorKeys) -> bytes:
        """Return the receipt or notice, signed by the office."""
        body = {
            "sender": self.sender,
            "sequence": self.sequence,
            "hash": self.content_hash,
            "received_at": write_moment(self.received_at),
            "head": self.chain_head,
        }
        return sign_document(NOTICE_FORMAT if self.held_back else RECEIPT_FORMAT, body, keys.receipt_key)


def read_receipt(data: bytes, card: CoordinatorCard) -> Receipt:
    """Return the receipt or notice in `data`, signed by the office of `card`; raises a `SyncError`."""
    held_back = parse_object(data, limit=MAX_RECEIPT_BYTES).get("format") == NOTICE_FORMAT
    document = read_document(data, NOTICE_FORMAT if held_back else RECEIPT_FORMAT, _NAMES, limit=MAX_RECEIPT_BYTES)
    document.verify(card.receipt_key)
    body = document.body
    return Receipt(
        sender=body.identifier("sender"),
        sequence=body.number("sequence", lowest=1, highest=MAX_SEQUENCE),
        content_hash=body.hash("hash"),
        received_at=body.moment("received_at"),
        chain_head=body.hash("head"),
        held_back=held_back,
    )


def check_receipt(data: bytes, card: CoordinatorCard, *, sender: str, sequence: int, content_hash: str) -> Receipt:
    """Return the verified answer to exactly this bundle; `BadSignature` if it answers another one."""
    receipt = read_receipt(data, card)
    if (receipt.sender, receipt.sequence, receipt.content_hash) != (sender, sequence, content_hash):
        raise BadSignature()
    return receipt
