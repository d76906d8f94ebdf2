"""Opening a vault for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kimdesk.cli.common import ask_passphrase, folder_or_default
from kimdesk.foundation.clock import SystemClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.vault import describe_vault, open_vault


@contextmanager
def opened_desk(vault_folder: Path | None, passphrase_file: Path | None) -> Iterator[Desk]:
    """Open the vault and yield its desk; close it afterwards.

    Without a passphrase file a demo vault opens with the passphrase it shows, any other one asks.
    """
    folder, clock = folder_or_default(vault_folder), SystemClock()
    passphrase = None if passphrase_file is not None else describe_vault(folder, clock).demo_passphrase
    desk = build_desk(open_vault(folder, passphrase or ask_passphrase(passphrase_file), clock=clock), clock)
    try:
        yield desk
    finally:
        desk.close()
