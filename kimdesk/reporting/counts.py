"""The counts-ready row of a case: all that reporting ever sees of it, no entity, no name, no text.

Storage fills one per case that ever was, erased ones as their tombstone. A row says how the case stands now;
which year it belongs to is decided in `kimdesk.reporting.classify`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

RECORD_KEY_BYTES = 16

AGE_GROUPS = ("0-5", "6-15", "16-17", "18-26", "27-64", "65+", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCounts:
    """One case, ready to be counted. Keys are opaque and stay out of the repr, so that no log shows them.

    `record_key`: the case's 16 random bytes in the vault. `person_keys`: one opaque key per person, the same in
    every case the person belongs to. `person_age_groups`: number of persons per group of `AGE_GROUPS`.
    `closure_reason`, `access_path`, `residence_group` and `needs` hold values of `kimdesk.domain.vocabulary`, None
    where nothing is recorded; `residence_group` is the client's. `commune` is the AGS, empty where not recorded.
    `referrals` are (legal domain or None, result) pairs, `offer_gaps` the life areas for which no offer was found.
    `steps` says on which day the first record of a phase was made (`kimdesk.domain.vocabulary.Phase`).
    `leads` is false once another laptop leads the case, which then counts it. Raises `ValueError` for a row that
    contradicts itself; the text names the field, never a value.
    """

    record_key: bytes = field(repr=False)
    person_keys: frozenset[bytes] = field(repr=False)
    intake_on: date
    person_age_groups: Mapping[str, int] = field(default_factory=dict)
    closed_on: date | None = None
    closure_reason: str | None = None
    access_path: str | None = None
    commune: str = ""
    subregion: str | None = None
    residence_group: str | None = None
    referrals: tuple[tuple[str | None, str], ...] = ()
    goals_reached: int = 0
    goals_total: int = 0
    needs: frozenset[str] = frozenset()
    offer_gaps: tuple[str, ...] = ()
    steps: Mapping[str, date] = field(default_factory=dict)
    leads: bool = True

    def __post_init__(self) -> None:
        if len(self.record_key) != RECORD_KEY_BYTES:
            raise ValueError("record_key has 16 bytes")
        if self.closed_on is not None and self.closed_on < self.intake_on:
            raise ValueError("closed_on lies before intake_on")
        if not set(self.person_age_groups) <= set(AGE_GROUPS):
            raise ValueError("person_age_groups names an unknown group")
        if any(number < 0 for number in self.person_age_groups.values()):
            raise ValueError("person_age_groups counts below zero")
        if not 0 <= self.goals_reached <= self.goals_total:
            raise ValueError("goals_reached lies outside 0..goals_total")
        object.__setattr__(self, "person_age_groups", MappingProxyType(dict(self.person_age_groups)))
        object.__setattr__(self, "steps", MappingProxyType(dict(self.steps)))


def age_group(date_of_birth: date | None, on: date) -> str:
    """Return the group of `AGE_GROUPS` a person belongs to on the day `on`; "unknown" without a date of birth.

    Someone born on 29 February has the birthday on 1 March in other years (§ 188 (2) BGB).
    """
    if date_of_birth is None or date_of_birth > on:
        return "unknown"
    years = on.year - date_of_birth.year - ((on.month, on.day) < (date_of_birth.month, date_of_birth.day))
    for group, last_year in (("0-5", 5), ("6-15", 15), ("16-17", 17), ("18-26", 26), ("27-64", 64)):
        if years <= last_year:
            return group
    return "65+"


def tombstone(row: CaseCounts) -> CaseCounts:
    """Return what stays of an erased case, so that published figures do not jump: record key and table categories.

    Persons become fresh random keys that link to nobody, and dates move to the first day of their quarter, which
    changes no year-to-date figure at a quarter's end. A person who is in another case too is counted twice from
    then on: the link that would tell is erased.
    """
    return replace(
        row,
        person_keys=frozenset(secrets.token_bytes(RECORD_KEY_BYTES) for _ in row.person_keys),
        intake_on=_quarter_start(row.intake_on),
        closed_on=None if row.closed_on is None else _quarter_start(row.closed_on),
        steps={phase: _quarter_start(day) for phase, day in row.steps.items()},
    )


def _quarter_start(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
