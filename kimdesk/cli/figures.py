"""Commands for figures and releases, and for joining a coordinating office."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import assert_never

import click

from kimdesk.cli.common import (
    A_FILE,
    A_FOLDER,
    json_option,
    passphrase_option,
    print_json,
    read_file,
    vault_option,
)
from kimdesk.cli.opening import opened_desk
from kimdesk.cli.parsing import Command, Group
from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.errors import N_
from kimdesk.foundation.sheets import csv_bytes
from kimdesk.i18n import _, ngettext, render_error
from kimdesk.i18n.formats import moment, number
from kimdesk.reporting.classify import Period
from kimdesk.reporting.disclosure import REASON_LABELS, ReleaseDraft
from kimdesk.reporting.indicators import IndicatorTable, Place
from kimdesk.services.desk import Desk
from kimdesk.services.pushes import OutboxState

A_DAY = click.DateTime(formats=["%Y-%m-%d", "%d.%m.%Y"])


@click.command(cls=Command, help=_("Die genauen Kennzahlen eines Jahres; sie verlassen diesen Rechner nicht."))
@click.option("--year", type=click.IntRange(1990, 2200), required=True, help=_("Kalenderjahr"))
@click.option(
    "--from",
    "first_day",
    type=A_DAY,
    metavar=_("TAG"),
    default=None,
    help=_("Erster Tag, sonst der 1. Januar des Jahres"),
)
@click.option(
    "--to",
    "last_day",
    type=A_DAY,
    metavar=_("TAG"),
    default=None,
    help=_("Stichtag, sonst der 31. Dezember des Jahres"),
)
@click.option("--commune", default=None, help=_("nur diese Kommune (Gemeindeschlüssel)"))
@click.option("--subregion", default=None, help=_("nur diese Teilregion"))
@click.option("--profile", default=None, help=_("Kennzahlensatz, sonst der des Kreises"))
@click.option("--csv", "as_csv", is_flag=True, help=_("Ausgabe als CSV"))
@json_option
@vault_option
@passphrase_option
def indicators(
    year: int,
    first_day: datetime | None,
    last_day: datetime | None,
    commune: str | None,
    subregion: str | None,
    profile: str | None,
    as_csv: bool,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Print the exact indicator table."""
    period = _span(year, first_day, last_day)
    place = Place(commune=commune, subregion=subregion)
    with opened_desk(vault_folder, passphrase_file) as desk:
        known = {entry for entry, _name in desk.figures.places()}
        if place.is_part and place not in known:
            raise RuleBroken(N_("Dieses Gebiet gehört nicht zum Kreis. Bitte prüfen Sie Schlüssel oder Namen."))
        table = desk.figures.indicators(period, place=place, profile=_set_named(profile))
    if as_json:
        rows = [{"row": row.row, "label": row.label, "value": _plain(row.value)} for row in table.rows]
        print_json({"year": table.year, "rows": rows})
    elif as_csv:
        click.echo(_csv(table), nl=False)
    else:
        for row in table.rows:
            shown = "–" if row.value is None else number(float(row.value))
            click.echo(f"{shown:>8}  {_(row.label)}")


def _span(year: int, first_day: datetime | None, last_day: datetime | None) -> Period:
    """Return the days asked for: those of the year, unless others are named."""
    whole = Period.whole_year(year)
    first = whole.start if first_day is None else first_day.date()
    last = whole.reference_date if last_day is None else last_day.date()
    if last < first:
        raise RuleBroken(N_("Der erste Tag liegt nach dem letzten. Bitte tauschen Sie die beiden Angaben."))
    return Period(first, last)


def _set_named(profile: str | None) -> str | None:
    """Return the indicator set of a district named by its profile, or the set of that very name."""
    if profile is None:
        return None
    from kimdesk.services.districts import district_ids, load_district  # only where a profile was named

    return load_district(profile).indicator_set if profile in district_ids() else profile


def _plain(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _csv(table: IndicatorTable) -> str:
    """Return the table as CSV for a pipe."""
    rows = [[row.row, _(row.label), row.value] for row in table.rows]
    return csv_bytes([["row", "label", f"y{table.year}"], *rows], mark=False).decode()


@click.command(cls=Command, help=_("Verbindet diesen Tresor mit einer koordinierenden Stelle."))
@click.argument("invitation", type=A_FILE, metavar=_("EINLADUNG"))
@click.option(
    "--folder",
    type=A_FOLDER,
    default=None,
    help=_("Antwort in diesen Ordner legen (USB-Stick), statt sie über das Netz zu senden"),
)
@json_option
@vault_option
@passphrase_option
def enrol(
    invitation: Path, folder: Path | None, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None
) -> None:
    """Read an invitation and answer it."""
    data = read_file(invitation)
    with opened_desk(vault_folder, passphrase_file) as desk:
        status = desk.pushes.enrol(data, folder=folder).value
    if as_json:
        print_json({"office": status.office, "fingerprint": status.fingerprint, "confirmed": status.confirmed})
    elif status.confirmed:
        click.echo(_("Verbunden mit {office}.").format(office=status.office))
    else:
        click.echo(
            _("Die Antwort liegt im Ordner. Bitte bringen Sie ihn zu {office} und danach wieder hierher.").format(
                office=status.office
            )
        )
    if not as_json:
        click.echo(
            _("Fingerabdruck: {fingerprint}. Bitte vergleichen Sie ihn am Telefon mit dem der Stelle.").format(
                fingerprint=status.fingerprint
            )
        )


@click.group(cls=Group, help=_("Anonymisierte Meldungen an die koordinierende Stelle"))
def release() -> None:
    """Preview, make and send releases."""


def _quarter_options(command: click.decorators.FC) -> click.decorators.FC:
    command = click.option("--quarter", type=click.IntRange(1, 4), default=None, help=_("Quartal, sonst das letzte"))(
        command
    )
    return click.option("--year", type=click.IntRange(1990, 2200), default=None, help=_("Kalenderjahr"))(command)


def _period(desk: Desk, year: int | None, quarter: int | None) -> tuple[int, int]:
    """Return the period named, filled up with the last quarter that is over."""
    due_year, due_quarter = desk.figures.due_quarter()
    if year is None:
        return due_year, quarter or due_quarter
    return year, quarter or (due_quarter if year == due_year else 4)


@release.command(help=_("Zeigt, was eine Meldung enthielte; die wahren Zahlen bleiben hier."))
@_quarter_options
@json_option
@vault_option
@passphrase_option
def preview(
    year: int | None, quarter: int | None, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None
) -> None:
    """Show a release before it is made."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        draft = desk.figures.preview_release(*_period(desk, year, quarter))
    if as_json:
        print_json(_preview_json(draft))
        return
    for table in draft.explanation.tables:
        click.echo(f"\n{_(table.label)}")
        for figure in (table.total, *table.cells):
            published = "–" if figure.published is None else str(figure.published)
            click.echo(f"{published:>8}  {_(figure.label)}  ({_(REASON_LABELS[figure.reason])})")


def _preview_json(draft: ReleaseDraft) -> object:
    return {
        "year": draft.release.year,
        "quarter": draft.release.quarter,
        "tables": [
            {
                "name": table.name,
                "state": table.state.value,
                "total": {"true": table.total.true_count, "published": table.total.published},
                "cells": [
                    {
                        "name": cell.name,
                        "true": cell.true_count,
                        "published": cell.published,
                        "reason": cell.reason.value,
                    }
                    for cell in table.cells
                ],
            }
            for table in draft.explanation.tables
        ],
    }


@release.command(help=_("Erstellt die Meldung eines Quartals und legt sie in den Ausgang."))
@_quarter_options
@json_option
@vault_option
@passphrase_option
def create(
    year: int | None, quarter: int | None, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None
) -> None:
    """Make a release."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        period = _period(desk, year, quarter)
        desk.figures.create_release(*period)
        newest = desk.figures.releases()[0]
    if as_json:
        print_json({"sequence": newest.sequence, "year": newest.year, "quarter": newest.quarter})
    else:
        click.echo(
            _("Meldung {sequence} für das {quarter}. Quartal {year} liegt im Ausgang.").format(
                sequence=newest.sequence, quarter=newest.quarter, year=newest.year
            )
        )


@release.command(help=_("Sendet, was im Ausgang liegt."))
@click.option(
    "--folder",
    type=A_FOLDER,
    default=None,
    help=_("in diesen Ordner legen (USB-Stick), statt über das Netz zu senden"),
)
@json_option
@vault_option
@passphrase_option
def send(folder: Path | None, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Send the outbox."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        report = desk.pushes.send(folder=folder).value
    if as_json:
        print_json(
            {
                "received": [receipt.sequence for receipt in report.received],
                "held_back": [receipt.sequence for receipt in report.held_back],
                "deposited": report.deposited,
                "waiting": report.waiting,
                "problem": None if report.problem is None else report.problem.code,
            }
        )
    else:
        count = len(report.received)
        if count:
            click.echo(ngettext("{n} Meldung zugestellt.", "{n} Meldungen zugestellt.", count).format(n=count))
        elif report.problem is None and not report.deposited:
            click.echo(_("Im Ausgang liegt nichts, was zu senden wäre."))
        if report.deposited:
            click.echo(
                ngettext("{n} Meldung liegt im Ordner.", "{n} Meldungen liegen im Ordner.", report.deposited).format(
                    n=report.deposited
                )
            )
    if report.problem is not None:
        click.echo(render_error(report.problem), err=True)
        raise SystemExit(1)


@release.command(help=_("Zeigt alle bisherigen Meldungen."))
@json_option
@vault_option
@passphrase_option
def history(as_json: bool, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """List every release ever made."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        made = desk.figures.releases()
    if as_json:
        print_json(
            [
                {
                    "sequence": entry.sequence,
                    "year": entry.year,
                    "quarter": entry.quarter,
                    "created_at": entry.created_at.isoformat(),
                    "state": entry.state,
                }
                for entry in made
            ]
        )
        return
    for entry in made:
        quarter = _("{quarter}. Quartal {year}").format(quarter=entry.quarter, year=entry.year)
        click.echo(f"{entry.sequence:>4}  {quarter}  {moment(entry.created_at)}  {_state_word(entry.state)}")


def _state_word(state: OutboxState) -> str:
    match state:
        case OutboxState.WAITING:
            return _("wartet")
        case OutboxState.DEPOSITED:
            return _("auf dem Stick")
        case OutboxState.RECEIVED:
            return _("zugestellt")
        case OutboxState.HELD_BACK:
            return _("zurückgehalten")
    assert_never(state)
