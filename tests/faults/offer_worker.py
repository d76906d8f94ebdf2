"""The process that takes a file of offers in and is killed while it does.

Run as ``python -m tests.faults.offer_worker FOLDER FILE``; says "ready", then "done".
"""

from __future__ import annotations

import sys
from pathlib import Path

from kimdesk.foundation.clock import SystemClock
from kimdesk.services.desk import build_desk
from tests.faults.harness import open_vault


def main() -> None:
    """Import one file and take out what it no longer holds."""
    with open_vault(Path(sys.argv[1])) as vault:
        desk = build_desk(vault, SystemClock())
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        desk.offer_imports.import_file(Path(sys.argv[2]), "hsds", collection="kreis", remove_missing=True)
        sys.stdout.write("done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
