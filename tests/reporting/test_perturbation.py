"""The perturbation table, checked by what it promises and against an independent optimiser."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.reporting.disclosure import perturbation_table

Rows = dict[int, dict[int, float]]


def rows_of(table: list[tuple[int, int, float]]) -> Rows:
    return {
        true_count: {published: probability for _, published, probability in entries}
        for true_count, entries in itertools.groupby(table, key=lambda entry: entry[0])
    }


def assert_keeps_promises(table: list[tuple[int, int, float]], change: int, variance: float, hidden: int) -> None:
    assert table == sorted(table)
    rows = rows_of(table)
    assert list(rows) == list(range(len(rows)))
    assert rows[0] == {0: 1.0}
    for true_count, row in rows.items():
        assert all(probability > 0 for probability in row.values())
        assert math.fsum(row.values()) == pytest.approx(1, abs=1e-12)
        if true_count == 0:
            continue
        assert all(published == 0 or published > hidden for published in row)
        assert all(abs(published - true_count) <= change for published in row)
        mean = math.fsum(published * probability for published, probability in row.items())
        assert mean == pytest.approx(true_count, abs=1e-9)
        spread = math.fsum((published - true_count) ** 2 * probability for published, probability in row.items())
        assert spread == pytest.approx(variance, abs=2e-9)


def test_the_table_of_the_release() -> None:
    table = perturbation_table(4, 2, 2)
    assert_keeps_promises(table, 4, 2, 2)
    rows = rows_of(table)
    # The least variance of 1 and 2 is just 2: the rows degenerate.
    assert rows[1] == pytest.approx({0: 2 / 3, 3: 1 / 3})
    assert rows[2] == pytest.approx({0: 1 / 3, 3: 2 / 3})
    assert set(rows[3]) == {0, 3, 4, 5, 6, 7}
    assert set(rows[7]) == set(range(3, 12))
    assert max(rows) == 7
    # Symmetric: nothing hidden is within reach.
    assert rows[7][3] == pytest.approx(rows[7][11], abs=1e-15)


@pytest.mark.parametrize(
    ("change", "variance", "hidden", "last"),
    [
        (4, 2.0, 2, 7),
        (5, 3.0, 2, 8),
        (4, 4.0, 2, 7),
        (3, 1.0, 0, 3),
        (1, 0.5, 0, 1),
        (1, 1.0, 0, 1),
        (6, 4.0, 3, 10),
        (4, 2.000001, 2, 7),
    ],
)
def test_other_parameters(change: int, variance: float, hidden: int, last: int) -> None:
    table = perturbation_table(change, variance, hidden)
    assert_keeps_promises(table, change, variance, hidden)
    assert table[-1][0] == last


@given(st.integers(1, 8), st.floats(0.01, 8), st.integers(0, 4))
def test_any_parameters_keep_the_promises_or_are_refused(change: int, variance: float, hidden: int) -> None:
    try:
        table = perturbation_table(change, variance, hidden)
    except ValueError as error:
        assert "true count of" in str(error)
        return
    assert_keeps_promises(table, change, variance, hidden)


@pytest.mark.parametrize(
    ("change", "variance", "hidden", "why"),
    [
        (0, 2, 2, "max_change"),
        (4, 0, 2, "variance must be"),
        (4, -1, 2, "variance must be"),
        (4, float("nan"), 2, "variance must be"),
        (4, float("inf"), 2, "variance must be"),
        (4, 2, -1, "hidden_up_to"),
        (True, 2, 2, "max_change"),
        (4, 1.9, 2, "variance 1.9 is impossible for a true count of 1.* between 2 and 4"),
        (4, 4.1, 2, "variance 4.1 is impossible for a true count of 1"),
        (2, 1, 3, "without bias"),
        (1, 0.5, 1, "impossible|without bias"),
    ],
)
def test_impossible_parameters_say_why(change: int, variance: float, hidden: int, why: str) -> None:
    perturbation_table(1, 0.5, 0)
    with pytest.raises(ValueError, match=why):
        perturbation_table(change, variance, hidden)


def test_entropy_is_the_largest_an_independent_optimiser_finds() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    numpy = pytest.importorskip("numpy")
    for true_count, row in rows_of(perturbation_table(4, 2, 2)).items():
        if true_count < 3:
            continue
        published = numpy.array(list(row), dtype=float)
        change = published - true_count
        found = optimize.minimize(
            lambda p: float(numpy.sum(p * numpy.log(numpy.maximum(p, 1e-300)))),
            numpy.full(len(row), 1 / len(row)),
            jac=lambda p: numpy.log(numpy.maximum(p, 1e-300)) + 1,
            bounds=[(1e-12, 1)] * len(row),
            constraints=[
                {"type": "eq", "fun": lambda p: p.sum() - 1},
                {"type": "eq", "fun": lambda p, change=change: p @ change},
                {"type": "eq", "fun": lambda p, change=change: p @ change**2 - 2},
            ],
            method="SLSQP",
            options={"ftol": 1e-14, "maxiter": 1000},
        )
        assert found.success
        assert list(row.values()) == pytest.approx(list(found.x), abs=1e-5)
        ours = math.fsum(p * math.log(p) for p in row.values())
        assert ours <= float(found.fun) + 1e-9
