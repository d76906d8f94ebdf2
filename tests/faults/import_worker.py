"""The process that reads hostile files, so that what it takes of memory can be measured.

Run as ``python -m tests.faults.import_worker FOLDER FILE FORMAT``; says what came of it and the peak in MiB.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.errors import KnownError
from kimdesk.services.desk import build_desk
from tests.faults.harness import open_vault

FULL_MIBIBYTES = 3072
"""More than this the process does not get: what needs more would bring a small laptop to a halt."""


def main() -> None:
    """Import one file."""
    folder, path, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    resource.setrlimit(resource.RLIMIT_AS, (FULL_MIBIBYTES * 1024**2, FULL_MIBIBYTES * 1024**2))
    with open_vault(folder) as vault:
        desk = build_desk(vault, SystemClock())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            report = desk.offers.import_file(path, name)
        except KnownError as error:
            said = type(error).__name__
        else:
            said = f"added {report.added} refused {len(report.refused)}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{said}\n{(peak - before) // 1024}\n")


if __name__ == "__main__":
    main()
