"""The indicator table: partitions close for any rows, and the definitions hold."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.domain.vocabulary import Phase
from kimdesk.reporting.classify import Period, QuarterNotOver, counts_in, last_finished_quarter, require_quarter_over
from kimdesk.reporting.counts import CaseCounts, age_group, tombstone
from kimdesk.reporting.indicators import (
    IndicatorKind,
    IndicatorSetMissing,
    IndicatorTable,
    Place,
    cases_behind,
    compute,
    flow,
    load_indicator_set,
    parse_indicator_set,
)
from tests.reporting.caseload import any_rows, laptop

UNNA = load_indicator_set("unna-35-02-01")
PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "kennzahlen-unna.csv"


def case(number: int = 1, **values: object) -> CaseCounts:
    defaults: dict[str, object] = {
        "record_key": number.to_bytes(16, "big"),
        "person_keys": frozenset({b"%d" % number}),
        "intake_on": date(2022, 5, 2),
    }
    return CaseCounts(**(defaults | values))  # type: ignore[arg-type]  # values are the test's own


def total_of(table: IndicatorTable, kind: IndicatorKind) -> int:
    values = [row.value for row in table.rows if row.kind is kind]
    assert all(isinstance(value, int) for value in values)
    return sum(value for value in values if isinstance(value, int))


@given(any_rows, st.sampled_from(["unna-35-02-01", "neutral"]), st.dates(date(2020, 1, 1), date(2025, 12, 31)))
def test_statuses_and_access_paths_close_for_any_rows(rows: list[CaseCounts], name: str, day: date) -> None:
    table = compute(rows, load_indicator_set(name), Period.year_to(day))
    assert total_of(table, IndicatorKind.STATUS) == table.value("cases_total")
    assert total_of(table, IndicatorKind.ACCESS) == table.value("cases_total")


@given(any_rows)
def test_communes_and_subregions_add_up_to_the_district(rows: list[CaseCounts]) -> None:
    whole = compute(rows, UNNA, Period.whole_year(2022))
    parts = [
        compute(rows, UNNA, Period.whole_year(2022), place=Place(commune=commune))
        for commune in {row.commune for row in rows}
    ]
    assert whole.value("cases_total") == sum(total_of(part, IndicatorKind.CASES) for part in parts)


def test_a_case_counts_in_the_year_of_its_intake_and_when_carried_over_open() -> None:
    carried = case(1, intake_on=date(2021, 3, 1))
    closed_before = case(2, intake_on=date(2021, 3, 1), closed_on=date(2021, 12, 31))
    closed_within = case(3, intake_on=date(2021, 3, 1), closed_on=date(2022, 1, 1), closure_reason="death")
    later = case(4, intake_on=date(2023, 1, 1))
    taken_over = case(5, leads=False)
    rows = [carried, closed_before, closed_within, later, taken_over]
    table = compute(rows, UNNA, Period.whole_year(2022))
    assert (table.value("cases_total"), table.value("cases_ongoing"), table.value("cases_closed")) == (2, 1, 1)
    assert compute(rows, UNNA, Period.whole_year(2021)).value("cases_total") == 3


def test_status_follows_reason_and_reference_date() -> None:
    day = date(2022, 8, 1)
    rows = [
        case(1, closed_on=day, closure_reason="one_off_consultation"),
        case(2, closed_on=day, closure_reason="referral"),
        case(3, closed_on=day, closure_reason="contact_lost"),
        case(4, closed_on=day),
        case(5),
        case(6, closed_on=date(2023, 2, 1), closure_reason="goals_reached"),
    ]
    table = compute(rows, UNNA, Period.whole_year(2022))
    statuses = [row.value for row in table.rows if row.kind is IndicatorKind.STATUS]
    assert statuses == [1, 1, 1, 2, 1]
    early = compute(rows, UNNA, Period.year_to(date(2022, 7, 31)))
    assert early.value("cases_ongoing") == 6
    # Closed on the reference date itself is closed.
    on_the_day = compute(rows, UNNA, Period.year_to(day))
    assert on_the_day.value("cases_ongoing") == 2


def test_persons_are_distinct_and_per_case_has_one_decimal() -> None:
    rows = [case(1, person_keys=frozenset({b"a", b"b"})), case(2, person_keys=frozenset({b"b", b"c"}))]
    table = compute(rows, UNNA, Period.whole_year(2022))
    assert (table.value("persons_total"), table.value("persons_per_case")) == (3, Decimal("1.5"))
    many = [case(n, person_keys=frozenset({b"%d" % n, b"x%d" % n})) for n in range(1, 150)]
    many[0] = case(1, person_keys=frozenset(b"y%d" % n for n in range(353 - 2 * 148)))
    table = compute(many, UNNA, Period.whole_year(2022))
    assert (table.value("persons_total"), table.value("persons_per_case")) == (353, Decimal("2.4"))
    assert compute([], UNNA, Period.whole_year(2022)).value("persons_per_case") is None


def test_rows_entered_by_hand_stay_empty_until_all_parts_are_there() -> None:
    entered: dict[str, int | None] = {"b3_foreigners_authority_unna": 205}
    table = compute([], UNNA, Period.whole_year(2022), manual=entered)
    assert table.value("b3_foreigners_authority_unna") == 205
    assert table.value("b3_foreigners_authority_luenen") is None
    assert table.value("b3_foreigners_authority_total") is None
    table = compute([], UNNA, Period.whole_year(2022), manual=entered | {"b3_foreigners_authority_luenen": 57})
    assert table.value("b3_foreigners_authority_total") == 262
    assert table.value("b3_naturalisation_total") is None
    nothing = compute([case()], UNNA, Period.whole_year(2022))
    assert all(row.value is None for row in nothing.rows if row.kind in (IndicatorKind.MANUAL, IndicatorKind.SUM))


def test_plan_and_year_before() -> None:
    row = {row.row: row for row in compute([case(1)], UNNA, Period.whole_year(2024)).rows}["cases_total"]
    assert (row.value, row.plan, row.previous) == (1, 500, 1)
    row = {row.row: row for row in compute([], UNNA, Period.whole_year(2023)).rows}["cases_total"]
    assert (row.value, row.plan, row.previous) == (0, None, 149)
    row = {row.row: row for row in compute([], UNNA, Period.whole_year(2024), place=Place(commune="05978004")).rows}[
        "cases_total"
    ]
    assert (row.plan, row.previous) == (None, None)
    leap = compute([case(1)], UNNA, Period.year_to(date(2024, 2, 29)))
    assert leap.rows[0].previous == 1


def test_the_set_holds_the_published_figures() -> None:
    if not PUBLISHED.is_file():
        pytest.skip("the reference data are not beside this checkout")
    with open(PUBLISHED, encoding="utf-8", newline="") as file:
        published = {row["row"]: row for row in csv.DictReader(file)}
    definitions = {row.row: row for row in UNNA.rows}
    assert set(definitions) == set(published) | {"status_unknown", "access_unknown"}
    for name, row in published.items():
        assert definitions[name].actual == {2022: int(row["y2022"])}
        assert definitions[name].plan == {2024: int(row["plan2024"])}


def test_a_set_that_cannot_close_is_refused() -> None:
    text = 'id="x"\nname="x"\nsource=""\n[[rows]]\nrow="a"\nlabel="A"\ncount="status"\nvalue="closed"\n'
    with pytest.raises(ValueError, match="do not part the cases"):
        parse_indicator_set(text)
    with pytest.raises(IndicatorSetMissing):
        load_indicator_set("no-such-set")
    with pytest.raises(IndicatorSetMissing):
        load_indicator_set("../release/tables")


def test_age_groups_change_on_the_birthday() -> None:
    assert age_group(date(2006, 6, 1), date(2022, 5, 31)) == "6-15"
    assert age_group(date(2006, 6, 1), date(2022, 6, 1)) == "16-17"
    assert age_group(date(1957, 1, 1), date(2022, 1, 1)) == "65+"
    assert age_group(date(2004, 2, 29), date(2022, 2, 28)) == "16-17"
    assert age_group(None, date(2022, 1, 1)) == "unknown"


def test_a_tombstone_changes_no_figure_and_names_nobody() -> None:
    rows = laptop(40)
    erased = [tombstone(row) for row in rows]
    for quarter_end in (date(2022, 3, 31), date(2022, 6, 30), date(2022, 9, 30), date(2022, 12, 31)):
        before = compute(rows, UNNA, Period.year_to(quarter_end))
        assert compute(erased, UNNA, Period.year_to(quarter_end)).rows == before.rows
    assert not rows[0].person_keys & erased[0].person_keys
    assert {row.intake_on.day for row in erased} == {1}


def test_rows_that_contradict_themselves_are_refused() -> None:
    for values in (
        {"closed_on": date(2022, 5, 1)},
        {"record_key": b"short"},
        {"goals_reached": 1},
        {"person_age_groups": {"ancient": 1}},
        {"person_age_groups": {"0-5": -1}},
    ):
        with pytest.raises(ValueError, match="[a-z_]+"):
            case(1, **values)
    assert "record_key" not in repr(case())


def test_quarters_are_released_when_they_are_over() -> None:
    assert last_finished_quarter(date(2026, 11, 20)) == (2026, 3)
    assert last_finished_quarter(date(2026, 1, 1)) == (2025, 4)
    require_quarter_over(2022, 4, date(2023, 1, 1))
    with pytest.raises(QuarterNotOver):
        require_quarter_over(2022, 4, date(2022, 12, 31))


_SPANS = st.tuples(st.dates(date(2020, 1, 1), date(2025, 12, 31)), st.integers(0, 800)).map(
    lambda drawn: Period(drawn[0], drawn[0] + timedelta(days=drawn[1]))
)


@given(any_rows, _SPANS)
def test_any_span_of_days_closes_and_is_made_of_its_cases(rows: list[CaseCounts], period: Period) -> None:
    table = compute(rows, UNNA, period)
    assert total_of(table, IndicatorKind.STATUS) == total_of(table, IndicatorKind.ACCESS) == table.value("cases_total")
    for definition in UNNA.rows:
        behind = cases_behind(rows, definition, period)
        match definition.kind:
            case IndicatorKind.CASES | IndicatorKind.STATUS | IndicatorKind.ACCESS:
                assert len(behind) == table.value(definition.row)
            case IndicatorKind.MANUAL | IndicatorKind.SUM:
                assert not behind
            case IndicatorKind.PERSONS | IndicatorKind.PERSONS_PER_CASE:
                assert len(behind) == table.value("cases_total")


@given(any_rows, _SPANS)
def test_a_case_counts_exactly_when_it_was_open_on_a_day_of_the_span(rows: list[CaseCounts], period: Period) -> None:
    for row in rows:
        last = row.closed_on or date.max
        was_open = row.intake_on <= period.reference_date and last >= period.start
        assert counts_in(row, period) == (row.leads and was_open)


def test_plan_and_entered_rows_belong_to_a_year_of_the_whole_district() -> None:
    entered: dict[str, int | None] = {"b3_naturalisation_unna": 591}
    quarter = compute([], UNNA, Period(date(2024, 4, 1), date(2024, 6, 30)), manual=entered)
    assert all(row.plan is None and row.previous is None for row in quarter.rows)
    assert quarter.value("b3_naturalisation_unna") is None
    to_june = compute([], UNNA, Period.year_to(date(2024, 6, 30)), manual=entered)
    assert to_june.value("b3_naturalisation_unna") == 591
    with pytest.raises(ValueError, match="before the start"):
        Period(date(2024, 2, 1), date(2024, 1, 31))


def test_the_flow_counts_what_was_recorded_up_to_the_reference_date() -> None:
    steps = {Phase.INTAKE.value: date(2022, 5, 2), Phase.ASSESSMENT.value: date(2022, 6, 1)}
    rows = [case(1, steps=steps), case(2, steps={Phase.INTAKE.value: date(2022, 5, 3)})]
    whole = dict(flow(rows, Period.whole_year(2022)))
    assert (whole[Phase.INTAKE], whole[Phase.ASSESSMENT], whole[Phase.CLOSURE]) == (2, 1, 0)
    assert dict(flow(rows, Period.year_to(date(2022, 5, 31))))[Phase.ASSESSMENT] == 0
