"""Files kept with a case: what is known of one, and which are taken in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath, PureWindowsPath
from uuid import UUID

from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.errors import N_

LARGEST_BYTES = 25_000_000
"""[own] A scanned letter has 0.2 to 5 MB; what is larger is a video or a whole archive and belongs elsewhere."""
MOST_IN_A_CASE = 300
LONGEST_NAME = 120
LONGEST_NOTE = 2_000


class AttachmentKind(StrEnum):
    """What can be shown of a file without another program."""

    PDF = "pdf"
    PICTURE = "picture"
    TEXT = "text"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a case without its content. `person_id` is the person it is about, None for the case as a whole."""

    id: UUID
    case_id: UUID
    person_id: UUID | None
    name: str
    kind: AttachmentKind
    size_bytes: int
    digest: str
    note: str
    added_at: datetime


def kind_of(data: bytes) -> AttachmentKind:
    """Return what `data` is by its first bytes; the name of a file says nothing reliable."""
    if data.startswith(b"%PDF-"):
        return AttachmentKind.PDF
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    ):
        return AttachmentKind.PICTURE
    if b"\0" in data:
        return AttachmentKind.OTHER
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return AttachmentKind.OTHER
    return AttachmentKind.TEXT


def checked_name(name: str) -> str:
    """Return the last part of a file's name as it may be shown and written again on any system.

    Control and direction characters are left out: they make a name look like another one (``gpj.exe``).
    """
    last = PureWindowsPath(PurePosixPath(name).name).name
    plain = "".join(
        "_" if letter in '<>:"/\\|?*' else letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cf")
    ).strip(" .")
    if not plain:
        return "Dokument"
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    keep = f"{dot}{ending}" if dot and len(ending) <= 10 else ""
    return (stem if keep else plain)[: LONGEST_NAME - len(keep)] + keep


def check_content(data: bytes) -> None:
    """Raise `RuleBroken` for a file that is empty or too large."""
    if not data:
        raise RuleBroken(N_("Die Datei ist leer. Bitte prüfen Sie, ob das Einscannen oder Kopieren gelungen ist."))
    if len(data) > LARGEST_BYTES:
        raise RuleBroken(
            N_("Die Datei ist größer als {most} MB. Bitte scannen Sie mit geringerer Auflösung oder teilen Sie sie."),
            most=LARGEST_BYTES // 1_000_000,
        )


def checked_note(note: str) -> str:
    """Return the note without spaces around it. Raises `RuleBroken` for one that is too long."""
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise RuleBroken(N_("Die Notiz ist zu lang. Bitte kürzen Sie sie."), field_name="note")
    return note
