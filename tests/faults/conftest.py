"""The table at the end of the long run: which fault, what was tried how often, what came of it, what was left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pytest

FAULTS = {
    1: ("kill -9 during writes", "lost 0 of 500"),
    2: ("kill during migration", "100/100"),
    3: ("kill during keyslot write", "lock-outs 0"),
    4: ("kill during key rotation", "lock-outs 0"),
    5: ("kill during backup and restore", "100 %"),
    6: ("disk full", "lost fields 0"),
    7: ("I/O error on every n-th call", "silent 0"),
    8: ("bit flip anywhere", "100 %"),
    9: ("truncation", "100 %"),
    10: ("old page or old file put back", "100 %"),
    11: ("second instance", "double writes 0"),
    12: ("stale lock after a kill", "manual steps 0"),
    13: ("clock ±1 year, DST, 29 February", "wrong 0"),
    14: ("network: loss, delay, resets, 500", "accepted exactly once"),
    15: ("duplicate, reordered, replayed push", "double count 0"),
    16: ("stick read-only, full or pulled out", "lost 0"),
    17: ("hostile import files", "crashes 0"),
    18: ("no plaintext", "hits 0"),
}
"""Row, fault and the figure demanded."""

_TRIED, _FAULT = "fault_tried", "fault"


class Note(Protocol):
    """Writes a line of the table: what was tried, how often, what came of it; `row` where it is another fault's."""

    def __call__(self, tried: str, runs: int, figure: str, *, row: int | None = None) -> None: ...


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker."""
    config.addinivalue_line("markers", "fault(row): the row of the table of faults that the test is about")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tell the report which fault it is about, before anything can skip the test."""
    marker = item.get_closest_marker("fault")
    if marker is not None:
        item.user_properties.append((_FAULT, marker.args[0]))


@pytest.fixture
def note(record_property: Callable[[str, object], None], request: pytest.FixtureRequest) -> Note:
    """Give what writes into the table."""
    marker = request.node.get_closest_marker("fault")

    def write(tried: str, runs: int, figure: str, *, row: int | None = None) -> None:
        number = row if row is not None else marker.args[0]
        record_property(_TRIED, (number, tried, runs, figure))

    return write


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, in the long run only."""
    lines: list[tuple[int, str, str, str]] = []
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            if not isinstance(report, pytest.TestReport) or "faults_long" not in report.keywords:
                continue
            row = next((value for name, value in report.user_properties if name == _FAULT), 0)
            assert isinstance(row, int)
            if outcome == "skipped":
                reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
                lines.append((row, f"skipped: {reason.removeprefix('Skipped: ')}", "", ""))
                continue
            found = [value for name, value in report.user_properties if name == _TRIED]
            lines += [(value[0], value[1], str(value[2]), value[3]) for value in found if isinstance(value, tuple)]
            if outcome != "passed":
                lines.append((row, f"FAILED: {report.nodeid}", "", ""))
    if not lines:
        return
    tried = {row for row, _what, runs, _figure in lines if runs}
    lines += [(row, "not tried", "", "") for row in FAULTS.keys() - {row for row, *_ in lines}]
    terminalreporter.section("injected faults")
    terminalreporter.write_line(f"{'row and fault':<40} {'demanded':<22} {'runs':>6}  what was tried -> measured")
    shown = 0
    for row, what, runs, figure in sorted(lines, key=lambda line: line[0]):
        fault, demanded = FAULTS.get(row, ("", ""))
        head = f"{row:>2} {fault:<37} {demanded:<22}" if row != shown else f"{'':<40} {'':<22}"
        shown = row
        terminalreporter.write_line(f"{head} {runs:>6}  {what}")
        if figure:
            terminalreporter.write_line(f"{'':<70}  -> {figure}")
    skipped = sum(what.startswith("skipped:") for _row, what, *_ in lines)
    failed = sum(what.startswith("FAILED:") for _row, what, *_ in lines)
    runs_done = sum(int(runs) for _row, _what, runs, _figure in lines if runs)
    terminalreporter.write_line(
        f"{len(tried)} of {len(FAULTS)} faults tried in {runs_done:,} runs; {skipped} tests skipped, {failed} failed"
    )
