"""What the own office says about an offer: a note and when somebody checked it; never part of the shared record."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtWidgets import QWidget

from kimdesk.i18n import _
from kimdesk.i18n.formats import moment, short_date
from kimdesk.services.changes import Written
from kimdesk.services.offer_care import OfferCareService, OfficeMark
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import Button, Field, Text, TextArea, column, row


class OfficeCard(QWidget):
    """The note with its own save button, and "verified today"."""

    def __init__(self, care: OfferCareService, jobs: Jobs, messages: Messages) -> None:
        super().__init__()
        self._care, self._jobs, self._messages = care, jobs, messages
        self._offer: UUID | None = None
        self.note = TextArea(lines=3)
        self.state = Text("", "meta", wrap=True)
        self.save_button = Button(_("Notiz speichern"), symbol=Icon.SAVE, on_click=self.save)
        self.verify_button = Button(_("Heute geprüft"), symbol=Icon.CHECK, on_click=self.verify)
        field = Field(_("Notiz unseres Büros"), self.note, help=_("Bleibt hier, auch wenn das Verzeichnis neu kommt."))
        self.setLayout(column(field, row(self.save_button, None, self.verify_button), self.state, space=Space.S))

    def show_offer(self, offer_id: UUID) -> None:
        """Read what the office says about an offer."""
        self._offer = offer_id
        self._jobs.read(
            lambda: (offer_id, self._care.mark(offer_id)), lambda found: self._show(*found), owner=self, latest="mark"
        )

    def _show(self, offer_id: UUID, mark: OfficeMark) -> None:
        if offer_id != self._offer:
            return
        self.note.set_value(mark.note)
        said = []
        if mark.noted_at is not None:
            said.append(_("Notiz vom {moment}.").format(moment=moment(mark.noted_at)))
        if mark.verified_on is not None:
            said.append(_("Bei uns geprüft am {day}.").format(day=short_date(mark.verified_on)))
        self.state.setText(" ".join(said))
        self.state.setVisible(bool(said))

    def save(self) -> None:
        """Keep the note."""
        offer_id, text = self._offer, str(self.note.value() or "")
        if offer_id is not None:
            self._jobs.write(lambda: self._care.note(offer_id, text), self._saved, owner=self)

    def _saved(self, written: Written[OfficeMark]) -> None:
        if self._offer is not None:
            self._show(self._offer, written.value)
        self._messages.good(_("Die Notiz ist gespeichert."))

    def verify(self) -> None:
        """Say that somebody checked the offer today; the message can take it back."""
        offer_id = self._offer
        if offer_id is None:
            return

        def done(written: Written[tuple[tuple[UUID, date | None], ...]]) -> None:
            self._messages.good(
                _("Als heute geprüft vermerkt."),
                undo=lambda: self._jobs.write(
                    lambda: self._care.set_verified(written.value), lambda _done: self.show_offer(offer_id), owner=self
                ),
            )
            self.show_offer(offer_id)

        self._jobs.write(lambda: self._care.verified_today((offer_id,)), done, owner=self)
