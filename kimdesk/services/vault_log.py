"""The audit log for those who answer for it: filtered, summed up per access, handed out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.foundation.sheets import csv_bytes
from kimdesk.i18n import _
from kimdesk.i18n.formats import moment
from kimdesk.services.access_names import access_names
from kimdesk.services.changes import Written
from kimdesk.services.log_words import action_word, subject_words
from kimdesk.storage.audit import AuditAction, AuditEntry, AuditRow, ChainBroken
from kimdesk.storage.audit_query import LogQuestion, actions_in_use, all_rows, count_rows, rows_before, visits_of
from kimdesk.storage.case_list import case_numbers
from kimdesk.storage.vault.errors import AnchorAlarm
from kimdesk.storage.vault.heads import head_elsewhere
from kimdesk.storage.vault.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """What to show of the log; None and empty sets show everything. Both days are included (the office's days)."""

    case_id: str | None = None
    actions: frozenset[AuditAction] = frozenset()
    since: date | None = None
    until: date | None = None
    slot: str | None = None

    @property
    def question(self) -> LogQuestion:
        """Return the filter as a question to the store."""
        return LogQuestion(
            case_id=self.case_id,
            actions=self.actions,
            since=_midnight(self.since) if self.since else None,
            before=_midnight(self.until + timedelta(days=1)) if self.until else None,
            slot=self.slot,
        )


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log, newest first. `next_before` asks for the next page, None at the end."""

    rows: tuple[AuditRow, ...]
    next_before: int | None
    total: int


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who saw a case: one access with its name, and what it did."""

    slot: str
    name: str
    first_at: datetime
    last_at: datetime
    views: int
    changes: int
    others: int


class LogForm(StrEnum):
    """In which form the log is handed out."""

    CSV = "csv"
    JSON = "json"


class LogService:
    """Reads the log of the open vault; nothing here changes a row of it."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def page(self, narrow: LogFilter, *, before: int | None = None, limit: int = 200) -> LogPage:
        """Return a page of the rows that pass the filter, before row `before` where given."""
        with self._vault.reader() as connection:
            rows = rows_before(connection, narrow.question, number=before, limit=limit + 1)
            total = count_rows(connection, narrow.question)
        more = len(rows) > limit
        shown = rows[:limit]
        return LogPage(shown, shown[-1].number if more else None, total)

    def actions_in_use(self) -> tuple[AuditAction, ...]:
        """Return the actions the log speaks of, in the order of their list."""
        with self._vault.reader() as connection:
            used = actions_in_use(connection)
        return tuple(action for action in AuditAction if action.value in used)

    def access_names(self) -> dict[str, str]:
        """Return the name of every access by its id as it stands in the log, removed ones included."""
        return access_names(self._vault)

    def case_numbers(self) -> dict[str, str]:
        """Return the number of every case by its id as it stands in the log."""
        with self._vault.reader() as connection:
            return {str(case_id): number for case_id, number in case_numbers(connection).items()}

    def viewers(self, case_id: str) -> tuple[Viewer, ...]:
        """Return who saw or changed a case, the latest first."""
        names = self.access_names()
        with self._vault.reader() as connection:
            visits = visits_of(connection, case_id)
        return tuple(
            Viewer(
                each.slot,
                names.get(each.slot, each.slot),
                each.first_at,
                each.last_at,
                each.views,
                each.changes,
                each.others,
            )
            for each in visits
        )

    def export(self, narrow: LogFilter, form: LogForm) -> Written[bytes]:
        """Return the rows that pass the filter as a file, oldest first, and note in the log that it was handed out.

        CSV is for reading: words, names, local times, every cell harmless to a spreadsheet. JSON holds what is stored.
        """
        names, numbers = self.access_names(), self.case_numbers()
        with self._vault.reader() as connection:
            rows = list(all_rows(connection, narrow.question))
        data = _as_csv(rows, names, numbers) if form is LogForm.CSV else _as_json(rows, names)
        with self._vault.unit_of_work() as unit:
            detail: dict[str, str | int | bool | None] = {"form": form.value, "rows": len(rows)}
            kind, subject = ("case", narrow.case_id) if narrow.case_id is not None else ("log", "")
            unit.record(AuditEntry(AuditAction.EXPORT, kind, subject, detail))
            unit.commit()
        return Written(data, frozenset({"log"}))

    def verify(self) -> AnchorAlarm | None:
        """Check the whole chain, its anchor and the heads kept with backups; return the alarm, None for none.

        About 5 s for a million rows.
        """
        try:
            anchor = self._vault.anchor()
        except AnchorAlarm as alarm:
            return alarm
        with self._vault.reader() as connection:
            try:
                self._vault.chain.verify(connection)
                self._vault.chain.verify(connection, anchor=anchor.head)
            except ChainBroken:
                behind = self._vault.chain.head(connection).number < anchor.head.number
                return AnchorAlarm(AnchorAlarm.ROLLED_BACK if behind else AnchorAlarm.DIFFERS)
            return head_elsewhere(self._vault, connection)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OFFICE_ZONE)


def _as_csv(rows: Iterable[AuditRow], names: dict[str, str], numbers: dict[str, str]) -> bytes:
    head = (_("Nummer"), _("Zeit"), _("Zugang"), _("Vorgang"), _("Bezug"), _("Einzelheiten"))
    return csv_bytes(
        [
            head,
            *(
                (
                    row.number,
                    moment(row.at),
                    names.get(row.slot, row.slot),
                    action_word(row.action),
                    subject_words(row, numbers),
                    " ".join(f"{name}={value}" for name, value in sorted(row.detail.items())),
                )
                for row in rows
            ),
        ]
    )


def _as_json(rows: Iterable[AuditRow], names: dict[str, str]) -> bytes:
    content = [
        {
            "number": row.number,
            "at": row.at.isoformat(),
            "slot": row.slot,
            "access": names.get(row.slot, ""),
            "action": row.action,
            "subject_kind": row.subject_kind,
            "subject_id": row.subject_id,
            "detail": dict(row.detail),
        }
        for row in rows
    ]
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8")
