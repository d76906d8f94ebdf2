"""The cost of a guess, and the recovery key as it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.foundation.word_list import german_words
from kimdesk.storage import PUBLIC, STANDARD, Cost, KeyDerivation
from kimdesk.storage.vault.errors import KeyslotsDamaged, NotEnoughMemory
from kimdesk.storage.vault.recovery import (
    _checksum,
    _encode,
    new_recovery_key,
    recovery_secret,
    recovery_words,
    unknown_words,
)

MEBIBYTE = 2**20
_A_KEY = "KK9P-5V57-DHDA-DY18-XWJ1-0YP2-TZMY-GRGF-NBCM"


def test_the_programs_derivations_stand_within_the_stated_limits() -> None:
    assert STANDARD.calibrated
    assert Cost(256 * MEBIBYTE, 4) == STANDARD.cost
    for derivation in (STANDARD, PUBLIC):
        assert derivation.accepts(derivation.cost)
        assert not derivation.accepts(Cost(64 * MEBIBYTE - 1024, 3))
        assert not derivation.accepts(Cost(64 * MEBIBYTE, 2))
        assert not derivation.accepts(Cost(2048 * MEBIBYTE + 1024, 4))
        with pytest.raises(KeyslotsDamaged):
            derivation.derive(b"secret", bytes(16), Cost(2**50, 4))


def test_calibration_only_ever_raises_the_cost() -> None:
    cheap = Cost(MEBIBYTE, 1)
    derivation = KeyDerivation(cheap, cheap, Cost(MEBIBYTE, 64), calibrated=True)
    cost = derivation.cost_for_new_slot()
    assert cost.memory_bytes == MEBIBYTE
    assert 1 < cost.passes <= 64


class Poor(KeyDerivation):
    """A machine that has no more than a mebibyte to give."""

    @staticmethod
    def _derive(secret: bytes, salt: bytes, cost: Cost) -> bytes:
        if cost.memory_bytes > MEBIBYTE:
            raise NotEnoughMemory
        return bytes(32)


def test_where_memory_is_short_half_of_it_is_passed_over_twice_as_often_down_to_the_floor() -> None:
    ceiling = Cost(64 * MEBIBYTE, 16)
    cost = Poor(Cost(4 * MEBIBYTE, 2), Cost(MEBIBYTE, 1), ceiling, calibrated=True).cost_for_new_slot()
    assert cost.memory_bytes == MEBIBYTE and 8 <= cost.passes <= 16
    with pytest.raises(NotEnoughMemory):
        Poor(Cost(4 * MEBIBYTE, 2), Cost(2 * MEBIBYTE, 1), ceiling, calibrated=True).cost_for_new_slot()


SECRETS = st.binary(min_size=20, max_size=20)


def key_of(secret: bytes) -> str:
    symbols = _encode(int.from_bytes(secret), 32) + _checksum(secret)
    return "-".join(symbols[start : start + 4] for start in range(0, 36, 4))


@given(SECRETS, st.sampled_from([" ", ", ", "\n", " - ", "; "]), st.booleans())
def test_words_and_groups_are_the_same_key(secret: bytes, between: str, capitals: bool) -> None:
    words = recovery_words(key_of(secret))
    typed = between.join(words)
    assert len(words) == 14
    assert recovery_secret(typed.upper() if capitals else typed) == recovery_secret(key_of(secret)) == secret


@given(SECRETS, st.integers(0, 13), st.integers(0, 7775))
def test_a_wrong_word_is_noticed(secret: bytes, position: int, place: int) -> None:
    words = list(recovery_words(key_of(secret)))
    if words[position] != german_words()[place]:
        words[position] = german_words()[place]
        assert recovery_secret(" ".join(words)) is None
        assert unknown_words(" ".join(words)) == ()


def test_the_smallest_and_the_largest_key_have_words_too() -> None:
    for secret in (bytes(20), b"\xff" * 20):
        assert recovery_secret(" ".join(recovery_words(key_of(secret)))) == secret


def test_recovery_keys_are_random_and_read_back() -> None:
    keys = {new_recovery_key() for _ in range(50)}
    assert len(keys) == 50
    assert all(len(recovery_secret(key) or b"") == 20 for key in keys)


@given(position=st.integers(0, 43), letter=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_slip_in_a_recovery_key_is_noticed(position: int, letter: str) -> None:
    key = _A_KEY
    if key[position] not in ("-", letter):
        assert recovery_secret(key[:position] + letter + key[position + 1 :]) is None


@pytest.mark.parametrize("text", ["", "Apfel Brücke Segel Laterne", "0" * 36 + "U", "ß" * 36])
def test_a_passphrase_is_no_recovery_key(text: str) -> None:
    assert recovery_secret(text) is None
