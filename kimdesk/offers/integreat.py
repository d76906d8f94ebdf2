"""Reads Integreat's `pages` API answer.

An Integreat `id` belongs to one translation and can be null; a page is recognised by its `path`, and
`available_languages` names the paths of its translations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from kimdesk.foundation.errors import N_
from kimdesk.offers.contacts import find_emails, find_phones, find_web_addresses
from kimdesk.offers.errors import OfferFileError, RecordError
from kimdesk.offers.model import SOURCE_LANGUAGE, Offer, OfferFacts, OfferSource, OfferText
from kimdesk.offers.parts import Organisation
from kimdesk.offers.plain_text import clean_line, first_sentences, html_to_text
from kimdesk.offers.report import ReadResult, Refusal

MAXIMUM_TEXT = 300_000
MAXIMUM_TITLE = 400
MAXIMUM_PATH = 2_000
# Integreat's own codes where they differ from the ones of our catalogues.
_CODES = {"de-si": "de_simple", "fa-af": "fa_AF", "prs": "fa_AF", "kmr": "ku", "ckb": "ckb"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?", re.IGNORECASE)
# A closing line of keywords, as many editors of Integreat write it for the app's own search.
_KEYWORDS = re.compile(r"(?im)^\W*(?:schlagworte|schlagwörter|stichworte|stichwörter|keywords|tags)\s*:\s*(.+)$")


def language_code(code: str) -> str:
    """Return this program's code for Integreat's `code` (``de-si`` is Leichte Sprache)."""
    return _CODES.get(code.lower(), code.replace("-", "_"))


def read_integreat(value: Any, language: str | None = None, new_id: Callable[[], UUID] = uuid4) -> ReadResult:
    """Return the offers in `value`, the parsed JSON of a `pages` answer.

    `language` counts only for pages whose path names none. Raises `OfferFileError` when this is no such answer.
    """
    pages = _pages(value)
    titles = {
        page["path"]: clean_line(unescape(page["title"]))
        for page in pages
        if isinstance(page, dict) and isinstance(page.get("path"), str) and isinstance(page.get("title"), str)
    }
    parents = {page["path"]: path_of(page.get("parent")) for page in pages if _has_path(page)}
    offers: list[Offer] = []
    empty: list[str] = []
    refused: list[Refusal] = []
    seen: set[str] = set()
    for number, page in enumerate(pages, start=1):
        name = record_name(page, number)
        try:
            offer = _offer(page, language, new_id, _breadcrumbs(page, titles, parents))
            if offer.source_key in seen:
                raise RecordError(N_("Diese Seite steht mehrfach in der Datei; die erste wurde übernommen."))
            seen.add(offer.source_key)
        except RecordError as error:
            refused.append(Refusal(name, error.reason, error.parameters))
            continue
        if offer.text.text:
            offers.append(offer)
        else:
            empty.append(name)
    return ReadResult(tuple(offers), tuple(empty), tuple(refused))


def _pages(value: Any) -> list[Any]:
    if isinstance(value, dict) and ("contents" in value or "organization" in value or "service_at_locations" in value):
        raise OfferFileError(
            N_("Diese Datei ist im Format HSDS, nicht Integreat. Bitte wählen Sie beim Import das Format „hsds“.")
        )
    if not isinstance(value, list):
        raise OfferFileError(
            N_("Diese Datei enthält keine Integreat-Seiten. Bitte wählen Sie die Antwort der Schnittstelle „pages“.")
        )
    records = [page for page in value if isinstance(page, dict)]
    if value and not any("path" in page and "content" in page for page in records):
        if any("name" in page for page in records):
            raise OfferFileError(
                N_("Diese Datei ist im Format HSDS, nicht Integreat. Bitte wählen Sie beim Import das Format „hsds“.")
            )
        raise OfferFileError(
            N_("Diese Datei enthält keine Integreat-Seiten. Bitte wählen Sie die Antwort der Schnittstelle „pages“.")
        )
    if records and all("location" in page and "available_languages" in page for page in records):
        raise OfferFileError(
            N_("Diese Datei enthält Orte, keine Seiten. Bitte wählen Sie das Format „integreat-locations“.")
        )
    return value


def _offer(page: Any, language: str | None, new_id: Callable[[], UUID], category: tuple[str, ...]) -> Offer:
    if not isinstance(page, dict):
        raise RecordError(N_("Der Eintrag ist keine Seite."))
    path = text(page, "path")
    if not path.strip() or len(path) > MAXIMUM_PATH:
        raise RecordError(N_("Der Seite fehlt ein brauchbarer Pfad, an dem sie wiedererkannt wird."))
    heading, markup = text(page, "title"), text(page, "content")
    if len(markup) > MAXIMUM_TEXT:
        raise RecordError(N_("Der Text ist länger als erlaubt ({limit} Zeichen)."), limit=str(MAXIMUM_TEXT))
    title, body = clean_line(html_to_text(heading[: MAXIMUM_TITLE * 2])), html_to_text(markup)
    if not title or len(title) > MAXIMUM_TITLE:
        raise RecordError(N_("Die Seite hat keinen brauchbaren Titel."))
    body, keywords = _split_keywords(body)
    return Offer(
        id=new_id(),
        source=OfferSource.INTEGREAT,
        source_key=path,
        external_id=identifier(page) or path,
        language=language_of(path) or (language_code(language) if language else SOURCE_LANGUAGE),
        text=OfferText(title, first_sentences(body), body, keywords=keywords, category=category),
        facts=OfferFacts(
            organisation=Organisation(provider(page)),
            phones=find_phones(body),
            emails=find_emails(body),
            web=find_web_addresses(body),
        ),
        linked_keys=linked(page),
        collection=region(path),
    )


def text(page: Mapping[str, Any], name: str) -> str:
    """Return the field as text, empty where there is none; raises `RecordError` for anything else."""
    value = page.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError(N_("Das Feld „{field}“ enthält keinen Text."), field=name)
    return value


def identifier(page: Mapping[str, Any]) -> str:
    """Return the id as text; it belongs to one translation and can be missing."""
    value = page.get("id")
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise RecordError(N_("Das Feld „{field}“ ist keine Zahl."), field="id")
    return str(value)[:200]


def provider(page: Mapping[str, Any]) -> str:
    """Return the name of the organisation."""
    organization = page.get("organization")
    if isinstance(organization, dict) and isinstance(organization.get("name"), str):
        return clean_line(organization["name"])[:MAXIMUM_TITLE]
    return ""


def linked(page: Mapping[str, Any]) -> dict[str, str]:
    """Return the paths of the translations by language."""
    available = page.get("available_languages") or {}
    if not isinstance(available, dict):
        raise RecordError(N_("Das Feld „{field}“ hat die falsche Form."), field="available_languages")
    return {language_code(code): path for code, entry in available.items() if (path := path_of(entry))}


def language_of(path: str) -> str:
    """Return the language in a path of the form ``/region/language/…``, or nothing."""
    parts = [part for part in path.split("/") if part]
    if len(parts) >= 2 and _LANGUAGE.fullmatch(parts[1]):
        return language_code(parts[1])
    return ""


def region(path: str) -> str:
    """Return the region an Integreat path begins with."""
    return next((part for part in path.split("/") if part), "")


def _split_keywords(body: str) -> tuple[str, tuple[str, ...]]:
    match = _KEYWORDS.search(body)
    if match is None:
        return body, ()
    words = tuple(dict.fromkeys(word.strip(" .") for word in re.split(r"[,;]", match.group(1)) if word.strip(" .")))
    rest = (body[: match.start()].rstrip() + "\n\n" + body[match.end() :].lstrip()).strip()
    return rest, words


def _has_path(page: Any) -> bool:
    return isinstance(page, dict) and isinstance(page.get("path"), str)


def path_of(entry: Any) -> str:
    """Return the path in a reference to another page, or nothing."""
    if isinstance(entry, dict) and isinstance(entry.get("path"), str):
        path: str = entry["path"]
        return path if 0 < len(path) <= MAXIMUM_PATH else ""
    return ""


def _breadcrumbs(page: Any, titles: Mapping[str, str], parents: Mapping[str, str]) -> tuple[str, ...]:
    """Return the titles of the pages above, outermost first; stops at a circle."""
    crumbs: list[str] = []
    visited: set[str] = set()
    path = path_of(page.get("parent")) if isinstance(page, dict) else ""
    while path and path in titles and path not in visited and len(crumbs) < 12:
        visited.add(path)
        crumbs.append(titles[path])
        path = parents.get(path, "")
    return tuple(reversed(crumbs))


def record_name(page: Any, number: int) -> str:
    """Return what a report calls the record."""
    if isinstance(page, dict):
        for name in ("path", "title", "id"):
            value = page.get(name)
            if isinstance(value, (str, int)) and str(value).strip():
                return clean_line(str(value))[:200]
    return f"#{number}"
