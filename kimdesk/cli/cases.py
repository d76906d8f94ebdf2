"""Commands that read case files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import click

from kimdesk.cli.common import json_option, passphrase_option, print_json, vault_option
from kimdesk.cli.opening import opened_desk
from kimdesk.cli.parsing import Group
from kimdesk.domain.errors import CaseNotFound
from kimdesk.domain.views import CaseFile
from kimdesk.domain.vocabulary import label
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.services.cases import CaseFilter, CaseService


@click.group(cls=Group, help=_("Fälle auflisten und ansehen"))
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


@case.command(help=_("Zeigt eine Fallakte; der Blick in die Akte wird protokolliert."))
@click.argument("number", metavar=_("FALL"))
@json_option
@vault_option
@passphrase_option
def show(number: str, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Show a case file, named by its number or id."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        file = desk.cases.file(_case_id(desk.cases, number))
    if as_json:
        print_json(_file_json(file))
        return
    for line in _file_lines(file):
        click.echo(line)


def _case_id(cases: CaseService, named: str) -> UUID:
    """Return the id of the case named by id or number. Raises `CaseNotFound`."""
    try:
        return UUID(named)
    except ValueError:
        pass
    for entry in cases.list(CaseFilter(text=named, status="all")):
        if entry.number.casefold() == named.strip().casefold():
            return entry.id
    raise CaseNotFound


def _file_json(file: CaseFile) -> Any:
    """Return the records of a file as they are stored, and the phases worked out from them."""
    whole = asdict(file)
    del whole["facts"]  # repeats the records
    return _plain(whole)


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value


def _file_lines(file: CaseFile) -> Iterable[str]:
    """Yield what a reader needs first, then the timeline."""
    yield f"{file.case.number}  {file.commune_name}"
    for member in file.members:
        born = short_date(member.person.date_of_birth)
        yield f"  {member.person.name}, {_(label(member.relation))}" + (f", * {born}" if born else "")
    if file.case.concern:
        yield "\n" + _("Anliegen") + f"\n  {file.case.concern}"
    parts = (
        (_("Ziele"), [goal.text for goal in file.goals]),
        (_("Maßnahmen"), [f"{step.text} ({_(label(step.state))})" for step in file.measures]),
        (
            _("Wiedervorlagen"),
            [f"{short_date(due.due_on)}  {due.reason}" for due in file.follow_ups if due.done_on is None],
        ),
        (_("Verlauf"), [f"{short_date(item.at)}  {_(item.title)}  {item.text}".rstrip() for item in file.timeline]),
    )
    for head, lines in parts:
        if lines:
            yield f"\n{head}"
            yield from (f"  {line}" for line in lines)
