"""Commands for the vault itself."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from kimdesk.cli.common import (
    A_FILE,
    ask_new_passphrase,
    folder_or_default,
    json_option,
    passphrase_option,
    print_json,
    vault_option,
    write_file,
)
from kimdesk.cli.opening import opened_desk
from kimdesk.cli.parsing import Group
from kimdesk.cli.vault_accesses import ACCESS_COMMANDS, print_sheet
from kimdesk.cli.vault_backups import BACKUP_COMMANDS
from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import moment
from kimdesk.services.access_names import kind_name
from kimdesk.services.log_words import action_word, subject_words
from kimdesk.services.vault import CHECK_NAMES, AuditAction, describe_vault, make_vault
from kimdesk.services.vault_log import LogFilter, LogForm

_DAY = click.DateTime(formats=["%d.%m.%Y", "%Y-%m-%d"])


class CaseUnknown(KnownError):
    """No case of this number or id."""

    default_message = N_("Einen Fall „{case}“ gibt es nicht. Bitte prüfen Sie Nummer oder Kennung.")


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
    sheet = made.recovery_sheet
    made.vault.close()
    if as_json:
        print_json({"folder": str(folder), "recovery_key": made.recovery_key, "recovery_words": list(sheet.words)})
        return
    click.echo(_("Der Tresor ist angelegt."))
    click.echo(_("Wiederherstellungsschlüssel (jetzt aufschreiben, er wird nicht noch einmal gezeigt):"))
    print_sheet(sheet)


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
    click.echo(_("Zugänge: {kinds}").format(kinds=", ".join(kind_name(kind) for kind in described.kinds)))


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
            click.echo(f"{_(CHECK_NAMES[finding.check])}: {verdict}")
    if not all(finding.is_good for finding in findings):
        raise SystemExit(1)


@vault.command(help=_("Sagt, was über den Tresor jetzt zu wissen ist: Sicherung, Platz, Zugänge."))
@json_option
@vault_option
@passphrase_option
def health(as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Show what the window shows after unlocking."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        notices = desk.vault.health()
    told = [
        {
            "kind": notice.kind.value,
            "severity": notice.severity.name.lower(),
            "title": _(notice.title).format(**notice.parameters),
            "meaning": _(notice.meaning).format(**notice.parameters),
            "todo": _(notice.todo).format(**notice.parameters),
        }
        for notice in notices
    ]
    if as_json:
        print_json(told)
    for notice_words in told if not as_json else ():
        click.echo(f"{notice_words['title']}. {notice_words['meaning']} {notice_words['todo']}")
    if not told and not as_json:
        click.echo(_("Es ist alles in Ordnung."))


@vault.command(help=_("Zeigt das Protokoll: wer wann was getan hat."))
@click.option("--case", "case_name", default=None, help=_("nur dieser Fall (Nummer oder Kennung)"))
@click.option(
    "--action",
    "actions",
    type=click.Choice([action.value for action in AuditAction]),
    multiple=True,
    help=_("nur dieser Vorgang (mehrfach möglich)"),
)
@click.option("--since", type=_DAY, default=None, help=_("erster Tag"))
@click.option("--until", type=_DAY, default=None, help=_("letzter Tag"))
@click.option("--slot", default=None, help=_("nur dieser Zugang (Kennung)"))
@click.option("--limit", type=click.IntRange(1, 100000), default=200, show_default=True, help=_("Anzahl der Zeilen"))
@click.option("--out", type=A_FILE, default=None, help=_("schreibt alles in diese Datei (.csv oder .json)"))
@json_option
@vault_option
@passphrase_option
def log(
    case_name: str | None,
    actions: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    slot: str | None,
    limit: int,
    out: Path | None,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """List or hand out the log."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        numbers = desk.log.case_numbers()
        narrow = LogFilter(
            case_id=_case_id(case_name, numbers),
            actions=frozenset(AuditAction(action) for action in actions),
            since=_day(since),
            until=_day(until),
            slot=slot.replace("-", "") if slot else None,
        )
        if out is not None:
            form = LogForm.JSON if out.suffix.lower() == ".json" else LogForm.CSV
            write_file(out, desk.log.export(narrow, form).value)
            return
        rows, names = desk.log.page(narrow, limit=limit).rows, desk.log.access_names()
    if as_json:
        print_json(
            [
                {
                    "number": row.number,
                    "at": row.at.isoformat(),
                    "access": names.get(row.slot, row.slot),
                    "action": row.action,
                    "subject": subject_words(row, numbers),
                    "detail": dict(row.detail),
                }
                for row in rows
            ]
        )
        return
    for row in rows:
        parts = (moment(row.at), names.get(row.slot, row.slot), action_word(row.action), subject_words(row, numbers))
        click.echo("  ".join(part for part in parts if part))


def _case_id(name: str | None, numbers: dict[str, str]) -> str | None:
    if name is None:
        return None
    for case_id, number in numbers.items():
        if name in (case_id, number):
            return case_id
    raise CaseUnknown(case=name)


def _day(value: datetime | None) -> date | None:
    return None if value is None else value.date()


for _command in (*BACKUP_COMMANDS, *ACCESS_COMMANDS):
    vault.add_command(_command)
