"""The left column of the print page: document, offer, case, and what is written on the page by hand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QWidget

from kimdesk.documents.catalogue import GROUP_TITLES, NOTE, OFFER_SHEET, DocumentGroup, DocumentKind
from kimdesk.domain.views import CaseSummary
from kimdesk.i18n import _
from kimdesk.offers.model import Offer
from kimdesk.ui.design import Icon, Space, icon
from kimdesk.ui.printing.blank_fields import BlankFields
from kimdesk.ui.printing.language_fields import LanguageFields
from kimdesk.ui.printing.picker import case_detail, case_title
from kimdesk.ui.widgets import (
    Button,
    ChoiceField,
    Field,
    IconButton,
    Line,
    Text,
    TextArea,
    TextField,
    column,
    describe,
    put,
    row,
)

_ROWS_SHOWN = 7
_SYMBOLS = {OFFER_SHEET.name: Icon.OFFERS, NOTE.name: Icon.NOTE}


class OrderForm(QWidget):
    """Shows what it is told and tells what the user wants: another document, offer, case or none; `typed` a text."""

    document_changed = Signal()
    offer_wanted = Signal()
    case_wanted = Signal()
    no_case_wanted = Signal()
    pack_wanted = Signal()
    unpack_wanted = Signal()
    typed = Signal()

    def __init__(self, kinds: Sequence[DocumentKind]) -> None:
        super().__init__()
        self.documents = QListWidget()
        put(self.documents, role="plain")
        describe(self.documents, _("Dokument"))
        for kind in sorted(kinds, key=lambda kind: list(DocumentGroup).index(kind.group)):
            item = QListWidgetItem(icon(_SYMBOLS.get(kind.name, Icon.DOCUMENT)), _(kind.title))
            item.setData(Qt.ItemDataRole.UserRole, kind.name)
            item.setToolTip(_(GROUP_TITLES[kind.group]))
            self.documents.addItem(item)
        self.documents.setCurrentRow(0)
        rows = min(self.documents.count(), _ROWS_SHOWN)
        self.documents.setFixedHeight(self.documents.sizeHintForRow(0) * rows + 2 * Space.XS)
        self.documents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.documents.currentRowChanged.connect(lambda _row: self._document_chosen())

        self.offer_title = Text("", "strong", wrap=True)
        self.offer_provider = Text("", "meta", wrap=True)
        self.offer_button = Button(_("Angebot wählen …"), symbol=Icon.OFFERS, on_click=self.offer_wanted.emit)
        self.offer_part = QWidget()
        offer_lines = (self.offer_title, self.offer_provider, row(self.offer_button, None))
        self.offer_part.setLayout(column(Text(_("Angebot"), "label"), *offer_lines, space=Space.XS))

        self.case_text = Text("", wrap=True)
        self.case_text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.no_case = IconButton(Icon.CLOSE, _("Ohne Fall drucken"), self.no_case_wanted.emit)
        self.case_button = Button(_("Fall wählen …"), symbol=Icon.CASE, on_click=self.case_wanted.emit)

        self.record: Field[ChoiceField] = Field(_("Aus der Akte"), ChoiceField((), empty=_("neueste Angabe")))
        self.record.editor.changed.connect(self.typed)
        self.record.hide()
        self.blanks = BlankFields()
        self.blanks.changed.connect(self.typed)
        self.pack_button = Button(_("In die Mappe"), symbol=Icon.ADD, on_click=self.pack_wanted.emit)
        self.pack_text = Text("", "meta", wrap=True)
        self.unpack_button = Button(_("Mappe leeren"), "link", on_click=self.unpack_wanted.emit)

        self.next_step = LanguageFields(
            _("Nächster Schritt"),
            lambda: TextArea(lines=2),
            help=_("Freiwillig. Steht hervorgehoben auf dem Blatt, zum Beispiel ein Termin."),
        )
        self.note_title = LanguageFields(_("Überschrift"), TextField)
        self.note_text = LanguageFields(_("Text"), lambda: TextArea(lines=6))
        self.note_part = QWidget()
        self.note_part.setLayout(column(self.note_title, self.note_text, space=Space.M))
        for fields in self.texts().values():
            fields.changed.connect(self.typed)
        self._lay_out()
        self.show_offer(None)
        self.show_case(None)
        self.show_pack(())
        self._show_parts()

    def _lay_out(self) -> None:
        layout = column(
            Text(_("Dokument"), "label"),
            self.documents,
            row(self.pack_button, self.unpack_button, None),
            self.pack_text,
            self.offer_part,
            Space.XS,
            Text(_("Für Fall"), "label"),
            row(self.case_text, self.no_case),
            row(self.case_button, None),
            Line(),
            self.record,
            self.blanks,
            self.next_step,
            self.note_part,
            None,
            space=Space.S,
        )
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self.setLayout(layout)

    def texts(self) -> dict[str, LanguageFields]:
        """Return what can be written by hand, by the names drafts use."""
        return {"next_step": self.next_step, "note_title": self.note_title, "note_text": self.note_text}

    def document(self) -> str:
        """Return the name of the document chosen."""
        return str(self.documents.currentItem().data(Qt.ItemDataRole.UserRole))

    def choose_document(self, name: str) -> None:
        """Choose the document `name`; an unknown one changes nothing."""
        for place in range(self.documents.count()):
            if self.documents.item(place).data(Qt.ItemDataRole.UserRole) == name:
                self.documents.setCurrentRow(place)

    def _document_chosen(self) -> None:
        self._show_parts()
        self.document_changed.emit()

    def _show_parts(self) -> None:
        document = self.document()
        self.offer_part.setVisible(document == OFFER_SHEET.name)
        self.next_step.setVisible(document == OFFER_SHEET.name)
        self.note_part.setVisible(document == NOTE.name)
        self.blanks.show_document(document)

    def show_languages(self, codes: Sequence[str]) -> None:
        """Show the fields of the languages on the page."""
        for fields in self.texts().values():
            fields.show_languages(codes)
        self.blanks.show_languages(codes)

    def show_records(self, records: Sequence[tuple[UUID, str]]) -> None:
        """Offer the records of the case the document can be about; the newest is taken where none is chosen."""
        self.record.editor.set_options([(str(record_id), words) for record_id, words in records])
        self.record.setVisible(len(records) > 1)

    def record_id(self) -> UUID | None:
        """Return the record chosen."""
        chosen = self.record.editor.value()
        return UUID(chosen) if chosen else None

    def show_pack(self, titles: Sequence[str]) -> None:
        """Show which documents were put aside."""
        self.pack_text.setText(_("Mappe: {documents}").format(documents=", ".join(titles)) if titles else "")
        self.pack_text.setVisible(bool(titles))
        self.unpack_button.setVisible(bool(titles))

    def show_offer(self, offer: Offer | None) -> None:
        """Show the offer chosen, or that there is none."""
        put(self.offer_button, kind="link" if offer is not None else "plain")
        self.offer_title.setText(offer.title if offer is not None else _("Noch kein Angebot gewählt"))
        self.offer_provider.setText(offer.facts.provider if offer is not None else "")
        self.offer_provider.setVisible(bool(self.offer_provider.text()))
        self.offer_button.setText(_("Anderes Angebot …") if offer is not None else _("Angebot wählen …"))

    def show_case(self, case: CaseSummary | None) -> None:
        """Show the case chosen, or that there is none."""
        self.case_text.setText(f"{case_title(case)}\n{case_detail(case)}" if case is not None else _("ohne Fall"))
        self.no_case.setVisible(case is not None)
        put(self.case_button, kind="link" if case is not None else "plain")
        self.case_button.setText(_("Anderer Fall …") if case is not None else _("Fall wählen …"))
