"""How long home screen, case list and a case take in the real window, in a large vault.

    python benchmarks/cases.py [--cases 20000] [--repetitions 20] [--json]

The window runs without a screen. Each page is timed from the click to the moment its data are painted and nothing is
left to do; "store" is the part of it that the services take. "first" is the first time after unlocking, with nothing of
it in the page cache. Beside the wall clock stands the time of the processor, which other programs do not lengthen.
Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtWidgets import QApplication

from benchmarks.caseload import NOW, Filled, large_vault
from kimdesk.app import Session, Workshop, make_application, open_session
from kimdesk.domain.views import CaseFilter
from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import unlock
from kimdesk.storage.vault.kdf import PUBLIC

PASSPHRASE = "Apfel Brücke Segel Laterne"
LIMIT_MILLISECONDS = 100


@dataclass
class Times:
    """Milliseconds of one thing, on the wall clock and of the processor."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def take(self, work: Callable[[], object]) -> None:
        began, busy = time.perf_counter(), time.process_time()
        work()
        self.wall.append((time.perf_counter() - began) * 1000)
        self.processor.append((time.process_time() - busy) * 1000)

    def row(self) -> dict[str, float]:
        return {
            "first": self.wall[0],
            "wall": statistics.median(self.wall[1:]),
            "processor": statistics.median(self.processor[1:]),
        }


def measure(session: Session, filled: Filled, repetitions: int) -> dict[str, dict[str, float]]:
    """Return the times of each page, by its name."""
    dice = random.Random(6)
    cases, window, jobs = session.desk.cases, session.window, session.workshop.jobs
    thread = session.workshop.thread

    def show(page: str, argument: object = None) -> None:
        window.go(page, argument)
        assert jobs.wait_idle(120_000)
        for _ in range(3):
            QApplication.processEvents()

    def in_store(work: Callable[[], object]) -> None:
        thread.submit(work).result()

    works: dict[str, Callable[[], object]] = {
        "home, store": lambda: in_store(cases.home),
        "home, window": lambda: show("home"),
        "list of open cases, store": lambda: in_store(cases.list),
        "list of open cases, window": lambda: show("cases"),
        "list of all cases, store": lambda: in_store(lambda: cases.list(CaseFilter(status="all"))),
        "any case, store": lambda: in_store(lambda: cases.file(dice.choice(filled.cases))),
        "any case, window": lambda: show("case", dice.choice(filled.cases)),
        "a case with 60 entries, store": lambda: in_store(lambda: cases.file(dice.choice(filled.long_cases))),
        "a case with 60 entries, window": lambda: show("case", dice.choice(filled.long_cases)),
    }
    found = {name: Times() for name in works}
    for name, work in works.items():
        for _ in range(repetitions + 1):
            found[name].take(work)
            if name.endswith("window"):
                show("offers")  # so that the page is gone to each time
    return {name: times.row() for name, times in found.items()}


def main() -> None:
    """Make the vault, open the window, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    clock = FixedClock(NOW)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "vault"
        filled = large_vault(folder, PASSPHRASE, cases=options.cases, clock=clock, kdf=PUBLIC)
        make_application()
        vault = unlock(folder, PASSPHRASE, clock=clock, kdf=PUBLIC)
        session = open_session(vault, clock, Workshop())
        session.window.show()
        assert session.workshop.jobs.wait_idle(120_000)
        open_cases = len(session.workshop.thread.submit(session.desk.cases.list).result())
        rows = measure(session, filled, options.repetitions)
        session.window.close()
        session.close()
    if options.json:
        print(json.dumps({"cases": options.cases, "open": open_cases, "limit": LIMIT_MILLISECONDS, "times": rows}))
        return
    print(f"{options.cases:,} cases, {open_cases:,} of them open")
    print(f"{'milliseconds':<32} {'first':>8} {'median':>8} {'processor':>10}")
    for name, row in rows.items():
        print(f"{name:<32} {row['first']:8.1f} {row['wall']:8.1f} {row['processor']:10.1f}")
    print(f"wanted: under {LIMIT_MILLISECONDS} ms for home, the list and any case")


if __name__ == "__main__":
    main()
