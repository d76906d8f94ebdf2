"""Suggested passphrases are as strong as promised."""

from __future__ import annotations

from kimdesk.foundation.word_list import german_words
from kimdesk.services.passphrases import WORD_COUNT, suggest_passphrase, suggestion_bits


def test_the_list_is_long_enough_and_holds_no_word_twice() -> None:
    words = german_words()
    assert len(words) >= 7776
    assert len(set(words)) == len(words)
    assert all(word.isalpha() and "-" not in word for word in words)


def test_a_suggestion_has_six_words_of_the_list_and_is_another_each_time() -> None:
    words = set(german_words())
    suggestions = {suggest_passphrase() for _ in range(50)}
    assert len(suggestions) == 50
    assert all(len(each.split("-")) == WORD_COUNT and set(each.split("-")) <= words for each in suggestions)
    assert suggestion_bits() > 77
