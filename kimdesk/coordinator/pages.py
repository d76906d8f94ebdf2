"""Turns what the dashboard knows into HTML."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kimdesk.coordinator.charts import bar, scale, spark_line, trend_chart
from kimdesk.coordinator.office import Office
from kimdesk.coordinator.people import Role
from kimdesk.coordinator.sums import LaptopState
from kimdesk.domain.issue_bands import band_label
from kimdesk.domain.vocabulary import label
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import _, language, ngettext, render_error
from kimdesk.i18n.formats import moment, number, short_date

if TYPE_CHECKING:
    from kimdesk.coordinator.session import Visit

_STATE_WORDS = {
    LaptopState.CURRENT: N_("aktuell"),
    LaptopState.OLDER: N_("älterer Stand"),
    LaptopState.MISSING: N_("fehlt"),
    LaptopState.INVITED: N_("eingeladen, noch nicht angemeldet"),
    LaptopState.REVOKED: N_("abgemeldet"),
}
_ROLE_WORDS = {
    Role.ADMIN: N_("Verwaltung"),
    Role.ANALYST: N_("Auswertung"),
}
_ACTION_WORDS = {
    "created": N_("Dienst eingerichtet"),
    "invited": N_("Einladung erstellt"),
    "enrolled": N_("Laptop angemeldet"),
    "replaced": N_("Laptop ersetzt"),
    "revoked": N_("Laptop abgemeldet"),
    "placed": N_("Ort des Laptops geändert"),
    "received": N_("Sendung angenommen"),
    "held back": N_("Sendung zurückgehalten"),
    "settled": N_("Zurückgehaltene Sendung geklärt"),
    "login": N_("Anmeldung"),
    "user added": N_("Benutzerin oder Benutzer angelegt"),
    "user reset": N_("Neue Passphrase vergeben"),
    "user removed": N_("Benutzerin oder Benutzer entfernt"),
    "exported": N_("Zahlen ausgegeben"),
    "issue moved": N_("Strukturmeldung bewegt"),
    "offers published": N_("Angebotsverzeichnis veröffentlicht"),
    "backed up": N_("Gesichert"),
    "restored": N_("Aus Sicherung wiederhergestellt"),
}
_ACTOR_WORDS = {"command line": N_("Befehlszeile"), "device": N_("Laptop")}


class Pages:
    """The templates of one office's pages."""

    def __init__(self, office: Office) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            _=_,
            ngettext=ngettext,
            number=number,
            moment=moment,
            short_date=short_date,
            margin=margin_text,
            bar=bar,
            scale=scale,
            trend_chart=trend_chart,
            spark_line=spark_line,
            label=_label,
            band=lambda term: _(band_label(term)),
            state_word=lambda state: _(_STATE_WORDS[state]),
            states=list(LaptopState),
            role_word=lambda role: _(_ROLE_WORDS[role]),
            action_word=lambda action: _(_ACTION_WORDS[action]) if action in _ACTION_WORDS else action,
            actor_word=lambda actor: _(_ACTOR_WORDS[actor]) if actor in _ACTOR_WORDS else actor,
            office=office.name,
        )

    def page(self, template: str, *, visit: Visit, section: str, now: datetime, **values: object) -> str:
        """Return a page for a reader with a login; `section` is the part of the navigation it belongs to."""
        return self._render(template, user=visit.user, form_token=visit.form_token, section=section, now=now, **values)

    def login(self, *, form_token: str, error: KnownError | None) -> str:
        """Return the login page, with what went wrong before."""
        return self._render("login.html", form_token=form_token, problem=None if error is None else render_error(error))

    def message(self, error: KnownError) -> str:
        """Return a page that says only what went wrong."""
        return self._render("message.html", problem=render_error(error))

    def api(self, schema: dict[str, Any]) -> str:
        """Return the page that describes the API."""
        return self._render("api.html", schema=schema)

    def _render(self, template: str, **values: object) -> str:
        return self._environment.get_template(template).render(language=language(), **values)


def _label(term: StrEnum) -> str:
    return _(label(term))


def margin_text(value: float | None) -> str:
    """Return ``± 2,8``; nothing where there is no figure."""
    return "" if value is None else f"±\u202f{number(value)}"
