"""The bundle: an envelope around a content, signed by the device, sealed to the office.

There are two kinds: a release with its canonical tables, and a reviewed structural issue with its exact text. On the
wire both are the magic line and a sealed box. Inside it canonical JSON with the envelope, the device's signature over
the envelope (which covers the kind), and the content as the very text whose SHA-256 stands in the envelope. The
envelope names its recipient, so that nobody can open a bundle and seal it again for another office. Both kinds count
in one series of sequence numbers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.reporting.release import Release
from kimdesk.sync.errors import BadSignature, DamagedFile, NotForThisCoordinator, TooLarge
from kimdesk.sync.keys import CoordinatorCard, CoordinatorKeys, DeviceIdentity
from kimdesk.sync.wire import (
    SIGNATURE_BYTES,
    Fields,
    check_format,
    encode,
    parse_object,
    signed_bytes,
    verify_signature,
    write_moment,
)


class BundleKind(Enum):
    """What a bundle carries: the name of its format, and of the member that holds the content."""

    RELEASE = ("kimdesk-bundle-1", "tables")
    ISSUE = ("kimdesk-issue-bundle-1", "issue")

    @property
    def format_name(self) -> str:
        """The name of the format, which the signature covers."""
        return self.value[0]

    @property
    def member(self) -> str:
        """The member that holds the content as text."""
        return self.value[1]


MAGIC = b"KIMDESK-BUNDLE-1\n"
# The tables have at most 64 KiB (reporting), escaping at most doubles them, the rest is small.
MAX_BUNDLE_BYTES = 262_144
MAX_SEQUENCE = 2**31 - 1
_ENVELOPE_NAMES = frozenset({"sender", "recipient", "sequence", "hash", "head", "created"})


@dataclass(frozen=True)
class Envelope:
    """What stands around the content. `content_hash` and `chain_head` are SHA-256 in hexadecimal."""

    sender: str
    recipient: str
    sequence: int
    content_hash: str
    chain_head: str
    created: datetime

    def to_body(self) -> dict[str, Any]:
        """Return the envelope as it is signed."""
        return {
            "sender": self.sender,
            "recipient": self.recipient,
            "sequence": self.sequence,
            "hash": self.content_hash,
            "head": self.chain_head,
            "created": write_moment(self.created),
        }


@dataclass(frozen=True)
class SealedBundle:
    """A bundle ready for the outbox: the sealed bytes and the hash of its content."""

    sequence: int
    sealed: bytes
    content_hash: str


def seal_release(
    release: Release,
    *,
    identity: DeviceIdentity,
    sender: str,
    card: CoordinatorCard,
    sequence: int,
    chain_head: str,
    created: datetime,
) -> SealedBundle:
    """Return `release` as a sealed bundle.

    `sequence` counts from 1 and is never given twice; `chain_head` is the head of the vault's audit
    chain as 64 hexadecimal digits.
    """
    if not 1 <= sequence <= MAX_SEQUENCE:
        raise ValueError("sequence numbers run from 1")
    tables = release.canonical_tables()
    envelope = Envelope(sender, card.key_id, sequence, hashlib.sha256(tables).hexdigest(), chain_head, created)
    Fields(envelope.to_body()).hash("head")
    return SealedBundle(sequence, pack(envelope, tables, identity, card), envelope.content_hash)


def pack(
    envelope: Envelope,
    content: bytes,
    identity: DeviceIdentity,
    card: CoordinatorCard,
    kind: BundleKind = BundleKind.RELEASE,
) -> bytes:
    """Return the sealed bytes of `content` in `envelope`, signed by `identity`."""
    body = envelope.to_body()
    plain = canonical_bytes(
        {
            "format": kind.format_name,
            "envelope": body,
            "signature": encode(identity.signing_key.sign(signed_bytes(kind.format_name, body)).signature),
            kind.member: content.decode("utf-8"),
        }
    )
    return MAGIC + card.seal(plain)


@dataclass(frozen=True)
class OpenedBundle:
    """A bundle that could be opened and whose content fits its envelope; `verify` comes next."""

    kind: BundleKind
    envelope: Envelope
    signature: bytes
    content: bytes

    def verify(self, public_key: bytes) -> None:
        """Raise `BadSignature` unless the sender's device key signed the envelope of this kind."""
        verify_signature(public_key, self.kind.format_name, self.envelope.to_body(), self.signature)


def open_bundle(data: bytes, keys: CoordinatorKeys) -> OpenedBundle:
    """Return the opened bundle; the sender's signature is still to be verified with the enrolled key.

    Raises `TooLarge`, `DamagedFile`, `NewerVersion`, `NotForThisCoordinator` or `BadSignature`.
    """
    if len(data) > MAX_BUNDLE_BYTES:
        raise TooLarge()
    line = data.split(b"\n", 1)[0][:40].decode("ascii", "replace")
    check_format(line, MAGIC.decode("ascii").strip())
    value = parse_object(keys.open(data[len(MAGIC) :]), limit=MAX_BUNDLE_BYTES)
    kind = BundleKind.ISSUE if value.get("format") == BundleKind.ISSUE.format_name else BundleKind.RELEASE
    check_format(value.get("format"), kind.format_name)
    outer = Fields.of(value, frozenset({"format", "envelope", "signature", kind.member}))
    inner = Fields.of(outer.values["envelope"], _ENVELOPE_NAMES)
    envelope = Envelope(
        sender=inner.identifier("sender"),
        recipient=inner.hash("recipient"),
        sequence=inner.number("sequence", lowest=1, highest=MAX_SEQUENCE),
        content_hash=inner.hash("hash"),
        chain_head=inner.hash("head"),
        created=inner.moment("created"),
    )
    if envelope.recipient != keys.card.key_id:
        raise NotForThisCoordinator()
    text = outer.values[kind.member]
    if not isinstance(text, str):
        raise DamagedFile()
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError:
        raise DamagedFile() from None
    if hashlib.sha256(content).hexdigest() != envelope.content_hash:
        raise BadSignature()
    return OpenedBundle(kind, envelope, outer.octets("signature", SIGNATURE_BYTES), content)
