"""The process that is killed while it does case work: says on stdout what is saved, and is believed.

Run as ``python -m tests.faults.case_worker FOLDER ROUND``; every line is ``KIND CASE_ID RECORD_ID LABEL``.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import AreaEntry, Assessment, Case, Contact, Member, Person
from kimdesk.domain.vocabulary import IntakeOutcome, LifeArea, Relation
from kimdesk.foundation.clock import SystemClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage import unlock
from tests.faults.worker import CHEAP_KDF, PASSPHRASE

AREAS = tuple(LifeArea)


def long_text(label: str) -> str:
    """Return a text of some pages in which every line differs, so that half of it would be seen."""
    return "\n".join(f"{label}, Zeile {line}: Frau Haddad sucht eine Wohnung." for line in range(200))


def say(kind: str, case_id: UUID, record_id: UUID, label: str) -> None:
    """Acknowledge: from here on it must survive."""
    sys.stdout.write(f"{kind} {case_id} {record_id} {label}\n")
    sys.stdout.flush()


def do_case_work(desk: Desk, part: str) -> None:
    """Open one case after the other, with an assessment and contacts each."""
    today, now = desk.clock.today(), desk.clock.now()
    for number in count(1):
        label = f"{part}-{number}"
        case = Case(
            opened_on=today,
            intake_on=today,
            commune="05978024",
            concern=long_text(label),
            outcome=IntakeOutcome.CASE_MANAGEMENT,
        )
        members = (
            Member(person=Person(given_name="Samir", family_name=f"Haddad {label}"), relation=Relation.CLIENT),
            Member(person=Person(given_name="Rana", family_name=f"Haddad {label}"), relation=Relation.PARTNER),
        )
        entry = ConsultationEntry(
            case=case, members=members, follow_up_on=today + timedelta(days=7), follow_up_reason=f"Anrufen {label}"
        )
        case_id = desk.cases.record_consultation(entry).value
        say("consultation", case_id, case_id, label)
        areas = tuple(AreaEntry(life_area=area, need=f"{label} {area.value}", scale=2) for area in AREAS)
        assessment = Assessment(case_id=case_id, held_on=today, entries=areas)
        desk.cases.save_assessment(assessment)
        say("assessment", case_id, assessment.id, label)
        for _ in range(3):
            contact = Contact(case_id=case_id, at=now, text=long_text(label))
            desk.cases.save_contact(contact)
            say("contact", case_id, contact.id, label)


def main() -> None:
    """Work until killed."""
    clock = SystemClock()
    vault = unlock(Path(sys.argv[1]), PASSPHRASE, clock=clock, kdf=CHEAP_KDF)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    do_case_work(build_desk(vault, clock), sys.argv[2])


if __name__ == "__main__":
    main()
