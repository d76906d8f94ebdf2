"""The print page: document and offer left, the client's language on top, the pages in the middle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimdesk.documents.catalogue import NOTE, OFFER_SHEET, document_kind
from kimdesk.documents.languages import GERMAN, HANDOUT_LANGUAGES
from kimdesk.domain.views import CaseSummary
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.offers.model import Offer
from kimdesk.services.cases import CaseService
from kimdesk.services.offers import OfferService
from kimdesk.services.paper_orders import PaperOrder
from kimdesk.services.prints import Printout, PrintService
from kimdesk.ui.design import Icon, Meaning, Space, theme
from kimdesk.ui.files import ask_where_to_save
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.printing.language_bar import LanguageBar
from kimdesk.ui.printing.order import Order
from kimdesk.ui.printing.order_form import OrderForm
from kimdesk.ui.printing.picker import Pick, PickDialog, find_case, pick_case
from kimdesk.ui.printing.preview import Preview, open_pdf
from kimdesk.ui.printing.printer import ChoosePrinter, PrintOutcome, PrintRun, PrintStopped, ask_for_printer
from kimdesk.ui.printing.request import PrintRequest
from kimdesk.ui.widgets import (
    Banner,
    Button,
    PageHeader,
    Panel,
    Scroll,
    column,
    describe,
    row,
)

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_PAUSE_MILLISECONDS = 300
_MOST_OFFERS = 60
ChoosePath = Callable[[QWidget, str], Path | None]


def ask_for_pdf(parent: QWidget, name: str) -> Path | None:
    """Ask for a file name with the system's dialog, `name` proposed; None if the user thinks better of it."""
    return ask_where_to_save(parent, _("Als PDF speichern"), name, _("PDF-Dateien (*.pdf)"))


class PrintPage(Page):
    """Shows what will be printed, and prints it."""

    page_id: ClassVar[str] = "print"
    manual_page: ClassVar[str] = "drucken"

    def __init__(
        self,
        prints: PrintService,
        offers: OfferService,
        cases: CaseService,
        jobs: Jobs,
        messages: Messages,
        *,
        choose_printer: ChoosePrinter = ask_for_printer,
        choose_path: ChoosePath = ask_for_pdf,
    ) -> None:
        super().__init__()
        self._prints, self._offers, self._cases = prints, offers, cases
        self._jobs, self._messages = jobs, messages
        self._choose_printer, self._choose_path = choose_printer, choose_path
        self._offer: Offer | None = None
        self._case: CaseSummary | None = None
        self._printout: Printout | None = None
        self._pack: list[PaperOrder] = []
        self._wanted_record: UUID | None = None
        self._stop = Event()
        self._run: PrintRun | None = None
        self.picker: PickDialog | None = None
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._make_preview)
        self._languages_changed()

    @property
    def title(self) -> str:
        return _("Drucken")

    # Building

    def _build(self) -> None:
        self.export_button = Button(_("Als PDF speichern …"), symbol=Icon.EXPORT, on_click=self.start_export)
        self.print_button = Button(_("Drucken"), "primary", symbol=Icon.PRINT, on_click=self.print_out)
        header = PageHeader(_("Drucken"), actions=(self.export_button, self.print_button))
        self.preview = Preview(_("Angebot wählen …"), self.choose_offer, on_cancel=self.cancel)
        self.warning = Banner(
            _("Die Datei liegt danach unverschlüsselt außerhalb des Tresors. Bitte löschen Sie sie nach Gebrauch."),
            Meaning.ATTENTION,
            action=_("Speicherort wählen …"),
            on_action=self._export,
            closable=True,
        )
        self.warning.hide()
        self.languages = LanguageBar()
        self.languages.changed.connect(self._languages_changed)
        self.form = OrderForm(self._prints.documents())
        self.form.document_changed.connect(self._document_changed)
        self.form.offer_wanted.connect(self.choose_offer)
        self.form.case_wanted.connect(self.choose_case)
        self.form.no_case_wanted.connect(lambda: self._set_case(None))
        self.form.typed.connect(self._typed)
        self.form.pack_wanted.connect(self.put_aside)
        self.form.unpack_wanted.connect(self.unpack)
        middle = Panel("well", column(self.preview))
        left = Panel("card", column(Scroll(self.form)))
        left.setFixedWidth(min(theme().px(310), 480))
        left.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)  # scrolls inside
        across = row(left, middle, space=Space.M)
        across.setStretch(1, 1)
        self.body.addWidget(header)
        self.body.addWidget(self.languages)
        self.body.addWidget(self.warning)
        self.body.addLayout(across, 1)
        describe(self, _("Drucken"))

    # What the frame calls

    def activate(self, argument: object = None) -> None:
        self.form.documents.setFocus(Qt.FocusReason.OtherFocusReason)
        if argument is None:
            self._changed()
            return
        if not isinstance(argument, PrintRequest):
            raise TypeError("the print page cannot be opened with this argument")
        self._clear_for(argument)
        self.form.choose_document(argument.document)
        self.languages.chosen_by_hand = False
        if argument.language in HANDOUT_LANGUAGES:
            self.languages.choose(argument.language)
        if argument.offer_id is not None or argument.document == OFFER_SHEET.name:
            self._read_offer(argument.offer_id)
        self._wanted_record = argument.record_id
        self._read_case(argument.case_id)

    def _clear_for(self, wanted: PrintRequest) -> None:
        """Take away what was typed for another person or offer: it must not get onto the wrong sheet."""
        other_case = wanted.case_id != (self._case.id if self._case is not None else None)
        other_offer = wanted.offer_id != (self._offer.id if self._offer is not None else None)
        stale = [self.form.next_step] if other_case or other_offer else []
        stale += [self.form.note_title, self.form.note_text] if other_case else []
        typed = [(fields, fields.values()) for fields in stale if fields.values()]
        blanks = self.form.blanks.clear() if other_case else {}
        if not typed and not blanks:
            return
        for fields, texts in typed:
            fields.set_values(dict.fromkeys(texts, ""))

        def bring_back() -> None:
            for fields, texts in typed:
                fields.set_values(texts)
            self.form.blanks.put_back(blanks)

        self._messages.good(_("Der Text vom vorigen Ausdruck ist entfernt."), undo=bring_back)

    def refresh(self, areas: frozenset[str]) -> None:
        if areas & {"offers", "settings"}:
            self._changed()

    def save(self) -> None:
        self.start_export()

    def focus_filter(self) -> None:
        if self.form.document() == OFFER_SHEET.name:
            self.choose_offer()

    def draft(self) -> Mapping[str, object] | None:
        typed = {name: fields.values() for name, fields in self.form.texts().items()}
        blanks = self.form.blanks.draft()
        if not any(typed.values()) and not blanks:
            return None
        return {
            **typed,
            "blanks": blanks,
            "document": self.form.document(),
            "language": self.languages.code(),
            "beside_german": self.languages.beside_german.value(),
            "offer_id": str(self._offer.id) if self._offer is not None else "",
            "case_id": str(self._case.id) if self._case is not None else "",
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        self.form.choose_document(str(draft.get("document", OFFER_SHEET.name)))
        self.languages.beside_german.set_value(bool(draft.get("beside_german", True)))
        language = str(draft.get("language", GERMAN))
        self.languages.choose(language if language in HANDOUT_LANGUAGES else GERMAN)
        for name, fields in self.form.texts().items():
            typed = draft.get(name)
            if isinstance(typed, Mapping):
                fields.set_values({str(code): str(text) for code, text in typed.items() if code in HANDOUT_LANGUAGES})
        blanks = draft.get("blanks")
        if isinstance(blanks, Mapping):
            self.form.blanks.put_back(blanks)
        offer_id, case_id = str(draft.get("offer_id") or ""), str(draft.get("case_id") or "")
        self._read_offer(UUID(offer_id) if offer_id else None)
        self._read_case(UUID(case_id) if case_id else None)

    # Choosing

    def _document_changed(self) -> None:
        self._read_records()
        self._changed()

    def _read_records(self) -> None:
        """Offer what of the case the document can be about."""
        case, document = self._case, self.form.document()
        self.form.show_records(())
        if case is not None:
            self._jobs.read(
                lambda: self._prints.records(document, case.id), self._show_records, owner=self, latest="records"
            )

    def _show_records(self, records: Sequence[tuple[UUID, str]]) -> None:
        self.form.show_records(records)
        if self._wanted_record is not None:
            self.form.record.editor.set_value(str(self._wanted_record))

    def put_aside(self) -> None:
        """Put the document shown into the pack, as it is filled now."""
        order = self._order()
        if order.has_document():
            self._pack.append(order.paper())
            self._show_pack()

    def unpack(self) -> None:
        """Empty the pack."""
        self._pack.clear()
        self._show_pack()

    def _show_pack(self) -> None:
        self.form.show_pack([_(document_kind(order.document).title) for order in self._pack])
        self._changed()

    def _languages_changed(self) -> None:
        self.form.show_languages(self._order().languages())
        self.languages.say_what_is_missing(self._offer)
        self._changed()

    def choose_offer(self) -> None:
        """Open the list of offers."""
        offers = self._offers

        def search(text: str) -> list[Pick]:
            if text:
                return [Pick(hit.title, hit.provider, hit.id) for hit in offers.search(text, _MOST_OFFERS)]
            return [Pick(offer.title, offer.provider, offer.id) for offer in offers.browse(_MOST_OFFERS).rows]

        self.picker = PickDialog(self, _("Angebot wählen"), _("Wonach suchen Sie?"), search, self._jobs)
        self.picker.chosen.connect(self._read_offer)
        self.picker.open()

    def choose_case(self) -> None:
        """Open the list of open cases."""
        self.picker = pick_case(self, self._cases, self._jobs)
        self.picker.chosen.connect(self._set_case)
        self.picker.open()

    def _read_offer(self, offer_id: UUID | None) -> None:
        """Take the offer from the directory; until it is there, none is chosen."""
        self._set_offer(None)
        self._jobs.read(
            lambda: self._offers.get(offer_id).offer if offer_id is not None else None,
            self._set_offer,
            owner=self,
            latest="offer",
        )

    def _read_case(self, case_id: UUID | None) -> None:
        """Take the case from the list; until it is there, none is chosen."""
        self._set_case(None)
        self._jobs.read(
            lambda: find_case(self._cases, case_id) if case_id is not None else None,
            self._set_case,
            owner=self,
            latest="case",
        )

    def _set_offer(self, offer: Offer | None) -> None:
        self._offer = offer
        self.form.show_offer(offer)
        self.languages.say_what_is_missing(offer)
        self._changed()

    def _set_case(self, case: CaseSummary | None) -> None:
        if self._pack and (case.id if case is not None else None) != self._pack[0].case_id:
            self.unpack()  # what was filled for one person does not go to another
        self._case = case
        self.form.show_case(case)
        if case is not None and not self.languages.chosen_by_hand:
            spoken = next((code for code in case.languages if code in HANDOUT_LANGUAGES), None)
            if spoken is not None:
                self.languages.choose(spoken, by_hand=False)
        self._read_records()
        self._changed()

    def _typed(self) -> None:
        self.draft_changed.emit()
        self._changed()

    # The pages

    def _order(self) -> Order:
        return Order(
            document=self.form.document(),
            language=self.languages.code(),
            beside_german=self.languages.beside_german.value(),
            further=self.languages.codes_further(),
            large=self.languages.large.value(),
            record_id=self.form.record_id(),
            filled=self.form.blanks.filled(tuple(HANDOUT_LANGUAGES)),
            pack=tuple(self._pack),
            offer_id=self._offer.id if self._offer is not None else None,
            case_id=self._case.id if self._case is not None else None,
            titles=self.form.note_title.values(),
            texts=self.form.note_text.values(),
            next_step=self.form.next_step.values(),
        )

    def _changed(self) -> None:
        """What is shown is no longer what would be printed: make the pages anew after a short pause."""
        self._set_printout(None)
        self._pause.start()

    def _set_printout(self, printout: Printout | None) -> None:
        self._printout = printout
        self.print_button.setEnabled(printout is not None)
        self.export_button.setEnabled(printout is not None)
        if printout is None:
            self.warning.hide()

    def _make_preview(self) -> None:
        order = self._order()
        if not order.is_complete():
            self._jobs.read(lambda: None, owner=self, latest="preview")  # drops a preview on its way
            self.preview.progress.stop()
            self.preview.show_nothing(*_what_is_missing(order), offer_action=order.document == OFFER_SHEET.name)
            return
        self.preview.progress.start()
        self._stop.set()  # what is laid out for an older wish ends at its next part
        stop = self._stop = Event()

        def told(done: int, of: int) -> None:
            if stop.is_set():
                raise PrintStopped

        self._jobs.read(
            lambda: order.make(self._prints, told),
            self._show_pages,
            self._show_problem,
            owner=self,
            always=self.preview.progress.stop,
            latest="preview",
        )

    def _show_pages(self, printout: Printout) -> None:
        if self._pause.isActive():
            return  # something changed meanwhile; the next pages are due in a moment
        self.preview.show_pdf(printout.data)
        self._set_printout(printout)

    def cancel(self) -> None:
        """Stop laying out or printing."""
        self._stop.set()
        if self._run is not None:
            self._run.cancel()

    def _show_problem(self, error: KnownError) -> None:
        if isinstance(error, PrintStopped):
            self.preview.show_nothing(_("Abgebrochen"), render_error(error))
            return
        self.preview.show_problem(render_error(error))

    def print_out(self) -> None:
        """Print the pages shown; the log knows of it before the printer does."""
        printout = self._printout
        if printout is None:
            return
        printer = self._choose_printer(self, self.preview.page_count())
        if printer is None:
            return
        self.print_button.set_busy(True)
        self._jobs.write(
            lambda: self._prints.record_print(printout),
            lambda _nothing: self._send(printout, printer),
            owner=self,
            always=lambda: self.print_button.setEnabled(self._printout is not None),
        )

    def _send(self, printout: Printout, printer: QPrinter) -> None:
        self._run = PrintRun(open_pdf(printout.data, self), printer, self)
        self._run.progressed.connect(lambda done, of: self.preview.progress.set_share(done / of))
        self._run.ended.connect(self._sent)
        self.preview.progress.start(_("Die Seiten gehen an den Drucker …"))
        self._run.start()

    def _sent(self, outcome: PrintOutcome) -> None:
        self._run = None
        self.preview.progress.stop()
        match outcome:
            case PrintOutcome.DONE:
                self._messages.good(_("Die Seiten wurden an den Drucker gesendet."))
            case PrintOutcome.CANCELLED:
                self._messages.good(_("Das Drucken ist abgebrochen."))
            case PrintOutcome.REFUSED:
                self._messages.error(
                    _("Der Drucker hat die Seiten nicht angenommen. Bitte prüfen Sie, ob er an und verbunden ist.")
                )

    def start_export(self) -> None:
        """Say what a file outside the vault means, before asking where it goes."""
        if self._printout is not None:
            self.warning.show()
            if self.warning.action is not None:
                self.warning.action.setFocus(Qt.FocusReason.OtherFocusReason)

    def _export(self) -> None:
        printout = self._printout
        if printout is None:
            return
        path = self._choose_path(self, _file_name(printout))
        if path is None:
            return
        self.warning.hide()
        self._jobs.write(
            lambda: self._prints.save(printout, path),
            lambda _nothing: self._messages.good(
                _("{name} ist gespeichert und liegt unverschlüsselt außerhalb des Tresors.").format(name=path.name)
            ),
            owner=self,
        )


def _file_name(printout: Printout) -> str:
    """Return a name that tells nothing about a person."""
    names = printout.document.split("+")
    word = _("Mappe") if len(names) > 1 else _(document_kind(names[0]).title)
    if printout.document == NOTE.name:
        word = _("Mitteilung")
    word = "".join(char if char.isalnum() else "-" for char in word.partition(" (")[0])
    return f"{word}-{'-'.join(reversed(printout.languages))}.pdf"


def _what_is_missing(order: Order) -> tuple[str, str]:
    if order.document == NOTE.name:
        return _("Noch kein Text"), _("Schreiben Sie links den Text der Mitteilung. Die Seite erscheint hier.")
    return (
        _("Noch kein Angebot gewählt"),
        _("Wählen Sie links ein Angebot und oben die Sprache. Das Blatt erscheint hier, wie es gedruckt wird."),
    )
