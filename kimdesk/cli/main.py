"""The commands, gathered, and those that open a window."""

from __future__ import annotations

from pathlib import Path

import click

from kimdesk import __version__
from kimdesk.cli.cases import case
from kimdesk.cli.common import first_line, folder_or_default, json_option, passphrase_option, print_json, vault_option
from kimdesk.cli.coordinator import coordinator
from kimdesk.cli.figures import enrol, indicators, release
from kimdesk.cli.offers import offers
from kimdesk.cli.printing import print_document
from kimdesk.cli.vault import vault
from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.paths import demo_vault_folder
from kimdesk.i18n import _
from kimdesk.services.demo import ensure_demo


@click.group(
    invoke_without_command=True,
    help=_("KIM Desk: Fallmanagement im Kommunalen Integrationsmanagement. Ohne Befehl öffnet sich das Fenster."),
)
@click.version_option(__version__, prog_name="kimdesk")
@click.pass_context
def cli(context: click.Context) -> int:
    """Open the window where no command was given."""
    if context.invoked_subcommand is None:
        return _open_window(None)
    return 0


def _open_window(vault_folder: Path | None) -> int:
    from kimdesk.app import run_window  # Qt is loaded only where there is to be a window

    return run_window(folder_or_default(vault_folder))


@cli.command(help=_("Öffnet das Fenster."))
@vault_option
def run(vault_folder: Path | None) -> int:
    """Open the window."""
    return _open_window(vault_folder)


@cli.command(help=_("Legt einen Demo-Tresor mit erfundenen Fällen an oder öffnet einen vorhandenen."))
@click.option("--no-window", is_flag=True, help=_("nur anlegen, kein Fenster"))
@click.option("--fresh", is_flag=True, help=_("einen vorhandenen Demo-Tresor neu anlegen"))
@json_option
@vault_option
@passphrase_option
def demo(no_window: bool, fresh: bool, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> int:
    """Make or open the demonstration vault."""
    folder = vault_folder or demo_vault_folder()
    passphrase = None if passphrase_file is None else first_line(passphrase_file)
    made = ensure_demo(folder, clock=SystemClock(), passphrase=passphrase, fresh=fresh)
    if as_json:
        print_json({"folder": str(folder), "created": made.created, "passphrase": made.passphrase})
    elif no_window:
        click.echo(_("Der Demo-Tresor liegt in {path}.").format(path=folder))
        click.echo(_("Passphrase der Demo: {passphrase}").format(passphrase=made.passphrase))
    if no_window:
        return 0
    return _open_window(folder)


@cli.command(help=_("Geht die ganze Arbeit einmal ohne Bildschirm durch und legt Bilder davon ab."))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help=_("Ordner für die Bilder"))
@click.option(
    "--offers",
    "offers_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help=_("Angebotsverzeichnis im Format Integreat, sonst das der Demo"),
)
def tour(out: Path, offers_file: Path | None) -> int:
    """Drive the real window through the whole job."""
    from kimdesk.tour import run_tour  # Qt is loaded only where there is to be a window

    return run_tour(out, offers_file)


for command in (vault, case, offers, print_document, indicators, enrol, release, coordinator):
    cli.add_command(command)
