"""Commands for the offer directory."""

from __future__ import annotations

from pathlib import Path

import click

from kimdesk.cli.common import A_FILE, json_option, passphrase_option, print_json, vault_option
from kimdesk.cli.opening import opened_desk
from kimdesk.cli.parsing import Group
from kimdesk.foundation.errors import fill
from kimdesk.i18n import _
from kimdesk.services.offers import OfferFormat


@click.group(cls=Group, help=_("Angebote einlesen und suchen"))
def offers() -> None:
    """Import and search offers."""


@offers.command(name="import", help=_("Liest eine Datei mit Angeboten ein."))
@click.argument("file", type=A_FILE, metavar=_("DATEI"))
@click.option(
    "--format",
    "file_format",
    type=click.Choice([entry.value for entry in OfferFormat]),
    required=True,
    help=_("Format"),
)
@click.option("--language", default=None, help=_("Sprache der Texte, wo die Datei keine nennt"))
@json_option
@vault_option
@passphrase_option
def import_offers(
    file: Path,
    file_format: str,
    language: str | None,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Import a file of offers."""
    with opened_desk(vault_folder, passphrase_file) as desk:
        report = desk.offers.import_file(file, file_format, language)
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
    for entry in report.refused:
        click.echo(f"  {entry.record}: {fill(_(entry.reason), dict(entry.parameters))}", err=True)


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
