"""Fault 14 on a thin line: 30 kbit/s of which a third is lost. Everything arrives once, and little is sent twice."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from kimdesk.coordinator import commands
from kimdesk.foundation.clock import FixedClock
from kimdesk.sync.outbox import OutboxState
from kimdesk.sync.transport import Device as Uploader
from kimdesk.sync.transport import HttpTransport, Timeouts
from tests.coordinator.issues import an_issue, sealed
from tests.faults.conftest import Note
from tests.faults.harness import NOW
from tests.faults.line import Line, thin_line
from tests.faults.test_sending import counted
from tests.services.support import running_office
from tests.sync.support import Device, a_release

# A line of 30 kbit/s carries 3.75 kB in a second; an answer may take a while.
PATIENT = Timeouts(connect_seconds=5, silence_seconds=5, whole_seconds=30)


def carry(place: Path, seed: int, releases: int, *, bits_per_second: int) -> tuple[Line, int, int]:
    """Send releases and a long issue over the line; return it, the runs it took, and the bytes there were to send."""
    clock = FixedClock(NOW)
    with (
        running_office(place, clock) as office,
        thin_line(office.server.url, random.Random(seed), bits_per_second=bits_per_second) as line,
    ):
        laptop = Device(commands.invite(office.folder, "Lünen", addresses=[office.server.url], clock=clock), clock)
        laptop.enrol(HttpTransport([office.server.url]))
        for number in range(1, releases + 1):
            laptop.queue(a_release(40 + number, seed=number), number)
        long_text = an_issue(text="Ein langer Text, der in Stücken geht. " * 100)
        laptop.outbox.items[releases + 1] = sealed(laptop, long_text, releases + 1)
        to_send = sum(len(item.sealed) for item in laptop.outbox.items.values())
        uploader = Uploader(laptop.invitation.sender, laptop.identity)
        runs, done = 0, False
        while not done and runs < 200:
            runs += 1
            transport = HttpTransport(
                [line.url], timeouts=PATIENT, device=uploader, piece_bytes=2_048, clock=laptop.clock
            )
            done = laptop.sender(transport).send_pending().done
            laptop.clock.advance(timedelta(hours=6))
        assert {item.state for item in laptop.outbox.items.values()} == {OutboxState.RECEIVED}
        assert [number for _, number in counted(office)] == list(range(1, releases + 1))
    return line, runs, to_send


@pytest.mark.fault(14)
def test_a_thin_line_that_breaks_carries_everything_once(tmp_path: Path) -> None:
    line, _runs, to_send = carry(tmp_path, 3, 2, bits_per_second=300_000)
    assert line.broken, "the line was good this time; choose another seed"
    # What had arrived was not sent again: headers and answers included, less than three times the bytes.
    assert line.carried < 3 * to_send


@pytest.mark.faults_long
@pytest.mark.fault(14)
def test_a_line_of_30_kilobits_that_loses_a_third(tmp_path: Path, note: Note) -> None:
    connections = broken = runs = carried = wanted = 0
    for seed in range(6):
        line, needed, to_send = carry(tmp_path / str(seed), seed, 6, bits_per_second=30_000)
        connections, broken, runs = connections + line.connections, broken + line.broken, runs + needed
        carried, wanted = carried + line.carried, wanted + to_send
    note(
        f"36 releases and 6 long issues over 30 kbit/s; {100 * broken // connections} % of connections broken",
        connections,
        f"each accepted once in {runs} runs; {carried} bytes carried for {wanted} to send",
    )
