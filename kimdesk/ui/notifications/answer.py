"""The answer to the notifier: what may be said, and what was said."""

from __future__ import annotations

from collections.abc import Callable

from kimdesk.domain.network import Notification
from kimdesk.domain.vocabulary import label
from kimdesk.domain.work_vocabulary import NotificationState
from kimdesk.foundation.clock import Clock
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.ui.design import Icon
from kimdesk.ui.widgets import Button, ChoiceChips, DateField, Field, Form, FormGrid, SectionCard, Text, TextArea, row


class AnswerCard(SectionCard):
    """Shows for a notification that is decided; without a release only its arrival can be confirmed."""

    def __init__(self, on_save: Callable[[], object], clock: Clock) -> None:
        super().__init__(_("Antwort an die meldende Stelle"))
        self._clock = clock
        self.said = Text("", wrap=True)
        self.allowed = Text("", "help", wrap=True)
        self.form = Form(self)
        self.categories = ChoiceChips([], several=True)
        self._grid = FormGrid(2)
        self._grid.add(
            self.form.add("answered_on", Field(_("Geantwortet am"), DateField(today=clock.today), required=True))
        )
        self._grid.add(
            self.form.add("categories", Field(_("Welche Angaben wurden genannt?"), self.categories)),
            self.form.add("answer", Field(_("Was wurde geantwortet?"), TextArea(lines=2))),
            span=2,
        )
        self.save_button = Button(_("Antwort festhalten"), symbol=Icon.SEND, on_click=on_save)
        self.add(self.said)
        self.add(self.allowed)
        self.add(self._grid)
        self.add(row(None, self.save_button))

    def show_notification(self, notification: Notification | None) -> None:
        """Show the answer given, or what may be answered."""
        decided = notification is not None and notification.state is not NotificationState.RECEIVED
        self.setVisible(decided)
        if notification is None or not decided:
            return
        answered = notification.answered_on
        self.said.setText(
            _("Geantwortet am {day}: {text}").format(
                day=short_date(answered), text=notification.answer or _("Eingang bestätigt")
            )
            if answered
            else ""
        )
        self.said.setVisible(answered is not None)
        released = notification.released_on is not None
        words = "; ".join(_(label(one)) for one in notification.released_categories)
        if released:
            self.allowed.setText(
                _("Erlaubt sind: {categories}.").format(categories=words or _("der Stand der Beratung"))
            )
        else:
            self.allowed.setText(
                _("Ohne Schweigepflichtentbindung bestätigen Sie nur den Eingang. Lassen Sie die Antwort dann leer.")
            )
        self.categories.set_options([(one, _(label(one))) for one in notification.released_categories])
        self.form["categories"].setVisible(bool(notification.released_categories))
        self.form["answer"].setVisible(released)
        self.form.set_values(
            {"answered_on": answered or self._clock.today(), "categories": [], "answer": notification.answer}
        )
