"""The process that is killed while it restores or migrates, or whose disk reports errors while it works.

Run as ``python -m tests.faults.upkeep_worker WHAT FOLDER …``; says on stdout what is done, and is believed.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.errors import KnownError
from kimdesk.services.desk import build_desk
from kimdesk.storage import restore_backup, unlock
from kimdesk.storage.schema import Schema
from tests.faults.harness import add_case
from tests.faults.worker import CHEAP_KDF, PASSPHRASE

CASES = 3


def say(text: str) -> None:
    """Acknowledge: from here on it must hold."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def restore(backup: Path, place: Path) -> None:
    """Restore the backup to ``place/1``, ``place/2``, …"""
    say("ready")
    for number in count(1):
        restore_backup(backup, place / str(number))
        say(str(number))


def migrate(folder: Path, scripts: Path, head: str) -> None:
    """Open the vault with a program that has one more schema version."""
    say("ready")
    unlock(folder, PASSPHRASE, clock=SystemClock(), kdf=CHEAP_KDF, schema=Schema(scripts, head)).close()
    say("migrated")


def work_on(folder: Path, name: str) -> None:
    """Save a few cases whatever the disk says; a refusal is told in the program's own words."""
    try:
        vault = unlock(folder, PASSPHRASE, clock=SystemClock(), kdf=CHEAP_KDF)
    except KnownError as error:
        say(f"not opened: {type(error).__name__}")
        return
    with vault:
        desk = build_desk(vault, SystemClock())
        for number in range(CASES):
            try:
                add_case(desk, f"{name}-{number}")
            except KnownError as error:
                say(f"refused {name}-{number}: {type(error).__name__}")
            else:
                say(f"saved {name}-{number}")
    say("closed")


def main() -> None:
    """Do what the arguments say."""
    match sys.argv[1:]:
        case ["restore", backup, place]:
            restore(Path(backup), Path(place))
        case ["migrate", folder, scripts, head]:
            migrate(Path(folder), Path(scripts), head)
        case ["work on", folder, name]:
            work_on(Path(folder), name)


if __name__ == "__main__":
    main()
