"""The command for the demonstration vault."""

from __future__ import annotations

from pathlib import Path

import click

from kimdesk.cli.common import first_line, json_option, passphrase_option, print_json, vault_option
from kimdesk.cli.parsing import Command
from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.paths import demo_vault_folder
from kimdesk.i18n import _
from kimdesk.services.demo import ensure_demo


@click.command(cls=Command, help=_("Legt einen Demo-Tresor mit erfundenen Fällen an oder öffnet einen vorhandenen."))
@click.option("--no-window", is_flag=True, help=_("nur anlegen, kein Fenster"))
@click.option("--fresh", is_flag=True, help=_("einen vorhandenen Demo-Tresor löschen und neu anlegen"))
@json_option
@vault_option
@passphrase_option
def demo(no_window: bool, fresh: bool, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> int:
    """Make the demonstration vault where there is none, and open its window."""
    folder = vault_folder or demo_vault_folder()
    passphrase = None if passphrase_file is None else first_line(passphrase_file)
    made = ensure_demo(folder, clock=SystemClock(), passphrase=passphrase, fresh=fresh)
    if as_json:
        print_json({"folder": str(folder), "created": made.created, "passphrase": made.passphrase or None})
    else:
        told = _("Der Demo-Tresor ist angelegt: {path}") if made.created else _("Der Demo-Tresor liegt in {path}")
        click.echo(told.format(path=folder))
        if made.passphrase:
            click.echo(_("Passphrase der Demo: {passphrase}").format(passphrase=made.passphrase))
    if no_window:
        return 0
    from kimdesk.app import run_window  # Qt is loaded only where there is to be a window

    return run_window(folder)
