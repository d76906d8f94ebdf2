"""Opening a vault for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kimdesk.cli.common import ask_passphrase, folder_or_default
from kimdesk.foundation.clock import SystemClock
from kimdesk.i18n import _
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.vault import describe_vault, open_vault


def passphrase_of(vault_folder: Path | None, passphrase_file: Path | None) -> str:
    """Return what opens the vault: from the file, the one a demo vault shows, or from a prompt."""
    if passphrase_file is None:
        shown = describe_vault(folder_or_default(vault_folder), SystemClock()).demo_passphrase
        if shown:
            return shown
    return ask_passphrase(passphrase_file)


@contextmanager
def opened_desk(
    vault_folder: Path | None, passphrase_file: Path | None, *, secret: str | None = None
) -> Iterator[Desk]:
    """Open the vault and yield its desk; close it afterwards.

    Without a passphrase file a demo vault opens with the passphrase it shows, any other one asks; not where the caller
    has the `secret` already.
    """
    folder, clock = folder_or_default(vault_folder), SystemClock()
    opened = open_vault(folder, secret or passphrase_of(vault_folder, passphrase_file), clock=clock)
    desk = build_desk(opened, clock)
    try:
        if desk.vault.opened_with_recovery_key:
            click.echo(
                _("Der Wiederherstellungsschlüssel ist damit verbraucht. Bitte ersetzen Sie ihn: {command}").format(
                    command="kimdesk vault passphrase"
                ),
                err=True,
            )
        yield desk
    finally:
        desk.close()
