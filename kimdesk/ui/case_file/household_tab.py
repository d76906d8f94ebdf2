"""Haushalt: the persons of the case with their relations, residence status and how to reach them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt

from kimdesk.domain.records import Member, Person
from kimdesk.domain.vocabulary import Gender, Relation, ResidenceStatus
from kimdesk.i18n import _, isolate, ngettext
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.record_card import RecordCard
from kimdesk.ui.case_file.status_history import status_history
from kimdesk.ui.case_file.tab import CaseTab, FormPane, Stacked, TwoPanes
from kimdesk.ui.case_file.words import (
    in_reading_order,
    language_entries,
    language_names,
    member_note,
    options,
    status_words,
)
from kimdesk.ui.design import Icon
from kimdesk.ui.widgets import (
    Button,
    ChoiceField,
    DateField,
    Field,
    FormGrid,
    SectionCard,
    TextArea,
    TextField,
    clear,
    column,
)


class HouseholdTab(CaseTab):
    """The persons at the left, one of them in the form at the right."""

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__(desk)
        self.add_button = Button(_("Person hinzufügen"), symbol=Icon.ADD, on_click=self.begin_new)
        self.list = SectionCard(_("Personen"), actions=(self.add_button,))
        self.people = column()
        self.list.add(self.people)
        self.member = self._member_form()
        self.history = status_history(desk, lambda: self.member.record_id)
        self.entries = [self.member, self.history.entry]
        self.pane = FormPane()
        self.pane.add("member", self.card, self.member.foot)
        self.pane.add("residence_period", self.history.card, self.history.entry.foot)
        self.history.shown.connect(self._show_history_form)
        self.history.entry.saved.connect(lambda _record: self._show_member_form())
        self.panes = TwoPanes(Stacked(self.list, self.history.listing), self.pane, shares=(4, 7))
        self.column.addWidget(self.panes)
        desk.drafts.changed.connect(self._show_people)

    def _member_form(self) -> Entry:
        entry = Entry(
            self.desk,
            "member",
            self._make,
            said=_("Die Angaben zur Person sind gespeichert."),
            save_word=_("Person speichern"),
            errors_at={"members": "relation"},
        )
        form, today = entry.form, self.desk.today
        grid = FormGrid(3)
        self.given = TextField()
        grid.add(
            form.add("given_name", Field(_("Vorname"), self.given)),
            form.add("family_name", Field(_("Nachname"), TextField())),
            form.add("spoken_name", Field(_("Aussprache"), TextField(_("wie man den Namen spricht")))),
            form.add("relation", Field(_("Stellung im Haushalt"), ChoiceField(options(Relation)), required=True)),
            form.add("date_of_birth", Field(_("Geburtsdatum"), DateField(today=today))),
            form.add("gender", Field(_("Geschlecht"), ChoiceField(options(Gender), empty=_("ohne Angabe")))),
            form.add("nationality", Field(_("Staatsangehörigkeit"), TextField())),
            form.add("languages", Field(_("Sprachen"), TextField(_("z. B. Arabisch, Kurdisch")))),
            form.add("entered_germany_on", Field(_("In Deutschland seit"), DateField(today=today))),
        )
        status = ChoiceField(options(ResidenceStatus), empty=_("ohne Angabe"))
        grid.add(form.add("residence_status", Field(_("Aufenthaltsstatus"), status)), span=2)
        grid.add(
            form.add("residence_expires_on", Field(_("Gültig bis"), DateField(today=today))),
            form.add("phone", Field(_("Telefon"), TextField())),
            form.add("email", Field(_("E-Mail"), TextField())),
            form.add("address", Field(_("Anschrift"), TextArea(lines=2))),
        )
        self.remove_button = Button(_("Person entfernen"), "quiet", symbol=Icon.DELETE, on_click=self._remove)
        entry.foot_line.insertWidget(0, self.remove_button)
        self.card = SectionCard(_("Person"))
        self.card.add(grid)
        entry.saved.connect(self._was_saved)
        entry.opened.connect(self._show_heading)
        return entry

    def _show_heading(self) -> None:
        member = self._find(self.member.record_id)
        self.card.title.setText(isolate(member.person.name) if member else _("Neue Person"))
        self.remove_button.setVisible(member is not None)

    def _find(self, person_id: UUID | None) -> Member | None:
        return next((one for one in self.desk.the_file.members if one.person.id == person_id), None)

    def _show_history_form(self) -> None:
        self.history.is_front = True
        self.pane.show_form("residence_period")

    def _show_member_form(self) -> None:
        self.history.is_front = False
        self.pane.show_form("member")
        self.history.show_file()
        self.history.listing.setVisible(self.member.record_id is not None)

    def begin_new(self) -> None:
        """Show an empty form for another person."""
        self.member.start_new(self._blank())
        self._show_member_form()
        self._show_people()
        self.given.setFocus(Qt.FocusReason.OtherFocusReason)

    def _blank(self) -> Values:
        """Return what a further person of a household usually shares with the client, so nothing is typed twice."""
        client = self.desk.the_file.client
        shared = client.person if client else Person(given_name="", family_name="")
        return {
            **_values(Member(person=Person(given_name="", family_name=""), relation=Relation.CHILD)),
            "family_name": shared.family_name,
            "relation": None if client else Relation.CLIENT,
            "nationality": shared.nationality,
            "languages": language_names(shared.languages),
            "address": shared.address,
        }

    def edit(self, person_id: UUID) -> None:
        """Bring a person into the form."""
        member = self._find(person_id)
        if member is not None:
            self.member.open(person_id, _values(member))
            self._show_member_form()
            self._show_people()
            self.given.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_file(self) -> None:
        member = self._find(self.member.record_id)
        if member is None and not self._is_new_in_work() and self.desk.the_file.members:
            member = self.desk.the_file.client
        if member is not None:
            self.member.open(member.person.id, _values(member))
        else:
            self.member.start_new(self._blank())
        self._show_heading()
        self._show_people()
        for button in (self.add_button, self.remove_button):
            button.setEnabled(self.desk.is_open)
        self.member.set_enabled(self.desk.is_open)
        self.history.show_file()
        self.history.listing.setVisible(self.member.record_id is not None)

    def _is_new_in_work(self) -> bool:
        return self.member.record_id is None and self.desk.drafts.get("member", None) is not None

    def _show_people(self) -> None:
        if self.desk.file is None:
            return
        clear(self.people)
        today = self.desk.today()
        members = in_reading_order(self.desk.file.members)
        for member in members:
            person = member.person
            status, meaning = status_words(person, today)
            lines = [
                (member_note(member, today), None),
                (" · ".join(part for part in (person.nationality, language_names(person.languages)) if part), None),
                (status, meaning),
                (" · ".join(part for part in (person.phone, person.email) if part), None),
            ]
            self.people.addWidget(
                RecordCard(
                    isolate(person.name),
                    lines,
                    is_draft=self.desk.drafts.get("member", person.id) is not None,
                    selected=person.id == self.member.record_id,
                    on_open=partial(self.edit, person.id),
                )
            )
        if self.desk.drafts.get("member", None) is not None:
            self.people.addWidget(
                RecordCard(
                    _("Neue Person"),
                    [],
                    is_draft=True,
                    selected=self.member.record_id is None,
                    on_open=self.begin_new,
                )
            )
        self.list.set_note(ngettext("{n} Person", "{n} Personen", len(members)).format(n=len(members)))

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        if not values["given_name"] and not values["family_name"]:
            self.member.form["given_name"].set_error(_("Bitte geben Sie einen Vor- oder Nachnamen ein."))
            self.given.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        typed: dict[str, Any] = {**values, "languages": language_entries(values["languages"])}
        relation = typed.pop("relation")
        members = self.desk.the_file.members
        before = self._find(record_id)
        if before is None:
            new = Member(person=Person(**typed), relation=relation)
            self._entered = new.person.id
            wanted = (*members, new)
        else:
            changed = Member(person=replace(before.person, **typed), relation=relation)
            self._entered = changed.person.id
            wanted = tuple(changed if one is before else one for one in members)
        case_id = self.desk.case.id
        return lambda: self.desk.cases.save_members(case_id, wanted)

    def _was_saved(self, record_id: UUID | None) -> None:
        """After a new person the form is ready for the next one."""
        if record_id is None:
            self.member.start_new(self._blank())

    def _remove(self) -> None:
        member = self._find(self.member.record_id)
        if member is None:
            return
        before = self.desk.the_file.members
        rest = tuple(one for one in before if one is not member)
        case_id = self.desk.case.id
        desk = self.desk

        def undo() -> None:
            desk.jobs.write(lambda: desk.cases.save_members(case_id, before), owner=self, touches={"cases"})

        desk.jobs.write(
            lambda: desk.cases.save_members(case_id, rest),
            lambda _done: desk.messages.good(_("Die Person ist aus dem Fall entfernt."), undo=undo),
            owner=self,
            touches={"cases"},
        )


def _values(member: Member) -> Values:
    person = member.person
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "spoken_name": person.spoken_name,
        "relation": member.relation,
        "date_of_birth": person.date_of_birth,
        "gender": person.gender,
        "nationality": person.nationality,
        "languages": language_names(person.languages),
        "entered_germany_on": person.entered_germany_on,
        "residence_status": person.residence_status,
        "residence_expires_on": person.residence_expires_on,
        "phone": person.phone,
        "email": person.email,
        "address": person.address,
    }
