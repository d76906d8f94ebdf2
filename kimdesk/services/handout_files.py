"""Reviewed translations as .po files: read with every text checked, written for somebody to read and correct."""

from __future__ import annotations

import io
import re
import string

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from kimdesk.documents.review import message_ids, plural_of
from kimdesk.documents.wording import Wording
from kimdesk.foundation.errors import N_, KnownError

MAX_PO_BYTES = 1_000_000
MAX_TEXT_CHARACTERS = 2_000
_MARKUP = re.compile(r"<[A-Za-z/!?][^>]*>|&[a-z]+;|&#\d+;")
# Controls of any kind: templates set the isolates themselves. The joiners that Persian needs stay.
_CONTROL = re.compile(r"[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class TextsNotReadable(KnownError):
    """The file is no catalogue of translations."""

    default_message = N_("Die Datei ist keine .po-Datei mit Übersetzungen der Vordrucke. Es wurde nichts übernommen.")


class TextsTooLarge(KnownError):
    """The file is larger than a catalogue can be."""

    default_message = N_("Die Datei ist größer als 1 MB und damit kein Vordruck-Katalog. Es wurde nichts übernommen.")


class TextsRefused(KnownError):
    """A translation must not be printed as it is; names the German text."""

    default_message = N_(
        "Die Übersetzung von „{text}“ kann so nicht gedruckt werden: {reason} Es wurde nichts übernommen."
    )


class TextsOfOtherLanguage(KnownError):
    """The file says that it is for another language than the one chosen."""

    default_message = N_("Die Datei ist für die Sprache „{found}“, nicht für „{wanted}“. Es wurde nichts übernommen.")


def write_texts(words: Wording) -> bytes:
    """Return a .po file with every fixed text of a language as it is printed now."""
    catalogue = Catalog(locale=words.language.cldr, header_comment="# KIM Desk: handouts", fuzzy=False)
    for german in message_ids():
        many = plural_of(german)
        forms = words.forms(german)
        comment = ["reviewed"] if words.look_up_any(german).reviewed else ["unreviewed"]
        if many is None:
            catalogue.add(german, forms[0] if forms else "", user_comments=comment)
        else:
            catalogue.add((german, many), forms or ("", ""), user_comments=comment)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, sort_output=True)
    return buffer.getvalue()


def read_texts(data: bytes, language: str) -> dict[str, tuple[str, ...]]:
    """Return the translations in a .po file by their German text, those that are marked fuzzy or empty left out.

    Raises `TextsTooLarge`, `TextsNotReadable`, `TextsOfOtherLanguage` and `TextsRefused`.
    """
    if len(data) > MAX_PO_BYTES:
        raise TextsTooLarge
    try:
        catalogue = read_po(io.BytesIO(data), abort_invalid=True, charset="utf-8")
    except (PoFileError, UnicodeError, ValueError, LookupError):
        raise TextsNotReadable from None
    named = str(catalogue.locale_identifier or "").replace("-", "_")
    if named and named.partition("_")[0] != language.partition("_")[0]:
        raise TextsOfOtherLanguage(found=named, wanted=language)
    known = set(message_ids())
    texts: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        german = message.id[0] if isinstance(message.id, tuple) else message.id
        forms = tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string,)
        if not german or german not in known or message.fuzzy or not all(forms):
            continue
        _check(german, message, [str(form) for form in forms])
        texts[german] = tuple(str(form) for form in forms)
    if not texts:
        raise TextsNotReadable
    return texts


def _check(german: str, message: Message, forms: list[str]) -> None:
    sources = list(message.id) if isinstance(message.id, tuple) else [german]
    allowed = [_places(source) for source in sources]
    for form in forms:
        try:
            places = _places(form)
        except ValueError:
            raise TextsRefused(text=german, reason=N_("Eine geschweifte Klammer hat keinen Partner.")) from None
        if places not in allowed:
            raise TextsRefused(text=german, reason=N_("Die Platzhalter in geschweiften Klammern sind andere."))
        if _MARKUP.search(form) or _CONTROL.search(form) or "\n" in form:
            raise TextsRefused(text=german, reason=N_("Sie enthält Auszeichnungen oder Steuerzeichen."))
        if len(form) > MAX_TEXT_CHARACTERS:
            raise TextsRefused(text=german, reason=N_("Sie ist zu lang."))


def _places(text: str) -> set[str]:
    found: set[str] = set()
    for _literal, name, spec, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(name)
        found.add(name)
    return found
