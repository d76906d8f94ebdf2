"""Attacks on releases made by this program, as an adversary with everything ever sent would try them."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kimdesk.domain.vocabulary import AccessPath
from kimdesk.reporting.counts import CaseCounts
from kimdesk.reporting.disclosure import PreviousRelease, build_release
from kimdesk.reporting.release import Release
from kimdesk.reporting.tables import load_release_rules
from tests.disclosure.attacks import Shuttle, likelihood, locate, locate_last
from tests.reporting.caseload import COMMUNES, laptop

RULES = load_release_rules(COMMUNES)
# The access paths of the Kreis Unna in 2022, with "ohne Angabe".
PATHS = [*(path.value for path in AccessPath), None]
SHARES = [count / 149 for count in (3, 75, 13, 18, 3, 2, 31, 1, 3)]


def year_of_releases(seed: int) -> tuple[list[Release], list[dict[tuple[str, str], int]]]:
    """Return the four releases of a laptop's year and, for each, the true counts behind it."""
    chance = random.Random(seed)
    rows = [
        replace(row, intake_on=row.intake_on + timedelta(days=chance.randrange(90)), closed_on=None)
        for row in laptop(chance.randint(20, 80), seed)
    ]
    rows = [replace(row, closed_on=row.intake_on if row.closure_reason else None) for row in rows]
    epoch_key, previous = chance.randbytes(32), None
    releases, truths = [], []
    for quarter in (1, 2, 3, 4):
        draft = build_release(
            rows,
            rules=RULES,
            epoch_key=epoch_key,
            year=2022,
            quarter=quarter,
            district="unna",
            subregion="Süd",
            previous=previous,
        )
        previous = draft.remembered
        releases.append(draft.release)
        truths.append(
            {
                (table.name, figure.name): figure.true_count
                for table in draft.explanation.tables
                for figure in (table.total, *table.cells)
            }
        )
    return releases, truths


def shuttle_widths(laptops: range) -> Counter[int]:
    """Return how wide the intervals of all true ones and twos are; every interval holds the true count."""
    widths: Counter[int] = Counter()
    for seed in laptops:
        releases, truths = year_of_releases(seed)
        shuttle = Shuttle(releases)
        for number, table, cell in shuttle.figures():
            true_count = truths[number][table, cell]
            if true_count in (1, 2):
                low, high = shuttle.interval(number, table, cell)
                assert low <= true_count <= high
                widths[high - low] += 1
    return widths


def test_intervals_of_small_counts_stay_wide() -> None:
    widths = shuttle_widths(range(3))
    assert sum(widths.values()) > 50
    assert min(widths) >= 2


@pytest.mark.disclosure_long
def test_intervals_of_small_counts_stay_wide_on_300_laptops() -> None:
    widths = shuttle_widths(range(300))
    assert sum(widths.values()) > 5_000
    assert min(widths) >= 2


def push_twice(seed: int, joined: int | None) -> tuple[list[int], list[int], list[str | None]]:
    """Return the access path cells published before and after some cases joined, and the paths of those."""
    chance = random.Random(seed)

    def case() -> CaseCounts:
        path = chance.choices(PATHS, SHARES)[0]
        return CaseCounts(
            record_key=chance.randbytes(16),
            person_keys=frozenset(),
            intake_on=date(2022, 1, 3),
            access_path=path,
            commune="05978004",
        )

    old = [case() for _ in range(chance.randint(20, 80))]
    new = [case() for _ in range(joined if joined is not None else chance.randint(5, 15))]
    epoch_key, previous = chance.randbytes(32), None
    cells = []
    for quarter, rows in ((1, old), (2, old + new)):
        draft = build_release(
            rows,
            rules=RULES,
            epoch_key=epoch_key,
            year=2022,
            quarter=quarter,
            district="unna",
            subregion=None,
            previous=previous,
        )
        previous = draft.remembered
        table = next(table for table in draft.release.tables if table.name == "access")
        cells.append([cell.published for cell in table.cells if cell.published is not None])
    return cells[0], cells[1], [row.access_path for row in new]


def located(pushes: range, joined: int | None) -> tuple[float, float]:
    """Return the share of pushes in which a new case is located with more than 95 % certainty: by an attacker who
    knows how many joined, and by one who knows the paths of all others."""
    found = found_last = 0
    for seed in pushes:
        before, after, paths = push_twice(seed, joined)
        chances = locate(before, after, SHARES, len(paths))
        assert sum(chances) == pytest.approx(1)
        found += max(chances) > 0.95
        known = [paths[:-1].count(path) for path in PATHS]
        found_last += max(locate_last(before, after, SHARES, known)) > 0.95
    return found / len(pushes), found_last / len(pushes)


@pytest.mark.parametrize("joined", [5, None])
def test_a_new_case_is_not_located_by_differencing(joined: int | None) -> None:
    assert located(range(150), joined)[0] <= 0.01


@pytest.mark.disclosure_long
@pytest.mark.parametrize("joined", [5, None])
def test_a_new_case_is_not_located_in_1500_pushes(
    joined: int | None, record_testsuite_property: Callable[[str, object], None]
) -> None:
    share, share_with_others_known = located(range(1500), joined)
    # The second figure has no limit to pass; it is reported (docs/disclosure.md).
    record_testsuite_property(f"located, {joined or '5 to 15'} new cases", share)
    record_testsuite_property(f"located with others known, {joined or '5 to 15'} new cases", share_with_others_known)
    assert share <= 0.01


def test_the_attacker_of_the_test_does_locate_where_there_is_no_gate() -> None:
    """One new case, no gate: the attack finds it, so its silence behind the gate means something."""
    open_rules = replace(RULES, changed_cases=1)
    found = 0
    for seed in range(60):
        chance = random.Random(seed)
        rows = [
            CaseCounts(
                record_key=chance.randbytes(16),
                person_keys=frozenset(),
                intake_on=date(2022, 1, 3),
                access_path=chance.choices(PATHS, SHARES)[0],
            )
            for _ in range(50)
        ]
        key = chance.randbytes(32)
        previous: PreviousRelease | None = None
        cells = []
        for quarter, part in ((1, rows[:-1]), (2, rows)):
            draft = build_release(
                part,
                rules=open_rules,
                epoch_key=key,
                year=2022,
                quarter=quarter,
                district="unna",
                subregion=None,
                previous=previous,
            )
            previous = draft.remembered
            table = next(table for table in draft.release.tables if table.name == "access")
            cells.append([cell.published for cell in table.cells if cell.published is not None])
        chances = locate(cells[0], cells[1], SHARES, 1)
        if max(chances) > 0.95:
            assert PATHS[chances.index(max(chances))] == rows[-1].access_path
            found += 1
    assert found / 60 > 0.5


def test_averaging_over_four_years_does_not_tell_a_small_count() -> None:
    """All outcomes of four yearly keys for a cell that stays the same: how often is its count known by > 95 %?"""
    for true_count in (1, 2, 3, 4):
        outcomes = [published for published in range(9) if likelihood(true_count, published) > 0]
        known = 0.0
        for draws in itertools.product(outcomes, repeat=4):
            chances = [math.prod(likelihood(count, draw) for draw in draws) for count in range(30)]
            if max(chances) > 0.95 * sum(chances):
                known += chances[true_count]
        assert known <= 0.05
