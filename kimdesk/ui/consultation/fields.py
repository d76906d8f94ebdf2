"""The form of a consultation: who on the left, what and what next on the right; one below the other at large text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from kimdesk.domain.vocabulary import AccessLevel, AccessPath, IntakeOutcome, Place, ResidenceStatus, Urgency
from kimdesk.i18n import _
from kimdesk.ui.case_file.words import options
from kimdesk.ui.consultation.entry import ONE_OFF
from kimdesk.ui.consultation.household import HouseholdField
from kimdesk.ui.consultation.names import NameField, country_list, language_list
from kimdesk.ui.design import Icon, Space, theme
from kimdesk.ui.widgets import (
    Button,
    CheckField,
    ChoiceChips,
    ChoiceField,
    DateField,
    Field,
    Form,
    FormGrid,
    SectionCard,
    Text,
    TextArea,
    TextField,
    column,
    row,
)

_SIDE_BY_SIDE_FROM = 860
_NARROWEST = 300
_QUARTER = 112
_TWELFTH = 34


class ConsultationForm(QWidget):
    """The widgets, with what depends on one another: level and outcome, consent and its date, outcome and follow-up."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._notified = False
        self.form = Form(self)
        self.given = TextField()
        self.concern = TextArea(_("Mit den Worten der Person, ohne Diagnosen."), lines=4)
        self.commune: ChoiceField = ChoiceField(empty=_("ohne Angabe"))
        self.day = DateField(today=today)
        self.level = ChoiceField(options(AccessLevel), empty=None)
        self.outcome = ChoiceChips(options(IntakeOutcome))
        self.household = HouseholdField(today=today, family_name=lambda: str(self.form.editor("family_name").value()))
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(Space.M)
        left = QWidget()
        left.setLayout(column(self._who(), self._consent(), None, space=Space.M))
        self._sides.addWidget(left, 5)
        self._sides.addWidget(self._what(), 6)
        self.level.changed.connect(self._level_changed)
        self.outcome.changed.connect(self._outcome_changed)
        self.household.rows_changed.connect(self._show_shared)
        self._level_changed()
        self._show_shared()

    # Parts

    def _who(self) -> SectionCard:
        form, today = self.form, self._today
        grid = FormGrid(12, narrowest=_TWELFTH)
        grid.add(
            form.add("given_name", Field(_("Vorname"), self.given)),
            form.add("family_name", Field(_("Nachname"), TextField())),
            form.add("date_of_birth", Field(_("Geburtsdatum"), DateField(today=today))),
            form.add("nationality", Field(_("Staatsangehörigkeit"), NameField(country_list()))),
            form.add("languages", Field(_("Sprachen"), NameField(language_list(), _("z. B. Arabisch"), several=True))),
            form.add("commune", Field(_("Kommune"), self.commune)),
            span=4,
        )
        status = ChoiceField(options(ResidenceStatus), empty=_("ohne Angabe"))
        grid.add(form.add("residence_status", Field(_("Aufenthaltsstatus"), status)), span=5)
        grid.add(form.add("residence_expires_on", Field(_("gültig bis"), DateField(today=today))), span=4)
        grid.add(form.add("phone", Field(_("Telefon"), TextField())), span=3)
        self.members = form.add("members", Field("", self.household))
        self.shared = CheckField(_("Sprachen und Staatsangehörigkeit gelten für alle"))
        self.add_person = Button(
            _("Weitere Person"), "link", symbol=Icon.ADD, on_click=self.household.add_row, shortcut="Alt+P"
        )
        card = SectionCard(_("Wer kommt?"), actions=(self.add_person,))
        card.add(grid)
        card.add(self.members)
        card.add(form.add("shared", Field("", self.shared)))
        return card

    def _consent(self) -> SectionCard:
        self.consent = CheckField(_("Die Person hat eingewilligt am"))
        self.consent_on = DateField(today=self._today)
        self.consent_on.setFixedWidth(theme().px(150))
        line = row(
            self.form.add("consent", Field("", self.consent)),
            self.form.add("consent_on", Field("", self.consent_on)),
            None,
        )
        self.form["consent_on"].editor.set_names(_("Datum der Einwilligung"), "")
        card = SectionCard()
        text = _("Die Teilnahme ist freiwillig, die Einwilligung jederzeit widerrufbar.")
        card.add(Text(text, "muted", wrap=True))
        card.add(line)
        card.body.setSpacing(Space.S)
        self.consent.finished.connect(self._consent_ticked)
        self.consent_on.changed.connect(self._consent_dated)
        return card

    def _what(self) -> SectionCard:
        form, today = self.form, self._today
        grid = FormGrid(4, narrowest=_QUARTER)
        grid.add(
            form.add("intake_on", Field(_("Datum"), self.day)),
            form.add("place", Field(_("Ort der Beratung"), ChoiceField(options(Place), empty=None))),
            form.add("language", Field(_("Gesprächssprache"), NameField(language_list()))),
            form.add("interpreter", Field(_("Sprachmittlung"), TextField(_("Name oder Dienst")))),
        )
        path = ChoiceField(options(AccessPath), empty=_("ohne Angabe"))
        grid.add(form.add("access_level", Field(_("Zugang"), self.level)), span=2)
        grid.add(form.add("access_path", Field(_("Zugangsweg"), path)))
        self.notifier = form.add("notifier", Field(_("Meldende Stelle"), TextField(_("nur bei Ebene 2"))))
        grid.add(self.notifier)
        helpers = TextArea(_("Stellen, Personen"), lines=4)
        grid.add(form.add("concern", Field(_("Anliegen"), self.concern)), span=3)
        grid.add(form.add("existing_helpers", Field(_("Wer hilft schon?"), helpers)))
        grid.add(form.add("outcome", Field(_("Ergebnis der Erstberatung"), self.outcome, help=" ")), span=4)
        grid.add(form.add("urgency", Field(_("Dringlichkeit"), ChoiceField(options(Urgency), empty=None))))
        self.follow_up_on = form.add("follow_up_on", Field(_("Wiedervorlage am"), DateField(today=today)))
        self.follow_up_reason = form.add(
            "follow_up_reason", Field(_("Was ist dann zu tun?"), TextField(_("z. B. Bescheid nachfragen")))
        )
        grid.add(self.follow_up_on)
        grid.add(self.follow_up_reason, span=2)
        card = SectionCard(_("Worum geht es, und wie geht es weiter?"))
        card.add(grid, 1)
        return card

    # What depends on one another

    def _level_changed(self) -> None:
        notified = self.level.value() == AccessLevel.NOTIFIED
        self.notifier.setEnabled(notified)
        if notified is not self._notified:
            self._notified = notified
            self.outcome.set_options(options([IntakeOutcome.CASE_MANAGEMENT] if notified else list(IntakeOutcome)))
            if notified:
                self.outcome.set_value(IntakeOutcome.CASE_MANAGEMENT)
        self._outcome_changed()

    def _outcome_changed(self) -> None:
        outcome = self.outcome.value()
        one_off = outcome in ONE_OFF
        self.follow_up_on.setEnabled(not one_off)
        self.follow_up_reason.setEnabled(not one_off)
        if self.level.value() == AccessLevel.NOTIFIED:
            note = _("Eine Fallmeldung durchläuft immer das ganze Fallmanagement.")
        elif one_off:
            note = _("Wird als Einmalberatung gespeichert und gleich abgeschlossen, ohne Wiedervorlage.")
        elif outcome == IntakeOutcome.CASE_MANAGEMENT:
            note = _("Nach dem Speichern öffnet sich die Fallakte mit dem Assessment als nächstem Schritt.")
        elif outcome == IntakeOutcome.REFERRAL:
            note = _("Nach dem Speichern öffnet sich die Fallakte; tragen Sie dort den Fallverweis ein.")
        else:
            note = _("Noch offen? Dann genügt eine Wiedervorlage.")
        self.form["outcome"].set_help(note)

    def _consent_ticked(self) -> None:
        if not self.consent.value():
            self.consent_on.set_value(None)
        elif self.consent_on.is_empty():
            self.consent_on.set_value(self.day.value() or self._today())

    def _consent_dated(self) -> None:
        if not self.consent_on.is_empty() and not self.consent.value():
            self.consent.set_value(True)

    def _show_shared(self) -> None:
        self.form["shared"].setVisible(bool(self.household.rows()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= theme().px(_SIDE_BY_SIDE_FROM)
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._sides.direction() != direction:
            self._sides.setDirection(direction)

    def minimumSizeHint(self) -> QSize:
        """Ask for no width, so that what there is decides how the parts stand."""
        return QSize(theme().px(_NARROWEST), super().minimumSizeHint().height())

    def focus_first(self) -> None:
        """Put the focus into the first field."""
        self.given.setFocus(Qt.FocusReason.OtherFocusReason)
