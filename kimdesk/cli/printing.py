"""Commands that print documents into PDF files."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from kimdesk.cli.common import (
    FileUnreadable,
    json_option,
    opened_desk,
    passphrase_option,
    print_json,
    read_file,
    vault_option,
)
from kimdesk.documents.catalogue import DOCUMENTS, UnknownDocument
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import _
from kimdesk.services.prints import NoteText


class PrintInputMissing(KnownError):
    """A document lacks what it is about."""

    default_message = N_("Für dieses Dokument fehlt die Angabe {option}. „kimdesk print --help“ erklärt die Angaben.")


@click.command(name="print", help=_("Schreibt ein Dokument als PDF; „list“ zeigt, welche es gibt."))
@click.argument("document")
@click.option("--language", "languages", multiple=True, help=_("Sprache, etwa ar; mehrfach möglich"))
@click.option("--case", "case_id", type=click.UUID, default=None, help=_("Fall, zu dem der Ausdruck gehört"))
@click.option("--offer", "offer_id", type=click.UUID, default=None, help=_("Angebot"))
@click.option("--title", default="", help=_("Überschrift der Mitteilung"))
@click.option(
    "--text-file",
    "text_files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help=_("Text der Mitteilung (UTF-8); bei mehreren Sprachen eine Datei je Sprache, in derselben Reihenfolge"),
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help=_("PDF-Datei"))
@json_option
@vault_option
@passphrase_option
def print_document(
    document: str,
    languages: tuple[str, ...],
    case_id: UUID | None,
    offer_id: UUID | None,
    title: str,
    text_files: tuple[Path, ...],
    out: Path | None,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Print a document, or list the documents there are."""
    if document == "list":
        _list_documents(as_json)
        return
    if out is None:
        raise PrintInputMissing(option="--out")
    chosen = languages or ("de",)
    with opened_desk(vault_folder, passphrase_file) as desk:
        match document:
            case "offer-sheet":
                if offer_id is None:
                    raise PrintInputMissing(option="--offer")
                printout = desk.prints.offer_sheet(offer_id, chosen, case_id=case_id)
            case "note":
                if not text_files:
                    raise PrintInputMissing(option="--text-file")
                texts = {language: _text(path) for language, path in zip(chosen, text_files, strict=False)}
                note = NoteText({chosen[0]: title} if title else {}, texts)
                printout = desk.prints.note(note, chosen, case_id=case_id)
            case _:
                raise UnknownDocument(name=document, known=", ".join(DOCUMENTS))
        desk.prints.save(printout, out)
    click.echo(
        _(
            "{path} liegt jetzt unverschlüsselt außerhalb des Tresors. Bitte löschen Sie die Datei nach Gebrauch."
        ).format(path=out),
        err=True,
    )


def _text(path: Path) -> str:
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnreadable(path=str(path)) from None


def _list_documents(as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {"document": entry.name, "title": _(entry.title), "languages": list(entry.languages)}
                for entry in DOCUMENTS.values()
            ]
        )
        return
    for entry in DOCUMENTS.values():
        click.echo(f"{entry.name:<16} {_(entry.title)}  ({', '.join(entry.languages)})")
