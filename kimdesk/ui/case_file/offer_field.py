"""The editor of an offer from the directory: remembered ones at hand, the rest by searching in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.services.offers import OfferHit
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.record_card import RecordCard
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.widgets import Button, IconButton, Text, TextField, clear, column, row
from kimdesk.ui.widgets.editor import Draft, Editor

_MOST_HITS = 5


class OfferField(Editor):
    """The value is the offer's id or None. `picked(title, provider)` is called when the user picks one."""

    def __init__(self, desk: CaseDesk, picked: Callable[[str, str], object]) -> None:
        self._box = QWidget()
        super().__init__(self._box)
        self._desk, self._picked = desk, picked
        self._value: UUID | None = None
        self.search = TextField(_("Im Verzeichnis suchen"), symbol=Icon.SEARCH)
        self.chosen = Text("", wrap=True)
        self.release = IconButton(Icon.CLOSE, _("Angebot lösen"), self._release)
        self._shown = QWidget()
        self._shown.setLayout(row(self.chosen, self.release))
        self.hits = column(space=Space.XS)
        layout = column(self._shown, self.search, space=Space.XS)
        layout.addLayout(self.hits)
        self._box.setLayout(layout)
        self._box.setFocusProxy(self.search)
        self.search.changed.connect(self._look)
        self._show()

    def value(self) -> UUID | None:
        return self._value

    def set_value(self, value: UUID | None) -> None:
        self._value = value
        self._show()
        self.changed.emit()

    def is_empty(self) -> bool:
        return self._value is None

    def draft(self) -> Draft:
        return str(self._value) if self._value else None

    def restore(self, draft: Draft) -> None:
        try:
            self.set_value(UUID(str(draft)) if draft else None)
        except ValueError:
            self.set_value(None)

    def set_names(self, name: str, description: str) -> None:
        self.search.set_names(name, description)

    def _show(self) -> None:
        self._shown.setVisible(self._value is not None)
        self.search.setVisible(self._value is None)
        if self._value is not None:
            title, provider = self._desk.around.offers.get(self._value, ("", ""))
            self._say(title, provider)
            if not title:
                self._desk.jobs.read(
                    partial(self._desk.offers.get, self._value),
                    lambda view: self._say(view.offer.title, view.offer.facts.provider),
                    self._is_gone,
                    owner=self,
                )
        self._look()

    def _say(self, title: str, provider: str) -> None:
        self.chosen.setText(" · ".join(part for part in (title, provider) if part) or _("Angebot aus dem Verzeichnis"))

    def _is_gone(self, _error: KnownError) -> None:
        self.chosen.setText(_("Dieses Angebot steht nicht mehr im Verzeichnis."))

    def _release(self) -> None:
        self.set_value(None)
        self.finished.emit()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look(self) -> None:
        """Show the remembered offers while nothing is typed, the best hits afterwards."""
        text = self.search.value()
        if self._value is not None:
            clear(self.hits)
        elif not text:
            remembered = self._desk.file.remembered_offers if self._desk.file else ()
            known = self._desk.around.offers
            self._offer([(one, *known[one], True) for one in remembered if one in known][:_MOST_HITS])
        else:
            self._desk.jobs.read(
                lambda: self._desk.offers.search(text, _MOST_HITS), self._show_hits, owner=self, latest="offers"
            )

    def show_remembered(self) -> None:
        """Show the remembered offers as the file has them now."""
        if not self.search.value():
            self._look()

    def _show_hits(self, hits: Sequence[OfferHit]) -> None:
        remembered = self._desk.file.remembered_offers if self._desk.file else ()
        self._offer([(hit.id, hit.title, hit.provider, hit.id in remembered) for hit in hits])
        if not hits:
            self.hits.addWidget(
                Text(_("Dazu steht nichts im Verzeichnis. Schreiben Sie die Stelle frei dazu."), "meta")
            )

    def _offer(self, entries: Sequence[tuple[UUID, str, str, bool]]) -> None:
        clear(self.hits)
        for offer_id, title, provider, remembered in entries:
            pin = Button(
                _("Gemerkt") if remembered else _("Merken"),
                "link",
                symbol=Icon.PIN,
                on_click=partial(self._remember, offer_id, remembered),
            )
            card = RecordCard(
                title, [(provider, None)], actions=(pin,), on_open=partial(self.take, offer_id, title, provider)
            )
            self.hits.addWidget(card)

    def take(self, offer_id: UUID, title: str, provider: str) -> None:
        """Choose an offer, as if the user had picked it."""
        self.search.set_value("")
        self.set_value(offer_id)
        self._say(title, provider)
        self._picked(title, provider)
        self.finished.emit()

    def _remember(self, offer_id: UUID, remembered: bool) -> None:
        desk, case_id = self._desk, self._desk.case.id
        change = desk.cases.forget_offer if remembered else desk.cases.remember_offer
        desk.jobs.write(lambda: change(case_id, offer_id), owner=self, touches={"cases"})
