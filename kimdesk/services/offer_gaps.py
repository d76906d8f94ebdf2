"""What was needed and could not be had: recorded, counted, listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from kimdesk.domain.vocabulary import LifeArea, label
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.sheets import Cell
from kimdesk.offers.gaps import GAP_WORDS, Gap, GapCount, GapKind, GapSubject, count_by_life_area, count_gaps
from kimdesk.services.changes import Written
from kimdesk.services.districts import commune_names
from kimdesk.storage import offer_gaps as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.offer_gaps import GapSpan
from kimdesk.storage.vault.vault import Vault

__all__ = ["GapOverview", "GapSpan", "OfferGapService", "gap_rows"]


class GapGone(KnownError):
    """There is no such gap."""

    default_message = N_("Diese Angebotslücke gibt es nicht mehr. Bitte laden Sie die Liste neu.")


@dataclass(frozen=True, slots=True)
class GapOverview:
    """The gaps of a span: each one, counted by combination, and counted by life area."""

    span: GapSpan
    gaps: tuple[Gap, ...]
    counts: tuple[GapCount, ...]
    by_life_area: Mapping[LifeArea | None, int]


class OfferGapService:
    """Gaps noticed in one opened vault. Those of referrals and measures come by themselves when these are saved."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault, self._clock = vault, clock

    def record_search(self, subject: GapSubject, case_id: UUID | None = None) -> Written[Gap]:
        """Record that a search found nothing suitable.

        From a case, commune, status and language are those of the case where `subject` leaves them open. It holds no
        word of what was typed.
        """
        with self._vault.unit_of_work() as unit:
            if case_id is not None:
                case = store.subject_of_case(unit.connection, case_id)
                subject = GapSubject(
                    subject.life_area,
                    subject.commune or case.commune,
                    subject.status or case.status,
                    subject.language or case.language,
                )
            gap = Gap(uuid4(), GapKind.SEARCH, self._clock.today(), subject, case_id=case_id)
            store.record(unit.connection, gap, unit.moment)
            unit.record(AuditEntry(AuditAction.CREATE, "offer_gap", gap.id))
            unit.commit()
        return Written(gap, frozenset({"offer_gaps", "figures"}))

    def forget(self, gap_id: UUID) -> Written[None]:
        """Delete a gap recorded by mistake; raises `GapGone`."""
        with self._vault.unit_of_work() as unit:
            if not store.forget(unit.connection, gap_id):
                raise GapGone
            unit.record(AuditEntry(AuditAction.DELETE, "offer_gap", gap_id))
            unit.commit()
        return Written(None, frozenset({"offer_gaps", "figures"}))

    def bring_back(self, gap: Gap) -> Written[Gap]:
        """Write a gap again that was deleted by mistake."""
        with self._vault.unit_of_work() as unit:
            store.record(unit.connection, gap, unit.moment)
            unit.record(AuditEntry(AuditAction.CREATE, "offer_gap", gap.id))
            unit.commit()
        return Written(gap, frozenset({"offer_gaps", "figures"}))

    def overview(self, span: GapSpan | None = None) -> GapOverview:
        """Return the gaps of `span`, by default of this year."""
        today = self._clock.today()
        asked = span or GapSpan(date(today.year, 1, 1), today)
        with self._vault.reader() as connection:
            gaps = store.gaps_in(connection, asked)
        return GapOverview(asked, gaps, count_gaps(gaps), count_by_life_area(gaps))

    def years(self) -> tuple[int, ...]:
        """Return the years there are gaps of and this one, the latest first."""
        with self._vault.reader() as connection:
            gaps = store.gaps_in(connection, GapSpan(date.min, date.max))
        return tuple(sorted({self._clock.today().year, *(gap.noticed_on.year for gap in gaps)}, reverse=True))


def gap_rows(overview: GapOverview) -> list[list[Cell]]:
    """Return the counted gaps as the rows of a table with its heading, for files and for print."""
    names = commune_names()
    kinds = [kind for kind in GapKind if overview.span.kind in (None, kind)]
    heading: list[Cell] = ["Lebensbereich", "Kommune", "Aufenthaltsstatus", "Sprache"]
    heading += [GAP_WORDS[kind] for kind in kinds] + ["zusammen", "zuletzt"]
    rows: list[list[Cell]] = [heading]
    for count in overview.counts:
        numbers = dict(count.kinds)
        subject = count.subject
        row: list[Cell] = [
            label(subject.life_area) if subject.life_area else "",
            names.get(subject.commune, subject.commune),
            label(subject.status) if subject.status else "",
            subject.language,
        ]
        row += [numbers.get(kind, 0) for kind in kinds]
        rows.append([*row, count.total, count.latest])
    return rows
