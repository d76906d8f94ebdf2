"""The vocabulary under which an export says in HSDS attributes what HSDS has no field for.

Documented for other programs in docs/administration/angebote-austausch.md. An attribute of ours has a
``taxonomy_term`` whose ``taxonomy`` is `TAXONOMY`; the term's code says what it is, `value` holds the value and
`label` the language of a translation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kimdesk.offers.hsds_values import Record, made_id

TAXONOMY = "kimdesk-offers-1"

TERMS: Mapping[str, str] = {
    "source": "Herkunft des Datensatzes",
    "source-key": "Kennung in der Herkunft",
    "external-id": "Nummer in der Herkunft",
    "collection": "Bestand, aus dem der Datensatz stammt",
    "language": "Sprache der Texte",
    "linked-key": "Kennung der Übersetzung in der Herkunft",
    "summary": "Kurzfassung",
    "keyword": "Stichwort",
    "category": "Rubrik",
    "translation.title": "Übersetzung: Titel",
    "translation.summary": "Übersetzung: Kurzfassung",
    "translation.text": "Übersetzung: Beschreibung",
    "translation.access": "Übersetzung: Zugangsvoraussetzungen",
    "translation.keyword": "Übersetzung: Stichwort",
    "translation.category": "Übersetzung: Rubrik",
    "email": "Weitere E-Mail-Adresse",
    "by-appointment": "Nur mit Termin",
    "closure": "Schließzeit",
    "closed-on-holidays": "An Feiertagen geschlossen",
    "gender": "Zugelassenes Geschlecht",
    "language-level-from": "Sprachniveau ab",
    "language-level-to": "Sprachniveau bis",
    "life-area": "Lebensbereich",
    "legal-domain": "Rechtskreis",
    "domain-bound": "Rechtskreisgebunden",
    "admitted-status": "Zugelassener Aufenthaltsstatus",
    "capacity": "Plätze insgesamt",
    "waiting-weeks": "Wartezeit in Wochen",
    "childcare": "Kinderbetreuung",
    "accessibility": "Barrierefreiheit",
    "access-feature": "Merkmal der Barrierefreiheit",
    "funding-end": "Ende der Förderung",
    "key": "Kennung in der Herkunft",
}
"""Every code of the vocabulary with its German name."""


def attribute(path: str, code: str, value: str, label: str = "") -> Record:
    """Return the attribute that says `value` under `code`; `path` makes its id."""
    term = {
        "id": made_id(f"{TAXONOMY}/{code}"),
        "code": code,
        "name": TERMS[code],
        "description": TERMS[code],
        "taxonomy": TAXONOMY,
        "language": "de",
    }
    written: Record = {
        "id": made_id(f"{path}/attributes/{code}/{label}/{value}"),
        "value": value,
        "taxonomy_term": term,
    }
    if label:
        written["label"] = label
    return written


def own_attributes(entries: Iterable[Mapping[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """Return value and label of every attribute of this vocabulary, by code, in their order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        if is_own(entry):
            code, value, label = entry["taxonomy_term"].get("code"), entry.get("value"), entry.get("label")
            if isinstance(code, str) and isinstance(value, str):
                found.setdefault(code, []).append((value, label if isinstance(label, str) else ""))
    return found


def is_own(entry: Mapping[str, Any]) -> bool:
    """Return whether an attribute belongs to this vocabulary."""
    term = entry.get("taxonomy_term")
    return isinstance(term, dict) and term.get("taxonomy") == TAXONOMY
