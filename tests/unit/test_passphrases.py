"""Suggested passphrases are as strong as promised."""

from __future__ import annotations

import hashlib

from kimdesk.foundation.word_list import german_words
from kimdesk.services.passphrases import WORD_COUNT, suggest_passphrase, suggestion_bits


def test_the_list_is_long_enough_and_holds_no_word_twice() -> None:
    words = german_words()
    assert len(words) >= 7776
    assert len(set(words)) == len(words)
    assert all(word.isalpha() and "-" not in word for word in words)


def test_the_list_is_the_one_recovery_sheets_were_printed_with() -> None:
    """A word that moves makes the words on every printed sheet useless (decision 039); then only its groups help."""
    digest = hashlib.sha256("\n".join(german_words()).encode()).hexdigest()
    assert digest == "46466b16ad2717972044443deb1952a20fc17d500461e156ea1c093857a229b3"


def test_a_suggestion_has_six_words_of_the_list_and_is_another_each_time() -> None:
    words = set(german_words())
    suggestions = {suggest_passphrase() for _ in range(50)}
    assert len(suggestions) == 50
    assert all(len(each.split("-")) == WORD_COUNT and set(each.split("-")) <= words for each in suggestions)
    assert suggestion_bits() > 77
