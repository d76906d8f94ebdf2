"""The panel that narrows the directory: whom it serves, what it is about, when it is open, how fresh it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from kimdesk.domain.vocabulary import LegalDomain, LifeArea, ResidenceStatus, label
from kimdesk.i18n import _
from kimdesk.offers.fit import CaseProfile
from kimdesk.offers.views import OfferFilter
from kimdesk.ui.design import Space
from kimdesk.ui.offers.words import language_choices
from kimdesk.ui.widgets import Button, CheckField, ChoiceField, Field, NumberField, Scroll, Text, column, describe, put

_VERIFIED_WITHIN_DAYS = 365


class FilterPanel(QFrame):
    """`changed` when something was chosen or taken back.

    With a case, commune, status and age only mark what does not suit, unless it is to be hidden.
    """

    changed = Signal()

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` returns the local time, for "open now"."""
        super().__init__()
        self._now = now
        self._profile: CaseProfile | None = None
        put(self, role="well")
        describe(self, _("Filter"))
        self.areas = QListWidget()
        put(self.areas, role="plain")
        describe(self.areas, _("Lebensbereich"))
        self.areas.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.areas.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.areas.addItem(QListWidgetItem(_("Alle Bereiche")))
        for area in LifeArea:
            item = QListWidgetItem(_(label(area)))
            item.setToolTip(item.text())
            item.setData(Qt.ItemDataRole.UserRole, area.value)
            self.areas.addItem(item)
        self.areas.setCurrentRow(0)
        self.commune = ChoiceField(empty=_("alle"))
        self.language = ChoiceField(language_choices(), empty=_("alle"))
        self.language.combo.setToolTip(
            _("Angebote, bei denen diese Sprache gesprochen wird oder zu denen es einen Text in ihr gibt")
        )
        self.status = ChoiceField([(one.value, _(label(one))) for one in ResidenceStatus], empty=_("alle"))
        self.age = NumberField(largest=120, placeholder=_("alle"))
        self.domain = ChoiceField([(one.value, _(label(one))) for one in LegalDomain], empty=_("alle"))
        self.open_now = CheckField(_("jetzt geöffnet"))
        self.by_appointment = CheckField(_("nur mit Termin"))
        self.free_places = CheckField(_("freie Plätze"))
        self.verified = CheckField(_("im letzten Jahr geprüft"))
        self.only_suiting = CheckField(_("Nur passende"))
        self.only_suiting.hide()
        self.more = Button(_("Weitere Filter …"), "link", on_click=self._turn)
        self.reset = Button(_("Filter aufheben"), "link", on_click=self.clear)
        self.reset.hide()
        self._pages = QStackedWidget()
        self._pages.addWidget(_page(column(Text(_("Lebensbereich"), "label"), self.areas, space=Space.S)))
        further = column(
            Field(_("Aufenthaltsstatus"), self.status),
            Field(_("Alter in Jahren"), self.age),
            Field(_("Rechtskreis"), self.domain),
            self.open_now,
            self.by_appointment,
            self.free_places,
            self.verified,
            space=Space.S,
        )
        further.addStretch(1)
        self._further = Scroll(_page(further))
        self._pages.addWidget(self._further)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        layout.setSpacing(Space.S)
        layout.addWidget(self.only_suiting)
        layout.addWidget(Field(_("Kommune"), self.commune))
        layout.addWidget(Field(_("Sprache"), self.language))
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.more)
        layout.addWidget(self.reset)
        self.areas.currentRowChanged.connect(lambda _row: self._tell())
        for field in (self.commune, self.language, self.status, self.domain, self.age):
            field.changed.connect(self._tell)
        for check in (self.open_now, self.by_appointment, self.free_places, self.verified, self.only_suiting):
            check.changed.connect(self._tell)

    def _turn(self) -> None:
        """Change between life areas and the further filters."""
        further = self._pages.currentIndex() == 0
        self._pages.setCurrentIndex(1 if further else 0)
        self.more.setText(_("Lebensbereiche …") if further else _("Weitere Filter …"))

    def _tell(self) -> None:
        self.reset.setVisible(self.is_set())
        self.changed.emit()

    def set_communes(self, communes: Sequence[tuple[str, str]]) -> None:
        """Offer the communes (AGS, name) of the district."""
        chosen = self.commune.value()
        self.commune.set_options(communes)
        self.commune.set_value(chosen)

    def set_case(self, profile: CaseProfile | None) -> None:
        """Choose what is known of a case; from then on what does not suit is marked. None: no case any more."""
        self._profile = profile
        self.only_suiting.setVisible(profile is not None)
        self.only_suiting.set_value(False)
        if profile is not None:
            self.choose(replace(self.value(), commune=profile.commune, status=profile.status, age=None))

    def value(self) -> OfferFilter:
        """Return everything that is chosen."""
        area = self.areas.currentItem().data(Qt.ItemDataRole.UserRole) if self.areas.currentItem() else None
        status, domain, now = self.status.value(), self.domain.value(), self._now()
        return OfferFilter(
            life_area=LifeArea(area) if area else None,
            commune=self.commune.value(),
            language=self.language.value(),
            status=ResidenceStatus(status) if status else None,
            domain=LegalDomain(domain) if domain else None,
            age=self.age.value(),
            day=now.date() if self.open_now.value() else None,
            clock=f"{now:%H:%M}" if self.open_now.value() else "",
            by_appointment=self.by_appointment.value(),
            free_places=self.free_places.value(),
            verified_since=_year_before(now.date()) if self.verified.value() else None,
        )

    def split(self) -> tuple[OfferFilter, CaseProfile | None]:
        """Return what hides offers, and what only marks them."""
        chosen = self.value()
        if self._profile is None or self.only_suiting.value():
            return chosen, self._profile
        ages = (chosen.age,) if chosen.age is not None else self._profile.ages
        profile = replace(self._profile, commune=chosen.commune, status=chosen.status, ages=ages)
        return replace(chosen, commune=None, status=None, age=None), profile

    def is_set(self) -> bool:
        """Return whether anything is narrowed."""
        return self.value() != OfferFilter()

    def choose(self, wanted: OfferFilter) -> None:
        """Choose `wanted`; tells once. A moment is chosen as now."""
        self.blockSignals(True)
        areas = list(LifeArea)
        self.areas.setCurrentRow(areas.index(wanted.life_area) + 1 if wanted.life_area is not None else 0)
        self.areas.scrollToItem(self.areas.currentItem())
        self.commune.set_value(wanted.commune)
        self.language.set_value(wanted.language)
        self.status.set_value(wanted.status.value if wanted.status is not None else None)
        self.domain.set_value(wanted.domain.value if wanted.domain is not None else None)
        self.age.set_value(wanted.age)
        self.open_now.set_value(wanted.day is not None)
        self.by_appointment.set_value(wanted.by_appointment)
        self.free_places.set_value(wanted.free_places)
        self.verified.set_value(wanted.verified_since is not None)
        self.blockSignals(False)
        self._tell()

    def clear(self) -> None:
        """Take everything back."""
        self.choose(OfferFilter())


def _page(layout: QVBoxLayout) -> QWidget:
    page = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    page.setLayout(layout)
    return page


def _year_before(day: date) -> date:
    return day - timedelta(days=_VERIFIED_WITHIN_DAYS)
