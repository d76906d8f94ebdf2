"""Fault 13: the clock is wrong, put right, changed for summer, or it is 29 February.

Deadlines are held against Qt's calendar, which is another implementation; a real vault lives through the jumps.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.deadlines import age_on, deletion_date, reassessment_due, referral_answer_due, week_end
from kimdesk.domain.records import AreaEntry, Assessment, Case, FollowUp, Member, Person, Referral
from kimdesk.domain.views import CaseFilter
from kimdesk.domain.vocabulary import ClosureReason, IntakeOutcome, LifeArea, Relation
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.vault import AuditRow
from kimdesk.storage import check_vault, create_vault
from kimdesk.sync.sender import LONGEST_PAUSE
from tests.faults.conftest import Note
from tests.faults.harness import add_case, open_vault, short_and_long
from tests.faults.worker import CHEAP_KDF, PASSPHRASE
from tests.services.support import running_office

pytestmark = pytest.mark.fault(13)

# Moments in UTC; the office is an hour ahead in winter, two in summer.
JUMPS = (
    datetime(2027, 11, 20, 8, 30, tzinfo=UTC),  # a year ahead
    datetime(2026, 11, 20, 8, 31, tzinfo=UTC),  # put right
    datetime(2025, 11, 20, 8, 32, tzinfo=UTC),  # a year behind
    datetime(2026, 11, 20, 8, 33, tzinfo=UTC),  # put right
    datetime(2026, 12, 31, 22, 59, tzinfo=UTC),  # the last minute of the office's year
    datetime(2026, 12, 31, 23, 0, tzinfo=UTC),  # its new year, while it is still the old one in UTC
    datetime(2027, 3, 28, 0, 59, tzinfo=UTC),  # the minute before summer time
    datetime(2027, 3, 28, 1, 0, tzinfo=UTC),  # 3 o'clock, there was no 2
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC),  # half past 2 for the first time
    datetime(2027, 10, 31, 1, 30, tzinfo=UTC),  # half past 2 for the second time
    datetime(2028, 2, 28, 23, 30, tzinfo=UTC),  # already 29 February at the office
    datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 30, tzinfo=UTC),  # already 1 March
    datetime(2026, 11, 20, 8, 34, tzinfo=UTC),  # and back by more than a year
)


def as_date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


def test_deadlines_of_every_day_agree_with_another_calendar(note: Note) -> None:
    first = date(2023, 11, 20)
    days = [first + timedelta(days=number) for number in range(6 * 366)]
    compared = 0
    for day in days:
        other = QDate(day.year, day.month, day.day)
        assert reassessment_due(day) == as_date(other.addMonths(6))
        assert referral_answer_due(day) == as_date(other.addDays(14))
        assert deletion_date(day, ClosureReason.GOALS_REACHED) == as_date(other.addYears(3))
        assert deletion_date(day, ClosureReason.ONE_OFF_CONSULTATION) == as_date(other.addYears(1))
        assert week_end(day) == as_date(other.addDays(7 - other.dayOfWeek()))
        assert age_on(date(2004, 2, 29), day) == day.year - 2004 - ((day.month, day.day) < (2, 29))
        compared += 6
    note(f"six deadlines of each of {len(days)} days, two of them 29 February", compared, "wrong 0")


def live_a_day(desk: Desk, number: int) -> None:
    """Do one of everything that has a date and look at it as the home screen does."""
    today = desk.clock.today()
    contact = add_case(desk, f"Tag {number}")
    case_id = contact.case_id
    entries = (AreaEntry(life_area=LifeArea.HOUSING, need="mehr Platz", scale=2),)
    desk.cases.save_assessment(Assessment(case_id=case_id, held_on=today, entries=entries))
    desk.cases.save_referral(Referral(case_id=case_id, receiver="Sprachschule", sent_on=today))
    for days, reason in ((-1, "gestern"), (0, "heute"), (1, "morgen")):
        desk.cases.save_follow_up(FollowUp(case_id=case_id, due_on=today + timedelta(days=days), reason=reason))
    file = desk.cases.file(case_id)
    assert [each.at for each in file.contacts] == [desk.clock.now()]
    assert [each.answer_due_on for each in file.referrals] == [today + timedelta(days=14)]
    assert file.case.number.startswith(f"KIM-{today.year}-")
    home = desk.cases.home()
    assert home.today == today
    mine = {
        kind: {item.text for item in items if item.case_id == case_id}
        for kind, items in (("overdue", home.overdue), ("today", home.due_today), ("week", home.this_week))
    }
    assert mine["overdue"] == {"gestern"} and mine["today"] == {"heute"}
    tomorrow_is_this_week = today.weekday() < 6
    assert ("morgen" in mine["week"]) is tomorrow_is_this_week


@short_and_long("rounds", 1, 3)
def test_a_vault_lives_through_jumps_of_the_clock(tmp_path: Path, rounds: int, note: Note) -> None:
    clock = FixedClock(datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
    folder = tmp_path / "Tresor"
    with (
        running_office(tmp_path / "office", FixedClock(clock.now())) as office,
        create_vault(folder, PASSPHRASE, name="Fallakten", clock=clock, kdf=CHEAP_KDF).vault as vault,
    ):
        build_desk(vault, clock).pushes.enrol(office.invite())
    days = 0
    for _ in range(rounds):
        for moment in JUMPS:
            clock.advance(moment - clock.now())
            # Opened anew under each clock: neither anchor nor waiting times care for it.
            with open_vault(folder, clock=clock) as vault:
                live_a_day(build_desk(vault, clock), days)
            days += 1
    with open_vault(folder, clock=clock) as vault:
        desk = build_desk(vault, clock)
        assert all(finding.is_good for finding in check_vault(vault))
        rows = in_order(desk)
        numbers = [case.number for case in desk.cases.list(CaseFilter(status="all"))]
        assert len(numbers) == len(set(numbers)) == days
        sequences = send_under_jumps(desk, clock)
    assert sequences == [1, 2, 3, 4, 5, 6]
    note(
        "a year ahead and behind and back, both changes of summer time, New Year, 29 February",
        days,
        f"wrong dates 0; {rows} rows of the log in one unbroken sequence, {len(numbers)} case numbers all different",
    )


def in_order(desk: Desk) -> int:
    """Return the length of the log, whose numbers go up by one whatever the clock said."""
    rows: tuple[AuditRow, ...] = desk.vault.log(limit=1_000_000)
    assert [row.number for row in reversed(rows)] == list(range(1, len(rows) + 1))
    assert len({row.at for row in rows}) > 10
    return len(rows)


def send_under_jumps(desk: Desk, clock: FixedClock) -> list[int]:
    """Make releases while the clock jumps to and fro and return their numbers in the order they were made."""
    made = []
    years_ahead = (1, 0, 2, 1, 0, 3)
    for ahead, quarter in zip(
        years_ahead, ((2024, 1), (2024, 2), (2024, 3), (2024, 4), (2025, 1), (2025, 2)), strict=True
    ):
        clock.advance(datetime(2026 + ahead, 11, 20, 9, tzinfo=UTC) - clock.now())
        desk.figures.create_release(*quarter)
        made.append(desk.figures.releases()[0].sequence)
        # The office is not there: the pause that begins now must not outlive the wrong clock.
        report = desk.pushes.send(force=False).value
        assert report.next_attempt_at is not None
        assert timedelta(0) < report.next_attempt_at - clock.now() <= LONGEST_PAUSE
    return made


def test_a_consultation_of_tomorrow_is_refused_and_one_of_a_leap_day_is_kept(tmp_path: Path, note: Note) -> None:
    clock = FixedClock(datetime(2028, 2, 28, 22, 59, tzinfo=UTC))  # a minute before 29 February
    with create_vault(tmp_path / "Tresor", PASSPHRASE, name="Neu", clock=clock, kdf=CHEAP_KDF).vault as vault:
        desk = build_desk(vault, clock)
        leap_day = date(2028, 2, 29)
        entry = ConsultationEntry(
            case=Case(opened_on=leap_day, intake_on=leap_day, concern="Wohnung", outcome=IntakeOutcome.CASE_MANAGEMENT),
            members=(Member(person=Person(given_name="Samir", family_name="Haddad"), relation=Relation.CLIENT),),
        )
        with pytest.raises(Exception, match="Zukunft"):
            desk.cases.record_consultation(entry)
        clock.advance(timedelta(minutes=1))
        case_id = desk.cases.record_consultation(entry).value
        assert desk.cases.file(case_id).case.intake_on == leap_day
    note("a consultation on 29 February, a minute before and at its beginning", 2, "wrong 0")
