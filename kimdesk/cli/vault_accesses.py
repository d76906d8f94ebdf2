"""Commands for the ways into a vault: passphrase, deputies, recovery key, and another key for the whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click

from kimdesk.cli.common import (
    A_FILE,
    ask_new_passphrase,
    ask_passphrase,
    json_option,
    passphrase_option,
    print_json,
    vault_option,
)
from kimdesk.cli.opening import opened_desk, passphrase_of
from kimdesk.cli.parsing import Command
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.services.access_names import kind_name
from kimdesk.services.vault import Access, OldBackups, RecoverySheet, recovery_sheet

_NEW_PASSPHRASE = click.option(
    "--new-passphrase-file",
    type=A_FILE,
    default=None,
    help=_("Datei mit der neuen Passphrase in der ersten Zeile"),
)


def print_sheet(sheet: RecoverySheet) -> None:
    """Print a recovery key in both its forms."""
    click.echo(sheet.key)
    click.echo(_("oder in Worten:"))
    click.echo(" ".join(sheet.words))


@click.command(cls=Command, help=_("Ändert die Passphrase des benutzten Zugangs."))
@_NEW_PASSPHRASE
@vault_option
@passphrase_option
def passphrase(new_passphrase_file: Path | None, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Change the passphrase; nothing is re-encrypted."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        new = ask_new_passphrase(new_passphrase_file, option="--new-passphrase-file")
        key = None
        if desk.vault.opened_with_recovery_key:
            key = desk.vault.recover(new)
        else:
            desk.vault.change_passphrase(new)
        sheet = key and recovery_sheet(key, vault_name=desk.vault.name, made_at=desk.clock.now())
    click.echo(_("Die Passphrase ist geändert."))
    if sheet:
        click.echo(_("Der Wiederherstellungsschlüssel ist verbraucht. Der neue (jetzt aufschreiben):"))
        print_sheet(sheet)


@click.command(cls=Command, name="slot-list", help=_("Zeigt die Zugänge des Tresors mit ihren Kennungen."))
@json_option
@vault_option
@passphrase_option
def slot_list(as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """List the ways in."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        accesses = desk.vault.accesses()
    if as_json:
        print_json([_access_json(access) for access in accesses])
        return
    for access in accesses:
        until = _("bis {day}").format(day=short_date(access.expires_at.date())) if access.expires_at else ""
        parts = (str(access.id), kind_name(access.kind), access.label, until)
        click.echo("  ".join(part for part in parts if part))


@click.command(
    cls=Command, name="slot-add", help=_("Legt einen Zugang für eine Vertretung an, mit eigener Passphrase.")
)
@click.argument("label", metavar=_("BEZEICHNUNG"))
@click.option(
    "--days", type=click.IntRange(1, 3650), default=None, help=_("Gültigkeit des Zugangs in Tagen (sonst unbefristet)")
)
@_NEW_PASSPHRASE
@json_option
@vault_option
@passphrase_option
def slot_add(
    label: str,
    days: int | None,
    new_passphrase_file: Path | None,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Add a deputy's access."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        new = ask_new_passphrase(new_passphrase_file, option="--new-passphrase-file")
        expires_at = None if days is None else desk.clock.now() + timedelta(days=days)
        access = desk.vault.add_deputy(new, label=label, expires_at=expires_at)
    if as_json:
        print_json(_access_json(access))
    else:
        click.echo(_("Der Zugang ist angelegt, seine Kennung ist {id}.").format(id=access.id))


@click.command(
    cls=Command, name="slot-remove", help=_("Entfernt einen Zugang. Alte Sicherungen öffnen sich weiter mit ihm.")
)
@click.argument("access_id", type=click.UUID, metavar=_("KENNUNG"))
@vault_option
@passphrase_option
def slot_remove(access_id: UUID, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Remove an access."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        desk.vault.remove_access(access_id)
    click.echo(_("Der Zugang ist entfernt."))


@click.command(cls=Command, name="slot-extend", help=_("Verlängert einen Zugang; seine eigene Passphrase ist nötig."))
@click.argument("access_id", type=click.UUID, metavar=_("KENNUNG"))
@click.option("--days", type=click.IntRange(1, 3650), required=True, help=_("Gültigkeit des Zugangs in Tagen ab heute"))
@click.option("--slot-passphrase-file", type=A_FILE, default=None, help=_("Datei mit der Passphrase dieses Zugangs"))
@json_option
@vault_option
@passphrase_option
def slot_extend(
    access_id: UUID,
    days: int,
    slot_passphrase_file: Path | None,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Let a deputy's access end later."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        own = ask_passphrase(slot_passphrase_file, option="--slot-passphrase-file")
        access = desk.vault.extend_deputy(access_id, own, expires_at=desk.clock.now() + timedelta(days=days))
    if as_json:
        print_json(_access_json(access))
    elif access.expires_at is not None:
        click.echo(_("Der Zugang gilt bis {day}.").format(day=short_date(access.expires_at.date())))


@click.command(
    cls=Command,
    help=_(
        "Gibt dem Tresor einen neuen Schlüssel. Erst damit ist ein Zugang entzogen: "
        "Eine alte Kopie der Zugangsdatei hilft dann nicht mehr."
    ),
)
@click.option("--drop", "drop", type=click.UUID, multiple=True, help=_("Zugang, der entzogen wird (mehrfach möglich)"))
@click.option(
    "--old-backups",
    type=click.Choice([choice.value for choice in OldBackups]),
    default=OldBackups.REENCRYPT.value,
    show_default=True,
    help=_("alte Sicherungen neu verschlüsseln oder löschen"),
)
@json_option
@vault_option
@passphrase_option
def rotate(
    drop: tuple[UUID, ...],
    old_backups: str,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Change the vault's key."""
    secret = passphrase_of(vault_folder, passphrase_file)
    with opened_desk(vault_folder, passphrase_file, secret=secret) as desk:
        if desk.vault.rotation_is_unfinished():
            desk.vault.finish_rotation()
        result = desk.vault.rotate(secret, drop=drop, old_backups=OldBackups(old_backups))
        unfinished = desk.vault.rotation_is_unfinished()
    if as_json:
        print_json(
            {
                "dropped": [str(access.id) for access in result.dropped],
                "reissue": [str(access.id) for access in result.reissue],
                "backups_reencrypted": result.backups_reencrypted,
                "backups_deleted": result.backups_deleted,
                "backups_left": [str(path) for path in result.backups_left],
                "finished": not unfinished,
            }
        )
        return
    click.echo(_("Der Tresor hat einen neuen Schlüssel."))
    for access in (*result.dropped, *result.reissue):
        click.echo(_("Entfallener Zugang: {name}").format(name=access.label or kind_name(access.kind)))
    click.echo(
        _("Alte Sicherungen: {reencrypted} neu verschlüsselt, {deleted} gelöscht, {left} nicht erreicht.").format(
            reencrypted=result.backups_reencrypted, deleted=result.backups_deleted, left=len(result.backups_left)
        )
    )
    click.echo(_("Sicherungen an anderen Orten öffnen sich noch mit den alten Zugängen. Bitte löschen Sie sie selbst."))


def _access_json(access: Access) -> dict[str, object]:
    return {
        "id": str(access.id),
        "kind": access.kind.value,
        "label": access.label,
        "created_at": access.created_at.isoformat(),
        "expires_at": None if access.expires_at is None else access.expires_at.isoformat(),
        "current": access.is_current,
    }


ACCESS_COMMANDS = (passphrase, slot_list, slot_add, slot_remove, slot_extend, rotate)
