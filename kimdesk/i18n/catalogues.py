"""The catalogues of the user interface.

German is the source language: a message id is the German sentence. The active language is the
one piece of ambient state in the program; `install` is called once, by the composition root.
"""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Any

from kimdesk.foundation.errors import KnownError, fill
from kimdesk.foundation.resources import translations_folder

SOURCE_LANGUAGE = "de"
DOMAIN = "kimdesk"


class _Active:
    language: str = SOURCE_LANGUAGE
    catalogue: gettext.NullTranslations = gettext.NullTranslations()


def load(domain: str, language_code: str, folder: Path | None = None) -> gettext.NullTranslations:
    """Return the compiled catalogue of `domain` in `language_code`; where there is none, one that gives the ids."""
    if language_code == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    place = (folder or translations_folder()) / language_code / "LC_MESSAGES" / f"{domain}.mo"
    if not place.is_file():
        return gettext.NullTranslations()
    with place.open("rb") as file:
        return gettext.GNUTranslations(file)


def install(language_code: str) -> None:
    """Make `language_code` ("de" or "en") the language of the user interface."""
    _Active.language = language_code
    _Active.catalogue = load(DOMAIN, language_code)


def language() -> str:
    """Return the code of the user interface's language."""
    return _Active.language


def _(message: str) -> str:
    """Return `message` in the user interface's language."""
    return _Active.catalogue.gettext(message) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the form for `number`; `singular` and `plural` are German."""
    return _Active.catalogue.ngettext(singular, plural, number)


def render_error(error: KnownError) -> str:
    """Return the one sentence that tells the user what happened and what to do."""
    parameters: dict[str, Any] = {
        name: _(value) if isinstance(value, str) else value for name, value in error.parameters.items()
    }
    return fill(_(error.message), parameters)
