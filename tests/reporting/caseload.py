"""Made-up rows to count: a strategy for any rows, and a reproducible laptop of a given size."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import strategies as st

from kimdesk.domain.vocabulary import AccessPath, ClosureReason, LegalDomain, LifeArea, ReferralResult, ResidenceGroup
from kimdesk.reporting.counts import AGE_GROUPS, CaseCounts

COMMUNES = {"05978004": "Bergkamen", "05978024": "Lünen", "05978036": "Unna"}
EPOCH_KEY = bytes(range(32))

_DAYS = st.dates(date(2020, 1, 1), date(2024, 12, 31))


@st.composite
def any_row(draw: st.DrawFn) -> CaseCounts:
    """Draw a row with everything a case can look like, sensible or not."""
    intake_on = draw(_DAYS)
    goals_total = draw(st.integers(0, 4))
    return CaseCounts(
        record_key=draw(st.binary(min_size=16, max_size=16)),
        person_keys=draw(st.frozensets(st.integers(0, 30).map(lambda n: bytes([n])), max_size=4)),
        person_age_groups=draw(st.dictionaries(st.sampled_from(AGE_GROUPS), st.integers(0, 5))),
        intake_on=intake_on,
        closed_on=draw(st.none() | st.dates(intake_on, date(2025, 6, 30))),
        closure_reason=draw(st.none() | st.just("") | st.sampled_from([reason.value for reason in ClosureReason])),
        access_path=draw(st.none() | st.just("carrier_pigeon") | st.sampled_from([path.value for path in AccessPath])),
        commune=draw(st.sampled_from(["", "05978004", "05978024", "09999999"])),
        subregion=draw(st.sampled_from([None, "Nord", "Süd"])),
        residence_group=draw(st.none() | st.sampled_from([group.value for group in ResidenceGroup])),
        goals_total=goals_total,
        goals_reached=draw(st.integers(0, goals_total)),
        needs=draw(st.frozensets(st.sampled_from([area.value for area in LifeArea]), max_size=4)),
        leads=draw(st.booleans()),
    )


any_rows = st.lists(any_row(), max_size=25, unique_by=lambda row: row.record_key)


def laptop(size: int, seed: int = 1, year: int = 2022) -> list[CaseCounts]:
    """Return `size` plausible rows of cases taken in during the first nine months of the year; the same every time."""
    chance = random.Random(seed)
    rows = []
    for number in range(size):
        intake_on = date(year, 1, 1) + timedelta(days=chance.randrange(270))
        closed = chance.random() < 0.6
        ages = dict.fromkeys(chance.sample(AGE_GROUPS, chance.randint(1, 3)), 1)
        goals_total = chance.randint(0, 3)
        rows.append(
            CaseCounts(
                record_key=chance.randbytes(16),
                person_keys=frozenset(chance.randbytes(16) for _ in ages),
                person_age_groups=ages,
                intake_on=intake_on,
                closed_on=intake_on + timedelta(days=5) if closed else None,
                closure_reason=chance.choice([None, *(reason.value for reason in ClosureReason)]) if closed else None,
                access_path=chance.choice([None, *(path.value for path in AccessPath)]),
                commune=chance.choice(list(COMMUNES)),
                subregion=chance.choice(["Nord", "Süd"]),
                residence_group=chance.choice(list(ResidenceGroup)).value,
                referrals=tuple(
                    (chance.choice(list(LegalDomain)).value, chance.choice(list(ReferralResult)).value)
                    for _ in range(number % 3)
                ),
                goals_total=goals_total,
                goals_reached=chance.randint(0, goals_total),
                needs=frozenset(area.value for area in chance.sample(list(LifeArea), 2)),
                offer_gaps=(chance.choice(list(LifeArea)).value,) if number % 4 == 0 else (),
            )
        )
    return rows
