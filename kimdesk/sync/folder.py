"""The way over a folder: a USB stick, a shared drive. The office's answers come back in the same folder.

Names are made from the sender's number, the sequence and the beginning of the hash, so that two
contents under one number do not overwrite each other on the stick.
"""

from __future__ import annotations

from pathlib import Path

from kimdesk.foundation.files import write_atomically
from kimdesk.sync.enrolment import MAX_DOCUMENT_BYTES
from kimdesk.sync.errors import FolderUnreadable, FolderUnusable, TooLarge
from kimdesk.sync.outbox import OutboxItem
from kimdesk.sync.receipt import MAX_RECEIPT_BYTES

RELEASE_PATTERN = "kim-meldung-*.kimdesk"
ANSWER_PATTERN = "kim-anmeldung-*.json"


def release_name(sender: str, sequence: int, content_hash: str) -> str:
    """Return the file name of a sealed release."""
    return f"kim-meldung-{sender}-{sequence:06d}-{content_hash[:12]}.kimdesk"


def receipt_name(sender: str, sequence: int, content_hash: str) -> str:
    """Return the file name of the office's receipt or notice for a release."""
    return f"kim-quittung-{sender}-{sequence:06d}-{content_hash[:12]}.json"


def answer_name(sender: str) -> str:
    """Return the file name of the answer to an invitation."""
    return f"kim-anmeldung-{sender}.json"


def confirmation_name(sender: str) -> str:
    """Return the file name of the office's confirmation of an enrolment."""
    return f"kim-bestaetigung-{sender}.json"


class FolderTransport:
    """Puts releases into a folder and picks up the receipts that the office left there."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def deliver(self, item: OutboxItem) -> bytes | None:
        """Write the sealed release if it is not there yet; return its receipt if the office has left one.

        Raises `FolderUnusable` when the folder is missing, full or read-only.
        """
        name = (self._sender, item.sequence, item.content_hash)
        answer = self._read(receipt_name(*name), MAX_RECEIPT_BYTES)
        if answer is None or not (self._folder / release_name(*name)).exists():
            # A stick that comes back read-only still hands over its receipt.
            self._write(release_name(*name), item.sealed, needed=answer is None)
        return answer

    def enrol(self, sender: str, answer: bytes) -> bytes | None:
        """Write the answer to an invitation; return the office's confirmation if it is there."""
        confirmation = self._read(confirmation_name(sender), MAX_DOCUMENT_BYTES)
        if confirmation is None:
            self._write(answer_name(sender), answer, needed=True)
        return confirmation

    def _write(self, name: str, data: bytes, *, needed: bool) -> None:
        try:
            if not self._holds(name, data):
                write_atomically(self._folder / name, data)
        except OSError:
            if needed:
                raise FolderUnusable() from None

    def _holds(self, name: str, data: bytes) -> bool:
        try:
            return read_limited(self._folder / name, len(data)) == data
        except (OSError, TooLarge):
            return False

    def _read(self, name: str, limit: int) -> bytes | None:
        try:
            return read_limited(self._folder / name, limit)
        except FileNotFoundError:
            return None
        except OSError:
            raise FolderUnreadable() from None


def read_limited(path: Path, limit: int) -> bytes:
    """Return the bytes of `path`; `TooLarge` above `limit`, `OSError` where it cannot be read."""
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise TooLarge()
    return data
