"""Making a release: count, perturb, and let a table through the gates only when enough cases changed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.reporting._seal import SEAL
from kimdesk.reporting.classify import Period, counts_in
from kimdesk.reporting.counts import CaseCounts
from kimdesk.reporting.disclosure.cell_key import Perturbation
from kimdesk.reporting.disclosure.explanation import ExplainedFigure, ExplainedTable, Explanation, Reason
from kimdesk.reporting.disclosure.previous import PreviousRelease, RememberedTable
from kimdesk.reporting.release import Release, ReleaseCell, ReleaseTable, TableState
from kimdesk.reporting.tables import Contribution, ReleaseRules, TableDefinition, contribution

TOTAL: Final = "total"
_TOTAL_LABEL: Final = N_("Insgesamt")


class QuarterAlreadyReleased(KnownError):
    """A quarter is released once: two releases of it would differ by few cases."""

    default_message = N_(
        "Für das {quarter}. Quartal {year} oder ein späteres wurde schon eine Meldung freigegeben. "
        "Änderungen gehen mit der nächsten Quartalsmeldung hinaus."
    )


@dataclass(frozen=True, slots=True)
class ReleaseDraft:
    """A release with what stays on the laptop: its explanation, and what the next release has to be told.

    Building one changes nothing, so it serves as the preview. Whoever sends `release` stores `remembered` in the
    same step and hands it to the next `build_release` of the year as `previous`.
    """

    release: Release
    explanation: Explanation
    remembered: PreviousRelease


@dataclass(frozen=True, slots=True)
class _Figure:
    true_count: int
    published: int


@dataclass(frozen=True, slots=True)
class _Counted:
    """A table as counted now, before the gates."""

    definition: TableDefinition
    total: _Figure
    cells: tuple[_Figure, ...]
    digests: Mapping[str, str] = field(repr=False)


def build_release(
    rows: Iterable[CaseCounts],
    *,
    rules: ReleaseRules,
    epoch_key: bytes,
    year: int,
    quarter: int,
    district: str,
    subregion: str | None,
    previous: PreviousRelease | None,
) -> ReleaseDraft:
    """Return the release of the year to date at the end of `quarter`, made from all rows of the vault.

    `rows` include tombstones and cases this laptop does not lead (which are not counted). `epoch_key`: the 32 random
    bytes of the year. `previous`: the last release sent, None for the first; one of another year is not compared
    with, as figures start anew. Raises `QuarterAlreadyReleased`, and `ValueError` for a record key that occurs twice.
    """
    if previous is not None and previous.year == year and previous.quarter >= quarter:
        raise QuarterAlreadyReleased(year=year, quarter=quarter)
    last = previous if previous is not None and previous.year == year else None
    period = Period.to_quarter_end(year, quarter)
    cases = [row for row in rows if counts_in(row, period)]
    if len({row.record_key for row in cases}) != len(cases):
        raise ValueError("a record key occurs twice")
    noise = Perturbation(rules.max_change, rules.variance, rules.hidden_up_to)
    tables, explained, remembered = [], [], []
    for definition in rules.tables:
        counted = _count(cases, definition, period, noise, epoch_key)
        before = last.table(definition.name) if last is not None else None
        changed = None if before is None else _changed(before.digests, counted.digests)
        sent = _gate(counted, before, changed, rules, len(cases))
        remembered.append(sent)
        tables.append(_sealed(sent))
        explained.append(_explain(counted, sent, changed, rules))
    return ReleaseDraft(
        release=Release(year, quarter, district, subregion, tuple(tables), seal=SEAL),
        explanation=Explanation(len(cases), tuple(explained)),
        remembered=PreviousRelease(year, quarter, tuple(remembered)),
    )


def _count(
    cases: list[CaseCounts], definition: TableDefinition, period: Period, noise: Perturbation, epoch_key: bytes
) -> _Counted:
    """Return the table's true and perturbed figures; the total is perturbed on its own."""
    adding = [(row, part) for row in cases if (part := contribution(row, definition, period)) is not None]

    def figure(true_count: int, units: Iterator[tuple[bytes, int]]) -> _Figure:
        keys = [key for key, number in units for _ in range(number)]
        return _Figure(true_count, noise.perturb(true_count, epoch_key, keys))

    if definition.counts_persons:
        true_total = len(frozenset().union(*(row.person_keys for row, _ in adding)))
    else:
        true_total = len(adding)
    cells = []
    for name, _ in definition.cells:
        inside = [(row.record_key, part.cells[name]) for row, part in adding if name in part.cells]
        cells.append(figure(sum(number for _, number in inside), iter(inside)))
    return _Counted(
        definition,
        figure(true_total, ((row.record_key, part.total) for row, part in adding)),
        tuple(cells),
        {row.record_key.hex(): _digest(epoch_key, part) for row, part in adding},
    )


def _digest(epoch_key: bytes, part: Contribution) -> str:
    """Return a short keyed digest of what a case adds to a table: equal exactly when it adds the same."""
    content = canonical_bytes([part.total, sorted(part.cells.items())])
    return hmac.digest(epoch_key, b"kimdesk-contribution-1" + content, hashlib.sha256)[:12].hex()


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> int:
    """Return how many cases came, went or add something else than before."""
    return sum(before.get(key) != now.get(key) for key in before.keys() | now.keys())


def _gate(
    counted: _Counted,
    before: RememberedTable | None,
    changed: int | None,
    rules: ReleaseRules,
    cases_in_year: int,
) -> RememberedTable:
    """Return the table as it is sent. Withheld tables send their total only and obey the gate of changes, too."""
    withheld = cases_in_year < rules.cases_in_year
    names = [name for name, _ in counted.definition.cells]
    if before is None or changed is None or changed >= rules.changed_cases:
        state = TableState.WITHHELD if withheld else TableState.NEW
        figures = [None if withheld else cell.published for cell in counted.cells]
        cells = tuple(zip(names, figures, strict=True))
        return RememberedTable(counted.definition.name, state, counted.total.published, cells, counted.digests)
    if withheld or before.state is TableState.WITHHELD:
        state, cells = TableState.WITHHELD, tuple((name, None) for name, _ in before.cells)
    else:
        state, cells = TableState.REPEATED, before.cells
    return RememberedTable(before.name, state, before.total, cells, before.digests)


def _sealed(sent: RememberedTable) -> ReleaseTable:
    cells = tuple(ReleaseCell(name, published, seal=SEAL) for name, published in sent.cells)
    return ReleaseTable(sent.name, sent.state, sent.total, cells, seal=SEAL)


def _explain(counted: _Counted, sent: RememberedTable, changed: int | None, rules: ReleaseRules) -> ExplainedTable:
    """Return the table with its true figures beside those that leave and the reason for each."""
    definition = counted.definition
    made_anew = sent.digests is counted.digests

    def explained(name: str, label: str, true_count: int, published: int | None) -> ExplainedFigure:
        if published is None:
            reason = Reason.WITHHELD
        elif not made_anew:
            reason = Reason.REPEATED
        elif true_count == 0:
            reason = Reason.ZERO
        elif true_count <= rules.hidden_up_to:
            reason = Reason.HIDDEN_SMALL_COUNT
        else:
            reason = Reason.PERTURBED
        return ExplainedFigure(name, label, true_count, published, reason)

    published = dict(sent.cells)
    return ExplainedTable(
        name=definition.name,
        label=definition.label,
        counts_persons=definition.counts_persons,
        state=sent.state,
        changed_cases=changed,
        total=explained(TOTAL, _TOTAL_LABEL, counted.total.true_count, sent.total),
        cells=tuple(
            explained(name, label, cell.true_count, published.get(name))
            for (name, label), cell in zip(definition.cells, counted.cells, strict=True)
        ),
    )
