"""Leistungen & Verweise: how measures stand, what was referred and whether it was answered."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kimdesk.domain.records import Measure, Referral
from kimdesk.domain.vocabulary import MeasureState, Phase, ReferralResult, label
from kimdesk.domain.work_vocabulary import ReferralKind
from kimdesk.i18n import _, isolate
from kimdesk.i18n.formats import short_date
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.listed import print_button
from kimdesk.ui.case_file.measure_state_form import MeasureStateForm
from kimdesk.ui.case_file.plan_tab import STATE_MEANING
from kimdesk.ui.case_file.record_card import Line, RecordCard
from kimdesk.ui.case_file.referral_form import ReferralForm
from kimdesk.ui.case_file.tab import CaseTab, FormPane, Stacked, TwoPanes
from kimdesk.ui.case_file.words import due_words
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.widgets import Button, EmptyState, SectionCard, clear, column

REFERRAL, MEASURE = "referral", "measure_state"
_RESULT_MEANING: dict[ReferralResult, Meaning | None] = {
    ReferralResult.SENT: Meaning.INFO,
    ReferralResult.ACCEPTED: Meaning.GOOD,
    ReferralResult.COMPLETED: Meaning.GOOD,
    ReferralResult.NO_SHOW: Meaning.ATTENTION,
    ReferralResult.DECLINED: Meaning.ATTENTION,
}


class ServicesTab(CaseTab):
    """Measures and referrals at the left, one of them in the form at the right. `plan_wanted`: a measure is to be
    planned, which is done in the plan."""

    plan_wanted = Signal()

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__(desk)
        self.plan_button = Button(_("Maßnahme planen"), "quiet", symbol=Icon.ADD, on_click=self.plan_wanted.emit)
        self.refer_button = Button(_("Neuer Fallverweis"), symbol=Icon.ADD, on_click=self.new_referral)
        self.measures, self.referrals = column(), column()
        measure_list = SectionCard(_("Maßnahmen"), actions=(self.plan_button,))
        measure_list.add(self.measures)
        referral_list = SectionCard(_("Fallverweise"), actions=(self.refer_button,))
        referral_list.add(self.referrals)
        self.referral, self.state = ReferralForm(desk), MeasureStateForm(desk)
        self.entries = [self.referral.entry, self.state.entry]
        self._shown = REFERRAL
        self.pane = FormPane()
        self.pane.add(REFERRAL, self.referral.card, self.referral.entry.foot)
        self.pane.add(MEASURE, self.state.card, self.state.entry.foot)
        self.panes = TwoPanes(Stacked(measure_list, referral_list), self.pane, shares=(6, 5))
        self.column.addWidget(self.panes)
        self._show_form(REFERRAL)
        desk.drafts.changed.connect(self._show_lists)
        self.referral.entry.saved.connect(lambda _record: self.referral.open(None))

    def _show_form(self, which: str) -> None:
        self._shown = which
        self.pane.show_form(which)

    def show_file(self) -> None:
        self.referral.open(self.referral.entry.record_id)
        if self.state.find(self.state.entry.record_id) is not None and self.state.entry.record_id:
            self.state.open(self.state.entry.record_id)
        elif self._shown == MEASURE:
            self._show_form(REFERRAL)
        for entry in self.entries:
            entry.set_enabled(self.desk.is_open)
        for button in (self.plan_button, self.refer_button):
            button.setEnabled(self.desk.is_open)
        self._show_lists()

    def open_phase(self, phase: Phase) -> None:
        file = self.desk.the_file
        if phase is Phase.MONITORING and not self.referral.entry.is_draft:
            waiting = [one for one in file.referrals if one.result is ReferralResult.SENT]
            running = [one for one in file.measures if not _is_over(one)]
            if waiting:
                self.edit_referral(waiting[0].id)
            elif running:
                self.edit_measure(running[0].id)

    def _show_lists(self) -> None:
        file = self.desk.file
        if file is None:
            return
        clear(self.measures)
        clear(self.referrals)
        for measure in sorted(file.measures, key=lambda one: (_is_over(one), one.due_on or date.max)):
            self.measures.addWidget(self._measure_card(measure))
        if not file.measures:
            self.measures.addWidget(
                EmptyState(
                    Icon.TASKS,
                    _("Noch keine Maßnahmen"),
                    _("Maßnahmen sind die Schritte zu einem Ziel. Sie planen sie im Reiter „Plan“."),
                    compact=True,
                )
            )
        for referral in sorted(file.referrals, key=lambda one: one.sent_on, reverse=True):
            self.referrals.addWidget(self._referral_card(referral))
        if not file.referrals:
            self.referrals.addWidget(
                EmptyState(
                    Icon.REFERRAL,
                    _("Noch kein Fallverweis"),
                    _("Wählen Sie rechts ein Angebot aus dem Verzeichnis oder schreiben Sie die Stelle frei."),
                    compact=True,
                )
            )

    def _measure_card(self, measure: Measure) -> RecordCard:
        due, meaning = ("", None) if _is_over(measure) else due_words(measure.due_on, self.desk.today())
        when = _("bis {when}").format(when=due) if due else ""
        line = " · ".join(part for part in (_(label(measure.actor)), measure.provider, when) if part)
        return RecordCard(
            measure.text,
            [
                (line, meaning),
                (_("Ergebnis: {text}").format(text=measure.result) if measure.result else "", None),
                (_("Woran es lag: {text}").format(text=measure.obstacle) if measure.obstacle else "", None),
            ],
            badges=[(_(label(measure.state)), STATE_MEANING[measure.state])],
            is_draft=self.desk.drafts.get(MEASURE, measure.id) is not None,
            selected=self._shown == MEASURE and measure.id == self.state.entry.record_id,
            on_open=partial(self.edit_measure, measure.id),
        )

    def _referral_card(self, referral: Referral) -> RecordCard:
        today = self.desk.today()
        waiting = referral.result is ReferralResult.SENT
        due, meaning = due_words(referral.answer_due_on, today)
        lines: list[Line] = [
            (_("Verwiesen am {day}").format(day=short_date(referral.sent_on)), None),
            (_("Nachfragen: {when}").format(when=due) if waiting and due else "", meaning),
            (
                _("Termin am {day}").format(day=short_date(referral.appointment_on)) if referral.appointment_on else "",
                None,
            ),
            (referral.reason, None),
            (_("Antwort: {text}").format(text=referral.answer) if referral.answer else "", None),
            (
                _("Mitgegeben: {fields}").format(fields=", ".join(_(label(one)) for one in referral.shared))
                if referral.shared
                else "",
                None,
            ),
            (
                _("Nachgefragt am {day}").format(day=short_date(referral.reminded_on))
                if waiting and referral.reminded_on
                else "",
                None,
            ),
            (_("Den Fall führt: {receiver}").format(receiver=isolate(referral.receiver)), None)
            if not referral.we_stay_lead
            else (_("Wir führen den Fall weiter"), None),
        ]
        overdue = waiting and referral.answer_due_on is not None and referral.answer_due_on <= today
        remind = Button(_("Heute nachgefragt"), symbol=Icon.BELL, on_click=partial(self.remind, referral.id))
        paper = print_button(self.desk, _("Fallverweis drucken"), "referral", referral.id)
        badges: list[Line] = [(_(label(referral.result)), _RESULT_MEANING[referral.result])]
        if referral.kind is ReferralKind.HANDOVER:
            badges.append((_("Übergabe"), Meaning.INFO))
        return RecordCard(
            referral.receiver,
            lines,
            badges=badges,
            actions=(remind, paper) if overdue and self.desk.is_open else (paper,),
            is_draft=self.desk.drafts.get(REFERRAL, referral.id) is not None,
            selected=self._shown == REFERRAL and referral.id == self.referral.entry.record_id,
            on_open=partial(self.edit_referral, referral.id),
        )

    def remind(self, referral_id: UUID) -> None:
        """Note that the receiver was asked today; the answer is awaited for two more weeks."""
        self.desk.jobs.write(
            lambda: self.desk.cases.remind_of_referral(referral_id),
            lambda _done: self.desk.messages.good(_("Die Nachfrage ist festgehalten. Die Antwort wartet zwei Wochen.")),
            owner=self,
            touches={"cases", "follow_ups"},
        )

    def new_referral(self) -> None:
        """Show an empty referral."""
        self.referral.open(None)
        self._bring(REFERRAL, self.referral.receiver)

    def begin_with_offer(self, offer_id: UUID, title: str, provider: str) -> None:
        """Show an empty referral to an offer, unless one is being written."""
        if not self.referral.entry.is_draft:
            self.new_referral()
            self.referral.offer.take(offer_id, title, provider)

    def edit_referral(self, referral_id: UUID) -> None:
        """Bring a referral into the form."""
        self.referral.open(referral_id)
        self._bring(REFERRAL, self.referral.result)

    def edit_measure(self, measure_id: UUID) -> None:
        """Bring the state of a measure into the form."""
        self.state.open(measure_id)
        self._bring(MEASURE, self.state.state)

    def _bring(self, which: str, focus: QWidget) -> None:
        self._show_form(which)
        self._show_lists()
        focus.setFocus(Qt.FocusReason.OtherFocusReason)


def _is_over(measure: Measure) -> bool:
    return measure.state in (MeasureState.DONE, MeasureState.FAILED)
