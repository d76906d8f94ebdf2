"""Checklists of Baustein 3: begun for a person, filled in, compared with nothing. The authority decides."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kimdesk.domain.checklists import Checklist
from kimdesk.domain.checks import stripped
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.phases import ensure_open
from kimdesk.foundation.errors import N_
from kimdesk.services.case_base import CASES, CaseDesk, RecordGone
from kimdesk.services.changes import Written
from kimdesk.services.checklist_data import checklist_texts
from kimdesk.storage import case_work
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditAction


class CaseChecklists(CaseDesk):
    """Writes checklists."""

    def save_checklist(self, checklist: Checklist) -> Written[None]:
        """Store a checklist; items with nothing recorded are left out. One per person and law."""
        known = {item.id for item in checklist_texts(checklist.kind).items}
        entries = tuple(
            entry
            for entry in map(stripped, checklist.entries)
            if entry.item in known and (entry.state is not None or entry.proof or entry.note)
        )
        checklist = replace(stripped(checklist), entries=entries)
        if checklist.begun_on > self._clock.today():
            raise RuleBroken(N_("Das Datum liegt in der Zukunft. Bitte prüfen Sie es."), field_name="begun_on")
        with self._changing(checklist.case_id) as change:
            ensure_open(change.facts)
            connection = change.unit.connection
            if all(
                member.person.id != checklist.person_id for member in store.members_of(connection, checklist.case_id)
            ):
                raise RuleBroken(
                    N_("Diese Person gehört nicht mehr zum Fall. Bitte wählen Sie eine andere."), field_name="person_id"
                )
            others = case_work.checklists_of(connection, checklist.case_id)
            if any(
                other.id != checklist.id and (other.person_id, other.kind) == (checklist.person_id, checklist.kind)
                for other in others
            ):
                raise RuleBroken(
                    N_("Für diese Person gibt es die Checkliste schon. Bitte öffnen Sie die vorhandene."),
                    field_name="kind",
                )
            new = case_work.save_checklist(connection, checklist)
            change.saved(new=new, part="checklist", record_id=checklist.id)
        return Written(None, CASES)

    def delete_checklist(self, case_id: UUID, checklist_id: UUID) -> Written[Checklist]:
        """Delete a checklist and return it, so that `save_checklist` can undo it."""
        with self._changing(case_id) as change:
            ensure_open(change.facts)
            found = [one for one in case_work.checklists_of(change.unit.connection, case_id) if one.id == checklist_id]
            if not found:
                raise RecordGone()
            case_work.delete_record(change.unit.connection, Checklist, checklist_id)
            change.log(AuditAction.DELETE, "checklist", checklist_id)
        return Written(found[0], CASES)
