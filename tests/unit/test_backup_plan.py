"""Which backups are kept: a rule of their moments alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kimdesk.domain.backup_plan import NEWEST_KEPT, BackupPlan, is_due, to_keep
from kimdesk.foundation.clock import OFFICE_ZONE

START = datetime(2024, 2, 28, 6, tzinfo=UTC)
MOMENTS = st.lists(
    st.integers(0, 60 * 24 * 900).map(lambda minutes: START + timedelta(minutes=minutes)), unique=True, max_size=120
)
PLANS = st.builds(BackupPlan, st.just(24), st.integers(1, 9), st.integers(1, 6), st.integers(1, 13))


def keep(moments: list[datetime], plan: BackupPlan) -> frozenset[datetime]:
    return to_keep(moments, plan, OFFICE_ZONE)


@given(MOMENTS, PLANS)
def test_what_is_kept_is_bounded_and_holds_the_newest(moments: list[datetime], plan: BackupPlan) -> None:
    kept = keep(moments, plan)
    assert kept <= set(moments)
    assert len(kept) <= plan.daily + plan.weekly + plan.monthly + NEWEST_KEPT
    assert set(sorted(moments)[-NEWEST_KEPT:]) <= kept


@given(MOMENTS, PLANS)
def test_applying_the_rule_again_removes_nothing_more(moments: list[datetime], plan: BackupPlan) -> None:
    kept = keep(moments, plan)
    assert keep(sorted(kept), plan) == kept


@given(MOMENTS, PLANS)
def test_a_backup_kept_among_many_was_kept_before_the_newer_ones_came(
    moments: list[datetime], plan: BackupPlan
) -> None:
    """So thinning out after each backup ends where thinning out once at the end does not need more."""
    newest = max(moments, default=None)
    earlier = [moment for moment in moments if moment != newest]
    assert keep(moments, plan) - {newest} <= keep(earlier, plan)


@given(MOMENTS, PLANS)
def test_each_of_the_last_days_keeps_its_newest(moments: list[datetime], plan: BackupPlan) -> None:
    by_day: dict[date, datetime] = {}
    for moment in sorted(moments):
        by_day[moment.astimezone(OFFICE_ZONE).date()] = moment
    last_days = sorted(by_day)[-plan.daily :]
    assert {by_day[day] for day in last_days} <= keep(moments, plan)


def test_two_years_of_daily_backups_leave_days_weeks_and_months() -> None:
    moments = [START + timedelta(days=day) for day in range(730)]
    kept: set[datetime] = set()
    for moment in moments:  # as the program does it, day after day
        kept.add(moment)
        kept &= keep(sorted(kept), BackupPlan())
    ages = sorted((moments[-1] - moment).days for moment in kept)
    assert ages[:7] == list(range(7))
    assert len(kept) <= 7 + 5 + 12
    assert ages[-1] > 330


def test_a_holiday_deletes_nothing() -> None:
    before = [START + timedelta(days=day) for day in range(7)]
    after = START + timedelta(days=60)
    assert keep([*before, after], BackupPlan()) == {*before[-6:], after}


def test_due_by_age_and_where_the_clock_was_wrong() -> None:
    plan = BackupPlan(every_hours=24)
    assert is_due(None, START, plan)
    assert not is_due(START - timedelta(hours=23), START, plan)
    assert is_due(START - timedelta(hours=24), START, plan)
    assert not is_due(START + timedelta(hours=1), START, plan)
    assert is_due(START + timedelta(days=400), START, plan)
