"""Keeps what was typed in the case file: in the vault, encrypted, some moments after each change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from kimdesk.services.cases import CaseService
from kimdesk.ui.jobs import Jobs

_PAUSE_MILLISECONDS = 700


def draft_prefix(case_id: UUID) -> str:
    """Return how the keys of all drafts of a case begin."""
    return f"case:{case_id}:"


class Drafts(QObject):
    """The drafts of the case in front. `changed` when one came or went."""

    changed = Signal()
    typed = Signal()

    def __init__(self, cases: CaseService, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._cases, self._jobs = cases, jobs
        self._prefix = ""
        self._kept: dict[str, dict[str, Any]] = {}
        self._waiting: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MILLISECONDS)
        self._timer.timeout.connect(self.flush)

    def open_case(self, case_id: UUID, kept: Mapping[str, dict[str, Any]]) -> None:
        """Go on with the drafts of another case, as they are kept in the vault."""
        self.flush()
        self._prefix = draft_prefix(case_id)
        self._kept = dict(kept)

    def _key(self, kind: str, record_id: UUID | None) -> str:
        return f"{self._prefix}{kind}:{record_id or 'new'}"

    def get(self, kind: str, record_id: UUID | None) -> dict[str, Any] | None:
        """Return the draft of a record (None: of a new one)."""
        return self._kept.get(self._key(kind, record_id))

    def put(self, kind: str, record_id: UUID | None, draft: Mapping[str, Any]) -> None:
        """Keep `draft`; it is written when nothing was typed for a moment."""
        key = self._key(kind, record_id)
        is_new = key not in self._kept
        self._kept[key] = dict(draft)
        self._waiting.add(key)
        self._timer.start()
        self.typed.emit()
        if is_new:
            self.changed.emit()

    def drop(self, kind: str, record_id: UUID | None) -> None:
        """Forget a draft, because it was saved or discarded."""
        key = self._key(kind, record_id)
        self._waiting.discard(key)
        if self._kept.pop(key, None) is not None:
            self._jobs.write(lambda: self._cases.drop_draft(key))
            self.changed.emit()

    def flush(self) -> None:
        """Write what waits."""
        self._timer.stop()
        waiting = {key: self._kept[key] for key in self._waiting}
        self._waiting.clear()
        if waiting:
            self._jobs.write(lambda: self._write(waiting))

    def _write(self, waiting: Mapping[str, dict[str, Any]]) -> None:
        for key, draft in waiting.items():
            self._cases.save_draft(key, draft)

    def waiting(self) -> dict[str, Any]:
        """Return by key what is not written yet, for the moment of the lock."""
        return {key: self._kept[key] for key in self._waiting}

    def bring_back(self, drafts: Mapping[str, Any]) -> None:
        """Write what `waiting` returned before the lock."""
        known = {key: dict(draft) for key, draft in drafts.items() if isinstance(draft, dict)}
        if known:
            self._jobs.write(lambda: self._write(known))
