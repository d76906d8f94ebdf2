"""Files kept with a case: taken in, looked at from memory, saved elsewhere only on purpose."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

from kimdesk.domain.attachments import (
    MOST_IN_A_CASE,
    Attachment,
    check_content,
    checked_name,
    checked_note,
    kind_of,
)
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.phases import ensure_open
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.files import write_atomically
from kimdesk.services.case_base import CASES, Change, RecordGone
from kimdesk.services.changes import Written
from kimdesk.storage import attachments as store
from kimdesk.storage import case_facts
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.cases import count_revision
from kimdesk.storage.vault.vault import Vault


class AttachmentNotWritten(KnownError):
    """The chosen place does not take the file."""

    default_message = N_(
        "Die Datei lässt sich dort nicht speichern. Bitte prüfen Sie, ob Platz ist und ob Sie dort schreiben dürfen. "
        "In der Akte ist sie unverändert."
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with its content, in memory only."""

    attachment: Attachment
    data: bytes


class AttachmentService:
    """Keeps files in the vault. Changes raise `CaseClosed`, `CaseNotFound`, `RuleBroken`, `RecordGone`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def list(self, case_id: UUID) -> tuple[Attachment, ...]:
        """Return the files of a case, newest first."""
        with self._vault.reader() as connection:
            return store.list_of(connection, case_id)

    def add(
        self, case_id: UUID, name: str, data: bytes, *, note: str = "", person_id: UUID | None = None
    ) -> Written[Attachment]:
        """Take a file into the case. One that is already there with the same content is refused."""
        check_content(data)
        note = checked_note(note)
        digest = hashlib.sha256(data).hexdigest()
        with self._vault.unit_of_work() as unit:
            known = store.list_of(unit.connection, case_id)
            same = next((entry for entry in known if entry.digest == digest), None)
            if same is not None:
                raise RuleBroken(N_("Diese Datei liegt schon in der Akte: {name}."), name=same.name)
            if len(known) >= MOST_IN_A_CASE:
                raise RuleBroken(
                    N_("In der Akte liegen schon {most} Dateien. Bitte löschen Sie zuerst, was nicht mehr nötig ist."),
                    most=MOST_IN_A_CASE,
                )
            attachment = Attachment(
                id=uuid4(),
                case_id=case_id,
                person_id=person_id,
                name=checked_name(name),
                kind=kind_of(data),
                size_bytes=len(data),
                digest=digest,
                note=note,
                added_at=unit.moment,
            )
            change = Change(unit, case_facts.facts_of(unit.connection, case_id), case_id)
            ensure_open(change.facts)
            store.put(unit.connection, attachment, data)
            self._finish(change, AuditAction.CREATE, attachment)
        return Written(attachment, CASES)

    def describe(
        self, attachment_id: UUID, *, name: str, note: str = "", person_id: UUID | None = None
    ) -> Written[Attachment]:
        """Change a file's name, note and the person it is about."""
        with self._vault.unit_of_work() as unit:
            before = self._one(store.one(unit.connection, attachment_id))
            after = replace(before, name=checked_name(name), note=checked_note(note), person_id=person_id)
            change = Change(unit, case_facts.facts_of(unit.connection, before.case_id), before.case_id)
            ensure_open(change.facts)
            store.describe(unit.connection, after.id, name=after.name, note=after.note, person_id=after.person_id)
            self._finish(change, AuditAction.CHANGE, after)
        return Written(after, CASES)

    def open(self, attachment_id: UUID) -> Opened:
        """Return a file with its content and note the look at it in the log. Raises `RecordGone`."""
        with self._vault.unit_of_work() as unit:
            attachment = self._one(store.one(unit.connection, attachment_id))
            data = store.content(unit.connection, attachment_id)
            unit.record(_entry(AuditAction.VIEW, attachment))
            unit.commit()
        return Opened(attachment, data)

    def save(self, attachment_id: UUID, path: Path) -> Written[None]:
        """Note the export in the log and write a file to `path`, where it lies unencrypted.

        The log comes first: no file without a row. Raises `AttachmentNotWritten`; then a file of that name is as it
        was.
        """
        with self._vault.unit_of_work() as unit:
            attachment = self._one(store.one(unit.connection, attachment_id))
            data = store.content(unit.connection, attachment_id)
            unit.record(_entry(AuditAction.EXPORT, attachment))
            unit.commit()
        try:
            write_atomically(path, data)
        except OSError:
            raise AttachmentNotWritten() from None
        return Written(None, frozenset())

    def remove(self, attachment_id: UUID) -> Written[Opened]:
        """Delete a file; return it, so that `bring_back` can undo it while the message stands."""
        with self._vault.unit_of_work() as unit:
            attachment = self._one(store.one(unit.connection, attachment_id))
            change = Change(unit, case_facts.facts_of(unit.connection, attachment.case_id), attachment.case_id)
            ensure_open(change.facts)
            data = store.content(unit.connection, attachment_id)
            store.drop(unit.connection, attachment_id)
            self._finish(change, AuditAction.DELETE, attachment)
        return Written(Opened(attachment, data), CASES)

    def bring_back(self, removed: Opened) -> Written[None]:
        """Undo `remove`."""
        attachment = removed.attachment
        with self._vault.unit_of_work() as unit:
            change = Change(unit, case_facts.facts_of(unit.connection, attachment.case_id), attachment.case_id)
            store.put(unit.connection, attachment, removed.data)
            self._finish(change, AuditAction.CREATE, attachment)
        return Written(None, CASES)

    @staticmethod
    def _one(found: Attachment | None) -> Attachment:
        if found is None:
            raise RecordGone()
        return found

    @staticmethod
    def _finish(change: Change, action: AuditAction, attachment: Attachment) -> None:
        change.unit.record(_entry(action, attachment))
        count_revision(change.unit.connection, change.case_id)
        change.unit.commit()


def _entry(action: AuditAction, attachment: Attachment) -> AuditEntry:
    """Return the row for a file; its name may be a person's and stays out of the log."""
    return AuditEntry(action, "case", attachment.case_id, {"part": "attachment", "record": attachment.id.hex})
