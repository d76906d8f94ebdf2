"""Dates and numbers as the reader's language writes them (CLDR through Babel)."""

from __future__ import annotations

from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.i18n.catalogues import _, language, ngettext

_CLDR_NAMES = {"de_simple": "de", "en": "en_GB", "fa_AF": "fa_AF", "ku": "ku"}


def locale_for(language_code: str | None = None) -> Locale:
    """Return the CLDR locale of `language_code`, by default of the user interface."""
    code = language_code or language()
    return Locale.parse(_CLDR_NAMES.get(code, code))


def short_date(day: date | None, language_code: str | None = None) -> str:
    """Return ``20.11.2026`` in German and the medium form elsewhere; an empty text for None."""
    if day is None:
        return ""
    code = language_code or language()
    if code in ("de", "de_simple"):
        return f"{day:%d.%m.%Y}"
    return format_date(day, "medium", locale=locale_for(code))


def long_date(day: date, language_code: str | None = None) -> str:
    """Return the date with its weekday, such as ``Freitag, 20. November 2026``."""
    return format_date(day, "full", locale=locale_for(language_code))


def moment(value: datetime, language_code: str | None = None) -> str:
    """Return a UTC moment as date and time of the office's zone."""
    local = value.astimezone(OFFICE_ZONE)
    if (language_code or language()) == "de":
        return f"{local:%d.%m.%Y, %H:%M}"
    return f"{short_date(local.date(), language_code)}, {format_time(local, 'short', locale=locale_for(language_code))}"


def number(value: int | float, language_code: str | None = None) -> str:
    """Return a number with the language's separators, at most one decimal place."""
    return format_decimal(value, format="#,##0.#", locale=locale_for(language_code))


def relative_day(day: date, today: date) -> str:
    """Return ``heute``, ``morgen``, ``in 3 Tagen`` or ``seit 3 Tagen`` for a deadline."""
    days = (day - today).days
    if days == 0:
        return _("heute")
    if days == 1:
        return _("morgen")
    if days == -1:
        return _("seit gestern")
    if days > 0:
        return ngettext("in {n} Tag", "in {n} Tagen", days).format(n=days)
    return ngettext("seit {n} Tag", "seit {n} Tagen", -days).format(n=-days)
