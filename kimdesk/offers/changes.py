"""Says in which fields a new version of an offer differs from the one there is."""

from __future__ import annotations

from dataclasses import fields

from kimdesk.foundation.errors import N_
from kimdesk.offers.model import Offer, OfferFacts, OfferText

FIELD_WORDS = {
    "title": N_("Titel"),
    "summary": N_("Kurzfassung"),
    "text": N_("Beschreibung"),
    "access_requirements": N_("Zugangsvoraussetzungen"),
    "keywords": N_("Stichwörter"),
    "category": N_("Rubrik"),
    "translation": N_("Übersetzung"),
    "organisation": N_("Anbieter"),
    "status": N_("Zustand des Angebots"),
    "sites": N_("Orte"),
    "phones": N_("Telefon"),
    "emails": N_("E-Mail"),
    "web": N_("Internet"),
    "links": N_("Internet"),
    "contacts": N_("Ansprechperson"),
    "schedules": N_("Öffnungszeiten"),
    "closures": N_("Schließzeiten"),
    "closed_on_holidays": N_("Schließzeiten"),
    "by_appointment": N_("Nur mit Termin"),
    "cost": N_("Kosten"),
    "cost_options": N_("Kosten"),
    "languages": N_("Sprachen vor Ort"),
    "interpreting": N_("Sprachmittlung"),
    "application": N_("Anmeldung"),
    "required_documents": N_("Mitzubringen"),
    "minimum_age": N_("Alter ab"),
    "maximum_age": N_("Alter bis"),
    "genders": N_("Geschlecht"),
    "language_level_from": N_("Sprachniveau ab"),
    "language_level_to": N_("Sprachniveau bis"),
    "communes": N_("Kommunen"),
    "reach": N_("Kommunen"),
    "life_areas": N_("Lebensbereiche"),
    "legal_domains": N_("Rechtskreise"),
    "domain_bound": N_("Rechtskreisgebunden"),
    "admitted_statuses": N_("Aufenthaltsstatus"),
    "places": N_("Freie Plätze"),
    "capacity": N_("Plätze insgesamt"),
    "waiting_time": N_("Wartezeit"),
    "waiting_weeks": N_("Wartezeit"),
    "childcare": N_("Kinderbetreuung"),
    "accessibility": N_("Barrierefreiheit"),
    "access_features": N_("Barrierefreiheit"),
    "alert": N_("Aktueller Hinweis"),
    "funding": N_("Förderung"),
    "funding_end": N_("Förderung bis"),
    "last_verified": N_("Zuletzt geprüft"),
    "extra": N_("Weitere Angaben"),
}
"""German names of what can differ."""


def changed_fields(before: Offer, after: Offer) -> tuple[str, ...]:
    """Return the names (keys of `FIELD_WORDS`) of what `after` says differently, each once.

    `after` may hold one language only: the texts of others stay as they are.
    """
    found: dict[str, None] = {}
    old = before.all_texts()
    for language, text in after.all_texts().items():
        if language not in old:
            found["translation"] = None
        elif language == before.language:
            found.update(dict.fromkeys(_differing(OfferText, old[language], text)))
        elif old[language] != text:
            found["translation"] = None
    if after.language in (before.language, "de"):
        found.update(dict.fromkeys(_differing(OfferFacts, before.facts, after.facts)))
    return tuple(found)


def _differing(kind: type[OfferText] | type[OfferFacts], before: object, after: object) -> list[str]:
    return [one.name for one in fields(kind) if getattr(before, one.name) != getattr(after, one.name)]
