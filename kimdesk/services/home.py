"""The home screen: what is due, in one view."""

from __future__ import annotations

from kimdesk.domain.deadlines import week_end
from kimdesk.domain.views import HomeView
from kimdesk.services.case_base import CaseDesk
from kimdesk.services.vault import VaultService
from kimdesk.storage import case_deadlines, case_home, case_list


class CaseHome(CaseDesk):
    """Reads the dates of all open cases."""

    def home(self) -> HomeView:
        """Return follow-ups and appointments up to this Sunday and the deadlines that come by themselves.

        Titles and releases show from 60 days before they run out, titles under § 104c from six months before,
        reassessments and reviews from the week they are due in, referrals as long as they have no answer.
        """
        today = self._clock.today()
        sunday = week_end(today)
        with self._vault.reader() as connection:
            due = case_home.open_follow_ups(connection, sunday)
            due = tuple(sorted((*due, *case_deadlines.work_dates(connection, sunday)), key=lambda item: item.due_on))
            view = HomeView(
                today=today,
                overdue=tuple(item for item in due if item.due_on < today),
                due_today=tuple(item for item in due if item.due_on == today),
                this_week=tuple(item for item in due if item.due_on > today),
                expiring=(
                    *case_home.expiring_titles(connection, today),
                    *case_deadlines.expiring_releases(connection, today),
                    *case_deadlines.opportunity_titles(connection, today),
                ),
                waiting=case_home.waiting_referrals(connection),
                reassessments=case_home.due_reassessments(connection, sunday),
                open_cases=case_list.count_open(connection),
                last_backup_at=VaultService(self._vault).last_backup_at(),
            )
        return view
