"""Verlauf: everything that happened, newest first, and a form that takes a contact in seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt

from kimdesk.domain.records import Contact
from kimdesk.domain.views import TimelineItem as Happening
from kimdesk.domain.views import TimelineKind
from kimdesk.domain.vocabulary import ContactKind, label
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import moment, short_date
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.tab import CaseTab, FormPane, Stacked, TwoPanes
from kimdesk.ui.case_file.time_field import TimeField
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon
from kimdesk.ui.widgets import (
    CheckField,
    ChoiceChips,
    ChoiceField,
    DateField,
    EmptyState,
    Field,
    FormGrid,
    NumberField,
    SectionCard,
    TextArea,
    TextField,
    Timeline,
    TimelineItem,
)

_SIGNS = {
    TimelineKind.ACCESS: Icon.FORWARD,
    TimelineKind.INTAKE: Icon.TALK,
    TimelineKind.ASSESSMENT: Icon.TASKS,
    TimelineKind.AGREEMENT: Icon.GOAL,
    TimelineKind.REFERRAL: Icon.REFERRAL,
    TimelineKind.CONTACT: Icon.NOTE,
    TimelineKind.CLOSURE: Icon.DONE,
    TimelineKind.NOTIFICATION: Icon.MAIL,
    TimelineKind.STATUS: Icon.DOCUMENT,
    TimelineKind.CONSENT: Icon.CHECK,
    TimelineKind.HELPER: Icon.PROVIDER,
    TimelineKind.INTERPRETER: Icon.LANGUAGE,
    TimelineKind.CONFERENCE: Icon.PEOPLE,
    TimelineKind.ISSUE: Icon.STRUCTURE,
    TimelineKind.CHECKLIST: Icon.TASKS,
    TimelineKind.CHILD_PROTECTION: Icon.SHIELD,
}
_CONTACT_SIGNS = {
    ContactKind.CONVERSATION: Icon.TALK,
    ContactKind.PHONE: Icon.PHONE,
    ContactKind.HOME_VISIT: Icon.HOME,
    ContactKind.ACCOMPANIMENT: Icon.PEOPLE,
    ContactKind.MESSAGE: Icon.MAIL,
    ContactKind.LETTER: Icon.DOCUMENT,
    ContactKind.THIRD_PARTY: Icon.PROVIDER,
    ContactKind.NOTE: Icon.NOTE,
}
ALL, CONTACTS, SHOWABLE = "all", "contacts", "showable"


class TimelineTab(CaseTab):
    """The timeline at the left, the contact form at the right."""

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__(desk)
        self.shown = ChoiceChips(
            [(ALL, _("Alles")), (CONTACTS, _("Nur Kontakte")), (SHOWABLE, _("Ohne Vertrauliches"))], required=True
        )
        self.shown.set_value(ALL)
        self.shown.set_names(_("Was der Verlauf zeigt"), "")
        self.shown.chosen.connect(lambda _value: self._show_timeline())
        self.timeline = Timeline()
        self.empty = EmptyState(
            Icon.NOTE,
            _("Noch nichts festgehalten"),
            _("Hier steht später alles, was im Fall geschah. Halten Sie rechts den ersten Kontakt fest."),
            compact=True,
        )
        history = SectionCard(_("Verlauf"), actions=(self.shown,))
        history.add(self.empty)
        history.add(self.timeline)
        self.contact = self._contact_form()
        self.entries = [self.contact]
        self.pane = FormPane()
        self.pane.add("contact", self.card, self.contact.foot)
        self.panes = TwoPanes(Stacked(history), self.pane, shares=(5, 4))
        self.column.addWidget(self.panes)

    def _contact_form(self) -> Entry:
        entry = Entry(
            self.desk,
            "contact",
            self._make,
            said=_("Der Kontakt ist gespeichert."),
            save_word=_("Kontakt speichern"),
            errors_at={"at": "day"},
        )
        form = entry.form
        grid = FormGrid(2)
        grid.add(
            form.add("day", Field(_("Datum"), DateField(today=self.desk.today), required=True)),
            form.add("time", Field(_("Uhrzeit"), TimeField())),
            form.add("kind", Field(_("Art"), ChoiceField(options(ContactKind), empty=None))),
            form.add("minutes", Field(_("Dauer in Minuten"), NumberField(largest=1440))),
        )
        self.text = TextArea(_("Was wurde besprochen, was vereinbart?"), lines=5)
        grid.add(form.add("text", Field(_("Inhalt"), self.text, required=True)), span=2)
        grid.add(
            form.add("partner", Field(_("Mit wem"), TextField(_("leer: Klient/in")))),
            form.add("interpreter", Field(_("Sprachmittlung"), TextField())),
        )
        grid.add(
            form.add(
                "hidden_from_household",
                Field(
                    "",
                    CheckField(_("Vertraulich gegenüber der Familie")),
                    help=_("Für Einträge, die andere im Haushalt nicht sehen sollen."),
                ),
            ),
            span=2,
        )
        self.card = SectionCard(_("Kontakt festhalten"))
        self.card.add(grid)
        entry.saved.connect(lambda _record: self._start_new())
        return entry

    def _blank(self) -> Values:
        now = self.desk.clock.now().astimezone(OFFICE_ZONE)
        return {
            "day": now.date(),
            "time": now.time().replace(second=0, microsecond=0),
            "kind": ContactKind.CONVERSATION,
            "text": "",
            "partner": "",
            "minutes": None,
            "interpreter": self.desk.case.interpreter,
            "hidden_from_household": False,
        }

    def _start_new(self) -> None:
        self.card.title.setText(_("Kontakt festhalten"))
        self.contact.start_new(self._blank())

    def edit(self, contact_id: UUID) -> None:
        """Bring an entry into the form to correct it."""
        contact = next((entry for entry in self.desk.the_file.contacts if entry.id == contact_id), None)
        if contact is None:
            return
        self.card.title.setText(_("Kontakt vom {day} berichtigen").format(day=short_date(_local(contact).date())))
        self.contact.open(contact.id, _values(contact))
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_file(self) -> None:
        self._show_timeline()
        edited = next((one for one in self.desk.the_file.contacts if one.id == self.contact.record_id), None)
        if edited is not None:
            self.contact.open(edited.id, _values(edited))
        else:
            self._start_new()
        self.contact.set_enabled(self.desk.is_open)

    def _show_timeline(self) -> None:
        if self.desk.file is None:
            return
        contacts = {contact.id: contact for contact in self.desk.file.contacts}
        shown = self.shown.value()
        items = [
            self._item(happening, contacts)
            for happening in self.desk.file.timeline
            if shown == ALL
            or (shown == CONTACTS and happening.kind is TimelineKind.CONTACT)
            or (shown == SHOWABLE and not happening.hidden)
        ]
        self.timeline.set_items(items)
        self.timeline.setVisible(bool(items))
        self.empty.setVisible(not items)

    def _item(self, happening: Happening, contacts: dict[UUID, Contact]) -> TimelineItem:
        contact = contacts.get(happening.record_id) if happening.record_id else None
        if contact is None:
            said = [_(label(term)) for term in happening.words]
            text = "\n".join(part for part in (", ".join(said), happening.text) if part)
            mark = _("vertraulich gegenüber der Familie") if happening.hidden else ""
            return TimelineItem(short_date(happening.at), _(happening.title), text, mark, symbol=_SIGNS[happening.kind])
        contact_id = contact.id
        parts = [
            _("mit {partner}").format(partner=contact.partner) if contact.partner else "",
            ngettext("{n} Minute", "{n} Minuten", contact.minutes).format(n=contact.minutes) if contact.minutes else "",
            _("Sprachmittlung: {name}").format(name=contact.interpreter) if contact.interpreter else "",
            _("vertraulich gegenüber der Familie") if contact.hidden_from_household else "",
        ]
        return TimelineItem(
            moment(contact.at),
            _(label(contact.kind)),
            contact.text,
            " · ".join(part for part in parts if part),
            symbol=_CONTACT_SIGNS[contact.kind],
            is_draft=self.desk.drafts.get("contact", contact_id) is not None,
            on_open=lambda: self.edit(contact_id),
        )

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        typed: dict[str, Any] = dict(values)
        day, at = typed.pop("day"), typed.pop("time")
        known = next((one for one in self.desk.the_file.contacts if one.id == record_id), None)
        if at is None:
            at = self.desk.clock.now().astimezone(OFFICE_ZONE).time().replace(second=0, microsecond=0)
        moment = datetime.combine(day, at, OFFICE_ZONE)
        if known is not None:
            contact = Contact(id=known.id, case_id=known.case_id, at=moment, **typed)
        else:
            contact = Contact(case_id=self.desk.case.id, at=moment, **typed)
        return lambda: self.desk.cases.save_contact(contact)


def _local(contact: Contact) -> datetime:
    return contact.at.astimezone(OFFICE_ZONE)


def _values(contact: Contact) -> Values:
    local = _local(contact)
    return {
        "day": local.date(),
        "time": local.time().replace(second=0, microsecond=0),
        "kind": contact.kind,
        "text": contact.text,
        "partner": contact.partner,
        "minutes": contact.minutes,
        "interpreter": contact.interpreter,
        "hidden_from_household": contact.hidden_from_household,
    }
