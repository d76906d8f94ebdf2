"""Turns what the dashboard knows into HTML."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kimdesk.coordinator.dashboard import Dashboard
from kimdesk.coordinator.office import Office
from kimdesk.coordinator.sums import LaptopState, Sum, SummedTable
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import _, language, ngettext, render_error
from kimdesk.i18n.formats import moment, number

BAR_UNITS = 100.0

_STATE_WORDS = {
    LaptopState.CURRENT: N_("aktuell"),
    LaptopState.OLDER: N_("älterer Stand"),
    LaptopState.MISSING: N_("fehlt"),
    LaptopState.INVITED: N_("eingeladen, noch nicht angemeldet"),
}


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
            margin=margin_text,
            bar=bar,
            scale=scale,
            state_word=lambda state: _(_STATE_WORDS[state]),
            office=office.name,
        )

    def dashboard(self, board: Dashboard, *, user: str, form_token: str, now: datetime) -> str:
        """Return the dashboard page."""
        return self._render("dashboard.html", board=board, user=user, form_token=form_token, now=now)

    def login(self, *, form_token: str, error: KnownError | None) -> str:
        """Return the login page, with what went wrong before."""
        return self._render("login.html", form_token=form_token, problem=None if error is None else render_error(error))

    def message(self, error: KnownError) -> str:
        """Return a page that says only what went wrong."""
        return self._render("message.html", problem=render_error(error))

    def _render(self, template: str, **values: object) -> str:
        return self._environment.get_template(template).render(language=language(), **values)


def margin_text(value: float | None) -> str:
    """Return ``± 2,8``; nothing where there is no figure."""
    return "" if value is None else f"±\u202f{number(value)}"


def scale(table: SummedTable) -> float:
    """Return the figure that fills a bar: the largest upper end in the table, at least 1."""
    ends = [cell.value + cell.margin for cell in table.cells if cell.value is not None and cell.margin is not None]
    return max([1.0, *ends])


def bar(cell: Sum, full: float) -> dict[str, float]:
    """Return the bar's width and the margin's two ends, in hundredths of the drawing's width."""
    value, spread = cell.value or 0, cell.margin or 0.0
    return {
        "width": round(value / full * BAR_UNITS, 2),
        "low": round(max(0.0, value - spread) / full * BAR_UNITS, 2),
        "high": round(min(full, value + spread) / full * BAR_UNITS, 2),
    }
