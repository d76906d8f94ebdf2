"""How far a sum over laptops can lie from the truth because of the noise."""

from __future__ import annotations

import math

VARIANCE = 2.0


def margin(number_of_laptops: int, variance: float = VARIANCE) -> float:
    """Return the half width of the interval a sum over `number_of_laptops` figures is shown with: 2·sqrt(n·V).

    The changes of different laptops are independent, each with variance V, so about 95 of 100 true sums lie within.
    It covers the noise only: not figures repeated from an earlier quarter, and not laptops that are missing.
    Raises `ValueError` for a negative number.
    """
    if number_of_laptops < 0 or variance < 0:
        raise ValueError("neither the number of laptops nor the variance can be negative")
    return 2 * math.sqrt(number_of_laptops * variance)
