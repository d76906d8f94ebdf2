"""Words about offers: languages, reasons of a match, places, ages."""

from __future__ import annotations

from collections.abc import Sequence

from kimdesk.documents.languages import HANDOUT_LANGUAGES
from kimdesk.i18n import _
from kimdesk.i18n.formats import locale_for
from kimdesk.offers.excerpt import MatchReason
from kimdesk.offers.fit import Misfit
from kimdesk.offers.model import OfferFacts, OfferStatus
from kimdesk.offers.times import OpenState
from kimdesk.offers.views import OfferHit

# Languages a counsellor asks for most; the list stays short enough to be read. Codes are ISO 639.
FREQUENT_LANGUAGES = (
    "ar",
    "bg",
    "de",
    "en",
    "fa",
    "fr",
    "ku",
    "pl",
    "ps",
    "ro",
    "ru",
    "so",
    "sq",
    "ti",
    "tr",
    "uk",
    "ur",
)


def language_name(code: str) -> str:
    """Return the name of a language in the language of the window; a code nobody knows stays as it stands."""
    if code == "de_simple":
        return _("Leichte Sprache")
    known = HANDOUT_LANGUAGES.get(code)
    return _(known.name) if known is not None else str(locale_for().languages.get(code, code))


def language_choices(codes: tuple[str, ...] = FREQUENT_LANGUAGES) -> list[tuple[str, str]]:
    """Return codes and names, by name."""
    return sorted(((code, language_name(code)) for code in codes), key=lambda pair: pair[1].casefold())


def why(hit: OfferHit) -> str:
    """Return in words why an offer was found."""
    found = hit.matched_words
    if hit.reason is MatchReason.TITLE and hit.title_ranges:
        found = tuple(dict.fromkeys(hit.title[start:end] for start, end in hit.title_ranges))
    words = ", ".join(found[:3])
    match hit.reason:
        case MatchReason.TITLE:
            text = _("Im Titel: {words}")
        case MatchReason.KEYWORDS:
            text = _("In Stichwörtern oder Anbieter: {words}")
        case MatchReason.TEXT:
            text = _("Im Text: {words}")
        case MatchReason.TRANSLATION:
            text = _("Übersetzt aus „{meant}“: {words}")
        case MatchReason.SYNONYM:
            text = _("Verwandt mit „{meant}“: {words}")
        case MatchReason.SPELLING:
            text = _("Ähnliche Schreibweise: {words}")
        case MatchReason.SIMILAR:
            return _("Ähnliche Wörter")
    return text.format(words=words, meant=hit.meant)


def misfit_words(misfits: Sequence[Misfit]) -> str:
    """Return in words why an offer does not suit a case, or nothing."""
    if not misfits:
        return ""
    return _("Passt nicht: {reasons}").format(reasons=", ".join(_misfit(one) for one in misfits))


def _misfit(misfit: Misfit) -> str:
    match misfit:
        case Misfit.COMMUNE:
            return _("gilt nicht für diese Kommune")
        case Misfit.STATUS:
            return _("nicht für diesen Aufenthaltsstatus")
        case Misfit.AGE:
            return _("nicht für dieses Alter")
        case Misfit.FULL:
            return _("zurzeit kein freier Platz")
        case Misfit.PAUSED:
            return _("ausgesetzt oder beendet")
        case Misfit.FUNDING:
            return _("Förderung abgelaufen")


def open_words(state: OpenState) -> str:
    """Return whether somebody can go there now, or nothing where that is not known."""
    match state:
        case OpenState.OPEN:
            return _("Jetzt geöffnet")
        case OpenState.BY_APPOINTMENT:
            return _("Jetzt nur mit Termin")
        case OpenState.CLOSED:
            return _("Jetzt geschlossen")
        case OpenState.HOLIDAY:
            return _("Heute Feiertag, vermutlich geschlossen")
        case OpenState.UNKNOWN:
            return ""


def status_word(status: OfferStatus) -> str:
    """Return what a counsellor must know about an offer that cannot be used now; nothing for an active one."""
    match status:
        case OfferStatus.ACTIVE:
            return ""
        case OfferStatus.PAUSED:
            return _("Zurzeit ausgesetzt")
        case OfferStatus.ENDED:
            return _("Beendet")


def ages(facts: OfferFacts) -> str:
    """Return for which ages an offer is, or nothing."""
    low, high = facts.minimum_age, facts.maximum_age
    if low is not None and high is not None:
        return _("{low} bis {high} Jahre").format(low=low, high=high)
    if low is not None:
        return _("ab {low} Jahren").format(low=low)
    return _("bis {high} Jahre").format(high=high) if high is not None else ""
