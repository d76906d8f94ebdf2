"""What can be printed. Importing this loads neither ReportLab nor a font."""

from __future__ import annotations

from dataclasses import dataclass

from kimdesk.documents.languages import HANDOUT_LANGUAGES
from kimdesk.foundation.errors import N_, KnownError


class UnknownDocument(KnownError):
    """There is no document of this name."""

    default_message = N_("Ein Dokument „{name}“ gibt es nicht. Bitte wählen Sie eines von: {known}.")


@dataclass(frozen=True)
class DocumentKind:
    """A document by its name on the command line, its German title, and the languages it is printed in."""

    name: str
    title: str
    languages: tuple[str, ...]


OFFER_SHEET = DocumentKind("offer-sheet", N_("Angebotsblatt"), tuple(HANDOUT_LANGUAGES))
NOTE = DocumentKind("note", N_("Freie Mitteilung"), tuple(HANDOUT_LANGUAGES))

DOCUMENTS: dict[str, DocumentKind] = {kind.name: kind for kind in (OFFER_SHEET, NOTE)}


def document_kind(name: str) -> DocumentKind:
    """Return the document with this name. Raises `UnknownDocument`."""
    try:
        return DOCUMENTS[name]
    except KeyError:
        raise UnknownDocument(name=name, known=", ".join(DOCUMENTS)) from None
