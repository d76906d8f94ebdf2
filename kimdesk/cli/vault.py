"""Commands for the vault itself."""

from __future__ import annotations

from pathlib import Path

import click

from kimdesk.cli.common import (
    A_FILE,
    A_FOLDER,
    ask_new_passphrase,
    folder_or_default,
    json_option,
    passphrase_option,
    print_json,
    vault_option,
)
from kimdesk.cli.opening import opened_desk
from kimdesk.cli.parsing import Group
from kimdesk.foundation.clock import SystemClock
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import moment
from kimdesk.services.vault import describe_vault, make_vault, restore_backup


@click.group(cls=Group, help=_("Tresor anlegen, prüfen, sichern"))
def vault() -> None:
    """Make, check and back up vaults."""


@vault.command(help=_("Legt einen Tresor an und zeigt einmal den Wiederherstellungsschlüssel."))
@click.option("--name", default=lambda: _("Mein Tresor"), help=_("Anzeigename, keine persönlichen Daten"))
@json_option
@vault_option
@passphrase_option
def create(name: str, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Make a vault; its recovery key is printed once."""
    folder = folder_or_default(vault_folder)
    passphrase = ask_new_passphrase(passphrase_file, option="--passphrase-file")
    made = make_vault(folder, passphrase, name=name, clock=SystemClock())
    made.vault.close()
    if as_json:
        print_json({"folder": str(folder), "recovery_key": made.recovery_key})
        return
    click.echo(_("Der Tresor ist angelegt."))
    click.echo(_("Wiederherstellungsschlüssel (jetzt aufschreiben, er wird nicht noch einmal gezeigt):"))
    click.echo(made.recovery_key)


@vault.command(help=_("Zeigt, was ohne Passphrase über den Tresor bekannt ist."))
@json_option
@vault_option
def info(as_json: bool, vault_folder: Path | None) -> None:
    """Show name, creation date and ways in."""
    described = describe_vault(folder_or_default(vault_folder), SystemClock())
    if as_json:
        print_json(
            {
                "id": str(described.id),
                "name": described.name,
                "created_at": described.created_at.isoformat(),
                "demo": described.is_demo,
                "slots": [kind.value for kind in described.kinds],
            }
        )
        return
    click.echo(f"{described.name}\n{moment(described.created_at)}\n{', '.join(kind.value for kind in described.kinds)}")


@vault.command(help=_("Prüft den ganzen Tresor; Rückgabewert 1, wenn etwas gefunden wurde."))
@json_option
@vault_option
@passphrase_option
def check(as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Run every check."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        findings = desk.vault.check()
    if as_json:
        print_json(
            [
                {
                    "check": finding.check.value,
                    "good": finding.is_good,
                    "reason": None if finding.error is None else render_error(finding.error),
                }
                for finding in findings
            ]
        )
    else:
        for finding in findings:
            verdict = _("in Ordnung") if finding.error is None else render_error(finding.error)
            click.echo(f"{finding.check.value}: {verdict}")
    if not all(finding.is_good for finding in findings):
        raise SystemExit(1)


@vault.command(help=_("Schreibt eine verschlüsselte, geprüfte Sicherung."))
@click.option("--to", "place", type=A_FOLDER, default=None, help=_("Zielordner"))
@json_option
@vault_option
@passphrase_option
def backup(place: Path | None, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Back the vault up."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        written = desk.vault.backup(place)
    if as_json:
        print_json({"backup": str(written)})
    else:
        click.echo(_("Die Sicherung liegt in {path}.").format(path=written))


@vault.command(help=_("Stellt eine Sicherung in einem neuen Ordner wieder her."))
@click.argument("backup_folder", type=A_FOLDER, metavar=_("SICHERUNG"))
@vault_option
def restore(backup_folder: Path, vault_folder: Path | None) -> None:
    """Put a backup where no vault is."""
    folder = folder_or_default(vault_folder)
    restore_backup(backup_folder, folder)
    click.echo(_("Der Tresor ist wiederhergestellt. Er öffnet sich mit der Passphrase vom Tag der Sicherung."))


@vault.command(help=_("Ändert die Passphrase des benutzten Zugangs."))
@click.option(
    "--new-passphrase-file",
    type=A_FILE,
    default=None,
    help=_("Datei mit der neuen Passphrase in der ersten Zeile"),
)
@vault_option
@passphrase_option
def passphrase(new_passphrase_file: Path | None, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Change the passphrase; nothing is re-encrypted."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        new = ask_new_passphrase(new_passphrase_file, option="--new-passphrase-file")
        desk.vault.change_passphrase(new)
    click.echo(_("Die Passphrase ist geändert."))
