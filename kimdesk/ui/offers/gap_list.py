"""What was needed and could not be had, counted by life area, commune, status and language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kimdesk.domain.vocabulary import label
from kimdesk.foundation.files import write_atomically
from kimdesk.foundation.sheets import xlsx_bytes
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import number
from kimdesk.offers.gaps import GAP_WORDS, GapCount
from kimdesk.services.districts import commune_names
from kimdesk.services.offer_care import CareSettings, OfferCareService
from kimdesk.services.offer_gaps import GapOverview, GapSpan, OfferGapService, gap_rows
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.files import ask_where_to_save
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.offers.words import language_name
from kimdesk.ui.widgets import Bar, BarPicture, Button, ChoiceField, Column, DataTable, EmptyState, Text, column, row

AskWhere = Callable[[QWidget, str, str, str], Path | None]

_WEEKS = (4, 8, 12, 26, 52)


class GapList(QWidget):
    """The gaps of a year as a table, the life areas beside it as a picture."""

    def __init__(
        self,
        gaps: OfferGapService,
        care: OfferCareService,
        jobs: Jobs,
        messages: Messages,
        *,
        ask_where: AskWhere = ask_where_to_save,
    ) -> None:
        super().__init__()
        self._care = care
        self._gaps, self._jobs, self._messages, self._ask_where = gaps, jobs, messages, ask_where
        self._overview: GapOverview | None = None
        self._communes = commune_names()
        self.about = Text("", "muted", wrap=True)
        self.year = ChoiceField([], empty=None)
        self.year.set_names(_("Jahr"), "")
        self.year.changed.connect(self._read_year)
        self.export = Button(_("Als Tabelle speichern"), symbol=Icon.EXPORT, on_click=self.save_table)
        self.table: DataTable[GapCount] = DataTable(
            [
                Column(_("Lebensbereich"), _area, strong=True),
                Column(_("Kommune"), self._commune, width=130),
                Column(
                    _("Aufenthaltsstatus"),
                    lambda one: _(label(one.subject.status)) if one.subject.status else "",
                    width=180,
                ),
                Column(
                    _("Sprache"),
                    lambda one: language_name(one.subject.language) if one.subject.language else "",
                    width=110,
                ),
                Column(_("Wie"), _kinds, width=200, leave_below=900),
                Column(_("Anzahl"), lambda one: number(one.total), width=80),
            ],
            name=_("Angebotslücken"),
            filter_row=False,
            empty=EmptyState(
                Icon.OFFERS,
                _("Keine Lücke vermerkt"),
                _(
                    "Hier steht, was gesucht wurde und nicht zu bekommen war: Suchen ohne passenden Treffer, "
                    "abgelehnte Verweise und zu lange Wartezeiten."
                ),
                compact=True,
            ),
        )
        self.picture = BarPicture([])
        self.limit = ChoiceField(
            [
                ("0", _("nicht zählen")),
                *((str(weeks), _("mehr als {weeks} Wochen").format(weeks=weeks)) for weeks in _WEEKS),
            ],
            empty=None,
        )
        self.limit.set_names(_("Wartezeit"), _("Ab welcher Wartezeit ein Angebot für einen Fall als Lücke zählt."))
        self.limit.finished.connect(self._keep_limit)
        top = row(self.about, Text(_("Wartezeit"), "meta"), self.limit, self.year, self.export)
        top.setStretch(0, 1)
        layout = column(top, self.picture, self.table, space=Space.M)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def read(self) -> None:
        """Read the years and the gaps again."""
        self._jobs.read(
            lambda: (self._gaps.years(), self._care.settings()),
            lambda found: self._show_years(*found),
            owner=self,
            latest="years",
        )

    def _keep_limit(self) -> None:
        if (weeks := self.limit.value()) is not None:
            care, limit = self._care, int(weeks)
            self._jobs.write(
                lambda: care.change_settings(replace(care.settings(), waiting_limit_weeks=limit)), owner=self
            )

    def _show_years(self, years: tuple[int, ...], settings: CareSettings) -> None:
        self.limit.set_value(str(settings.waiting_limit_weeks))
        chosen = self.year.value()
        self.year.set_options([(str(one), str(one)) for one in years])
        self.year.set_value(chosen if chosen in {str(one) for one in years} else str(years[0]))
        self._read_year()

    def _read_year(self) -> None:
        if chosen := self.year.value():
            year = int(chosen)
            span = GapSpan(date(year, 1, 1), date(year, 12, 31))
            self._jobs.read(lambda: self._gaps.overview(span), self._show, owner=self, latest="gaps")

    def _show(self, overview: GapOverview) -> None:
        self._overview = overview
        count = len(overview.gaps)
        self.about.setText(
            ngettext(
                "Eine Lücke. In die Meldung an die koordinierende Stelle geht nur die Zahl je Lebensbereich ein.",
                "{count} Lücken. In die Meldung an die koordinierende Stelle geht nur die Zahl je Lebensbereich ein.",
                count,
            ).format(count=number(count))
        )
        self.export.setEnabled(count > 0)
        self.table.set_rows(overview.counts)
        known = sorted(((total, area) for area, total in overview.by_life_area.items() if area), reverse=True)[:6]
        self.picture.set_bars([Bar(_(label(area)), total) for total, area in known])
        self.picture.setVisible(bool(known))

    def save_table(self) -> None:
        """Save the list as a workbook."""
        overview = self._overview
        path = self._ask_where(self, _("Angebotslücken speichern"), "Angebotslücken.xlsx", "Excel (*.xlsx)")
        if path is not None and overview is not None:
            self._jobs.read(
                lambda: write_atomically(path, xlsx_bytes([("Angebotslücken", gap_rows(overview))])),
                lambda _nothing: self._messages.good(_("Die Liste der Angebotslücken ist gespeichert.")),
                owner=self,
            )

    def _commune(self, one: GapCount) -> str:
        return self._communes.get(one.subject.commune, one.subject.commune)


def _area(one: GapCount) -> str:
    return _(label(one.subject.life_area)) if one.subject.life_area else _("ohne Lebensbereich")


def _kinds(one: GapCount) -> str:
    return ", ".join(f"{_(GAP_WORDS[kind])}: {number(count)}" for kind, count in one.kinds)
