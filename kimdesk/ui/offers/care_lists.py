"""Offers to be looked at: those nobody verified for long, and those that may be there twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import number, short_date
from kimdesk.services.changes import Written
from kimdesk.services.offer_care import CareSettings, OfferCareService, StaleOffer, StaleView, Twins
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import Button, ChoiceField, Column, DataTable, EmptyState, Text, column, row

_MONTHS = (3, 6, 12, 18, 24, 36)


class StaleList(QWidget):
    """What has to be verified again; `offer_wanted(id)` opens one."""

    offer_wanted = Signal(object)

    def __init__(self, care: OfferCareService, jobs: Jobs, messages: Messages) -> None:
        super().__init__()
        self._care, self._jobs, self._messages = care, jobs, messages
        self.about = Text("", "muted", wrap=True)
        self.table: DataTable[StaleOffer] = DataTable(
            [
                Column(_("Angebot"), lambda one: one.title, note=lambda one: one.provider, strong=True),
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
        self.limit = ChoiceField(
            [(str(months), _("{months} Monaten").format(months=months)) for months in _MONTHS], empty=None
        )
        self.limit.set_names(_("Zu prüfen nach"), _("Nach so langer Zeit ohne Prüfung steht ein Angebot hier."))
        self.limit.finished.connect(self._keep_limit)
        top = row(self.about, Text(_("Zu prüfen nach"), "meta"), self.limit)
        top.setStretch(0, 1)
        layout = column(top, self.table, row(self.open_button, None, self.verify_button), space=Space.M)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._enable()

    def read(self) -> None:
        """Read the list again."""
        self._jobs.read(
            lambda: (self._care.stale(), self._care.settings()),
            lambda found: self._show(*found),
            owner=self,
            latest="stale",
        )

    def _keep_limit(self) -> None:
        months = int(self.limit.value() or 0)
        if months:
            care = self._care
            self._jobs.write(
                lambda: care.change_settings(replace(care.settings(), stale_after_months=months)), owner=self
            )

    def _show(self, view: StaleView, settings: CareSettings) -> None:
        self.limit.set_value(str(settings.stale_after_months))
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
        if (pair := self.table.current()) is None:
            return
        gone = pair.first if first else pair.second

        def done(_written: Written[None]) -> None:
            self._messages.good(
                _("Herausgenommen: {title}").format(title=gone.title),
                undo=lambda: self._jobs.write(lambda: self._care.bring_back(gone.id), owner=self),
            )

        self._jobs.write(lambda: self._care.take_out(gone.id), done, owner=self)

    def _decide(self, work: Callable[[Twins], Written[None]], said: Callable[[Twins], str]) -> None:
        if (pair := self.table.current()) is not None:
            self._jobs.write(lambda: work(pair), lambda _done: self._messages.good(said(pair)), owner=self)


def _verified(one: StaleOffer) -> str:
    return short_date(one.verified_on) if one.verified_on is not None else _("noch nie")


def _shared(one: Twins) -> str:
    return ", ".join(one.shared) if one.shared else _("Titel zu {share} % gleich").format(share=one.likeness)
