"""Commands that back a vault up and bring a backup back."""

from __future__ import annotations

from pathlib import Path

import click

from kimdesk.cli.common import (
    A_FOLDER,
    ask_passphrase,
    can_ask,
    folder_or_default,
    json_option,
    passphrase_option,
    print_json,
    vault_option,
)
from kimdesk.cli.opening import opened_desk
from kimdesk.cli.parsing import Command
from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.errors import N_
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import moment
from kimdesk.services.vault import describe_vault
from kimdesk.services.vault_backups import (
    BackupInfo,
    BackupReason,
    backups_in,
    preview_backup,
    restore_backup,
    restore_vault,
)

_REASONS = {
    BackupReason.SCHEDULED: N_("nach Plan"),
    BackupReason.MANUAL: N_("von Hand"),
    BackupReason.BEFORE_MIGRATION: N_("vor einer Umstellung"),
}


@click.command(cls=Command, help=_("Schreibt eine verschlüsselte, geprüfte Sicherung."))
@click.option("--to", "place", type=A_FOLDER, default=None, help=_("Zielordner"))
@click.option("--due", is_flag=True, help=_("nur wenn nach Plan eine fällig ist, an allen eingestellten Orten"))
@json_option
@vault_option
@passphrase_option
def backup(
    place: Path | None, due: bool, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None
) -> None:
    """Back the vault up."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        if due:
            outcomes = desk.backups.run_due()
            if as_json:
                print_json([{"place": str(each.place), "state": each.state.value} for each in outcomes])
                return
            for outcome in outcomes:
                said = render_error(outcome.error) if outcome.error else outcome.backup or _("noch nicht fällig")
                click.echo(f"{outcome.place}: {said}")
            return
        written = desk.vault.backup(place)
    if as_json:
        print_json({"backup": str(written)})
    else:
        click.echo(_("Die Sicherung liegt in {path}.").format(path=written))


@click.command(cls=Command, name="backup-list", help=_("Zeigt die Sicherungen in einem Ordner, ohne Passphrase."))
@click.argument("folder", type=A_FOLDER, metavar=_("ORDNER"), required=False)
@json_option
@vault_option
def backup_list(folder: Path | None, as_json: bool, vault_folder: Path | None) -> None:
    """List the backups of a place, or of the vault itself."""
    found = backups_in(folder or folder_or_default(vault_folder))
    if as_json:
        print_json([_info_json(info) for info in found])
        return
    for info in found:
        click.echo(f"{moment(info.made_at)}  {info.vault_name}  {_(_REASONS[info.reason])}  {info.path}")


@click.command(
    cls=Command,
    help=_(
        "Stellt eine Sicherung in einem neuen Ordner wieder her. Mit Passphrase wird sie vorher geöffnet und geprüft."
    ),
)
@click.argument("backup_folder", type=A_FOLDER, metavar=_("SICHERUNG"))
@click.option("--preview", is_flag=True, help=_("zeigt nur, was in der Sicherung ist"))
@click.option("--replace", is_flag=True, help=_("stellt einen vorhandenen Tresor daneben und tritt an seine Stelle"))
@json_option
@vault_option
@passphrase_option
def restore(
    backup_folder: Path,
    preview: bool,
    replace: bool,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Look into a backup, or put it where no vault is, or in a vault's place."""
    folder, clock = folder_or_default(vault_folder), SystemClock()
    secret = _secret(backup_folder, passphrase_file, needed=preview or replace)
    if preview:
        assert secret is not None
        seen = preview_backup(backup_folder, secret, clock=clock)
        if as_json:
            print_json({**_info_json(seen.info), "cases": seen.cases, "persons": seen.persons, "schema": seen.schema})
            return
        click.echo(_("Sicherung vom {when}").format(when=moment(seen.info.made_at)))
        click.echo(_("Fälle: {cases}, Personen: {persons}").format(cases=seen.cases, persons=seen.persons))
        return
    kept: Path | None = None
    if secret is None:
        restore_backup(backup_folder, folder)
    else:
        kept = restore_vault(backup_folder, folder, secret, clock=clock, replace=replace).kept_aside
    if as_json:
        print_json({"vault": str(folder), "kept": None if kept is None else str(kept)})
        return
    click.echo(_("Der Tresor ist wiederhergestellt. Er öffnet sich mit der Passphrase vom Tag der Sicherung."))
    if kept is not None:
        click.echo(_("Der bisherige Tresor liegt jetzt in {path}.").format(path=kept))


def _secret(backup_folder: Path, passphrase_file: Path | None, *, needed: bool) -> str | None:
    """Return what opens the backup; None where nobody can be asked and it is only to be copied."""
    if passphrase_file is None:
        shown = describe_vault(backup_folder, SystemClock()).demo_passphrase
        if shown:
            return shown
        if not needed and not can_ask():
            return None
    return ask_passphrase(passphrase_file)


def _info_json(info: BackupInfo) -> dict[str, object]:
    return {
        "path": str(info.path),
        "made_at": info.made_at.isoformat(),
        "reason": info.reason.value,
        "vault": info.vault_name,
        "size_bytes": info.size_bytes,
        "schema": info.schema,
    }


BACKUP_COMMANDS = (backup, backup_list, restore)
