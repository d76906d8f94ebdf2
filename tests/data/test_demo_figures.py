"""The year 2022 of the demonstration caseload is the published one, whatever day the demo is made on."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from kimdesk.domain.vocabulary import ClosureReason
from kimdesk.foundation.clock import FixedClock
from kimdesk.foundation.resources import resource
from kimdesk.reporting.classify import Period
from kimdesk.reporting.indicators import compute, load_indicator_set
from kimdesk.services.cases import CaseService
from kimdesk.services.demo_caseload import Caseload, build_demo, generate_caseload
from kimdesk.services.demo_texts import load_demo_texts
from kimdesk.services.settings import SettingsService
from kimdesk.storage import Vault
from kimdesk.storage.cases import StoredFile

PUBLISHED = {
    "one_off": 38,
    "referral": 29,
    "closed": 12,
    "ongoing": 50,
    "unknown": 20,
}
PATHS = {
    "foreigners_authority": 3,
    "social_administration": 75,
    "volunteers": 13,
    "welfare_associations": 18,
    "youth_welfare": 3,
    "jobcentre_employment_agency": 2,
    "self": 31,
    "other": 1,
    None: 3,
}


def of_2022(caseload: Caseload) -> list[StoredFile]:
    """Return the files that count in 2022 by the plain words of the rule: taken in then, or carried over open."""
    end = date(2022, 12, 31)
    found = []
    for file in caseload.files:
        taken_in = file.case.intake_on or file.case.opened_on
        carried_over = taken_in < date(2022, 1, 1) and (file.case.closed_on is None or file.case.closed_on.year >= 2022)
        if taken_in <= end and (taken_in.year == 2022 or carried_over):
            found.append(file)
    return found


def status_at_the_end(file: StoredFile) -> str:
    closed_on = file.case.closed_on
    if closed_on is None or closed_on > date(2022, 12, 31):
        return "ongoing"
    match file.case.closure_reason:
        case None:
            return "unknown"
        case ClosureReason.ONE_OFF_CONSULTATION:
            return "one_off"
        case ClosureReason.REFERRAL:
            return "referral"
        case _:
            return "closed"


def counted(caseload: Caseload) -> tuple[int, int, Counter[str], Counter[str | None]]:
    files = of_2022(caseload)
    persons = {member.person.id for file in files for member in file.members}
    paths = Counter(None if file.case.access_path is None else file.case.access_path.value for file in files)
    return len(files), len(persons), Counter(map(status_at_the_end, files)), paths


def test_2022_counted_by_hand_is_the_published_year(caseload: Caseload) -> None:
    assert counted(caseload) == (149, 353, PUBLISHED, PATHS)


@pytest.mark.parametrize(
    "today", [date(2023, 1, 5), date(2024, 2, 29), date(2026, 11, 22), date(2026, 12, 31), date(2031, 6, 2)], ids=str
)
def test_the_day_of_making_does_not_touch_2022(today: date) -> None:
    assert counted(generate_caseload(today)) == (149, 353, PUBLISHED, PATHS)


def test_the_indicator_table_of_the_vault_is_the_published_column(
    vault: Vault, clock: FixedClock, shared: Path
) -> None:
    build_demo(vault, clock)
    counts = CaseService(vault, SettingsService(vault), clock).counts()
    table = compute(counts, load_indicator_set("unna-35-02-01"), Period.whole_year(2022))
    with (shared / "data" / "kennzahlen-unna.csv").open(encoding="utf-8", newline="") as source:
        published = {row["row"]: int(row["y2022"]) for row in csv.DictReader(source)}
    assert set(published) <= {row.row for row in table.rows}
    for row, figure in published.items():
        value = table.value(row)
        if row.startswith("b3_"):
            assert value is None, row
        elif row == "persons_per_case":
            assert value == Decimal("2.4")
            assert Decimal(value).quantize(Decimal(1), ROUND_HALF_UP) == figure
        else:
            assert value == figure, row
    assert (table.value("status_unknown"), table.value("access_unknown")) == (20, 3)


def test_cases_are_spread_over_the_communes_in_exact_proportion(caseload: Caseload) -> None:
    weights = load_demo_texts().plan["communes"]
    numbers = Counter(file.case.commune for file in of_2022(caseload))
    for ags, weight in weights.items():
        assert abs(numbers[ags] - 149 * weight / sum(weights.values())) < 1, ags


def test_the_weights_are_the_districts_own_figures(shared: Path) -> None:
    with (shared / "data" / "regions.csv").open(encoding="utf-8", newline="") as source:
        rows = [row for row in csv.DictReader(source) if row["district"] == "Kreis Unna"]
    expected = {row["ags"]: int(row["tolerated"]) + int(row["asylum_permission"]) for row in rows}
    assert load_demo_texts().plan["communes"] == expected


def test_some_people_come_twice_and_count_once(caseload: Caseload) -> None:
    memberships = Counter(member.person.id for file in of_2022(caseload) for member in file.members)
    assert max(memberships.values()) == 2
    assert sum(memberships.values()) > 353


def test_the_same_day_gives_the_same_caseload(caseload: Caseload) -> None:
    assert generate_caseload(date(2026, 11, 20)) == caseload


def test_numbers_run_through_each_year_in_the_order_of_intake(caseload: Caseload) -> None:
    days = [file.case.opened_on for file in caseload.files if file.case.number.startswith("KIM-2022-")]
    assert [file.case.number for file in caseload.files][:2] == ["KIM-2022-001", "KIM-2022-002"]
    assert len(days) == caseload.last_numbers[2022] == 149
    assert len({file.case.number for file in caseload.files}) == len(caseload.files)


def test_the_next_real_case_gets_the_next_number(vault: Vault) -> None:
    from kimdesk.storage.cases import next_number

    build_demo(vault, FixedClock(datetime(2026, 11, 20, 8, 30, tzinfo=UTC)))
    with vault.unit_of_work() as unit:
        assert next_number(unit.connection, 2022) == "KIM-2022-150"


def test_the_demo_is_not_made_of_a_handful_of_texts(caseload: Caseload) -> None:
    concerns = Counter(file.case.concern for file in caseload.files)
    assert len(concerns) >= 50
    entries = {entry.situation for file in caseload.files for one in file.assessments for entry in one.entries}
    assert len(entries) >= 60
    assert resource("demo", "texts.toml").is_file()
