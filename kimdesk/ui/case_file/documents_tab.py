"""Files of the case: dragged in or chosen, looked at from memory, kept in the vault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from kimdesk.domain.attachments import LARGEST_BYTES, Attachment
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import number, short_date
from kimdesk.services.attachments import AttachmentService, Opened
from kimdesk.services.changes import Written
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.record_card import RecordCard
from kimdesk.ui.case_file.tab import CaseTab, FormPane, Stacked, TwoPanes
from kimdesk.ui.design import Icon, Meaning, theme
from kimdesk.ui.files import ask_for_files, ask_where_to_save, read_chosen
from kimdesk.ui.widgets import (
    Banner,
    Button,
    ChoiceField,
    EmptyState,
    Field,
    FormGrid,
    SectionCard,
    TextArea,
    TextField,
    clear,
    column,
)

if TYPE_CHECKING:
    from kimdesk.ui.case_file.attachment_view import AttachmentView

ChooseFiles = Callable[[QWidget, str, str], Sequence[Path]]
ChoosePath = Callable[[QWidget, str, str, str], Path | None]


class DocumentsTab(CaseTab):
    """The list at the left, at the right the chosen file and what is noted of it."""

    def __init__(
        self,
        desk: CaseDesk,
        attachments: AttachmentService,
        *,
        choose_files: ChooseFiles = ask_for_files,
        choose_path: ChoosePath = ask_where_to_save,
    ) -> None:
        super().__init__(desk)
        self._attachments, self._choose_files, self._choose_path = attachments, choose_files, choose_path
        self.rows: tuple[Attachment, ...] = ()
        self.chosen: UUID | None = None
        self.view: AttachmentView | None = None
        self.setAcceptDrops(True)
        self.add_button = Button(_("Dateien hinzufügen …"), symbol=Icon.ADD, on_click=self.choose)
        self.listing = column()
        card = SectionCard(_("Dokumente"), note=_("oder hierher ziehen"), actions=(self.add_button,))
        card.add(self.listing)
        self.hint = Banner(
            _("Die Datei liegt weiter unverschlüsselt an ihrem alten Ort. Bitte löschen Sie sie dort."),
            Meaning.ATTENTION,
            closable=True,
        )
        self.warning = Banner(
            _("Die Datei liegt danach unverschlüsselt außerhalb des Tresors. Bitte löschen Sie sie nach Gebrauch."),
            Meaning.ATTENTION,
            action=_("Speicherort wählen …"),
            on_action=self._export,
            closable=True,
        )
        self.hint.hide()
        self.warning.hide()
        self._build_form()
        self.panes = TwoPanes(Stacked(card), self.pane, shares=(5, 6))
        self.column.addWidget(self.hint)
        self.column.addWidget(self.warning)
        self.column.addWidget(self.panes)

    def _build_form(self) -> None:
        self.entry = Entry(self.desk, "attachment", self._make, said=_("Die Angaben zur Datei sind gespeichert."))
        self.entries = [self.entry]
        form = self.entry.form
        self.person = ChoiceField(empty=_("ganzer Fall"))
        grid = FormGrid(2)
        grid.add(
            form.add("name", Field(_("Name der Datei"), TextField(), required=True)),
            form.add("person_id", Field(_("Betrifft"), self.person)),
        )
        grid.add(form.add("note", Field(_("Notiz"), TextArea(lines=2))), span=2)
        self.nothing = EmptyState(
            Icon.DOCUMENT,
            _("Keine Datei gewählt"),
            _("Wählen Sie links eine Datei, um sie hier anzusehen."),
            compact=True,
        )
        self.save_as = Button(_("Speichern unter …"), "quiet", symbol=Icon.EXPORT, on_click=self.warn_of_export)
        self.remove_button = Button(_("Löschen"), "quiet", symbol=Icon.DELETE, on_click=self.remove)
        self.card = SectionCard(_("Ansicht"), actions=(self.save_as, self.remove_button))
        self.card.add(self.nothing)
        self.details = SectionCard(_("Angaben zur Datei"), content=grid)
        self.pane = FormPane()
        self.pane.add("attachment", Stacked(self.card, self.details), self.entry.foot)

    # Reading

    def show_file(self) -> None:
        case_id = self.desk.case.id
        people = [
            (str(member.person.id), member.person.name or _("ohne Namen")) for member in self.desk.the_file.members
        ]
        self.person.set_options(people)
        self.add_button.setEnabled(self.desk.is_open)
        self.desk.jobs.read(
            lambda: self._attachments.list(case_id), partial(self._listed, case_id), owner=self, latest="attachments"
        )

    def _listed(self, case_id: UUID, rows: tuple[Attachment, ...]) -> None:
        if case_id != self.desk.case_id:
            return
        self.rows = rows
        if self._known(self.chosen) is None:
            self.chosen = None
            if self.view is not None:
                self.view.show_nothing("", "")
                self.view.hide()
        self._show_list()
        self._show_details()

    def _known(self, attachment_id: UUID | None) -> Attachment | None:
        return next((entry for entry in self.rows if entry.id == attachment_id), None)

    def _show_list(self) -> None:
        clear(self.listing)
        names = {member.person.id: member.person.name for member in self.desk.the_file.members}
        for entry in self.rows:
            about = names.get(entry.person_id, "") if entry.person_id else ""
            facts = " · ".join(part for part in (short_date(entry.added_at.date()), size_words(entry), about) if part)
            self.listing.addWidget(
                RecordCard(
                    entry.name,
                    [(facts, None), (entry.note, None)],
                    is_draft=self.desk.drafts.get("attachment", entry.id) is not None,
                    selected=entry.id == self.chosen,
                    on_open=partial(self.open, entry.id),
                )
            )
        if not self.rows:
            self.listing.addWidget(
                EmptyState(
                    Icon.DOCUMENTS,
                    _("Noch kein Dokument"),
                    _("Ziehen Sie Bescheide, Zeugnisse oder Scans hierher. Sie liegen dann verschlüsselt im Tresor."),
                    compact=True,
                )
            )

    def _show_details(self) -> None:
        entry = self._known(self.chosen)
        self.nothing.setVisible(entry is None)
        for widget in (self.save_as, self.remove_button, self.details, self.entry.foot):
            widget.setVisible(entry is not None)
        self.remove_button.setEnabled(self.desk.is_open)
        if entry is not None:
            person = None if entry.person_id is None else str(entry.person_id)
            self.entry.open(entry.id, {"name": entry.name, "person_id": person, "note": entry.note})
            self.card.title.setText(entry.name)
        else:
            self.card.title.setText(_("Ansicht"))
        self.entry.set_enabled(self.desk.is_open and entry is not None)

    def open(self, attachment_id: UUID) -> None:
        """Read a file from the vault and show it."""
        self.chosen = attachment_id
        self._show_list()
        self._show_details()
        self.desk.jobs.write(lambda: self._attachments.open(attachment_id), self._opened, owner=self)

    def _opened(self, opened: Opened) -> None:
        if opened.attachment.id != self.chosen:
            return
        if self.view is None:
            # Late: it brings the viewer of PDFs, which the first look at a case must not wait for.
            from kimdesk.ui.case_file.attachment_view import AttachmentView

            self.view = AttachmentView()
            self.view.setMinimumHeight(theme().px(320))
            self.card.add(self.view)
        self.view.show()
        self.view.show_file(opened)

    # Taking in

    def choose(self) -> None:
        """Ask for files and take them in."""
        self.take_in(self._choose_files(self, _("Dateien hinzufügen"), _("Alle Dateien (*)")))

    def take_in(self, paths: Sequence[Path]) -> None:
        """Take files into the case, one after the other; what is refused is said, the others go in."""
        if not self.desk.is_open:
            return
        case_id = self.desk.case.id
        for path in paths:
            self.desk.jobs.write(
                partial(self._take, case_id, path),
                self._taken,
                self._refused,
                owner=self,
                touches={"cases"},
            )

    def _take(self, case_id: UUID, path: Path) -> Written[Attachment]:
        return self._attachments.add(case_id, path.name, read_chosen(path, LARGEST_BYTES))

    def _taken(self, written: Written[Attachment]) -> None:
        self.chosen = written.value.id
        self.hint.show()
        self.desk.messages.good(_("Die Datei ist im Tresor."))
        self.open(written.value.id)

    def _refused(self, error: KnownError) -> None:
        self.desk.messages.show_error(error)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.desk.is_open and _local_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        # Copying leaves the original where it is; the program never deletes what is not its own.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take_in(_local_files(event))

    # Changing, saving elsewhere, deleting

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        if record_id is None:
            return None
        person = values["person_id"]
        return lambda: self._attachments.describe(
            record_id, name=values["name"], note=values["note"], person_id=None if person is None else UUID(person)
        )

    def warn_of_export(self) -> None:
        """Say what a file outside the vault means, before asking where it goes."""
        self.warning.show()
        if self.warning.action is not None:
            self.warning.action.setFocus(Qt.FocusReason.OtherFocusReason)

    def _export(self) -> None:
        entry = self._known(self.chosen)
        if entry is None:
            return
        path = self._choose_path(self, _("Datei speichern"), entry.name, _("Alle Dateien (*)"))
        if path is None:
            return
        self.warning.hide()
        self.desk.jobs.write(
            lambda: self._attachments.save(entry.id, path),
            lambda _nothing: self.desk.messages.good(
                _("{name} ist gespeichert und liegt unverschlüsselt außerhalb des Tresors.").format(name=path.name)
            ),
            owner=self,
        )

    def remove(self) -> None:
        """Delete the chosen file, with the way back."""
        entry = self._known(self.chosen)
        if entry is None:
            return
        jobs, attachments = self.desk.jobs, self._attachments

        def removed(written: Written[Opened]) -> None:
            gone = written.value
            self.desk.messages.good(
                _("Die Datei ist gelöscht."),
                undo=lambda: jobs.write(lambda: attachments.bring_back(gone), touches={"cases"}),
            )

        jobs.write(lambda: attachments.remove(entry.id), removed, owner=self, touches={"cases"})


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def size_words(entry: Attachment) -> str:
    """Return a file's size as it is read: "640 kB", "2,4 MB"."""
    if entry.size_bytes < 1_000:
        return ngettext("{n} Byte", "{n} Bytes", entry.size_bytes).format(n=entry.size_bytes)
    if entry.size_bytes < 1_000_000:
        return _("{size} kB").format(size=number(round(entry.size_bytes / 1_000)))
    return _("{size} MB").format(size=number(round(entry.size_bytes / 1_000_000, 1)))
