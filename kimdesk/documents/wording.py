"""The fixed texts of handouts in the language of a page, and texts that exist in some languages only."""

from __future__ import annotations

import datetime
import gettext
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from kimdesk.documents.languages import GERMAN, HANDOUT_LANGUAGES, PLAIN_GERMAN, HandoutLanguage
from kimdesk.documents.marks import H_, Counted, Day, Place, Plural, Words
from kimdesk.i18n import catalogues, formats

REVIEWED_CONTEXT, REVIEWED_MESSAGE = "kimdesk", "reviewed texts"
"""The entry of a compiled catalogue that lists which of its texts a native speaker has reviewed."""

PAGE_OF = H_("Seite {page} von {pages}")
ISSUED_ON = H_("Ausgegeben am {date}")
NOT_REVIEWED = H_("Diese Übersetzung wurde noch nicht von einer muttersprachlichen Person geprüft.")
ONLY_WITH_INTERPRETER = H_("Nur mit Sprachmittlung verwenden.")
# Übersetzung: A line at the foot of a page; texts not yet translated are printed in German after this mark.
MARKED_GERMAN = H_("[DE] = Dieser Text ist nur auf Deutsch vorhanden.")
GERMAN_GOVERNS = H_("Es gilt der deutsche Text. Die Übersetzung dient nur dem Verständnis.")
GERMAN_ONLY = H_("Nur auf Deutsch vorhanden")
OTHER_LANGUAGE_ONLY = H_("Nur in einer anderen Sprache vorhanden")
GERMAN_MARK = "[DE]"

_ISOLATE, _POP = "\u2068", "\u2069"
_LEFT_TO_RIGHT = "\u2066"
COMMAS = {"Arab": "،", "Ethi": "፣"}


def digest(message: str) -> str:
    """Return the short name of a message in the list of reviewed texts."""
    return hashlib.sha256(message.encode("utf-8")).hexdigest()[:10]


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
    stand_in = HANDOUT_LANGUAGES[language].fallback if language in HANDOUT_LANGUAGES else ""
    if stand_in in present:
        return Found(present[stand_in], language)
    if GERMAN in present:
        return Found(present[GERMAN], GERMAN, "" if language == PLAIN_GERMAN else GERMAN_ONLY)
    for code, text in present.items():
        return Found(text, code, OTHER_LANGUAGE_ONLY)
    return None


@dataclass(frozen=True)
class ImportedTexts:
    """Texts of one language that a native speaker reviewed and an office imported: translations by German text."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Translation:
    """What a catalogue says: the text, and whether it is a translation and one a native speaker has reviewed."""

    text: str
    translated: bool
    reviewed: bool


class Wording:
    """The handout texts of one language: imported ones first, then the program's, then those it falls back on."""

    def __init__(
        self, language: HandoutLanguage, imported: ImportedTexts | None = None, *, domain: str = "handouts"
    ) -> None:
        self.language = language
        self._vouched = domain != "handouts"
        self._imported = imported.texts if imported is not None else {}
        codes = [code for code in (language.code, language.fallback) if code]
        self._catalogues = [catalogues.load(domain, code) for code in codes]
        self._reviewed = [_reviewed(catalogue) for catalogue in self._catalogues]

    def look_up(self, message: str | Plural, n: int = 1) -> Translation:
        """Return what stands for a marked text; German where there is no translation."""
        one, many = (message.one, message.many) if isinstance(message, Plural) else (message, message)
        if self.language.code == GERMAN:
            return Translation(one if n == 1 else many, True, True)
        if forms := self._imported.get(one):
            number = self._plural_form(n) if isinstance(message, Plural) else 0
            return Translation(forms[min(number, len(forms) - 1)], True, True)
        for catalogue, reviewed in zip(self._catalogues, self._reviewed, strict=True):
            if _has(catalogue, one):
                text = catalogue.ngettext(one, many, n) if isinstance(message, Plural) else catalogue.gettext(one)
                return Translation(text, True, self._vouched or digest(one) in reviewed)
        return Translation(one if n == 1 else many, self.language.is_german, False)

    def forms(self, one: str) -> tuple[str, ...]:
        """Return the translations of the message `one`: a single one, or one per plural form; () if there is none."""
        if one in self._imported:
            return tuple(self._imported[one])
        for catalogue in self._catalogues:
            known: dict[str | tuple[str, int], str] = getattr(catalogue, "_catalog", {})
            if one in known:
                return (known[one],)
            numbered = [known[one, number] for number in range(6) if (one, number) in known]
            if numbered:
                return tuple(numbered)
        return ()

    def look_up_any(self, one: str) -> Translation:
        """Return what stands for the message whose German text, or first form of it, is `one`."""
        if one in self._imported:
            return Translation(self._imported[one][0], True, True)
        for catalogue, reviewed in zip(self._catalogues, self._reviewed, strict=True):
            if _has(catalogue, one):
                return Translation(one, True, digest(one) in reviewed)
        return Translation(one, False, False)

    def _plural_form(self, n: int) -> int:
        plural = getattr(self._catalogues[0], "plural", None)
        return int(plural(n)) if callable(plural) else int(n != 1)

    def text(self, words: Words) -> str:
        """Return a marked text in this language with its places filled, each of them isolated."""
        return self.translation(words).text

    def translation(self, words: Words) -> Translation:
        """Return the same with what is known about it."""
        if isinstance(words, str):
            return self.look_up(words)
        if isinstance(words, Counted):
            found = self.look_up(words.text, words.n)
            return Translation(found.text.format(n=words.n), found.translated, found.reviewed)
        found = self.look_up(words.message)
        # A text in German holds German dates.
        language = self if found.translated else wording_for(HANDOUT_LANGUAGES[GERMAN])
        places = {name: language.place(value) for name, value in words.places.items()}
        return Translation(found.text.format(**places), found.translated, found.reviewed)

    def place(self, value: Place) -> str:
        """Return a value as this language writes it, in an isolate."""
        match value:
            case Counted():
                return self.text(value)
            case Day():
                return f"{_ISOLATE}{self.day(value.date)}{_POP}"
            case date():
                return f"{_ISOLATE}{self.date(value)}{_POP}"
            case time():
                return self.clock(value)
            case int():
                return str(value)
            case _:
                return f"{_ISOLATE}{value}{_POP}"

    def date(self, day: datetime.date) -> str:
        """Return the day as the language writes it, in Western digits as on German letters and signs."""
        if self.language.is_german:
            return formats.short_date(day, GERMAN)
        return format_date(day, self.language.date_pattern or "long", locale=Locale.parse(self.language.cldr))

    def day(self, day: datetime.date) -> str:
        """Return the day with its weekday first; the parts keep their order whatever stands around them."""
        weekday = format_date(day, "EEEE", locale=Locale.parse(self.language.cldr))
        return f"{weekday}{COMMAS.get(self.language.script, ',')} {self.date(day)}"

    def clock(self, moment: time) -> str:
        """Return ``14:30``, isolated: every language of the handouts reads the 24 hours of German offices."""
        return f"{_LEFT_TO_RIGHT}{moment:%H:%M}{_POP}"

    def language_name(self, code: str) -> str:
        """Return the name of the language `code` (such as ``"ar"``, ``"de"``); what is no code stays as it is."""
        try:
            name = Locale.parse(code.replace("-", "_")).get_display_name(Locale.parse(self.language.cldr))
        except (UnknownLocaleError, ValueError):
            return code
        return name[:1].upper() + name[1:] if name else code

    @property
    def reviewed(self) -> bool:
        """Whether a native speaker has reviewed the sentence every page of the language carries."""
        return self.look_up(PAGE_OF).reviewed


def _has(catalogue: gettext.NullTranslations, message: str) -> bool:
    known = getattr(catalogue, "_catalog", {})
    return bool(known.get(message) or known.get((message, 0)))


def _reviewed(catalogue: gettext.NullTranslations) -> frozenset[str]:
    listed = catalogue.pgettext(REVIEWED_CONTEXT, REVIEWED_MESSAGE)
    return frozenset() if listed == REVIEWED_MESSAGE else frozenset(listed.split())


@cache
def wording_for(language: HandoutLanguage) -> Wording:
    """Return the program's texts of a language, loaded once."""
    return Wording(language)


class HandoutTexts:
    """The texts of all languages as one office has them: with what it imported."""

    def __init__(self, imported: Mapping[str, ImportedTexts] | None = None) -> None:
        """`imported` holds reviewed texts by language code."""
        self._imported = dict(imported or {})
        self._wordings: dict[str, Wording] = {}

    def wording(self, language: HandoutLanguage) -> Wording:
        """Return the texts of `language`."""
        if language.code not in self._imported:
            return wording_for(language)
        if language.code not in self._wordings:
            self._wordings[language.code] = Wording(language, self._imported[language.code])
        return self._wordings[language.code]


PROGRAM_TEXTS = HandoutTexts()
"""The texts as the program brings them."""


class OfficeTexts(HandoutTexts):
    """The texts of papers for offices: those of the user interface, which need no review note."""

    def wording(self, language: HandoutLanguage) -> Wording:
        if language.code not in self._wordings:
            self._wordings[language.code] = _OfficeWording(language)
        return self._wordings[language.code]


class _OfficeWording(Wording):
    """The user interface's texts; what stands on every page comes from the handouts."""

    def __init__(self, language: HandoutLanguage) -> None:
        super().__init__(language, domain="kimdesk")
        self._common = wording_for(language)

    def look_up(self, message: str | Plural, n: int = 1) -> Translation:
        found = super().look_up(message, n)
        return found if found.translated else self._common.look_up(message, n)
