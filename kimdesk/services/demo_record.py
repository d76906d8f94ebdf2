"""The running record of a made-up case: contacts and follow-ups that were ticked off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from kimdesk.domain.records import (
    Contact,
    FollowUp,
)
from kimdesk.domain.vocabulary import (
    ContactKind,
)
from kimdesk.services.demo_plan import workday
from kimdesk.services.demo_story_base import Need, StoryBase

_MINUTES = {
    ContactKind.CONVERSATION: (30, 75),
    ContactKind.PHONE: (5, 25),
    ContactKind.HOME_VISIT: (45, 90),
    ContactKind.ACCOMPANIMENT: (60, 150),
    ContactKind.THIRD_PARTY: (10, 30),
}
_SPEAKING = frozenset({ContactKind.CONVERSATION, ContactKind.HOME_VISIT, ContactKind.ACCOMPANIMENT})


class RunningRecord(StoryBase):
    """Writes contacts."""

    def keep_record(self, needs: Sequence[Need]) -> None:
        """Write contacts from the intake to the end: often at first, less often later, lately in an open case."""
        days = self._contact_days()
        pool = self._contact_pool(needs)
        if len(days) > len(pool):  # a long case: what there is to tell lies evenly over it
            days = [days[index * (len(days) - 1) // (len(pool) - 1)] for index in range(len(pool))]
        for day, contact in zip(days, pool, strict=False):
            self._contact(contact, day)
            if self._chance.random() < 0.2:
                self._done_follow_up(day)

    def _contact_days(self) -> list[date]:
        """Return working days after the intake: many at first, fewer later, one lately where the case is open."""
        chance, plan = self._chance, self._plan
        day, days = plan.intake_on, []
        while True:
            young = (day - plan.intake_on).days < 150
            following = workday(day + timedelta(days=chance.randint(9, 30) if young else chance.randint(25, 75)))
            if following > self._end:
                break
            day = following
            days.append(day)
        lately = workday(self._end - timedelta(days=chance.randint(0, 12)))
        if plan.closed_on is None and lately > max(day, plan.intake_on):
            days.append(lately)
        return days

    def _contact_pool(self, needs: Sequence[Need]) -> list[Contact]:
        """Return contacts without their time, none of them twice, those about needs mixed into the general ones."""
        chance = self._chance
        special = [
            Contact(
                id=self._new_id(),
                case_id=self._case_id,
                at=datetime.min.replace(tzinfo=UTC),
                kind=chance.choices((ContactKind.CONVERSATION, ContactKind.PHONE), (3, 1))[0],
                text=self._fill(text, need.text.who),
            )
            for need in needs
            for text in need.text.contacts
        ]
        general = [
            Contact(
                id=self._new_id(),
                case_id=self._case_id,
                at=datetime.min.replace(tzinfo=UTC),
                kind=text.kind,
                partner=text.partner,
                text=self._fill(text.text, text.who),
                minutes=text.minutes,
            )
            for text in self._fitting(self._texts.contacts)
        ]
        chance.shuffle(general)
        pool: list[Contact] = []
        while special or general:
            source = special if special and (not general or chance.random() < 0.5) else general
            pool.append(source.pop(0))
        return pool

    def _contact(self, contact: Contact, day: date) -> None:
        chance = self._chance
        minutes = contact.minutes
        if minutes is None and contact.kind in _MINUTES:
            minutes = 5 * chance.randint(_MINUTES[contact.kind][0] // 5, _MINUTES[contact.kind][1] // 5)
        following = self._one_of("next_steps") if contact.kind in _SPEAKING else ""
        interpreter = self._interpreter() if contact.kind in _SPEAKING and chance.random() < 0.5 else ""
        self._out.contacts.append(
            replace(
                contact,
                at=self._moment(day),
                text=f"{contact.text} {following}".strip(),
                minutes=minutes,
                interpreter=interpreter,
            )
        )

    def _done_follow_up(self, day: date) -> None:
        due_on = workday(day + timedelta(days=self._chance.randint(5, 20)))
        if due_on <= self._end:
            self._out.follow_ups.append(
                FollowUp(
                    id=self._new_id(),
                    case_id=self._case_id,
                    due_on=due_on,
                    reason=self._one_of("follow_ups"),
                    done_on=min(self._end, due_on + timedelta(days=self._chance.randint(0, 4))),
                )
            )
