"""Writing many whole case files at once: for the demonstration vault, later for handovers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from kimdesk.domain.records import new_id
from kimdesk.storage.case_records import insert_all, values_of
from kimdesk.storage.cases import StoredFile, folded_name
from kimdesk.storage.tables import cases as tables
from kimdesk.storage.tables.case_work import residence_periods


def insert_files(
    connection: sa.Connection,
    files: Sequence[StoredFile],
    record_keys: Sequence[bytes],
    last_numbers: Mapping[int, int],
    at: datetime,
) -> None:
    """Insert new case files with their record keys; `last_numbers` gives the last running number used per year.

    A person in several files is stored once, as the last of them has it.
    """
    insert_all(
        connection,
        tables.cases,
        (
            {**values_of(file.case, tables.cases), "record_key": key}
            for file, key in zip(files, record_keys, strict=True)
        ),
    )
    insert_all(connection, tables.case_numbers, ({"year": year, "last": last} for year, last in last_numbers.items()))
    people = {member.person.id: member.person for file in files for member in file.members}
    insert_all(
        connection,
        tables.persons,
        ({**values_of(person, tables.persons), "folded_name": folded_name(person)} for person in people.values()),
    )
    insert_all(
        connection,
        tables.case_members,
        (
            {
                "case_id": file.case.id,
                "person_id": member.person.id,
                "position": position,
                "relation": member.relation,
            }
            for file in files
            for position, member in enumerate(file.members)
        ),
    )
    insert_all(
        connection,
        residence_periods,
        (
            {
                "id": new_id(),
                "person_id": person.id,
                "residence_status": person.residence_status,
                "residence_expires_on": person.residence_expires_on,
                "note": "",
            }
            for person in people.values()
            if person.residence_status is not None or person.residence_expires_on is not None
        ),
    )
    for table, children in (
        (tables.assessments, [record for file in files for record in file.assessments]),
        (tables.goals, [record for file in files for record in file.goals]),
        (tables.measures, [record for file in files for record in file.measures]),
        (tables.referrals, [record for file in files for record in file.referrals]),
        (tables.contacts, [record for file in files for record in file.contacts]),
        (tables.follow_ups, [record for file in files for record in file.follow_ups]),
        (tables.skipped_phases, [record for file in files for record in file.skipped]),
    ):
        insert_all(connection, table, (values_of(record, table) for record in children))
    insert_all(
        connection,
        tables.area_entries,
        (
            {**values_of(entry, tables.area_entries), "assessment_id": assessment.id, "position": position}
            for file in files
            for assessment in file.assessments
            for position, entry in enumerate(assessment.entries)
        ),
    )
    insert_all(
        connection,
        tables.remembered_offers,
        (
            {"case_id": file.case.id, "offer_id": offer_id, "remembered_at": at}
            for file in files
            for offer_id in file.remembered_offers
        ),
    )
