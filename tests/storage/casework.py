"""Short ways to record a consultation and what follows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import (
    AreaEntry,
    Assessment,
    Case,
    Goal,
    Member,
    Person,
)
from kimdesk.domain.vocabulary import (
    IntakeOutcome,
    LifeArea,
    Relation,
)
from kimdesk.services.cases import CaseService

TODAY = date(2026, 11, 20)


def person(given: str, family: str, **facts: Any) -> Person:
    return Person(given_name=given, family_name=family, **facts)


def consult(
    service: CaseService,
    *others: Member,
    client: Person | None = None,
    follow_up_on: date | None = None,
    **facts: Any,
) -> UUID:
    """Record a consultation and return the case's id."""
    case = Case(
        **{
            "opened_on": TODAY,
            "intake_on": TODAY,
            "concern": "Sucht eine Wohnung",
            "consent_on": TODAY,
            "commune": "05978036",
            "language": "ar",
            "outcome": IntakeOutcome.CASE_MANAGEMENT,
            **facts,
        }
    )
    first = Member(person=client or person("Mariam", "Haddad"), relation=Relation.CLIENT)
    entry = ConsultationEntry(case=case, members=(first, *others), follow_up_on=follow_up_on, follow_up_reason="Anruf")
    if follow_up_on is None:
        entry = replace(entry, follow_up_reason="")
    return service.record_consultation(entry).value


def assess(service: CaseService, case_id: UUID, **facts: Any) -> Assessment:
    entry = AreaEntry(life_area=LifeArea.HOUSING, resources="kennt den Ort", need="Wohnung", scale=2)
    assessment = Assessment(**{"case_id": case_id, "held_on": TODAY, "entries": (entry,), **facts})
    service.save_assessment(assessment)
    return assessment


def goal(service: CaseService, case_id: UUID, **facts: Any) -> Goal:
    made = Goal(**{"case_id": case_id, "text": "Mietvertrag", "measured_by": "liegt vor", "due_on": TODAY, **facts})
    service.save_goal(made)
    return made
