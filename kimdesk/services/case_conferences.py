"""Case conferences: planned, invited with a release each, held, their tasks turned into follow-ups."""

from __future__ import annotations

from dataclasses import replace

from kimdesk.domain.conferences import Conference, ConferenceTask, checked_conference
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.named_persons import find_persons
from kimdesk.domain.phases import ensure_open
from kimdesk.domain.records import FollowUp, new_id
from kimdesk.domain.work_vocabulary import ConferenceState
from kimdesk.foundation.errors import N_
from kimdesk.services.case_base import FOLLOW_UPS, CaseDesk, Change
from kimdesk.services.changes import Written
from kimdesk.services.harmless_words import harmless_words
from kimdesk.storage import case_records, case_work, issues
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditAction
from kimdesk.storage.tables.cases import follow_ups


class CaseConferences(CaseDesk):
    """Writes conferences."""

    def save_conference(self, conference: Conference, *, warning_read: bool = False) -> Written[None]:
        """Store a conference; each task with a date gets its follow-up.

        `warning_read`: the user read the warning before a discussion with an authority that is not anonymised. Raises
        `RuleBroken` where a release is missing, or where the papers of an anonymised talk name a person of the vault.
        """
        harmless = harmless_words(self._settings.profile())
        with self._changing(conference.case_id) as change:
            ensure_open(change.facts)
            connection = change.unit.connection
            consents = case_work.consents_of(connection, conference.case_id)
            conference = checked_conference(conference, consents, self._clock.now(), warning_read=warning_read)
            if conference.anonymised and find_persons(_texts(conference), issues.named_persons(connection), harmless):
                raise RuleBroken(
                    N_(
                        "Die Besprechung ist anonym, aber im Text stehen Namen, Geburtsdaten oder eine Fallnummer. "
                        "Bitte nehmen Sie sie heraus."
                    ),
                    field_name="anonymised",
                )
            before = case_work.conference_of(connection, conference.id)
            conference = replace(conference, tasks=self._with_follow_ups(change, conference, before))
            new = case_work.save_conference(connection, conference)
            change.saved(new=new, part="conference", record_id=conference.id)
            invited = (ConferenceState.INVITED, ConferenceState.HELD)
            if conference.state in invited and (before is None or before.state not in invited):
                change.log(AuditAction.DISCLOSE, "conference", conference.id, invitees=len(conference.invitees))
        return Written(None, FOLLOW_UPS)

    @staticmethod
    def _with_follow_ups(
        change: Change, conference: Conference, before: Conference | None
    ) -> tuple[ConferenceTask, ...]:
        """Return the tasks, each with a date tied to a follow-up. A task that went takes its open follow-up along."""
        connection = change.unit.connection
        tasks = []
        for task in conference.tasks:
            if task.due_on is None:
                tasks.append(replace(task, follow_up_id=None))
                continue
            reason = f"{task.text} ({task.responsible})" if task.responsible else task.text
            known = None
            if task.follow_up_id is not None:
                known = store.record_by_id(connection, FollowUp, follow_ups, task.follow_up_id)
            if known is None or known.case_id != conference.case_id:
                known = FollowUp(id=new_id(), case_id=conference.case_id, due_on=task.due_on, reason=reason)
            case_records.save(connection, follow_ups, replace(known, due_on=task.due_on, reason=reason))
            tasks.append(replace(task, follow_up_id=known.id))
        kept = {task.follow_up_id for task in tasks}
        for task in before.tasks if before is not None else ():
            if task.follow_up_id is not None and task.follow_up_id not in kept:
                undone = (follow_ups.c.id == task.follow_up_id) & follow_ups.c.done_on.is_(None)
                connection.execute(follow_ups.delete().where(undone))
        return tuple(tasks)


def _texts(conference: Conference) -> str:
    """Return what the papers of an anonymised talk say."""
    parts = [conference.occasion, *conference.agenda, conference.minutes, *conference.agreements]
    parts += [task.text for task in conference.tasks]
    return "\n".join(parts)
