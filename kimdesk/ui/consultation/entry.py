"""From what stands in the form to what is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import Case, Member, Person
from kimdesk.domain.vocabulary import AccessLevel, IntakeOutcome, Relation
from kimdesk.ui.case_file.words import language_entries, language_entry

ONE_OFF = frozenset({IntakeOutcome.LITTLE_NEED, IntakeOutcome.SETTLED_DIRECTLY})
"""Outcomes with which a case is closed as soon as it is recorded, so that nothing can follow up."""


def consultation_entry(values: Mapping[str, Any]) -> ConsultationEntry:
    """Return the consultation in `values` (by field name), not checked yet. `intake_on` must be a date."""
    day = values["intake_on"]
    notified = values["access_level"] == AccessLevel.NOTIFIED
    case = Case(
        opened_on=day,
        intake_on=day,
        commune=values["commune"] or "",
        access_level=values["access_level"],
        access_path=values["access_path"],
        notifier=values["notifier"] if notified else "",
        place=values["place"],
        language=language_entry(values["language"]) if values["language"] else "",
        interpreter=values["interpreter"],
        concern=values["concern"],
        urgency=values["urgency"],
        existing_helpers=values["existing_helpers"],
        consent_on=(values["consent_on"] or day) if values["consent"] else None,
        outcome=values["outcome"],
    )
    one_off = values["outcome"] in ONE_OFF
    return ConsultationEntry(
        case=case,
        members=_members(values),
        follow_up_on=None if one_off else values["follow_up_on"],
        follow_up_reason="" if one_off else values["follow_up_reason"],
    )


def _members(values: Mapping[str, Any]) -> tuple[Member, ...]:
    client = Person(
        given_name=values["given_name"],
        family_name=values["family_name"],
        date_of_birth=values["date_of_birth"],
        nationality=values["nationality"],
        languages=language_entries(values["languages"]),
        residence_status=values["residence_status"],
        residence_expires_on=values["residence_expires_on"],
        phone=values["phone"],
    )
    shared = values["shared"]
    others = (
        Member(
            person=Person(
                given_name=row.given_name,
                family_name=row.family_name,
                date_of_birth=row.date_of_birth,
                nationality=client.nationality if shared else "",
                languages=client.languages if shared else (),
            ),
            relation=row.relation,
        )
        for row in values["members"]
    )
    return (Member(person=client, relation=Relation.CLIENT), *others)
