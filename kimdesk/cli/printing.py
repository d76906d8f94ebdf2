"""Commands that print documents into PDF files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import click

from kimdesk.cli.common import (
    A_FILE,
    json_option,
    passphrase_option,
    print_json,
    read_text,
    vault_option,
)
from kimdesk.cli.opening import opened_desk
from kimdesk.cli.parsing import Command
from kimdesk.documents.catalogue import NOTE, OFFER_SHEET, UnknownDocument, document_kind
from kimdesk.documents.languages import page_languages
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import _
from kimdesk.services.prints import NoteText, Printout, PrintService


class PrintInputUneven(KnownError):
    """There are not as many texts as languages."""

    default_message = N_(
        "Zu jeder Sprache gehört ein Text, in derselben Reihenfolge. Bitte nennen Sie {option} einmal je Sprache."
    )


class PrintInputMissing(KnownError):
    """A document lacks what it is about."""

    default_message = N_("Für dieses Dokument fehlt die Angabe {option}. „kimdesk print --help“ erklärt die Angaben.")


@click.command(cls=Command, name="print", help=_("Schreibt ein Dokument als PDF; „list“ zeigt, welche es gibt."))
@click.argument("document", metavar=_("DOKUMENT"))
@click.option("--language", "languages", multiple=True, help=_("Sprache, etwa ar; mehrfach möglich"))
@click.option("--case", "case_id", type=click.UUID, default=None, help=_("Fall, zu dem der Ausdruck gehört"))
@click.option("--offer", "offer_id", type=click.UUID, default=None, help=_("Angebot"))
@click.option("--title", "titles", multiple=True, help=_("Überschrift der Mitteilung; mehrere wie bei --text-file"))
@click.option(
    "--text-file",
    "text_files",
    type=A_FILE,
    multiple=True,
    help=_("Text der Mitteilung (UTF-8); bei mehreren Sprachen eine Datei je Sprache, in derselben Reihenfolge"),
)
@click.option("--out", type=A_FILE, default=None, help=_("PDF-Datei"))
@json_option
@vault_option
@passphrase_option
def print_document(
    document: str,
    languages: tuple[str, ...],
    case_id: UUID | None,
    offer_id: UUID | None,
    titles: tuple[str, ...],
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
    chosen = tuple(dict.fromkeys(languages)) or ("de",)
    make = _what_to_print(document, chosen, offer_id=offer_id, case_id=case_id, titles=titles, text_files=text_files)
    if out is None:
        raise PrintInputMissing(option="--out")
    with opened_desk(vault_folder, passphrase_file) as desk:
        desk.prints.save(make(desk.prints), out)
    click.echo(
        _(
            "{path} liegt jetzt unverschlüsselt außerhalb des Tresors. Bitte löschen Sie die Datei nach Gebrauch."
        ).format(path=out),
        err=True,
    )


def _what_to_print(
    document: str,
    languages: tuple[str, ...],
    *,
    offer_id: UUID | None,
    case_id: UUID | None,
    titles: Sequence[str],
    text_files: Sequence[Path],
) -> Callable[[PrintService], Printout]:
    """Return what makes the document, after everything it needs was named and read; the vault is not open yet."""
    page_languages(languages)
    match document_kind(document):
        case kind if kind is OFFER_SHEET:
            if offer_id is None:
                raise PrintInputMissing(option="--offer")
            return lambda prints: prints.offer_sheet(offer_id, languages, case_id=case_id)
        case kind if kind is NOTE:
            if not text_files:
                raise PrintInputMissing(option="--text-file")
            note = NoteText(
                _by_language(titles, languages, "--title") if titles else {},
                _by_language([read_text(path) for path in text_files], languages, "--text-file"),
            )
            return lambda prints: prints.note(note, languages, case_id=case_id)
        case kind:
            raise UnknownDocument(name=kind.name, known=f"{OFFER_SHEET.name}, {NOTE.name}")


def _by_language(values: Sequence[str], languages: Sequence[str], option: str) -> dict[str, str]:
    """Return one value per language, in the same order; a single one among several languages is the German one."""
    if len(values) == 1 and len(languages) > 1 and "de" in languages:
        return {"de": values[0]}
    if len(values) != len(languages):
        raise PrintInputUneven(option=option)
    return dict(zip(languages, values, strict=True))


def _list_documents(as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {"document": entry.name, "title": _(entry.title), "languages": list(entry.languages)}
                for entry in (OFFER_SHEET, NOTE)
            ]
        )
        return
    for entry in (OFFER_SHEET, NOTE):
        click.echo(f"{entry.name:<16} {_(entry.title)}  ({', '.join(entry.languages)})")
