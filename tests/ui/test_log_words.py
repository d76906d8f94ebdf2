"""What the log says in words: which part of which case, never a name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kimdesk.services.log_words import action_word, subject_words
from kimdesk.services.vault import AuditRow

CASE = "0" * 32


def row(detail: dict[str, str], kind: str = "case", subject: str = CASE) -> AuditRow:
    return AuditRow(1, datetime(2026, 11, 20, tzinfo=UTC), "", "create", kind, subject, detail)


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({"part": "contact"}, "Fall KIM-2026-001: Kontakt"),
        ({"part": "members"}, "Fall KIM-2026-001: Haushalt"),
        ({"part": "case"}, "Fall KIM-2026-001"),
        ({}, "Fall KIM-2026-001"),
    ],
)
def test_a_row_names_the_case_and_the_part_of_it(detail: dict[str, str], words: str) -> None:
    assert subject_words(row(detail), {CASE: "KIM-2026-001"}) == words


def test_a_case_that_is_gone_and_an_action_of_a_newer_program_stay_readable() -> None:
    assert subject_words(row({}), {}) == "Fall 00000000"
    assert action_word("teleport") == "teleport"
