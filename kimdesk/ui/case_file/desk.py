"""What every part of the case file works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from kimdesk.domain.deadlines import Retention
from kimdesk.domain.records import Case
from kimdesk.domain.views import CaseFile
from kimdesk.domain.vocabulary import LifeArea
from kimdesk.foundation.clock import Clock
from kimdesk.services.cases import CaseService
from kimdesk.services.offers import OfferService
from kimdesk.ui.case_file.drafts import Drafts
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages

if TYPE_CHECKING:
    from kimdesk.ui.page import Page


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is read besides the file: the district's communes, life areas and retention, titles of known offers."""

    communes: tuple[tuple[str, str], ...] = ()
    life_areas: tuple[LifeArea, ...] = tuple(LifeArea)
    retention: Retention = Retention()
    offers: Mapping[UUID, tuple[str, str]] = field(default_factory=dict)
    """Title and provider by id."""


@dataclass
class CaseDesk:
    """Services, messages and drafts, and the file in front (None before the first)."""

    cases: CaseService
    offers: OfferService
    jobs: Jobs
    messages: Messages
    clock: Clock
    drafts: Drafts
    page: Page
    file: CaseFile | None = None
    around: Surroundings = field(default_factory=Surroundings)

    @property
    def case_id(self) -> UUID | None:
        """Return the id of the case in front."""
        return self.file.case.id if self.file else None

    @property
    def case(self) -> Case:
        """Return the case in front; a bug if there is none."""
        return self.the_file.case

    @property
    def the_file(self) -> CaseFile:
        """Return the file in front; a bug if there is none."""
        if self.file is None:
            raise RuntimeError("no case is open")
        return self.file

    @property
    def is_open(self) -> bool:
        """Whether the case takes changes."""
        return self.file is not None and self.file.case.closed_on is None and self.file.case.leads

    def today(self) -> date:
        """Return today's date."""
        return self.clock.today()
