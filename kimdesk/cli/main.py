"""The commands by name, and those that open a window."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click

from kimdesk import __version__
from kimdesk.cli.common import A_FILE, A_FOLDER, folder_or_default, vault_option
from kimdesk.cli.parsing import Group
from kimdesk.i18n import _

# Where the other commands are. Each is loaded when it is called: a coordinating office needs no vault, the window
# loads its own parts in its own order, and nobody waits for what another command needs.
_COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("kimdesk.cli.demo", "demo"),
    "vault": ("kimdesk.cli.vault", "vault"),
    "case": ("kimdesk.cli.cases", "case"),
    "offers": ("kimdesk.cli.offers", "offers"),
    "print": ("kimdesk.cli.printing", "print_document"),
    "indicators": ("kimdesk.cli.figures", "indicators"),
    "enrol": ("kimdesk.cli.figures", "enrol"),
    "release": ("kimdesk.cli.figures", "release"),
    "coordinator": ("kimdesk.cli.coordinator", "coordinator"),
}


class _Commands(Group):
    """Finds a command's module by its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands, *_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _COMMANDS:
            module, name = _COMMANDS[cmd_name]
            command: click.Command = getattr(import_module(module), name)
            return command
        return super().get_command(ctx, cmd_name)


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    help=_("KIM Desk: Fallmanagement im Kommunalen Integrationsmanagement. Ohne Befehl öffnet sich das Fenster."),
)
@click.version_option(
    __version__, prog_name="kimdesk", message="%(prog)s %(version)s", help=_("Zeigt die Version des Programms.")
)
@click.pass_context
def cli(context: click.Context) -> int:
    """Open the window where no command was given."""
    if context.invoked_subcommand is None:
        return _open_window(None)
    return 0


def _open_window(vault_folder: Path | None, *, check_first: bool = False) -> int:
    from kimdesk.app import run_window  # Qt is loaded only where there is to be a window

    return run_window(folder_or_default(vault_folder), check_first=check_first)


@cli.command(help=_("Öffnet das Fenster."))
@vault_option
@click.option("--check-first", is_flag=True, hidden=True)  # how the window starts anew after an alarm
def run(vault_folder: Path | None, check_first: bool) -> int:
    """Open the window."""
    return _open_window(vault_folder, check_first=check_first)


@cli.command(help=_("Geht die ganze Arbeit einmal ohne Bildschirm durch und legt Bilder davon ab."))
@click.option("--out", type=A_FOLDER, required=True, help=_("Ordner für die Bilder"))
@click.option(
    "--offers",
    "offers_file",
    type=A_FILE,
    default=None,
    help=_("Angebotsverzeichnis im Format Integreat, sonst das der Demo"),
)
def tour(out: Path, offers_file: Path | None) -> int:
    """Drive the real window through the whole job."""
    from kimdesk.tour import run_tour  # Qt is loaded only where there is to be a window

    return run_tour(out, offers_file)
