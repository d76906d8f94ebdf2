"""Wiedervorlagen of the case: what has to be looked at again, and when."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt

from kimdesk.domain.deadlines import add_months
from kimdesk.domain.records import FollowUp
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.record_card import RecordCard
from kimdesk.ui.case_file.tab import CaseTab, FormPane, Stacked, TwoPanes
from kimdesk.ui.case_file.words import due_words
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.widgets import (
    Button,
    ChoiceChips,
    DateField,
    EmptyState,
    Field,
    FormGrid,
    SectionCard,
    Text,
    TextArea,
    clear,
    column,
)

_WEEK, _TWO_WEEKS, _MONTH, _QUARTER = "week", "two_weeks", "month", "quarter"


class FollowUpsTab(CaseTab):
    """Open ones first, done ones below; the form at the right."""

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__(desk)
        self.open_ones, self.done_ones = column(), column()
        self.done_word = Text(_("Erledigt"), "overline")
        listing = SectionCard(_("Wiedervorlagen"))
        listing.add(self.open_ones)
        listing.add(self.done_word)
        listing.add(self.done_ones)
        self.follow_up = Entry(
            desk,
            "follow_up",
            self._make,
            said=_("Die Wiedervorlage ist gespeichert."),
            save_word=_("Wiedervorlage speichern"),
        )
        self.entries = [self.follow_up]
        form = self.follow_up.form
        self.day = DateField(today=desk.today)
        self.reason = TextArea(_("Was ist dann zu tun?"), lines=3)
        self.steps = ChoiceChips(
            [
                (_WEEK, _("1 Woche")),
                (_TWO_WEEKS, _("2 Wochen")),
                (_MONTH, _("1 Monat")),
                (_QUARTER, _("3 Monate")),
            ]
        )
        self.steps.set_names(_("Abstand"), "")
        self.steps.chosen.connect(self._step)
        grid = FormGrid(1)
        grid.add(
            form.add("due_on", Field(_("Fällig am"), self.day, required=True)),
            self.steps,
            form.add("reason", Field(_("Anlass"), self.reason, required=True)),
        )
        self.card = SectionCard(_("Neue Wiedervorlage"))
        self.card.add(grid)
        self.pane = FormPane()
        self.pane.add("follow_up", self.card, self.follow_up.foot)
        self.panes = TwoPanes(Stacked(listing), self.pane, shares=(6, 5))
        self.column.addWidget(self.panes)
        self.follow_up.opened.connect(self._show_heading)
        self.follow_up.saved.connect(lambda _record: self._open(None))
        desk.drafts.changed.connect(self._show_list)

    def _show_heading(self) -> None:
        self.card.title.setText(_("Wiedervorlage ändern") if self.follow_up.record_id else _("Neue Wiedervorlage"))

    def _step(self, chosen: object) -> None:
        today = self.desk.today()
        day = {
            _WEEK: today + timedelta(days=7),
            _TWO_WEEKS: today + timedelta(days=14),
            _MONTH: add_months(today, 1),
            _QUARTER: add_months(today, 3),
        }.get(str(chosen))
        if day is not None:
            self.day.set_value(day)
        self.steps.set_value(None)

    def _find(self, record_id: UUID | None) -> FollowUp | None:
        return next((one for one in self.desk.the_file.follow_ups if one.id == record_id), None)

    def _open(self, record_id: UUID | None) -> None:
        known = self._find(record_id)
        values: Values = {"due_on": known.due_on if known else None, "reason": known.reason if known else ""}
        self.follow_up.open(known.id if known else None, values)

    def edit(self, record_id: UUID) -> None:
        """Bring a follow-up into the form."""
        self._open(record_id)
        self._show_list()
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_file(self) -> None:
        self._open(self.follow_up.record_id)
        self.follow_up.set_enabled(self.desk.is_open)
        self._show_list()

    def _show_list(self) -> None:
        file = self.desk.file
        if file is None:
            return
        clear(self.open_ones)
        clear(self.done_ones)
        pending = sorted((one for one in file.follow_ups if one.done_on is None), key=lambda one: one.due_on)
        done = sorted(
            (one for one in file.follow_ups if one.done_on is not None), key=lambda one: one.due_on, reverse=True
        )
        for one in pending:
            when, meaning = due_words(one.due_on, self.desk.today())
            tick = Button(_("Erledigt"), symbol=Icon.CHECK, on_click=partial(self.complete, one.id))
            self.open_ones.addWidget(
                RecordCard(
                    one.reason,
                    [(when, meaning)],
                    is_draft=self.desk.drafts.get("follow_up", one.id) is not None,
                    selected=one.id == self.follow_up.record_id,
                    on_open=partial(self.edit, one.id),
                    actions=(tick,),
                )
            )
        if not pending:
            self.open_ones.addWidget(
                EmptyState(
                    Icon.BELL,
                    _("Nichts steht an"),
                    _("Legen Sie rechts fest, wann Sie den Fall wieder ansehen. Es erscheint dann unter „Heute“."),
                    compact=True,
                )
            )
        self.done_word.setVisible(bool(done))
        for one in done:
            self.done_ones.addWidget(
                RecordCard(
                    one.reason,
                    [(_("erledigt am {day}").format(day=short_date(one.done_on)), None)],
                    badges=[(_("erledigt"), Meaning.GOOD)],
                )
            )

    def complete(self, record_id: UUID) -> None:
        """Tick a follow-up off, with the way back."""
        desk = self.desk

        def undo() -> None:
            desk.jobs.write(lambda: desk.cases.reopen_follow_up(record_id), touches={"cases", "follow_ups"})

        desk.jobs.write(
            lambda: desk.cases.complete_follow_up(record_id),
            lambda _done: desk.messages.good(_("Die Wiedervorlage ist erledigt."), undo=undo),
            owner=self,
            touches={"cases", "follow_ups"},
        )

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        known = self._find(record_id)
        due_on, reason = values["due_on"], values["reason"]
        case_id = self.desk.case.id
        if known:
            one = FollowUp(id=known.id, case_id=case_id, due_on=due_on, reason=reason, done_on=known.done_on)
        else:
            one = FollowUp(case_id=case_id, due_on=due_on, reason=reason)
        return lambda: self.desk.cases.save_follow_up(one)
