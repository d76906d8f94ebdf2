"""The filters above the case list: status as chips, phase, commune and language as short lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimdesk.domain.vocabulary import Phase
from kimdesk.i18n import _
from kimdesk.ui.case_file.words import language_name, options
from kimdesk.ui.cases.columns import CaseRow
from kimdesk.ui.design import Icon, Space, theme
from kimdesk.ui.widgets import ChoiceChips, ChoiceField, FlowLayout, IconButton

_CHOICE_WIDTH = 160
_STATUSES = ("open", "closed", "all")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is to show besides the status; None shows all."""

    phase: str | None = None
    commune: str | None = None
    language: str | None = None

    def lets_through(self, row: CaseRow) -> bool:
        """Return whether a row is to be shown."""
        case = row.case
        return (
            (self.phase is None or case.phase == self.phase)
            and (self.commune is None or case.commune == self.commune)
            and (self.language is None or self.language in case.languages)
        )


class CaseFilters(QWidget):
    """`status_changed` when other cases have to be read, `changed` when those read are to be shown otherwise."""

    status_changed = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        words = (_("Laufend"), _("Abgeschlossen"), _("Alle"))
        self.status = ChoiceChips(list(zip(_STATUSES, words, strict=True)), required=True)
        self.status.set_value("open")
        self.status.set_names(_("Status"), "")
        self.status.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.phase = self._choice(_("Phase"), _("alle Phasen"))
        self.phase.set_options(options(Phase))
        self.commune = self._choice(_("Kommune"), _("alle Kommunen"))
        self.language = self._choice(_("Sprache"), _("alle Sprachen"))
        spare = self.phase.sizeHint().height() - self.status.sizeHint().height()
        self.status.setContentsMargins(0, max(spare // 2, 0), 0, 0)  # chips are lower than lists: one middle line
        self.clear_button = IconButton(Icon.CLOSE, _("Filter aufheben"), self.clear)
        self.clear_button.hide()
        flow = FlowLayout(self, space=Space.S)
        for widget in (self.status, self.phase, self.commune, self.language, self.clear_button):
            flow.addWidget(widget)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)
        self.status.chosen.connect(lambda _value: self.status_changed.emit())
        for choice in (self.phase, self.commune, self.language):
            choice.changed.connect(self._changed)

    def _choice(self, name: str, everything: str) -> ChoiceField:
        choice = ChoiceField(empty=everything)
        choice.set_names(name, _("Filter der Fallliste"))
        choice.setFixedWidth(theme().px(_CHOICE_WIDTH))
        return choice

    def wanted(self) -> Wanted:
        """Return what is chosen."""
        return Wanted(self.phase.value(), self.commune.value(), self.language.value())

    def offer(self, communes: Iterable[tuple[str, str]], rows: Sequence[CaseRow]) -> None:
        """Offer the district's communes and those of the cases, and the languages that occur."""
        names = dict(communes)
        for row in rows:
            if row.case.commune:
                names.setdefault(row.case.commune, row.case.commune_name)
        self.commune.set_options(sorted(names.items(), key=lambda pair: pair[1].casefold()))
        spoken = {code for row in rows for code in row.case.languages}
        if (chosen := self.language.value()) is not None:
            spoken.add(chosen)  # stays chosen even if the last such case has just gone
        self.language.set_options(
            sorted(((code, language_name(code)) for code in spoken), key=lambda pair: pair[1].casefold())
        )

    def clear(self) -> None:
        """Show all phases, communes and languages again."""
        for choice in (self.phase, self.commune, self.language):
            choice.set_value(None)

    def _changed(self) -> None:
        self.clear_button.setVisible(self.wanted() != Wanted())
        self.changed.emit()
