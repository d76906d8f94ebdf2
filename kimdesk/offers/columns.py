"""What a column of a table can mean, and the guess from its heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from kimdesk.foundation.errors import N_
from kimdesk.offers.folding import fold


class Column(StrEnum):
    """A field of an offer that a table can bring; the order is that of an export."""

    KEY = "key"
    TITLE = "title"
    PROVIDER = "provider"
    SUMMARY = "summary"
    TEXT = "text"
    ACCESS_REQUIREMENTS = "access_requirements"
    STATUS = "status"
    LIFE_AREAS = "life_areas"
    LEGAL_DOMAINS = "legal_domains"
    DOMAIN_BOUND = "domain_bound"
    ADMITTED_STATUSES = "admitted_statuses"
    COMMUNES = "communes"
    PLACE = "place"
    STREET = "street"
    POSTAL_CODE = "postal_code"
    CITY = "city"
    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"
    CONTACT = "contact"
    OPENING_HOURS = "opening_hours"
    BY_APPOINTMENT = "by_appointment"
    COST = "cost"
    LANGUAGES = "languages"
    INTERPRETING = "interpreting"
    APPLICATION = "application"
    REQUIRED_DOCUMENTS = "required_documents"
    MINIMUM_AGE = "minimum_age"
    MAXIMUM_AGE = "maximum_age"
    GENDERS = "genders"
    LEVEL_FROM = "language_level_from"
    LEVEL_TO = "language_level_to"
    PLACES = "places"
    CAPACITY = "capacity"
    WAITING_TIME = "waiting_time"
    CHILDCARE = "childcare"
    ACCESSIBILITY = "accessibility"
    FUNDING_END = "funding_end"
    LAST_VERIFIED = "last_verified"
    KEYWORDS = "keywords"
    ALERT = "alert"


COLUMN_NAMES: Mapping[Column, str] = {
    Column.KEY: N_("Kennung"),
    Column.TITLE: N_("Titel"),
    Column.PROVIDER: N_("Anbieter"),
    Column.SUMMARY: N_("Kurzfassung"),
    Column.TEXT: N_("Beschreibung"),
    Column.ACCESS_REQUIREMENTS: N_("Zugangsvoraussetzungen"),
    Column.STATUS: N_("Zustand des Angebots"),
    Column.LIFE_AREAS: N_("Lebensbereiche"),
    Column.LEGAL_DOMAINS: N_("Rechtskreise"),
    Column.DOMAIN_BOUND: N_("Rechtskreisgebunden"),
    Column.ADMITTED_STATUSES: N_("Aufenthaltsstatus"),
    Column.COMMUNES: N_("Kommunen"),
    Column.PLACE: N_("Name des Orts"),
    Column.STREET: N_("Straße und Hausnummer"),
    Column.POSTAL_CODE: N_("Postleitzahl"),
    Column.CITY: N_("Ort"),
    Column.PHONE: N_("Telefon"),
    Column.EMAIL: N_("E-Mail"),
    Column.WEB: N_("Internet"),
    Column.CONTACT: N_("Ansprechperson"),
    Column.OPENING_HOURS: N_("Öffnungszeiten"),
    Column.BY_APPOINTMENT: N_("Nur mit Termin"),
    Column.COST: N_("Kosten"),
    Column.LANGUAGES: N_("Sprachen vor Ort"),
    Column.INTERPRETING: N_("Sprachmittlung"),
    Column.APPLICATION: N_("Anmeldung"),
    Column.REQUIRED_DOCUMENTS: N_("Mitzubringen"),
    Column.MINIMUM_AGE: N_("Alter ab"),
    Column.MAXIMUM_AGE: N_("Alter bis"),
    Column.GENDERS: N_("Geschlecht"),
    Column.LEVEL_FROM: N_("Sprachniveau ab"),
    Column.LEVEL_TO: N_("Sprachniveau bis"),
    Column.PLACES: N_("Freie Plätze"),
    Column.CAPACITY: N_("Plätze insgesamt"),
    Column.WAITING_TIME: N_("Wartezeit"),
    Column.CHILDCARE: N_("Kinderbetreuung"),
    Column.ACCESSIBILITY: N_("Barrierefreiheit"),
    Column.FUNDING_END: N_("Förderung bis"),
    Column.LAST_VERIFIED: N_("Zuletzt geprüft"),
    Column.KEYWORDS: N_("Stichwörter"),
    Column.ALERT: N_("Aktueller Hinweis"),
}
"""German headings, the ones an export writes."""

_WORDS: Mapping[Column, str] = {
    Column.KEY: "id nummer nr schluessel key kennzeichen",
    Column.TITLE: "angebot angebotsname bezeichnung name des angebots titel title name massnahme projekt kurs",
    Column.PROVIDER: "traeger anbieterin organisation einrichtung institution provider organization veranstalter",
    Column.SUMMARY: "kurzbeschreibung zusammenfassung kurztext summary",
    Column.TEXT: "beschreibung inhalt text description langtext angebotsbeschreibung details",
    Column.ACCESS_REQUIREMENTS: "voraussetzung voraussetzungen zugang zielgruppe eligibility teilnahmevoraussetzungen",
    Column.STATUS: "status aktiv zustand",
    Column.LIFE_AREAS: "lebensbereich thema themen bereich themenfeld kategorie category handlungsfeld",
    Column.LEGAL_DOMAINS: "rechtskreis rechtsgrundlage sgb gesetz",
    Column.DOMAIN_BOUND: "gebunden",
    Column.ADMITTED_STATUSES: "aufenthaltstitel aufenthalt zugelassener status",
    Column.COMMUNES: "kommune gemeinde gemeinden stadt/gemeinde einzugsgebiet gebiet ags gilt fuer zustaendigkeit",
    Column.PLACE: "gebaeude standort veranstaltungsort treffpunkt",
    Column.STREET: "strasse strasse/hausnummer anschrift adresse street address",
    Column.POSTAL_CODE: "plz postleitzahl zip postcode",
    Column.CITY: "stadt wohnort city town",
    Column.PHONE: "telefonnummer tel tel. fon rufnummer phone telefon",
    Column.EMAIL: "mail e-mail-adresse mailadresse email",
    Column.WEB: "webseite website homepage url link internetseite www",
    Column.CONTACT: "kontakt ansprechpartner ansprechpartnerin ansprechpartner/in kontaktperson contact",
    Column.OPENING_HOURS: "sprechzeiten sprechstunde zeiten oeffnungszeit termine uhrzeit opening hours",
    Column.BY_APPOINTMENT: "terminpflicht mit termin nur nach vereinbarung",
    Column.COST: "kosten preis gebuehr gebuehren beitrag entgelt cost fees",
    Column.LANGUAGES: "sprachen sprache beratungssprachen languages",
    Column.INTERPRETING: "dolmetschen dolmetscher sprachmittler",
    Column.APPLICATION: "anmeldeverfahren anmelden so geht's application",
    Column.REQUIRED_DOCUMENTS: "unterlagen dokumente erforderliche unterlagen nachweise documents",
    Column.MINIMUM_AGE: "mindestalter alter von min. alter",
    Column.MAXIMUM_AGE: "hoechstalter max. alter",
    Column.GENDERS: "geschlechter gender",
    Column.LEVEL_FROM: "sprachniveau niveau deutschkenntnisse eingangsniveau",
    Column.LEVEL_TO: "zielniveau",
    Column.PLACES: "freie plaetze plaetze frei verfuegbare plaetze",
    Column.CAPACITY: "plaetze kapazitaet platzzahl teilnehmerzahl",
    Column.WAITING_TIME: "warteliste wartedauer",
    Column.CHILDCARE: "kinderbetreuung kita betreuung",
    Column.ACCESSIBILITY: "barrierefrei rollstuhlgerecht zugaenglichkeit",
    Column.FUNDING_END: "foerderende befristet bis laufzeit bis projektende",
    Column.LAST_VERIFIED: "geprueft am stand aktualisiert am zuletzt aktualisiert letzte pruefung",
    Column.KEYWORDS: "schlagworte schlagwoerter stichworte tags keywords",
    Column.ALERT: "hinweis aktuelles",
}
"""Folded words a heading may use instead, as found in lists of offers; phrases are recognised whole."""


def guess_columns(heading: Sequence[str], remembered: Mapping[str, str] | None = None) -> tuple[Column | None, ...]:
    """Return for each heading the field it means, each field once; None where nothing fits.

    `remembered` maps folded headings to fields chosen before ("" for: leave out); it wins over any guess.
    """
    plain = [" ".join(fold(name).replace("*", " ").split()) for name in heading]
    known = remembered or {}
    chosen: list[Column | None] = [_column(known.get(name, "")) for name in plain]
    taken = {column for column in chosen if column is not None}
    for fits in (_same_name, _same_word, _begins_with):
        for index, name in enumerate(plain):
            if chosen[index] is None and name and name not in known:
                found = next((column for column in Column if column not in taken and fits(column, name)), None)
                if found is not None:
                    chosen[index] = found
                    taken.add(found)
    return tuple(chosen)


def remembered_columns(heading: Sequence[str], chosen: Sequence[Column | None]) -> dict[str, str]:
    """Return what is to be remembered of a mapping, for `guess_columns`."""
    names = [" ".join(fold(name).replace("*", " ").split()) for name in heading]
    return {
        name: column.value if column is not None else "" for name, column in zip(names, chosen, strict=True) if name
    }


def _column(value: str) -> Column | None:
    return Column(value) if value in set(Column) else None


def _same_name(column: Column, name: str) -> bool:
    return name in (fold(COLUMN_NAMES[column]), column.value, column.value.replace("_", " "))


def _same_word(column: Column, name: str) -> bool:
    words = f" {_WORDS[column]} "
    return f" {name} " in words


def _begins_with(column: Column, name: str) -> bool:
    first = name.split()[0].rstrip(":.")
    return len(first) > 3 and first in (*_WORDS[column].split(), fold(COLUMN_NAMES[column]).split()[0])
