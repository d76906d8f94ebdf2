"""Commands for the offer directory."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from kimdesk.cli.common import (
    A_FILE,
    A_FILE_OR_FOLDER,
    json_option,
    passphrase_option,
    print_json,
    vault_option,
    write_file,
)
from kimdesk.cli.opening import opened_desk
from kimdesk.cli.parsing import Group
from kimdesk.foundation.errors import fill
from kimdesk.foundation.sheets import csv_bytes
from kimdesk.i18n import _, ngettext
from kimdesk.offers.gaps import GapCount
from kimdesk.offers.report import ImportReport
from kimdesk.offers.staging import VERDICT_WORDS, Verdict
from kimdesk.services.offer_gaps import GapSpan, gap_rows
from kimdesk.services.offer_imports import ImportPreview
from kimdesk.services.offers import OfferFormat


@click.group(cls=Group, help=_("Angebote einlesen und suchen"))
def offers() -> None:
    """Import and search offers."""


@offers.command(name="import", help=_("Liest eine Datei mit Angeboten ein."))
@click.argument("file", type=A_FILE_OR_FOLDER, metavar=_("DATEI"))
@click.option(
    "--format",
    "file_format",
    type=click.Choice([entry.value for entry in OfferFormat]),
    required=True,
    help=_("Format"),
)
@click.option("--language", default=None, help=_("Sprache der Texte, wo die Datei keine nennt"))
@click.option("--collection", default="", help=_("Name des Bestands, zu dem die Datei gehört"))
@click.option("--remove-missing", is_flag=True, help=_("nimmt heraus, was in diesem Bestand nicht mehr enthalten ist"))
@click.option("--preview", is_flag=True, help=_("zeigt nur, was sich ändern würde"))
@json_option
@vault_option
@passphrase_option
def import_offers(
    file: Path,
    file_format: str,
    language: str | None,
    collection: str,
    remove_missing: bool,
    preview: bool,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Import a file of offers."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        imports = desk.offer_imports
        staged = imports.begin(file, file_format, language, collection=collection).run()
        if preview:
            imports.discard(staged.id)
            show_preview(staged, as_json=as_json)
            return
        report = imports.apply(staged.id, staged.missing if remove_missing else ())
    show_report(report, as_json=as_json)


@offers.command(name="undo", help=_("Nimmt den letzten Import zurück."))
@vault_option
@passphrase_option
def undo_import(vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Take the last import back."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        count = desk.offer_imports.undo()
    click.echo(
        ngettext(
            "Der letzte Import ist zurückgenommen: ein Angebot.",
            "Der letzte Import ist zurückgenommen: {count} Angebote.",
            count,
        ).format(count=count)
    )


@offers.command(name="export", help=_("Schreibt das Verzeichnis in eine Datei."))
@click.option(
    "--format",
    "file_format",
    type=click.Choice([entry.value for entry in OfferFormat if entry.can_be_written]),
    default=OfferFormat.HSDS.value,
    show_default=True,
    help=_("Format"),
)
@click.option("--out", type=A_FILE, required=True, help=_("Datei, die geschrieben wird"))
@vault_option
@passphrase_option
def export_offers(file_format: str, out: Path, vault_folder: Path | None, passphrase_file: Path | None) -> None:
    """Export the directory."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        content = desk.offer_exports.export(file_format)
    write_file(out, content)


@offers.command(help=_("Zählt, was gesucht wurde und nicht zu bekommen war."))
@click.option("--year", type=click.IntRange(2000, 2100), default=None, help=_("Jahr (sonst das laufende)"))
@click.option("--csv", "as_csv", is_flag=True, help=_("Ausgabe als CSV"))
@json_option
@vault_option
@passphrase_option
def gaps(
    year: int | None, as_csv: bool, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None
) -> None:
    """Count the gaps."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        overview = desk.offer_gaps.overview(None if year is None else GapSpan(date(year, 1, 1), date(year, 12, 31)))
    rows = gap_rows(overview)
    if as_json:
        print_json(
            {
                "gaps": [_gap_json(count) for count in overview.counts],
                "by_life_area": {
                    area.value if area else "unknown": count for area, count in overview.by_life_area.items()
                },
            }
        )
    elif as_csv:
        click.echo(csv_bytes(rows, mark=False).decode("utf-8"), nl=False)
    else:
        for row in rows[1:]:
            click.echo(f"{row[-2]:>6}  " + " · ".join(str(cell) for cell in row[:4] if cell))


@offers.command(help=_("Holt das Verzeichnis der koordinierenden Stelle, prüft es und übernimmt es in einem Schritt."))
@click.option(
    "--folder",
    type=A_FILE_OR_FOLDER,
    default=None,
    help=_("Ordner oder Datei (USB-Stick), statt es über das Netz zu holen"),
)
@click.option("--preview", is_flag=True, help=_("zeigt nur, was sich ändern würde"))
@json_option
@vault_option
@passphrase_option
def update(
    folder: Path | None, preview: bool, as_json: bool, vault_folder: Path | None, passphrase_file: Path | None
) -> None:
    """Update the directory from the office."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        feed = desk.offer_feed
        data = feed.read(folder) if folder is not None else feed.prepare_fetch().run()
        coming = feed.begin(data)
        staged = coming.steps.run()
        if preview:
            desk.offer_imports.discard(staged.id)
            show_preview(staged, as_json=as_json)
            return
        report = feed.apply(coming)
    show_report(report, as_json=as_json)


def show_report(report: ImportReport, *, as_json: bool) -> None:
    """Print what an import did: figures on stdout, refusals and notices on stderr."""
    if as_json:
        print_json(report.to_json())
        return
    click.echo(
        _("{added} neu, {changed} geändert, {unchanged} unverändert, {empty} ohne Text, {refused} abgelehnt").format(
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            empty=report.empty,
            refused=len(report.refused),
        )
    )
    if report.missing:
        click.echo(
            _("{missing} nicht mehr enthalten, davon {removed} herausgenommen").format(
                missing=report.missing, removed=report.removed
            )
        )
    for entry in (*report.refused, *report.notices):
        click.echo(f"  {entry.record}: {fill(_(entry.reason), dict(entry.parameters))}", err=True)


def show_preview(preview: ImportPreview, *, as_json: bool) -> None:
    """Print what an import would do."""
    if as_json:
        print_json(
            {
                "counts": {verdict.value: preview.counts.get(verdict, 0) for verdict in Verdict},
                "records": [{"verdict": row.verdict.value, "title": row.title} for row in preview.rows],
            }
        )
        return
    for verdict in Verdict:
        if count := preview.counts.get(verdict, 0):
            click.echo(f"{count:>6}  {_(VERDICT_WORDS[verdict])}")


def _gap_json(count: GapCount) -> dict[str, Any]:
    subject = count.subject
    return {
        "life_area": subject.life_area,
        "commune": subject.commune or None,
        "status": subject.status,
        "language": subject.language or None,
        "kinds": {kind.value: number for kind, number in count.kinds},
        "total": count.total,
        "latest": count.latest.isoformat(),
    }


@offers.command(help=_("Sucht im Angebotsverzeichnis, die besten Treffer zuerst."))
@click.argument("text", metavar=_("TEXT"))
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help=_("Anzahl der Treffer"))
@click.option("--life-area", default=None, help=_("nur dieser Lebensbereich"))
@click.option("--commune", default=None, help=_("nur diese Kommune (AGS)"))
@json_option
@vault_option
@passphrase_option
def search(
    text: str,
    limit: int,
    life_area: str | None,
    commune: str | None,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Search offers."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        hits = desk.offers.search(text, limit, life_area=life_area, commune=commune)
    if as_json:
        print_json(
            [
                {"id": str(hit.id), "external_id": hit.external_id, "title": hit.title, "score": hit.score}
                for hit in hits
            ]
        )
        return
    for hit in hits:
        click.echo(f"{hit.id}  {hit.title}")
