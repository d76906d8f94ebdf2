"""Notifications of cases by other services: taken down, taken into a case, answered within the release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from kimdesk.domain.checks import checked_case, checked_members
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.network import Notification
from kimdesk.domain.network_checks import checked_answer, checked_notification
from kimdesk.domain.records import Case, Member, Person
from kimdesk.domain.vocabulary import AccessLevel, Relation
from kimdesk.domain.work_vocabulary import DataCategory, NotificationState
from kimdesk.foundation.errors import N_
from kimdesk.services.case_base import EVERYTHING_OF_A_CASE, FOLLOW_UPS, CaseDesk, RecordGone
from kimdesk.services.changes import Written
from kimdesk.storage import case_deadlines, case_records
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.tables.case_work import notifications
from kimdesk.storage.unit_of_work import UnitOfWork

NOTIFICATIONS = frozenset({"notifications"}) | FOLLOW_UPS


class CaseNotifications(CaseDesk):
    """Writes notifications; until one is taken into a case its log rows are about the notification itself."""

    def notifications(self) -> tuple[Notification, ...]:
        """Return every notification, those without a decision or answer first, then the newest."""
        with self._vault.reader() as connection:
            return case_deadlines.all_notifications(connection)

    def save_notification(self, notification: Notification) -> Written[UUID]:
        """Store a notification as it came in. Raises `RuleBroken`; one already decided keeps its case and state."""
        notification = checked_notification(notification, self._clock.today())
        with self._vault.unit_of_work() as unit:
            before = store.record_by_id(unit.connection, Notification, notifications, notification.id)
            if before is None:
                decided = Notification(received_on=notification.received_on, notifier="", given_name="")
            else:
                decided = before
            notification = replace(
                notification,
                case_id=decided.case_id,
                state=decided.state,
                answered_on=decided.answered_on,
                answer=decided.answer,
            )
            case_records.save(unit.connection, notifications, notification)
            self._log(unit, notification, AuditAction.CREATE if before is None else AuditAction.CHANGE)
            unit.commit()
        return Written(notification.id, NOTIFICATIONS)

    def accept_notification(self, notification_id: UUID) -> Written[UUID]:
        """Take a notification into a new case of level 2 and return the case's id; nothing is typed twice."""
        with self._vault.unit_of_work() as unit:
            notification = self._undecided(unit, notification_id)
            case = checked_case(
                Case(
                    opened_on=notification.received_on,
                    access_level=AccessLevel.NOTIFIED,
                    access_path=notification.access_path,
                    notifier=notification.notifier,
                    commune=notification.commune,
                    language=notification.language,
                    concern=notification.concern,
                    urgency=notification.urgency,
                    existing_helpers=notification.existing_helpers,
                    revision=1,
                ),
                self._clock.today(),
            )
            person = Person(
                given_name=notification.given_name,
                family_name=notification.family_name,
                date_of_birth=notification.date_of_birth,
                phone=notification.phone,
                languages=(notification.language,) if notification.language else (),
            )
            members = checked_members((Member(person=person, relation=Relation.CLIENT),), self._clock.today())
            case = replace(case, number=store.next_number(unit.connection, case.opened_on.year))
            store.add_case(unit.connection, case, members)
            unit.record(AuditEntry(AuditAction.CREATE, "case", case.id, {"notification": notification.id.hex}))
            # `save` never moves a record to another case, and this one had none.
            unit.connection.execute(
                notifications.update()
                .where(notifications.c.id == notification.id)
                .values(case_id=case.id, state=NotificationState.ACCEPTED)
            )
            unit.commit()
        return Written(case.id, EVERYTHING_OF_A_CASE | NOTIFICATIONS)

    def decline_notification(self, notification_id: UUID) -> Written[None]:
        """Note that the notification is not taken into a case."""
        with self._vault.unit_of_work() as unit:
            notification = replace(self._undecided(unit, notification_id), state=NotificationState.DECLINED)
            case_records.save(unit.connection, notifications, notification)
            self._log(unit, notification, AuditAction.CHANGE)
            unit.commit()
        return Written(None, NOTIFICATIONS)

    def answer_notification(
        self, notification_id: UUID, answered_on: date, answer: str, categories: tuple[DataCategory, ...] = ()
    ) -> Written[None]:
        """Note what the notifier was told, of which kinds of data. Refused where it goes beyond the release."""
        with self._vault.unit_of_work() as unit:
            notification = store.record_by_id(unit.connection, Notification, notifications, notification_id)
            if notification is None:
                raise RecordGone()
            notification = checked_answer(notification, answered_on, answer, categories, self._clock.today())
            case_records.save(unit.connection, notifications, notification)
            self._log(unit, notification, AuditAction.DISCLOSE)
            unit.commit()
        return Written(None, NOTIFICATIONS)

    @staticmethod
    def _undecided(unit: UnitOfWork, notification_id: UUID) -> Notification:
        notification = store.record_by_id(unit.connection, Notification, notifications, notification_id)
        if notification is None:
            raise RecordGone()
        if notification.state is not NotificationState.RECEIVED:
            raise RuleBroken(N_("Über diese Fallmeldung ist schon entschieden. Bitte öffnen Sie sie neu."))
        return notification

    @staticmethod
    def _log(unit: UnitOfWork, notification: Notification, action: AuditAction) -> None:
        if notification.case_id is None:
            unit.record(AuditEntry(action, "notification", notification.id))
            return
        store.count_revision(unit.connection, notification.case_id)
        detail: dict[str, str | int | bool | None] = {"part": "notification", "record": notification.id.hex}
        unit.record(AuditEntry(action, "case", notification.case_id, detail))
