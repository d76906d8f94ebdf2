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
from kimdesk.storage import SlotKind, restore_backup, unlock
from kimdesk.storage.schema import Schema
from kimdesk.storage.vault.restoring import restore_vault
from kimdesk.storage.vault.rotation import OldBackups, finish_backups, rotate_key
from tests.faults.harness import add_case
from tests.faults.worker import CHEAP_KDF, PASSPHRASE

CASES = 3
DEPUTY = "Kiesel Hafen Walnuss Tinte"


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


def restore_over(backup: Path, folder: Path) -> None:
    """Restore the backup in the place of the vault that is there."""
    say("ready")
    restore_vault(backup, folder, PASSPHRASE, clock=SystemClock(), kdf=CHEAP_KDF, replace=True)
    say("restored")
    input()


def rotate(folder: Path) -> None:
    """Change the key again and again; every access and backup goes along."""
    vault = unlock(folder, PASSPHRASE, clock=SystemClock(), kdf=CHEAP_KDF)
    say("ready")
    for number in count(1):
        rotate_key(vault, PASSPHRASE, drop=(), old_backups=OldBackups.REENCRYPT)
        finish_backups(vault)
        say(str(number))


def revoke(folder: Path) -> None:
    """Revoke the deputy by a change of the key, in old backups too."""
    vault = unlock(folder, PASSPHRASE, clock=SystemClock(), kdf=CHEAP_KDF)
    deputies = [access.id for access in vault.accesses() if access.kind is SlotKind.DEPUTY]
    say("ready")
    rotate_key(vault, PASSPHRASE, drop=deputies, old_backups=OldBackups.REENCRYPT)
    finish_backups(vault)
    say("revoked")
    input()


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
        case ["restore over", backup, folder]:
            restore_over(Path(backup), Path(folder))
        case ["rotate", folder]:
            rotate(Path(folder))
        case ["revoke", folder]:
            revoke(Path(folder))
        case ["work on", folder, name]:
            work_on(Path(folder), name)


if __name__ == "__main__":
    main()
