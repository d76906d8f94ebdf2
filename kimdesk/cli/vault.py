"""Commands for the vault itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import assert_never
from uuid import UUID

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
from kimdesk.foundation.errors import N_
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import moment, short_date
from kimdesk.services.vault import Access, Check, SlotKind, describe_vault, make_vault, restore_backup

_CHECKS = {
    Check.PAGES: N_("Seiten der Datenbank"),
    Check.STRUCTURE: N_("Aufbau der Datenbank"),
    Check.FOREIGN_KEYS: N_("Bezüge zwischen den Datensätzen"),
    Check.SCHEMA: N_("Schema"),
    Check.AUDIT_CHAIN: N_("Kette des Protokolls"),
    Check.ANCHOR: N_("Prüfdatei (anchor.json)"),
    Check.KEYSLOTS: N_("Zugangsdatei (keyslots.json)"),
}


_NEW_PASSPHRASE = click.option(
    "--new-passphrase-file",
    type=A_FILE,
    default=None,
    help=_("Datei mit der neuen Passphrase in der ersten Zeile"),
)


@click.group(cls=Group, help=_("Tresore anlegen, prüfen, sichern"))
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
@passphrase_option
def info(as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Show name, creation date and ways in. A passphrase file is accepted as everywhere and not read."""
    del passphrase_file
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
    click.echo(described.name)
    if described.is_demo:
        click.echo(_("Demo – keine echten Daten"))
    click.echo(_("Angelegt am {when}").format(when=moment(described.created_at)))
    click.echo(_("Zugänge: {kinds}").format(kinds=", ".join(_kind_words(kind) for kind in described.kinds)))


def _kind_words(kind: SlotKind) -> str:
    match kind:
        case SlotKind.USER:
            return _("Passphrase")
        case SlotKind.DEPUTY:
            return _("Vertretung")
        case SlotKind.RECOVERY:
            return _("Wiederherstellungsschlüssel")
    assert_never(kind)


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
            click.echo(f"{_(_CHECKS[finding.check])}: {verdict}")
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
@_NEW_PASSPHRASE
@vault_option
@passphrase_option
def passphrase(new_passphrase_file: Path | None, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Change the passphrase; nothing is re-encrypted."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        new = ask_new_passphrase(new_passphrase_file, option="--new-passphrase-file")
        desk.vault.change_passphrase(new)
    click.echo(_("Die Passphrase ist geändert."))


@vault.command(name="slot-list", help=_("Zeigt die Zugänge des Tresors mit ihren Kennungen."))
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
        parts = (str(access.id), _kind_words(access.kind), access.label, until)
        click.echo("  ".join(part for part in parts if part))


@vault.command(name="slot-add", help=_("Legt einen Zugang für eine Vertretung an, mit eigener Passphrase."))
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


@vault.command(name="slot-remove", help=_("Entfernt einen Zugang. Alte Sicherungen öffnen sich weiter mit ihm."))
@click.argument("access_id", type=click.UUID, metavar=_("KENNUNG"))
@vault_option
@passphrase_option
def slot_remove(access_id: UUID, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Remove an access."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        desk.vault.remove_access(access_id)
    click.echo(_("Der Zugang ist entfernt."))


def _access_json(access: Access) -> dict[str, object]:
    return {
        "id": str(access.id),
        "kind": access.kind.value,
        "label": access.label,
        "created_at": access.created_at.isoformat(),
        "expires_at": None if access.expires_at is None else access.expires_at.isoformat(),
        "current": access.is_current,
    }
