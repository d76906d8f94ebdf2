"""The table at the end of the long run: which fault, what was tried how often, what came of it, what was left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pytest

FAULTS = {
    1: "kill -9 during writes",
    2: "kill during migration",
    3: "kill during keyslot write",
    4: "kill during key rotation",
    5: "kill during backup and restore",
    6: "disk full",
    7: "I/O error on every n-th call",
    8: "bit flip anywhere",
    9: "truncation",
    10: "old page or old file put back",
    11: "second instance",
    12: "stale lock after a kill",
    13: "clock ±1 year, DST, 29 February",
    14: "network: loss, delay, resets, 500",
    15: "duplicate, reordered, replayed push",
    16: "stick read-only, full or pulled out",
    17: "hostile import files",
    18: "no plaintext",
}
NOT_THERE_YET = {
    4: "the program has no key rotation yet",
    17: "no reader of CSV, XLSX or archives yet, so none was fed with such files; handover packages neither",
}
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
    tried = {row for row, *_ in lines}
    lines += [(row, f"not there yet: {reason}", "", "") for row, reason in NOT_THERE_YET.items()]
    lines += [(row, "not tried", "", "") for row in FAULTS.keys() - tried - NOT_THERE_YET.keys()]
    terminalreporter.section("injected faults")
    shown = 0
    for row, what, runs, figure in sorted(lines, key=lambda line: line[0]):
        head = f"{row:>2} {FAULTS.get(row, '')}" if row != shown else ""
        shown = row
        terminalreporter.write_line(f"{head:<40} {runs:>6}  {what}")
        if figure:
            terminalreporter.write_line(f"{'':<40} {'':>6}  -> {figure}")
