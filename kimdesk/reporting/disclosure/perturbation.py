"""The perturbation table of the cell-key method: how likely a true count is published as which count.

Per true count the distribution of largest entropy among those that keep the mean, have the wanted variance and
publish nothing hidden (Giessing 2016; Marley and Leaver 2011 for the method). Under constraints on mean and
variance it is p(x) proportional to exp(a*x + b*x*x) of the change x, so a row is two multipliers, found by
Newton's method on the convex dual.

All arithmetic is decimal with a fixed precision, whose exp is correctly rounded: unlike the C library's floats it
gives the same digits on every machine, and so the same release.
"""

from __future__ import annotations

import math
from decimal import Context, Decimal, localcontext
from functools import lru_cache

_PRECISION = 40
_SOLVED = Decimal("1e-28")
_MOST_STEPS = 500
# A variance this close to what a row can just reach is taken as reached: the multipliers would run to infinity.
_EDGE = Decimal("1e-9")

Row = tuple[tuple[int, Decimal], ...]


def perturbation_table(max_change: int, variance: float, hidden_up_to: int) -> list[tuple[int, int, float]]:
    """Return (true count, published count, probability), ascending, for true counts 0 to the last distinct row.

    `max_change` (D) is the largest change of a count, `variance` (V) that of the change for every true count of 1
    and above, counts from 1 to `hidden_up_to` (js) are never published. Zero stays zero; every other row keeps the
    true count as its mean. Larger true counts use the changes of the last row. Only published counts with a
    probability above zero are listed. Raises `ValueError` where no such table exists, saying why.
    """
    rows = exact_rows(max_change, variance, hidden_up_to)
    return [
        (true_count, published, float(probability))
        for true_count, row in enumerate(rows)
        for published, probability in row
    ]


@lru_cache(maxsize=16, typed=True)
def exact_rows(max_change: int, variance: float, hidden_up_to: int) -> tuple[Row, ...]:
    """Return the table with its decimal probabilities, one row of (published count, probability) per true count."""
    for name, value, lowest in (("max_change", max_change, 1), ("hidden_up_to", hidden_up_to, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < lowest:
            raise ValueError(f"{name} must be a whole number of at least {lowest}")
    if isinstance(variance, bool) or not math.isfinite(variance) or variance <= 0:
        raise ValueError("variance must be a finite number above 0: without noise the true counts would be published")
    last = max_change + hidden_up_to + 1 if hidden_up_to else max_change
    with localcontext(Context(prec=_PRECISION)):
        zero: Row = ((0, Decimal(1)),)
        return (zero, *(_row(count, max_change, Decimal(variance), hidden_up_to) for count in range(1, last + 1)))


def _row(true_count: int, max_change: int, variance: Decimal, hidden_up_to: int) -> Row:
    """Return the row of one true count of 1 or above."""
    changes = [
        change
        for change in range(max(-max_change, -true_count), max_change + 1)
        if true_count + change == 0 or true_count + change > hidden_up_to
    ]
    below = [change for change in changes if change < 0]
    above = [change for change in changes if change > 0]
    if 0 not in changes and not (below and above):
        raise ValueError(
            f"a true count of {true_count} cannot be published without bias: with max_change {max_change} and counts "
            f"up to {hidden_up_to} hidden, nothing can be published on one side of it"
        )
    # With mean zero the least variance is that of the two changes nearest to zero, the most that of the outermost.
    least = 0 if 0 in changes else -below[-1] * above[0]
    most = -below[0] * above[-1] if below and above else 0
    if variance < least - _EDGE or variance > most + _EDGE:
        raise ValueError(
            f"variance {float(variance):g} is impossible for a true count of {true_count}: with max_change "
            f"{max_change} and counts up to {hidden_up_to} hidden it lies between {least} and {most}"
        )
    if abs(variance - most) <= _EDGE:
        solution = _two_points(below[0], above[-1])
    elif least and abs(variance - least) <= _EDGE:
        solution = _two_points(below[-1], above[0])
    else:
        solution = _largest_entropy(changes, variance)
    return tuple((true_count + change, probability) for change, probability in solution)


def _two_points(low: int, high: int) -> list[tuple[int, Decimal]]:
    """Return the only distribution with mean zero on two changes."""
    width = Decimal(high - low)
    return [(low, high / width), (high, -low / width)]


def _largest_entropy(changes: list[int], variance: Decimal) -> list[tuple[int, Decimal]]:
    """Return the distribution of largest entropy on `changes` with mean zero and the variance, which is inside reach.

    The dual, log of the sum of exp(a*y + b*(y*y - v)), is smooth and strictly convex; its gradient is the error of
    mean and variance. Changes are scaled to -1..1, steps are halved until the dual falls.
    """
    scale = Decimal(max(abs(change) for change in changes))
    points = [change / scale for change in changes]
    target = variance / (scale * scale)
    first = second = Decimal(0)
    value, weights = _dual(points, target, first, second)
    for _ in range(_MOST_STEPS):
        mean = sum((weight * y for weight, y in zip(weights, points, strict=True)), Decimal(0))
        square = sum((weight * y * y for weight, y in zip(weights, points, strict=True)), Decimal(0))
        error = (mean, square - target)
        if max(abs(part) for part in error) < _SOLVED:
            return list(zip(changes, weights, strict=True))
        h11 = h12 = h22 = Decimal(0)
        for weight, y in zip(weights, points, strict=True):
            d1, d2 = y - mean, y * y - square
            h11, h12, h22 = h11 + weight * d1 * d1, h12 + weight * d1 * d2, h22 + weight * d2 * d2
        determinant = h11 * h22 - h12 * h12
        step1 = (h12 * error[1] - h22 * error[0]) / determinant
        step2 = (h12 * error[0] - h11 * error[1]) / determinant
        slope = error[0] * step1 + error[1] * step2
        length = Decimal(1)
        while True:
            trial, weights = _dual(points, target, first + length * step1, second + length * step2)
            # Near the solution the dual no longer falls in its last digits; a full Newton step is right there.
            if trial <= value + length * slope / 4 or -slope < Decimal("1e-24"):
                break
            length /= 2
        first, second, value = first + length * step1, second + length * step2, trial
    raise ArithmeticError("the perturbation table did not converge")


def _dual(points: list[Decimal], target: Decimal, first: Decimal, second: Decimal) -> tuple[Decimal, list[Decimal]]:
    """Return the value of the dual and the probabilities that belong to the two multipliers."""
    exponents = [first * y + second * (y * y - target) for y in points]
    highest = max(exponents)
    terms = [(exponent - highest).exp() for exponent in exponents]
    total = sum(terms, Decimal(0))
    return highest + total.ln(), [term / total for term in terms]
