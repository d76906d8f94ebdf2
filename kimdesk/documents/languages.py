"""The languages handouts are printed in, and whether a native speaker has reviewed the fixed texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import is_right_to_left

GERMAN = "de"


class UnknownHandoutLanguage(KnownError):
    """Nothing can be printed in this language."""

    default_message = N_("In der Sprache „{language}“ gibt es keine Vordrucke. Bitte wählen Sie eine von: {known}.")


@dataclass(frozen=True)
class HandoutLanguage:
    """A language of the handouts; `name` is German, `native_name` what its readers call it."""

    code: str
    name: str
    native_name: str
    reviewed: bool
    """Whether a native speaker has reviewed the fixed texts (catalogue ``handouts``)."""

    @property
    def right_to_left(self) -> bool:
        """Whether pages in this language run from right to left."""
        return is_right_to_left(self.code)


HANDOUT_LANGUAGES: dict[str, HandoutLanguage] = {
    language.code: language
    for language in (
        HandoutLanguage("de", N_("Deutsch"), "Deutsch", reviewed=True),
        HandoutLanguage("en", N_("Englisch"), "English", reviewed=False),
        HandoutLanguage("uk", N_("Ukrainisch"), "Українська", reviewed=False),
        HandoutLanguage("ar", N_("Arabisch"), "العربية", reviewed=False),
        HandoutLanguage("fa", N_("Persisch (Farsi)"), "فارسی", reviewed=False),
        HandoutLanguage("ti", N_("Tigrinya"), "ትግርኛ", reviewed=False),
        HandoutLanguage("tr", N_("Türkisch"), "Türkçe", reviewed=False),
    )
}


def handout_language(code: str) -> HandoutLanguage:
    """Return the language with this code. Raises `UnknownHandoutLanguage`."""
    try:
        return HANDOUT_LANGUAGES[code]
    except KeyError:
        raise UnknownHandoutLanguage(language=code, known=", ".join(HANDOUT_LANGUAGES)) from None


def page_languages(codes: Sequence[str]) -> list[tuple[HandoutLanguage, bool]]:
    """Return what a print in `codes` consists of: one part per language, and whether German stands beside it.

    German alone gives German pages; German together with others stands beside each of them; without German every
    language gets pages of its own. Raises `UnknownHandoutLanguage`, also for an empty choice.
    """
    chosen = [handout_language(code) for code in dict.fromkeys(codes)]
    if not chosen:
        raise UnknownHandoutLanguage(language="", known=", ".join(HANDOUT_LANGUAGES))
    foreign = [language for language in chosen if language.code != GERMAN]
    if not foreign:
        return [(HANDOUT_LANGUAGES[GERMAN], False)]
    return [(language, len(foreign) < len(chosen)) for language in foreign]
