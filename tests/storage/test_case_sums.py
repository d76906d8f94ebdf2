"""The counts beside each case: whatever is written, and by whomever, they are those of a fresh count."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kimdesk.domain.deadlines import reassessment_due
from kimdesk.domain.phases import CaseFacts, current_phase, next_step, phase_states
from kimdesk.domain.records import (
    AreaEntry,
    Assessment,
    Case,
    Contact,
    FollowUp,
    Goal,
    Measure,
    Member,
    Person,
    Referral,
    SkippedPhase,
)
from kimdesk.domain.views import CaseFilter, CaseSummary
from kimdesk.domain.vocabulary import (
    GoalLevel,
    GoalState,
    IntakeOutcome,
    LifeArea,
    MeasureState,
    Phase,
    ReassessmentTrigger,
    ReferralResult,
    Relation,
    Urgency,
)
from kimdesk.storage import Vault, case_list, case_sums
from kimdesk.storage import cases as store
from kimdesk.storage.case_bulk import insert_files
from kimdesk.storage.case_facts import facts_of
from kimdesk.storage.cases import StoredFile
from kimdesk.storage.schema import SCHEMA
from kimdesk.storage.tables.case_sums import case_sums as table
from kimdesk.storage.tables.cases import (
    area_entries,
    assessments,
    case_members,
    cases,
    contacts,
    follow_ups,
    goals,
    measures,
    persons,
    referrals,
    skipped_phases,
)

DAY = date(2026, 3, 2)
CHILDREN = (assessments, goals, measures, referrals, contacts, follow_ups)


def plain_facts(file: StoredFile) -> CaseFacts:
    """Return the facts of a file, counted from its records in Python."""
    wanted = [g for g in file.goals if g.level is GoalLevel.OUTCOME and g.state is not GoalState.DROPPED]
    running = (MeasureState.PLANNED, MeasureState.REQUESTED, MeasureState.RUNNING)
    days = [one.held_on for one in file.assessments] + [one.sent_on for one in file.referrals]
    days += [one.answered_on for one in file.referrals if one.answered_on] + [one.at.date() for one in file.contacts]
    days += [file.case.agreed_on] if file.case.agreed_on else []
    skipped = {left_out.phase: left_out.reason for left_out in file.skipped}
    runs = file.case.closed_on is None and file.case.outcome is IntakeOutcome.CASE_MANAGEMENT
    due = None
    if runs and Phase.REASSESSMENT not in skipped and file.assessments:
        due = reassessment_due(max(one.held_on for one in file.assessments))
    return CaseFacts(
        access_level=file.case.access_level,
        intake_on=file.case.intake_on,
        outcome=file.case.outcome,
        consent_on=file.case.consent_on,
        persons=len(file.members),
        assessments=sum(one.trigger is None for one in file.assessments),
        needs=len({entry.life_area for one in file.assessments for entry in one.entries if entry.need}),
        outcome_goals=len(wanted),
        vague_outcome_goals=sum(not goal.measured_by or goal.due_on is None for goal in wanted),
        agreed_on=file.case.agreed_on,
        measures=len(file.measures),
        open_measures=sum(measure.state in running for measure in file.measures),
        contacts=len(file.contacts),
        referrals=len(file.referrals),
        unanswered_referrals=sum(one.result is ReferralResult.SENT for one in file.referrals),
        reassessments=sum(one.trigger is not None for one in file.assessments),
        reassessment_due_on=due,
        closed_on=file.case.closed_on,
        closure_reason=file.case.closure_reason,
        latest_record_on=max(days, default=None),
        skipped=skipped,
    )


def plain_summary(file: StoredFile) -> CaseSummary:
    """Return a file as a row of the list, by the rules alone."""
    facts = plain_facts(file)
    running = (MeasureState.PLANNED, MeasureState.REQUESTED, MeasureState.RUNNING)
    days: list[date | None] = [one.due_on for one in file.follow_ups if one.done_on is None]
    days += [member.person.residence_expires_on for member in file.members]
    days += [one.answer_due_on for one in file.referrals if one.result is ReferralResult.SENT]
    days += [one.due_on for one in file.measures if one.state in running] + [facts.reassessment_due_on]
    first = sorted(file.members, key=lambda member: member.relation is not Relation.CLIENT)
    spoken = first[0].person.languages if first else ()
    return CaseSummary(
        id=file.case.id,
        number=file.case.number,
        persons=tuple(f"{m.person.given_name} {m.person.family_name}".strip() for m in first),
        commune=file.case.commune,
        commune_name="Lünen" if file.case.commune == "05978024" else file.case.commune,
        phase=current_phase(facts),
        phases=phase_states(facts),
        next_step=next_step(facts),
        due_on=None if facts.closed_on else min((day for day in days if day is not None), default=None),
        urgency=file.case.urgency,
        languages=tuple(dict.fromkeys(filter(None, (file.case.language, *spoken)))),
        opened_on=file.case.opened_on,
        closed_on=file.case.closed_on,
    )


def as_listed(files: list[StoredFile]) -> list[CaseSummary]:
    """Return the list in its order: the next due date first, then those without one, newest first."""
    rows = [plain_summary(file) for file in files]
    rows.sort(key=lambda row: (row.opened_on, row.number), reverse=True)
    return sorted(rows, key=lambda row: row.due_on or date.max)


days = st.dates(date(2025, 8, 25), date(2026, 4, 5))
maybe = st.none() | days
words = st.sampled_from(["", "Wohnung", 'ein "Wort", [noch] eins\\', "مريم", "Ольга, geb. O'Neill", "  "])


@st.composite
def files(draw: st.DrawFn) -> StoredFile:
    """Draw a case file, consistent or not: the counts have no opinion."""
    case = Case(
        number=f"KIM-2026-{draw(st.integers(1, 10**6)):07d}",
        commune=draw(st.sampled_from(["05978024", "05978004"])),
        opened_on=draw(days),
        intake_on=draw(maybe),
        consent_on=draw(maybe),
        agreed_on=draw(maybe),
        closed_on=draw(st.none() | st.none() | days),
        language=draw(st.sampled_from(["", "ar", "uk"])),
        outcome=draw(st.none() | st.sampled_from(IntakeOutcome)),
        urgency=draw(st.sampled_from(Urgency)),
    )
    people = st.builds(
        Person,
        given_name=words,
        family_name=words,
        languages=st.sampled_from([(), ("ar",), ("ti", "ar")]),
        residence_expires_on=maybe,
    )
    entries = st.builds(AreaEntry, life_area=st.sampled_from(LifeArea), need=words)

    def some(kind: Callable[..., st.SearchStrategy[object]]) -> tuple[object, ...]:
        return tuple(draw(st.lists(kind(), max_size=3)))

    def of(kind: type, **fields: st.SearchStrategy[object]) -> tuple[object, ...]:
        return some(lambda: st.builds(kind, case_id=st.just(case.id), **fields))

    skipped = draw(st.lists(st.sampled_from(Phase), max_size=2, unique=True))
    return StoredFile(
        case=case,
        members=tuple(draw(st.lists(st.builds(Member, person=people, relation=st.sampled_from(Relation)), max_size=3))),
        assessments=of(  # type: ignore[arg-type]
            Assessment,
            held_on=days,
            trigger=st.none() | st.sampled_from(ReassessmentTrigger),
            entries=st.lists(entries, max_size=2, unique_by=lambda entry: entry.life_area).map(tuple),
        ),
        goals=of(  # type: ignore[arg-type]
            Goal,
            level=st.sampled_from(GoalLevel),
            state=st.sampled_from(GoalState),
            measured_by=words,
            due_on=maybe,
            text=words,
        ),
        measures=of(Measure, text=words, state=st.sampled_from(MeasureState), due_on=maybe),  # type: ignore[arg-type]
        referrals=of(  # type: ignore[arg-type]
            Referral,
            receiver=words,
            sent_on=days,
            result=st.sampled_from(ReferralResult),
            answered_on=maybe,
            answer_due_on=maybe,
        ),
        contacts=of(Contact, at=days.map(noon), text=words),  # type: ignore[arg-type]
        follow_ups=of(FollowUp, due_on=days, reason=words, done_on=maybe),  # type: ignore[arg-type]
        skipped=tuple(SkippedPhase(case_id=case.id, phase=phase, reason=draw(words)) for phase in skipped),
        remembered_offers=(),
    )


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


def insert(connection: sa.Connection, drawn: list[StoredFile]) -> None:
    insert_files(connection, drawn, [bytes(16)] * len(drawn), {}, noon(DAY))


def spoil(connection: sa.Connection, dice: random.Random) -> None:
    """Write anything anywhere, as an import, a merge or a handover might."""
    ids = list(connection.execute(sa.select(cases.c.id)).scalars())
    everybody = list(connection.execute(sa.select(persons.c.id)).scalars())
    one = dice.choice(CHILDREN)
    rows = list(connection.execute(sa.select(one.c.id)).scalars())
    day = DAY + timedelta(days=dice.randrange(300))
    match dice.randrange(9):
        case 0 if rows:  # a record goes to another case
            connection.execute(one.update().where(one.c.id == dice.choice(rows)).values(case_id=dice.choice(ids)))
        case 1 if rows:
            connection.execute(one.delete().where(one.c.id == dice.choice(rows)))
        case 2 if everybody:  # a name is put right, in every case the person is in
            name = dice.choice(["Rana", "", 'R"\\a'])
            changed = {"given_name": name, "languages": ("de",), "residence_expires_on": dice.choice([None, day])}
            connection.execute(persons.update().where(persons.c.id == dice.choice(everybody)).values(changed))
        case 3 if everybody:  # a person joins another case
            connection.execute(
                sa.dialects.sqlite.insert(case_members)
                .values(case_id=dice.choice(ids), person_id=dice.choice(everybody), position=9, relation=Relation.CHILD)
                .on_conflict_do_nothing()
            )
        case 4 if everybody:
            who = dice.choice(everybody)
            connection.execute(case_members.delete().where(case_members.c.person_id == who))
            connection.execute(persons.delete().where(persons.c.id == who))
        case 5 if len(ids) > 1:
            connection.execute(cases.delete().where(cases.c.id == dice.choice(ids)))
        case 6:
            connection.execute(area_entries.update().values(need=dice.choice(["", "Ruhe"])))
        case 7:
            connection.execute(measures.update().values(state=dice.choice(list(MeasureState)), due_on=day))
            connection.execute(follow_ups.update().values(done_on=dice.choice([None, day])))
            connection.execute(referrals.update().values(result=dice.choice(list(ReferralResult))))
        case _:
            connection.execute(skipped_phases.delete())
            connection.execute(contacts.update().values(at=noon(day)))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(drawn=st.lists(files(), min_size=1, max_size=4, unique_by=lambda file: file.case.number), seed=st.integers(0))
def test_facts_and_list_are_those_of_the_plain_rules_whatever_is_written(
    vault: Vault, drawn: list[StoredFile], seed: int
) -> None:
    dice = random.Random(seed)
    with vault.unit_of_work() as unit:  # never committed: the next example finds an empty vault
        insert(unit.connection, drawn)
        for _ in range(12):
            compare(unit.connection)
            spoil(unit.connection, dice)
        compare(unit.connection)


def compare(connection: sa.Connection) -> None:
    ids = list(connection.execute(sa.select(cases.c.id)).scalars())
    stored = [store.file_of(connection, case_id) for case_id in ids]
    assert {file.case.id: facts_of(connection, file.case.id) for file in stored} == {
        file.case.id: plain_facts(file) for file in stored
    }
    for status in ("open", "closed", "all"):
        wanted = [file for file in stored if status == "all" or (file.case.closed_on is None) == (status == "open")]
        listed = case_list.list_cases(connection, CaseFilter(status=status), {"05978024": "Lünen"})
        assert list(listed) == as_listed(wanted)
        for phase in Phase:
            found = case_list.list_cases(connection, CaseFilter(status=status, phase=phase), {"05978024": "Lünen"})
            assert found == tuple(row for row in listed if row.phase is phase)
    assert case_sums.wrong_cases(connection) == ()


def test_the_definitions_are_those_the_vaults_are_counted_with() -> None:
    """Red after a change of a definition: then set RULES to the new value, and every vault is counted anew."""
    assert case_sums.rules() == case_sums.RULES


def test_every_table_that_is_counted_is_watched() -> None:
    for sums in case_sums.ALL:
        counted = {each.name for each in sa.sql.util.find_tables(sums.source, include_joins=False)}
        assert counted == set(sums.watched)


def test_every_column_is_counted_once() -> None:
    counted = [name for sums in case_sums.ALL for name in sums.columns]
    assert sorted(["case_id", *counted]) == sorted(column.name for column in table.c)


@pytest.fixture
def file() -> StoredFile:
    case = Case(number="KIM-2026-001", commune="05978024", opened_on=DAY)
    samir = Member(person=Person(given_name="Samir", family_name="Haddad"), relation=Relation.CLIENT)
    contact = Contact(case_id=case.id, at=noon(DAY), text="Anruf")
    return StoredFile(
        case=case,
        members=(samir,),
        contacts=(contact,),
        assessments=(),
        goals=(),
        measures=(),
        referrals=(),
        follow_ups=(),
        skipped=(),
        remembered_offers=(),
    )


def stored_numbers(vault: Vault, case_id: UUID) -> tuple[int, int, tuple[str, ...]]:
    with vault.reader() as connection:
        row = connection.execute(sa.select(table).where(table.c.case_id == case_id)).one()
        return row.persons, row.contacts, row.names


def test_a_row_that_is_wrong_is_found(vault: Vault, file: StoredFile) -> None:
    with vault.unit_of_work() as unit:
        insert(unit.connection, [file])
        assert case_sums.wrong_cases(unit.connection) == ()
        unit.connection.execute(table.update().values(contacts=7))
        assert case_sums.wrong_cases(unit.connection) == (file.case.id,)
        unit.connection.execute(table.delete())
        assert case_sums.wrong_cases(unit.connection) == (file.case.id,)


def test_a_vault_of_the_first_schema_is_counted_when_it_moves_up(vault: Vault, file: StoredFile) -> None:
    with vault.unit_of_work() as unit:
        insert(unit.connection, [file])
        unit.commit()
    SCHEMA.migrate(vault.engine, "0001", down=True)
    SCHEMA.migrate(vault.engine)
    assert stored_numbers(vault, file.case.id) == (1, 1, ("Samir Haddad",))
    with vault.unit_of_work() as unit:
        unit.connection.execute(contacts.delete())
        unit.commit()
    assert stored_numbers(vault, file.case.id) == (1, 0, ("Samir Haddad",))


def test_a_table_that_a_migration_rebuilds_is_still_watched(vault: Vault, file: StoredFile) -> None:
    with vault.engine.begin() as connection:
        case_sums.take_off(connection)
        connection.exec_driver_sql("CREATE TABLE rebuilt AS SELECT * FROM contacts")
        connection.exec_driver_sql("DROP TABLE contacts")
        connection.exec_driver_sql("ALTER TABLE rebuilt RENAME TO contacts")
        case_sums.put_on(connection)
        insert(connection, [file])
    assert stored_numbers(vault, file.case.id) == (1, 1, ("Samir Haddad",))
