"""Commands that read case files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from kimdesk.cli.common import json_option, passphrase_option, print_json, vault_option
from kimdesk.cli.opening import opened_desk
from kimdesk.cli.parsing import Group
from kimdesk.domain.vocabulary import label
from kimdesk.i18n import _
from kimdesk.services.cases import CaseFilter


@click.group(cls=Group, help=_("Fälle"))
def case() -> None:
    """Read case files."""


@case.command(name="list", help=_("Listet die Fälle auf."))
@click.option(
    "--status", type=click.Choice(["open", "closed", "all"]), default="all", show_default=True, help=_("Stand")
)
@click.option("--text", default="", help=_("Name oder Fallnummer"))
@json_option
@vault_option
@passphrase_option
def list_cases(
    status: Literal["open", "closed", "all"],
    text: str,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """List cases."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        found = desk.cases.list(CaseFilter(text=text, status=status))
    if as_json:
        print_json(
            [
                {
                    "id": str(entry.id),
                    "number": entry.number,
                    "persons": list(entry.persons),
                    "phase": entry.phase.value,
                    "commune": entry.commune,
                }
                for entry in found
            ]
        )
        return
    for entry in found:
        click.echo(f"{entry.number}  {_(label(entry.phase)):<18}  {entry.commune_name:<18}  {', '.join(entry.persons)}")
