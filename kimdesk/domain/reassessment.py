"""Why a situation is to be looked at again, and what has changed since the last time.

Triggers: DOMAIN reference § 4 (interval, change of status or legal domain, relocation, failed measure). A relocation
has no date in the file and is chosen by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kimdesk.domain.network import ResidencePeriod
from kimdesk.domain.records import Assessment
from kimdesk.domain.views import CaseFile
from kimdesk.domain.vocabulary import LifeArea, MeasureState, ReassessmentTrigger


@dataclass(frozen=True, slots=True)
class Occasion:
    """A reason to look at the situation again, and since when it stands."""

    trigger: ReassessmentTrigger
    since: date


@dataclass(frozen=True, slots=True)
class AreaChange:
    """How a life area was and is on the scale (1 to 5, None: not asked), and whether its need came or went."""

    area: LifeArea
    before: int | None
    now: int | None
    need_before: str = ""
    need_now: str = ""

    @property
    def step(self) -> int | None:
        """Return by how much the scale moved, None where it was not asked both times."""
        return None if self.before is None or self.now is None else self.now - self.before


def occasions(file: CaseFile, today: date) -> tuple[Occasion, ...]:
    """Return what has happened since the last assessment that asks for another, the newest first."""
    if not file.assessments or file.case.closed_on is not None:
        return ()
    last = max(assessment.held_on for assessment in file.assessments)
    found = [one for one in _occasions(file) if last < one.since <= today]
    due = file.facts.reassessment_due_on
    if due is not None and due <= today:
        found.append(Occasion(ReassessmentTrigger.INTERVAL, due))
    return tuple(sorted(found, key=lambda one: one.since, reverse=True))


def _occasions(file: CaseFile) -> Iterator[Occasion]:
    before: dict[UUID, ResidencePeriod] = {}
    for period in file.work.residence_periods:
        earlier = before.get(period.person_id)
        before[period.person_id] = period
        if earlier is None or period.valid_from is None:
            continue
        if period.residence_status not in (None, earlier.residence_status):
            yield Occasion(ReassessmentTrigger.STATUS_CHANGE, period.valid_from)
        if period.legal_domain not in (None, earlier.legal_domain):
            yield Occasion(ReassessmentTrigger.LEGAL_DOMAIN_CHANGE, period.valid_from)
    for measure in file.measures:
        if measure.state is MeasureState.FAILED and measure.ended_on is not None:
            yield Occasion(ReassessmentTrigger.FAILED_MEASURE, measure.ended_on)


def changes_between(before: Assessment, now: Assessment) -> tuple[AreaChange, ...]:
    """Return every life area described at either time, in the order of the life areas."""
    earlier = {entry.life_area: entry for entry in before.entries}
    later = {entry.life_area: entry for entry in now.entries}
    found = []
    for area in LifeArea:
        then, here = earlier.get(area), later.get(area)
        if then is None and here is None:
            continue
        found.append(
            AreaChange(
                area,
                then.scale if then else None,
                here.scale if here else None,
                then.need if then else "",
                here.need if here else "",
            )
        )
    return tuple(found)
