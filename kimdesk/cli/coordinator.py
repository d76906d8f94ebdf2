"""Commands of the coordinating office's own service. It needs the optional part ``kimdesk[coordinator]``."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import click

from kimdesk.cli.common import (
    A_FILE,
    A_FILE_OR_FOLDER,
    A_FOLDER,
    ask_new_passphrase,
    ask_passphrase,
    json_option,
    passphrase_option,
    print_json,
    read_text,
    write_file,
)
from kimdesk.cli.parsing import Group
from kimdesk.foundation.errors import N_, KnownError, fill
from kimdesk.i18n import _, ngettext, render_error
from kimdesk.offers.readers import OfferFormat
from kimdesk.services.districts import district_ids
from kimdesk.sync.offer_feed import OFFERS_NAME


class CoordinatorNotInstalled(KnownError):
    """The optional part is not installed."""

    default_message = N_(
        "Der Dienst der koordinierenden Stelle ist nicht installiert. "
        "Bitte installieren Sie das Programmpaket mit dem Zusatz „[coordinator]“."
    )


def _commands() -> ModuleType:
    """Return the service's commands; imported late because most installations are laptops without it."""
    try:
        from kimdesk.coordinator import commands
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.startswith("kimdesk"):
            raise
        raise CoordinatorNotInstalled() from None
    return commands


_FOLDER = click.option(
    "--folder",
    type=A_FOLDER,
    required=True,
    help=_("Ordner des Dienstes mit Schlüsseln und Datenbank"),
)


@click.group(cls=Group, help=_("Der Dienst der koordinierenden Stelle"))
def coordinator() -> None:
    """Run the receiving service."""


@coordinator.command(help=_("Richtet den Dienst ein und zeigt einmal die Passphrase der ersten Anmeldung."))
@_FOLDER
@click.option("--url", required=True, help=_("Adresse, unter der Laptops den Dienst erreichen"))
@click.option("--name", required=True, help=_("Name der koordinierenden Stelle"))
@click.option(
    "--district",
    type=click.Choice(district_ids()),
    default="unna",
    show_default=True,
    help=_("Profil des Kreises"),
)
@click.option("--database-url", default=None, help=_("PostgreSQL-Adresse, sonst SQLite im Ordner"))
@json_option
def init(folder: Path, url: str, name: str, district: str, database_url: str | None, as_json: bool) -> None:
    """Set a coordinating office up."""
    made = _commands().init(folder, url=url, name=name, district=district, database_url=database_url)
    if as_json:
        print_json({"user": made.user, "passphrase": made.passphrase, "fingerprint": made.fingerprint})
        return
    click.echo(_("Der Dienst ist eingerichtet."))
    click.echo(_("Anmeldung: {user}").format(user=made.user))
    click.echo(_("Passphrase (wird nur jetzt gezeigt): {passphrase}").format(passphrase=made.passphrase))
    click.echo(_("Fingerabdruck: {fingerprint}").format(fingerprint=made.fingerprint))


@coordinator.command(help=_("Schreibt eine Einladung für einen Laptop."))
@_FOLDER
@click.argument("sender_name", metavar=_("LAPTOP"))
@click.option("--address", "addresses", multiple=True, help=_("andere Adresse als die des Dienstes"))
@click.option(
    "--days", type=click.IntRange(1, 90), default=14, show_default=True, help=_("Gültigkeit der Einladung in Tagen")
)
@click.option("--replace", is_flag=True, help=_("ein anderes Gerät tritt an die Stelle des angemeldeten"))
@click.option("--commune", default=None, help=_("Kommune des Laptops (AGS), für die Auswertung nach Region"))
@click.option("--subregion", default=None, help=_("Region des Laptops, wenn es keine einzelne Kommune ist"))
@click.option(
    "--certificate",
    "certificates",
    type=A_FILE,
    multiple=True,
    help=_("Zertifikat des Servers (PEM): Der Laptop glaubt dann nur diesem"),
)
@click.option("--qr", type=A_FILE, default=None, help=_("dazu den QR-Code als SVG-Datei"))
@click.option("--out", type=A_FILE, required=True, help=_("Datei für die Einladung"))
def invite(
    folder: Path,
    sender_name: str,
    addresses: tuple[str, ...],
    days: int,
    replace: bool,
    commune: str | None,
    subregion: str | None,
    certificates: tuple[Path, ...],
    qr: Path | None,
    out: Path,
) -> None:
    """Write an invitation."""
    commands = _commands()
    invitation = commands.invite(
        folder,
        sender_name,
        addresses=addresses,
        valid_days=days,
        replace=replace,
        certificates=[commands.certificate_hash(read_text(path)) for path in certificates],
        place=commands.Place(commune, subregion) if commune or subregion else None,
    )
    write_file(out, invitation)
    if qr is not None:
        write_file(qr, commands.qr_svg(invitation))
    click.echo(
        _("Die Einladung liegt in {path}. Bitte geben Sie sie nur der Person, für die sie bestimmt ist.").format(
            path=out
        )
    )


@coordinator.command(help=_("Meldet einen Laptop ab: Was er sendet, wird ab sofort abgewiesen."))
@_FOLDER
@click.argument("sender_name", metavar=_("LAPTOP"))
def revoke(folder: Path, sender_name: str) -> None:
    """Revoke a laptop."""
    _commands().revoke(folder, sender_name)
    click.echo(_("„{laptop}“ ist abgemeldet. Was gezählt ist, bleibt in den Summen.").format(laptop=sender_name))


@coordinator.command(name="user-add", help=_("Legt eine Anmeldung für die Übersicht an."))
@_FOLDER
@click.argument("name", metavar=_("NAME"))
@click.option(
    "--role",
    type=click.Choice(("analyst", "admin")),
    default="analyst",
    show_default=True,
    help=_("analyst sieht und gibt aus, admin verwaltet auch"),
)
def user_add(folder: Path, name: str, role: str) -> None:
    """Add a user of the dashboard."""
    commands = _commands()
    _show_passphrase(commands.user_add(folder, name, role=commands.Role(role)))


@coordinator.command(name="user-reset", help=_("Gibt einer Anmeldung eine neue Passphrase."))
@_FOLDER
@click.argument("name", metavar=_("NAME"))
def user_reset(folder: Path, name: str) -> None:
    """Give a user a new passphrase."""
    _show_passphrase(_commands().user_reset(folder, name))


@coordinator.command(name="user-remove", help=_("Entfernt eine Anmeldung."))
@_FOLDER
@click.argument("name", metavar=_("NAME"))
def user_remove(folder: Path, name: str) -> None:
    """Remove a user."""
    _commands().user_remove(folder, name)
    click.echo(_("Die Anmeldung „{name}“ ist entfernt.").format(name=name))


def _show_passphrase(passphrase: str) -> None:
    click.echo(_("Passphrase (wird nur jetzt gezeigt): {passphrase}").format(passphrase=passphrase))


@coordinator.command(
    name="publish-offers", help=_("Unterschreibt ein Angebotsverzeichnis und stellt es den Laptops bereit.")
)
@_FOLDER
@click.argument("file", type=A_FILE_OR_FOLDER, metavar=_("DATEI"))
@click.option(
    "--format",
    "file_format",
    type=click.Choice([entry.value for entry in OfferFormat]),
    default=OfferFormat.HSDS.value,
    show_default=True,
    help=_("Format"),
)
@click.option(
    "--days",
    type=click.IntRange(1, 730),
    default=180,
    show_default=True,
    help=_("Gültigkeit des Verzeichnisses in Tagen"),
)
@click.option("--stick", type=A_FOLDER, default=None, help=_("legt es zusätzlich in diesen Ordner (USB-Stick)"))
@json_option
def publish_offers(folder: Path, file: Path, file_format: str, days: int, stick: Path | None, as_json: bool) -> None:
    """Sign and publish a directory."""
    signed = _commands().publish_offer_file(folder, file, OfferFormat(file_format), valid_days=days)
    if stick is not None:
        write_file(stick / OFFERS_NAME, signed.content)
    head, found = signed.head, signed.found
    if as_json:
        print_json(
            {
                "version": head.version,
                "offers": head.offers,
                "expires_at": head.expires_at.isoformat(),
                "refused": [{"record": one.record, "reason": one.sentence()} for one in found.refused],
                "notices": [{"record": one.record, "reason": one.sentence()} for one in found.notices],
            }
        )
        return
    click.echo(
        _("Veröffentlicht: {offers} Angebote, gültig bis {day}.").format(
            offers=head.offers, day=f"{head.expires_at:%d.%m.%Y}"
        )
    )
    for one in (*found.refused, *found.notices):
        click.echo(f"  {one.record}: {fill(_(one.reason), dict(one.parameters))}", err=True)


@coordinator.command(help=_("Gibt die Summen als Excel- oder CSV-Datei aus."))
@_FOLDER
@click.option("--year", type=click.IntRange(2000, 2199), default=None, help=_("Kalenderjahr, sonst das neueste"))
@click.option("--quarter", type=click.IntRange(1, 4), default=None, help=_("Stand am Ende dieses Quartals"))
@click.option("--csv", "as_csv", is_flag=True, help=_("Ausgabe als CSV"))
@click.option("--out", type=A_FILE, required=True, help=_("Datei für die Ausgabe"))
def export(folder: Path, year: int | None, quarter: int | None, as_csv: bool, out: Path) -> None:
    """Export the sums."""
    write_file(out, _commands().export(folder, year=year, quarter=quarter, as_csv=as_csv))
    click.echo(_("Die Zahlen stehen in {path}.").format(path=out))


@coordinator.command(help=_("Sichert Schlüssel und Datenbank in eine verschlüsselte Datei."))
@_FOLDER
@click.option("--out", type=A_FILE, required=True, help=_("Datei für die Sicherung"))
@passphrase_option
def backup(folder: Path, out: Path, passphrase_file: Path | None) -> None:
    """Back the office up."""
    commands = _commands()
    commands.backup(
        folder, out, commands.PassphraseLock(ask_new_passphrase(passphrase_file, option="--passphrase-file"))
    )
    click.echo(_("Die Sicherung liegt in {path} und wurde geprüft.").format(path=out))


@coordinator.command(help=_("Richtet eine gesicherte Stelle in einem leeren Ordner wieder ein."))
@_FOLDER
@click.argument("source", type=A_FILE, metavar=_("SICHERUNG"))
@click.option("--database-url", default=None, help=_("PostgreSQL-Adresse, sonst SQLite im Ordner"))
@passphrase_option
def restore(folder: Path, source: Path, database_url: str | None, passphrase_file: Path | None) -> None:
    """Restore an office."""
    commands = _commands()
    lock = commands.PassphraseLock(ask_passphrase(passphrase_file))
    office = commands.restore(source, folder, lock, database_url=database_url)
    click.echo(
        _("„{office}“ ist wieder eingerichtet. Was Laptops seit der Sicherung gesendet haben, fehlt hier.").format(
            office=office.name
        )
    )


@coordinator.command(help=_("Startet den Dienst."))
@_FOLDER
@click.option("--host", default="127.0.0.1", show_default=True, help=_("Netzadresse"))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8480, show_default=True, help=_("Port; 0 nimmt einen freien")
)
@click.option("--certificate", type=A_FILE, default=None, help=_("TLS-Zertifikat"))
@click.option("--certificate-key", type=A_FILE, default=None, help=_("Schlüssel zum Zertifikat"))
def serve(folder: Path, host: str, port: int, certificate: Path | None, certificate_key: Path | None) -> None:
    """Serve until interrupted."""
    _commands().serve(
        folder,
        host,
        port,
        announce=lambda url: click.echo(_("Der Dienst läuft unter {url}").format(url=url)),
        certificate=certificate,
        certificate_key=certificate_key,
    )


@coordinator.command(help=_("Nimmt entgegen, was Laptops in einem Ordner (USB-Stick) abgelegt haben."))
@_FOLDER
@click.argument("directory", type=A_FOLDER, metavar=_("ORDNER"))
@json_option
def receive(folder: Path, directory: Path, as_json: bool) -> None:
    """Receive from a folder."""
    report = _commands().receive(folder, directory)
    if as_json:
        print_json(
            {
                "enrolled": report.enrolled,
                "counted": report.counted,
                "issues": report.issues,
                "repeated": report.repeated,
                "held_back": report.held_back,
                "refused": [{"file": name, "reason": render_error(error)} for name, error in report.refused],
            }
        )
        return
    for laptop in report.enrolled:
        click.echo(_("Angemeldet: {laptop}").format(laptop=laptop))
    click.echo(
        _("{counted} Meldungen angenommen, {repeated} lagen schon vor, {held_back} zurückgehalten.").format(
            counted=report.counted, repeated=report.repeated, held_back=report.held_back
        )
    )
    if report.issues:
        click.echo(
            ngettext("{n} Strukturmeldung angenommen.", "{n} Strukturmeldungen angenommen.", report.issues).format(
                n=report.issues
            )
        )
    for name, error in report.refused:
        click.echo(f"{name}: {render_error(error)}", err=True)
