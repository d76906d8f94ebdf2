"""The form of one checklist: every item with its place in the law, hints, state, proof and note."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from PySide6.QtWidgets import QWidget

from kimdesk.domain.checklist_hints import Hint, hints_for
from kimdesk.domain.checklists import Checklist, ItemEntry
from kimdesk.domain.records import Person
from kimdesk.domain.vocabulary import label
from kimdesk.domain.work_vocabulary import ChecklistKind, ItemState
from kimdesk.i18n import _, isolate
from kimdesk.i18n.formats import short_date
from kimdesk.services.checklist_data import AMENDED_ON, ChecklistItem, checklist_texts
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon
from kimdesk.ui.widgets import Button, ChoiceChips, Field, FormGrid, Line, SectionCard, Text, TextArea, TextField


def hint_words(hint: Hint) -> str:
    """Return a computed hint as a sentence."""
    return _(hint.text).format(
        day=short_date(hint.day) if hint.day else "",
        n=hint.n if hint.n is not None else "",
        status=_(label(hint.status)) if hint.status else "",
    )


class ChecklistForm:
    """`card` holds the items of one kind of checklist; `first` is where typing begins."""

    def __init__(self, desk: CaseDesk, kind: ChecklistKind) -> None:
        self._desk, self.kind = desk, kind
        self.texts = checklist_texts(kind)
        self._checklist: Checklist | None = None
        self.entry = Entry(
            desk,
            f"checklist_{kind.value}",
            self._make,
            said=_("Die Checkliste ist gespeichert."),
            save_word=_("Checkliste speichern"),
        )
        self.card = SectionCard(_(label(kind)))
        self.whose = Text("", "strong", wrap=True)
        self.card.add(self.whose)
        self.card.add(Text(_(self.texts.for_whom), "muted", wrap=True))
        self.card.add(Text(self.state_of_the_law(), "meta", wrap=True))
        self.hints: dict[str, Text] = {}
        self.states: dict[str, ChoiceChips] = {}
        for item in self.texts.items:
            self.card.add(Line())
            self.card.add(self._item(item))
        self.card.add(Line())
        self.card.add(self.entry.form.add("note", Field(_("Notiz zur Besprechung"), TextArea(lines=3))))
        self.remove_button = Button(_("Löschen"), "quiet", symbol=Icon.DELETE, on_click=self._remove)
        self.entry.foot_line.insertWidget(0, self.remove_button)
        self.first: QWidget = self.states[self.texts.items[0].id]

    def state_of_the_law(self) -> str:
        """Return which law the items follow and what they do not contain."""
        return _(
            "Rechtsstand {day}. Am {amended} ist eine Änderung in Kraft getreten, die dieser Text nicht enthält. "
            "Bitte vor einer Beratung den geltenden Wortlaut prüfen."
        ).format(day=short_date(self.texts.as_of), amended=short_date(AMENDED_ON))

    def _item(self, item: ChecklistItem) -> QWidget:
        form = self.entry.form
        grid = FormGrid(2)
        place = Text(item.reference, "meta", wrap=True, selectable=True)
        text = Text(_(item.text), wrap=True, selectable=True)
        self.hints[item.id] = Text("", "help", wrap=True)
        states = ChoiceChips(options(ItemState))
        self.states[item.id] = states
        state = form.add(f"{item.id}.state", Field("", states))
        states.set_names(_("Stand: {item}").format(item=item.reference), _(item.text))
        proof = form.add(f"{item.id}.proof", Field(_("Nachweis"), TextField(_(item.proof)), help=_(item.proof)))
        note = form.add(f"{item.id}.note", Field(_("Notiz"), TextField()))
        grid.add(place, text, self.hints[item.id], state, span=2)
        grid.add(proof, note)
        return grid

    def open(self, checklist: Checklist, person: Person) -> None:
        """Show a checklist with the hints computed from the person's data."""
        self._checklist = checklist
        self.whose.setText(isolate(person.name))
        household, today = self._desk.the_file.members, self._desk.today()
        known = {entry.item: entry for entry in checklist.entries}
        values: Values = {"note": checklist.note}
        for item in self.texts.items:
            entry = known.get(item.id) or ItemEntry(item=item.id)
            values[f"{item.id}.state"] = entry.state
            values[f"{item.id}.proof"], values[f"{item.id}.note"] = entry.proof, entry.note
            found = hints_for(item.hint, person, household, today) if item.hint is not None else ()
            said = "\n".join(hint_words(hint) for hint in found)
            self.hints[item.id].setText(said)
            self.hints[item.id].setVisible(bool(said))
        self.entry.open(checklist.id, values)
        self.entry.set_enabled(self._desk.is_open)
        self.remove_button.setEnabled(self._desk.is_open)

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        checklist = self._checklist
        if checklist is None or checklist.id != record_id:
            return None
        entries = tuple(
            ItemEntry(
                item=item.id,
                state=ItemState(state) if (state := values[f"{item.id}.state"]) else None,
                proof=values[f"{item.id}.proof"],
                note=values[f"{item.id}.note"],
            )
            for item in self.texts.items
        )
        changed = replace(checklist, entries=entries, note=values["note"])
        return lambda: self._desk.cases.save_checklist(changed)

    def _remove(self) -> None:
        checklist, desk = self._checklist, self._desk
        if checklist is None:
            return

        def undo() -> None:
            desk.jobs.write(lambda: desk.cases.save_checklist(checklist), touches={"cases"})

        desk.jobs.write(
            lambda: desk.cases.delete_checklist(checklist.case_id, checklist.id),
            lambda _done: desk.messages.good(_("Die Checkliste ist gelöscht."), undo=undo),
            owner=desk.page,
            touches={"cases"},
        )
