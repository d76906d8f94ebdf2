"""Bleiberecht und Einbürgerung: the checklists of Baustein 3, item by item, without a verdict."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt

from kimdesk.domain.checklists import Checklist, ItemEntry
from kimdesk.domain.records import Person
from kimdesk.domain.vocabulary import label
from kimdesk.domain.work_vocabulary import ChecklistKind, ItemState
from kimdesk.i18n import _, isolate
from kimdesk.i18n.formats import short_date
from kimdesk.services.checklist_data import checklist_texts
from kimdesk.ui.case_file.checklist_form import ChecklistForm
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.record_card import RecordCard
from kimdesk.ui.case_file.tab import CaseTab, FormPane, Stacked, TwoPanes
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.widgets import Banner, Button, ChoiceField, EmptyState, Field, SectionCard, clear, column


class ChecklistTab(CaseTab):
    """The checklists at the left with the way to begin one, the open one at the right."""

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__(desk)
        self.forms: dict[ChecklistKind, ChecklistForm] = {}
        self.open_id: UUID | None = None
        self.rows = column()
        self.person = ChoiceField([], empty=None)
        self.kind = ChoiceField(options(ChecklistKind), empty=None)
        self.begin_button = Button(_("Checkliste beginnen"), symbol=Icon.ADD, on_click=self.begin)
        listing = SectionCard(_("Checklisten"))
        listing.add(self.rows)
        begin = SectionCard(_("Neue Checkliste"))
        for part in (
            Field(_("Für wen?"), self.person),
            Field(_("Worum geht es?"), self.kind),
            self.begin_button,
        ):
            begin.add(part)
        self.decides = Banner(
            _(
                "Hier steht, was die Person sagt und was als Nachweis vorliegt. Das Programm urteilt nicht: "
                "Die Entscheidung trifft die Ausländer- oder Einbürgerungsbehörde."
            ),
            Meaning.INFO,
        )
        self.pane = FormPane()
        self.panes = TwoPanes(Stacked(self.decides, listing, begin), self.pane, shares=(4, 7))
        self.column.addWidget(self.panes)
        desk.drafts.changed.connect(self._show_list)

    def show_file(self) -> None:
        members = self.desk.the_file.members
        self.person.set_options([(str(one.person.id), isolate(one.person.name)) for one in members])
        if self.person.value() is None and members:
            self.person.set_value(str(members[0].person.id))
        self.begin_button.setEnabled(self.desk.is_open and bool(members))
        known = self._find(self.open_id)
        if known is None:
            known = next(iter(self.desk.the_file.work.checklists), None)
        self._show(known)

    def _find(self, checklist_id: UUID | None) -> Checklist | None:
        return next((one for one in self.desk.the_file.work.checklists if one.id == checklist_id), None)

    def person_of(self, checklist: Checklist) -> Person | None:
        """Return the person a checklist is about, None for one who left the household."""
        members = self.desk.the_file.members
        return next((one.person for one in members if one.person.id == checklist.person_id), None)

    def edit(self, checklist_id: UUID) -> None:
        """Bring a checklist into the form."""
        self._show(self._find(checklist_id))
        form = self._form_in_front()
        if form is not None:
            form.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _form_in_front(self) -> ChecklistForm | None:
        known = self._find(self.open_id)
        return self.forms.get(known.kind) if known else None

    def _show(self, checklist: Checklist | None) -> None:
        self.open_id = checklist.id if checklist else None
        self.pane.setVisible(checklist is not None)
        if checklist is not None:
            person = self.person_of(checklist)
            if person is None:
                self.pane.hide()
            else:
                form = self.forms.get(checklist.kind) or self._make_form(checklist.kind)
                self.pane.show_form(checklist.kind.value)
                form.open(checklist, person)
        self._show_list()

    def _make_form(self, kind: ChecklistKind) -> ChecklistForm:
        """A form is made when its checklist is first wanted: together they have hundreds of fields."""
        form = ChecklistForm(self.desk, kind)
        self.forms[kind] = form
        self.entries.append(form.entry)
        self.pane.add(kind.value, form.card, form.entry.foot)
        return form

    def _show_list(self) -> None:
        if self.desk.file is None:
            return
        clear(self.rows)
        for checklist in self.desk.file.work.checklists:
            person = self.person_of(checklist)
            open_items = len(checklist_texts(checklist.kind).items) - len(
                [one for one in checklist.entries if one.state is not None]
            )
            missing = _proofs_missing(checklist.entries)
            self.rows.addWidget(
                RecordCard(
                    _(label(checklist.kind)),
                    [
                        (isolate(person.name) if person else _("nicht mehr im Haushalt"), None),
                        (_("begonnen am {day}").format(day=short_date(checklist.begun_on)), None),
                        (_("noch nicht besprochen: {n}").format(n=open_items) if open_items else "", None),
                        (_("Nachweise fehlen: {n}").format(n=missing) if missing else "", Meaning.ATTENTION),
                    ],
                    is_draft=self.desk.drafts.get(f"checklist_{checklist.kind.value}", checklist.id) is not None,
                    selected=checklist.id == self.open_id,
                    on_open=partial(self.edit, checklist.id),
                )
            )
        if not self.desk.file.work.checklists:
            self.rows.addWidget(
                EmptyState(
                    Icon.TASKS,
                    _("Noch keine Checkliste"),
                    _("Gehen Sie die Voraussetzungen gemeinsam durch und sammeln Sie, welche Nachweise noch fehlen."),
                    compact=True,
                )
            )

    def begin(self) -> None:
        """Begin a checklist for the person chosen."""
        person_id, kind = self.person.value(), self.kind.value()
        if person_id is None or kind is None:
            return
        checklist = Checklist(
            case_id=self.desk.case.id,
            person_id=UUID(person_id),
            kind=ChecklistKind(kind),
            begun_on=self.desk.today(),
        )
        self.open_id = checklist.id
        self.desk.jobs.write(
            lambda: self.desk.cases.save_checklist(checklist),
            lambda _done: self.desk.messages.good(_("Die Checkliste ist begonnen.")),
            self.desk.messages.show_error,
            owner=self,
            touches={"cases"},
        )


def _proofs_missing(entries: tuple[ItemEntry, ...]) -> int:
    return sum(entry.state is ItemState.PROOF_MISSING for entry in entries)
