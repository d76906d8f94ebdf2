"""The page of notifications: what waits at the left, one of them in the form at the right, its answer below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kimdesk.domain.network import Notification
from kimdesk.domain.vocabulary import AccessPath, Urgency, label
from kimdesk.domain.work_vocabulary import Complexity, DataCategory, NotificationState
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, isolate
from kimdesk.i18n.formats import short_date
from kimdesk.services.cases import CaseService
from kimdesk.ui.case_file.record_card import Line, RecordCard
from kimdesk.ui.case_file.tab import FormPane, Stacked, TwoPanes
from kimdesk.ui.case_file.words import due_words, language_entry, language_name, options
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.notifications.answer import AnswerCard
from kimdesk.ui.page import Page
from kimdesk.ui.widgets import (
    Button,
    CheckField,
    ChoiceChips,
    ChoiceField,
    DateField,
    EmptyState,
    Field,
    Form,
    FormGrid,
    PageHeader,
    SectionCard,
    TextArea,
    TextField,
    clear,
    column,
    row,
)

_FIELDS = (
    "received_on",
    "notifier",
    "access_path",
    "contact_person",
    "contact_details",
    "given_name",
    "family_name",
    "date_of_birth",
    "phone",
    "language",
    "commune",
    "concern",
    "complexity",
    "urgency",
    "existing_helpers",
    "person_knows",
    "released_on",
    "released_categories",
    "answer_due_on",
)
_STATE: dict[NotificationState, Meaning | None] = {
    NotificationState.RECEIVED: Meaning.ATTENTION,
    NotificationState.ACCEPTED: Meaning.GOOD,
    NotificationState.DECLINED: None,
}


class NotificationsPage(Page):
    """Takes notifications down, turns them into cases and keeps what the notifier was told.

    `activate` may take the id of the notification to show.
    """

    page_id = "notifications"
    manual_page = "fallmeldungen"

    def __init__(self, cases: CaseService, jobs: Jobs, messages: Messages, clock: Clock) -> None:
        super().__init__()
        self._cases, self._jobs, self._messages, self._clock = cases, jobs, messages, clock
        self.known: tuple[Notification, ...] = ()
        self.open_id: UUID | None = None
        self._wanted: UUID | None = None
        self.new_button = Button(_("Neue Fallmeldung"), symbol=Icon.ADD, on_click=self.begin)
        self.body.addWidget(PageHeader(_("Fallmeldungen"), actions=(self.new_button,)))
        self.rows = column()
        listing = SectionCard(_("Eingegangen"))
        listing.add(self.rows)
        self.form = Form(self)
        self.card = SectionCard(_("Neue Fallmeldung"))
        self._lay_out_form()
        self.answer = AnswerCard(self._answer, clock)
        self.accept_button = Button(_("In einen Fall übernehmen"), symbol=Icon.CASE, on_click=self.accept)
        self.decline_button = Button(_("Nicht übernehmen"), "quiet", on_click=self.decline)
        self.case_button = Button(_("Fall öffnen"), "quiet", symbol=Icon.FORWARD, on_click=self._open_case)
        self.save_button = Button(_("Fallmeldung speichern"), "primary", symbol=Icon.SAVE, on_click=self.save)
        foot = QWidget()
        foot.setLayout(
            row(self.case_button, self.decline_button, self.accept_button, None, self.save_button, space=Space.S)
        )
        self.pane = FormPane()
        self.pane.add("notification", Stacked(self.answer, self.card), foot)
        self.body.addWidget(TwoPanes(Stacked(listing), self.pane, shares=(4, 7)), 1)
        self.form.changed.connect(self.draft_changed)
        self._fill(None)

    def _lay_out_form(self) -> None:
        form, today = self.form, self._clock.today
        self.notifier = TextField()
        self.commune = ChoiceField([], empty=_("ohne Angabe"))
        grid = FormGrid(3)
        grid.add(
            form.add("notifier", Field(_("Meldende Stelle"), self.notifier, required=True)),
            form.add("contact_person", Field(_("Ansprechperson"), TextField())),
            form.add("contact_details", Field(_("Erreichbar unter"), TextField())),
            form.add("received_on", Field(_("Eingegangen am"), DateField(today=today), required=True)),
            form.add("answer_due_on", Field(_("Antwort bis"), DateField(today=today))),
            form.add("access_path", Field(_("Zugangsweg"), ChoiceField(options(AccessPath), empty=_("ohne Angabe")))),
            form.add("given_name", Field(_("Vorname"), TextField())),
            form.add("family_name", Field(_("Nachname"), TextField())),
            form.add("date_of_birth", Field(_("Geburtsdatum"), DateField(today=today))),
            form.add("phone", Field(_("Telefon"), TextField())),
            form.add("language", Field(_("Sprache"), TextField())),
            form.add("commune", Field(_("Kommune"), self.commune)),
        )
        grid.add(form.add("concern", Field(_("Worum geht es?"), TextArea(lines=3))), span=3)
        grid.add(
            form.add(
                "complexity", Field(_("Was macht den Fall komplex?"), ChoiceChips(options(Complexity), several=True))
            ),
            form.add("urgency", Field(_("Dringlichkeit"), ChoiceChips(options(Urgency), required=True))),
            form.add("existing_helpers", Field(_("Wer hilft schon?"), TextField())),
            form.add("person_knows", Field("", CheckField(_("Die Person weiß von der Meldung und ist einverstanden")))),
            span=3,
        )
        grid.add(
            form.add(
                "released_on",
                Field(
                    _("Entbindung gegenüber der meldenden Stelle am"),
                    DateField(today=today),
                    help=_("Leer: Sie dürfen nur den Eingang bestätigen."),
                ),
            ),
            span=3,
        )
        grid.add(
            form.add(
                "released_categories",
                Field(_("Was darf geantwortet werden?"), ChoiceChips(options(DataCategory), several=True)),
            ),
            span=3,
        )
        self.card.add(grid)

    # Reading

    def activate(self, argument: object = None) -> None:
        self._wanted = argument if isinstance(argument, UUID) else None
        self._jobs.read(lambda: (self._cases.notifications(), self._cases.communes()), self._show, owner=self)

    def refresh(self, areas: frozenset[str]) -> None:
        if areas & {"notifications", "cases"}:
            self.activate(self._wanted)

    def _show(self, read: tuple[tuple[Notification, ...], tuple[tuple[str, str], ...]]) -> None:
        self.known, communes = read
        self.commune.set_options(communes)
        if self._wanted is not None:
            self.open_id, self._wanted = self._wanted, None
            self._fill(self._find(self.open_id))
        elif not self.form.is_touched:
            self._fill(self._find(self.open_id))
        self._show_list()

    def _find(self, notification_id: UUID | None) -> Notification | None:
        return next((one for one in self.known if one.id == notification_id), None)

    def _fill(self, notification: Notification | None) -> None:
        self.open_id = notification.id if notification else None
        shown = notification or Notification(received_on=self._clock.today(), notifier="", given_name="")
        values: dict[str, object] = {name: getattr(shown, name) for name in _FIELDS}
        values["language"] = language_name(shown.language) if shown.language else ""
        values["commune"] = shown.commune or None
        values["complexity"], values["released_categories"] = list(shown.complexity), list(shown.released_categories)
        self.form.clear_errors()
        self.form.set_values(values)
        self._show_state(notification)

    def _show_state(self, notification: Notification | None) -> None:
        undecided = notification is not None and notification.state is NotificationState.RECEIVED
        name = isolate(notification.person_name) if notification else ""
        self.card.title.setText(_("Fallmeldung: {name}").format(name=name) if name else _("Neue Fallmeldung"))
        self.accept_button.setVisible(undecided)
        self.decline_button.setVisible(undecided)
        self.case_button.setVisible(notification is not None and notification.case_id is not None)
        self.answer.show_notification(notification)

    def _show_list(self) -> None:
        clear(self.rows)
        today = self._clock.today()
        for one in self.known:
            due, meaning = due_words(one.answer_due_on, today) if one.answered_on is None else ("", None)
            answered = _("beantwortet am {day}").format(day=short_date(one.answered_on)) if one.answered_on else ""
            lines: list[Line] = [
                (
                    _("{notifier}, eingegangen am {day}").format(
                        notifier=one.notifier, day=short_date(one.received_on)
                    ),
                    None,
                ),
                (_("Antwort bis {when}").format(when=due) if due else answered, meaning),
            ]
            self.rows.addWidget(
                RecordCard(
                    one.person_name,
                    lines,
                    badges=[(_(label(one.state)), _STATE[one.state])],
                    selected=one.id == self.open_id,
                    on_open=partial(self.edit, one.id),
                )
            )
        if not self.known:
            self.rows.addWidget(
                EmptyState(
                    Icon.MAIL,
                    _("Noch keine Fallmeldung"),
                    _(
                        "Meldet eine Stelle einen komplexen Fall, halten Sie ihn rechts fest. "
                        "Er wird mit einem Klick zum Fall."
                    ),
                    compact=True,
                )
            )

    # Working

    def begin(self) -> None:
        """Show an empty form."""
        self._fill(None)
        self._show_list()
        self.notifier.setFocus(Qt.FocusReason.OtherFocusReason)

    def edit(self, notification_id: UUID) -> None:
        """Bring a notification into the form."""
        self._fill(self._find(notification_id))
        self._show_list()
        self.notifier.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> Notification:
        values = self.form.values()
        values["language"] = language_entry(values["language"]) if values["language"] else ""
        values["commune"] = values["commune"] or ""
        values["complexity"] = tuple(Complexity(one) for one in values["complexity"] or ())
        values["released_categories"] = tuple(DataCategory(one) for one in values["released_categories"] or ())
        known = self._find(self.open_id)
        return replace(known, **values) if known else Notification(**values)

    def save(self) -> None:
        if self.form.check():
            self._store(self._typed(), None)

    def _store(self, notification: Notification, then: str | None) -> None:
        """Store what was typed; `then` accepts or declines it in the same go."""

        def work() -> object:
            stored = self._cases.save_notification(notification)
            if then == "accept":
                return self._cases.accept_notification(notification.id)
            return self._cases.decline_notification(notification.id) if then == "decline" else stored

        def done(result: object) -> None:
            self.form.set_saved()
            self.open_id = notification.id
            if then == "accept":
                self._messages.good(_("Der Fall ist angelegt. Bitte antworten Sie noch der meldenden Stelle."))
            else:
                self._messages.good(_("Die Fallmeldung ist gespeichert."))

        self.save_button.set_busy(True)
        self._jobs.write(
            work,
            done,
            self._refused,
            owner=self,
            always=lambda: self.save_button.set_busy(False),
            touches={"notifications", "cases", "follow_ups"},
        )

    def _refused(self, error: KnownError) -> None:
        if not self.form.show_error(error):
            self._messages.show_error(error)

    def accept(self) -> None:
        """Turn the notification into a case of level 2."""
        if self.form.check():
            self._store(self._typed(), "accept")

    def decline(self) -> None:
        """Note that it is not taken on."""
        if self.form.check():
            self._store(self._typed(), "decline")

    def _open_case(self) -> None:
        known = self._find(self.open_id)
        if known is not None and known.case_id is not None:
            self.navigate.emit("case", known.case_id)

    def _answer(self) -> None:
        known, answer = self._find(self.open_id), self.answer
        if known is None or not answer.form.check():
            return
        values = answer.form.values()
        categories = tuple(DataCategory(one) for one in values["categories"] or ())
        self._jobs.write(
            lambda: self._cases.answer_notification(known.id, values["answered_on"], values["answer"], categories),
            lambda _done: self._messages.good(_("Die Antwort ist festgehalten.")),
            self._answer_refused,
            owner=self,
            touches={"notifications", "cases", "follow_ups"},
        )

    def _answer_refused(self, error: KnownError) -> None:
        if not self.answer.form.show_error(error):
            self._messages.show_error(error)

    # Keeping what was typed

    def draft(self) -> Mapping[str, object] | None:
        if not self.form.is_touched:
            return None
        return {"open": str(self.open_id) if self.open_id else "", "form": self.form.draft()}

    def restore(self, draft: Mapping[str, object]) -> None:
        opened, typed = draft.get("open"), draft.get("form")
        self.open_id = UUID(opened) if isinstance(opened, str) and opened else None
        if isinstance(typed, dict):
            self.form.restore(typed)
