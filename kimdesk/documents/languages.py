"""The languages handouts are printed in, how their pages run, and where their dates come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import is_right_to_left

GERMAN = "de"
PLAIN_GERMAN = "de_simple"

Script = Literal["Latn", "Cyrl", "Arab", "Ethi"]


class UnknownHandoutLanguage(KnownError):
    """Nothing can be printed in this language."""

    default_message = N_("In der Sprache „{language}“ gibt es keine Vordrucke. Bitte wählen Sie eine von: {known}.")


@dataclass(frozen=True)
class HandoutLanguage:
    """A language of the handouts; `name` is German, `native_name` what its readers call it."""

    code: str
    name: str
    native_name: str
    script: Script = "Latn"
    locale: str = ""
    """The CLDR locale for dates and numbers, where it is not the code itself."""
    date_pattern: str = ""
    """The pattern of a date, where CLDR's own has the month or the year first: handouts are read in Germany."""
    fallback: str = ""
    """The language whose texts stand in where this one has none of its own; they count as translated."""

    @property
    def right_to_left(self) -> bool:
        """Whether pages in this language run from right to left."""
        return is_right_to_left(self.code)

    @property
    def is_german(self) -> bool:
        """Whether its readers read German: then a German text beside it needs no second column."""
        return self.code in (GERMAN, PLAIN_GERMAN)

    @property
    def cldr(self) -> str:
        """The CLDR locale."""
        return self.locale or self.code


# The order is that of need (DOMAIN.md § 10). CLDR has all of them; what it knows of ku, ckb, ps and ti is thin: the
# month names are there, the order of the parts is replaced (docs/decisions/024).
HANDOUT_LANGUAGES: dict[str, HandoutLanguage] = {
    language.code: language
    for language in (
        HandoutLanguage("de", N_("Deutsch"), "Deutsch"),
        HandoutLanguage("de_simple", N_("Leichte Sprache"), "Leichte Sprache", locale="de"),
        HandoutLanguage("en", N_("Englisch"), "English", locale="en_GB"),
        HandoutLanguage("uk", N_("Ukrainisch"), "Українська", "Cyrl"),
        HandoutLanguage("ar", N_("Arabisch"), "العربية", "Arab"),
        HandoutLanguage("fa", N_("Persisch (Farsi)"), "فارسی", "Arab"),
        HandoutLanguage("fa_AF", N_("Persisch (Dari)"), "دری", "Arab", fallback="fa"),
        HandoutLanguage("ku", N_("Kurdisch (Kurmandschi)"), "Kurmancî"),
        HandoutLanguage("ckb", N_("Kurdisch (Sorani)"), "کوردیی ناوەندی", "Arab", date_pattern="dی MMMMی y"),
        HandoutLanguage("tr", N_("Türkisch"), "Türkçe"),
        HandoutLanguage("ro", N_("Rumänisch"), "Română"),
        HandoutLanguage("bg", N_("Bulgarisch"), "Български", "Cyrl"),
        HandoutLanguage("ru", N_("Russisch"), "Русский", "Cyrl"),
        HandoutLanguage("ti", N_("Tigrinya"), "ትግርኛ", "Ethi", date_pattern="d MMMM y"),
        HandoutLanguage("sq", N_("Albanisch"), "Shqip"),
        HandoutLanguage("fr", N_("Französisch"), "Français"),
        HandoutLanguage("pl", N_("Polnisch"), "Polski"),
        HandoutLanguage("ps", N_("Paschtu"), "پښتو", "Arab", date_pattern="d MMMM y"),
    )
}


def handout_language(code: str) -> HandoutLanguage:
    """Return the language with this code. Raises `UnknownHandoutLanguage`."""
    try:
        return HANDOUT_LANGUAGES[code]
    except KeyError:
        raise UnknownHandoutLanguage(language=code, known=", ".join(HANDOUT_LANGUAGES)) from None


def page_languages(codes: Sequence[str], *, always_german: bool = False) -> list[tuple[HandoutLanguage, bool]]:
    """Return what a print in `codes` consists of: one part per language, and whether German stands beside it.

    German alone gives German pages; German together with others stands beside each of them; without German every
    language gets pages of its own. `always_german` is for texts of legal weight: German stands beside every other
    language, wanted or not. Raises `UnknownHandoutLanguage`, also for an empty choice.
    """
    chosen = [handout_language(code) for code in dict.fromkeys(codes)]
    if not chosen:
        raise UnknownHandoutLanguage(language="", known=", ".join(HANDOUT_LANGUAGES))
    foreign = [language for language in chosen if language.code != GERMAN]
    if not foreign:
        return [(HANDOUT_LANGUAGES[GERMAN], False)]
    return [(language, always_german or len(foreign) < len(chosen)) for language in foreign]
