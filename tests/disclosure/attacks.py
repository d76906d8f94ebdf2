"""What someone at the coordinating office could try with everything that was sent."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from kimdesk.reporting.disclosure import perturbation_table
from kimdesk.reporting.release import Release, TableState

# Development dependencies; SciPy carries no types.
numpy = pytest.importorskip("numpy")
optimize = pytest.importorskip("scipy.optimize", reason="the attacks need scipy, a development dependency")

_TABLE = {(true, published): p for true, published, p in perturbation_table(4, 2, 2)}
_LAST = 7
_HIGHEST = 120
# Tables in which every case is in exactly one cell.
_PARTITIONS = ("status", "access", "commune", "residence_group", "closure_reason", "goals")
_OF_ALL_CASES = ("status", "access", "commune", "residence_group")


def likelihood(true_count: int, published: int) -> float:
    """Return the probability that a true count is published as this count."""
    row = min(true_count, _LAST)
    return _TABLE.get((row, published - (true_count - row)), 0.0)


def possible(published: int) -> tuple[int, int]:
    """Return the least and the largest true count that can be published as this count."""
    counts = [true for true in range(published + 6) if likelihood(true, published) > 0]
    return counts[0], counts[-1]


class Shuttle:
    """Bounds of every true figure under everything published in a year, by integer programming.

    The attacker knows the method, the rules, and that figures of the year to date grow: a case stays in its access
    path, commune and status group.
    """

    def __init__(self, releases: Sequence[Release]) -> None:
        self._index: dict[tuple[int, str, str], int] = {}
        self._low: list[int] = []
        self._high: list[int] = []
        self._rows: list[dict[int, int]] = []
        self._row_bounds: list[tuple[float, float]] = []
        last_new: dict[str, int] = {}
        for number, release in enumerate(releases):
            made = set()
            for table in release.tables:
                if table.state is TableState.NEW:
                    made.add(table.name)
                    self._add_table(number, table.name, [(c.name, c.published) for c in table.cells], table.total)
                    if table.name in ("access", "commune", "residence_group") and table.name in last_new:
                        for cell in [*(cell.name for cell in table.cells), "total"]:
                            earlier = self._index[last_new[table.name], table.name, cell]
                            self._require({self._index[number, table.name, cell]: 1, earlier: -1}, 0, math.inf)
                    last_new[table.name] = number
            self._link(number, made)

    def _add_table(self, number: int, name: str, cells: list[tuple[str, int | None]], total: int | None) -> None:
        for cell, published in [*cells, ("total", total)]:
            assert published is not None
            low, high = possible(published)
            self._index[number, name, cell] = len(self._low)
            self._low.append(low)
            self._high.append(high)
        total_index = self._index[number, name, "total"]
        inside = {self._index[number, name, cell]: 1 for cell, _ in cells}
        if name in _PARTITIONS:
            self._require({**inside, total_index: -1}, 0, 0)
        elif name == "persons":
            self._require({**inside, total_index: -1}, -math.inf, 0)
        else:
            self._require({**inside, total_index: -1}, 0, math.inf)
            for index in inside:
                self._require({total_index: 1, index: -1}, 0, math.inf)

    def _link(self, number: int, made: set[str]) -> None:
        """Add what the tables of one release say about each other."""
        for name in _OF_ALL_CASES[1:]:
            if {"status", name} <= made:
                self._equal(number, ("status", "total"), (name, "total"))
        if {"status", "closure_reason"} <= made:
            for status, reason in (
                ("one_off", "one_off_consultation"),
                ("referral", "referral"),
                ("unknown", "unknown"),
            ):
                self._equal(number, ("status", status), ("closure_reason", reason))
        if {"referral_domain", "referral_result"} <= made:
            self._equal(number, ("referral_domain", "total"), ("referral_result", "total"))
        if "status" in made:
            whole = self._index[number, "status", "total"]
            for name in made - {"status", "persons"}:
                self._require({whole: 1, self._index[number, name, "total"]: -1}, 0, math.inf)

    def _equal(self, number: int, one: tuple[str, str], other: tuple[str, str]) -> None:
        self._require({self._index[number, *one]: 1, self._index[number, *other]: -1}, 0, 0)

    def _require(self, coefficients: dict[int, int], low: float, high: float) -> None:
        self._rows.append(coefficients)
        self._row_bounds.append((low, high))

    def interval(self, number: int, table: str, cell: str) -> tuple[int, int]:
        """Return the least and largest true count of a cell that agrees with everything published."""
        index = self._index[number, table, cell]
        matrix = numpy.zeros((len(self._rows), len(self._low)))
        for row, coefficients in enumerate(self._rows):
            for column, value in coefficients.items():
                matrix[row, column] = value
        lows, highs = zip(*self._row_bounds, strict=True)
        ends = []
        for sign in (1, -1):
            aim = numpy.zeros(len(self._low))
            aim[index] = sign
            found = optimize.milp(
                aim,
                integrality=numpy.ones(len(self._low)),
                bounds=optimize.Bounds(self._low, self._high),
                constraints=optimize.LinearConstraint(matrix, lows, highs),
            )
            assert found.success, found.message
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]

    def figures(self) -> list[tuple[int, str, str]]:
        """Return (release, table, cell) of every figure that was made anew."""
        return list(self._index)


def _cell_likelihoods(before: int, after: int, most: int) -> list[float]:
    """Return, for 0 to `most` cases that joined a cell, how likely its two published figures are."""
    found = [0.0] * (most + 1)
    for true in range(_HIGHEST):
        first = likelihood(true, before)
        if first:
            for joined in range(1, most + 1):
                found[joined] += first * likelihood(true + joined, after)
            # Nobody joined: same cases, same noise.
            found[0] += first * (before == after)
    return found


def locate(before: Sequence[int], after: Sequence[int], prior: Sequence[float], joined: int) -> list[float]:
    """Return, per cell, how likely one certain case of the `joined` new ones is in it.

    The attacker knows the method, how many cases joined, and how often each cell is chosen (`prior`).
    """
    weights = [
        [value * share**n / math.factorial(n) for n, value in enumerate(_cell_likelihoods(a, b, joined))]
        for a, b, share in zip(before, after, prior, strict=True)
    ]
    whole = _product(weights, joined)
    result = []
    for cell, own in enumerate(weights):
        rest = _product([other for index, other in enumerate(weights) if index != cell], joined)
        result.append(sum(n * own[n] * rest[joined - n] for n in range(joined + 1)) / joined / whole[joined])
    return result


def locate_last(
    before: Sequence[int], after: Sequence[int], prior: Sequence[float], known: Sequence[int]
) -> list[float]:
    """Return, per cell, how likely the last new case is in it when the cells of all the others are known."""
    most = sum(known) + 1
    found = [_cell_likelihoods(a, b, most) for a, b in zip(before, after, strict=True)]
    scores = []
    for cell, share in enumerate(prior):
        score = share
        for index, number in enumerate(known):
            score *= found[index][number + (index == cell)]
        scores.append(score)
    return [score / sum(scores) for score in scores]


def _product(factors: Sequence[Sequence[float]], degree: int) -> list[float]:
    result = [1.0] + [0.0] * degree
    for factor in factors:
        result = [sum(result[m] * factor[n - m] for m in range(n + 1)) for n in range(degree + 1)]
    return result
