"""The print page: document and offer left, the client's language on top, the pages in the middle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from kimdesk.documents.catalogue import NOTE, OFFER_SHEET
from kimdesk.documents.languages import GERMAN, HANDOUT_LANGUAGES
from kimdesk.domain.views import CaseSummary
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.services.cases import CaseService
from kimdesk.services.offers import OfferService, OfferView
from kimdesk.services.prints import Printout, PrintService
from kimdesk.ui.design import Icon, Meaning, Space, icon, theme
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.printing.language_fields import LanguageFields
from kimdesk.ui.printing.order import Order
from kimdesk.ui.printing.picker import Pick, PickDialog, case_detail, case_title, find_case, pick_case
from kimdesk.ui.printing.preview import Preview, open_pdf
from kimdesk.ui.printing.printer import ChoosePrinter, ask_for_printer, print_pages
from kimdesk.ui.printing.request import PrintRequest
from kimdesk.ui.widgets import (
    Badge,
    Banner,
    Button,
    CheckField,
    ChoiceChips,
    IconButton,
    Line,
    PageHeader,
    Panel,
    Scroll,
    Text,
    TextArea,
    TextField,
    column,
    describe,
    put,
    row,
)

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_PAUSE_MILLISECONDS = 300
_MOST_OFFERS = 60
ChoosePath = Callable[[QWidget, str], Path | None]


def ask_where_to_save(parent: QWidget, name: str) -> Path | None:
    """Ask for a file name with the system's dialog, `name` proposed; None if the user thinks better of it."""
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("Als PDF speichern"), name, _("PDF-Dateien (*.pdf)"))
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(".pdf")


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
        choose_path: ChoosePath = ask_where_to_save,
    ) -> None:
        super().__init__()
        self._prints, self._offers, self._cases = prints, offers, cases
        self._jobs, self._messages = jobs, messages
        self._choose_printer, self._choose_path = choose_printer, choose_path
        self._offer: OfferView | None = None
        self._case: CaseSummary | None = None
        self._printout: Printout | None = None
        self._language_is_chosen = False
        self.picker: PickDialog | None = None
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._make_preview)
        self._show_form()
        self._changed()

    @property
    def title(self) -> str:
        return _("Drucken")

    # Building

    def _build(self) -> None:
        self.export_button = Button(_("Als PDF speichern …"), symbol=Icon.EXPORT, on_click=self.start_export)
        self.print_button = Button(_("Drucken"), "primary", symbol=Icon.PRINT, on_click=self.print_out)
        header = PageHeader(_("Drucken"), actions=(self.export_button, self.print_button))
        self.preview = Preview(_("Angebot wählen …"), self.choose_offer)
        self.warning = Banner(
            _("Die Datei liegt danach unverschlüsselt außerhalb des Tresors. Bitte löschen Sie sie nach Gebrauch."),
            Meaning.ATTENTION,
            action=_("Speicherort wählen …"),
            on_action=self._export,
            closable=True,
        )
        self.warning.hide()
        middle = Panel("well", column(self.preview))
        left = Panel("card", column(Scroll(self._order_form())))
        left_width = theme().px(310)
        left.setFixedWidth(min(left_width, 480))
        left.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)  # scrolls inside
        across = row(left, middle, space=Space.M)
        across.setStretch(1, 1)
        self.body.addWidget(header)
        self.body.addLayout(self._language_bar())
        self.body.addWidget(self.warning)
        self.body.addLayout(across, 1)
        describe(self, _("Drucken"))

    def _language_bar(self) -> QVBoxLayout:
        names = [(code, _name(code)) for code in HANDOUT_LANGUAGES]
        self.language = ChoiceChips(names, required=True, space=Space.XS)
        self.language.set_names(_("Sprache des Ausdrucks"), "")
        self.language.set_value(GERMAN)
        self.language.chosen.connect(lambda _code: self._language_chosen())
        self.beside_german = CheckField(_("Zweisprachig mit Deutsch"))
        self.beside_german.set_value(True)
        self.beside_german.finished.connect(self._languages_changed)
        self.review = Badge(_("Feste Texte noch nicht muttersprachlich geprüft"), Meaning.ATTENTION)
        self.missing_text = Text("", "meta", elide=True)
        below = row(self.beside_german, self.review, self.missing_text)
        below.setStretch(2, 1)
        return column(self.language, below, space=Space.XS)

    def _order_form(self) -> QWidget:
        self.documents = QListWidget()
        put(self.documents, role="plain")
        describe(self.documents, _("Dokument"))
        for kind in self._prints.documents():
            item = QListWidgetItem(icon(_SYMBOLS.get(kind.name, Icon.DOCUMENT)), _(kind.title))
            item.setData(Qt.ItemDataRole.UserRole, kind.name)
            self.documents.addItem(item)
        self.documents.setCurrentRow(0)
        self.documents.setFixedHeight(self.documents.sizeHintForRow(0) * self.documents.count() + 2 * Space.XS)
        self.documents.currentRowChanged.connect(lambda _row: self._document_chosen())

        self.offer_title = Text("", "strong", wrap=True)
        self.offer_provider = Text("", "meta", wrap=True)
        self.offer_button = Button(_("Angebot wählen …"), symbol=Icon.OFFERS, on_click=self.choose_offer)
        self.next_step = LanguageFields(
            _("Nächster Schritt"),
            lambda: TextArea(lines=2),
            help=_("Freiwillig. Steht hervorgehoben auf dem Blatt, zum Beispiel ein Termin."),
        )
        self.offer_part = QWidget()
        self.offer_part.setLayout(
            column(
                Text(_("Angebot"), "label"),
                self.offer_title,
                self.offer_provider,
                row(self.offer_button, None),
                space=Space.XS,
            )
        )

        self.note_title = LanguageFields(_("Überschrift"), TextField)
        self.note_text = LanguageFields(_("Text"), lambda: TextArea(lines=6))
        self.note_part = QWidget()
        self.note_part.setLayout(column(self.note_title, self.note_text, space=Space.M))
        for fields in (self.next_step, self.note_title, self.note_text):
            fields.changed.connect(self._typed)

        self.case_text = Text("", wrap=True)
        self.case_text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.case_button = Button(_("Fall wählen …"), symbol=Icon.CASE, on_click=self.choose_case)
        self.no_case = IconButton(Icon.CLOSE, _("Ohne Fall drucken"), lambda: self._set_case(None))
        form = QWidget()
        layout = column(
            Text(_("Dokument"), "label"),
            self.documents,
            self.offer_part,
            Space.XS,
            Text(_("Für Fall"), "label"),
            row(self.case_text, self.no_case),
            row(self.case_button, None),
            Line(),
            self.next_step,
            self.note_part,
            None,
            space=Space.S,
        )
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        form.setLayout(layout)
        return form

    # What the frame calls

    def activate(self, argument: object = None) -> None:
        self.documents.setFocus(Qt.FocusReason.OtherFocusReason)
        if argument is None:
            self._changed()
            return
        if not isinstance(argument, PrintRequest):
            raise TypeError("the print page cannot be opened with this argument")
        self._clear_for(argument)
        self._choose_document(argument.document)
        self._language_is_chosen = argument.language in HANDOUT_LANGUAGES
        if self._language_is_chosen:
            self.language.set_value(argument.language)
            self._languages_changed()
        if argument.offer_id is not None:
            self._read_offer(argument.offer_id)
        elif argument.document == OFFER_SHEET.name:
            self._set_offer(None)
        self._set_case(None)
        if argument.case_id is not None:
            case_id = argument.case_id
            self._jobs.read(lambda: find_case(self._cases, case_id), self._set_case, owner=self, latest="case")

    def _clear_for(self, wanted: PrintRequest) -> None:
        """Take away what was typed for another person or offer: it must not get onto the wrong sheet."""
        other_case = wanted.case_id != (self._case.id if self._case is not None else None)
        other_offer = wanted.offer_id != (self._offer.offer.id if self._offer is not None else None)
        stale = [self.next_step] if other_case or other_offer else []
        stale += [self.note_title, self.note_text] if other_case else []
        typed = [(fields, fields.values()) for fields in stale if fields.values()]
        if not typed:
            return
        for fields, texts in typed:
            fields.set_values(dict.fromkeys(texts, ""))

        def bring_back() -> None:
            for fields, texts in typed:
                fields.set_values(texts)

        self._messages.good(_("Der Text vom vorigen Ausdruck ist entfernt."), undo=bring_back)

    def refresh(self, areas: frozenset[str]) -> None:
        if areas & {"offers", "settings"}:
            self._changed()

    def save(self) -> None:
        self.start_export()

    def focus_filter(self) -> None:
        if self._document() == OFFER_SHEET.name:
            self.choose_offer()

    def draft(self) -> Mapping[str, object] | None:
        typed = {name: fields.values() for name, fields in self._fields().items()}
        if not any(typed.values()):
            return None
        return {
            **typed,
            "document": self._document(),
            "language": self._language(),
            "beside_german": self.beside_german.value(),
            "offer_id": str(self._offer.offer.id) if self._offer is not None else "",
            "case_id": str(self._case.id) if self._case is not None else "",
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        self._choose_document(str(draft.get("document", OFFER_SHEET.name)))
        self.language.set_value(str(draft.get("language", GERMAN)))
        self._language_is_chosen = True
        self.beside_german.set_value(bool(draft.get("beside_german", True)))
        self._languages_changed()
        for name, fields in self._fields().items():
            typed = draft.get(name)
            if isinstance(typed, Mapping):
                fields.set_values({str(code): str(text) for code, text in typed.items() if code in HANDOUT_LANGUAGES})
        if offer_id := str(draft.get("offer_id") or ""):
            self._read_offer(UUID(offer_id))
        if case_id := str(draft.get("case_id") or ""):
            identifier = UUID(case_id)
            self._jobs.read(lambda: find_case(self._cases, identifier), self._set_case, owner=self, latest="case")

    def _fields(self) -> dict[str, LanguageFields]:
        return {"next_step": self.next_step, "note_title": self.note_title, "note_text": self.note_text}

    # Choosing

    def _document(self) -> str:
        return str(self.documents.currentItem().data(Qt.ItemDataRole.UserRole))

    def _choose_document(self, name: str) -> None:
        for place in range(self.documents.count()):
            if self.documents.item(place).data(Qt.ItemDataRole.UserRole) == name:
                self.documents.setCurrentRow(place)

    def _document_chosen(self) -> None:
        self._show_form()
        self._changed()

    def _language(self) -> str:
        return str(self.language.value() or GERMAN)

    def _language_chosen(self) -> None:
        self._language_is_chosen = True
        self._languages_changed()

    def _languages_changed(self) -> None:
        self._show_form()
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

    def _read_offer(self, offer_id: UUID) -> None:
        self._jobs.read(lambda: self._offers.get(offer_id), self._set_offer, self._no_offer, owner=self, latest="offer")

    def _no_offer(self, error: KnownError) -> None:
        self._set_offer(None)
        self._messages.show_error(error)

    def _set_offer(self, view: OfferView | None) -> None:
        self._offer = view
        self._show_form()
        self._changed()

    def _set_case(self, case: CaseSummary | None) -> None:
        self._case = case
        if case is not None and not self._language_is_chosen:
            spoken = next((code for code in case.languages if code in HANDOUT_LANGUAGES), None)
            if spoken is not None:
                self.language.set_value(spoken)
        self._show_form()
        self._changed()

    def _typed(self) -> None:
        self.draft_changed.emit()
        self._changed()

    def _show_form(self) -> None:
        """Show the fields of the document, the languages and the case that are chosen."""
        language, order = self._language(), self._order()
        foreign = language != GERMAN
        is_note = order.document == NOTE.name
        self.beside_german.entry.setEnabled(foreign)
        self.review.setVisible(not HANDOUT_LANGUAGES[language].reviewed)
        self.offer_part.setVisible(not is_note)
        self.next_step.setVisible(not is_note)
        self.note_part.setVisible(is_note)
        for fields in self._fields().values():
            fields.show_languages(order.languages())
        offer = self._offer.offer if self._offer is not None else None
        put(self.offer_button, kind="link" if offer is not None else "plain")
        self.offer_title.setText(offer.title if offer is not None else _("Noch kein Angebot gewählt"))
        self.offer_provider.setText(offer.facts.provider if offer is not None else "")
        self.offer_provider.setVisible(bool(self.offer_provider.text()))
        self.offer_button.setText(_("Anderes Angebot …") if offer is not None else _("Angebot wählen …"))
        lacks = offer is not None and not is_note and foreign and language not in offer.languages_written()
        self.missing_text.setText(
            _("Für dieses Angebot gibt es noch keinen Text auf {language}.").format(
                language=_(HANDOUT_LANGUAGES[language].name)
            )
            if lacks
            else ""
        )
        case = self._case
        self.case_text.setText(f"{case_title(case)}\n{case_detail(case)}" if case is not None else _("ohne Fall"))
        self.no_case.setVisible(case is not None)
        put(self.case_button, kind="link" if case is not None else "plain")
        self.case_button.setText(_("Anderer Fall …") if case is not None else _("Fall wählen …"))

    # The pages

    def _order(self) -> Order:
        return Order(
            document=self._document(),
            language=self._language(),
            beside_german=self.beside_german.value(),
            offer_id=self._offer.offer.id if self._offer is not None else None,
            case_id=self._case.id if self._case is not None else None,
            titles=self.note_title.values(),
            texts=self.note_text.values(),
            next_step=self.next_step.values(),
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
        self._jobs.read(
            lambda: order.make(self._prints),
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

    def _show_problem(self, error: KnownError) -> None:
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
        document = open_pdf(printout.data, self)
        try:
            taken = print_pages(document, printer)
        finally:
            document.close()
            document.deleteLater()
        if taken:
            self._messages.good(_("Die Seiten sind an den Drucker gegeben."))
        else:
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
            lambda _nothing: self._messages.attention(
                _("{name} ist gespeichert und liegt unverschlüsselt außerhalb des Tresors.").format(name=path.name)
            ),
            owner=self,
        )


_SYMBOLS = {OFFER_SHEET.name: Icon.OFFERS, NOTE.name: Icon.NOTE}


def _name(code: str) -> str:
    """Return what a chip says: both names, or only the native one where every reader knows it by its letters."""
    language = HANDOUT_LANGUAGES[code]
    if language.native_name.isascii() or code == "tr":
        return language.native_name
    german = _(language.name).partition(" (")[0]  # all chips fit into one row
    return f"{german} · {language.native_name}"


def _file_name(printout: Printout) -> str:
    """Return a name that tells nothing about a person."""
    word = _("Mitteilung") if printout.document == NOTE.name else _("Angebotsblatt")
    return f"{word}-{'-'.join(reversed(printout.languages))}.pdf"


def _what_is_missing(order: Order) -> tuple[str, str]:
    if order.document == NOTE.name:
        return _("Noch kein Text"), _("Schreiben Sie links den Text der Mitteilung. Die Seite erscheint hier.")
    return (
        _("Noch kein Angebot gewählt"),
        _("Wählen Sie links ein Angebot und oben die Sprache. Das Blatt erscheint hier, wie es gedruckt wird."),
    )
