"""What every part of the case service shares: one change to one file is one unit of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.phases import CaseFacts
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_
from kimdesk.services.districts import DistrictProfile
from kimdesk.storage import case_facts
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.unit_of_work import UnitOfWork
from kimdesk.storage.vault.vault import Vault

CASES: Final = frozenset({"cases"})
CASES_AND_FIGURES: Final = frozenset({"cases", "figures"})
EVERYTHING_OF_A_CASE: Final = frozenset({"cases", "figures", "follow_ups"})
FOLLOW_UPS: Final = frozenset({"cases", "follow_ups"})


class HasProfile(Protocol):
    """Where the district's profile comes from."""

    def profile(self) -> DistrictProfile: ...


class RecordGone(RuleBroken):
    """The record was deleted since it was shown."""

    def __init__(self) -> None:
        super().__init__(N_("Diesen Eintrag gibt es nicht mehr. Bitte öffnen Sie den Fall neu."))


@dataclass(frozen=True, slots=True)
class Change:
    """A change in the making: its unit of work and how the file stood before."""

    unit: UnitOfWork
    facts: CaseFacts
    case_id: UUID

    def log(self, action: AuditAction, part: str, record_id: UUID | None = None, **detail: str | int) -> None:
        """Note in the audit log what was done with which part of the file; ids and codes only."""
        described: dict[str, str | int | bool | None] = {"part": part, **detail}
        if record_id is not None:
            described["record"] = record_id.hex
        self.unit.record(AuditEntry(action, "case", self.case_id, described))

    def saved(self, *, new: bool, part: str, record_id: UUID) -> None:
        """Note that a record was written."""
        self.log(AuditAction.CREATE if new else AuditAction.CHANGE, part, record_id)


class CaseDesk:
    """The parts of the case service stand on this."""

    def __init__(self, vault: Vault, settings: HasProfile, clock: Clock) -> None:
        self._vault = vault
        self._settings = settings
        self._clock = clock

    @contextmanager
    def _changing(self, case_id: UUID) -> Iterator[Change]:
        """Give the change of a file; afterwards it counts as one revision and is durable. Raises `CaseNotFound`."""
        with self._vault.unit_of_work() as unit:
            yield Change(unit, case_facts.facts_of(unit.connection, case_id), case_id)
            store.count_revision(unit.connection, case_id)
            unit.commit()
