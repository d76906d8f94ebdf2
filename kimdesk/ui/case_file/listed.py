"""One kind of record in the case file: its list, its form, and what connects them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from kimdesk.domain.views import CaseFile
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values
from kimdesk.ui.case_file.record_card import Line, RecordCard
from kimdesk.ui.case_file.tab import CaseTab, FormPane, Stacked, TwoPanes
from kimdesk.ui.design import Icon
from kimdesk.ui.widgets import Button, EmptyState, FormGrid, IconButton, SectionCard, clear, column


class HasId(Protocol):
    """A record with an id."""

    @property
    def id(self) -> UUID: ...


R = TypeVar("R", bound=HasId)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How a record looks in the list."""

    title: str
    lines: Sequence[Line] = ()
    badges: Sequence[Line] = ()
    actions: Sequence[QWidget] = ()


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[R]):
    """What is particular to one kind of record.

    `build` makes the record of the form's values and the stored one (None for a new one), `store` writes it and
    `remove` deletes it, both in the database thread. `bring_back` undoes a removal.
    """

    name: str
    heading: str
    new: str
    edit: str
    said: str
    save: str
    fields: tuple[str, ...]
    records: Callable[[CaseFile], Sequence[R]]
    blank: Callable[[], Values]
    build: Callable[[Values, R | None], R]
    store: Callable[[R], object]
    show: Callable[[R], Shown]
    empty: tuple[Icon, str, str]
    values: Callable[[R], Values] | None = None
    remove: Callable[[R], object] | None = None
    removed: str = ""
    errors_at: dict[str, str] = field(default_factory=dict)


class Listed(QObject, Generic[R]):
    """The list (`listing`) and the form (`card`, `entry`) of one kind; `shown` when the form is wanted in front."""

    shown = Signal(str)

    def __init__(self, desk: CaseDesk, kind: Kind[R]) -> None:
        super().__init__(desk.page)
        self._desk, self.kind = desk, kind
        self.entry = Entry(desk, kind.name, self._make, said=kind.said, save_word=kind.save, errors_at=kind.errors_at)
        self.form = self.entry.form
        self.grid = FormGrid(2)
        self.card = SectionCard(kind.new)
        self.card.add(self.grid)
        self.add_button = Button(kind.new, "quiet", symbol=Icon.ADD, on_click=self.begin)
        self.rows = column()
        self.listing = SectionCard(kind.heading, actions=(self.add_button,))
        self.listing.add(self.rows)
        self.is_front = False
        self.remove_button = Button(_("Löschen"), "quiet", symbol=Icon.DELETE, on_click=self._remove)
        if kind.remove is not None:
            self.entry.foot_line.insertWidget(0, self.remove_button)
        self.entry.opened.connect(self._show_heading)
        self.entry.saved.connect(lambda _record: self.open(None))
        desk.drafts.changed.connect(self.show_list)

    def find(self, record_id: UUID | None) -> R | None:
        """Return a record of the file in front, None if it is not there."""
        return next((one for one in self.kind.records(self._desk.the_file) if one.id == record_id), None)

    def open(self, record_id: UUID | None) -> None:
        """Show a record in the form, or an empty form."""
        known = self.find(record_id)
        if known is None:
            self.entry.open(None, self.kind.blank())
        elif self.kind.values is not None:
            self.entry.open(known.id, self.kind.values(known))
        else:
            self.entry.open(known.id, {name: getattr(known, name) for name in self.kind.fields})

    def begin(self) -> None:
        """Bring an empty form to the front."""
        self.open(None)
        self._bring()

    def edit(self, record_id: UUID) -> None:
        """Bring a record into the form."""
        self.open(record_id)
        self._bring()

    def _bring(self) -> None:
        self.shown.emit(self.kind.name)
        self.show_list()
        self.form.editor(self.kind.fields[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_file(self) -> None:
        """Show the file in front; what is being typed stays."""
        self.open(self.entry.record_id)
        self.entry.set_enabled(self._desk.is_open)
        self.add_button.setEnabled(self._desk.is_open)
        self.remove_button.setEnabled(self._desk.is_open)
        self.show_list()

    def _show_heading(self) -> None:
        known = self.find(self.entry.record_id)
        self.card.title.setText(self.kind.edit if known else self.kind.new)
        self.remove_button.setVisible(known is not None)

    def show_list(self) -> None:
        """Show the records as cards."""
        if self._desk.file is None:
            return
        clear(self.rows)
        for record in self.kind.records(self._desk.file):
            looks = self.kind.show(record)
            self.rows.addWidget(
                RecordCard(
                    looks.title,
                    looks.lines,
                    badges=looks.badges,
                    actions=looks.actions,
                    is_draft=self._desk.drafts.get(self.kind.name, record.id) is not None,
                    selected=self.is_front and record.id == self.entry.record_id,
                    on_open=partial(self.edit, record.id),
                )
            )
        if not self.kind.records(self._desk.file):
            symbol, title, text = self.kind.empty
            self.rows.addWidget(EmptyState(symbol, title, text, compact=True))

    def _make(self, values: Values, record_id: UUID | None) -> Callable[[], object] | None:
        try:
            record = self.kind.build(dict(values), self.find(record_id))
        except KnownError as error:  # a form can refuse what it cannot put together
            if not self.form.show_error(error):
                self._desk.messages.show_error(error)
            return None
        return lambda: self.kind.store(record)

    def _remove(self) -> None:
        record, remove = self.find(self.entry.record_id), self.kind.remove
        if record is None or remove is None:
            return
        desk, kind = self._desk, self.kind

        def undo() -> None:
            desk.jobs.write(lambda: kind.store(record), touches={"cases"})

        desk.jobs.write(
            lambda: remove(record),
            lambda _done: desk.messages.good(kind.removed, undo=undo),
            owner=desk.page,
            touches={"cases"},
        )


class ListedTab(CaseTab):
    """Lists at the left, one below the other; the form of one of them at the right."""

    def __init__(
        self,
        desk: CaseDesk,
        *kinds: Listed[Any],
        above: Sequence[QWidget] = (),
        below: Sequence[QWidget] = (),
        shares: tuple[int, int] = (5, 6),
    ) -> None:
        super().__init__(desk)
        self.kinds = {listed.kind.name: listed for listed in kinds}
        self.entries = [listed.entry for listed in kinds]
        self.pane = FormPane()
        for listed in kinds:
            self.pane.add(listed.kind.name, listed.card, listed.entry.foot)
            listed.shown.connect(self.show_form)
        kinds[0].is_front = True
        left = Stacked(*above, *(listed.listing for listed in kinds), *below)
        self.panes = TwoPanes(left, self.pane, shares=shares)
        self.column.addWidget(self.panes)

    def show_form(self, name: str) -> None:
        """Bring the form of one kind to the front."""
        for known, listed in self.kinds.items():
            listed.is_front = known == name
            listed.show_list()
        self.pane.show_form(name)

    def show_file(self) -> None:
        for listed in self.kinds.values():
            listed.show_file()


def print_button(desk: CaseDesk, word: str, document: str, record_id: UUID) -> IconButton:
    """Return the button that opens the print page with a document of this record."""

    def ask() -> None:
        desk.drafts.flush()
        from kimdesk.ui.printing import PrintRequest  # late: its room brings the viewer of PDFs

        request = PrintRequest(document=document, case_id=desk.case.id, record_id=record_id)
        desk.page.navigate.emit("print", request)

    return IconButton(Icon.PRINT, word, ask)


def typed(values: Values, names: Sequence[str]) -> dict[str, Any]:
    """Return the values of the named fields."""
    return {name: values[name] for name in names}
