"""The cost of a guess, and the recovery key as it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.storage import PUBLIC, STANDARD, Cost, KeyDerivation
from kimdesk.storage.vault.errors import KeyslotsDamaged
from kimdesk.storage.vault.recovery import new_recovery_key, recovery_secret

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
