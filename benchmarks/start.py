"""From the passphrase to the settled home screen, beside a bare Qt window with a table, in turn.

    python benchmarks/start.py [--cases 20000] [--repetitions 7] [--json]

Each start is a process of its own without a screen. The bare window is timed from the start of its process until its
table is painted and nothing is left to do. The desk is timed from the moment the passphrase is handed in until the home
screen shows what is due and nothing is left to do that it waits for; the key derivation, which is slow on purpose, is
taken off. On the demo vault and on one with `--cases` cases. "after a kill" is that vault with its write-ahead log
left behind, so that every page is checked. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PASSPHRASE = "Apfel Brücke Segel Laterne"
LIMIT = 2.0


def bare() -> dict[str, float]:
    """Show a window with a table of texts and return when it had settled."""
    from PySide6.QtGui import QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    application = QApplication([])
    model = QStandardItemModel(60, 6)
    for place in range(360):
        model.setItem(place // 6, place % 6, QStandardItem(f"Zelle {place}"))
    window = QMainWindow()
    table = QTableView()
    table.setModel(model)
    window.setCentralWidget(table)
    window.resize(1366, 740)
    window.show()
    _settle(application.processEvents, lambda: True)
    return {"settled_at": time.time()}


def desk(folder: Path) -> dict[str, float]:
    """Show the unlock window, let it settle, hand the passphrase in, and return how long the rest took."""
    from PySide6.QtWidgets import QApplication

    from kimdesk.app import Program, make_application
    from kimdesk.foundation.clock import SystemClock
    from kimdesk.storage.vault.kdf import PUBLIC, Cost, KeyDerivation
    from kimdesk.ui.home import HomePage
    from kimdesk.ui.unlock import UnlockWindow

    derived: list[float] = []
    derive = KeyDerivation.derive

    def timed(self: KeyDerivation, secret: bytes, salt: bytes, cost: Cost) -> bytes:
        began = time.perf_counter()
        try:
            return derive(self, secret, salt, cost)
        finally:
            derived.append(time.perf_counter() - began)

    KeyDerivation.derive = timed  # type: ignore[method-assign]
    make_application()
    program = Program(folder, SystemClock(), kdf=PUBLIC)
    program.begin()
    process_events = QApplication.processEvents
    _settle(process_events, lambda: True)
    shown_at = time.time()
    threshold = program.threshold
    assert isinstance(threshold, UnlockWindow)
    threshold.passphrase.editor.set_value(PASSPHRASE)
    began = time.perf_counter()
    threshold.open_button.click()

    def is_home() -> bool:
        if program.session is None:
            return False
        page = program.session.window.current_page()
        return isinstance(page, HomePage) and bool(page.header.subtitle.text().strip())

    _settle(process_events, is_home)
    whole = time.perf_counter() - began
    assert program.session is not None
    program.session.window.close()
    return {"shown_at": shown_at, "unlock": whole, "derivation": sum(derived), "rest": whole - sum(derived)}


def _settle(process_events: Callable[[], None], is_done: Callable[[], bool]) -> None:
    """Handle events until `is_done` and everything it led to is painted."""
    while not is_done():
        process_events()
        time.sleep(0.0005)
    for _ in range(5):
        process_events()


def _run(*arguments: str) -> dict[str, float]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    began = time.time()
    answer = subprocess.run(
        [sys.executable, __file__, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise SystemExit(answer.stderr)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return {name: value - began if name.endswith("_at") else value for name, value in found.items()}


def _vaults(place: Path, cases: int) -> dict[str, Path]:
    """Make the demo vault, the large one, and the large one as a kill leaves it."""
    from benchmarks.caseload import large_vault
    from kimdesk.foundation.clock import SystemClock
    from kimdesk.services.demo import ensure_demo
    from kimdesk.services.vault import open_vault
    from kimdesk.storage.vault.kdf import PUBLIC

    clock = SystemClock()
    names = {"demo vault": place / "demo", f"{cases:,} cases": place / "large", "after a kill": place / "killed"}
    if all(folder.exists() for folder in names.values()):
        return names
    ensure_demo(place / "demo", clock=clock, passphrase=PASSPHRASE)
    large_vault(place / "large", PASSPHRASE, cases=cases, clock=clock, kdf=PUBLIC)
    with open_vault(place / "large", PASSPHRASE, clock=clock, kdf=PUBLIC):
        shutil.copytree(place / "large", place / "killed")
    return names


def main() -> None:
    """Time each in turn and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=("bare", "desk"), help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help="make the vaults here once and use them again")
    parser.add_argument("folder", nargs="?", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(bare() if options.only == "bare" else desk(options.folder)))
        return
    with tempfile.TemporaryDirectory() as place:
        kept = options.keep or Path(place)
        vaults = _vaults(kept, options.cases)
        bares: list[float] = []
        found: dict[str, list[dict[str, float]]] = {name: [] for name in vaults}
        for _ in range(options.repetitions):
            bares.append(_run("--only", "bare")["settled_at"])
            for name, folder in vaults.items():
                used = folder
                if name == "after a kill":  # each start gets the files as the kill left them
                    used = Path(place) / "again"
                    shutil.rmtree(used, ignore_errors=True)
                    shutil.copytree(folder, used)
                found[name].append(_run("--only", "desk", str(used)))
    window = statistics.median(bares)
    rows = {
        name: {key: statistics.median(each[key] for each in runs) for key in ("shown_at", "derivation", "rest")}
        for name, runs in found.items()
    }
    for figures in rows.values():
        figures["ratio"] = figures["rest"] / window
    if options.json:
        print(json.dumps({"bare_window_seconds": window, "limit": LIMIT, "vaults": rows}, indent=1))
        return
    print(f"a bare Qt window with a table, from the start of its process: {window * 1000:.0f} ms")
    print(f"{'median milliseconds':<20} {'unlock window':>14} {'derivation':>11} {'then to home':>13} {'ratio':>7}")
    for name, figures in rows.items():
        shown, derivation, rest = (figures[key] * 1000 for key in ("shown_at", "derivation", "rest"))
        print(f"{name:<20} {shown:14.0f} {derivation:11.0f} {rest:13.0f} {figures['ratio']:7.2f}")
    print(f"wanted: a ratio of at most {LIMIT:g}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
