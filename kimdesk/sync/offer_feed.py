"""The offer directory the coordinating office publishes: signed, numbered, with a date after which it is too old.

One file: a mark, the length of a signed head, the head, then the compressed directory (HSDS records as JSON). The
head names the SHA-256 of what follows, so that its signature covers everything. Nothing is unpacked before the
signature and the hash are right.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kimdesk.foundation.errors import N_
from kimdesk.sync.errors import BadSignature, DamagedFile, SyncError, TooLarge
from kimdesk.sync.keys import CoordinatorCard, CoordinatorKeys
from kimdesk.sync.wire import SignedDocument, read_document, sign_document, write_moment

OFFERS_NAME: Final = "kim-angebote.kimdesk"
OFFERS_FORMAT: Final = "kimdesk-offers-1"
MAX_FEED_BYTES: Final = 40_000_000
MAX_DIRECTORY_BYTES: Final = 120_000_000
MAX_VERSION: Final = 2**53 - 1
_MAGIC = b"KIMOFFERS1\n"
_LENGTH_BYTES = 4
_MAX_HEAD = 8_192
_NAMES = frozenset({"office", "version", "issued_at", "expires_at", "district", "offers", "hash"})
_LONGEST_LIFE = timedelta(days=732)


class DirectoryExpired(SyncError):
    """The directory is past its date."""

    code = "directory_expired"
    default_message = N_(
        "Dieses Angebotsverzeichnis ist abgelaufen. Ihr Verzeichnis ist unverändert. "
        "Bitte holen Sie bei der koordinierenden Stelle ein neues."
    )


class DirectoryOutdated(SyncError):
    """A newer one was applied before."""

    code = "directory_outdated"
    default_message = N_(
        "Dieses Angebotsverzeichnis ist älter als das, das Sie schon haben. Ihr Verzeichnis ist unverändert."
    )


class DirectoryForeign(SyncError):
    """Another office signed it."""

    code = "directory_foreign"
    default_message = N_(
        "Dieses Angebotsverzeichnis stammt nicht von Ihrer koordinierenden Stelle oder wurde verändert. "
        "Ihr Verzeichnis ist unverändert. Bitte fragen Sie dort nach."
    )


@dataclass(frozen=True)
class FeedHead:
    """What is known of a published directory: `version` grows by one with each, `content_hash` tells it from others."""

    office: str
    version: int
    issued_at: datetime
    expires_at: datetime
    district: str
    offers: int
    content_hash: str


@dataclass(frozen=True)
class OpenedFeed:
    """A verified directory; `directory` is the JSON text of its HSDS records."""

    head: FeedHead
    directory: bytes


def sign_directory(
    directory: bytes,
    keys: CoordinatorKeys,
    *,
    version: int,
    district: str,
    offers: int,
    issued_at: datetime,
    expires_at: datetime,
) -> bytes:
    """Return the file that laptops take; `directory` is JSON text with HSDS records.

    Raises `TooLarge`, and `ValueError` for a version below 1 or a life of more than two years.
    """
    if not 1 <= version <= MAX_VERSION or not timedelta(0) < expires_at - issued_at <= _LONGEST_LIFE:
        raise ValueError("a directory needs a version from 1 and a life of at most two years")
    packed = zlib.compress(directory, 9)
    if len(directory) > MAX_DIRECTORY_BYTES or len(packed) > MAX_FEED_BYTES - _MAX_HEAD:
        raise TooLarge()
    body = {
        "office": keys.card.key_id,
        "version": version,
        "issued_at": write_moment(issued_at),
        "expires_at": write_moment(expires_at),
        "district": district,
        "offers": offers,
        "hash": hashlib.sha256(packed).hexdigest(),
    }
    head = sign_document(OFFERS_FORMAT, body, keys.receipt_key)
    return _MAGIC + len(head).to_bytes(_LENGTH_BYTES, "big") + head + packed


def check_directory(data: bytes, card: CoordinatorCard) -> FeedHead:
    """Return the head of the file in `data`, signed by the office of `card` and with the content it names.

    Raises `DirectoryForeign`, `DamagedFile`, `TooLarge`, `NewerVersion`. Says nothing about its age.
    """
    return _verified(data, card)[0]


def open_directory(
    data: bytes, card: CoordinatorCard, *, now: datetime, last_version: int = 0, last_hash: str = ""
) -> OpenedFeed:
    """Return the verified directory in `data`.

    Beyond `check_directory` raises `DirectoryExpired`, and `DirectoryOutdated` for a version below `last_version` or
    for the same version with another content.
    """
    head, packed = _verified(data, card)
    if head.expires_at <= now:
        raise DirectoryExpired()
    if head.version < last_version or (head.version == last_version and last_hash not in ("", head.content_hash)):
        raise DirectoryOutdated()
    unpacker = zlib.decompressobj()
    try:
        directory = unpacker.decompress(packed, MAX_DIRECTORY_BYTES)
    except zlib.error:
        raise DamagedFile() from None
    if unpacker.unconsumed_tail:
        raise TooLarge()
    if not unpacker.eof or unpacker.unused_data:
        raise DamagedFile()
    return OpenedFeed(head, directory)


def _verified(data: bytes, card: CoordinatorCard) -> tuple[FeedHead, bytes]:
    if len(data) > MAX_FEED_BYTES:
        raise TooLarge()
    start = len(_MAGIC) + _LENGTH_BYTES
    if not data.startswith(_MAGIC) or len(data) < start:
        raise DamagedFile()
    length = int.from_bytes(data[len(_MAGIC) : start], "big")
    if length > _MAX_HEAD or len(data) < start + length:
        raise DamagedFile()
    document = read_document(data[start : start + length], OFFERS_FORMAT, _NAMES, limit=_MAX_HEAD)
    head = _head(document)
    if head.office != card.key_id:
        raise DirectoryForeign()
    try:
        document.verify(card.receipt_key)
    except BadSignature:
        raise DirectoryForeign() from None
    packed = data[start + length :]
    if hashlib.sha256(packed).hexdigest() != head.content_hash:
        raise DirectoryForeign()
    return head, packed


def _head(document: SignedDocument) -> FeedHead:
    body = document.body
    return FeedHead(
        office=body.hash("office"),
        version=body.number("version", lowest=1, highest=MAX_VERSION),
        issued_at=body.moment("issued_at"),
        expires_at=body.moment("expires_at"),
        district=body.text("district"),
        offers=body.number("offers", lowest=0, highest=1_000_000),
        content_hash=body.hash("hash"),
    )
