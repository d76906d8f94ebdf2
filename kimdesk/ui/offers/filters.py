"""The panel that narrows the directory: life area, commune, language."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout

from kimdesk.domain.vocabulary import LifeArea, label
from kimdesk.i18n import _
from kimdesk.offers.views import OfferFilter
from kimdesk.ui.design import Space
from kimdesk.ui.offers.words import language_choices
from kimdesk.ui.widgets import Button, ChoiceField, Field, Text, describe, put


class FilterPanel(QFrame):
    """`changed` when something was chosen or taken back."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        put(self, role="well")
        describe(self, _("Filter"))
        self.areas = QListWidget()
        put(self.areas, role="plain")
        describe(self.areas, _("Lebensbereich"))
        self.areas.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.areas.setTextElideMode(Qt.TextElideMode.ElideRight)
        everything = QListWidgetItem(_("Alle Bereiche"))
        self.areas.addItem(everything)
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
        self.reset = Button(_("Filter aufheben"), "link", on_click=self.clear)
        self.reset.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        layout.setSpacing(Space.S)
        layout.addWidget(Field(_("Kommune"), self.commune))
        layout.addWidget(Field(_("Sprache"), self.language))
        layout.addWidget(Text(_("Lebensbereich"), "label"))
        layout.addWidget(self.areas, 1)
        layout.addWidget(self.reset)
        self.areas.currentRowChanged.connect(lambda _row: self._tell())
        self.commune.changed.connect(self._tell)
        self.language.changed.connect(self._tell)

    def _tell(self) -> None:
        self.reset.setVisible(self.is_set())
        self.changed.emit()

    def set_communes(self, communes: Sequence[tuple[str, str]]) -> None:
        """Offer the communes (AGS, name) of the district."""
        self.commune.set_options(communes)

    def value(self) -> OfferFilter:
        """Return what is chosen."""
        area = self.areas.currentItem().data(Qt.ItemDataRole.UserRole) if self.areas.currentItem() else None
        return OfferFilter(LifeArea(area) if area else None, self.commune.value(), self.language.value())

    def is_set(self) -> bool:
        """Return whether anything is narrowed."""
        return self.value() != OfferFilter()

    def choose(self, wanted: OfferFilter) -> None:
        """Choose `wanted`; tells once."""
        self.blockSignals(True)
        areas = list(LifeArea)
        self.areas.setCurrentRow(areas.index(wanted.life_area) + 1 if wanted.life_area is not None else 0)
        self.areas.scrollToItem(self.areas.currentItem())
        self.commune.set_value(wanted.commune)
        self.language.set_value(wanted.language)
        self.blockSignals(False)
        self._tell()

    def clear(self) -> None:
        """Take everything back."""
        self.choose(OfferFilter())
