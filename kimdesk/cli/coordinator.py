"""Commands of the coordinating office's own service. It needs the optional part ``kimdesk[coordinator]``."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import click

from kimdesk.cli.common import A_FILE, A_FOLDER, json_option, print_json, write_file
from kimdesk.cli.parsing import Group
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import _, render_error
from kimdesk.services.districts import district_ids


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
@click.option("--out", type=A_FILE, required=True, help=_("Datei für die Einladung"))
def invite(folder: Path, sender_name: str, addresses: tuple[str, ...], days: int, out: Path) -> None:
    """Write an invitation."""
    write_file(out, _commands().invite(folder, sender_name, addresses=addresses, valid_days=days))
    click.echo(
        _("Die Einladung liegt in {path}. Bitte geben Sie sie nur der Person, für die sie bestimmt ist.").format(
            path=out
        )
    )


@coordinator.command(name="user-add", help=_("Legt eine Anmeldung für die Übersicht an."))
@_FOLDER
@click.argument("name", metavar=_("NAME"))
def user_add(folder: Path, name: str) -> None:
    """Add a user of the dashboard."""
    passphrase = _commands().user_add(folder, name)
    click.echo(_("Passphrase (wird nur jetzt gezeigt): {passphrase}").format(passphrase=passphrase))


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
    for name, error in report.refused:
        click.echo(f"{name}: {render_error(error)}", err=True)
