"""Offers to be looked at: those nobody verified for long, and those that may be there twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import number, short_date
from kimdesk.services.changes import Written
from kimdesk.services.offer_care import OfferCareService, StaleOffer, StaleView, Twins
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import Button, Column, DataTable, EmptyState, Text, column, row


class StaleList(QWidget):
    """What has to be verified again; `offer_wanted(id)` opens one."""

    offer_wanted = Signal(object)

    def __init__(self, care: OfferCareService, jobs: Jobs, messages: Messages) -> None:
        super().__init__()
        self._care, self._jobs, self._messages = care, jobs, messages
        self.about = Text("", "muted", wrap=True)
        self.table: DataTable[StaleOffer] = DataTable(
            [
                Column(_("Angebot"), lambda one: one.title, strong=True),
                Column(_("Anbieter"), lambda one: one.provider, width=240),
                Column(_("Zuletzt geprüft"), _verified, width=150),
            ],
            name=_("Angebote, die lange niemand geprüft hat"),
            empty=EmptyState(
                Icon.CHECK, _("Alles ist geprüft"), _("Kein Angebot wartet auf eine Prüfung."), compact=True
            ),
        )
        self.verify_button = Button(_("Heute geprüft"), "primary", symbol=Icon.CHECK, on_click=self.verify)
        self.open_button = Button(_("Angebot ansehen"), symbol=Icon.SHOW, on_click=self._open)
        self.table.opened.connect(lambda one: self.offer_wanted.emit(one.id))
        self.table.selected.connect(lambda _one: self._enable())
        layout = column(self.about, self.table, row(self.open_button, None, self.verify_button), space=Space.M)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._enable()

    def read(self) -> None:
        """Read the list again."""
        self._jobs.read(self._care.stale, self._show, owner=self, latest="stale")

    def _show(self, view: StaleView) -> None:
        self.about.setText(
            ngettext(
                "Ein Angebot wurde seit dem {day} nicht geprüft.",
                "{count} Angebote wurden seit dem {day} nicht geprüft.",
                view.total,
            ).format(count=number(view.total), day=short_date(view.before))
        )
        self.table.set_rows(view.rows)
        self._enable()

    def _enable(self) -> None:
        for button in (self.verify_button, self.open_button):
            button.setEnabled(self.table.current() is not None)

    def _open(self) -> None:
        if (one := self.table.current()) is not None:
            self.offer_wanted.emit(one.id)

    def verify(self) -> None:
        """Say that the chosen offer was checked today; the message can take it back."""
        if (one := self.table.current()) is None:
            return

        def done(written: Written[tuple[tuple[UUID, date | None], ...]]) -> None:
            before = written.value
            self._messages.good(
                _("Als heute geprüft vermerkt: {title}").format(title=one.title),
                undo=lambda: self._jobs.write(lambda: self._care.set_verified(before), owner=self),
            )

        self._jobs.write(lambda: self._care.verified_today((one.id,)), done, owner=self)


class TwinList(QWidget):
    """Pairs that may be one offer. Nothing is merged by itself."""

    offer_wanted = Signal(object)

    def __init__(self, care: OfferCareService, jobs: Jobs, messages: Messages) -> None:
        super().__init__()
        self._care, self._jobs, self._messages = care, jobs, messages
        self.table: DataTable[Twins] = DataTable(
            [
                Column(_("Angebot"), lambda one: one.first.title, note=lambda one: one.first.provider),
                Column(_("gleicht diesem"), lambda one: one.second.title, note=lambda one: one.second.provider),
                Column(_("Gemeinsam"), _shared, width=220),
            ],
            name=_("Angebote, die doppelt sein können"),
            empty=EmptyState(
                Icon.CHECK,
                _("Nichts doppelt"),
                _("Keine zwei Angebote sehen sich zum Verwechseln ähnlich."),
                compact=True,
            ),
        )
        self.different = Button(_("Das sind zwei"), symbol=Icon.SKIP, on_click=self._different)
        self.drop_first = Button(_("Erstes herausnehmen"), symbol=Icon.DELETE, on_click=lambda: self._drop(first=True))
        self.drop_second = Button(
            _("Zweites herausnehmen"), symbol=Icon.DELETE, on_click=lambda: self._drop(first=False)
        )
        self.table.opened.connect(lambda pair: self.offer_wanted.emit(pair.first.id))
        self.table.selected.connect(lambda _pair: self._enable())
        about = Text(
            _(
                "Verglichen werden Titel, Anbieter, Telefon, E-Mail und Adresse. "
                "Sie entscheiden; was Sie herausnehmen, bringt ein neuer Import seiner Quelle zurück."
            ),
            "muted",
            wrap=True,
        )
        layout = column(about, self.table, row(self.different, None, self.drop_first, self.drop_second), space=Space.M)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._enable()

    def read(self) -> None:
        """Compare again."""
        self._jobs.read(self._care.twins, self._show, owner=self, latest="twins")

    def _show(self, pairs: tuple[Twins, ...]) -> None:
        self.table.set_rows(pairs)
        self._enable()

    def _enable(self) -> None:
        for button in (self.different, self.drop_first, self.drop_second):
            button.setEnabled(self.table.current() is not None)

    def _different(self) -> None:
        self._decide(
            lambda pair: self._care.not_the_same(pair.first.id, pair.second.id),
            lambda _pair: _("Vermerkt: Das sind zwei verschiedene Angebote."),
        )

    def _drop(self, *, first: bool) -> None:
        self._decide(
            lambda pair: self._care.take_out((pair.first if first else pair.second).id),
            lambda pair: _("Herausgenommen: {title}").format(title=(pair.first if first else pair.second).title),
        )

    def _decide(self, work: Callable[[Twins], Written[None]], said: Callable[[Twins], str]) -> None:
        if (pair := self.table.current()) is not None:
            self._jobs.write(lambda: work(pair), lambda _done: self._messages.good(said(pair)), owner=self)


def _verified(one: StaleOffer) -> str:
    return short_date(one.verified_on) if one.verified_on is not None else _("noch nie")


def _shared(one: Twins) -> str:
    return ", ".join(one.shared) if one.shared else _("Titel zu {share} % gleich").format(share=one.likeness)
