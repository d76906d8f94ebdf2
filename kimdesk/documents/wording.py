"""The fixed texts of handouts in the language of a page, and texts that exist in some languages only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from kimdesk.documents.languages import GERMAN, HandoutLanguage
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import catalogues, formats

_PROBE = "Seite {page} von {pages}"
# Handouts are read in Germany: the day comes before the month.
_DATE_LOCALES = {"en": "en_GB"}
_DATE_PATTERNS = {"ti": "d MMMM y"}  # CLDR has no Tigrinya pattern of its own and takes the American order


class HandoutTextsMissing(KnownError):
    """The compiled catalogue of a language is not part of this installation."""

    default_message = N_(
        "Die Vordruck-Texte für die Sprache „{language}“ fehlen. Bitte lassen Sie das Programm neu installieren."
    )


def H_(message: str) -> str:  # noqa: N802 - the name the extraction of the handout texts knows
    """Mark a text of the catalogue domain ``handouts``; returns it unchanged."""
    return message


PAGE_OF = H_("Seite {page} von {pages}")
ISSUED_ON = H_("Ausgegeben am {date}")
NOT_REVIEWED = H_("Diese Übersetzung wurde noch nicht von einer muttersprachlichen Person geprüft.")
GERMAN_ONLY = H_("Nur auf Deutsch vorhanden")
OTHER_LANGUAGE_ONLY = H_("Nur in einer anderen Sprache vorhanden")


@dataclass(frozen=True)
class Found:
    """A text in the best language there is; `note` is the message id to print beside it, empty if none is due."""

    text: str
    language: str
    note: str = ""


def best_text(texts: Mapping[str, str], language: str) -> Found | None:
    """Return the text in `language`, else in German, else in any other, with the note that says so; None if empty."""
    present = {code: text for code, text in texts.items() if text.strip()}
    if language in present:
        return Found(present[language], language)
    if GERMAN in present:
        return Found(present[GERMAN], GERMAN, GERMAN_ONLY)
    for code, text in present.items():
        return Found(text, code, OTHER_LANGUAGE_ONLY)
    return None


class Wording:
    """The handout texts of one language."""

    def __init__(self, language: HandoutLanguage) -> None:
        """Load the catalogue. Raises `HandoutTextsMissing`: German labels must not pass for a translation."""
        self.language = language
        self._catalogue = catalogues.load("handouts", language.code)
        if language.code != GERMAN and self._catalogue.gettext(_PROBE) == _PROBE:
            raise HandoutTextsMissing(language=language.code)

    def text(self, message: str) -> str:
        """Return `message` (a German text marked with `H_`) in this language."""
        return self._catalogue.gettext(message)

    def date(self, day: date) -> str:
        """Return the day as the language writes it, in Western digits as on German letters and signs."""
        if self.language.code == GERMAN:
            return formats.short_date(day, GERMAN)
        code = _DATE_LOCALES.get(self.language.code, self.language.code)
        return format_date(day, _DATE_PATTERNS.get(code, "long"), locale=Locale.parse(code))

    def language_name(self, code: str) -> str:
        """Return the name of the language `code` (such as ``"ar"``, ``"de"``); what is no code stays as it is."""
        try:
            name = Locale.parse(code.replace("-", "_")).get_display_name(formats.locale_for(self.language.code))
        except (UnknownLocaleError, ValueError):
            return code
        return name[:1].upper() + name[1:] if name else code


@cache
def wording_for(language: HandoutLanguage) -> Wording:
    """Return the texts of a language, loaded once."""
    return Wording(language)
