"""Abschluss: closing a case with its reason, and taking it up again."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kimdesk.domain.deadlines import deletion_date
from kimdesk.domain.vocabulary import ClosureReason, Phase, label
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import short_date
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.tab import CaseTab, FormPane
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.widgets import (
    Banner,
    Button,
    ChoiceField,
    DateField,
    Field,
    FormGrid,
    SectionCard,
    Text,
    TextArea,
    row,
)

OPEN, CLOSED = "open", "closed"


class ClosureTab(CaseTab):
    """The form while the case is open, what was written once it is closed."""

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__(desk)
        self.closure = Entry(
            desk,
            "closure",
            self._make,
            said=_("Der Fall ist abgeschlossen."),
            save_word=_("Fall abschließen"),
            symbol=Icon.DONE,
        )
        self.entries = [self.closure]
        form = self.closure.form
        self.day = DateField(today=desk.today)
        self.reason = ChoiceField(options(ClosureReason))
        self.deletion = Text("", "muted", wrap=True)
        self.open_ends = Banner("", Meaning.ATTENTION, title=_("Noch offen"))
        grid = FormGrid(4)
        grid.add(form.add("closed_on", Field(_("Abgeschlossen am"), self.day, required=True)))
        grid.add(form.add("closure_reason", Field(_("Grund"), self.reason, required=True)), span=2)
        grid.add(self.deletion)
        grid.add(
            form.add("remaining_needs", Field(_("Verbleibende Bedarfe"), TextArea(lines=3))),
            form.add("client_feedback", Field(_("Rückmeldung der Klientin/des Klienten"), TextArea(lines=3))),
            span=2,
        )
        grid.add(form.add("closure_note", Field(_("Vermerk zum Abschluss"), TextArea(lines=2))), span=4)
        self.card = SectionCard(_("Fall abschließen"))
        self.card.add(self.open_ends)
        self.card.add(grid)
        self.told = {
            name: Text("", wrap=True, selectable=True)
            for name in ("reason", "deletion", "remaining_needs", "client_feedback", "closure_note")
        }
        self.closed_card = SectionCard(_("Abgeschlossen"))
        for text in self.told.values():
            self.closed_card.add(text)
        self.reopen_button = Button(_("Fall wieder aufnehmen"), symbol=Icon.UNDO, on_click=self.reopen)
        self.closed_card.add(row(self.reopen_button, None))
        self.pane = FormPane()
        self.pane.add(OPEN, self.card, self.closure.foot)
        self.pane.add(CLOSED, self.closed_card, QWidget())
        self.column.addWidget(self.pane)
        for editor in (self.day, self.reason):
            editor.changed.connect(self._show_deletion)
        self.closure.saved.connect(lambda _record: self._offer_way_back())

    def _show_deletion(self) -> None:
        day, reason = self.day.value(), self.reason.value()
        if day is None or reason is None:
            self.deletion.setText(_("Mit Datum und Grund steht fest, wann der Fall zu löschen ist."))
            return
        due = deletion_date(day, ClosureReason(reason), self.desk.around.retention)
        self.deletion.setText(_("Zu löschen ab {day}").format(day=short_date(due)))

    def show_file(self) -> None:
        case = self.desk.case
        closed = case.closed_on is not None
        self.pane.show_form(CLOSED if closed else OPEN)
        values: Values = {
            "closed_on": case.closed_on or self.desk.today(),
            "closure_reason": case.closure_reason,
            "remaining_needs": case.remaining_needs,
            "client_feedback": case.client_feedback,
            "closure_note": case.closure_note,
        }
        self.closure.open(case.id, values)
        self._show_deletion()
        self._show_open_ends()
        self.closure.set_enabled(self.desk.is_open)
        self.reopen_button.setVisible(case.leads)
        if case.closed_on is not None:
            reason = _(label(case.closure_reason)) if case.closure_reason else _("ohne Angabe eines Grundes")
            self.told["reason"].setText(
                _("Abgeschlossen am {day}: {reason}").format(day=short_date(case.closed_on), reason=reason)
            )
            self._tell("deletion", _("Zu löschen ab {text}"), short_date(case.delete_after))
            self._tell("remaining_needs", _("Verbleibende Bedarfe: {text}"), case.remaining_needs)
            self._tell("client_feedback", _("Rückmeldung: {text}"), case.client_feedback)
            self._tell("closure_note", _("Vermerk: {text}"), case.closure_note)

    def _tell(self, name: str, words: str, text: str) -> None:
        self.told[name].setText(words.format(text=text))
        self.told[name].setVisible(bool(text))

    def _show_open_ends(self) -> None:
        """Say what would be left lying; it does not stand in the way of closing."""
        file = self.desk.the_file
        measures, referrals = file.facts.open_measures, file.facts.unanswered_referrals
        follow_ups = sum(one.done_on is None for one in file.follow_ups)
        parts = [
            ngettext("{n} Maßnahme läuft noch", "{n} Maßnahmen laufen noch", measures).format(n=measures)
            if measures
            else "",
            ngettext("{n} Fallverweis ohne Antwort", "{n} Fallverweise ohne Antwort", referrals).format(n=referrals)
            if referrals
            else "",
            ngettext("{n} Wiedervorlage", "{n} Wiedervorlagen", follow_ups).format(n=follow_ups) if follow_ups else "",
        ]
        text = " · ".join(part for part in parts if part)
        self.open_ends.text.setText(text)
        self.open_ends.setVisible(bool(text))

    def open_phase(self, phase: Phase) -> None:
        if self.desk.is_open:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        case_id = self.desk.case.id
        closed_on, reason = values["closed_on"], values["closure_reason"]
        note, needs, feedback = values["closure_note"], values["remaining_needs"], values["client_feedback"]
        return lambda: self.desk.cases.close_case(case_id, closed_on, reason, note, needs, feedback)

    def _offer_way_back(self) -> None:
        """Closing is taken back from its card, which stands in place of the form."""
        self.reopen_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def reopen(self) -> None:
        """Take the case up again."""
        desk, case_id = self.desk, self.desk.case.id
        desk.jobs.write(
            lambda: desk.cases.reopen_case(case_id),
            lambda _done: desk.messages.good(_("Der Fall ist wieder aufgenommen.")),
            owner=self,
            touches={"cases"},
        )
