"""Receiving from a folder (a USB stick): reads what laptops left there and puts the answers beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kimdesk.coordinator.errors import FolderUnwritable
from kimdesk.coordinator.intake import Intake
from kimdesk.foundation.errors import KnownError
from kimdesk.foundation.files import write_atomically
from kimdesk.sync.protocol import (
    ANSWER_PATTERN,
    MAX_BUNDLE_BYTES,
    MAX_DOCUMENT_BYTES,
    RELEASE_PATTERN,
    BundleKind,
    DamagedFile,
    FolderUnreadable,
    confirmation_name,
    read_limited,
    receipt_name,
)

MAX_FILES = 2_000


@dataclass
class ReceiveReport:
    """What was found in a folder: releases `counted` and `issues` taken for the first time.

    `refused` are pairs of file name and error; those files were left as they are.
    """

    enrolled: list[str] = field(default_factory=list)
    counted: int = 0
    issues: int = 0
    repeated: int = 0
    held_back: int = 0
    refused: list[tuple[str, KnownError]] = field(default_factory=list)


def receive_folder(intake: Intake, folder: Path) -> ReceiveReport:
    """Take every enrolment answer, then every release in `folder` (not in folders below it), and write the answers.

    What was taken stays taken if the folder turns out to be read-only: then `FolderUnwritable` is raised, and the
    next run writes the same receipts again. Raises `FolderUnreadable`.
    """
    report = ReceiveReport()
    for path in _files(folder, ANSWER_PATTERN):
        try:
            enrolled = intake.enrol(_read(path, MAX_DOCUMENT_BYTES))
        except KnownError as error:
            report.refused.append((path.name, error))
            continue
        if not enrolled.repeated:
            report.enrolled.append(enrolled.sender_name)
        _write(folder / confirmation_name(enrolled.sender), enrolled.confirmation)
    for path in _files(folder, RELEASE_PATTERN):
        try:
            reply = intake.receive(_read(path, MAX_BUNDLE_BYTES))
        except KnownError as error:
            report.refused.append((path.name, error))
            continue
        if reply.held_back:
            report.held_back += 1
        elif reply.repeated:
            report.repeated += 1
        elif reply.kind is BundleKind.ISSUE:
            report.issues += 1
        else:
            report.counted += 1
        envelope = reply.envelope
        # The name comes from the signed envelope, never from the name of the file that came in.
        _write(folder / receipt_name(envelope.sender, envelope.sequence, envelope.content_hash), reply.answer)
    return report


def _files(folder: Path, pattern: str) -> list[Path]:
    try:
        if not folder.is_dir():
            raise FolderUnreadable()
        found = sorted(path for path in folder.glob(pattern) if path.is_file() and not path.is_symlink())
    except OSError:
        raise FolderUnreadable() from None
    return found[:MAX_FILES]


def _read(path: Path, limit: int) -> bytes:
    try:
        return read_limited(path, limit)
    except OSError:
        raise DamagedFile() from None


def _write(path: Path, data: bytes) -> None:
    try:
        if path.exists() and read_limited(path, len(data) + 1) == data:
            return
    except (OSError, KnownError):
        pass
    try:
        write_atomically(path, data)
    except OSError:
        raise FolderUnwritable() from None
