"""The case service: reading lists and files; the writing parts are its base classes."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from kimdesk.domain.phases import next_step, phase_states
from kimdesk.domain.timeline import timeline_of
from kimdesk.domain.views import CaseFile, CaseFilter, CaseSummary
from kimdesk.foundation.clock import Clock
from kimdesk.reporting.counts import CaseCounts
from kimdesk.services.case_base import HasProfile
from kimdesk.services.case_checklists import CaseChecklists
from kimdesk.services.case_conferences import CaseConferences
from kimdesk.services.case_course import CaseCourse
from kimdesk.services.case_intake import CaseIntake
from kimdesk.services.case_network import CaseNetwork
from kimdesk.services.case_notifications import CaseNotifications
from kimdesk.services.case_plan import CasePlan
from kimdesk.services.home import CaseHome
from kimdesk.storage import case_counts, case_facts, case_list, case_work
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.vault.vault import Vault

__all__ = ["CaseFilter", "CaseService"]

SAME_LOOK = timedelta(minutes=10)
"""Reading the same file again within this time, as a screen does after every save, is one look at it."""


class CaseService(
    CaseIntake, CaseNotifications, CasePlan, CaseCourse, CaseNetwork, CaseConferences, CaseChecklists, CaseHome
):
    """Everything screens and commands do with case files. Used in one thread at a time."""

    def __init__(self, vault: Vault, settings: HasProfile, clock: Clock) -> None:
        super().__init__(vault, settings, clock)
        self._last_look: tuple[UUID, datetime] | None = None

    def list(self, filter: CaseFilter = CaseFilter()) -> tuple[CaseSummary, ...]:  # noqa: B008 - the contract; frozen
        """Return the cases that `filter` lets through, the next due date first."""
        names = dict(self.communes())
        with self._vault.reader() as connection:
            return case_list.list_cases(connection, filter, names)

    def file(self, case_id: UUID) -> CaseFile:
        """Return the whole file of a case and note the look at it in the log. Raises `CaseNotFound`."""
        now = self._clock.now()
        with self._vault.unit_of_work() as unit:
            stored = store.file_of(unit.connection, case_id)
            facts = case_facts.facts_of(unit.connection, case_id)
            work = case_work.work_of(unit.connection, case_id)
            if self._last_look is None or self._last_look[0] != case_id or now - self._last_look[1] > SAME_LOOK:
                unit.record(AuditEntry(AuditAction.VIEW, "case", case_id))
                unit.commit()
                self._last_look = (case_id, now)
        return CaseFile(
            case=stored.case,
            commune_name=self._settings.profile().commune_name(stored.case.commune),
            members=stored.members,
            facts=facts,
            phases=phase_states(facts),
            next_step=next_step(facts),
            assessments=stored.assessments,
            goals=stored.goals,
            measures=stored.measures,
            referrals=stored.referrals,
            contacts=stored.contacts,
            follow_ups=stored.follow_ups,
            timeline=timeline_of(stored.case, stored.assessments, stored.referrals, stored.contacts, work),
            remembered_offers=stored.remembered_offers,
            work=work,
        )

    def communes(self) -> tuple[tuple[str, str], ...]:
        """Return AGS and name of the district's communes, by name."""
        communes = self._settings.profile().communes
        return tuple(sorted(((commune.ags, commune.name) for commune in communes), key=lambda pair: pair[1]))

    def counts(self) -> tuple[CaseCounts, ...]:
        """Return one counts-ready row per case, for reporting."""
        profile = self._settings.profile()
        with self._vault.reader() as connection:
            return case_counts.case_counts(connection, profile.subregion_of)
