"""The noise as it is drawn: uniform, unbiased, as the table says, and the same everywhere."""

from __future__ import annotations

import hashlib
import random
from collections import Counter

import pytest

from kimdesk.reporting.disclosure import perturbation_table
from kimdesk.reporting.disclosure.cell_key import Perturbation, uniform_steps
from tests.reporting.caseload import EPOCH_KEY

DRAWS = 100_000


def test_the_cell_key_is_exactly_defined() -> None:
    # HMAC-SHA256(key 00..1f, 16 x 01 then 16 x 02), first eight bytes: computed apart with `openssl dgst`.
    assert uniform_steps(EPOCH_KEY, [b"\x02" * 16, b"\x01" * 16]) == 0xDF53A0DE91B1E3A8


def test_the_thresholds_are_the_same_on_every_machine() -> None:
    digest = hashlib.sha256(repr(Perturbation(4, 2, 2).rows).encode()).hexdigest()
    assert digest == "21852b257de3ad3bcd4d0dc8a813e293cf08f2fc9727e94de00d4beafa660853"


def test_order_of_records_does_not_matter_but_each_record_does() -> None:
    keys = [bytes([n]) * 16 for n in range(5)]
    assert uniform_steps(EPOCH_KEY, keys) == uniform_steps(EPOCH_KEY, reversed(keys))
    assert uniform_steps(EPOCH_KEY, keys) != uniform_steps(EPOCH_KEY, keys[:-1])
    assert uniform_steps(EPOCH_KEY, keys) != uniform_steps(bytes(32), keys)
    with pytest.raises(ValueError, match="32 bytes"):
        uniform_steps(b"short", keys)


@pytest.mark.parametrize("true_count", [1, 2, 3, 4, 5, 6, 7, 149])
def test_draws_fit_the_table_and_are_unbiased(true_count: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    noise = Perturbation(4, 2, 2)
    chance = random.Random(true_count)
    drawn = Counter(
        noise.perturb(true_count, EPOCH_KEY, [chance.randbytes(16) for _ in range(min(true_count, 2))])
        for _ in range(DRAWS)
    )
    row = min(true_count, 7)
    expected = {published + true_count - row: p for t, published, p in perturbation_table(4, 2, 2) if t == row}
    assert set(drawn) <= set(expected)
    fit = stats.chisquare([drawn[x] for x in expected], [p * DRAWS for p in expected.values()])
    assert fit.pvalue > 0.001
    mean = sum(x * n for x, n in drawn.items()) / DRAWS
    assert abs(mean - true_count) < 4 * (2 / DRAWS) ** 0.5


def test_the_ends_of_u_and_zero() -> None:
    noise = Perturbation(4, 2, 2)
    assert noise.perturb(0, EPOCH_KEY, []) == 0
    assert (noise.published(7, 0), noise.published(7, 2**64 - 1)) == (3, 11)
    assert (noise.published(500, 0), noise.published(500, 2**64 - 1)) == (496, 504)
    with pytest.raises(ValueError, match="outside"):
        noise.published(7, 2**64)
