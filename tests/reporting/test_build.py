"""Making releases: the same every time, through the gates, and nothing in it that should stay."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from kimdesk.reporting.counts import CaseCounts, tombstone
from kimdesk.reporting.disclosure import (
    ExplainedFigure,
    PreviousRelease,
    QuarterAlreadyReleased,
    Reason,
    ReleaseDraft,
    build_release,
)
from kimdesk.reporting.margins import margin
from kimdesk.reporting.release import TableState, read_tables
from kimdesk.reporting.tables import load_release_rules, parse_release_rules
from tests.reporting.caseload import COMMUNES, EPOCH_KEY, any_rows, laptop

RULES = load_release_rules(COMMUNES)


def build(
    rows: Sequence[CaseCounts],
    previous: PreviousRelease | None = None,
    quarter: int = 4,
    year: int = 2022,
    epoch_key: bytes = EPOCH_KEY,
) -> ReleaseDraft:
    return build_release(
        rows,
        rules=RULES,
        epoch_key=epoch_key,
        year=year,
        quarter=quarter,
        district="unna",
        subregion="Süd",
        previous=previous,
    )


def running(size: int) -> list[CaseCounts]:
    """Return cases that were all open by January, so that the next quarter changes nothing by itself."""
    return [replace(row, intake_on=date(2022, 1, 3), closed_on=None, closure_reason=None) for row in laptop(size)]


def states(draft: ReleaseDraft) -> set[TableState]:
    return {table.state for table in draft.release.tables}


def published(draft: ReleaseDraft) -> dict[str, tuple[int | None, tuple[int | None, ...]]]:
    return {table.name: (table.total, tuple(cell.published for cell in table.cells)) for table in draft.release.tables}


def figures(draft: ReleaseDraft) -> list[ExplainedFigure]:
    return [figure for table in draft.explanation.tables for figure in (table.total, *table.cells)]


def test_the_same_vault_gives_the_same_bytes() -> None:
    rows = laptop(60)
    first = build(rows).release.canonical_tables()
    assert build(list(reversed(rows))).release.canonical_tables() == first
    assert build(rows, epoch_key=bytes(32)).release.canonical_tables() != first


@settings(max_examples=60)
@given(any_rows)
def test_nothing_hidden_is_published_and_every_figure_is_explained(rows: list[CaseCounts]) -> None:
    many = laptop(12) + rows
    draft = build(many)
    read_tables(draft.release.canonical_tables())
    for figure in figures(draft):
        assert figure.published is not None
        assert figure.published not in (1, 2)
        assert abs(figure.published - figure.true_count) <= 4
        expected = {0: Reason.ZERO, 1: Reason.HIDDEN_SMALL_COUNT, 2: Reason.HIDDEN_SMALL_COUNT}
        assert figure.reason is expected.get(figure.true_count, Reason.PERTURBED)
        assert figure.true_count or figure.published == 0


def test_published_figures_are_the_explained_ones() -> None:
    draft = build(laptop(60))
    for table, explained in zip(draft.release.tables, draft.explanation.tables, strict=True):
        assert (table.name, table.state, table.total) == (explained.name, explained.state, explained.total.published)
        assert [(cell.name, cell.published) for cell in table.cells] == [
            (figure.name, figure.published) for figure in explained.cells
        ]


def test_the_same_cases_get_the_same_noise_in_every_table() -> None:
    draft = build(laptop(60))
    totals = {table.name: table.total for table in draft.release.tables}
    assert totals["status"] == totals["access"] == totals["commune"] == totals["residence_group"]


def test_published_figures_are_unbiased_over_laptops() -> None:
    errors = [
        figure.published - figure.true_count
        for seed in range(150)
        for figure in figures(build(laptop(40, seed)))
        if figure.published is not None and figure.true_count
    ]
    # Figures of one laptop share noise where they share cases, so the bound is wide.
    assert abs(sum(errors) / len(errors)) < 0.1
    assert sum(error * error for error in errors) / len(errors) == pytest.approx(2, abs=0.15)


def test_fewer_than_five_changes_repeat_the_last_figures_until_they_add_up() -> None:
    rows = running(60)
    first = build(rows, quarter=2)
    assert states(first) == {TableState.NEW}
    four = [replace(row, commune="05970000") for row in rows[:4]] + rows[4:]
    second = build(four, PreviousRelease.from_json(json.loads(json.dumps(first.remembered.to_json()))), quarter=3)
    table = {table.name: table for table in second.release.tables}["commune"]
    explained = {table.name: table for table in second.explanation.tables}["commune"]
    assert table.state is TableState.REPEATED
    assert explained.changed_cases == 4
    assert published(second)["commune"] == published(first)["commune"]
    assert {figure.reason for figure in (explained.total, *explained.cells)} == {Reason.REPEATED}
    # One more case: with the four from before that makes five.
    five = [replace(row, commune="05970000") for row in rows[:5]] + rows[5:]
    third = build(five, second.remembered, quarter=4)
    assert {table.name: table.state for table in third.release.tables}["commune"] is TableState.NEW


def test_the_gate_counts_cases_that_changed_in_the_table_only() -> None:
    rows = running(40)
    first = build(rows, quarter=1)
    moved = [replace(row, access_path="other" if row.access_path != "other" else "self") for row in rows[:5]] + rows[5:]
    second = build(moved, first.remembered, quarter=2)
    assert {table.name for table in second.release.tables if table.state is TableState.NEW} == {"access"}
    changed = {table.name: table.changed_cases for table in second.explanation.tables}
    assert changed.pop("access") == 5
    assert set(changed.values()) == {0}


@pytest.mark.parametrize("added", [1, 2, 3, 4])
def test_a_new_case_shows_in_no_table_before_five_changed(added: int) -> None:
    rows = running(44)
    first = build(rows[:40], quarter=1)
    second = build(rows[: 40 + added], first.remembered, quarter=2)
    assert published(second) == published(first)
    assert states(second) == {TableState.REPEATED}


def test_a_small_laptop_sends_totals_only_and_is_not_shown_as_zero() -> None:
    draft = build(laptop(9))
    assert states(draft) == {TableState.WITHHELD}
    for table in draft.release.tables:
        assert table.total is not None
        assert {cell.published for cell in table.cells} == {None}
    assert {figure.reason for table in draft.explanation.tables for figure in table.cells} == {Reason.WITHHELD}
    assert states(build(laptop(10))) == {TableState.NEW}
    assert read_tables(draft.release.canonical_tables()).tables[0].state is TableState.WITHHELD


def test_a_withheld_laptop_stays_behind_the_gate_of_changes() -> None:
    rows = running(14)
    first = build(rows[:9], quarter=1)
    second = build(rows[:12], first.remembered, quarter=2)
    assert published(second) == published(first)
    assert states(second) == {TableState.WITHHELD}
    third = build(rows, second.remembered, quarter=3)
    assert {table.name: table.state for table in third.release.tables}["status"] is TableState.NEW
    # And back: cases handed over leave, the cells go, the totals are repeated until five changed.
    back = build([replace(row, leads=False) if n > 8 else row for n, row in enumerate(rows)], third.remembered)
    assert states(back) == {TableState.WITHHELD}


def test_cases_led_elsewhere_and_cases_of_other_years_do_not_count() -> None:
    rows = laptop(30)
    others = [replace(row, record_key=bytes([n]) * 16, leads=False) for n, row in enumerate(laptop(20, seed=9))]
    earlier = [
        replace(row, closed_on=row.intake_on, record_key=bytes([n + 100]) * 16)
        for n, row in enumerate(laptop(20, seed=8, year=2020))
    ]
    assert build(rows + others + earlier).release.canonical_tables() == build(rows).release.canonical_tables()


def test_erased_cases_keep_counting() -> None:
    rows = laptop(30)
    erased = [tombstone(row) for row in rows[:20]] + rows[20:]
    first = build(rows, quarter=3)
    assert published(build(erased, quarter=3)) == published(first)
    again = build(erased, build(rows, quarter=2).remembered, quarter=3)
    compared = build(rows, build(rows, quarter=2).remembered, quarter=3)
    assert again.release.canonical_tables() == compared.release.canonical_tables()


def test_a_new_year_starts_anew() -> None:
    rows = laptop(30)
    last_year = build(rows)
    draft = build(rows, last_year.remembered, quarter=1, year=2023, epoch_key=bytes(32))
    assert all(table.changed_cases is None for table in draft.explanation.tables)


def test_a_quarter_is_released_once() -> None:
    rows = laptop(30)
    first = build(rows, quarter=3)
    for quarter in (2, 3):
        with pytest.raises(QuarterAlreadyReleased):
            build(rows, first.remembered, quarter=quarter)
    with pytest.raises(ValueError, match="twice"):
        build([*rows, rows[0]])


def test_a_large_family_is_capped_by_age_but_not_in_the_total() -> None:
    rows = laptop(30)
    family = frozenset(bytes([n]) * 16 for n in range(9))
    rows[0] = replace(rows[0], person_keys=family, person_age_groups={"0-5": 7, "27-64": 2})
    others = {key for row in rows[1:] for key in row.person_keys}
    small = sum(row.person_age_groups.get("0-5", 0) for row in rows[1:])
    persons = {table.name: table for table in build(rows).explanation.tables}["persons"]
    assert persons.counts_persons
    assert persons.total.true_count == len(others) + 9
    assert {figure.name: figure.true_count for figure in persons.cells}["0-5"] == small + 3


def test_a_case_counts_once_per_cell_and_once_in_the_total() -> None:
    rows = [replace(row, referrals=()) for row in laptop(20)]
    rows[0] = replace(rows[0], referrals=(("sgb_ii", "sent"), ("sgb_ii", "completed"), (None, "sent")))
    tables = {table.name: table for table in build(rows).explanation.tables}
    domains = {figure.name: figure.true_count for figure in tables["referral_domain"].cells if figure.true_count}
    assert domains == {"sgb_ii": 1, "unknown": 1}
    assert tables["referral_domain"].total.true_count == 1


def test_nothing_leaves_that_should_stay() -> None:
    rows = [replace(row, commune="05970001") if n == 0 else row for n, row in enumerate(laptop(60))]
    draft = build(rows)
    data = draft.release.canonical_tables()
    text = data.decode("utf-8")
    for row in rows:
        for key in (row.record_key, *row.person_keys):
            assert key not in data
            assert key.hex() not in text
    assert EPOCH_KEY not in data
    assert EPOCH_KEY.hex() not in text
    for table in draft.remembered.tables:
        assert not any(digest in text for digest in table.digests.values())
    assert "05970001" not in text
    for word in ("true", "digest", "changed", "perturbed", "seal"):
        assert word not in text
    assert not any(row.record_key.hex() in repr(draft) for row in rows)
    # A cell's bytes are its name and its published figure: other true counts with the same published ones, same bytes.
    assert all(set(table) == {"name", "state", "total", "cells"} for table in json.loads(text)["tables"])


def test_rules_that_would_publish_small_counts_are_refused() -> None:
    text = "[noise]\nmax_change=4\nvariance=2\nhidden_up_to=1\n[gates]\nchanged_cases=5\ncases_in_year=10\n"
    with pytest.raises(ValueError, match="hides more"):
        parse_release_rules(text + "[[tables]]\nname='status'\nlabel='x'\nby='status'\n", COMMUNES)
    with pytest.raises(ValueError, match="cap"):
        parse_release_rules(text + "[[tables]]\nname='persons'\nlabel='x'\nby='age_group'\n", COMMUNES)


def test_margin_of_a_sum() -> None:
    assert margin(12) == pytest.approx(2 * (12 * 2) ** 0.5)
    assert margin(0) == 0
    with pytest.raises(ValueError, match="negative"):
        margin(-1)
