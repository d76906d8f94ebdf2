"""Commands that print documents into PDF files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
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
from kimdesk.documents.blanks import blanks_of
from kimdesk.documents.catalogue import DOCUMENTS, INDICATOR_REPORT, NOTE, OFFER_SHEET, UnknownDocument, document_kind
from kimdesk.documents.languages import HANDOUT_LANGUAGES, page_languages
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import _
from kimdesk.services.paper_orders import Filled, PaperOrder, read_blank
from kimdesk.services.prints import Printout, PrintService


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
@click.option("--record", "record_id", type=click.UUID, default=None, help=_("Verweis, Konferenz oder Einwilligung"))
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar=_("NAME=WERT"),
    help=_("Angabe von Hand, etwa on=30.11.2026; siehe „list“"),
)
@click.option("--large", is_flag=True, help=_("Großdruck"))
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
    record_id: UUID | None,
    settings: tuple[str, ...],
    large: bool,
    titles: tuple[str, ...],
    text_files: tuple[Path, ...],
    out: Path | None,
    as_json: bool,
    vault_folder: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Print a document, several joined by "+", or list the documents there are."""
    if document == "list":
        _list_documents(as_json)
        return
    chosen = tuple(dict.fromkeys(languages)) or ("de",)
    order = PaperOrder(document="", case_id=case_id, offer_id=offer_id, record_id=record_id)
    make = _what_to_print(
        document.split("+"), chosen, order, settings=settings, titles=titles, text_files=text_files, large=large
    )
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
    documents: Sequence[str],
    languages: tuple[str, ...],
    order: PaperOrder,
    *,
    settings: Sequence[str],
    titles: Sequence[str],
    text_files: Sequence[Path],
    large: bool,
) -> Callable[[PrintService], Printout]:
    """Return what makes the documents, after everything they need was named and read; the vault is not open yet."""
    page_languages(languages)
    orders: list[PaperOrder] = []
    for document in documents:
        if document_kind(document) is INDICATOR_REPORT:
            raise UnknownDocument(name=document, known=", ".join(name for name in DOCUMENTS if name != document))
        filled = _filled(document, settings)
        if document == OFFER_SHEET.name and order.offer_id is None:
            raise PrintInputMissing(option="--offer")
        if document == NOTE.name:
            if not text_files:
                raise PrintInputMissing(option="--text-file")
            filled["title_by_language"] = _by_language(titles, languages, "--title") if titles else {}
            filled["text_by_language"] = _by_language(
                [read_text(path) for path in text_files], languages, "--text-file"
            )
        orders.append(replace(order, document=document, filled=filled))
    return lambda prints: prints.papers(orders, languages, large=large)


def _filled(document: str, settings: Sequence[str]) -> dict[str, Filled]:
    """Return what was written by hand and belongs on `document`. Raises `RuleBroken`."""
    names = {blank.name for blank in blanks_of(document)}
    filled: dict[str, Filled] = {}
    for setting in settings:
        name, sign, text = setting.partition("=")
        if not sign:
            raise PrintInputMissing(option="--set NAME=WERT")
        if name in names:
            filled[name] = read_blank(document, name, text)
    return filled


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
                {
                    "document": entry.name,
                    "title": _(entry.title),
                    "languages": list(entry.languages),
                    "set": [blank.name for blank in blanks_of(entry.name)],
                }
                for entry in DOCUMENTS.values()
            ]
        )
        return
    for entry in DOCUMENTS.values():
        languages = _("alle Sprachen") if len(entry.languages) == len(HANDOUT_LANGUAGES) else ", ".join(entry.languages)
        blanks = ", ".join(blank.name for blank in blanks_of(entry.name))
        click.echo(f"{entry.name:<22} {_(entry.title)}  ({languages}){f'  --set {blanks}' if blanks else ''}")
