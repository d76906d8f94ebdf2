"""From the records of a cell to its published count: same records and same count, same noise.

Exactly defined, so that the same vault gives the same bytes on every machine: the cell key is HMAC-SHA256 under
the epoch key of the sorted record keys (16 bytes each, one after the other, a key once per unit its case adds to
the cell); its first eight bytes, big-endian, over 2^64 are u in [0, 1). The published count is the first of the row
whose cumulated probability, as a whole number of 2^-64, lies above u.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from decimal import Context, localcontext
from itertools import accumulate

from kimdesk.reporting.disclosure.perturbation import exact_rows

EPOCH_KEY_BYTES = 32
_STEPS = 2**64


def uniform_steps(epoch_key: bytes, record_keys: Iterable[bytes]) -> int:
    """Return u·2^64, a whole number from 0 to 2^64-1, of the cell with these records under the epoch key."""
    if len(epoch_key) != EPOCH_KEY_BYTES:
        raise ValueError("an epoch key has 32 bytes")
    digest = hmac.digest(epoch_key, b"".join(sorted(record_keys)), hashlib.sha256)
    return int.from_bytes(digest[:8], "big")


class Perturbation:
    """The lookup of published counts for one set of parameters."""

    def __init__(self, max_change: int, variance: float, hidden_up_to: int) -> None:
        # Per true count: (cumulated probability in steps of 2^-64, published count).
        self.rows: list[list[tuple[int, int]]] = []
        with localcontext(Context(prec=60)):
            for row in exact_rows(max_change, variance, hidden_up_to):
                sums = list(accumulate(probability for _, probability in row))
                steps = [int((total / sums[-1] * _STEPS).to_integral_value()) for total in sums[:-1]] + [_STEPS]
                self.rows.append([(step, published) for step, (published, _) in zip(steps, row, strict=True)])

    def published(self, true_count: int, steps: int) -> int:
        """Return the published count for a true count of 0 or above and u·2^64 = `steps`."""
        last = len(self.rows) - 1
        row = min(true_count, last)
        for step, published in self.rows[row]:
            if steps < step:
                return published + true_count - row
        raise ValueError("u lies outside 0 to 1")

    def perturb(self, true_count: int, epoch_key: bytes, record_keys: Iterable[bytes]) -> int:
        """Return the published count of a cell with these records; zero stays zero."""
        return self.published(true_count, uniform_steps(epoch_key, record_keys)) if true_count else 0
