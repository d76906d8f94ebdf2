"""Which days and which part of the district the exact table is about."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.reporting.classify import Period
from kimdesk.reporting.indicators import EVERYWHERE, Place
from kimdesk.ui.design import Space
from kimdesk.ui.widgets import ChoiceField, DateField, FlowLayout, Text, row

_WHOLE: Final = "year"
_OWN: Final = "own"


def _parts() -> tuple[tuple[str, str], ...]:
    """Return the parts of a year that can be chosen: months as (first, last) in the value."""
    return (
        (_WHOLE, _("ganzes Jahr")),
        ("1-3", _("1. Quartal")),
        ("4-6", _("2. Quartal")),
        ("7-9", _("3. Quartal")),
        ("10-12", _("4. Quartal")),
        ("1-6", _("1. Halbjahr")),
        ("7-12", _("2. Halbjahr")),
        (_OWN, _("eigener Zeitraum")),
    )


class PeriodBar(QWidget):
    """Year, part of the year and place in one line; `changed` when there is a new `period` or `place`.

    `reference` names the reference date; the owner gives it a place.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.year_field = ChoiceField(empty=None)
        self.part_field = ChoiceField(_parts(), empty=None)
        self.place_field = ChoiceField(empty=None)
        self.first_day, self.last_day = DateField(), DateField()
        self.reference = Text("", "muted")
        self.problem = Text("", "error")
        self.problem.hide()
        self._places: dict[str, Place] = {}
        flow = FlowLayout(self, space=Space.M)
        for word, field in (
            (_("Jahr"), self.year_field),
            (_("Zeitraum"), self.part_field),
            (_("Gebiet"), self.place_field),
        ):
            flow.addWidget(_labelled(word, field))
        self._own = QWidget()
        self._own.setLayout(
            row(_labelled(_("vom"), self.first_day), _labelled(_("bis zum"), self.last_day), space=Space.M)
        )
        self._own.hide()
        flow.addWidget(self._own)
        flow.addWidget(self.problem)
        for field in (self.year_field, self.part_field, self.place_field):
            field.changed.connect(self._chosen)
        for day in (self.first_day, self.last_day):
            day.finished.connect(self._chosen)

    def offer(self, years: Sequence[int], year: int, places: Sequence[tuple[Place, str]], district: str) -> None:
        """Offer years and places; what is chosen stays chosen, the year only if none was chosen before."""
        chosen = self.year_field.value()
        for field in (self.year_field, self.place_field):
            field.blockSignals(True)
        wanted = sorted({*years, year, *([int(chosen)] if chosen else [])}, reverse=True)
        self.year_field.set_options([(str(entry), str(entry)) for entry in wanted])
        self.year_field.set_value(chosen or str(year))
        self._places = {"": EVERYWHERE, **{str(number): place for number, (place, _name) in enumerate(places)}}
        names = [name for _place, name in places]
        self.place_field.set_options([("", district), *((str(number), name) for number, name in enumerate(names))])
        for field in (self.year_field, self.place_field):
            field.blockSignals(False)
        self._tell()

    def period(self) -> Period | None:
        """Return the chosen days, None while no year is known or the own days make no period."""
        year = self.year_field.value()
        if year is None:
            return None
        part = self.part_field.value() or _WHOLE
        if part == _OWN:
            first, last = self.first_day.value(), self.last_day.value()
            return None if first is None or last is None or last < first else Period(first, last)
        first_month, last_month = (1, 12) if part == _WHOLE else map(int, part.split("-"))
        last_of_month = calendar.monthrange(int(year), last_month)[1]
        return Period(date(int(year), first_month, 1), date(int(year), last_month, last_of_month))

    def place(self) -> Place:
        """Return the chosen part of the district."""
        return self._places.get(self.place_field.value() or "", EVERYWHERE)

    def show_year(self, year: int) -> None:
        """Choose a whole year."""
        self.part_field.set_value(_WHOLE)
        if self.year_field.value() != str(year):
            self.year_field.set_value(str(year))

    def _chosen(self) -> None:
        own = self.part_field.value() == _OWN
        year = self.year_field.value()
        if own and year is not None and self.first_day.value() is None and self.last_day.value() is None:
            self.first_day.set_value(date(int(year), 1, 1))
            self.last_day.set_value(date(int(year), 12, 31))
        self._own.setVisible(own)
        self.year_field.setEnabled(not own)
        self._tell()
        if self.period() is not None:
            self.changed.emit()

    def _tell(self) -> None:
        period = self.period()
        self.problem.setVisible(period is None and self.part_field.value() == _OWN)
        self.problem.setText(_("Bitte geben Sie zwei Tage an, den früheren zuerst."))
        self.reference.setVisible(period is not None)
        if period is not None:
            self.reference.setText(_("Stichtag {day}").format(day=short_date(period.reference_date)))


def _labelled(word: str, field: ChoiceField | DateField) -> QWidget:
    field.set_names(word, "")
    label = Text(word, "label")
    label.setBuddy(field.entry)
    box = QWidget()
    box.setLayout(row(label, field, space=Space.S))
    return box
