"""The process that is killed: does one thing over and over and says on stdout what is acknowledged.

Run as ``python -m tests.faults.worker WHAT FOLDER``.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from kimdesk.foundation.clock import SystemClock
from kimdesk.storage import AuditAction, AuditEntry, Cost, KeyDerivation, Vault, create_vault, unlock, write_backup

PASSPHRASE = "Apfel Brücke Segel Laterne"
_CHEAPEST = Cost(1024 * 1024, 1)
CHEAP_KDF = KeyDerivation(_CHEAPEST, _CHEAPEST, Cost(64 * 1024 * 1024, 3), calibrated=False)


def passphrase_number(number: int) -> str:
    """Return the passphrase set by the change of that number."""
    return PASSPHRASE if number == 0 else f"{PASSPHRASE} {number}"


def say(number: int) -> None:
    """Acknowledge: from here on it must survive."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def write(vault: Vault) -> None:
    """Store two values per unit of work, which belong together, with a row in the log."""
    for number in count(vault.setting("last", 0) + 1):
        with vault.unit_of_work() as uow:
            uow.change_setting("last", number)
            uow.change_setting(f"left.{number}", "l" * (number % 5000))
            uow.change_setting(f"right.{number}", "r" * (number % 5000))
            uow.record(AuditEntry(AuditAction.CHANGE, "pair", str(number)))
            uow.commit()
        say(number)


def change_passphrases(vault: Vault) -> None:
    """Change the passphrase again and again."""
    for number in count(1):
        vault.change_passphrase(passphrase_number(number))
        say(number)


def back_up(vault: Vault) -> None:
    """Make one backup after the other."""
    for number in count(1):
        write_backup(vault)
        say(number)


def create(folder: Path) -> None:
    """Make one vault after the other in ``folder/1``, ``folder/2``, …"""
    for number in count(1):
        create_vault(folder / str(number), PASSPHRASE, name="Neu", clock=SystemClock(), kdf=CHEAP_KDF).vault.close()
        say(number)


def main() -> None:
    """Do what the arguments say until killed."""
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "create":
        say(0)
        create(folder)
        return
    vault = unlock(folder, PASSPHRASE, clock=SystemClock(), kdf=CHEAP_KDF)
    say(0)
    {"write": write, "passphrases": change_passphrases, "backup": back_up}[what](vault)


if __name__ == "__main__":
    main()
