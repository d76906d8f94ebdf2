"""A look at a case beside the list: who, what next, by when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from kimdesk.domain.views import CaseFile
from kimdesk.domain.vocabulary import MeasureState, ReferralResult
from kimdesk.i18n import _, isolate
from kimdesk.ui.case_file.words import due_words, in_reading_order, language_names, member_note, status_words
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.widgets import Button, PersonChip, Text, column, describe

_RUNNING = (MeasureState.PLANNED, MeasureState.REQUESTED, MeasureState.RUNNING)


class CasePreview(QWidget):
    """What one needs to know before opening the case or picking up the phone."""

    def __init__(self, file: CaseFile, today: date, on_open: Callable[[], object]) -> None:
        super().__init__()
        describe(self, _("Vorschau auf Fall {number}").format(number=file.case.number))
        layout = column(space=Space.XS)
        layout.setContentsMargins(0, 0, Space.S, 0)
        layout.addWidget(Text(_("Personen"), "overline"))
        for member in in_reading_order(file.members):
            layout.addWidget(PersonChip(member.person.name, member_note(member, today), say=member.person.spoken_name))
            status, meaning = status_words(member.person, today)
            if status:
                layout.addWidget(Text(status, "meta", wrap=True, meaning=meaning))
        client = file.client
        if client is not None:
            spoken = language_names(client.person.languages)
            facts = [
                _("Spricht {languages}").format(languages=spoken) if spoken else "",
                _("Sprachmittlung: {name}").format(name=file.case.interpreter) if file.case.interpreter else "",
                _("Telefon: {number}").format(number=client.person.phone) if client.person.phone else "",
                _("Sicherer Kontakt: {way}").format(way=file.case.safe_contact) if file.case.safe_contact else "",
                _("Anschrift geschützt") if file.case.address_protected else "",
            ]
            for fact in filter(None, facts):
                layout.addWidget(Text(fact, "muted", wrap=True))
        if file.next_step:
            layout.addSpacing(Space.M)
            layout.addWidget(Text(_("Nächster Schritt"), "overline"))
            layout.addWidget(Text(_(file.next_step), "strong", wrap=True))
        layout.addSpacing(Space.M)
        layout.addWidget(Text(_("Fristen"), "overline"))
        dates = deadlines(file)
        for day, what in dates:
            words, meaning = due_words(day, today)
            layout.addWidget(Text(what, wrap=True))
            layout.addWidget(Text(words, "meta", meaning=meaning))
        if not dates:
            layout.addWidget(Text(_("Keine Frist eingetragen."), "muted", wrap=True))
        layout.addSpacing(Space.M)
        self.open_button = Button(_("Fall öffnen"), symbol=Icon.CASE, on_click=on_open)
        layout.addWidget(self.open_button)
        layout.addStretch(1)
        self.setLayout(layout)


def deadlines(file: CaseFile) -> list[tuple[date, str]]:
    """Return the dates a case waits for with what they are about, the earliest first."""
    if file.case.closed_on is not None:
        return []
    found = [(entry.due_on, entry.reason) for entry in file.follow_ups if entry.done_on is None]
    found += [
        (one.person.residence_expires_on, _("Aufenthaltstitel von {name}").format(name=isolate(one.person.name)))
        for one in file.members
        if one.person.residence_expires_on is not None
    ]
    found += [
        (one.answer_due_on, _("Antwort von {receiver}").format(receiver=isolate(one.receiver)))
        for one in file.referrals
        if one.result is ReferralResult.SENT and one.answer_due_on is not None
    ]
    found += [(one.due_on, one.text) for one in file.measures if one.due_on is not None and one.state in _RUNNING]
    if file.facts.reassessment_due_on is not None:
        found.append((file.facts.reassessment_due_on, _("Re-Assessment")))
    return sorted(found)
