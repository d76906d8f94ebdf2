"""The offers page: search as you type, narrow, read, print, remember for a case."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget

from kimdesk.domain.views import CaseSummary
from kimdesk.foundation.clock import OFFICE_ZONE, Clock
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import number
from kimdesk.offers.fit import CaseProfile, misfits
from kimdesk.offers.gaps import Gap, GapSubject
from kimdesk.offers.times import open_state
from kimdesk.offers.views import OfferAnswer, OfferFilter, OfferPage
from kimdesk.services.cases import CaseService
from kimdesk.services.changes import Written
from kimdesk.services.offer_care import OfferCareService
from kimdesk.services.offer_gaps import OfferGapService
from kimdesk.services.offers import OfferService, OfferView
from kimdesk.ui.case_file.request import Begin, CaseRequest
from kimdesk.ui.design import Icon, Space, theme
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.offers.detail import OfferDetail
from kimdesk.ui.offers.filters import FilterPanel
from kimdesk.ui.offers.for_case import profile_of
from kimdesk.ui.offers.importing import ChooseFile, ImportDialog, ask_for_file
from kimdesk.ui.offers.office_card import OfficeCard
from kimdesk.ui.offers.request import offers_request
from kimdesk.ui.offers.results import ResultList, item_of_hit, item_of_row
from kimdesk.ui.offers.words import misfit_words, open_words
from kimdesk.ui.page import Page
from kimdesk.ui.printing.picker import PickDialog, case_title, find_case, pick_case
from kimdesk.ui.printing.request import PrintRequest
from kimdesk.ui.widgets import (
    Button,
    EmptyState,
    PageHeader,
    Panel,
    Text,
    TextField,
    announce,
    column,
    describe,
    row,
)

_PAUSE_MILLISECONDS = 150
_FIRST_RESULTS, _MOST_RESULTS = 12, 100
_MOST_LISTED = 500
_NARROW = 900


class OffersPage(Page):
    """Finds offers and hands them on."""

    page_id: ClassVar[str] = "offers"
    manual_page: ClassVar[str] = "angebote"

    def __init__(
        self,
        offers: OfferService,
        cases: CaseService,
        jobs: Jobs,
        messages: Messages,
        clock: Clock,
        *,
        choose_file: ChooseFile = ask_for_file,
        care: OfferCareService | None = None,
        gaps: OfferGapService | None = None,
    ) -> None:
        super().__init__()
        self._offers, self._cases, self._jobs, self._messages = offers, cases, jobs, messages
        self._choose_file, self._clock = choose_file, clock
        self._profile: CaseProfile | None = None
        self._gaps = gaps
        self.office = None if care is None else OfficeCard(care, jobs, messages)
        self._case: CaseSummary | None = None
        self._total = self._search_total = 0
        self._wanted: UUID | None = None
        self._reading_detail = False
        self.import_dialog: ImportDialog | None = None
        self.picker: PickDialog | None = None
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(lambda: self._search())
        self.search.changed.connect(self._pause.start)
        self.filters.changed.connect(lambda: self._search())
        self.results.selected.connect(self._read_detail)
        self.results.opened.connect(self._open_detail)
        self.results.left_upwards.connect(self.focus_filter)
        self.results.verticalScrollBar().valueChanged.connect(self._read_on)
        self.detail.print_wanted.connect(self._print)
        self.detail.remember_wanted.connect(self._remember)
        self.detail.begin_wanted.connect(self._begin)
        self.detail.closed.connect(self._close_detail)

    @property
    def title(self) -> str:
        return _("Angebote")

    def _build(self) -> None:
        self.import_button = Button(_("Importieren …"), symbol=Icon.IMPORT, on_click=self.start_import)
        self.filter_button = Button(_("Filter"), symbol=Icon.FILTER, on_click=self._toggle_filters)
        self.care_button = Button(
            _("Verzeichnis pflegen"), symbol=Icon.TASKS, on_click=lambda: self.navigate.emit("offer_care", None)
        )
        self.header = PageHeader(_("Angebote"), actions=(self.filter_button, self.care_button, self.import_button))
        self.search = TextField(_("Wonach suchen Sie? Zum Beispiel Sprachkurs oder Wohnung"), symbol=Icon.SEARCH)
        self.search.set_names(_("Angebote suchen"), _("Treffer erscheinen beim Tippen. Pfeil nach unten führt hin."))
        self.search.line.setClearButtonEnabled(True)
        self.search.line.installEventFilter(self)
        self.case_line = Text("", "strong", elide=True)
        self.to_case = Button(_("Zum Fall"), "quiet", symbol=Icon.CASE, on_click=self._go_to_case)
        self.leave_case = Button(_("Ohne Fall weitersuchen"), "quiet", on_click=lambda: self._set_case(None))
        strip = row(self.case_line, self.leave_case, self.to_case)
        strip.setStretch(0, 1)
        strip.setContentsMargins(Space.M, Space.XS, Space.XS, Space.XS)
        self.case_strip = Panel("well", strip)
        self.case_strip.hide()

        self.filters = FilterPanel(lambda: self._clock.now().astimezone(OFFICE_ZONE))
        self.suggestion = Button("", "link", on_click=self._take_suggestion)
        self.suggestion.hide()
        self.results = ResultList()
        self.detail = OfferDetail(self._messages)
        if self.office is not None:
            self.detail.add_foot(self.office)
        self.count = Text("", "meta")
        nothing = EmptyState(
            Icon.SEARCH,
            _("Nichts gefunden"),
            _("Versuchen Sie ein allgemeineres Wort oder heben Sie den Filter auf."),
            action=_("Suche und Filter aufheben"),
            on_action=self._reset,
            compact=True,
        )
        self.found = QStackedWidget()
        self.found.addWidget(self.results)
        self.found.addWidget(nothing)
        self.gap_button = Button(_("Nichts Passendes? Als Lücke vermerken"), "link", on_click=self.note_gap)
        self.gap_button.setVisible(self._gaps is not None)
        self.middle = column(self.suggestion, self.count, self.found, self.gap_button, space=Space.XS)
        self.middle.setStretch(2, 1)
        self.work = row(space=Space.M)
        self.work.addWidget(self.filters)
        self.work.addLayout(self.middle, 5)
        self.work.addWidget(self.detail, 5)
        directory = column(self.search, self.case_strip, self.work, space=Space.M)
        directory.setStretch(2, 1)
        self.directory = Panel("page", directory)
        self.empty = EmptyState(
            Icon.OFFERS,
            _("Das Verzeichnis ist noch leer"),
            _(
                "Hier finden Sie Kurse, Beratungsstellen und Hilfen für Ihre Klientinnen und Klienten. Beginnen Sie "
                "mit einer Datei aus Integreat oder im Format HSDS."
            ),
            action=_("Datei importieren …"),
            on_action=self.start_import,
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.directory)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.header)
        self.body.addWidget(self.stack, 1)
        describe(self, _("Angebote"))

    # What the frame calls

    def activate(self, argument: object = None) -> None:
        self.search.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._jobs.read(self._cases.communes, self._show_communes, owner=self, latest="communes")
        wanted = offers_request(argument)
        if wanted is not None:
            self._wanted = wanted.offer_id
            self.search.line.setText(wanted.text)
            self.filters.blockSignals(True)
            self.filters.choose(OfferFilter(life_area=wanted.life_area))
            self.filters.blockSignals(False)
            identifier = wanted.case_id
            self._set_case(None)
            self._jobs.read(
                lambda: self._look_up_case(identifier) if identifier is not None else None,
                self._set_case,
                owner=self,
                latest="case",
            )
        self._search()

    def refresh(self, areas: frozenset[str]) -> None:
        if "offers" in areas:
            self._search()

    def focus_filter(self) -> None:
        self.search.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.line.selectAll()

    def print_out(self) -> None:
        self.detail.print.click()

    # Searching

    def _search(self, most: int = _FIRST_RESULTS) -> None:
        """Read what was typed for; a keystroke reads what is seen at once, `_read_on` the rest."""
        self._pause.stop()
        text, offers = self.search.value(), self._offers
        narrow, profile = self.filters.split()

        def read() -> tuple[int, OfferAnswer | OfferPage]:
            if text:
                return offers.count(), offers.find(text, narrow, most, profile=profile)
            return offers.count(), offers.look_through(narrow, _MOST_LISTED, profile=profile)

        self._profile = profile
        self._jobs.read(read, self._show_found, owner=self, latest="search")

    def _read_on(self, place: int) -> None:
        """Fetch further results when the list is scrolled to its end."""
        bar = self.results.verticalScrollBar()
        shown = len(self.results.items())
        if place == bar.maximum() > 0 and self._search_total > shown == _FIRST_RESULTS:
            here = self.results.current()
            self._wanted = here.id if here is not None else None
            self._search(_MOST_RESULTS)

    def _take_suggestion(self) -> None:
        self.search.line.setText(self.suggestion.property("words"))
        self.focus_filter()

    def _show_found(self, answer: tuple[int, OfferAnswer | OfferPage]) -> None:
        self._total, found = answer
        self.header.set_title(
            _("Angebote"),
            ngettext("{n} Angebot im Verzeichnis", "{n} Angebote im Verzeichnis", self._total).format(
                n=number(self._total)
            )
            if self._total
            else "",
        )
        self.stack.setCurrentWidget(self.directory if self._total else self.empty)
        if isinstance(found, OfferPage):
            items, there = [item_of_row(offer) for offer in found.rows], found.total
        else:
            items, there = [item_of_hit(hit) for hit in found.hits], found.total
        self._search_total = found.total if isinstance(found, OfferAnswer) else 0
        meant = found.suggestion if isinstance(found, OfferAnswer) else ""
        self.suggestion.setProperty("words", meant)
        self.suggestion.setText(_("Meinten Sie „{words}“?").format(words=meant) if meant else "")
        self.suggestion.setVisible(bool(meant))
        here = self.results.current()
        keep = self._wanted or (here.id if here is not None and isinstance(found, OfferPage) else None)
        self._wanted = None
        self.results.set_items(items, keep)
        if keep is not None and all(item.id != keep for item in items):
            self._read_detail(keep)  # asked for by id, but not among what is listed
        self.found.setCurrentIndex(0 if items else 1)
        self.detail.setVisible(bool(items) and (not self._is_narrow() or self._reading_detail))
        self.count.setText(_counted(len(items), there))
        announce(self.results, self.count.text())

    def _reset(self) -> None:
        self.search.line.clear()
        self.filters.clear()
        self.focus_filter()

    def _show_communes(self, communes: tuple[tuple[str, str], ...]) -> None:
        self.filters.set_communes(communes)
        self.detail.set_communes(dict(communes))

    # Reading

    def _read_detail(self, offer_id: UUID) -> None:
        self._jobs.read(lambda: self._offers.get(offer_id), self._show_detail, owner=self, latest="detail")

    def _show_detail(self, view: OfferView) -> None:
        facts = view.offer.facts
        reasons = misfits(facts, self._profile) if self._profile is not None else ()
        now = self._clock.now().astimezone(OFFICE_ZONE)
        state = open_state(
            facts.all_schedules,
            facts.closures,
            facts.closed_on_holidays,
            facts.by_appointment,
            now.replace(tzinfo=None),
        )
        self.detail.show_offer(view, misfit_words(reasons), open_words(state))
        if self.office is not None:
            self.office.show_offer(view.offer.id)

    def note_gap(self) -> None:
        """Record that nothing suitable was found, by the filters set and, where there is one, the case."""
        gaps = self._gaps
        if gaps is None:
            return
        narrow, case = self.filters.value(), self._case
        subject = GapSubject(narrow.life_area, narrow.commune or "", narrow.status, narrow.language or "")
        case_id = case.id if case is not None else None

        def said(written: Written[Gap]) -> None:
            self._messages.good(
                _("Als Angebotslücke vermerkt. Ihr Suchwort wird nicht gespeichert."),
                undo=lambda: self._jobs.write(lambda: gaps.forget(written.value.id)),
            )

        self._jobs.write(lambda: gaps.record_search(subject, case_id), said, owner=self)

    def _open_detail(self, _offer_id: UUID) -> None:
        self._reading_detail = True
        self._arrange()
        self.detail.print.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_detail(self) -> None:
        self._reading_detail = False
        self._arrange()
        self.results.setFocus(Qt.FocusReason.OtherFocusReason)

    # For a case

    def _look_up_case(self, case_id: UUID) -> tuple[CaseSummary, CaseProfile] | None:
        """Runs in the database thread."""
        case = find_case(self._cases, case_id)
        return (case, profile_of(self._cases.file(case_id), self._clock.today())) if case is not None else None

    def _set_case(self, found: tuple[CaseSummary, CaseProfile] | None) -> None:
        case, profile = found if found is not None else (None, None)
        self._case = case
        self.case_strip.setVisible(case is not None)
        self.detail.set_for_case(case is not None and case.closed_on is None)
        self.filters.set_case(profile)
        if case is None:
            self.detail.remember.setText(_("Für Fall merken …"))
            return
        self.case_line.setText(_("Für Fall {number}: {persons}").format(number=case.number, persons=case_title(case)))
        self.detail.remember.setText(_("Für Fall {number} merken").format(number=case.number))

    def _go_to_case(self) -> None:
        if self._case is not None:
            self.navigate.emit("case", self._case.id)

    def _remember(self, offer_id: UUID) -> None:
        if self._case is not None:
            self._remember_for(self._case, offer_id)
            return
        self.picker = pick_case(self, self._cases, self._jobs)
        self.picker.chosen.connect(lambda case: self._remember_for(case, offer_id))
        self.picker.open()

    def _remember_for(self, case: CaseSummary, offer_id: UUID) -> None:
        self._jobs.write(
            lambda: self._cases.remember_offer(case.id, offer_id),
            lambda _written: self._messages.good(
                _("Das Angebot ist für Fall {number} gemerkt.").format(number=case.number),
                undo=lambda: self._forget(case, offer_id),
            ),
            owner=self,
        )

    def _forget(self, case: CaseSummary, offer_id: UUID) -> None:
        self._jobs.write(lambda: self._cases.forget_offer(case.id, offer_id), owner=self)

    def _begin(self, begin: str) -> None:
        """Go to the case and begin a referral or a measure with the offer shown."""
        offer = self.detail.offer()
        if self._case is not None and offer is not None:
            request = CaseRequest(
                case_id=self._case.id,
                begin=Begin(begin),
                offer_id=offer.id,
                title=offer.title,
                provider=offer.facts.provider,
            )
            self.navigate.emit("case", request)

    def _print(self, offer_id: UUID, language: str) -> None:
        case_id = self._case.id if self._case is not None else None
        # German is what the text is shown in by default and no choice of the client's language.
        chosen = language if language != "de" else ""
        self.navigate.emit("print", PrintRequest(offer_id=offer_id, case_id=case_id, language=chosen))

    # Importing

    def start_import(self) -> None:
        """Open the import."""
        self.import_dialog = ImportDialog(self, self._offers.imports, self._jobs, self._choose_file)
        self.import_dialog.open()

    # Room

    def _is_narrow(self) -> bool:
        return self.width() < theme().px(_NARROW)

    def _toggle_filters(self) -> None:
        self.filters.setVisible(self.filters.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self._is_narrow()
        if self.filter_button.isVisibleTo(self) != narrow or event.oldSize().width() <= 0:
            self.filter_button.setVisible(narrow)
            self.filters.setVisible(not narrow)
        self._arrange()

    def _arrange(self) -> None:
        """Where there is no room for both, show either the list or the offer."""
        narrow = self._is_narrow()
        listed = not (narrow and self._reading_detail)
        self.found.setVisible(listed)
        self.count.setVisible(listed)
        self.detail.setVisible(bool(self.results.items()) and (not narrow or self._reading_detail))
        self.detail.back.setVisible(narrow)
        self.filters.setFixedWidth(theme().px(190))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search.line and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.results.items():
                self.results.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
                if self._pause.isActive():
                    self._search()
                elif (here := self.results.current()) is not None:
                    self._open_detail(here.id)
                return True
        return super().eventFilter(watched, event)


def _counted(shown: int, there: int) -> str:
    if shown < there and shown >= _MOST_RESULTS:
        return _("Die ersten {shown} von {total}. Bitte suchen Sie genauer.").format(
            shown=number(shown), total=number(there)
        )
    return ngettext("{n} Angebot", "{n} Angebote", there).format(n=number(there)) if there else ""
