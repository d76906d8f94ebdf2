"""Figures: the exact table for the own office, and the release that leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kimdesk.foundation.clock import Clock
from kimdesk.reporting.classify import last_finished_quarter, require_quarter_over
from kimdesk.reporting.counts import CaseCounts
from kimdesk.reporting.disclosure import (
    ExplainedFigure,
    ExplainedTable,
    Explanation,
    PreviousRelease,
    Reason,
    ReleaseDraft,
    build_release,
)
from kimdesk.reporting.release import TableState
from kimdesk.reporting.tables import ReleaseRules, load_release_rules
from kimdesk.services.changes import Written
from kimdesk.services.indicators import IndicatorWork
from kimdesk.services.pushes import PushService
from kimdesk.services.settings import SettingsService
from kimdesk.storage import releases as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.vault.vault import Vault
from kimdesk.sync.bundle import seal_release
from kimdesk.sync.outbox import OutboxState


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSummary:
    """One release of the history.

    `state` is where it stands on its way, `problem` the code of what last stopped it (`pushes.problem_of` has the
    sentence), `received_at` when the office's receipt came in, `explanation` as it was shown then.
    """

    id: UUID
    sequence: int
    year: int
    quarter: int
    created_at: datetime
    state: OutboxState
    problem: str | None
    received_at: datetime | None
    explanation: Explanation


class FigureService(IndicatorWork):
    """Computes indicators and makes releases. Releases need the laptop to be enrolled with a coordinating office."""

    def __init__(
        self,
        vault: Vault,
        settings: SettingsService,
        pushes: PushService,
        counts: Callable[[], tuple[CaseCounts, ...]],
        clock: Clock,
    ) -> None:
        super().__init__(vault, settings, counts, clock)
        self._pushes = pushes

    def due_quarter(self) -> tuple[int, int]:
        """Return (year, quarter) of the last quarter that is over."""
        return last_finished_quarter(self._clock.today())

    def release_rules(self) -> ReleaseRules:
        """Return the parameters of noise and gates, to be explained to the user."""
        return load_release_rules({commune.ags: commune.name for commune in self._settings.profile().communes})

    def preview_release(self, year: int, quarter: int) -> ReleaseDraft:
        """Return the release of the year to date at the end of `quarter` as it would leave.

        The year's random key is made here the first time, because the preview must show the very figures that leave.
        Raises `QuarterNotOver`, `QuarterAlreadyReleased`.
        """
        require_quarter_over(year, quarter, self._clock.today())
        with self._vault.reader() as connection:
            key = store.epoch_key(connection, year)
        if key is None:
            with self._vault.unit_of_work() as unit:
                key = store.make_epoch_key(unit.connection, year)
                # In the log, so that putting back a file without it, for a second key and second figures, shows.
                unit.record(AuditEntry(AuditAction.CREATE, "release", str(year), {"part": "epoch_key"}))
                unit.commit()
        return self._build(year, quarter, key)

    def create_release(self, year: int, quarter: int) -> Written[UUID]:
        """Make the release, seal it for the coordinating office and put it into the outbox, in one transaction.

        Raises `NotEnrolled` before anything is made, `QuarterNotOver`, `QuarterAlreadyReleased`.
        """
        enrolment = self._pushes.require_enrolment()
        draft = self.preview_release(year, quarter)
        with self._vault.unit_of_work() as unit:
            sequence = store.next_sequence(unit.connection, above=enrolment.last_sequence)
            bundle = seal_release(
                draft.release,
                identity=enrolment.identity,
                sender=enrolment.sender,
                card=enrolment.card,
                sequence=sequence,
                chain_head=self._vault.chain.head(unit.connection).mac.hex(),
                created=unit.moment,
            )
            release_id = store.add_release(
                unit.connection,
                sequence=sequence,
                year=year,
                quarter=quarter,
                created_at=unit.moment,
                canonical=draft.release.canonical_tables(),
                explanation=asdict(draft.explanation),
                memory=draft.remembered.to_json(),
                sealed=bundle.sealed,
                content_hash=bundle.content_hash,
                state=OutboxState.WAITING.value,
            )
            unit.record(AuditEntry(AuditAction.RELEASE, "release", release_id, {"year": year, "quarter": quarter}))
            unit.commit()
        return Written(release_id, frozenset({"releases"}))

    def releases(self) -> tuple[ReleaseSummary, ...]:
        """Return every release ever made, newest first, with where it stands."""
        with self._vault.reader() as connection:
            made = store.list_releases(connection)
            rows = {row.sequence: row for row in store.list_outbox(connection)}
        return tuple(
            ReleaseSummary(
                id=release.id,
                sequence=release.sequence,
                year=release.year,
                quarter=release.quarter,
                created_at=release.created_at,
                state=OutboxState(rows[release.sequence].state),
                problem=rows[release.sequence].problem,
                received_at=rows[release.sequence].last_contact_at,
                explanation=_read_explanation(release.explanation),
            )
            for release in made
        )

    def _build(self, year: int, quarter: int, key: bytes) -> ReleaseDraft:
        profile = self._settings.profile()
        with self._vault.reader() as connection:
            last = store.latest_release(connection, year)
        return build_release(
            self._counts(),
            rules=self.release_rules(),
            epoch_key=key,
            year=year,
            quarter=quarter,
            district=profile.id,
            subregion=self._settings.subregion(),
            previous=None if last is None else PreviousRelease.from_json(last.memory),
        )


def _read_explanation(value: Any) -> Explanation:
    """Return the explanation stored with a release (`dataclasses.asdict` through JSON)."""

    def figure(item: Any) -> ExplainedFigure:
        return ExplainedFigure(**{**item, "reason": Reason(item["reason"])})

    return Explanation(
        cases_in_year=value["cases_in_year"],
        tables=tuple(
            ExplainedTable(
                name=table["name"],
                label=table["label"],
                counts_persons=table["counts_persons"],
                state=TableState(table["state"]),
                changed_cases=table["changed_cases"],
                total=figure(table["total"]),
                cells=tuple(figure(cell) for cell in table["cells"]),
            )
            for table in value["tables"]
        ),
    )
