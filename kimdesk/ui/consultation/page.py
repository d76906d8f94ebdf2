"""A consultation with a person who comes in, at the office or outside: one form, one key to save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from kimdesk.domain.checks import checked_person
from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.vocabulary import AccessLevel, IntakeOutcome, Place, Urgency
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.services.cases import CaseService
from kimdesk.services.changes import Written
from kimdesk.ui.consultation.entry import ONE_OFF, consultation_entry
from kimdesk.ui.consultation.fields import ConsultationForm
from kimdesk.ui.design import Icon
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.widgets import Badge, Button, EmptyState, PageHeader, Scroll, announce

_PRESETS = "preset:consultation"
PARTS = ("given_name", "consent", "intake_on", "concern", "outcome")
"""The fields with which the parts of the form begin, in reading order; Alt+arrow leads from one to the next."""

_FIELD_OF = {"members": "given_name", "opened_on": "intake_on"}
"""Where the form shows an error that names a record's field it has no field for."""


class ConsultationPage(Page):
    """Records a first consultation. What is typed stays as a draft until it is saved or discarded."""

    page_id = "consultation"
    manual_page = "beratung"

    def __init__(self, cases: CaseService, jobs: Jobs, messages: Messages, clock: Clock) -> None:
        super().__init__()
        self._cases, self._jobs, self._messages, self._clock = cases, jobs, messages, clock
        self._saving = False
        self._preset_commune: str | None = None
        self._wanted_commune: str | None = None
        self._knows_communes = False
        self._done_case: UUID | None = None
        self.draft_mark = Badge(_("Entwurf"))
        self.discard_button = Button(_("Verwerfen"), "quiet", on_click=self.discard)
        self.save_button = Button(_("Speichern"), "primary", symbol=Icon.SAVE, on_click=self.save)
        self.save_button.setToolTip(_("Strg+S oder Strg+Eingabe"))
        self.header = PageHeader(
            _("Neue Beratung"),
            _("Nötig sind nur ein Name, das Anliegen und ein Ergebnis oder eine Wiedervorlage."),
            actions=(self.draft_mark, self.discard_button, self.save_button),
        )
        self.fields = ConsultationForm(clock.today)
        self.form = self.fields.form
        self.print_button = Button(
            _("Angebotsblatt drucken"), symbol=Icon.PRINT, on_click=lambda: self._go_with_case("print")
        )
        self.open_button = Button(_("Fall öffnen"), symbol=Icon.CASE, on_click=lambda: self._go_with_case("case"))
        self.done = EmptyState(
            Icon.DONE,
            _("Die Beratung ist gespeichert."),
            _("Sie ist als Einmalberatung abgeschlossen und in der Fallliste unter „Abgeschlossen“ zu finden."),
            action=_("Nächste Beratung"),
            on_action=self.begin_next,
            more=(self.print_button, self.open_button),
        )
        self.stack = QStackedWidget()
        self._scroll = Scroll(self.fields)
        self.stack.addWidget(self._scroll)
        self.stack.addWidget(self.done)
        self.body.addWidget(self.header)
        self.body.addWidget(self.stack, 1)
        self.form.changed.connect(self._typed)
        self._clear()

    @property
    def title(self) -> str:
        return _("Neue Beratung")

    # Coming and going

    def activate(self, argument: object = None) -> None:
        if self.stack.currentWidget() is self.done:
            self._show_form()
        if not self.form.is_touched:
            self._clear()
        self._jobs.read(self._read_presets, self._show_presets, owner=self, latest="presets")
        self.fields.focus_first()

    def _read_presets(self) -> tuple[tuple[tuple[str, str], ...], Mapping[str, Any]]:
        return self._cases.communes(), self._cases.load_draft(_PRESETS) or {}

    def _show_presets(self, read: tuple[tuple[tuple[str, str], ...], Mapping[str, Any]]) -> None:
        """Offer the district's communes; the one of the last consultation is chosen unless the user chose one."""
        communes, presets = read
        self.fields.commune.set_options(communes)
        self._knows_communes = True
        self._preset_commune = presets.get("commune")
        wanted = self._wanted_commune
        self._wanted_commune = None
        if wanted is None and not self.form.is_touched:
            wanted = self._preset_commune
        if wanted is not None:
            self._choose_commune(wanted)

    def _choose_commune(self, commune: str | None) -> None:
        """Choose a commune without counting it as typed."""
        self.fields.commune.blockSignals(True)
        self.fields.commune.set_value(commune)
        self.fields.commune.blockSignals(False)

    def draft(self) -> Mapping[str, object] | None:
        if not self.form.is_touched:
            return None
        typed: dict[str, object] = dict(self.form.draft())
        if not self._knows_communes:
            typed["commune"] = self._wanted_commune
        return typed

    def restore(self, draft: Mapping[str, object]) -> None:
        commune = draft.get("commune")
        self._wanted_commune = commune if isinstance(commune, str) else None
        typed: dict[str, Any] = dict(draft)
        self.form.restore(typed)
        if self._knows_communes:
            self._choose_commune(self._wanted_commune)
            self._wanted_commune = None

    def _typed(self) -> None:
        self._show_draft_mark()
        self.draft_changed.emit()

    def _show_draft_mark(self) -> None:
        self.draft_mark.setVisible(self.form.is_touched)
        self.discard_button.setVisible(self.form.is_touched)

    def discard(self) -> None:
        """Empty the form; the way back is in the message."""
        if not self.form.is_touched:
            return
        typed = dict(self.form.draft())
        self._clear()
        self.draft_changed.emit()
        self.fields.focus_first()
        self._messages.good(_("Der Entwurf ist verworfen."), undo=lambda: self._bring_back(typed))

    def _bring_back(self, typed: Mapping[str, object]) -> None:
        self._show_form()
        self.restore(typed)
        self.fields.focus_first()

    def _clear(self, place: Place = Place.OFFICE) -> None:
        self.form.clear_errors()
        empty = dict.fromkeys(self.form.values())
        self.form.set_values(
            {
                **empty,
                "intake_on": self._clock.today(),
                "place": place,
                "access_level": AccessLevel.SELF,
                "urgency": Urgency.NORMAL,
                "commune": self._preset_commune,
                "shared": True,
            }
        )
        self._show_draft_mark()

    # Keys

    def finish_step(self) -> None:
        self.save()

    def step_phase(self, direction: int) -> None:
        """Lead from part to part of the form."""
        names = list(self.form.values())
        here = self.focusWidget()
        reached = next((place for place, name in enumerate(names) if self._holds(name, here)), 0)
        starts = [names.index(name) for name in PARTS]
        part = max((number for number, start in enumerate(starts) if start <= reached), default=0)
        wanted = max(0, min(len(PARTS) - 1, part + direction))
        self.form[PARTS[wanted]].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _holds(self, name: str, widget: QWidget | None) -> bool:
        return widget is not None and self.form[name].isAncestorOf(widget)

    # Saving

    def save(self) -> None:
        """Record the consultation; on an error the first field to look at gets the sentence and the focus."""
        if self._saving or self.stack.currentWidget() is self.done:
            return
        self.form.clear_errors()
        if not self.form.check():
            return
        values = self.form.values()
        values["intake_on"] = values["intake_on"] or self._clock.today()
        entry = consultation_entry(values)
        if not self._household_is_right(entry):
            return
        self._set_saving(True)
        self._jobs.write(
            lambda: self._cases.record_consultation(entry),
            lambda written: self._saved(written, entry),
            self._refused,
            owner=self,
            always=lambda: self._set_saving(False),
        )

    def _household_is_right(self, entry: ConsultationEntry) -> bool:
        """Check the further persons here, because the error of a record does not say which row it means."""
        today = self._clock.today()
        for place, member in enumerate(entry.members[1:]):
            try:
                checked_person(member.person, today)
            except RuleBroken as error:
                editor = self.fields.household.editor_at(place, error.field_name)
                editor.setFocus(Qt.FocusReason.OtherFocusReason)  # first: leaving a row takes its error away
                self.fields.members.set_error(render_error(error))
                editor.mark_invalid(True)
                return False
        return True

    def _set_saving(self, saving: bool) -> None:
        self._saving = saving
        self.save_button.set_busy(saving)

    def _refused(self, error: KnownError) -> None:
        name = _FIELD_OF.get(getattr(error, "field_name", ""))
        if name is not None:
            self.form[name].set_error(render_error(error))
            self.form[name].setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.form.show_error(error):
            self._messages.show_error(error)

    def _saved(self, written: Written[UUID], entry: ConsultationEntry) -> None:
        case = entry.case
        if case.commune and case.commune != self._preset_commune:
            self._preset_commune = case.commune
            self._jobs.write(lambda: self._cases.save_draft(_PRESETS, {"commune": case.commune}), owner=self)
        self._clear(case.place or Place.OFFICE)
        self.draft_changed.emit()
        if case.outcome in ONE_OFF:
            self._show_done(written.value)
            return
        if case.outcome is IntakeOutcome.REFERRAL:
            self._messages.info(_("Die Beratung ist gespeichert. Bitte tragen Sie nun den Fallverweis ein."))
        else:
            self._messages.good(_("Die Beratung ist gespeichert."))
        self.navigate.emit("case", written.value)

    # After a one-off consultation

    def _show_done(self, case_id: UUID) -> None:
        self._done_case = case_id
        self.save_button.hide()
        self.header.subtitle.hide()
        self.stack.setCurrentWidget(self.done)
        announce(self.done, self.done.title.text())
        if self.done.button is not None:
            self.done.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_form(self) -> None:
        self.save_button.show()
        self.header.subtitle.show()
        self.stack.setCurrentWidget(self._scroll)

    def begin_next(self) -> None:
        """Show the empty form for the next person."""
        self._show_form()
        self.fields.focus_first()

    def _go_with_case(self, page_id: str) -> None:
        if page_id == "print":
            from kimdesk.ui.printing import PrintRequest  # late: its room brings the viewer of PDFs

            self.navigate.emit(page_id, PrintRequest(case_id=self._done_case))
        else:
            self.navigate.emit(page_id, self._done_case)
